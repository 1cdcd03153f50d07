"""Reading the summaries: cells, what changed since, and single cases, each in one statement."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any

from django.db import connection

from mediation.areas.models import code_range
from mediation.disputes.enums import Sensitivity
from mediation.reports.periods import Span, segments
from mediation.reports.summary_sql import (
    FINEST,
    FLOW,
    FLOWS,
    STOCK,
    deltas,
    facts,
    flows,
    is_postgres,
    month_of,
    sums,
)

Flow = Mapping[str, int]
NOTHING: Flow = MappingProxyType(dict.fromkeys(FLOWS, 0))


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose cases are counted: an area, sensitive ones if ``cleared``, else only those in ``extras``."""

    area: str
    cleared: bool = False
    extras: tuple[int, ...] = ()
    category: str = ""
    children: tuple[str, ...] = ()
    """Codes of the areas right below, for sums by child."""

    @property
    def child_length(self) -> int:
        return len(self.children[0]) if self.children else 0


@dataclass
class _Query:
    """SQL text with its values, in the order in which they stand in it."""

    values: list[Any] = field(default_factory=list)

    def put(self, value: Any) -> str:
        if isinstance(value, date):
            value = connection.ops.adapt_datefield_value(value)
        self.values.append(value)
        return "%s"

    def among(self, values: Iterable[Any]) -> str:
        return f"({', '.join(self.put(value) for value in values)})"


def read_flows(
    scope: Scope, spans: Mapping[str, Span], by: str = ""
) -> dict[tuple[str, str], Flow]:
    """The counts of each span, by ``""``, ``child``, ``category`` or ``month``: ``(span, key)`` → counts."""
    query = _Query()
    counted = flows("f")
    source = _facts(scope, query, raw=_is_raw(scope, by))
    parts = []
    for name, span in spans.items():
        parts.append(
            f"SELECT '{name}' AS name, {_key(scope, by, cell=False)} AS k, {', '.join(FLOWS)} FROM c "
            f"WHERE day BETWEEN {query.put(span.first)} AND {query.put(span.last)}"
        )
        if not _is_raw(scope, by):
            parts += [_cells(scope, query, name, part, by) for part in segments(span)]
    sql = (
        f"WITH f AS ({source}), c AS ({counted}) SELECT name, k, {sums()} "
        f"FROM ({' UNION ALL '.join(parts)}) u GROUP BY name, k"
    )
    return {
        (name, key): dict(zip(FLOWS, map(int, counts), strict=True))
        for name, key, *counts in _run(sql, query.values)
    }


def read_stock(scope: Scope, by: str = "") -> dict[tuple[str, int], int]:
    """Open cases now by ``""``, ``child`` or ``category``: ``(key, severity)`` → how many."""
    query = _Query()
    raw = _is_raw(scope, by)
    source = _facts(scope, query, raw=raw, only_open=True)
    key = _key(scope, by, cell=False)
    parts = [f"SELECT {key} AS k, severity, weight AS held FROM f WHERE status <> ''"]
    if not raw:
        where = _where_cells(scope, query, by)
        parts.append(
            f"SELECT {_key(scope, by, cell=True)} AS k, severity, held FROM {STOCK} WHERE {where}"
        )
    sql = (
        f"WITH f AS ({source}) SELECT k, severity, SUM(held) FROM ({' UNION ALL '.join(parts)}) u "
        "GROUP BY k, severity"
    )
    return {(key, severity): int(held) for key, severity, held in _run(sql, query.values)}


def _is_raw(scope: Scope, by: str) -> bool:
    """Grids have no cells: their cases are few and counted as they are."""
    return len(scope.area) > FINEST or (by == "child" and scope.child_length > FINEST)


def _key(scope: Scope, by: str, *, cell: bool) -> str:
    if by == "child":
        return "area_code" if cell else f"substr(area_code, 1, {scope.child_length})"
    if by == "month":
        month = month_of("day")
        return f"to_char({month}, 'YYYY-MM')" if is_postgres() else f"substr({month}, 1, 7)"
    return "category" if by == "category" else "''"


def _facts(scope: Scope, query: _Query, *, raw: bool, only_open: bool = False) -> str:
    """The cases that no cell holds: all of a small area, or what changed and what one may see besides."""
    low, high = code_range(scope.area)
    if raw:
        where = f"WHERE c.area_code >= {query.put(low)} AND c.area_code < {query.put(high)}"
        if not scope.cleared:
            extras = f" OR c.id IN {query.among(scope.extras)}" if scope.extras else ""
            where += f" AND (c.sensitivity = '{Sensitivity.NORMAL.value}'{extras})"
        where += f" AND c.category = {query.put(scope.category)}" if scope.category else ""
        where += " AND c.closed_at IS NULL" if only_open else ""
        return facts(where)
    where = f"WHERE area_code >= {query.put(low)} AND area_code < {query.put(high)}"
    where += "" if scope.cleared else " AND sensitive = 0"
    where += f" AND category = {query.put(scope.category)}" if scope.category else ""
    source = deltas(where)
    if scope.extras and not scope.cleared:
        single = f"WHERE c.id IN {query.among(scope.extras)}"
        single += f" AND c.category = {query.put(scope.category)}" if scope.category else ""
        source += f" UNION ALL {facts(single)}"
    return source


def _cells(scope: Scope, query: _Query, name: str, part: Any, by: str) -> str:
    # ``WHERE`` names the columns of the key in their order, so that it is one range of the index.
    return (
        f"SELECT '{name}', {_key(scope, by, cell=True)}, {', '.join(FLOWS)} FROM {FLOW} "
        f"WHERE {_areas(scope, query, by)} AND grain = '{part.grain}' "
        f"AND day BETWEEN {query.put(part.first)} AND {query.put(part.last)}{_rest(scope, query)}"
    )


def _where_cells(scope: Scope, query: _Query, by: str) -> str:
    return f"{_areas(scope, query, by)}{_rest(scope, query)}"


def _areas(scope: Scope, query: _Query, by: str) -> str:
    if by == "child":
        return f"area_code IN {query.among(scope.children)}"
    return f"area_code = {query.put(scope.area)}"


def _rest(scope: Scope, query: _Query) -> str:
    rest = f" AND category = {query.put(scope.category)}" if scope.category else ""
    return rest if scope.cleared else f"{rest} AND sensitive = 0"


def _run(sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
