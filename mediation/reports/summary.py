"""Keeps the summaries: adds up what changed, builds them anew, and says where they are wrong."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

from django.db import connection

from mediation.core.db import write
from mediation.reports import summary_triggers
from mediation.reports.summary_sql import (
    DELTA,
    DISPUTE,
    FINEST,
    FLOW,
    FLOW_KEY,
    FLOWS,
    LENGTHS,
    STOCK,
    STOCK_KEY,
    deltas,
    facts,
    flows,
    is_postgres,
    month_of,
    none_left,
    sums,
)

BATCH = 5000
"""So many changes are added up in one transaction."""
PAIRS = tuple(pairwise(LENGTHS[::-1]))
"""Each length of a code with the next shorter one, from the community up."""


def set_up(**_kwargs: Any) -> None:
    """After ``migrate``: the triggers in place, and whatever lay there before them counted once."""
    if not {DISPUTE, FLOW, STOCK, DELTA} <= set(connection.introspection.table_names()):
        return
    summary_triggers.install()
    if _run(f"SELECT 1 FROM {DISPUTE} LIMIT 1") and not (
        _run(f"SELECT 1 FROM {FLOW} LIMIT 1") or _run(f"SELECT 1 FROM {DELTA} LIMIT 1")
    ):
        rebuild()


# Adding up ----------------------------------------------------------------------------------------


def fold() -> int:
    """Add the changes to the cells, wholly or not at all. Returns how many there were.

    What a page reads, cells and changes together, is the same before and after.
    """
    if not _run(f"SELECT 1 FROM {DELTA} LIMIT 1"):
        return 0
    done = 0
    while batch := _fold_some():
        done += batch
        if batch < BATCH:
            break
    return done


def _fold_some() -> int:
    with write():
        _take_turns()
        rows = _run(
            f"SELECT COUNT(*), MAX(id) FROM (SELECT id FROM {DELTA} ORDER BY id LIMIT {BATCH}) b"
        )
        count, last = rows[0]
        if not count:
            return 0
        chosen = deltas("WHERE id <= %s")
        _do(_flow_upsert(chosen), [last])
        _do(_stock_upsert(chosen), [last])
        return _do(f"DELETE FROM {DELTA} WHERE id <= %s", [last])


def _take_turns() -> None:
    """Only one adds up at a time. On SQLite the writing transaction is that already.

    The lock of PostgreSQL takes no snapshot: what is read after it is read as of then.
    """
    if is_postgres():
        _do(f"LOCK TABLE {FLOW} IN SHARE ROW EXCLUSIVE MODE")


def _flow_upsert(chosen: str) -> str:
    levels = " UNION ALL ".join(f"SELECT {length} AS n" for length in LENGTHS)
    grains = "SELECT 'd' AS grain UNION ALL SELECT 'm'"
    added = ", ".join(f"{name} = {FLOW}.{name} + EXCLUDED.{name}" for name in FLOWS)
    day = f"CASE g.grain WHEN 'd' THEN day ELSE {month_of('day')} END"
    return (
        f"INSERT INTO {FLOW} ({', '.join((*FLOW_KEY, *FLOWS))}) "
        f"WITH f AS ({chosen}), c AS ({flows('f')}) "
        f"SELECT substr(area_code, 1, n), g.grain, {day}, category, sensitive, {sums()} "
        f"FROM c CROSS JOIN ({levels}) l CROSS JOIN ({grains}) g WHERE true "
        f"GROUP BY 1, 2, 3, 4, 5 HAVING NOT ({none_left()}) "
        f"ON CONFLICT ({', '.join(FLOW_KEY)}) DO UPDATE SET {added}"
    )


def _stock_upsert(chosen: str) -> str:
    levels = " UNION ALL ".join(f"SELECT {length} AS n" for length in LENGTHS)
    return (
        f"INSERT INTO {STOCK} ({', '.join(STOCK_KEY)}, held) "
        f"WITH f AS ({chosen}) "
        "SELECT substr(area_code, 1, n), category, sensitive, status, severity, SUM(weight) "
        f"FROM f CROSS JOIN ({levels}) l WHERE status <> '' "
        "GROUP BY 1, 2, 3, 4, 5 HAVING SUM(weight) <> 0 "
        f"ON CONFLICT ({', '.join(STOCK_KEY)}) DO UPDATE SET held = {STOCK}.held + EXCLUDED.held"
    )


# Building anew ------------------------------------------------------------------------------------


def rebuild() -> None:
    """Count every case anew: after a bulk seed, or when the sums were found to be wrong."""
    with _alone():
        for table in (FLOW, STOCK, DELTA):
            _do(f"DELETE FROM {table}")
        keys, cells = ", ".join(FLOW_KEY), ", ".join(FLOWS)
        _do(
            f"INSERT INTO {FLOW} ({keys}, {cells}) WITH f AS ({facts()}), c AS ({flows('f')}) "
            f"SELECT substr(area_code, 1, {FINEST}), 'd', day, category, sensitive, {sums()} "
            "FROM c GROUP BY 1, 2, 3, 4, 5"
        )
        _do(
            f"INSERT INTO {FLOW} ({keys}, {cells}) "
            f"SELECT area_code, 'm', {month_of('day')}, category, sensitive, {sums()} "
            f"FROM {FLOW} WHERE grain = 'd' GROUP BY 1, 2, 3, 4, 5"
        )
        _do(
            f"INSERT INTO {STOCK} ({', '.join(STOCK_KEY)}, held) WITH f AS ({facts()}) "
            f"SELECT substr(area_code, 1, {FINEST}), category, sensitive, status, severity, "
            "SUM(weight) FROM f WHERE status <> '' GROUP BY 1, 2, 3, 4, 5"
        )
        for finer, length in PAIRS:
            _do(
                f"INSERT INTO {FLOW} ({keys}, {cells}) "
                f"SELECT substr(area_code, 1, {length}), grain, day, category, sensitive, {sums()} "
                f"FROM {FLOW} WHERE length(area_code) = {finer} GROUP BY 1, 2, 3, 4, 5"
            )
            _do(
                f"INSERT INTO {STOCK} ({', '.join(STOCK_KEY)}, held) "
                f"SELECT substr(area_code, 1, {length}), category, sensitive, status, severity, "
                f"SUM(held) FROM {STOCK} WHERE length(area_code) = {finer} GROUP BY 1, 2, 3, 4, 5"
            )


@contextmanager
def _alone() -> Iterator[None]:
    """One moment of the table of cases: what changes meanwhile stays noted as a change."""
    if connection.in_atomic_block:
        _take_turns()
        yield
        return
    with write():
        if is_postgres():
            _do("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            _do("SET LOCAL statement_timeout = 0")
            _do("SET LOCAL lock_timeout = 0")
        _take_turns()
        yield


# Looking for what is wrong ------------------------------------------------------------------------


def differences(*, limit: int = 200) -> tuple[int, list[str]]:
    """How many cells there are, and a line for each that is not what the cases say."""
    cells = _run(f"SELECT (SELECT COUNT(*) FROM {FLOW}) + (SELECT COUNT(*) FROM {STOCK})")
    found = [*_wrong_flows(limit), *_wrong_stocks(limit), *_wrong_above(limit)]
    return int(cells[0][0]), found


def _wrong_flows(limit: int) -> Iterator[str]:
    """The finest cells and the noted changes against the cases."""
    minus = ", ".join(f"-{name} AS {name}" for name in FLOWS)
    rows = _run(
        f"WITH f AS ({facts()}), d AS ({deltas()}), u AS ({flows('f')} UNION ALL "
        f"SELECT area_code, day, category, sensitive, {minus} FROM ({flows('d')}) x UNION ALL "
        f"SELECT area_code, day, category, sensitive, {minus} FROM {FLOW} "
        f"WHERE grain = 'd' AND length(area_code) = {FINEST}) "
        f"SELECT substr(area_code, 1, {FINEST}), day, category, sensitive, {sums()} FROM u "
        f"GROUP BY 1, 2, 3, 4 HAVING NOT ({none_left()}) ORDER BY 1, 2, 3, 4 LIMIT {limit}"
    )
    for area, day, category, sensitive, *counts in rows:
        yield f"{area} {day} {category}/{sensitive}: cases minus cells {_named(counts)}"


def _wrong_stocks(limit: int) -> Iterator[str]:
    rows = _run(
        f"WITH f AS ({facts()}), d AS ({deltas()}), u AS ("
        "SELECT area_code, category, sensitive, status, severity, weight AS held FROM f "
        "UNION ALL SELECT area_code, category, sensitive, status, severity, -weight FROM d "
        "UNION ALL SELECT area_code, category, sensitive, status, severity, -held "
        f"FROM {STOCK} WHERE length(area_code) = {FINEST}) "
        f"SELECT substr(area_code, 1, {FINEST}), category, sensitive, status, severity, SUM(held) "
        "FROM u WHERE status <> '' GROUP BY 1, 2, 3, 4, 5 HAVING SUM(held) <> 0 "
        f"ORDER BY 1, 2, 3, 4, 5 LIMIT {limit}"
    )
    for *key, held in rows:
        yield f"{' '.join(map(str, key))}: cases minus cells {held} open"


def _wrong_above(limit: int) -> Iterator[str]:
    """Every cell above against those below it, and every month against its days."""
    for finer, length in PAIRS:
        yield from _unequal(
            f"SELECT substr(area_code, 1, {length}) AS k, grain, day, category, sensitive, "
            f"{', '.join(FLOWS)} FROM {FLOW} WHERE length(area_code) = {finer}",
            f"FROM {FLOW} WHERE length(area_code) = {length}",
            FLOW_KEY,
            FLOWS,
            limit,
        )
        yield from _unequal(
            f"SELECT substr(area_code, 1, {length}) AS k, category, sensitive, status, severity, "
            f"held FROM {STOCK} WHERE length(area_code) = {finer}",
            f"FROM {STOCK} WHERE length(area_code) = {length}",
            STOCK_KEY,
            ("held",),
            limit,
        )
    yield from _unequal(
        f"SELECT area_code AS k, 'm' AS grain, {month_of('day')} AS day, category, sensitive, "
        f"{', '.join(FLOWS)} FROM {FLOW} WHERE grain = 'd'",
        f"FROM {FLOW} WHERE grain = 'm'",
        FLOW_KEY,
        FLOWS,
        limit,
    )


def _unequal(
    below: str, above: str, key: tuple[str, ...], values: tuple[str, ...], limit: int
) -> Iterator[str]:
    keys = ("k", *key[1:])
    minus = ", ".join(f"-{name} AS {name}" for name in values)
    rows = _run(
        f"SELECT {', '.join(keys)}, {sums(values)} FROM ({below} UNION ALL "
        f"SELECT {', '.join(key)}, {minus} {above}) u GROUP BY {', '.join(keys)} "
        f"HAVING NOT ({none_left(values)}) ORDER BY {', '.join(keys)} LIMIT {limit}"
    )
    for row in rows:
        named = _named(row[len(key) :], values)
        yield f"{' '.join(map(str, row[: len(key)]))}: parts minus whole {named}"


def _named(counts: Sequence[int], names: tuple[str, ...] = FLOWS) -> str:
    return ", ".join(f"{n} {c:+d}" for n, c in zip(names, map(int, counts), strict=True) if c)


def _run(sql: str, values: list[Any] | None = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values or [])
        return list(cursor.fetchall())


def _do(sql: str, values: list[Any] | None = None) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, values or [])
        return int(cursor.rowcount)
