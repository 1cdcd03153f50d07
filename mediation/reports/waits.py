"""Where cases wait, come back, change hands and leave the path: few statements over the stays.

Every number names the ``CaseFilter`` of exactly its cases. A stay counts in the period in which it ended.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q

from mediation.accounts.models import Person
from mediation.areas.models import code_range
from mediation.core.clock import end_of
from mediation.disputes.enums import Sensitivity, Status
from mediation.disputes.models import Dispute
from mediation.disputes.selectors import IS_OPEN, StayFilter, between
from mediation.reports.figures import in_scope
from mediation.reports.figures_sql import Scope
from mediation.reports.models import Stray, Wait
from mediation.reports.periods import Span
from mediation.reports.spread import INTERVAL, Spread
from mediation.sessions.models import Assignment

REWORK: Mapping[str, Status] = {
    "return_for_correction": Status.CLOSE_REVIEW,
    "fall_through": Status.AGREED,
    "reopen": Status.CLOSED,
}
"""What sends a case back, and the status whose endings it is measured against."""
PERCENTS = (50, 80, 95)
BY = {"status": "w.status", "category": "c.category", "mediator": "c.mediator_id"}


@dataclass
class _Where:
    """Conditions on stays ``w`` of cases ``c`` with their values."""

    text: list[str] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)

    def add(self, text: str, *values: Any) -> None:
        self.text.append(text)
        self.values += values

    def __str__(self) -> str:
        return " AND ".join(self.text)


def _where(scope: Scope, span: Span, status: str) -> _Where:
    where = _Where()
    low, high = code_range(scope.area)
    where.add("w.area_code >= %s AND w.area_code < %s", low, high)
    where.add("w.left_at >= %s AND w.left_at < %s", *map(_moment, edges(span)))
    if status:
        where.add("w.status = %s", status)
    if scope.category:
        where.add("c.category = %s", scope.category)
    if not scope.cleared:
        extras = f" OR c.id IN ({', '.join(['%s'] * len(scope.extras))})" if scope.extras else ""
        where.add(f"(c.sensitivity = '{Sensitivity.NORMAL.value}'{extras})", *scope.extras)
    return where


def edges(span: Span) -> tuple[datetime, datetime]:
    """The first moment of the span and the first after it."""
    return end_of(span.first - timedelta(days=1)), end_of(span.last)


def _moment(value: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(value)


def spreads(scope: Scope, span: Span, *, by: str, status: str = "") -> dict[str, Spread]:
    """Times of the stays that ended in the span, by ``status``, ``child``, ``category`` or ``mediator``."""
    where = _where(scope, span, status)
    key = BY.get(by) or f"substr(w.area_code, 1, {scope.child_length})"
    square, unit = INTERVAL
    # ``l``: the last rank below the interval of the median, from both ends.
    below = f"2 * r <= n AND (n - 2 * r) * (n - 2 * r) * {unit} >= {square} * n"
    above = f"2 * b <= n AND (n - 2 * b) * (n - 2 * b) * {unit} >= {square} * n"
    ranks = ", ".join(f"MIN(CASE WHEN r * 100 >= n * {p} THEN m END)" for p in PERCENTS)
    sql = (
        f"WITH s AS (SELECT {key} AS k, w.minutes AS m, w.dispute_id AS d FROM reports_wait w "
        f"JOIN disputes_dispute c ON c.id = w.dispute_id WHERE {where}), "
        "q AS (SELECT k, m, d, ROW_NUMBER() OVER (PARTITION BY k ORDER BY m) AS r, "
        "COUNT(*) OVER (PARTITION BY k) AS n FROM s), "
        "t AS (SELECT k, m, d, r, n, n + 1 - r AS b FROM q) "
        f"SELECT k, COUNT(*), COUNT(DISTINCT d), {ranks}, "
        f"COALESCE(MAX(CASE WHEN {below} THEN m END), MIN(m)), "
        f"COALESCE(MIN(CASE WHEN {above} THEN m END), MAX(m)) FROM t GROUP BY k"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, where.values)
        return {str(key or ""): Spread(*map(int, rest)) for key, *rest in cursor.fetchall()}


def sent_back(scope: Scope, span: Span) -> dict[str, tuple[int, int]]:
    """Command of ``REWORK`` → how often in the span, and in how many cases."""
    first, after = edges(span)
    rows = Wait.objects.filter(
        Q(dispute__in=Dispute.objects.filter(in_scope(scope)).values("pk")),
        left_by__in=REWORK,
        left_at__gte=first,
        left_at__lt=after,
    )
    counted: Any = rows.order_by().values_list("left_by")
    counted = counted.annotate(n=Count("pk"), cases=Count("dispute", distinct=True))
    return {name: (n, cases) for name, n, cases in counted}


def handed_over(days: str) -> Any:
    """Assignments of these days that took a case from another mediator."""
    earlier = Assignment.objects.filter(
        dispute=OuterRef("dispute"), is_lead=True, since__lt=OuterRef("since")
    )
    return Assignment.objects.filter(between("since", days), Exists(earlier), is_lead=True)


def hand_overs(scope: Scope, span: Span) -> tuple[int, int]:
    """How often a case went to another mediator in the span, and how many cases did."""
    rows = handed_over(span.word).filter(
        dispute__in=Dispute.objects.filter(in_scope(scope)).values("pk")
    )
    found = rows.aggregate(n=Count("pk"), cases=Count("dispute", distinct=True))
    return found["n"], found["cases"]


def waiting(scope: Scope) -> dict[str, int]:
    """Open cases now, by status."""
    rows = Dispute.objects.filter(in_scope(scope) & IS_OPEN).order_by()
    return dict(rows.values_list("status").annotate(n=Count("pk")))


def astray(scope: Scope) -> int:
    """Cases with an event off the lawful path."""
    return Dispute.objects.filter(in_scope(scope) & strayed()).count()


def strayed() -> Any:
    return Q(pk__in=Stray.objects.values("dispute"))


def stayed(wanted: StayFilter) -> Any:
    """Cases with such a stay."""
    rows = Wait.objects.filter(between("left_at", wanted.days))
    if wanted.status:
        rows = rows.filter(status=wanted.status)
    if wanted.command:
        rows = rows.filter(left_by=wanted.command)
    if wanted.minutes:
        rows = rows.filter(minutes__gte=wanted.minutes)
    return Q(Exists(rows.filter(dispute=OuterRef("pk"))))


def mediator_names(keys: Sequence[str]) -> dict[str, str]:
    rows = Person.objects.filter(pk__in=[int(key) for key in keys if key])
    return {str(pk): name for pk, name in rows.values_list("pk", "name")}
