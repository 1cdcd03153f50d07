"""``bench reads``: what pages ask, beside the same question written by hand in SQL, on the present database.

Nothing is written. Ours is the whole way of a page to its rows: permission, query, and Python objects.
"""

import os
import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from time import perf_counter
from typing import Any

from django.core.management import CommandError
from django.db import connection

from mediation.accounts.actor import SYSTEM, Actor, Grant, load_actor
from mediation.accounts.models import Duty, Role
from mediation.accounts.selectors import open_on
from mediation.areas.models import Level, ancestor_codes, level_of
from mediation.core import clock, keyset
from mediation.disputes.enums import Category, Colour, Status
from mediation.disputes.models import Dispute
from mediation.disputes.selectors import CaseFilter
from mediation.jobs.bench import reads_sql as by_hand
from mediation.reports import figures, periods
from mediation.search import questions
from mediation.search import selectors as search
from workflows import selectors, worklist

WARM = 2
CANDIDATES = 40
MOST_RATIO = 2.0
MOST_MS = 100.0
MOST_MS_FEW, MOST_MS_MANY, FEW = 150.0, 300.0, 1000
"""Of a search: with fewer than so many hits, and with any number."""
SEARCHES = {
    "absent": "不存在词语甲",
    "two_characters": "漏水",
    "frequent": "双方",
}
SHOWN = 20

Answer = Any
"""Keys in their order, or counts by key: what both ways must agree on."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One question asked in two ways."""

    name: str
    ours: Callable[[], Answer]
    hand: Callable[[], Answer]
    bar_ms: Callable[[Answer], float] = lambda _answer: MOST_MS


def run(*, runs: int) -> dict[str, Any]:
    """Milliseconds of both ways and the ratio of their medians. Raises ``CommandError`` without cases."""
    now = clock.now()
    newest = Dispute.objects.order_by("-pk").first()
    if newest is None:
        raise CommandError("There is no case to read.")
    pairs = [*_lists(now), *_cockpit(newest, now)]
    found = {pair.name: _measure(pair, runs) for pair in pairs}
    return {
        "database": connection.vendor,
        "cases": Dispute.objects.count(),
        "runs": runs,
        "load_average": round(os.getloadavg()[0], 1),
        "bar_ratio": MOST_RATIO,
        "worst_ratio": max(row["ratio"] for row in found.values()),
        "worst_p95_ms": max(row["p95_ms"] for row in found.values()),
        "over_ratio": [name for name, row in found.items() if row["ratio"] > MOST_RATIO],
        "over_p95": [name for name, row in found.items() if row["p95_ms"] > row["bar_p95_ms"]],
        "differing": [name for name, row in found.items() if not row["same_answer"]],
        "reads": found,
    }


def _measure(pair: Pair, runs: int) -> dict[str, Any]:
    """Both in turn, so that a disturbance meets both."""
    answer = pair.ours()
    same = answer == pair.hand()
    ours: list[float] = []
    hand: list[float] = []
    for turn in range(WARM + runs):
        for ask, spent in ((pair.ours, ours), (pair.hand, hand)):
            begun = perf_counter()
            ask()
            if turn >= WARM:
                spent.append((perf_counter() - begun) * 1000)
    median, by_sql = statistics.median(ours), statistics.median(hand)
    return {
        "same_answer": same,
        "p50_ms": round(median, 2),
        "p95_ms": _p95(ours),
        "bar_p95_ms": pair.bar_ms(answer),
        "sql_p50_ms": round(by_sql, 2),
        "sql_p95_ms": _p95(hand),
        "ratio": round(median / by_sql, 2),
    }


