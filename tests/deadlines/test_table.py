"""The table against the law: each length, unit and article once more, by hand."""

import pytest

from mediation.deadlines import table
from mediation.deadlines.period import Bound, Direction, Unit
from mediation.deadlines.words import DeadlineError

WD, CD, M, Y, H = Unit.WORKING_DAY, Unit.CALENDAR_DAY, Unit.MONTH, Unit.YEAR, Unit.HOUR
LAW = {
    "R01": (60, CD, "复议法20"),
    "R02": (1, Y, "复议法20"),
    "R03": (60, CD, "复议法20"),
    "R04": (20, Y, "复议法21"),
    "R05": (5, Y, "复议法21"),
    "R06": (5, WD, "复议法30"),
    "R07": (5, WD, "复议法31"),
    "R08": (10, WD, "复议法31"),
    "R09": (5, WD, "复议法31"),
    "R10": (5, WD, "复议法32"),
    "R10A": (5, WD, "复议法32"),
    "R11": (7, WD, "复议法48"),
    "R12": (10, WD, "复议法48"),
    "R12A": (10, WD, "复议法48"),
    "R13": (3, WD, "复议法54"),
    "R14": (5, WD, "复议法54"),
    "R14A": (5, WD, "复议法54"),
    "R15": (5, WD, "复议法51"),
    "R16": (60, CD, "复议法62"),
    "R17": (30, CD, "复议法62"),
    "R18": (30, CD, "复议法62"),
    "R19": (30, CD, "复议法56"),
    "R20": (7, WD, "复议法56"),
    "R21": (3, WD, "复议法58"),
    "R22": (10, WD, "复议法58"),
    "R23": (60, CD, "复议法60"),
    "R24": (60, CD, "复议法41"),
    "R25": (60, CD, "复议法76"),
    "R25A": (60, CD, "复议法76"),
    "OPINION": (60, CD, "复议法76"),
    "R26": (15, CD, "行政诉讼法45"),
    "R27": (15, CD, "行政诉讼法45"),
    "R28": (6, M, "行政诉讼法46"),
    "R28A": (20, Y, "行政诉讼法46"),
    "R28B": (5, Y, "行政诉讼法46"),
    "R29": (60, CD, "复议法实施条例49"),
    "R29A": (60, CD, "复议法实施条例49"),
    "REDO": (60, CD, "复议法实施条例49"),
    "R30": (60, CD, "复议法实施条例16"),
    "X01": (15, CD, "信访工作条例22"),
    "X02": (15, CD, "信访工作条例23"),
    "X03": (15, CD, "信访工作条例23"),
    "X04": (5, WD, "信访工作条例23"),
    "X05": (60, CD, "信访工作条例34"),
    "X05A": (60, CD, "信访工作条例34"),
    "X06": (30, CD, "信访工作条例34"),
    "X07": (30, CD, "信访工作条例35"),
    "X08": (30, CD, "信访工作条例35"),
    "X09": (30, CD, "信访工作条例36"),
    "X10": (30, CD, "信访工作条例36"),
    "L01": (15, CD, "劳动争议调解仲裁法14"),
    "L05": (1, Y, "劳动争议调解仲裁法27"),
    "L05A": (1, Y, "劳动争议调解仲裁法27"),
    "L06": (5, WD, "劳动争议调解仲裁法29"),
    "L07": (5, WD, "劳动争议调解仲裁法30"),
    "L07A": (10, WD, "劳动争议调解仲裁法30"),
    "L07B": (5, WD, "劳动争议调解仲裁法30"),
    "L08": (45, CD, "劳动争议调解仲裁法43"),
    "L09": (15, CD, "劳动争议调解仲裁法48"),
    "L12": (15, CD, "民事诉讼法227"),
    "L12A": (15, CD, "民事诉讼法227"),
    "LAND_LIMIT": (2, Y, "农村土地承包经营纠纷调解仲裁法18"),
    "LAND_NOTICE": (5, WD, "农村土地承包经营纠纷调解仲裁法23"),
    "LAND_SERVE": (5, WD, "农村土地承包经营纠纷调解仲裁法24"),
    "LAND_ANSWER": (10, CD, "农村土地承包经营纠纷调解仲裁法25"),
    "LAND_FORWARD": (5, WD, "农村土地承包经营纠纷调解仲裁法25"),
    "LAND_TRIBUNAL": (2, WD, "农村土地承包经营纠纷调解仲裁法27"),
    "LAND_HEARING": (5, WD, "农村土地承包经营纠纷调解仲裁法31"),
    "LAND_AWARD": (60, CD, "农村土地承包经营纠纷调解仲裁法47"),
    "LAND_DELIVER": (3, WD, "农村土地承包经营纠纷调解仲裁法45"),
    "LAND_SUE": (30, CD, "农村土地承包经营纠纷调解仲裁法48"),
    "MED": (30, CD, "人民调解工作若干规定33"),
    "CONF": (30, CD, "人民调解法33"),
    "CONF_RULING": (30, CD, "民事诉讼法187"),
    "CONF_REVOKE": (1, Y, "司法确认程序的若干规定10"),
    "MEDICAL": (30, WD, "医疗纠纷预防和处理条例38"),
    "INFO": (20, WD, "政府信息公开条例33"),
    "INFO_FIX": (7, WD, "政府信息公开条例30"),
    "INFO_THIRD": (15, WD, "政府信息公开条例32"),
    "PO72": (72, H, "反家庭暴力法28"),
    "PO24": (24, H, "反家庭暴力法28"),
    "COURT_PRE": (30, CD, "特邀调解的规定27"),
    "COURT_POST": (15, CD, "特邀调解的规定27"),
    "COURT_SUMMARY": (7, CD, "特邀调解的规定27"),
    "ONLINE_CHOOSE": (2, WD, "在线调解规则10"),
    "ONLINE_ASSIGN": (3, WD, "在线调解规则10"),
    "ONLINE_ACCEPT": (3, WD, "在线调解规则12"),
    "ONLINE_ASK": (3, WD, "在线调解规则15"),
    "COURT_DOCKET": (7, CD, "民事诉讼法126"),
    "OBSTACLE": (10, CD, "民事诉讼法86"),
    "NOTICE_SERVICE": (30, CD, "民事诉讼法95"),
    "TRIAL": (6, M, "民事诉讼法152"),
    "TRIAL_SUMMARY": (3, M, "民事诉讼法164"),
    "ENFORCE": (2, Y, "民事诉讼法250"),
}
MAY_EXTEND = {
    "R08": None,
    "R16": 30,
    "X05": 30,
    "X05A": 30,
    "L08": 15,
    "LAND_AWARD": 30,
    "MED": None,
    "CONF_RULING": None,
    "MEDICAL": None,
    "INFO": 20,
    "COURT_PRE": None,
    "COURT_POST": None,
    "COURT_SUMMARY": None,
    "TRIAL": 6,
    "TRIAL_SUMMARY": 1,
}


