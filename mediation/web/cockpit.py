"""The cockpit as pages show it: what the address asks for, and every number with the list that it opens."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from mediation.accounts.actor import Actor
from mediation.areas import geometry
from mediation.areas.models import ancestor_codes
from mediation.areas.selectors import outlines
from mediation.core.db import one_moment
from mediation.core.errors import NotFound
from mediation.disputes.enums import Category
from mediation.disputes.selectors import CaseFilter, days_of
from mediation.reports import figures, periods
from mediation.reports.figures import BY_NAME, FIGURES, Counts, Figure, Value
from mediation.reports.figures_sql import NOTHING, Scope
from mediation.reports.periods import Period, Span
from workflows import selectors

COLUMNS = ("new", "open", "red", "overdue", "raised", "settled", "performed", "rebound", "days")
"""The figures of a row of areas."""
KIND_COLUMNS = ("new", "open", "red", "overdue", "settled", "days")
MAP_WIDE, MAP_HIGH = 1000, 560
HEAT = 5
"""Shades of the tile map."""
LONGEST = 3 * 366
"""Days that an address may ask for."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for. Anything it cannot mean is left out."""

    area: str
    period: Period
    category: str = ""
    show: str = "open"
    """The figure that the tile map shows."""

    @property
    def base(self) -> CaseFilter:
        """What every list behind a number narrows."""
        category = (self.category,) if self.category else ()
        return CaseFilter(area=self.area, category=category)

    @property
    def query(self) -> str:
        words = {"area": self.area, "period": self.period.name, "category": self.category}
        if not self.period.name:
            words["days"] = self.period.now.word
        if self.show != "open":
            words["show"] = self.show
        return urlencode({name: word for name, word in words.items() if word})

    def but(self, **changes: Any) -> "Asked":
        return replace(self, **changes)

    @property
    def url(self) -> str:
        return f"{reverse('leader')}?{self.query}"


def area_of(query: QueryDict, actor: Actor) -> str:
    """The area that is asked for, or the first that the actor answers for; ``NotFound`` for any other."""
    roots = figures.roots(actor)
    area = query.get("area", "") or (roots[0] if roots else "")
    known = CaseFilter.read(QueryDict(urlencode({"area": area}))).area
    if not known or not any(area.startswith(root) for root in roots):
        raise NotFound
    return area


def read(query: QueryDict, actor: Actor, *, today: date) -> Asked:
    """Raises ``NotFound`` for an area that the actor does not answer for, as for one that is not there."""
    area = area_of(query, actor)
    category = query.get("category", "")
    show = query.get("show", "")
    return Asked(
        area,
        _period(query, today),
        category if category in Category.values else "",
        show if show in COLUMNS else "open",
    )


def _period(query: QueryDict, today: date) -> Period:
    """Two days of a form, ``days`` of a link, or a word."""
    first, last = query.get("first", ""), query.get("last", "")
    word = f"{first}..{last}" if first and last else query.get("days", "")
    known = CaseFilter.read(QueryDict(urlencode({"new": word}))).new
    if known:
        span = Span(*days_of(known))
        if span.days <= LONGEST and span.first <= today:
            return periods.custom(span)
    return periods.named(query.get("period", ""), today)


# Numbers with their lists -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cell:
    """A number as a page shows it. ``wanted`` is ``None`` when there is nothing to list."""

    name: str
    label: Any
    text: str
    number: float | None
    unit: Any
    wanted: CaseFilter | None
    part: str = ""
    part_wanted: CaseFilter | None = None
    whole: str = ""
    heat: int = 0

    # Written when a link is shown: a screen on a wall has hundreds of numbers and no link.

    @property
    def url(self) -> str:
        return list_url(self.wanted) if self.wanted else ""

    @property
    def part_url(self) -> str:
        return list_url(self.part_wanted) if self.part_wanted else ""


