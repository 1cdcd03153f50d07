"""Writing to inboxes, and reading them from a number on."""

import json
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import QuerySet

from mediation.accounts.actor import Actor
from mediation.disputes import policy
from mediation.disputes.models import Dispute
from mediation.notifications import wake
from mediation.notifications.models import InboxCursor, Notice


class Draft(NamedTuple):
    """A notice before it has its number. ``own``: the reader did it himself; it rings no bell."""

    person_id: int
    kind: str
    asks: bool = False
    own: bool = False


class _Letter(NamedTuple):
    """A draft with what its row repeats of the case, in the order of the statements below."""

    person_id: int
    kind: str
    asks: bool
    own: bool
    dispute_id: int | None
    level: str
    about: str
    version: int
    at: str


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
    case, colour = (dispute.pk, dispute.colour) if dispute else (None, "")
    said = colour if level is None else level
    at = str(
        connection.ops.adapt_datetimefield_value(now)
    )  # a text is cheaper to pass than a moment
    letters = [_Letter(*draft, case, said, about, version, at) for draft in drafts]
    sheaf: list[_Letter] | None = getattr(_local, "sheaf", None)
    if sheaf is not None:
        sheaf += letters
        return {}
    return _write(letters)


_local = threading.local()


@contextmanager
def gathered() -> Iterator[None]:
    """Number and write the notices of many commands together, at the end of their one transaction.

    The rows of the people are locked once and in order, so that a batch never waits in a ring. Nested use
    joins the outer one.
    """
    if getattr(_local, "sheaf", None) is not None:
        yield
        return
    sheaf: list[_Letter] = []
    _local.sheaf = sheaf
    try:
        yield
    finally:
        _local.sheaf = None
    wake.tell_after_commit(_write(sheaf))


@contextmanager
def withheld() -> Iterator[None]:
    """Tell nobody: of what was over long before it is written down, no bell need ring."""
    outer, _local.sheaf = getattr(_local, "sheaf", None), []
    try:
        yield
    finally:
        _local.sheaf = outer


# The letters travel as one parameter: a mark for every value of a thousand notices costs several times
# what the rows themselves cost. Of several letters to one person the last gets his latest number.
_CURSOR, _NOTICE = InboxCursor._meta.db_table, Notice._meta.db_table
_NEXT = f"ON CONFLICT (person_id) DO UPDATE SET latest = {_CURSOR}.latest + EXCLUDED.latest"
_COLUMNS = "person_id, seq, kind, asks, acknowledged_at, dispute_id, level, about, event_version, created_at"
_POSTGRES = (
    "WITH d AS (SELECT *, count(*) OVER (PARTITION BY person_id) AS many,"  # noqa: S608 -- our own names
    " row_number() OVER (PARTITION BY person_id ORDER BY ordinal) AS place"
    " FROM unnest(%s::bigint[], %s::text[], %s::bool[], %s::bool[], %s::bigint[], %s::text[],"
    " %s::text[], %s::integer[], %s::timestamptz[]) WITH ORDINALITY"
    " AS d (person_id, kind, asks, own, dispute_id, level, about, version, at, ordinal)), "
    f"t AS (INSERT INTO {_CURSOR} (person_id, latest)"
    f" SELECT DISTINCT person_id, many FROM d ORDER BY person_id {_NEXT}"
    " RETURNING person_id, latest) "
    f"INSERT INTO {_NOTICE} ({_COLUMNS})"
    " SELECT person_id, t.latest - d.many + d.place, d.kind, d.asks, CASE WHEN d.own THEN d.at END,"
    " d.dispute_id, d.level, d.about, d.version, d.at FROM t JOIN d USING (person_id) "
    "RETURNING person_id, seq"
)
_SQLITE_NUMBERS = (
    f"INSERT INTO {_CURSOR} (person_id, latest)"  # noqa: S608 -- our own names
    f" SELECT value ->> 0, count(*) FROM json_each(%s) WHERE true GROUP BY 1 ORDER BY 1 {_NEXT}"
    " RETURNING person_id, latest"
)
_SQLITE_NOTICES = (
    f"INSERT INTO {_NOTICE} ({_COLUMNS})"  # noqa: S608 -- our own names
    " SELECT c.person_id, c.latest - count(*) OVER (PARTITION BY c.person_id)"
    " + row_number() OVER (PARTITION BY c.person_id ORDER BY d.key),"
    " d.value ->> 1, d.value ->> 2, CASE WHEN d.value ->> 3 THEN d.value ->> 8 END,"
    " d.value ->> 4, d.value ->> 5, d.value ->> 6, d.value ->> 7, d.value ->> 8"
    f" FROM json_each(%s) AS d JOIN {_CURSOR} AS c ON c.person_id = d.value ->> 0"
)


