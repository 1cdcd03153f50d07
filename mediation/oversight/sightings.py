"""Who saw what since when: for the report of an incident, within hours of its discovery.

Sources are records that nobody writes by hand: reveals, looks at sensitive cases and at papers, look-ups by
number, urgent access, acts on cases, changes of access and large exports. A room above adds its own with
``@stream``.
"""

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from heapq import merge
from operator import attrgetter
from typing import Any, Final, TextIO

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from mediation.accounts import policy
from mediation.accounts.models import AccessChange, Duty
from mediation.core.spreadsheet import inert
from mediation.disputes.models import Event, Reveal
from mediation.oversight.models import Look, UrgentAccess
from mediation.search.models import Lookup

HEAD = ("at", "username", "name", "kind", "case", "party", "detail", "reason")
KINDS: Final = {
    "reveal": _("Personal detail shown"),
    "look": _("Sensitive case opened"),
    "paper": _("Paper opened"),
    "lent": _("File read or lent"),
    "lookup": _("Look-up by number"),
    "urgent": _("Urgent access"),
    "access": _("Change of access or export"),
    "act": _("Step on a case"),
}


@dataclass(frozen=True, slots=True)
class Sighting:
    at: datetime
    username: str
    name: str
    kind: str
    case: str = ""
    party: str = ""
    detail: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: since when, until when, of one case or one person or both.

    ``areas``: only of cases and people there; ``None``: of all. ``latest``: so many of each kind, the newest
    first; 0: every one, in the order of time.
    """

    since: datetime
    until: datetime
    case: str = ""
    person: str = ""
    areas: tuple[str, ...] | None = None
    latest: int = 0


Stream = Callable[[Question], Iterator[Sighting]]
_streams: dict[str, Stream] = {}


def stream(kind: str) -> Callable[[Stream], Stream]:
    """Register the decorated function as the source of ``kind``."""

    def register(source: Stream) -> Stream:
        _streams[kind] = source
        return source

    return register


def answer(asked: Question, *, kinds: Iterable[str] = ()) -> Iterator[Sighting]:
    """Every sighting in the order of time, or the newest first; only of ``kinds`` when some are given."""
    wanted = set(kinds) or set(KINDS)
    found = (source(asked) for kind, source in _streams.items() if kind in wanted)
    return merge(*found, key=attrgetter("at"), reverse=bool(asked.latest))


def write(sightings: Iterable[Sighting], to: TextIO) -> int:
    """As CSV that no spreadsheet takes for formulas. Returns how many."""
    out = csv.writer(to)
    out.writerow(HEAD)
    count = 0
    for one in sightings:
        count += 1
        cells = [one.at.isoformat(), *(inert(getattr(one, name)) for name in HEAD[1:])]
        out.writerow(cells)
    return count


def of_cases(rows: QuerySet[Any], asked: Question, *, who: str = "person") -> Iterator[Any]:
    """Rows with a case and a moment, narrowed as asked. ``who``: the relation to the person."""
    where = Q()
    if asked.case:
        where &= Q(dispute__number=asked.case)
    if asked.areas is not None:
        where &= policy.areas_within(asked.areas, field="dispute__area_code")
    return _taken(rows.filter(where).select_related("dispute", who), asked, who=who)


def _of_people(rows: QuerySet[Any], asked: Question, *, who: str) -> Iterator[Any]:
    """Rows of a person alone; of a single case nothing is told by them."""
    if asked.case:
        return iter(())
    if asked.areas is not None:
        serving = Duty.objects.filter(policy.areas_within(asked.areas, field="area__code"))
        rows = rows.filter(**{f"{who}__in": serving.values("person")})
    return _taken(rows.select_related(who), asked, who=who)


def _taken(rows: QuerySet[Any], asked: Question, *, who: str) -> Iterator[Any]:
    found = rows.filter(at__gte=asked.since, at__lt=asked.until)
    if asked.person:
        found = found.filter(**{f"{who}__username": asked.person})
    if asked.latest:
        return iter(found.order_by("-at", "-pk")[: asked.latest])
    return found.order_by("at", "pk").iterator(chunk_size=1000)


@stream("reveal")
def _reveals(asked: Question) -> Iterator[Sighting]:
    for row in of_cases(Reveal.objects.select_related("party"), asked):
        yield Sighting(
            row.at, row.person.username, row.person.name, "reveal", row.dispute.number,
            str(row.party.ordinal), row.field, row.reason,
        )  # fmt: skip


@stream("look")
def _looks(asked: Question) -> Iterator[Sighting]:
    for row in of_cases(Look.objects.all(), asked):
        yield Sighting(row.at, row.person.username, row.person.name, "look", row.dispute.number)


@stream("lookup")
def _lookups(asked: Question) -> Iterator[Sighting]:
    """The number is not kept; its last digits and how many cases it found are."""
    for row in _of_people(Lookup.objects.all(), asked, who="person"):
        yield Sighting(
            row.at, row.person.username, row.person_name, "lookup",
            detail=f"{row.get_what_display()} {row.masked} ({row.found})",
        )  # fmt: skip


@stream("urgent")
def _urgent(asked: Question) -> Iterator[Sighting]:
    for row in of_cases(UrgentAccess.objects.all(), asked):
        yield Sighting(
            row.at, row.person.username, row.person.name, "urgent", row.dispute.number,
            detail=row.finding, reason=row.reason,
        )  # fmt: skip


@stream("act")
def _acts(asked: Question) -> Iterator[Sighting]:
    for row in of_cases(Event.objects.filter(actor__isnull=False), asked, who="actor"):
        yield Sighting(
            row.at, row.actor.username, row.actor_name, "act", row.dispute.number,
            detail=row.command,
        )  # fmt: skip


@stream("access")
def _changes(asked: Question) -> Iterator[Sighting]:
    """Who gave whom which right, and who took or allowed a large export."""
    for row in _of_people(AccessChange.objects.select_related("person"), asked, who="by"):
        whom = row.person.username if row.person else ""
        yield Sighting(
            row.at, row.by.username, row.by_name, "access", detail=f"{row.what} {whom}".strip(),
            reason=row.reason,
        )  # fmt: skip
