from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mediation.deadlines import calendar, compute, table
from mediation.deadlines.period import Direction, Period, Unit
from mediation.deadlines.words import DeadlineError

CALENDAR = calendar.load()
DAY = timedelta(days=1)
SHANGHAI = timezone(timedelta(hours=8))

FORWARD = [
    period
    for period in table.PERIODS.values()
    if period.direction is Direction.FORWARD and period.unit is not Unit.HOUR
]
BY_CALENDAR = [period for period in FORWARD if period.unit is not Unit.WORKING_DAY]
BY_WORKING_DAY = [period for period in FORWARD if period.unit is Unit.WORKING_DAY]
BACKWARD = [period for period in table.PERIODS.values() if period.direction is Direction.BACKWARD]

# The machine of the suite may be busy: time limits belong to the benchmarks.
unhurried = settings(deadline=None)
starts = st.dates(min_value=date(2017, 6, 1), max_value=date(2035, 12, 31))


def due(code, start, **options):
    return compute.due(table.find(code), start, calendar=CALENDAR, **options)


def months(count):
    return Period(
        code="TEST",
        title="Months",
        title_zh="按月",
        length=count,
        unit=Unit.MONTH,
        starts="it began",
        starts_zh="开始",
        basis=table.find("R28").basis,
    )


def working_days_in(first, end):
    return sum(CALENDAR.is_work(first + n * DAY) for n in range((end - first).days))


# Dated examples ---------------------------------------------------------------------------------


def test_hearing_notice_has_a_latest_and_a_safe_day():  # 行政复议法 51
    found = due("R15", date(2026, 10, 15))

    assert (found.due, found.safe) == (date(2026, 10, 9), date(2026, 10, 8))


@pytest.mark.parametrize(
    ("code", "ends"),
    [("PO72", datetime(2026, 5, 14, 10)), ("PO24", datetime(2026, 5, 12, 10))],
)
def test_hours_run_through_everything(code, ends):  # 反家庭暴力法 28
    found = due(code, datetime(2026, 5, 11, 10))

    assert (found.raw, found.due, found.provisional) == (ends, ends, False)


def test_hours_keep_the_offset_they_were_given():
    found = due("PO24", datetime(2026, 9, 30, 23, 30, tzinfo=SHANGHAI))

    assert found.due == datetime(2026, 10, 1, 23, 30, tzinfo=SHANGHAI)
    assert found.due.tzinfo is SHANGHAI


@pytest.mark.parametrize(
    ("start", "count", "raw"),
    [
        (date(2023, 12, 31), 2, date(2024, 2, 29)),
        (date(2024, 12, 31), 2, date(2025, 2, 28)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 8, 31), 1, date(2026, 9, 30)),
        (date(2026, 11, 15), 2, date(2027, 1, 15)),
    ],
)
def test_months_end_on_the_corresponding_day_or_month_end(start, count, raw):  # 民法典 202
    found = compute.due(months(count), start, calendar=CALENDAR)

    assert found.raw == raw


def test_year_from_leap_day_ends_on_28_february():  # 民法典 202
    assert due("R02", date(2024, 2, 29)).raw == date(2025, 2, 28)


def test_extension_is_added_before_the_last_day_is_moved():  # 行政复议法 62
    assert due("R16", date(2026, 9, 30)).due == date(2026, 11, 30)

    assert due("R16", date(2026, 9, 30), extend=30).due == date(2026, 12, 29)


def test_extension_as_a_rule_of_its_own_gives_the_same_day():  # 行政复议法 62
    ordinary = due("R16", date(2026, 9, 30))

    assert due("R17", ordinary.raw).due == due("R16", date(2026, 9, 30), extend=30).due


def test_suspension_moves_the_raw_date():  # 行政复议法 39
    found = due("R16", date(2026, 6, 5), pauses=[(date(2026, 7, 6), date(2026, 8, 17))])

    assert (found.raw, found.due) == (date(2026, 9, 15), date(2026, 9, 15))