def cell(figure: Figure, counts: Counts, span: Span, base: CaseFilter) -> Cell:
    value = figure.make(counts, span, base)
    return Cell(
        figure.name,
        figure.label,
        _text(value.number),
        value.number,
        figure.unit if value.number is not None else "",
        value.wanted if value.number is not None else None,
        f"{value.part:,}" if value.part is not None else "",
        value.part_wanted,
        f"{value.whole:,}" if value.whole is not None else "",
    )


def _text(number: float | None) -> str:
    return "–" if number is None else f"{number:,}"


def list_url(wanted: CaseFilter) -> str:
    return f"{reverse('disputes')}?{wanted.query}"


# Reading ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything that one page counts, from one state of the database."""

    asked: Asked
    scope: Scope
    names: Mapping[str, str]
    children: Sequence[tuple[str, str]]
    outlines: Mapping[str, tuple[Any, str]]
    by_kind: Mapping[str, Mapping[str, Counts]]
    by_child: Mapping[str, Counts]
    trend: Sequence[tuple[Span, Counts]]
    total: Mapping[str, Counts]


def take(actor: Actor, asked: Asked, *, now: datetime, today: date) -> Reading:
    with one_moment():
        return _take(actor, asked, now, today)


def _take(actor: Actor, asked: Asked, now: datetime, today: date) -> Reading:
    names = selectors.area_names(ancestor_codes(asked.area))
    if asked.area not in names:
        raise NotFound
    children = figures.children(asked.area)
    shapes = outlines([code for code, _name in children]) if children else {}
    scope = figures.scope_of(
        actor, asked.area, category=asked.category, children=[c for c, _n in children], now=now
    )
    spans = figures.spans_of(asked.period, today)
    by_kind = figures.count(scope, spans, by="category", now=now)
    total = {name: figures.added(rows.values()) for name, rows in by_kind.items()}
    now_span = {"now": asked.period.now}
    by_child = figures.count(scope, now_span, by="child", now=now)["now"] if children else {}
    trend = figures.trend(scope, today, held=total["now"].held)
    return Reading(asked, scope, names, children, shapes, by_kind, by_child, trend, total)


# What the page shows ------------------------------------------------------------------------------


def tiles(reading: Reading) -> Iterator[dict[str, Any]]:
    asked = reading.asked
    now, before = reading.total["now"], reading.total["before"]
    since = reading.total["since"].flow if "since" in reading.total else NOTHING
    then = replace(before, held=figures.open_before(now, since))
    for figure in FIGURES:
        value = figure.make(now, asked.period.now, asked.base)
        earlier = figure.make(then, asked.period.before, asked.base)
        if figure.name == "open":
            night = asked.period.before.last.isoformat()
            earlier = replace(earlier, wanted=asked.base.but(open_on=night))
        yield {
            "figure": figure,
            "cell": cell(figure, now, asked.period.now, asked.base),
            "tone": figure.tone if value.number else "",
            "change": change(figure, value, earlier) if figure.compared else None,
            "values": _spark(figure, reading),
        }


def change(figure: Figure, value: Value, earlier: Value) -> dict[str, Any] | None:
    """The difference to the period before, in words, with the number it is measured against."""
    if value.number is None or earlier.number is None:
        return None
    difference = round(value.number - earlier.number, 1)
    word = f"{abs(difference):,}"
    if figure.unit == "%":
        word = _("%(n)s points") % {"n": word}
    good = difference * figure.rising > 0 if figure.rising and difference else None
    return {
        "word": word,
        "direction": "up" if difference > 0 else "down" if difference else "same",
        "good": good,
        "earlier": f"{earlier.number:,}",
        "url": list_url(earlier.wanted),
    }


def _spark(figure: Figure, reading: Reading) -> list[float]:
    if not figure.compared:
        return []
    made = [figure.make(c, span, CaseFilter()).number for span, c in reading.trend]
    return [number or 0 for number in made]


