"""The law's time for people: every period with its article, and each as a question."""

import pytest

from mediation.deadlines.table import PERIODS
from mediation.deadlines.table.norms import NORMS
from tests.web.conftest import SignIn

pytestmark = pytest.mark.django_db

WITH_CASES = ("wang", "li", "zhong", "si", "ling", "fu")
ADMINISTRATORS = ("xi", "an", "shen")


@pytest.mark.parametrize("who", WITH_CASES)
def test_who_has_cases_finds_the_table_in_the_navigation(sign_in: SignIn, who: str) -> None:
    assert 'href="/deadlines/' in sign_in(who).get("/", follow=True).content.decode()


@pytest.mark.parametrize("who", WITH_CASES + ADMINISTRATORS)
def test_everybody_may_read_the_table(sign_in: SignIn, who: str) -> None:
    assert sign_in(who).get("/deadlines/rules/").status_code == 200


def test_table_names_every_rule_with_its_article(sign_in: SignIn) -> None:
    page = sign_in("wang").get("/deadlines/rules/").content.decode()

    assert [code for code in PERIODS if f'id="{code}"' not in page] == []
    assert [norm.code for norm in NORMS if f'id="{norm.code}"' not in page] == []
    assert "《中华人民共和国行政复议法》第62条第1款" in page


def test_search_narrows_the_table(sign_in: SignIn) -> None:
    browser = sign_in("si")

    page = browser.get("/deadlines/rules/?q=听证").content.decode()
    nothing = browser.get("/deadlines/rules/?q=%00zzz").content.decode()

    assert [code for code in PERIODS if f'id="{code}"' in page] == ["R15", "X10"]
    assert "没有符合" in nothing


def test_answer_shows_the_day_and_every_skipped_day_with_its_name(sign_in: SignIn) -> None:
    """G10: over the Spring Festival, with a make-up working Saturday."""
    page = sign_in("wang").get("/deadlines/rules/R06/?start=2026-02-12").content.decode()

    assert "2026年2月26日" in page
    assert "不计入：2026年2月15日（星期日）至2026年2月23日（星期一）（春节）" in page
    assert "计入：2026年2月14日（星期六）（调休上班日）" in page
    assert page.count('data-part="skipped"') == 9 + 1  # and the legend
    assert "《中华人民共和国行政复议法》第30条" in page


def test_answer_takes_extension_and_pauses(sign_in: SignIn) -> None:
    asked = {"start": "2026-06-05", "first_1": "2026-07-06", "resumed_1": "2026-08-17"}
    page = sign_in("li").get("/deadlines/rules/R16/", asked | {"extend": ""}).content.decode()

    assert "2026年9月15日" in page  # G35
    assert page.count('data-part="paused"') == 42 + 1


def test_answer_by_the_hour_and_in_an_unannounced_year(sign_in: SignIn) -> None:
    browser = sign_in("li")

    hours = browser.get("/deadlines/rules/PO72/?start=2026-05-11T10:00").content.decode()
    later = browser.get("/deadlines/rules/MED/?start=2032-12-20").content.decode()

    assert "2026年5月14日 10:00" in hours
    assert "暂定" in later


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("start=", "起算事件发生日"),
        ("start=2026-13-40", "有效的日期"),
        ("start=9999-12-31", "年份"),
        ("start=2026-06-05&extend=31", "30"),
        ("start=2026-06-05&first_1=2026-07-06", "中止须同时写明"),
        ("start=2026-06-05&first_1=2026-07-06&resumed_1=2026-07-01", "恢复日须在中止日之后"),
        ("start=2026-06-05&first_1=2027-07-06&resumed_1=2027-07-09", "期间已于"),
        ("start=2026-06-05%00", "有效的日期"),
    ],
)
def test_question_without_an_answer_says_why(sign_in: SignIn, query: str, sentence: str) -> None:
    response = sign_in("li").get(f"/deadlines/rules/R16/?{query}")

    assert response.status_code == 422
    assert sentence in response.content.decode()


def test_unknown_rule_is_not_found(sign_in: SignIn) -> None:
    assert sign_in("li").get("/deadlines/rules/R99/").status_code == 404


@pytest.mark.parametrize(("granted", "due"), [("", "2026年10月8日"), ("10", "2026年9月14日")])
def test_period_that_is_granted_asks_for_how_long(sign_in, granted, due):
    """R17 from 2 September: thirty days end in the National Day rest, ten on a Saturday."""
    asked = {"start": "2026-09-02", "extend": granted}

    page = sign_in("li").get("/deadlines/rules/R17/", asked).content.decode()

    assert due in page
    assert "准许的天数" in page


def test_more_than_may_be_granted_is_refused_at_the_field(sign_in):
    response = sign_in("li").get("/deadlines/rules/R17/?start=2026-09-02&extend=31")

    assert response.status_code == 422
