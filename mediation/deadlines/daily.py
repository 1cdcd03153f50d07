"""A period day by day: which day counted, which was skipped and why, and where it ended."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from mediation.deadlines.calendar import WorkCalendar
from mediation.deadlines.compute import Due
from mediation.deadlines.period import Direction, Unit
from mediation.deadlines.words import Said
from mediation.deadlines.yearplan import DAY

MOST_DAYS = 400
"""A term of years is told by its ends; nobody reads its seven thousand days."""


class Part(StrEnum):
    """What a day is to the count."""

    EVENT = "event"  # its own day is not counted
    COUNTED = "counted"
    SKIPPED = "skipped"  # a rest day in a period of working days
    PAUSED = "paused"
    MOVED = "moved"  # after the raw last day: a rest day from which the end is moved on
    LAST = "last"


@dataclass(frozen=True, slots=True)
class DayLine:
    """One day. ``number``: the how manieth day of the period it is, if it counts."""

    day: date
    part: Part
    nature: Said
    number: int | None = None


def daily(found: Due, *, calendar: WorkCalendar) -> list[DayLine]:
    """Every day from the event to the last one. Empty for hours and for terms of many years."""
    if found.period.unit is Unit.HOUR or abs((found.due - found.start).days) > MOST_DAYS:
        return []
    if found.period.direction is Direction.BACKWARD:
        return list(_back(found, calendar))
    return list(_forward(found, calendar))


def _forward(found: Due, calendar: WorkCalendar) -> Iterator[DayLine]:
    by_working_day = found.period.unit is Unit.WORKING_DAY
    number, day = 0, found.start
    full = _days(found)
    yield DayLine(day, Part.EVENT, calendar.why(day))
    while day < found.due:
        day += DAY
        nature = calendar.why(day)
        if any(first <= day < resumed for first, resumed in found.pauses):
            part = Part.LAST if day == found.due else Part.PAUSED
            yield DayLine(day, part, nature)
        elif by_working_day and not calendar.is_work(day):
            yield DayLine(day, Part.SKIPPED, nature)
        elif day > found.raw or number == full:
            yield DayLine(day, Part.LAST if day == found.due else Part.MOVED, nature)
        else:
            number += 1
            yield DayLine(day, Part.LAST if day == found.due else Part.COUNTED, nature, number)


def _days(found: Due) -> int | None:
    """How many days a period of calendar days has; no count is known of months and years."""
    period = found.period
    if period.unit is not Unit.CALENDAR_DAY:
        return None
    return found.extend if period.granted and found.extend else period.length + found.extend


def _back(found: Due, calendar: WorkCalendar) -> Iterator[DayLine]:
    number, day = 0, found.start
    yield DayLine(day, Part.EVENT, calendar.why(day))
    while day > found.due:
        day -= DAY
        if calendar.is_work(day):
            number += 1
            part = Part.LAST if day == found.due else Part.COUNTED
            yield DayLine(day, part, calendar.why(day), number)
        else:
            yield DayLine(day, Part.SKIPPED, calendar.why(day))
