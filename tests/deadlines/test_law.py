"""Last days worked out by hand from the articles, and every rule against a computation of its own.

Nothing here is taken from the house's arithmetic: the days off are the notice's, typed once more, and the
counting below is the words of the law (Civil Code arts. 200 to 203, Civil Procedure Law art. 85).
"""

from datetime import date, datetime, timedelta

import pytest

from mediation.deadlines import calendar, compute, table
from mediation.deadlines.period import Direction, Unit

CALENDAR = calendar.load()
DAY = timedelta(days=1)


def d(text):
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


def span(first, last):
    return {d(first) + n * DAY for n in range((d(last) - d(first)).days + 1)}


# By hand ------------------------------------------------------------------------------------------

# rule, day of the event, days of extension, pauses, raw last day, last day
BY_HAND = [
    # The last day is a rest day, or one that was made a working day.
    ("CONF", "2025-12-02", 0, "", "2026-01-01", "2026-01-04"),  # New Year; make-up Sunday
    ("R26", "2026-04-20", 0, "", "2026-05-05", "2026-05-06"),
    ("R01", "2026-04-22", 0, "", "2026-06-21", "2026-06-22"),
    ("R24", "2026-07-28", 0, "", "2026-09-26", "2026-09-28"),
    ("R18", "2026-01-15", 0, "", "2026-02-14", "2026-02-14"),  # make-up Saturday
    ("L01", "2026-02-13", 0, "", "2026-02-28", "2026-02-28"),  # make-up Saturday
    ("R18", "2026-08-20", 0, "", "2026-09-19", "2026-09-20"),  # Saturday, then a make-up Sunday
    ("REDO", "2026-08-05", 0, "", "2026-10-04", "2026-10-08"),
    ("OPINION", "2026-02-20", 0, "", "2026-04-21", "2026-04-21"),
    ("R30", "2025-12-05", 0, "", "2026-02-03", "2026-02-03"),
    ("COURT_PRE", "2026-01-17", 0, "", "2026-02-16", "2026-02-24"),
    ("COURT_POST", "2026-09-11", 0, "", "2026-09-26", "2026-09-28"),
    ("COURT_SUMMARY", "2026-09-29", 0, "", "2026-10-06", "2026-10-08"),
    ("COURT_DOCKET", "2026-04-28", 0, "", "2026-05-05", "2026-05-06"),
    ("MED", "2024-01-10", 0, "", "2024-02-09", "2024-02-09"),  # New Year's Eve was no holiday then
    ("CONF", "2024-01-30", 0, "", "2024-02-29", "2024-02-29"),
    # Working days across both ends of a holiday.
    ("R06", "2025-01-24", 0, "", "2025-02-07", "2025-02-07"),  # 26 (make-up), 27, 05, 06, 07
    ("R13", "2025-09-26", 0, "", "2025-09-30", "2025-09-30"),  # 28 (make-up), 29, 30
    ("R12", "2025-09-26", 0, "", "2025-10-16", "2025-10-16"),  # 28-30, 09, 10, 11 (make-up), 13-16
    ("X04", "2026-09-18", 0, "", "2026-09-24", "2026-09-24"),  # 20 (make-up), 21-24
    ("L06", "2026-09-24", 0, "", "2026-10-09", "2026-10-09"),  # 28-30, 08, 09
    ("INFO", "2026-01-30", 0, "", "2026-03-05", "2026-03-05"),
    ("INFO", "2026-01-30", 20, "", "2026-04-02", "2026-04-02"),
    ("MEDICAL", "2026-01-28", 0, "", "2026-03-17", "2026-03-17"),
    # Into a year that nobody has announced: weekends and statutory festivals.
    ("R11", "2026-12-24", 0, "", "2027-01-05", "2027-01-05"),  # 25, 28-31, 04, 05
    ("MED", "2026-12-02", 0, "", "2027-01-01", "2027-01-04"),
    ("R16", "2026-12-08", 0, "", "2027-02-06", "2027-02-09"),  # Spring Festival: eve and three days
    ("X05", "2026-11-03", 0, "", "2027-01-02", "2027-01-04"),
    ("X05", "2026-11-03", 30, "", "2027-02-01", "2027-02-01"),
    ("TRIAL", "2026-08-31", 0, "", "2027-02-28", "2027-03-01"),
    # Months and years end on the corresponding day, or on the last of the month.
    ("R28", "2025-08-29", 0, "", "2026-02-28", "2026-02-28"),
    ("R28", "2025-08-30", 0, "", "2026-02-28", "2026-02-28"),
    ("R28", "2025-12-31", 0, "", "2026-06-30", "2026-06-30"),
    ("R28", "2026-03-31", 0, "", "2026-09-30", "2026-09-30"),
    ("R28", "2026-04-30", 0, "", "2026-10-30", "2026-10-30"),
    ("R02", "2024-02-29", 0, "", "2025-02-28", "2025-02-28"),
    ("L05", "2025-02-15", 0, "", "2026-02-15", "2026-02-24"),
    ("ENFORCE", "2024-10-03", 0, "", "2026-10-03", "2026-10-08"),
    ("R05", "2021-02-28", 0, "", "2026-02-28", "2026-02-28"),
    ("TRIAL_SUMMARY", "2025-11-30", 0, "", "2026-02-28", "2026-02-28"),
    ("TRIAL_SUMMARY", "2025-11-30", 1, "", "2026-03-28", "2026-03-30"),
    # Extended, then moved off the rest days; never the other way round.
    ("R16", "2026-07-04", 0, "", "2026-09-02", "2026-09-02"),
    ("R16", "2026-07-04", 30, "", "2026-10-02", "2026-10-08"),
    ("L08", "2026-08-17", 0, "", "2026-10-01", "2026-10-08"),
    ("L08", "2026-08-17", 15, "", "2026-10-16", "2026-10-16"),
    # Pauses: over the end, two of them, with an extension, and in working days.
    ("R16", "2026-03-02", 0, "2026-04-20:2026-06-01", "2026-06-12", "2026-06-12"),
    ("R16", "2026-06-05", 0, "2026-06-10:2026-06-20 2026-07-01:2026-07-06", "2026-08-19", "2026-08-19"),
    ("R16", "2026-06-05", 30, "2026-06-10:2026-06-20 2026-07-01:2026-07-06", "2026-09-18", "2026-09-18"),
    ("R01", "2026-08-03", 0, "2026-09-28:2026-10-05", "2026-10-09", "2026-10-09"),
    ("MEDICAL", "2026-01-28", 0, "2026-02-02:2026-03-02", "2026-04-09", "2026-04-09"),
    # Hours run through everything; the day and the hour stay.
    ("PO72", "2026-10-01T23:30", 0, "", "2026-10-04T23:30", "2026-10-04T23:30"),
    ("PO24", "2026-02-28T09:15", 0, "", "2026-03-01T09:15", "2026-03-01T09:15"),
    ("PO72", "2024-02-28T12:00", 0, "", "2024-03-02T12:00", "2024-03-02T12:00"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "start", "extend", "pauses", "raw", "due"),
    [pytest.param(*row, id="-".join(str(part) for part in row[:4] if part)) for row in BY_HAND],
)
def test_last_day_is_the_one_worked_out_by_hand(code, start, extend, pauses, raw, due):
    stretches = [tuple(map(d, one.split(":"))) for one in pauses.split()]

    found = compute.due(
        table.find(code), d(start), calendar=CALENDAR, extend=extend, pauses=stretches
    )

    assert (found.raw, found.due) == (d(raw), d(due))
    assert found.provisional == (found.due.year > 2026)


