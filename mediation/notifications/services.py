"""Writing to inboxes, and reading them from a number on."""

import json
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from mediation.core import rows
from mediation.disputes.models import Dispute
from mediation.notifications import wake
from mediation.notifications.models import InboxCursor, Notice


class Draft(NamedTuple):
    """A notice before it has its number. ``own``: the reader did it himself; it rings no bell."""

    person_id: int
    kind: str
    asks: bool = False
    own: bool = False


def deliver(
    drafts: Sequence[Draft],
    *,
    dispute: Dispute | None,
    version: int,
    now: datetime,
    level: str | None = None,
    about: str = "",
) -> dict[int, int]:
    """Write one notice per person and return person → number. ``dispute``: none for one's own errands,
    and for what ``about`` names. ``level``: another colour than the case has.

    Numbers are taken in the order of person id, so that two commands never wait for each other in a
    ring; the row locks are held to commit, so that a reader of ``seq > n`` can never skip one.
    """
    if not drafts:
        return {}
    sheaf: list[_Letter] | None = getattr(_local, "sheaf", None)
    if sheaf is not None:
        level = dispute.colour if dispute else ""
        sheaf += [_Letter(draft, dispute, level, version, now) for draft in drafts]
        return {}
    at = connection.ops.adapt_datetimefield_value(now)
    case, colour = (dispute.pk, dispute.colour) if dispute else (None, "")
    shared = [at, case, colour if level is None else level, about, version, at]
    write = _on_postgres if connection.vendor == "postgresql" else _on_sqlite
    with connection.cursor() as cursor:
        return dict(write(cursor, drafts, shared))


# The drafts travel as one parameter: a mark for every value of a thousand notices costs several times what
# the rows themselves cost.
_CURSOR, _NOTICE = InboxCursor._meta.db_table, Notice._meta.db_table
_NEXT = f"ON CONFLICT (person_id) DO UPDATE SET latest = {_CURSOR}.latest + 1"
_COLUMNS = "person_id, seq, kind, asks, acknowledged_at, dispute_id, level, about, event_version, created_at"
_POSTGRES = (
    "WITH d AS (SELECT * FROM unnest(%s::bigint[], %s::text[], %s::bool[], %s::bool[])"  # noqa: S608 -- our own names
    " AS d (person_id, kind, asks, own)), "
    f"t AS (INSERT INTO {_CURSOR} (person_id, latest)"
    f" SELECT person_id, 1 FROM d ORDER BY person_id {_NEXT} RETURNING person_id, latest) "
    f"INSERT INTO {_NOTICE} ({_COLUMNS})"
    " SELECT person_id, t.latest, d.kind, d.asks, CASE WHEN d.own THEN %s::timestamptz END,"
    " %s::bigint, %s::text, %s::text, %s::integer, %s::timestamptz FROM t JOIN d USING (person_id) "
    "RETURNING person_id, seq"
)
_SQLITE_NUMBERS = (
    f"INSERT INTO {_CURSOR} (person_id, latest)"  # noqa: S608 -- our own names
    f" SELECT value, 1 FROM json_each(%s) WHERE true ORDER BY 1 {_NEXT} RETURNING person_id, latest"
)
_SQLITE_NOTICES = (
    f"INSERT INTO {_NOTICE} ({_COLUMNS})"  # noqa: S608 -- our own names
    " SELECT c.person_id, c.latest, d.value ->> 1, d.value ->> 2,"
    " CASE WHEN d.value ->> 3 THEN %s END, %s, %s, %s, %s, %s"
    f" FROM json_each(%s) AS d JOIN {_CURSOR} AS c ON c.person_id = d.value ->> 0"
)


def _on_postgres(cursor: Any, drafts: Sequence[Draft], shared: list[Any]) -> list[tuple[int, int]]:
    columns = [list(column) for column in zip(*drafts, strict=True)]
    cursor.execute(_POSTGRES, [*columns, *shared])
    return list(cursor.fetchall())


def _on_sqlite(cursor: Any, drafts: Sequence[Draft], shared: list[Any]) -> list[tuple[int, int]]:
    """Two statements: SQLite cannot take numbers and use them in one."""
    cursor.execute(_SQLITE_NUMBERS, [json.dumps([draft.person_id for draft in drafts])])
    numbers = list(cursor.fetchall())
    cursor.execute(_SQLITE_NOTICES, [*shared, json.dumps(drafts)])
    return numbers


# Many commands in one transaction ------------------------------------------------------------------

BATCH, MOST_PEOPLE = 500, 2500
"""Rows and people per statement: well below the 32,766 parameters that SQLite takes."""


@dataclass(frozen=True, slots=True)
class _Letter:
    """A draft with what its row repeats of the case."""

    draft: Draft
    dispute: Dispute | None
    level: str
    version: int
    now: datetime


_local = threading.local()


@contextmanager
def gathered() -> Iterator[None]:
    """Number and write the notices of many commands together, at the end of their one transaction.

    The rows of the people are locked once and in order, so that a batch never waits in a ring.
    """
    sheaf: list[_Letter] = []
    _local.sheaf = sheaf
    try:
        yield
    finally:
        _local.sheaf = None
    wake.tell_after_commit(_write(sheaf))


def _write(letters: Sequence[_Letter]) -> dict[int, int]:
    """Returns the latest number of each person."""
    counts = Counter(letter.draft.person_id for letter in letters)
    latest = _take_numbers(sorted(counts.items()))
    given = {person: number - counts[person] for person, number in latest.items()}
    notices = []
    for letter in sorted(letters, key=lambda letter: letter.draft.person_id):
        person = letter.draft.person_id
        given[person] += 1
        notices.append(_notice(letter, given[person]))
    for start in range(0, len(notices), BATCH):
        rows.insert_many(notices[start : start + BATCH])
    return latest


def _notice(letter: _Letter, seq: int) -> Notice:
    draft = letter.draft
    return Notice(
        person_id=draft.person_id,
        seq=seq,
        kind=draft.kind,
        dispute=letter.dispute,
        level=letter.level,
        event_version=letter.version,
        asks=draft.asks,
        created_at=letter.now,
        acknowledged_at=letter.now if draft.own else None,
    )


def _take_numbers(wanted: Sequence[tuple[int, int]]) -> dict[int, int]:
    """Person and how many numbers he gets, in the order of person → the latest that he was given."""
    if not wanted:
        return {}
    if len(wanted) > MOST_PEOPLE:
        return _take_numbers(wanted[:MOST_PEOPLE]) | _take_numbers(wanted[MOST_PEOPLE:])
    values = ", ".join(["(%s, %s)"] * len(wanted))
    sql = (
        f"INSERT INTO {_CURSOR} (person_id, latest) VALUES {values} "  # noqa: S608 -- our own names
        f"ON CONFLICT (person_id) DO UPDATE SET latest = {_CURSOR}.latest + EXCLUDED.latest "
        "RETURNING person_id, latest"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [number for pair in wanted for number in pair])
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
