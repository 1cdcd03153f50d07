"""The derivation day by day adds up to the date that was computed."""

from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mediation.deadlines import calendar, compute, table
from mediation.deadlines.daily import MOST_DAYS, Part, daily
from mediation.deadlines.period import Direction, Unit
from mediation.deadlines.words import DeadlineError

CALENDAR = calendar.load()
starts = st.dates(min_value=date(2018, 1, 1), max_value=date(2030, 12, 31))
rules = st.sampled_from(
    [p for p in table.PERIODS.values() if p.unit in {Unit.WORKING_DAY, Unit.CALENDAR_DAY}]
)


def lines(code, start, **options):
    return daily(
        compute.due(table.find(code), start, calendar=CALENDAR, **options), calendar=CALENDAR
    )


def test_working_days_are_numbered_and_rest_days_named():
    """G10: five working days from 2026-02-12 over the Spring Festival."""
    found = lines("R06", date(2026, 2, 12))

    told = [(line.day.day, line.part.value, line.number) for line in found]
    assert told == [
        (12, "event", None),
        (13, "counted", 1),
        (14, "counted", 2),
        *((day, "skipped", None) for day in range(15, 24)),
        (24, "counted", 3),
        (25, "counted", 4),
        (26, "last", 5),
    ]
    assert {line.nature.zh for line in found if line.part is Part.SKIPPED} == {"春节"}
    assert found[2].nature.zh == "调休上班日"


def test_end_on_a_rest_day_is_moved_day_by_day():
    found = lines("CONF", date(2026, 9, 2))  # G02: raw 2026-10-02

    assert [(line.day.day, line.part.value) for line in found[30:]] == [
        (2, "counted"), *((day, "moved") for day in range(3, 8)), (8, "last"),
    ]  # fmt: skip


def test_pause_is_taken_out():
    found = lines("R16", date(2026, 6, 5), pauses=[(date(2026, 7, 6), date(2026, 8, 17))])

    assert sum(line.part is Part.PAUSED for line in found) == 42
    assert (found[-1].day, found[-1].number) == (date(2026, 9, 15), 60)


def test_hours_and_many_years_are_told_by_their_ends():
    assert lines("PO72", datetime(2026, 5, 11, 10)) == []
    assert lines("R04", date(2026, 5, 11)) == []
    assert len(lines("R02", date(2026, 5, 11))) <= MOST_DAYS


@pytest.mark.parametrize("code", ["R15", "LAND_HEARING"])
def test_counting_back_numbers_the_days_before(code):
    found = lines(code, date(2026, 10, 15))

    assert [line.number for line in found if line.number] == [1, 2, 3, 4, 5]
    assert found[-1].day == date(2026, 10, 9)


@settings(deadline=None, max_examples=60)
@given(rules, starts, st.integers(1, 40), st.integers(1, 40))
def test_numbers_add_up_to_the_length(period, start, after, length):
    first = start + after * (date(2026, 1, 2) - date(2026, 1, 1))
    resumed = first + length * (date(2026, 1, 2) - date(2026, 1, 1))
    pauses = [] if period.direction is Direction.BACKWARD else [(first, resumed)]
    try:
        found = compute.due(period, start, calendar=CALENDAR, pauses=pauses)
    except DeadlineError:
        return
    shown = daily(found, calendar=CALENDAR)

    numbers = [line.number for line in shown if line.number]
    assert numbers == list(range(1, len(numbers) + 1))
    assert shown[-1].day == found.due
    assert max(numbers) == period.length or first > found.raw - (resumed - first)
