"""The questions of ``bench reads`` as somebody would write them by hand: one area, nothing unasked.

Cleared staff see the whole of their area, so permission is a range of codes here.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from mediation.accounts.models import Role
from mediation.areas.models import code_range
from mediation.core.clock import end_of
from mediation.disputes.enums import DONE
from mediation.disputes.selectors import CaseFilter
from mediation.reports.figures_sql import Scope
from mediation.reports.periods import DAY, Span
from mediation.reports.summary_sql import FINEST, FLOWS
from mediation.search import tokens

PAGE = 50
WORK_FIELDS = tuple(
    f"dispute__{name}"
    for name in (
        "number", "code", "title", "colour", "severity", "status", "due_at", "place", "registered_at",
    )
)  # fmt: skip
IN_AREA = "d.area_code >= %s AND d.area_code < %s"
OPEN = f"d.status NOT IN ({', '.join(repr(str(s.value)) for s in sorted(DONE))})"


def _rows(sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, list(values))
        return list(cursor.fetchall())


def _moment(value: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(value)


def held(area: str) -> int:
    """How many cases an area has: to find a busy one."""
    sql = f"SELECT COUNT(*) FROM disputes_dispute d WHERE {IN_AREA}"
    return int(_rows(sql, code_range(area))[0][0])


def key_at(area: str, *, share: int) -> int | None:
    """The key of the case that has a ``share``-th of the others of its area below it."""
    sql = f"SELECT d.id FROM disputes_dispute d WHERE {IN_AREA} ORDER BY d.id LIMIT 1 OFFSET %s"
    rows = _rows(sql, [*code_range(area), held(area) // share])
    return rows[0][0] if rows else None


# Lists ---------------------------------------------------------------------------------------------


def work(person: int, area: str) -> list[int]:
    sql = (
        "SELECT w.dispute_id, w.node, w.due_at, d.number, d.code, d.title, d.colour, d.severity, "
        "d.status, d.due_at, d.place, d.registered_at "
        "FROM workflows_workitem w JOIN disputes_dispute d ON d.id = w.dispute_id "
        "WHERE (w.assignee_id = %s OR (w.assignee_id IS NULL AND w.role = %s "
        "AND w.area_code >= %s AND w.area_code < %s)) "
        f"AND {IN_AREA} ORDER BY w.severity DESC, w.due_at ASC NULLS LAST, w.dispute_id LIMIT %s"
    )
    ends = code_range(area)
    values = [person, Role.CENTRE_STAFF.value, *ends, *ends, PAGE + 1]
    return [row[0] for row in _rows(sql, values)]


def cases(area: str, wanted: CaseFilter, before: int | None, now: datetime) -> list[int]:
    where, values = [IN_AREA], list[Any](code_range(area))
    if wanted.status:
        where.append("d.status = %s")
        values.append(wanted.status[0])
    if wanted.category:
        where.append("d.category IN (%s, %s)")
        values += wanted.category
    if wanted.colour:
        where.append("d.colour = %s")
        values.append(wanted.colour[0])
    if wanted.open or wanted.overdue:
        where.append(OPEN)
    if wanted.overdue:
        where.append("d.due_at <= %s")
        values.append(_moment(now))
    if before is not None:
        where.append("d.id < %s")
        values.append(before)
    sql = (
        "SELECT d.id, d.number, d.code, d.title, d.status, d.colour, d.category, d.due_at, "
        "d.registered_at, c.name, g.name, m.name, w.node, w.role FROM disputes_dispute d "
        "JOIN areas_area g ON g.id = d.grid_id LEFT JOIN areas_area c ON c.id = g.parent_id "
        "LEFT JOIN accounts_person m ON m.id = d.mediator_id "
        "LEFT JOIN workflows_workitem w ON w.dispute_id = d.id "
        f"WHERE {' AND '.join(where)} ORDER BY d.id DESC LIMIT {PAGE + 1}"
    )
    return [row[0] for row in _rows(sql, values)][:PAGE]


def search(area: str, text: str, limit: int) -> tuple[int, list[int]]:
    """The newest, and a count up to 1,001."""
    words = tokens.words(text)
    if connection.vendor == "postgresql":
        hits = "search_entry s ON s.dispute_id = d.id AND s.document @@ %s::tsquery"
        asked = tokens.tsquery(words, names=True)
    else:
        hits = "search_entry s ON s.rowid = d.id AND search_entry MATCH %s"
        asked = tokens.match(words, names=True)
    found = f"FROM disputes_dispute d JOIN {hits} WHERE {IN_AREA}"
    values = [asked, *code_range(area)]
    counted = _rows(f"SELECT COUNT(*) FROM (SELECT 1 {found} LIMIT 1001) n", values)
    shown = _rows(
        f"SELECT d.id, d.number, d.facts {found} ORDER BY d.id DESC LIMIT {limit}", values
    )
    return int(counted[0][0]), [row[0] for row in shown]


# Figures -------------------------------------------------------------------------------------------


def figures(scope: Scope, span: Span, by: str, now: datetime) -> dict[str, tuple[int, ...]]:
    """Registered in the span, open, overdue and unacknowledged now, by category or by area below."""
    parts = [
        _registered(scope, span, by),
        _held(scope, by),
        _counted(scope, by, f"{OPEN} AND d.due_at <= %s", [_moment(now)]),
        _counted(
            scope, by,
            "EXISTS (SELECT 1 FROM warning_alert a WHERE a.dispute_id = d.id AND a.status = 'raised')",
            [],
        ),
    ]  # fmt: skip
    keys = {key for part in parts for key, number in part.items() if number}
    return {key: tuple(part.get(key, 0) for part in parts) for key in keys}


def _key(scope: Scope, by: str, row: str) -> str:
    return f"substr({row}area_code, 1, {scope.child_length})" if by == "child" else f"{row}category"


def _has_cells(scope: Scope, by: str) -> bool:
    longest = scope.child_length if by == "child" else len(scope.area)
    return longest <= FINEST


def _cells(scope: Scope, by: str) -> tuple[str, list[Any]]:
    if by != "child":
        return "area_code = %s", [scope.area]
    return f"area_code IN ({', '.join(['%s'] * len(scope.children))})", list(scope.children)


def _registered(scope: Scope, span: Span, by: str) -> dict[str, int]:
    if not _has_cells(scope, by):
        first, after = end_of(span.first - DAY), end_of(span.last)
        inside = "d.registered_at >= %s AND d.registered_at < %s"
        return _counted(scope, by, inside, [_moment(first), _moment(after)])
    where, values = _cells(scope, by)
    others = ", ".join(f"SUM({name}) AS {name}" for name in FLOWS if name != "registered")
    begin, end = (connection.ops.adapt_datefield_value(day) for day in (span.first, span.last))
    sql = (
        f"SELECT k, SUM(n) FROM (SELECT {_key(scope, by, '')} AS k, SUM(registered) AS n, {others} "
        f"FROM reports_flowcell WHERE {where} AND grain = 'm' AND day = %s GROUP BY 1 UNION ALL "
        f"SELECT {_key(scope, by, '')}, SUM(weight){', 0' * (len(FLOWS) - 1)} FROM reports_figuredelta "
        "WHERE area_code >= %s AND area_code < %s AND registered_on BETWEEN %s AND %s GROUP BY 1) u "
        "GROUP BY k"
    )
    rows = _rows(sql, [*values, begin, *code_range(scope.area), begin, end])
    return {key: int(number) for key, number in rows}


def _held(scope: Scope, by: str) -> dict[str, int]:
    if not _has_cells(scope, by):
        return _counted(scope, by, OPEN, [])
    where, values = _cells(scope, by)
    sql = (
        f"SELECT k, SUM(n) FROM (SELECT {_key(scope, by, '')} AS k, held AS n FROM reports_stockcell "
        f"WHERE {where} UNION ALL SELECT {_key(scope, by, '')}, weight FROM reports_figuredelta "
        "WHERE area_code >= %s AND area_code < %s AND status <> '') u GROUP BY k"
    )
    return {key: int(n) for key, n in _rows(sql, [*values, *code_range(scope.area)])}


def _counted(scope: Scope, by: str, which: str, values: Sequence[Any]) -> dict[str, int]:
    sql = (
        f"SELECT {_key(scope, by, 'd.')} AS k, COUNT(*) FROM disputes_dispute d "
        f"WHERE {IN_AREA} AND {which} GROUP BY 1"
    )
    return {key: int(n) for key, n in _rows(sql, [*code_range(scope.area), *values])}
