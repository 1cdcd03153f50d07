"""The way about: what the navigation offers, to whom, and under which heading."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mediation.accounts.models import ADMIN_ROLES, Role

Roles = frozenset[str]

FIELD_STAFF: Roles = frozenset({Role.GRID_WORKER})
CENTRE: Roles = frozenset({Role.CENTRE_STAFF, Role.JUSTICE_STAFF})
CASE_STAFF = CENTRE | {Role.MEDIATOR, Role.RECONSIDERATION_CLERK}
# Whoever comes to the mediator's door is registered there (People's Mediation Law art. 17).
REGISTRARS: frozenset[Role] = frozenset(
    {Role.GRID_WORKER, Role.CENTRE_STAFF, Role.JUSTICE_STAFF, Role.MEDIATOR}
)
LEADERS: Roles = frozenset({Role.LEADER})
JUSTICE: Roles = frozenset({Role.JUSTICE_STAFF})
AUDITORS: Roles = frozenset({Role.AUDITOR})
ADMINS: Roles = frozenset(ADMIN_ROLES)
EVERYONE: Roles = frozenset(Role)
EVERYBODY_WITH_CASES = FIELD_STAFF | CASE_STAFF | {Role.LEADER}
SUPERVISED = FIELD_STAFF | CENTRE | {Role.MEDIATOR, Role.LEADER}
TRACK_STAFF = CENTRE | {Role.RECONSIDERATION_CLERK, Role.LEADER}
ROSTER_READERS = CENTRE | {Role.MEDIATOR, Role.LEADER, Role.SYSTEM_ADMIN}
SCREEN_KEEPERS: Roles = frozenset({Role.LEADER, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN})


@dataclass(frozen=True, slots=True)
class Link:
    """One entry of the navigation."""

    url: str
    label: str | Promise
    icon: str
    active: bool


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """A page that the navigation may offer, and to whom. Equal to itself alone: a label has no one value."""

    url_name: str
    label: str | Promise
    icon: str
    roles: Roles


Offered = Mapping[str, Place]


@dataclass(frozen=True, slots=True)
class Section:
    """Entries of the navigation that belong together."""

    label: str | Promise
    links: list[Link]


# The start page is not among them: it leads on to the first desk of the role; the name on top leads to it.
NAVIGATION: tuple[tuple[str | Promise, tuple[Place, ...]], ...] = (
    (
        pgettext_lazy("part of the navigation", "Today"),
        (
            Place("leader", _("Situation"), "gauge", CENTRE | {Role.LEADER}),
            Place("brief", _("Morning brief"), "sun", CENTRE | {Role.LEADER}),
            Place("work", _("My work"), "task", FIELD_STAFF | CASE_STAFF),
            Place("inbox", _("Messages"), "bell", EVERYONE),
        ),
    ),
    (
        pgettext_lazy("part of the navigation", "Cases"),
        (
            Place("register", _("Register"), "plus-circle", REGISTRARS),
            Place("disputes", _("Disputes"), "folder", EVERYBODY_WITH_CASES),
            Place("search", _("Search"), "search", EVERYBODY_WITH_CASES),
            Place("board", _("Board"), "columns", CASE_STAFF | {Role.LEADER}),
            Place("deadlines", _("Deadlines"), "calendar", EVERYBODY_WITH_CASES),
            Place("supervision", _("Supervision"), "star", SUPERVISED),
            Place("tracks", _("Reconsideration"), "scales", TRACK_STAFF),
            Place("referrals", _("Referrals"), "branch", CENTRE | {Role.LEADER}),
        ),
    ),
    (
        pgettext_lazy("part of the navigation", "Warning"),
        (
            Place("alerts", _("Alerts"), "siren", CENTRE | {Role.GRID_WORKER, Role.LEADER}),
            Place("clusters", _("Clusters"), "chart", CENTRE | {Role.LEADER}),
        ),
    ),
    (
        pgettext_lazy("part of the navigation", "Figures"),
        (
            Place(
                "filings", pgettext_lazy("filing", "Reports"), "document", CENTRE | {Role.LEADER}
            ),
            Place("waits", _("Waits and flow"), "branch", CENTRE | {Role.LEADER}),
        ),
    ),
    (
        pgettext_lazy("part of the navigation", "Office"),
        (
            Place("audit", _("Audit"), "eye", AUDITORS),
            Place("search_records", _("Look-ups by number"), "search", AUDITORS),
            Place("roster", _("Mediators"), "users", ROSTER_READERS),
            Place("office_forms", _("Office forms"), "document", JUSTICE),
            Place("urgent", _("Urgent access"), "lock", CENTRE | {Role.LEADER, Role.MEDIATOR}),
            Place("areas", _("Areas and grids"), "map", ADMINS | CENTRE | {Role.LEADER}),
            Place("people", _("People and duties"), "users", ADMINS),
            Place("screens", _("Wall screens"), "columns", SCREEN_KEEPERS),
            Place(
                "workdays", _("Working-day calendar"), "calendar", frozenset({Role.SYSTEM_ADMIN})
            ),
            Place("operation", _("System"), "gear", frozenset({Role.SYSTEM_ADMIN})),
            Place("profile", _("My account"), "person", EVERYONE),
        ),
    ),
)
# Four fit under a thumb; the first two depend on the work.
TABS = (
    Place("leader", _("Situation"), "gauge", LEADERS),
    Place("work", _("Work"), "task", FIELD_STAFF | CASE_STAFF),
    Place("register", _("Register"), "plus-circle", REGISTRARS),
    Place("alerts", _("Alerts"), "siren", LEADERS),
    Place("home", _("Home"), "home", ADMINS),
    Place("inbox", _("Messages"), "bell", EVERYONE),
    Place("profile", _("Me"), "person", EVERYONE),
)


def links(places: tuple[Place, ...], roles: Iterable[str], *, path: str) -> list[Link]:
    """What of ``places`` the ``roles`` may open; the entry under which ``path`` lies is active."""
    offered = _offered(places, frozenset(roles))
    return _links(offered, nearest(offered, path))


def sections(roles: Iterable[str], *, path: str) -> list[Section]:
    """The whole navigation of these roles, by what it is for."""
    known = frozenset(roles)
    parts = [(label, _offered(places, known)) for label, places in NAVIGATION]
    here = nearest(chain.from_iterable(offered for _label, offered in parts), path)
    return [Section(label, _links(offered, here)) for label, offered in parts if offered]


def _links(offered: Offered, here: str) -> list[Link]:
    return [
        Link(url, place.label, place.icon, active=url == here) for url, place in offered.items()
    ]


@lru_cache(maxsize=256)
def _offered(places: tuple[Place, ...], roles: Roles) -> Offered:
    """Places by address: the same for everybody with these roles."""
    return {
        reverse(place.url_name): place
        for place in places
        if place.roles == EVERYONE or place.roles & roles
    }


def nearest(urls: Iterable[str], path: str) -> str:
    """The longest address that begins ``path``; the home page begins only itself."""
    within = [url for url in urls if path == url or (url != "/" and path.startswith(url))]
    return max(within, key=len, default="")


# The first line that fits decides: whoever leads wants the situation, whoever sits in the centre
# the board, the clerk the reconsideration cases, whoever is out in the field or at the table his own work.
DESKS = (
    ("leader", {Role.LEADER}),
    ("board", {Role.CENTRE_STAFF, Role.JUSTICE_STAFF}),
    ("tracks", {Role.RECONSIDERATION_CLERK}),
    ("work", {Role.GRID_WORKER, Role.MEDIATOR}),
    ("areas", {Role.SYSTEM_ADMIN}),
    ("people", {Role.SECURITY_ADMIN}),
    ("audit", {Role.AUDITOR}),
)


def desk_of(roles: Collection[str]) -> str:
    """The name of the page where these roles begin; empty for nobody's."""
    return next((desk for desk, own in DESKS if own & set(roles)), "")
