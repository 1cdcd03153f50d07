"""The figures of the cockpit: what each asks, how it is computed, and the list of cases behind each number.

A number and its list come from one ``CaseFilter``; a rate has a list for its part and one for its whole.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, Q
from django.db.models.functions import Substr
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mediation.accounts.actor import Actor
from mediation.accounts.models import Role
from mediation.areas.models import Area, Level, level_of
from mediation.areas.selectors import within
from mediation.disputes import policy
from mediation.disputes.enums import SEVERITY, Colour, Sensitivity
from mediation.disputes.models import Dispute
from mediation.disputes.selectors import IS_OPEN, CaseFilter
from mediation.reports.figures_sql import NOTHING, Flow, Scope, read_flows, read_stock
from mediation.reports.periods import DAY, Period, Span, months_until
from mediation.warning.models import Alert

READERS = (Role.LEADER, Role.CENTRE_STAFF, Role.JUSTICE_STAFF)
RED = SEVERITY[Colour.RED]
MINUTES_A_DAY = 24 * 60
MONTHS = 12


# What is counted ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Counts:
    """Everything that the figures of one area, kind or month are made from."""

    flow: Flow = field(default_factory=lambda: NOTHING)
    held: int = 0
    red: int = 0
    overdue: int = 0
    raised: int = 0


@dataclass(frozen=True, slots=True)
class Value:
    """A number with its list; ``part`` of ``whole`` for a rate or a mean. ``None``: nothing to count."""

    number: float | None
    wanted: CaseFilter
    part: int | None = None
    part_wanted: CaseFilter | None = None
    whole: int | None = None


Maker = Callable[[Counts, Span, CaseFilter], Value]


@dataclass(frozen=True, slots=True)
class Figure:
    """One question of the cockpit. ``rising``: whether more is better (1), worse (-1), or neither (0)."""

    name: str
    label: str | Promise
    formula: str | Promise
    make: Maker
    unit: str | Promise = ""
    rising: int = 0
    tone: str = ""
    compared: bool = True


def _count(name: str, **wanted: str) -> Maker:
    """A count of the period. ``wanted``: filter field → ``"span"`` for the days of the period."""

    def make(counts: Counts, span: Span, base: CaseFilter) -> Value:
        return Value(counts.flow[name], base.but(**dict.fromkeys(wanted, span.word)))

    return make


def _now(name: str, **wanted: Any) -> Maker:
    """The present state; the period plays no part."""

    def make(counts: Counts, _span: Span, base: CaseFilter) -> Value:
        return Value(getattr(counts, name), base.but(**wanted))

    return make


def _rate(part: str, whole: str, days: str, **narrower: Any) -> Maker:
    """``part`` of ``whole`` in percent; the part's list is the whole's, narrowed."""

    def make(counts: Counts, span: Span, base: CaseFilter) -> Value:
        wanted = base.but(**{days: span.word})
        some, all_ = counts.flow[part], counts.flow[whole]
        number = round(100 * some / all_, 1) if all_ else None
        return Value(number, wanted, some, wanted.but(**narrower), all_)

    return make


def _rebounds(counts: Counts, span: Span, base: CaseFilter) -> Value:
    some, all_ = counts.flow["rebounds"], counts.flow["closed"]
    number = round(100 * some / all_, 1) if all_ else None
    part = base.but(rebound=span.word)
    return Value(number, base.but(closed=span.word), some, part, all_)


def _mean_days(counts: Counts, span: Span, base: CaseFilter) -> Value:
    closed = counts.flow["closed"]
    number = round(counts.flow["minutes"] / closed / MINUTES_A_DAY, 1) if closed else None
    return Value(number, base.but(closed=span.word), whole=closed)


FIGURES: tuple[Figure, ...] = (
    # Danger first, then what is on hand, then how well it is done.
    Figure(
        "red",
        _("Red warning"),
        _("Open cases that are red now."),
        _now("red", colour=(Colour.RED,), open=True),
        rising=-1,
        tone="red",
        compared=False,
    ),
    Figure(
        "raised",
        _("Unacknowledged cases"),
        _("Cases with an alert that nobody has acknowledged now."),
        _now("raised", alert="raised"),
        rising=-1,
        tone="red",
        compared=False,
    ),
    Figure(
        "overdue",
        _("Overdue"),
        _("Open cases whose nearest deadline is over now."),
        _now("overdue", overdue=True),
        rising=-1,
        tone="yellow",
        compared=False,
    ),
    Figure(
        "open",
        _("Open"),
        _("Cases that are not closed, archived or void now."),
        _now("held", open=True),
        rising=-1,
        tone="blue",
    ),
    Figure(
        "new",
        _("Newly registered"),
        _("Cases registered in the period."),
        _count("registered", new="span"),
    ),
    Figure(
        "settled",
        _("Settlement rate"),
        _("Of the cases closed in the period, those with an agreement or settled by the parties."),
        _rate("settled", "closed", "closed", settled=True),
        unit="%",
        rising=1,
        tone="green",
    ),
    Figure(
        "performed",
        _("Performance rate"),
        _("Of the agreements that took effect in the period, those performed in full by now."),
        _rate("performed", "effective", "effective", performed=True),
        unit="%",
        rising=1,
        tone="green",
    ),
    Figure(
        "rebound",
        _("Rebound rate"),
        _("Cases that came back in the period, against the cases closed in it."),
        _rebounds,
        unit="%",
        rising=-1,
    ),
    Figure(
        "days",
        _("Average time"),
        _("Days from registration to closing, of the cases closed in the period."),
        _mean_days,
        unit=_("days"),
        rising=-1,
    ),
)
BY_NAME = {figure.name: figure for figure in FIGURES}


# Whose cases --------------------------------------------------------------------------------------


def roots(actor: Actor) -> list[str]:
    """The areas that the actor answers for, none inside another."""
    codes = sorted({grant.area_code for grant in actor.grants if grant.role in READERS})
    return [c for c in codes if not any(c != other and c.startswith(other) for other in codes)]


def scope_of(
    actor: Actor,
    area: str,
    *,
    now: datetime,
    category: str = "",
    children: Sequence[str] = (),
) -> Scope:
    """What the actor may count in an area that he answers for."""
    cleared = actor.is_system or any(
        area.startswith(grant.area_code) and grant.cleared and grant.role in policy.AREA_WIDE
        for grant in actor.grants
    )
    extras = () if cleared else _extras(actor, area, now)
    return Scope(area, cleared, extras, category, tuple(children))


def _extras(actor: Actor, area: str, now: datetime) -> tuple[int, ...]:
    """Sensitive cases of the area that the actor sees for another reason than his office."""
    # Named one by one: an index leads to these few, none to "all but the ordinary".
    sensitive = [kind for kind in Sensitivity.values if kind != Sensitivity.NORMAL]
    rows = policy.visible_to(actor, now=now).filter(within(area), sensitivity__in=sensitive)
    return tuple(rows.order_by("pk").values_list("pk", flat=True))


def children(area: str) -> list[tuple[str, str]]:
    """Code and name of the areas right below, closed ones too: their cases stay where they were."""
    if level_of(area) == Level.GRID:
        return []
    return list(Area.objects.filter(parent__code=area).order_by("code").values_list("code", "name"))


def in_scope(scope: Scope) -> Q:
    """The same cases as a condition on disputes."""
    found = within(scope.area)
    if scope.category:
        found &= Q(category=scope.category)
    if not scope.cleared:
        found &= Q(sensitivity=Sensitivity.NORMAL) | Q(pk__in=scope.extras)
    return found


# Reading ------------------------------------------------------------------------------------------


def count(
    scope: Scope, spans: Mapping[str, Span], *, by: str = "", now: datetime
) -> dict[str, dict[str, Counts]]:
    """``spans`` name → key (a child, a category, or ``""``) → counts; the present state in each span."""
    flows = read_flows(scope, spans, by)
    held: dict[str, int] = {}
    red: dict[str, int] = {}
    for (key, severity), number in read_stock(scope, by).items():
        held[key] = held.get(key, 0) + number
        if severity == RED:
            red[key] = red.get(key, 0) + number
    overdue = _live(scope, by, IS_OPEN & Q(due_at__lte=now))
    raised = _live(scope, by, with_alert(Alert.State.RAISED))
    keys = {"", *(key for _n, key in flows)} if not by else {key for _n, key in flows}
    keys |= held.keys() | overdue.keys() | raised.keys()
    return {
        name: {
            key: Counts(
                flows.get((name, key), NOTHING),
                held.get(key, 0),
                red.get(key, 0),
                overdue.get(key, 0),
                raised.get(key, 0),
            )
            for key in keys
        }
        for name in spans
    }


def with_alert(*states: str) -> Q:
    """Cases with an alert in one of the states, each once."""
    alerts = Alert.objects.filter(status__in=states, dispute__isnull=False)
    return Q(pk__in=alerts.values("dispute"))


def _live(scope: Scope, by: str, which: Q) -> dict[str, int]:
    """What depends on the present moment is counted from the cases: it is little, and has its index."""
    rows = Dispute.objects.filter(in_scope(scope) & which).order_by()
    if not by:
        return {"": rows.count()}
    key: Any = Substr("area_code", 1, scope.child_length) if by == "child" else F("category")
    return dict(rows.annotate(k=key).values_list("k").annotate(n=Count("pk")))


def trend(scope: Scope, today: date, *, held: int) -> list[tuple[Span, Counts]]:
    """Month by month, the last twelve, with how many cases were open at the end of each.

    ``held``: how many are open now.
    """
    months = months_until(today, MONTHS)
    flows = read_flows(scope, {"all": Span(months[0].first, months[-1].last)}, "month")
    found: list[tuple[Span, Counts]] = []
    for month in reversed(months):
        flow = flows.get(("all", f"{month.first:%Y-%m}"), NOTHING)
        found.append((month, Counts(flow, held=held)))
        held += flow["ended"] - flow["registered"]
    return found[::-1]


def open_before(counts: Counts, since: Flow) -> int:
    """How many were open when what ``since`` counts began: as the cases stand now."""
    return counts.held + since["ended"] - since["registered"]


def spans_of(period: Period, today: date) -> dict[str, Span]:
    """What one reading needs: the period, the one before, and the days since that one ended."""
    spans = {"now": period.now, "before": period.before}
    first = period.before.last + DAY
    if first <= today:
        spans["since"] = Span(first, today)
    return spans


def added(rows: Iterable[Counts]) -> Counts:
    """The counts of all parts together."""
    flow, numbers = dict(NOTHING), [0, 0, 0, 0]
    for row in rows:
        for name, number in row.flow.items():
            flow[name] += number
        parts = (row.held, row.red, row.overdue, row.raised)
        numbers = [a + b for a, b in zip(numbers, parts, strict=True)]
    return Counts(flow, *numbers)


def ranked(rows: Mapping[str, Counts], name: str = "registered") -> Sequence[tuple[str, Counts]]:
    """Kinds of dispute, the most frequent first."""
    return sorted(rows.items(), key=lambda row: (-row[1].flow[name], -row[1].held, row[0]))