@pytest.mark.parametrize(
    ("code", "length", "unit", "article"),
    [pytest.param(code, *facts, id=f"{code}-{facts[2]}") for code, facts in LAW.items()],
)
def test_period_is_what_its_article_says(code, length, unit, article):
    period = table.find(code)

    source = period.basis[0]

    assert (period.length, period.unit) == (length, unit)
    assert f"{source.law.name_zh}{source.number}".endswith(article)


def test_table_names_every_period():
    assert set(table.PERIODS) == set(LAW)
    assert len(table.PERIODS) == sum(len(group.periods) for group in table.GROUPS)


def test_only_these_periods_may_be_extended_and_so_far():
    extensions = {
        code: period.may_extend.upto for code, period in table.PERIODS.items() if period.may_extend
    }

    assert extensions == MAY_EXTEND


def test_only_hours_and_notices_before_a_hearing_are_not_moved_off_rest_days():
    unmoved = {code for code, period in table.PERIODS.items() if not period.roll}
    backward = {
        code for code, period in table.PERIODS.items() if period.direction is Direction.BACKWARD
    }

    assert unmoved == {"R15", "LAND_HEARING", "PO72", "PO24"}
    assert backward == {"R15", "LAND_HEARING"}


@pytest.mark.parametrize("period", table.PERIODS.values(), ids=lambda period: period.code)
def test_period_speaks_both_languages(period):
    pairs = [
        (period.title, period.title_zh),
        (period.starts, period.starts_zh),
        (period.stops or "-", period.stops_zh or "-"),
        (period.on_expiry or "-", period.on_expiry_zh or "-"),
    ]

    assert all(english.isascii() for english, _ in pairs)
    assert all((chinese == "-") or not chinese.isascii() for _, chinese in pairs)
    assert bool(period.on_expiry) == bool(period.on_expiry_zh)


@pytest.mark.parametrize("norm", table.NORMS.values(), ids=lambda norm: norm.code)
def test_norm_speaks_both_languages(norm):
    assert norm.rule.en.isascii()
    assert not norm.rule.zh.isascii()


def test_titles_are_distinct_but_for_the_two_aliases():
    titles = [period.title for code, period in table.PERIODS.items()]

    assert len(set(titles)) == len(titles) - 2


@pytest.mark.parametrize("code", ["R31", "", "R1", "X99"])
def test_find_refuses_what_the_house_does_not_know(code):
    with pytest.raises(DeadlineError, match="There is no rule"):
        table.find(code)


@pytest.mark.parametrize(
    "code", [f"X{n}" for n in range(11, 20)] + ["L02", "L03", "L04", "l10", "L13"]
)
def test_rule_without_a_length_is_told_with_its_article(code):
    with pytest.raises(DeadlineError, match="sets no period") as refusal:
        table.find(code)

    assert "条）" in refusal.value.in_language("zh")


def test_every_number_of_the_law_is_known():
    numbers = [f"R{n:02}" for n in range(1, 31)] + [f"X{n:02}" for n in range(1, 20)]
    numbers += [f"L{n:02}" for n in range(1, 14)]

    assert [n for n in numbers if n not in table.PERIODS and n not in table.NORMS] == []


def test_late_are_we_only_where_we_are_bound():
    """What lapses for a party or is another organ's to do makes nobody here late."""
    ours = {code for code, period in table.PERIODS.items() if period.bound is Bound.US}

    assert ours == {
        *("MED", "MEDICAL", "L01", "COURT_PRE", "COURT_POST", "COURT_SUMMARY", "ONLINE_ACCEPT"),
        *("ONLINE_ASK", "INFO", "INFO_FIX", "X02", "X03", "X04", "X05", "X06"),
        *("R10", "R12", "R14", "R25", "R29", "R30", "OPINION", "REDO"),
    }


def test_find_accepts_either_case():
    assert table.find(" conf ") is table.PERIODS["CONF"]
