"""When a period ends: exact dates with their derivation. Plain arithmetic that knows no law.

The law is in ``table`` (lengths, units, sources) and in the calendar (working days).
"""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from mediation.deadlines.calendar import WorkCalendar
from mediation.deadlines.period import Direction, Extension, Period, Unit, quantity
from mediation.deadlines.steps import Step, StepKind, day_steps, step
from mediation.deadlines.words import DeadlineError, Said
from mediation.deadlines.yearplan import DAY

Pause = tuple[date, date]  # suspended on (does not count any more), resumed on (counts again)


@dataclass(frozen=True, slots=True)
class Due:
    """The end of one period, and how it was found.

    ``due`` is a date, or a moment if the period is counted in hours. Of a period counted back it
    is the latest lawful day; ``safe`` leaves the full length between it and the event.
    """

    period: Period
    start: date
    raw: date
    due: date
    provisional: bool
    calendar_version: str
    steps: tuple[Step, ...]
    safe: date | None = None
    extend: int = 0
    pauses: tuple[Pause, ...] = ()

    def sentences(self, lang: str) -> list[str]:
        return [one.said.in_language(lang) for one in self.steps]


@dataclass(slots=True)
class _Count:
    """A count under way: where it stands and what was done so far."""

    period: Period
    start: date
    calendar: WorkCalendar
    steps: list[Step] = field(default_factory=list)

    def note(self, kind: StepKind, **facts: object) -> None:
        self.steps.append(step(kind, **facts))


def due(
    period: Period,
    start: date,
    *,
    calendar: WorkCalendar,
    extend: int = 0,
    pauses: Sequence[Pause] = (),
) -> Due:
    """The end of ``period`` when its event happened on ``start``.

    ``extend`` is a length in the period's own unit and is added before the last day is moved off
    rest days. A pause takes the days from the first to the day before the second out of the count.
    Of a period that is granted case by case ``extend`` is what was granted, up to its length.
    Raises ``DeadlineError`` with a sentence when the law knows no such period.
    """
    if period.granted and 0 < extend <= period.length:
        granted = replace(period, length=extend)
        found = due(granted, start, calendar=calendar, pauses=pauses)
        return replace(found, period=period, extend=extend)
    ordered = sorted(pauses)
    _check_start(period, start)
    _check_extension(period, extend)
    _check_pauses(period, start, ordered)
    count = _Count(period, start, calendar)
    try:
        if period.direction is Direction.BACKWARD:
            return _backward(count)
        if period.unit is Unit.HOUR:
            return _hours(count)
        _note_start(count)
        by = _working_days if period.unit is Unit.WORKING_DAY else _calendar_time
        found = by(count, extend, ordered)
        return replace(found, extend=extend, pauses=tuple(ordered))
    except OverflowError:
        raise DeadlineError(
            Said("That date lies beyond the calendar.", "日期超出可计算范围。")
        ) from None


def roll_forward(day: date, *, calendar: WorkCalendar) -> date:
    """``day`` itself, or the first working day after it if it is a rest day."""
    while not calendar.is_work(day):
        day += DAY
    return day


def working_days_left(*, today: date, due: date, calendar: WorkCalendar) -> int:
    """How many working days still lie ahead: after ``today``, up to and including ``due``."""
    return sum(calendar.is_work(today + n * DAY) for n in range(1, (due - today).days + 1))


def working_days_later(day: date, count: int, *, calendar: WorkCalendar) -> date:
    """The ``count``-th working day after ``day``."""
    while count:
        day += DAY
        count -= calendar.is_work(day)
    return day


def working_days_before(day: date, count: int, *, calendar: WorkCalendar) -> date:
    """The ``count``-th working day before ``day``."""
    while count:
        day -= DAY
        count -= calendar.is_work(day)
    return day


def overdue_days(*, today: date, due: date) -> int:
    """Calendar days since the last day passed; 0 while the period runs."""
    return max(0, (today - due).days)


# What may be asked ------------------------------------------------------------------------------


def _check_start(period: Period, start: date) -> None:
    has_hour = isinstance(start, datetime)
    if period.unit is Unit.HOUR and not has_hour:
        raise DeadlineError(
            Said(
                "{code} is counted in hours: give the hour too, as in 2026-05-11T10:00.",
                "{code}按小时计算，请写明时刻，例如2026-05-11T10:00。",
            ).filled(code=period.code)
        )
    if period.unit is not Unit.HOUR and has_hour:
        raise DeadlineError(
            Said(
                "{code} is not counted in hours: give the day alone, as in 2026-05-11.",
                "{code}不按小时计算，请只写日期，例如2026-05-11。",
            ).filled(code=period.code)
        )


