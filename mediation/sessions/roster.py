"""Committees and their members: what the law wants of them, who is on the list, and what changed.

People's Mediation Law arts. 7 to 10, 13, 14.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mediation.accounts.actor import Actor
from mediation.accounts.models import Person, Role
from mediation.areas.selectors import within
from mediation.core.db import write
from mediation.core.errors import Forbidden, Malformed, NotFound, Reason
from mediation.disputes.enums import DONE
from mediation.disputes.models import Dispute
from mediation.sessions.models import Committee, RosterChange, RosterEntry

FEWEST, MOST = 3, 9
TERM = 3  # years
SOON = timedelta(days=90)
ADULT = 18
EDITORS = (Role.CENTRE_STAFF, Role.JUSTICE_STAFF, Role.SYSTEM_ADMIN)
READERS = (*EDITORS, Role.MEDIATOR, Role.LEADER)
NOT_YOURS = Reason(
    "not_yours", gettext_lazy("The list is kept by the justice office and the centre.")
)
Post = RosterEntry.Post


@dataclass(slots=True)
class Place:
    """One line of the list: the entry, and how many open cases its person has."""

    entry: RosterEntry
    load: int
    serves: bool
    ends_soon: bool


@dataclass(slots=True)
class Listed:
    committee: Committee
    places: list[Place] = field(default_factory=list)
    lacks: list[str] = field(default_factory=list)


def _scope(actor: Actor, roles: Sequence[Role]) -> Q:
    scope = Q(pk__in=[])
    for grant in actor.grants:
        if grant.role in roles:
            scope |= within(grant.area_code, field="area__code")
            # A mediator of one community also sees the committee above.
            scope |= Q(area__code=grant.area_code[:9])
    return scope


def listed(actor: Actor, *, today: date) -> list[Listed]:
    """The committees that the actor may see, each with its people and what it lacks. Three queries."""
    committees = Committee.objects.filter(_scope(actor, READERS), is_active=True)
    found = {c.pk: Listed(c) for c in committees.select_related("area")}
    entries = list(
        RosterEntry.objects.filter(committee_id__in=found, left_on__isnull=True)
        .select_related("person")
        .order_by("committee", "pk")
    )
    load = _load({entry.person_id for entry in entries})
    for entry in entries:
        found[entry.committee_id].places.append(
            Place(
                entry,
                load.get(entry.person_id, 0),
                serves=entry.serves_on(today),
                ends_soon=today <= entry.term_until <= today + SOON,
            )
        )
    for one in found.values():
        one.places.sort(key=lambda place: POSTS.index(place.entry.post))
        one.lacks = list(lacks([place.entry for place in one.places], today=today))
    return list(found.values())


POSTS = (Post.DIRECTOR, Post.MEMBER, Post.APPOINTED)


def _load(people: set[int]) -> dict[int, int]:
    rows = Dispute.objects.filter(mediator_id__in=people).exclude(status__in=sorted(DONE))
    counted = rows.values("mediator_id").annotate(n=Count("pk")).values_list("mediator_id", "n")
    return {key: n for key, n in counted if key is not None}


def lacks(entries: Sequence[RosterEntry], *, today: date) -> Iterator[str]:
    """What the law finds missing in a committee, in words with the article."""
    serving = [e for e in entries if e.serves_on(today)]
    members = [e for e in serving if e.post != Post.APPOINTED]
    if not FEWEST <= len(members) <= MOST:
        yield _("A committee has 3 to 9 members; this one has %(n)d (art. 8).") % {
            "n": len(members)
        }
    if not any(e.is_woman for e in members):
        yield _("A committee must have a woman among its members (art. 8).")
    directors = sum(e.post == Post.DIRECTOR for e in members)
    if directors != 1:
        yield _("A committee has one director; this one has %(n)d (art. 8).") % {"n": directors}
    for entry in entries:
        if entry.term_until < today:
            yield _("The term of %(name)s ended on %(day)s (art. 9: 3 years).") % {
                "name": entry.person.name,
                "day": entry.term_until.isoformat(),
            }


# Changes -----------------------------------------------------------------------------------------


def committee_of(actor: Actor, pk: int, *, roles: Sequence[Role] = EDITORS) -> Committee:
    """The committee, if the actor keeps its list. Raises ``NotFound`` or ``Forbidden``."""
    found = Committee.objects.filter(_scope(actor, READERS), pk=pk, is_active=True).first()
    if found is None:
        raise NotFound
    if not any(actor.holds(role, found.area.code) for role in roles):
        raise Forbidden(NOT_YOURS)
    return found


def add(
    actor: Actor, committee: Committee, data: Mapping[str, Any], *, now: datetime, today: date
) -> RosterEntry:
    """Put somebody on the list for one term. Raises ``Malformed`` with the article."""
    problems: dict[str, list[Any]] = {}
    born, since, until = data["birth_year"], data["term_from"], data["term_until"]
    full = _next_term(since)
    until = until or full - timedelta(days=1)
    if since.year - born < ADULT:
        problems["birth_year"] = [_("A mediator is of age (art. 14).")]
    if not since <= until <= full:
        problems["term_until"] = [_("A term lasts at most 3 years (art. 9).")]
    rows = RosterEntry.objects.filter(committee=committee, left_on__isnull=True)
    if rows.filter(person_id=data["person"]).exists():
        problems["person"] = [_("This person is on the list already.")]
    members = rows.exclude(post=Post.APPOINTED).filter(term_until__gte=today).count()
    if data["post"] != Post.APPOINTED and members >= MOST:
        problems["post"] = [_("A committee has at most 9 members (art. 8).")]
    if problems:
        raise Malformed(problems)
    with write():
        entry = RosterEntry.objects.create(
            committee=committee,
            person_id=data["person"],
            post=data["post"],
            is_woman=data["is_woman"],
            birth_year=born,
            is_full_time=data["is_full_time"],
            expertise=data["expertise"],
            languages=[word for word in data["languages"].replace("，", "、").split("、") if word],
            term_from=since,
            term_until=until,
        )
        _note(actor, entry, "joined", now)
    return entry


def _next_term(since: date) -> date:
    """The day on which the next term would begin; after 29 February that is 1 March."""
    try:
        return since.replace(year=since.year + TERM)
    except ValueError:
        return date(since.year + TERM, 3, 1)


def end(actor: Actor, entry: RosterEntry, *, on: date, now: datetime) -> None:
    with write():
        RosterEntry.objects.filter(pk=entry.pk).update(left_on=on)
        _note(actor, entry, "left", now)


def _note(actor: Actor, entry: RosterEntry, what: str, now: datetime) -> None:
    RosterChange.objects.create(
        committee_id=entry.committee_id,
        at=now,
        by_id=actor.person_id,
        person_id=entry.person_id,
        what=what,
        detail=entry.get_post_display(),
    )


def candidates(committee: Committee, *, today: date) -> list[tuple[int, str]]:
    """Who serves as a mediator in the committee's area, or above it."""
    area = committee.area.code
    rows = Person.objects.filter(
        Q(duties__area__code__startswith=area) | Q(duties__area__code__in=[area, area[:9]]),
        duties__role=Role.MEDIATOR,
        duties__since__lte=today,
        is_active=True,
    )
    return list(rows.distinct().order_by("name").values_list("pk", "name"))