def _write(letters: Sequence[_Letter]) -> dict[int, int]:
    """Returns the latest number of each person."""
    if not letters:
        return {}
    write = _on_postgres if connection.vendor == "postgresql" else _on_sqlite
    latest: dict[int, int] = {}
    with connection.cursor() as cursor:
        for person_id, number in write(cursor, letters):
            latest[person_id] = max(number, latest.get(person_id, 0))
    return latest


def _on_postgres(cursor: Any, letters: Sequence[_Letter]) -> list[tuple[int, int]]:
    cursor.execute(_POSTGRES, [list(column) for column in zip(*letters, strict=True)])
    return list(cursor.fetchall())


def _on_sqlite(cursor: Any, letters: Sequence[_Letter]) -> list[tuple[int, int]]:
    """Two statements: SQLite cannot take numbers and use them in one."""
    spelt = json.dumps(letters)
    cursor.execute(_SQLITE_NUMBERS, [spelt])
    numbers = list(cursor.fetchall())
    cursor.execute(_SQLITE_NOTICES, [spelt])
    return numbers


def of(actor: Actor, *, now: datetime) -> QuerySet[Notice]:
    """The notices of a person with their cases. Ask ``case_of`` which of these he may still see."""
    mine = Notice.objects.filter(person_id=actor.person_id or 0).select_related("dispute")
    return mine.annotate(is_seen=policy.case_in_sight(actor, now=now))


def case_of(notice: Notice) -> Dispute | None:
    """A case that has become sensitive, or left one's area, is not named by its old notices either."""
    return notice.dispute if getattr(notice, "is_seen", False) else None


def level_of(notice: Notice) -> str:
    """The colour of an area's alarm, or of a case that is still seen."""
    return notice.level if notice.dispute_id is None or case_of(notice) else ""


def since(actor: Actor, after: int, *, now: datetime, limit: int = 100) -> list[Notice]:
    """The notices of a person after number ``after``, in order, at most ``limit``."""
    return list(of(actor, now=now).filter(seq__gt=after).order_by("seq")[:limit])


class Line(NamedTuple):
    """A notice as the wire carries it: the case by its number, nothing personal."""

    person_id: int
    seq: int
    kind: str
    level: str
    number: str | None
    dispute_id: int | None


PAGE = 100
_SAID = "n.person_id, n.seq, n.kind, n.level, d.number, n.dispute_id"
_OF_CASE = (
    f"LEFT JOIN {Dispute._meta.db_table} d ON d.id = n.dispute_id ORDER BY n.person_id, n.seq"
)
_WINDOW = f"n.person_id = w.person_id AND n.seq > w.after AND n.seq <= w.after + {PAGE}"
# Two parameters instead of two thousand marks; the limit keeps the planner at the index of the numbers
# whatever it believes about the size of the table.
_PAGES_POSTGRES = (
    f"SELECT {_SAID} FROM unnest(%s::bigint[], %s::bigint[]) AS w (person_id, after)"  # noqa: S608 -- our own names
    f" CROSS JOIN LATERAL (SELECT * FROM {_NOTICE} n WHERE {_WINDOW} ORDER BY n.seq LIMIT {PAGE}) n"
    f" {_OF_CASE}"
)
# SQLite reads rows of values faster than JSON.
_PAGES_SQLITE = (
    "WITH wanted (person_id, after) AS (VALUES {rows})"  # noqa: S608 -- our own names
    f" SELECT {_SAID} FROM wanted w JOIN {_NOTICE} n ON {_WINDOW} {_OF_CASE}"
)


def pages(after: Mapping[int, int]) -> list[Line]:
    """The next ``PAGE`` numbers of many persons at once: person → number to read on from.

    One statement however many persons, because one command may wake a thousand.
    """
    if not after:
        return []
    on_postgres = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        if on_postgres:
            cursor.execute(_PAGES_POSTGRES, [list(after), list(after.values())])
        else:
            rows = ", ".join(["(%s, %s)"] * len(after))
            numbers = [number for pair in after.items() for number in pair]
            cursor.execute(_PAGES_SQLITE.format(rows=rows), numbers)
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