def _check_extension(period: Period, extend: int) -> None:
    if extend < 0:
        raise DeadlineError(Said("An extension cannot be negative.", "延长的期限不能为负数。"))
    rule = period.may_extend
    if extend and period.granted:
        raise DeadlineError(
            Said(
                "{code} ({title}) is granted for {most} at most.",
                "{code}（{title}）最多准许{most}。",
            ).filled(code=period.code, title=period.names, most=period.span)
        )
    if extend and rule is None:
        raise DeadlineError(
            Said(
                "The law knows no extension of {code} ({title}).",
                "法律没有规定{code}（{title}）可以延长。",
            ).filled(code=period.code, title=period.names)
        )
    if rule and rule.upto is not None and extend > rule.upto:
        raise DeadlineError(
            Said(
                "{code} ({title}) may be extended by {most} at most.",
                "{code}（{title}）最多延长{most}。",
            ).filled(code=period.code, title=period.names, most=quantity(rule.upto, period.unit))
        )


def _check_pauses(period: Period, start: date, pauses: Sequence[Pause]) -> None:
    if pauses and (period.unit is Unit.HOUR or period.direction is Direction.BACKWARD):
        raise DeadlineError(
            Said("{code} cannot be paused.", "{code}不适用中止。").filled(code=period.code)
        )
    free_from = start
    for first, resumed in pauses:
        if resumed <= first:
            raise DeadlineError(
                Said(
                    "The pause from {first} must end after it begins.",
                    "自{first}起的中止，恢复日须在中止日之后。",
                ).filled(first=first)
            )
        if first < free_from:
            raise DeadlineError(
                Said(
                    "The pause from {first} begins before the period, or while it is paused.",
                    "自{first}起的中止早于期间开始，或者与另一次中止重叠。",
                ).filled(first=first)
            )
        free_from = resumed


def _check_still_running(first: date, ended: date) -> None:
    if first > ended:
        raise DeadlineError(
            Said(
                "The pause from {first} comes too late: the period had ended on {ended}.",
                "自{first}起的中止无效：期间已于{ended}届满。",
            ).filled(first=first, ended=ended)
        )


# The four ways of counting ----------------------------------------------------------------------


def _note_start(count: _Count) -> None:
    event = Said(count.period.starts, count.period.starts_zh)
    count.note(StepKind.STARTED, start=count.start, event=event, first=count.start + DAY)
    _note_age(count, count.start)


def _note_age(count: _Count, start: date) -> None:
    if start < count.period.valid_from:
        count.note(StepKind.OLDER, since=count.period.valid_from)


def _hours(count: _Count) -> Due:
    period, start = count.period, count.start
    count.note(StepKind.STARTED_HOUR, start=start, event=Said(period.starts, period.starts_zh))
    raw = start + timedelta(hours=period.length)
    count.note(StepKind.COUNTED_HOURS, span=period.span, raw=raw)
    return _finished(count, raw=raw, due=raw, provisional_years=[])


def _calendar_time(count: _Count, extend: int, pauses: Sequence[Pause]) -> Due:
    period = count.period
    raw = _later(count.start, period.length, period.unit)
    count.note(StepKind.COUNTED, span=period.span, raw=raw)
    if period.unit in {Unit.MONTH, Unit.YEAR} and raw.day != count.start.day:
        count.note(StepKind.CLIPPED, number=count.start.day)
    if extend and period.may_extend:
        raw = _later(raw, extend, period.unit)
        _note_extension(count, StepKind.EXTENDED, extend, period.may_extend, raw=raw)
    for first, resumed in pauses:
        ends = roll_forward(raw, calendar=count.calendar)
        _check_still_running(first, ends)
        # One that begins when the last day has been moved off rest days moves the day it was moved to.
        raw = (ends if first > raw else raw) + (resumed - first)
        count.note(
            StepKind.PAUSED, first=first, resumed=resumed, days=(resumed - first).days, raw=raw
        )
    last = _rolled(count, raw) if period.roll else raw
    return _finished(count, raw=raw, due=last, provisional_years=_unknown(count, raw, last))


