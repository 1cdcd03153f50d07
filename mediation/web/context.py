"""What the frame around every page shows: the way about, the bell, how the page looks."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from mediation.accounts.models import ADMIN_ROLES, Display, Role
from mediation.disputes.enums import SEVERITY
from mediation.notifications.models import Notice
from mediation.web.second_factor import needs_second_factor

MODE_COOKIE = "fq_mode"
BELL_LIMIT = 99

FIELD_STAFF = {Role.GRID_WORKER}
CASE_STAFF = {Role.MEDIATOR, Role.CENTRE_STAFF, Role.JUSTICE_STAFF, Role.RECONSIDERATION_CLERK}
CENTRE = {Role.CENTRE_STAFF, Role.JUSTICE_STAFF}
EVERYONE = set(Role)


class Link(NamedTuple):
    """One entry of the navigation."""

    url: str
    label: str | Promise
    icon: str
    active: bool


@dataclass(frozen=True, slots=True)
class Place:
    """A page that the navigation may offer, and to whom."""

    url_name: str
    label: str | Promise
    icon: str
    roles: set[Role]


NAVIGATION = (
    Place("home", _("Home"), "home", EVERYONE),
    Place("leader", _("Situation"), "gauge", CENTRE | {Role.LEADER}),
    Place("waits", _("Waits and flow"), "branch", CENTRE | {Role.LEADER}),
    Place("brief", _("Morning brief"), "sun", CENTRE | {Role.LEADER}),
    Place("work", _("My work"), "task", FIELD_STAFF | CASE_STAFF),
    Place("register", _("Register"), "plus-circle", FIELD_STAFF | CENTRE),
    Place("disputes", _("Disputes"), "folder", FIELD_STAFF | CASE_STAFF | {Role.LEADER}),
    Place("search", _("Search"), "search", FIELD_STAFF | CASE_STAFF | {Role.LEADER}),
    Place("board", _("Board"), "columns", CASE_STAFF | {Role.LEADER}),
    Place("alerts", _("Alerts"), "siren", CENTRE | {Role.GRID_WORKER, Role.LEADER}),
    Place("clusters", _("Clusters"), "chart", CENTRE | {Role.LEADER}),
    Place(
        "tracks",
        _("Reconsideration"),
        "scales",
        CENTRE | {Role.RECONSIDERATION_CLERK, Role.LEADER},
    ),
    Place("referrals", _("Referrals"), "branch", CENTRE | {Role.LEADER}),
    Place("filings", pgettext_lazy("filing", "Reports"), "document", CENTRE | {Role.LEADER}),
    Place("deadlines", _("Deadlines"), "calendar", EVERYONE),
    Place(
        "supervision",
        _("Supervision"),
        "star",
        FIELD_STAFF | CENTRE | {Role.MEDIATOR, Role.LEADER},
    ),
    Place("inbox", _("Messages"), "bell", EVERYONE),
    Place("audit", _("Audit"), "eye", {Role.AUDITOR}),
    Place("search_records", _("Look-ups by number"), "search", {Role.AUDITOR}),
    Place(
        "roster", _("Mediators"), "users", CENTRE | {Role.MEDIATOR, Role.LEADER, Role.SYSTEM_ADMIN}
    ),
    Place("office_forms", _("Office forms"), "document", {Role.JUSTICE_STAFF}),
    Place("urgent", _("Urgent access"), "lock", CENTRE | {Role.LEADER, Role.MEDIATOR}),
    Place("areas", _("Areas and grids"), "map", {*ADMIN_ROLES, Role.LEADER, *CENTRE}),
    Place("people", _("People and duties"), "users", {*ADMIN_ROLES}),
    Place(
        "screens",
        _("Wall screens"),
        "columns",
        {Role.LEADER, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN},
    ),
    Place("profile", _("My account"), "person", EVERYONE),
)
# Four fit under a thumb; the first two depend on the work.
TABS = (
    Place("leader", _("Situation"), "gauge", {Role.LEADER}),
    Place("work", _("Work"), "task", FIELD_STAFF | CASE_STAFF),
    Place("register", _("Register"), "plus-circle", FIELD_STAFF | CENTRE),
    Place("alerts", _("Alerts"), "siren", {Role.LEADER}),
    Place("home", _("Home"), "home", {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR}),
    Place("inbox", _("Messages"), "bell", EVERYONE),
    Place("profile", _("Me"), "person", EVERYONE),
)
LANGUAGES = (("zh-hans", "中文"), ("en", "English"))


class Frame:
    """Computed only as far as a template asks: a fragment asks for nothing."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.demo = settings.DEMO
        self.modes = Display.choices

    @cached_property
    def signed_in(self) -> bool:
        return self.request.user.is_authenticated

    @cached_property
    def roles(self) -> set[str]:
        actor = getattr(self.request, "actor", None)
        return set(actor.roles) if actor else set()

    @cached_property
    def needs_second_factor(self) -> bool:
        """Whether the role of the reader asks for one that he has not set up yet."""
        return needs_second_factor(self.request)

    @cached_property
    def nav(self) -> list[Link]:
        return self._links(NAVIGATION)

    @cached_property
    def tabs(self) -> list[Link]:
        return self._links(TABS)

    @cached_property
    def seq(self) -> int:
        """The latest notice given out before the page was read; the socket resumes from here."""
        return getattr(self.request, "reading_point", 0)

    @cached_property
    def unread_levels(self) -> list[str]:
        person = self.request.user
        if not person.is_authenticated:
            return []
        waiting = Notice.objects.filter(person_id=person.pk, acknowledged_at__isnull=True)
        return list(waiting.values_list("level", flat=True)[: BELL_LIMIT + 1])

    @cached_property
    def unread(self) -> int:
        return len(self.unread_levels)

    @property
    def unread_words(self) -> str:
        return f"{BELL_LIMIT}+" if self.unread > BELL_LIMIT else str(self.unread)

    @cached_property
    def unread_level(self) -> str:
        """The most severe colour among the unread notices."""
        return max(self.unread_levels, key=lambda level: SEVERITY.get(level, 0), default="")

    @property
    def source_url(self) -> str:
        """Where the users of this installation get its source (AGPL, section 13)."""
        return settings.SOURCE_URL or reverse("source")

    @cached_property
    def may_search(self) -> bool:
        return bool(self.roles & (FIELD_STAFF | CASE_STAFF | {Role.LEADER}))

    @property
    def may_register(self) -> bool:
        return bool(self.roles & (FIELD_STAFF | CENTRE))

    @cached_property
    def mode(self) -> str:
        """The cookie first: it is this device's choice."""
        chosen = self.request.COOKIES.get(MODE_COOKIE, "")
        if chosen not in Display.values and self.request.user.is_authenticated:
            chosen = self.request.user.display
        return chosen if chosen in Display.values else Display.STANDARD

    @cached_property
    def html_language(self) -> str:
        return "zh-CN" if self.language.startswith("zh") else self.language

    @cached_property
    def language(self) -> str:
        return get_language() or settings.LANGUAGE_CODE

    @property
    def languages(self) -> list[tuple[str, str, bool]]:
        return [(code, name, code == self.language) for code, name in LANGUAGES]

    def _links(self, places: tuple[Place, ...]) -> list[Link]:
        if not self.signed_in:
            return []
        offered = [p for p in places if p.roles == EVERYONE or p.roles & self.roles]
        urls = [reverse(place.url_name) for place in offered]
        here = self._nearest(urls)
        return [
            Link(url, place.label, place.icon, active=url == here)
            for place, url in zip(offered, urls, strict=True)
        ]

    def _nearest(self, urls: list[str]) -> str:
        """The entry under which this page lies: the longest address that begins its own."""
        path = self.request.path
        within = [url for url in urls if path == url or (url != "/" and path.startswith(url))]
        return max(within, key=len, default="")


def frame(request: HttpRequest) -> dict[str, Frame]:
    return {"frame": Frame(request)}