@pytest.mark.parametrize(
    ("code", "hearing", "latest", "safe"),
    [
        ("R15", "2026-10-12", "2026-09-29", "2026-09-28"),  # 10 (make-up), 09, 08, 30, 29
        ("R15", "2026-03-02", "2026-02-24", "2026-02-14"),  # 28 (make-up), 27-24
        ("LAND_HEARING", "2026-02-26", "2026-02-12", "2026-02-11"),  # 25, 24, 14 (make-up), 13, 12
    ],
)
def test_notice_before_a_hearing_is_counted_back_by_hand(code, hearing, latest, safe):
    found = compute.due(table.find(code), d(hearing), calendar=CALENDAR)

    assert (found.due, found.safe) == (d(latest), d(safe))


# Every rule, counted anew ---------------------------------------------------------------------------

REST = (
    *("2025-01-01 2025-01-01", "2025-01-28 2025-02-04", "2025-04-04 2025-04-06"),
    *("2025-05-01 2025-05-05", "2025-05-31 2025-06-02", "2025-10-01 2025-10-08"),
    *("2026-01-01 2026-01-03", "2026-02-15 2026-02-23", "2026-04-04 2026-04-06"),
    *("2026-05-01 2026-05-05", "2026-06-19 2026-06-21", "2026-09-25 2026-09-27"),
    "2026-10-01 2026-10-07",
    # 2027 by the regulation alone: festivals, no bridges.
    *("2027-01-01 2027-01-01", "2027-02-05 2027-02-08", "2027-04-05 2027-04-05"),
    *("2027-05-01 2027-05-02", "2027-06-09 2027-06-09", "2027-09-15 2027-09-15"),
    "2027-10-01 2027-10-03",
)
OFF = set().union(*(span(*one.split()) for one in REST))
MAKE_UP = {
    *map(d, ("2025-01-26", "2025-02-08", "2025-04-27", "2025-09-28", "2025-10-11", "2026-01-04")),
    *map(d, ("2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10")),
}


