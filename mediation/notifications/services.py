"""Writing to inboxes, and reading them from a number on."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from mediation.core import rows
from mediation.disputes.models import Dispute
from mediation.notifications.models import InboxCursor, Notice

BATCH, MOST_PARAMETERS = 500, 5000
"""Rows per INSERT: well below the 32,766 parameters that SQLite takes."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A notice before it has its number. ``own``: the reader did it himself; it rings no bell."""

    person_id: int
    kind: str
    asks: bool = False
    own: bool = False


def deliver(
    drafts: Sequence[Draft], *, dispute: Dispute | None, version: int, now: datetime
) -> dict[int, int]:
    """Write one notice per person and return person → number. Two statements for any number of people.

    Numbers are taken in the order of person id, so that two commands never wait for each other in a
    ring; the row locks are held to commit, so that a reader of ``seq > n`` can never skip one.
    """
    if not drafts:
        return {}
    ordered = sorted(drafts, key=lambda draft: draft.person_id)
    numbers = _take_numbers([draft.person_id for draft in ordered])
    notices = [
        Notice(
            person_id=draft.person_id,
            seq=numbers[draft.person_id],
            kind=draft.kind,
            dispute=dispute,
            level=dispute.colour if dispute else "",
            event_version=version,
            asks=draft.asks,
            created_at=now,
            acknowledged_at=now if draft.own else None,
        )
        for draft in ordered
    ]
    for start in range(0, len(notices), BATCH):
        rows.insert_many(notices[start : start + BATCH])
    return numbers


def _take_numbers(person_ids: Iterable[int]) -> dict[int, int]:
    ids = list(person_ids)
    if len(ids) > MOST_PARAMETERS:
        return _take_numbers(ids[:MOST_PARAMETERS]) | _take_numbers(ids[MOST_PARAMETERS:])
    table = InboxCursor._meta.db_table
    values = ", ".join(["(%s, 1)"] * len(ids))
    sql = (
        f"INSERT INTO {table} (person_id, latest) VALUES {values} "  # noqa: S608 -- our own names
        f"ON CONFLICT (person_id) DO UPDATE SET latest = {table}.latest + 1 "
        "RETURNING person_id, latest"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, ids)
        return dict(cursor.fetchall())


def since(person_id: int, after: int, *, limit: int = 100) -> list[Notice]:
    """The notices of a person after number ``after``, in order, at most ``limit``."""
    return list(
        Notice.objects.filter(person_id=person_id, seq__gt=after)
        .select_related("dispute")
        .order_by("seq")[:limit]
    )


@dataclass(frozen=True, slots=True)
class Line:
    """A notice as the wire carries it: the case by its number, nothing personal."""

    person_id: int
    seq: int
    kind: str
    level: str
    number: str | None
    dispute_id: int | None


PAGE = 100


def pages(after: Mapping[int, int]) -> list[Line]:
    """The next ``PAGE`` numbers of many persons at once: person → number to read on from.

    One statement however many persons, because one command may wake a thousand.
    """
    if not after:
        return []
    rows = ", ".join(["(%s, %s)"] * len(after))
    notice, dispute = Notice._meta.db_table, Dispute._meta.db_table
    sql = (
        f"WITH wanted (person_id, after) AS (VALUES {rows}) "  # noqa: S608 -- our own names
        "SELECT n.person_id, n.seq, n.kind, n.level, d.number, n.dispute_id "
        f"FROM wanted w JOIN {notice} n ON n.person_id = w.person_id "
        f"AND n.seq > w.after AND n.seq <= w.after + {PAGE} "
        f"LEFT JOIN {dispute} d ON d.id = n.dispute_id "
        "ORDER BY n.person_id, n.seq"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [number for pair in after.items() for number in pair])
        return [Line(*row) for row in cursor.fetchall()]


def latest_of(person_ids: Iterable[int]) -> dict[int, int]:
    """The latest number given out to each of these persons; 0 for those who never got one."""
    ids = list(person_ids)
    found = InboxCursor.objects.filter(person_id__in=ids).values_list("person_id", "latest")
    return dict.fromkeys(ids, 0) | dict(found)


def acknowledge(person_id: int, seq: int, *, now: datetime) -> bool:
    """Mark one notice as seen. Running it twice changes nothing; ``False``: no such notice."""
    found = Notice.objects.filter(person_id=person_id, seq=seq)
    found.filter(acknowledged_at__isnull=True).update(acknowledged_at=now)
    return found.exists()


def acknowledge_up_to(person_id: int, seq: int, *, now: datetime) -> int:
    return Notice.objects.filter(
        person_id=person_id, seq__lte=seq, acknowledged_at__isnull=True
    ).update(acknowledged_at=now)


def latest_seq(person_id: int) -> int:
    found = InboxCursor.objects.filter(person_id=person_id).values_list("latest", flat=True).first()
    return found or 0


def unread(person_id: int) -> int:
    return Notice.objects.filter(person_id=person_id, acknowledged_at__isnull=True).count()
