"""Which days are working days, why, and how sure that is.

The announced years are files (``workdays/2018.json`` …), each with the notice it comes from.
A year that has not been announced yet is computed from weekends and the statutory festivals
and is provisional.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from mediation.deadlines.words import Said
from mediation.deadlines.yearplan import DAY, YearPlan, from_json

SHIPPED = Path(__file__).parent / "workdays"
SATURDAY = 5

WORKING_DAY = Said("working day", "工作日")
MAKE_UP = Said("make-up working day", "调休上班日")
WEEKEND = Said("weekend", "周末")
FESTIVALS_EN = {
    "元旦": "New Year's Day",
    "春节": "Spring Festival",
    "清明节": "Qingming Festival",
    "劳动节": "Labour Day",
    "端午节": "Dragon Boat Festival",
    "中秋节": "Mid-Autumn Festival",
    "国庆节": "National Day",
}


@dataclass(frozen=True, slots=True)
class Change:
    """A day that one calendar counts and the other does not."""

    day: date
    before: Said
    after: Said


class WorkCalendar:
    """The working days of the country. Never changes; a new announcement makes a new one."""

    def __init__(self, plans: Iterable[YearPlan]) -> None:
        self._plans = {plan.year: plan for plan in plans}
        ordered = [self._plans[year] for year in sorted(self._plans)]
        self._rest = {day: name for plan in ordered for day, name in plan.rest_days.items()}
        self._make_up = frozenset(day for plan in ordered for day in plan.work)
        self.version = _version(ordered)

    def is_work(self, day: date) -> bool:
        if day in self._make_up:
            return True
        return not (day.weekday() >= SATURDAY or self._holiday(day))

    def why(self, day: date) -> Said:
        """Why ``day`` counts or not: a named holiday, the weekend, a make-up day, a working day."""
        if day in self._make_up:
            return MAKE_UP
        if name := self._holiday(day):
            return festival(name)
        return WEEKEND if day.weekday() >= SATURDAY else WORKING_DAY

    def is_make_up(self, day: date) -> bool:
        return day in self._make_up

    def is_provisional(self, year: int) -> bool:
        """No announcement of that year is known."""
        return year not in self._plans

    def with_plan(self, plan: YearPlan) -> "WorkCalendar":
        return WorkCalendar({**self._plans, plan.year: plan}.values())

    def _holiday(self, day: date) -> str | None:
        if name := self._rest.get(day):
            return name
        return statutory_days(day.year).get(day) if self.is_provisional(day.year) else None


def _version(plans: list[YearPlan]) -> str:
    """The latest announced year and a fingerprint of all of them."""
    content = json.dumps([plan.as_json for plan in plans], ensure_ascii=False, sort_keys=True)
    latest = plans[-1].year if plans else 0
    return f"{latest}-{hashlib.sha256(content.encode()).hexdigest()[:8]}"


def festival(name: str) -> Said:
    parts = name.split("、")
    return Said(" and ".join(FESTIVALS_EN.get(part, part) for part in parts), name)


def read_plans(directory: Path) -> Iterator[YearPlan]:
    for path in sorted(directory.glob("[0-9][0-9][0-9][0-9].json")):
        yield from_json(path.read_text(encoding="utf-8"))


def load(*directories: Path) -> WorkCalendar:
    """The shipped years, overridden by those found in ``directories``."""
    plans = {plan.year: plan for place in (SHIPPED, *directories) for plan in read_plans(place)}
    return WorkCalendar(plans.values())


def changes(before: WorkCalendar, after: WorkCalendar, *, year: int) -> list[Change]:
    """The days whose nature differs, from the December before ``year`` to its end."""
    first = date(year - 1, 12, 1)
    days = (first + n * DAY for n in range((date(year, 12, 31) - first).days + 1))
    return [
        Change(day, before.why(day), after.why(day))
        for day in days
        if before.why(day) != after.why(day)
    ]


@cache
def _lunar_festivals() -> Mapping[str, Mapping[str, str]]:
    """Solar dates of the festivals that follow the moon or the solar terms, by year."""
    text = (SHIPPED / "festivals.json").read_text(encoding="utf-8")
    festivals: dict[str, dict[str, str]] = json.loads(text)
    return festivals


@cache
def statutory_days(year: int) -> Mapping[date, str]:
    """The days which the holiday regulation itself makes free, by name, weekends included.

    Regulation on Public Holidays for National Annual Festivals and Memorial Days, art. 2: since
    the revision of 2024 New Year's Eve and 2 May are among them.
    """
    since_2025 = year >= 2025
    days = {date(year, 1, 1): "元旦", date(year, 5, 1): "劳动节"}
    days |= {date(year, 10, n): "国庆节" for n in (1, 2, 3)}
    if since_2025:
        days[date(year, 5, 2)] = "劳动节"
    moving = _lunar_festivals().get(str(year), {})
    for name, first in moving.items():
        day = date.fromisoformat(first)
        eve_to_third = range(-1 if since_2025 else 0, 3)
        span = eve_to_third if name == "春节" else range(1)
        days |= {day + timedelta(days=n): name for n in span}
    return dict(sorted(days.items()))
