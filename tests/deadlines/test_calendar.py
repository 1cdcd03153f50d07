import json
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import holidays
import pytest
from holidays.calendars.chinese import _ChineseLunisolar

from mediation.deadlines import calendar
from mediation.deadlines.words import Said
from mediation.deadlines.yearplan import Rest, YearPlan

VECTORS = Path(__file__).parents[1] / "vectors"
ANNOUNCED = range(2018, 2027)


@pytest.fixture(scope="module")
def work_calendar():
    return calendar.load()


def days_of(year):
    first = date(year, 1, 1)
    return [first + timedelta(days=n) for n in range((date(year, 12, 31) - first).days + 1)]


def plan_2027(**changed):
    facts = {
        "year": 2027,
        "notices": ("test notice",),
        "rests": (Rest("元旦", date(2027, 1, 1), date(2027, 1, 3)),),
        "work": (date(2026, 12, 26),),
    }
    return YearPlan(**facts | changed)


@pytest.mark.parametrize("year", ANNOUNCED)
def test_every_day_agrees_with_two_independent_calendars(work_calendar, year):
    first_opinion = holidays.country_holidays("CN", years=[year - 1, year, year + 1])

    ours = {day: work_calendar.is_work(day) for day in days_of(year)}

    assert ours == {day: first_opinion.is_working_day(day) for day in ours}
    assert ours == {day: chinese_calendar.is_workday(day) for day in ours}


def test_shipped_years_are_those_of_the_vectors(work_calendar):
    plans = {plan.year: plan for plan in calendar.read_plans(calendar.SHIPPED)}
    vectors = json.loads((VECTORS / "holidays_2025_2026.json").read_text())

    for year, expected in vectors.items():
        ranges = [[day, day] if isinstance(day, str) else day for day in expected["rest"]]
        plan = plans[int(year)]

        assert [[str(rest.first), str(rest.last)] for rest in plan.rests] == ranges
        assert [str(day) for day in plan.work] == expected["work"]


@pytest.mark.parametrize(("year", "count"), [(2024, 251), (2025, 248), (2026, 248)])
def test_working_days_of_a_year(work_calendar, year, count):
    assert sum(map(work_calendar.is_work, days_of(year))) == count


@pytest.mark.parametrize("year", range(2000, 2100))
def test_festival_dates_agree_with_an_independent_lunar_calendar(year):
    lunar = _ChineseLunisolar()

    festivals = calendar._lunar_festivals()[str(year)]

    assert festivals == {
        "春节": str(lunar.lunar_new_year_date(year)[0]),
        "清明节": str(lunar.qingming_date(year)[0]),
        "端午节": str(lunar.dragon_boat_date(year)[0]),
        "中秋节": str(lunar.mid_autumn_date(year)[0]),
    }


@pytest.mark.parametrize("year", [2025, 2026])
def test_announced_plans_contain_the_thirteen_statutory_days(year):
    [plan] = [plan for plan in calendar.read_plans(calendar.SHIPPED) if plan.year == year]

    statutory = calendar.statutory_days(year)

    assert len(statutory) in {12, 13}  # Mid-Autumn may fall on a National Day
    assert set(statutory) <= set(plan.rest_days)


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        (date(2026, 2, 20), Said("Spring Festival", "春节")),
        (date(2026, 2, 14), Said("make-up working day", "调休上班日")),
        (date(2026, 3, 1), Said("weekend", "周末")),
        (date(2026, 3, 2), Said("working day", "工作日")),
        (date(2025, 10, 6), Said("National Day and Mid-Autumn Festival", "国庆节、中秋节")),
        (date(2018, 12, 31), Said("New Year's Day", "元旦")),
    ],
)
def test_why_names_the_reason(work_calendar, day, reason):
    assert work_calendar.why(day) == reason


@pytest.mark.parametrize(
    "partial_holiday", [date(2027, 3, 8), date(2027, 5, 4), date(2026, 6, 1), date(2028, 8, 1)]
)
def test_holidays_of_some_citizens_are_working_days(work_calendar, partial_holiday):
    # Women's, Youth, Children's and Army Day are no rest days for terms (regulation, art. 3).
    assert work_calendar.is_work(partial_holiday)


def test_unannounced_year_rests_on_weekends_and_statutory_festivals(work_calendar):
    resting = [day for day in days_of(2027) if day.weekday() < 5 and not work_calendar.is_work(day)]

    assert resting == [
        date(2027, 1, 1),
        date(2027, 2, 5),  # New Year's Eve; days 1 and 2 are a weekend
        date(2027, 2, 8),
        date(2027, 4, 5),
        date(2027, 6, 9),
        date(2027, 9, 15),
        date(2027, 10, 1),
    ]


def test_only_announced_years_are_certain(work_calendar):
    provisional = [year for year in range(2016, 2030) if work_calendar.is_provisional(year)]

    assert provisional == [2016, 2017, 2027, 2028, 2029]


def test_calendar_answers_for_every_year(work_calendar):
    assert not work_calendar.is_work(date(1998, 10, 1))
    assert not work_calendar.is_work(date(2150, 10, 1))
    assert work_calendar.is_work(date(2150, 10, 5))


def test_new_plan_makes_the_year_certain_and_reaches_into_december(work_calendar):
    newer = work_calendar.with_plan(plan_2027())

    assert not newer.is_provisional(2027)
    assert newer.is_work(date(2026, 12, 26))
    assert newer.version != work_calendar.version
    assert newer.version.startswith("2027-")
    assert work_calendar.is_provisional(2027)


def test_version_depends_on_content_alone(work_calendar):
    assert calendar.load().version == work_calendar.version


def test_changes_lists_the_days_that_differ(work_calendar):
    newer = work_calendar.with_plan(plan_2027())

    found = calendar.changes(work_calendar, newer, year=2027)

    weekend = Said("weekend", "周末")
    new_year = Said("New Year's Day", "元旦")
    assert found[:3] == [
        calendar.Change(date(2026, 12, 26), weekend, Said("make-up working day", "调休上班日")),
        calendar.Change(date(2027, 1, 2), weekend, new_year),
        calendar.Change(date(2027, 1, 3), weekend, new_year),
    ]