def test_two_pauses_add_up_whatever_their_order():
    first, second = (date(2026, 6, 10), date(2026, 6, 20)), (date(2026, 7, 1), date(2026, 7, 6))

    found = due("R16", date(2026, 6, 5), pauses=[second, first])

    assert found.raw == date(2026, 8, 4) + 15 * DAY


def test_pause_may_begin_in_the_extended_term():
    found = due(
        "R16",
        date(2026, 6, 5),
        extend=30,
        pauses=[(date(2026, 8, 20), date(2026, 8, 25))],
    )

    assert found.raw == date(2026, 9, 3) + 5 * DAY


@pytest.mark.parametrize(
    ("code", "start", "pause", "last"),
    [
        # The raw day is Sunday; on Monday, the last day, the case is suspended: the Monday is still owed.
        ("R16", "2026-09-30", "2026-11-30:2026-12-05", "2026-12-07"),
        # Moved over the Spring Festival to 24 February, and stopped on that very day.
        ("MED", "2026-01-16", "2026-02-24:2026-03-10", "2026-03-10"),
        # Stopped while the holiday still lasts, on a day that would not have been the last.
        ("R01", "2026-08-03", "2026-10-05:2026-10-12", "2026-10-15"),
    ],
)
def test_no_period_ends_while_it_stands_still(code, start, pause, last):
    """民法典第二百零三条；行政复议法第三十九条."""
    stretch = tuple(map(date.fromisoformat, pause.split(":")))

    found = due(code, date.fromisoformat(start), pauses=[stretch])

    assert str(found.due) == last
    assert found.due >= stretch[1]


def test_appraisal_takes_its_working_days_out_of_the_count():  # 医疗纠纷预防和处理条例 38
    undisturbed = due("MEDICAL", date(2026, 9, 1))
    appraisal = (date(2026, 9, 10), date(2026, 9, 20))  # seven working days

    found = due("MEDICAL", date(2026, 9, 1), pauses=[appraisal])

    assert undisturbed.due == date(2026, 10, 19)
    assert found.due == date(2026, 10, 28)
    assert working_days_in(undisturbed.due + DAY, found.due + DAY) == 7


def test_date_in_an_unannounced_year_is_provisional():
    assert due("MED", date(2026, 12, 20)).provisional
    assert not due("MED", date(2026, 11, 20)).provisional


def test_working_days_reaching_into_an_unannounced_year_are_provisional():
    assert due("R12", date(2026, 12, 25)).provisional


@pytest.mark.parametrize(
    ("today", "left", "overdue"),
    [
        (date(2026, 2, 12), 5, 0),
        (date(2026, 2, 23), 3, 0),
        (date(2026, 2, 26), 0, 0),
        (date(2026, 3, 1), 0, 3),
    ],
)
def test_days_left_and_overdue(today, left, overdue):
    last = date(2026, 2, 26)

    assert compute.working_days_left(today=today, due=last, calendar=CALENDAR) == left
    assert compute.overdue_days(today=today, due=last) == overdue


# Refusals ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "start", "options", "sentence"),
    [
        ("R18", date(2026, 6, 5), {"extend": 1}, "knows no extension"),
        ("R16", date(2026, 6, 5), {"extend": 31}, "30 calendar days at most"),
        ("R16", date(2026, 6, 5), {"extend": -1}, "cannot be negative"),
        ("PO72", date(2026, 6, 5), {}, "give the hour too"),
        ("R06", datetime(2026, 6, 5, 9), {}, "give the day alone"),
        ("R05", date(9999, 1, 1), {}, "beyond the calendar"),
        ("R16", date(9999, 12, 30), {}, "beyond the calendar"),
        ("R15", date(1, 1, 2), {}, "beyond the calendar"),
    ],
)
def test_unlawful_question_is_refused_with_a_sentence(code, start, options, sentence):
    with pytest.raises(DeadlineError, match=sentence):
        due(code, start, **options)