def _p95(spent: list[float]) -> float:
    """Nearest rank."""
    return round(sorted(spent)[-(-95 * len(spent) // 100) - 1], 2)


# Lists and search ----------------------------------------------------------------------------------


def readers(now: datetime) -> Iterator[tuple[str, Actor, str]]:
    """Cleared staff of a centre: of the whole province, which nobody is, and of the busiest small area."""
    duties = Duty.objects.filter(
        open_on(clock.local_day(now)), role=Role.CENTRE_STAFF, cleared=True, person__is_active=True
    ).select_related("person", "area")
    ordered = list(duties.order_by("area__level", "area__code", "pk"))
    if not ordered:
        raise CommandError("There is no cleared centre staff to read as.")
    small = [duty for duty in ordered if duty.area.level == ordered[-1].area.level]
    busiest = max(small[:CANDIDATES], key=lambda duty: by_hand.held(duty.area.code))
    actor = load_actor(busiest.person, today=clock.local_day(now))
    province = ancestor_codes(busiest.area.code)[0]
    everywhere = Grant(Role.CENTRE_STAFF, province, of=busiest.person_id, cleared=True)
    yield "wide", replace(actor, grants=(everywhere,)), province
    yield "small", actor, busiest.area.code


def _lists(now: datetime) -> Iterator[Pair]:
    for reader, actor, area in readers(now):
        yield Pair(
            f"my_work.{reader}",
            partial(_work, actor, now),
            partial(by_hand.work, actor.person_id or 0, area),
        )
        deep = by_hand.key_at(area, share=5)
        for name, (wanted, before) in _filters(deep).items():
            yield Pair(
                f"cases.{name}.{reader}",
                partial(_cases, actor, wanted, before, now),
                partial(by_hand.cases, area, wanted, before, now),
            )
        for name, text in SEARCHES.items():
            yield Pair(
                f"search.{name}.{reader}",
                partial(_search, text, actor, now),
                partial(by_hand.search, area, text, SHOWN + 1),
                _bar_of_search,
            )


def _filters(deep: int | None) -> dict[str, tuple[CaseFilter, int | None]]:
    return {
        "all": (CaseFilter(), None),
        "deep": (CaseFilter(), deep),
        "status": (CaseFilter(status=(Status.MEDIATING,)), None),
        "open_of_two_kinds": (
            CaseFilter(category=(Category.values[1], Category.values[2]), open=True),
            None,
        ),
        "red": (CaseFilter(colour=(Colour.RED,), open=True), None),
        "overdue": (CaseFilter(overdue=True), None),
    }


def _work(actor: Actor, now: datetime) -> list[int]:
    rows = worklist.to_do(actor, now=now).select_related("dispute")
    shown = rows.only("node", "due_at", "dispute_id", *by_hand.WORK_FIELDS)
    return [item.dispute.pk for item in shown[: by_hand.PAGE + 1]]


def _cases(actor: Actor, wanted: CaseFilter, before: int | None, now: datetime) -> list[int]:
    found, below = selectors.cases(actor, wanted, now=now), (before,) if before else None
    page = keyset.page(
        found, selectors.NEWEST, selectors.PAGE_SIZE, below=below, shown=selectors.listed()
    )
    return [row["pk"] for row in page.rows]


def _bar_of_search(answer: tuple[int, list[int]]) -> float:
    hits, _shown = answer
    return MOST_MS_FEW if hits < FEW else MOST_MS_MANY


def _search(text: str, actor: Actor, now: datetime) -> tuple[int, list[int]]:
    asked = questions.understand(text)
    cases = search.found(asked, actor, now=now)
    hits = search.capped_count(cases)
    rows = search.newest(cases, hits=hits).values("pk", "number", "facts")[: SHOWN + 1]
    return hits, [row["pk"] for row in rows]


# Figures -------------------------------------------------------------------------------------------


def _cockpit(newest: Dispute, now: datetime) -> Iterator[Pair]:
    """Every level above and at the grid of the newest case; last month, by kind and by area below."""
    span = periods.named("last_month", clock.local_day(now)).now
    for area in ancestor_codes(newest.area_code):
        level = Level(level_of(area)).name.lower()
        below = [code for code, _name in figures.children(area)]
        scope = figures.scope_of(SYSTEM, area, children=below, now=now)
        for by, name in (("category", "cockpit"), ("child", "drill_down")):
            if by == "child" and not below:
                continue
            yield Pair(
                f"{name}.{level}",
                partial(_counts, scope, span, by, now),
                partial(by_hand.figures, scope, span, by, now),
            )


def _counts(scope: Any, span: Any, by: str, now: datetime) -> dict[str, tuple[int, ...]]:
    found = figures.count(scope, {"now": span}, by=by, now=now)["now"]
    told = {
        key: (counts.flow["registered"], counts.held, counts.overdue, counts.raised)
        for key, counts in found.items()
    }
    return {key: row for key, row in told.items() if any(row)}