def _working_days(count: _Count, extend: int, pauses: Sequence[Pause]) -> Due:
    period, calendar = count.period, count.calendar
    length = period.length + extend
    for number, (first, resumed) in enumerate(pauses):
        _check_still_running(first, _nth_working_day(count, length, pauses[:number]))
        lost = sum(calendar.is_work(day) for day in _days(first, resumed))
        count.note(StepKind.PAUSED_WORK, first=first, resumed=resumed, days=lost)
    if extend and period.may_extend:
        _note_extension(count, StepKind.EXTENDED_WORK, extend, period.may_extend)
    last = _nth_working_day(count, length, pauses)
    counted = [day for day in _days(count.start + DAY, last + DAY) if not _paused(day, pauses)]
    count.steps += day_steps(counted, calendar=calendar, rest=StepKind.SKIPPED, make_up=True)
    count.note(StepKind.COUNTED_WORK, span=quantity(length, period.unit), count=length, raw=last)
    return _finished(
        count, raw=last, due=last, provisional_years=_unknown(count, count.start + DAY, last)
    )


def _backward(count: _Count) -> Due:
    """Count back: ``latest`` has the length's last working day, ``safe`` one more between."""
    period, calendar, event = count.period, count.calendar, count.start
    latest = working_days_before(event, period.length, calendar=calendar)
    safe = working_days_before(latest, 1, calendar=calendar)
    _note_age(count, event)
    between = _days(latest, event)
    count.steps += day_steps(between, calendar=calendar, rest=StepKind.SKIPPED, make_up=True)
    count.note(StepKind.LATEST, span=period.span, start=event, latest=latest)
    count.note(StepKind.SAFE, span=period.span, safe=safe)
    return _finished(
        count,
        raw=latest,
        due=latest,
        safe=safe,
        provisional_years=_unknown(count, safe, event),
    )


def _finished(
    count: _Count,
    *,
    raw: date,
    due: date,
    provisional_years: list[int],
    safe: date | None = None,
) -> Due:
    period = count.period
    if provisional_years:
        count.note(StepKind.PROVISIONAL, years=", ".join(str(y) for y in provisional_years))
    if period.direction is Direction.FORWARD and period.unit is not Unit.HOUR:
        count.note(StepKind.ENDS, due=due)
    if period.on_expiry:
        count.note(StepKind.EXPIRY, effect=Said(period.on_expiry, period.on_expiry_zh))
    count.note(StepKind.BASIS, basis=period.source)
    return Due(
        period=period,
        start=count.start,
        raw=raw,
        due=due,
        provisional=bool(provisional_years),
        calendar_version=count.calendar.version,
        steps=tuple(count.steps),
        safe=safe,
    )


# Small arithmetic -------------------------------------------------------------------------------


def _later(day: date, length: int, unit: Unit) -> date:
    if unit is Unit.CALENDAR_DAY:
        return day + length * DAY
    months = length * (12 if unit is Unit.YEAR else 1)
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > date.max.year:
        raise OverflowError
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _rolled(count: _Count, raw: date) -> date:
    """Move a last day off the rest days; a make-up working day stays where it is."""
    last = roll_forward(raw, calendar=count.calendar)
    if last != raw:
        count.steps += day_steps(
            _days(raw, last), calendar=count.calendar, rest=StepKind.RESTING, make_up=False
        )
        count.note(StepKind.ROLLED, due=last)
    elif count.calendar.is_make_up(raw):
        count.note(StepKind.STAYED, due=raw)
    return last


def _nth_working_day(count: _Count, length: int, pauses: Sequence[Pause]) -> date:
    day = count.start
    while length:
        day += DAY
        length -= count.calendar.is_work(day) and not _paused(day, pauses)
    return day


def _paused(day: date, pauses: Sequence[Pause]) -> bool:
    return any(first <= day < resumed for first, resumed in pauses)


def _days(first: date, end: date) -> list[date]:
    """The days from ``first`` up to but not including ``end``."""
    return [first + n * DAY for n in range((end - first).days)]


def _note_extension(
    count: _Count, kind: StepKind, extend: int, rule: Extension, **facts: object
) -> None:
    condition = Said(rule.condition, rule.condition_zh)
    count.note(kind, span=quantity(extend, count.period.unit), condition=condition, **facts)


def _unknown(count: _Count, first: date, last: date) -> list[int]:
    """The years between whose days off nobody has announced."""
    years = range(first.year, last.year + 1)
    return [year for year in years if count.calendar.is_provisional(year)]