@pytest.mark.parametrize(
    ("code", "pauses", "sentence"),
    [
        ("R16", [(date(2026, 7, 6), date(2026, 7, 6))], "end after it begins"),
        ("R16", [(date(2026, 6, 4), date(2026, 6, 8))], "begins before the period"),
        (
            "R16",
            [(date(2026, 6, 10), date(2026, 6, 20)), (date(2026, 6, 19), date(2026, 6, 25))],
            "while it is paused",
        ),
        ("R16", [(date(2026, 8, 5), date(2026, 8, 9))], "had ended on 2026-08-04"),
        ("R06", [(date(2026, 6, 15), date(2026, 6, 20))], "had ended on 2026-06-12"),
        ("R15", [(date(2026, 6, 10), date(2026, 6, 20))], "cannot be paused"),
    ],
)
def test_impossible_pause_is_refused_with_a_sentence(code, pauses, sentence):
    with pytest.raises(DeadlineError, match=sentence):
        due(code, date(2026, 6, 5), pauses=pauses)


def test_refusal_speaks_chinese_too():
    with pytest.raises(DeadlineError) as caught:
        due("R16", date(2026, 6, 5), extend=31)

    assert caught.value.in_language("zh") == "R16（作出复议决定（普通程序））最多延长30日。"


# The derivation ---------------------------------------------------------------------------------


def test_derivation_tells_every_step_in_chinese():
    assert due("R06", date(2026, 2, 12)).sentences("zh") == [
        (
            "2026年2月12日（星期四）行政复议机关收到复议申请，当日不计入，"
            "自2026年2月13日（星期五）起算（《民法典》第201条）。"
        ),
        "计入：2026年2月14日（星期六）（调休上班日）。",
        "不计入：2026年2月15日（星期日）至2026年2月23日（星期一）（春节）。",
        "期间只计工作日，第5个工作日为2026年2月26日（星期四）。",
        "期间于2026年2月26日（星期四）24时届满；有业务时间的，至停止业务活动时届满。",
        "逾期后果：未作出不予受理决定的，视为受理。",
        "依据：《中华人民共和国行政复议法》第30条、《中华人民共和国行政复议法》第88条第2款。",
    ]


def test_derivation_tells_the_move_off_rest_days():
    assert due("R01", date(2026, 8, 3)).sentences("en") == [
        (
            "2026-08-03 (Monday): the applicant knew or should have known the administrative act. "
            "That day is not counted; counting begins on 2026-08-04 (Tuesday) "
            "(Civil Code, art. 201)."
        ),
        "60 calendar days later is 2026-10-02 (Friday).",
        "Rest: 2026-10-02 (Friday) to 2026-10-07 (Wednesday) (National Day).",
        (
            "The last day is a rest day, so the period ends on the first working day after it, "
            "2026-10-08 (Thursday) (Civil Code, art. 203; Civil Procedure Law, art. 85)."
        ),
        "The period ends on 2026-10-08 (Thursday) at 24:00, or at the close of business.",
        "If it passes: the application is out of time and is not accepted.",
        "Basis: Administrative Reconsideration Law (2023), art. 20(1).",
    ]


@pytest.mark.parametrize(
    ("code", "start", "options", "sentence"),
    [
        ("MED", date(2026, 8, 21), {}, "2026年9月20日（星期日）为调休上班日，不顺延。"),
        (
            "R28",
            date(2025, 8, 31),
            {},
            "该月没有31日，以该月最后一日为届满日（《民法典》第202条）。",
        ),
        (
            "R16",
            date(2026, 6, 5),
            {"extend": 30},
            (
                "延长30日（经行政复议机构负责人批准并书面告知当事人），"
                "届满日变为2026年9月3日（星期四）。"
            ),
        ),
        (
            "R16",
            date(2026, 6, 5),
            {"pauses": [(date(2026, 7, 6), date(2026, 8, 17))]},
            (
                "2026年7月6日（星期一）中止，2026年8月17日（星期一）恢复，顺加42日，"
                "届满日变为2026年9月15日（星期二）。"
            ),
        ),
        (
            "MEDICAL",
            date(2026, 9, 1),
            {"extend": 10},
            "延长10个工作日（调解委员会和医患双方约定）。",
        ),
        (
            "MED",
            date(2026, 12, 20),
            {},
            "2027年放假安排尚未公布或者尚未导入，按周末和法定节日推算，本日期为暂定。",
        ),
        (
            "R06",
            date(2023, 6, 5),
            {},
            "所引条文自2024年1月1日（星期一）起施行，此前的事项请核对当时有效的规定。",
        ),
    ],
)
def test_derivation_says_what_happened(code, start, options, sentence):
    assert sentence in due(code, start, **options).sentences("zh")


