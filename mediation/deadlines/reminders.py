"""When whoever has to act is told that a clock will run out: at half past eight of some days before."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Final

from django.utils import timezone

from mediation.deadlines.calendar import WorkCalendar
from mediation.deadlines.compute import working_days_before

MORNING: Final = time(8, 30)

# Calendar days before the last day. The clock that mediation does not stop is told of most often.
APPLYING = (30, 15, 7, 3, 1)
DAYS_BEFORE: Final = {
    # Whichever of its limits binds the application (arts. 20, 21).
    **dict.fromkeys(("R01", "R02", "R04", "R05"), APPLYING),
    "CONF": (10, 3),
    "OBLIGATION": (3, 0),
    "VISIT": (3, 0),
}
WORKING_DAYS_BEFORE: Final = (3, 1)
"""For every other clock."""


def first(rule: str, *, start: date, due: date, calendar: WorkCalendar) -> datetime | None:
    """The first reminder after the day on which the clock began to run."""
    return _moment(next((day for day in days(rule, due, calendar) if day > start), None))


def following(rule: str, *, due: date, calendar: WorkCalendar, now: datetime) -> datetime | None:
    """The first reminder that is still ahead at ``now``. Reminders that were missed are one."""
    moments = (_moment(day) for day in days(rule, due, calendar))
    return next((moment for moment in moments if moment and moment > now), None)


def days(rule: str, due: date, calendar: WorkCalendar) -> Iterator[date]:
    """The days on which the clock is told of, in their order."""
    if rule in DAYS_BEFORE:
        yield from (due - timedelta(days=count) for count in DAYS_BEFORE[rule])
    else:
        for count in WORKING_DAYS_BEFORE:
            yield working_days_before(due, count, calendar=calendar)


def _moment(day: date | None) -> datetime | None:
    return timezone.make_aware(datetime.combine(day, MORNING)) if day else None