def areas(reading: Reading) -> list[dict[str, Any]]:
    """A row for each area right below, with its place in the tile map."""
    asked = reading.asked
    rows: list[dict[str, Any]] = []
    for code, name in reading.children:
        counts = reading.by_child.get(code, Counts())
        base = asked.base.but(area=code)
        cells = [cell(BY_NAME[n], counts, asked.period.now, base) for n in COLUMNS]
        shown = next(c for c in cells if c.name == asked.show)
        rows.append(
            {
                "code": code,
                "name": name,
                "url": asked.but(area=code).url,
                "cells": cells,
                "shown": shown,
            }
        )
    greatest = max((row["shown"].number or 0 for row in rows), default=0)
    for row in rows:
        share = (row["shown"].number or 0) / greatest if greatest else 0
        row["heat"] = min(HEAT - 1, int(share * HEAT))
    return rows


def drawing(reading: Reading, rows: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """The areas as a map, when the outlines of all of them are known."""
    if not reading.outlines:
        return None
    shapes = [reading.outlines[row["code"]][0] for row in rows]
    wide, high, paths = geometry.drawn(shapes, wide=MAP_WIDE, high=MAP_HIGH)
    return {
        "wide": wide,
        "high": high,
        "sources": sorted({source for _polygons, source in reading.outlines.values()}),
        "shapes": [
            row | {"path": path, "x": x, "y": y}
            for row, (path, (x, y)) in zip(rows, paths, strict=True)
        ],
    }


def kinds(reading: Reading) -> list[dict[str, Any]]:
    asked = reading.asked
    rows = figures.ranked(reading.by_kind["now"])
    most = max((counts.flow["registered"] for _k, counts in rows), default=0)
    return [
        {
            "name": Category(kind).label,
            "url": asked.but(category=kind).url,
            "share": round(100 * counts.flow["registered"] / most) if most else 0,
            "cells": [
                cell(BY_NAME[n], counts, asked.period.now, asked.base.but(category=(kind,)))
                for n in KIND_COLUMNS
            ],
        }
        for kind, counts in rows
        if kind
    ]


def months(reading: Reading) -> list[dict[str, Any]]:
    base = reading.asked.base
    return [
        {
            "name": f"{span.first:%Y-%m}",
            "cells": [
                cell(BY_NAME["new"], counts, span, base),
                replace(
                    cell(BY_NAME["open"], counts, span, base),
                    wanted=base.but(open_on=span.last.isoformat()),
                ),
                Cell(
                    "closed",
                    _("Closed"),
                    f"{counts.flow['closed']:,}",
                    counts.flow["closed"],
                    "",
                    base.but(closed=span.word),
                ),
                cell(BY_NAME["settled"], counts, span, base),
                cell(BY_NAME["performed"], counts, span, base),
            ],
        }
        for span, counts in reading.trend
    ]


def trail(reading: Reading, actor: Actor) -> list[dict[str, str]]:
    """The trail of the cockpit itself."""
    asked = reading.asked
    return steps_down(asked.area, actor, reading.names, lambda code: asked.but(area=code).url)


def steps_down(
    area: str, actor: Actor, names: Mapping[str, str], url: Callable[[str], str]
) -> list[dict[str, str]]:
    """From the actor's own area down to the one shown, each a way back up."""
    roots = figures.roots(actor)
    codes = [c for c in ancestor_codes(area) if any(c.startswith(root) for root in roots)]
    return [{"name": names.get(code, code), "url": url(code)} for code in codes]


def choices(reading: Reading) -> dict[str, Any]:
    """What the filter form and the tile map offer."""
    asked = reading.asked
    return {
        "periods": [
            (name, word, name == asked.period.name) for name, word in periods.WORDS.items()
        ],
        "categories": Category.choices,
        "shows": [
            (BY_NAME[name].label, asked.but(show=name).url, name == asked.show) for name in COLUMNS
        ],
    }