# Properties -------------------------------------------------------------------------------------


@unhurried
@given(period=st.sampled_from(FORWARD), start=starts, later=st.integers(1, 60))
def test_later_start_never_ends_earlier(period, start, later):
    one = compute.due(period, start, calendar=CALENDAR)
    other = compute.due(period, start + later * DAY, calendar=CALENDAR)

    assert one.raw <= other.raw
    assert one.due <= other.due


@unhurried
@given(period=st.sampled_from(FORWARD), start=starts)
def test_period_ends_on_the_first_working_day_from_its_raw_date(period, start):
    found = compute.due(period, start, calendar=CALENDAR)

    between = [found.raw + n * DAY for n in range((found.due - found.raw).days)]
    assert CALENDAR.is_work(found.due)
    assert not any(map(CALENDAR.is_work, between))


@unhurried
@given(period=st.sampled_from(BY_WORKING_DAY), start=starts)
def test_working_day_period_has_exactly_its_length_of_working_days(period, start):
    found = compute.due(period, start, calendar=CALENDAR)

    assert working_days_in(start + DAY, found.due + DAY) == period.length


@unhurried
@given(
    period=st.sampled_from(BY_CALENDAR),
    start=starts,
    after=st.integers(0, 6),
    days=st.integers(1, 400),
)
def test_pause_moves_the_raw_date_by_its_days(period, start, after, days):
    pause = (start + after * DAY, start + (after + days) * DAY)

    found = compute.due(period, start, calendar=CALENDAR, pauses=[pause])

    assert found.raw - compute.due(period, start, calendar=CALENDAR).raw == days * DAY


@unhurried
@given(
    period=st.sampled_from(BY_WORKING_DAY),
    start=starts,
    after=st.integers(0, 2),
    days=st.integers(1, 400),
)
def test_pause_leaves_the_number_of_counted_working_days(period, start, after, days):
    first, resumed = start + after * DAY, start + (after + days) * DAY

    found = compute.due(period, start, calendar=CALENDAR, pauses=[(first, resumed)])

    end = found.due + DAY
    paused = working_days_in(max(first, start + DAY), min(resumed, end))
    assert working_days_in(start + DAY, end) - paused == period.length


@unhurried
@given(
    period=st.sampled_from([period for period in FORWARD if period.may_extend]),
    start=starts,
    shorter=st.integers(0, 30),
    longer=st.integers(0, 30),
)
def test_longer_extension_never_ends_earlier(period, start, shorter, longer):
    most = period.may_extend.upto
    one, other = sorted(min(length, most or length) for length in (shorter, longer))

    found = [
        compute.due(period, start, calendar=CALENDAR, extend=extend) for extend in (one, other)
    ]

    assert found[0].due <= found[1].due


@unhurried
@given(period=st.sampled_from(BACKWARD), event=starts)
def test_notice_leaves_its_working_days_before_the_event(period, event):
    found = compute.due(period, event, calendar=CALENDAR)

    assert working_days_in(found.due, event) == period.length
    assert working_days_in(found.safe + DAY, event) == period.length
    assert CALENDAR.is_work(found.due)
    assert CALENDAR.is_work(found.safe)


@unhurried
@given(period=st.sampled_from(FORWARD), start=starts)
def test_derivation_ends_with_the_article_in_both_languages(period, start):
    found = compute.due(period, start, calendar=CALENDAR)

    assert found.sentences("zh")[-1] == f"依据：{period.source.zh}。"
    assert found.sentences("en")[-1] == f"Basis: {period.source.en}."