def works(day):
    return day in MAKE_UP or (day.isoweekday() <= 5 and day not in OFF)


def counted(start, length, *, only_work, pauses=()):
    """Walk on from the day after the event; a day that is not counted costs nothing (art. 201)."""
    day = start
    while length:
        day += DAY
        if any(first <= day < resumed for first, resumed in pauses):
            continue
        length -= works(day) if only_work else 1
    return day


def month_on(start, months):
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    for number in range(start.day, 27, -1):
        try:
            return date(year, month + 1, number)
        except ValueError:
            continue
    return date(year, month + 1, start.day)


def after_the_rest(day):
    return day if works(day) else after_the_rest(day + DAY)


def by_the_words(period, start, *, extend=0, pauses=()):
    if period.unit is Unit.WORKING_DAY:
        return counted(start, period.length + extend, only_work=True, pauses=pauses)
    if period.unit is Unit.CALENDAR_DAY:
        raw = counted(start, period.length + extend, only_work=False, pauses=pauses)
    else:
        twelve = 12 if period.unit is Unit.YEAR else 1
        raw = month_on(start, period.length * twelve)
        raw = month_on(raw, extend * twelve) if extend else raw
        raw += sum(((resumed - first) for first, resumed in pauses), timedelta())
    return after_the_rest(raw)


# Month ends, the days around every holiday, make-up days, ordinary days, the end of the year.
STARTS = sorted(
    span("2025-01-20", "2025-02-10")
    | span("2025-09-22", "2025-10-14")
    | span("2025-12-20", "2026-03-05")
    | span("2026-04-01", "2026-05-12")
    | {date(2026, month, 1) - DAY for month in range(2, 13)}
    | span("2026-06-15", "2026-06-24")
    | span("2026-08-15", "2026-10-12")
)
KNOWN_UNTIL = date(2027, 12, 31)
SHORT = [
    period
    for period in table.PERIODS.values()
    if period.direction is Direction.FORWARD
    and period.unit is not Unit.HOUR
    and (period.unit is not Unit.YEAR or period.length == 1)
]


@pytest.mark.parametrize("period", SHORT, ids=lambda period: period.code)
def test_every_rule_ends_where_the_words_of_the_law_end_it(period):
    most = period.may_extend and (period.may_extend.upto or 5)
    extensions = {0, *({1, most} if most else ())}

    wrong = [
        (start, extend, found.due, expected)
        for start in STARTS
        for extend in extensions
        if (expected := by_the_words(period, start, extend=extend)) <= KNOWN_UNTIL
        and (found := compute.due(period, start, calendar=CALENDAR, extend=extend)).due != expected
    ]

    assert wrong == []


@pytest.mark.parametrize("period", [p for p in SHORT if p.stops], ids=lambda period: period.code)
def test_every_pause_is_left_out_wherever_it_lies(period):
    """One that begins with the period, in the middle, on the last day and reaching over it; and two."""
    wrong = []
    for start in STARTS[::3]:
        end = compute.due(period, start, calendar=CALENDAR).raw
        middle = start + (end - start) // 2
        for pauses in (
            [(start + DAY, start + 4 * DAY)],
            [(middle, middle + 10 * DAY)],
            [(end, end + 25 * DAY)],
            [(middle, end + 40 * DAY)],
            [(start + DAY, start + 3 * DAY), (end, end + 3 * DAY)],
        ):
            expected = by_the_words(period, start, pauses=pauses)
            found = compute.due(period, start, calendar=CALENDAR, pauses=pauses)
            if expected <= KNOWN_UNTIL and found.due != expected:
                wrong.append((start, pauses, found.due, expected))

    assert wrong == []
