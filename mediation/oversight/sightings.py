"""Who saw what since when: for the report of an incident, within hours of its discovery.

Sources are records that nobody writes by hand: reveals, looks at sensitive cases, urgent access, acts on
cases and changes of access.
"""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from heapq import merge
from operator import attrgetter
from typing import Any, TextIO

from django.db.models import QuerySet

from mediation.accounts.models import AccessChange
from mediation.core.spreadsheet import inert
from mediation.disputes.models import Event, Reveal
from mediation.oversight.models import Look, UrgentAccess

HEAD = ("at", "username", "name", "kind", "case", "party", "detail", "reason")


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
    """What is asked: since when, until when, of one case or one person or both."""

    since: datetime
    until: datetime
    case: str = ""
    person: str = ""


def answer(asked: Question) -> Iterator[Sighting]:
    """Every sighting in the order of time."""
    streams = (_reveals, _looks, _urgent, _acts, _changes)
    return merge(*(stream(asked) for stream in streams), key=attrgetter("at"))


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


def _within(rows: QuerySet[Any], asked: Question) -> Iterator[Any]:
    found = rows.filter(at__gte=asked.since, at__lt=asked.until).order_by("at", "pk")
    if asked.case:
        found = found.filter(dispute__number=asked.case)
    if asked.person:
        found = found.filter(person__username=asked.person)
    yield from found.select_related("dispute", "person").iterator(chunk_size=1000)


def _reveals(asked: Question) -> Iterator[Sighting]:
    for row in _within(Reveal.objects.select_related("party"), asked):
        yield Sighting(
            row.at, row.person.username, row.person.name, "reveal", row.dispute.number,
            str(row.party.ordinal), row.field, row.reason,
        )  # fmt: skip


def _looks(asked: Question) -> Iterator[Sighting]:
    for row in _within(Look.objects.all(), asked):
        person = row.person
        yield Sighting(row.at, person.username, person.name, "look", row.dispute.number)


def _urgent(asked: Question) -> Iterator[Sighting]:
    for row in _within(UrgentAccess.objects.all(), asked):
        yield Sighting(
            row.at, row.person.username, row.person.name, "urgent", row.dispute.number,
            detail=row.finding, reason=row.reason,
        )  # fmt: skip


def _acts(asked: Question) -> Iterator[Sighting]:
    rows = Event.objects.filter(at__gte=asked.since, at__lt=asked.until, actor__isnull=False)
    if asked.case:
        rows = rows.filter(dispute__number=asked.case)
    if asked.person:
        rows = rows.filter(actor__username=asked.person)
    for row in rows.select_related("dispute", "actor").order_by("at", "pk").iterator(1000):
        if row.actor is not None:
            yield Sighting(
                row.at, row.actor.username, row.actor_name, "act", row.dispute.number,
                detail=row.command,
            )  # fmt: skip


def _changes(asked: Question) -> Iterator[Sighting]:
    """Who gave whom which right; of a single case nothing is told here."""
    if asked.case:
        return
    rows = AccessChange.objects.filter(at__gte=asked.since, at__lt=asked.until)
    if asked.person:
        rows = rows.filter(person__username=asked.person)
    for row in rows.select_related("by", "person").order_by("at", "pk").iterator(1000):
        whom = row.person.username if row.person else ""
        yield Sighting(
            row.at, row.by.username, row.by_name, "access", detail=f"{row.what} {whom}".strip(),
            reason=row.reason,
        )  # fmt: skip
