"""My deadlines: whose they are, what stands on top, and the calendar that only their owner can read."""

from collections.abc import Iterator

import pytest
from django.test import Client

from mediation.accounts.models import Person
from mediation.deadlines import feeds
from mediation.deadlines.models import CalendarFeed, Deadline
from mediation.disputes.enums import Status
from tests.factories import CaseMaker, Cast, at, give
from tests.factories.cases import NEXT_DAY
from tests.web.conftest import SignIn
from tests.web.desk import queries, still
from workflows import ticker

pytestmark = pytest.mark.django_db

PAGE = "/deadlines/"


@pytest.fixture(autouse=True)
def _still_clock() -> Iterator[None]:
    with still(at("2026-03-30 09:00")):
        yield


@pytest.mark.parametrize(
    ("who", "sees"),
    [("li", True), ("sun", False), ("wang", True), ("chen", False), ("zhong", True), ("ling", True),
     ("b_zhong", False), ("xi", False), ("mo", False)],
)  # fmt: skip
def test_clock_stands_on_the_desk_of_whoever_answers_for_it(
    sign_in: SignIn, case_in: CaseMaker, who: str, sees: bool
) -> None:
    case = case_in(Status.MEDIATING)

    page = sign_in(who).get(PAGE).content.decode()

    assert (case.number in page) == sees


def test_line_says_what_is_left_in_working_days_and_leads_to_the_law(
    sign_in: SignIn, case_in: CaseMaker
) -> None:
    """MED ends on 2026-04-01: from Monday 03-30 there are two working days left."""
    case_in(Status.MEDIATING)

    page = sign_in("li").get(PAGE).content.decode()

    assert "还剩 2 个工作日" in page
    assert "《人民调解工作若干规定》第33条" in page
    assert "/deadlines/rules/MED/?start=2026-03-02" in page


def test_overdue_stands_first_and_is_no_fresh_deadline(sign_in: SignIn, case_in: CaseMaker) -> None:
    case_in(Status.MEDIATING)
    with still(at("2026-04-03 09:00")):
        ticker.sweep(at("2026-04-02 00:00"))
        page = sign_in("li").get(PAGE).content.decode()

    assert page.index("已超期 2 天") < page.index("提醒答复")


def test_week_and_month_hold_the_day(sign_in: SignIn, case_in: CaseMaker) -> None:
    case = case_in(Status.MEDIATING)
    browser = sign_in("li")

    week = browser.get(f"{PAGE}?view=week&on=2026-04-01").content.decode()
    month = browser.get(f"{PAGE}?view=month&on=2026-04-20").content.decode()
    other = browser.get(f"{PAGE}?view=week&on=2026-05-11").content.decode()

    assert case.title in week
    assert case.title in month
    assert "清明节" in month
    assert case.title not in other


@pytest.mark.parametrize(
    "query",
    [
        "view=x&page=0",
        "page=99999999",
        "view=week&on=9999-12-31",
        "view=month&on=1000-01-01",
        "on=%00",
        "view=month&on=2098-12-31",
    ],
)
def test_odd_addresses_show_a_page(sign_in: SignIn, query: str) -> None:
    assert sign_in("li").get(f"{PAGE}?{query}").status_code == 200


def test_list_costs_the_same_however_many_clocks(sign_in: SignIn, case_in: CaseMaker) -> None:
    browser = sign_in("li")
    case_in(Status.MEDIATING)
    one = queries(browser, PAGE)
    for _ in range(3):
        case_in(Status.MEDIATING)

    assert queries(browser, PAGE) == one


def test_case_shows_all_its_clocks_with_derivation(
    sign_in: SignIn, case_in: CaseMaker, cast: Cast
) -> None:
    case = case_in(Status.MEDIATING)
    give(cast.li, "pause", case, at("2026-03-10 09:00"), ground="appraisal", since="2026-03-10")
    give(cast.li, "resume", case, at("2026-03-20 09:00"), resumed_on="2026-03-20")

    page = sign_in("li").get(f"/disputes/{case.code}/clocks/").content.decode()

    assert "顺加10日" in page
    assert "first_1=2026-03-10" in page
    assert sign_in("b_zhong").get(f"/disputes/{case.code}/clocks/").status_code == 404


# The calendar --------------------------------------------------------------------------------------


def address(browser: Client) -> str:
    browser.post(f"{PAGE}feed/open/")
    page = browser.get(PAGE).content.decode()
    return "/calendar/" + page.split("/calendar/")[1].split(".ics")[0] + ".ics"


def unfolded(text: str) -> str:
    return text.replace("\r\n ", "")


def test_calendar_is_read_by_its_address_alone_and_names_nobody(
    sign_in: SignIn, case_in: CaseMaker
) -> None:
    case = case_in(Status.MEDIATING)
    feed = address(sign_in("li"))

    answer = Client().get(feed)

    text = unfolded(answer.content.decode())
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert "DTSTART;VALUE=DATE:20260401\r\n" in text
    assert case.number in text
    assert [word for word in ("彭测安", "蔡测宁", "漏水", "汽车路12号") if word in text] == []
    assert all(len(line.encode()) <= 75 for line in answer.content.decode().split("\r\n"))
    assert text.startswith("BEGIN:VCALENDAR\r\n")
    assert text.endswith("END:VCALENDAR\r\n")


def test_address_is_shown_once_and_kept_as_a_digest(sign_in: SignIn) -> None:
    browser = sign_in("li")
    secret = address(browser).removeprefix("/calendar/").removesuffix(".ics")

    assert secret not in browser.get(PAGE).content.decode()
    assert CalendarFeed.objects.get().digest != secret


def test_new_address_ends_the_old_one_and_giving_up_ends_both(sign_in: SignIn) -> None:
    browser = sign_in("li")
    old = address(browser)
    new = address(browser)

    codes = [Client().get(old).status_code, Client().get(new).status_code]
    browser.post(f"{PAGE}feed/close/")

    assert codes == [404, 200]
    assert Client().get(new).status_code == 404


def test_closed_account_has_no_calendar(sign_in: SignIn, cast: Cast) -> None:
    feed = address(sign_in("li"))
    Person.objects.filter(pk=cast.id("li")).update(is_active=False)

    assert Client().get(feed).status_code == 404


def test_secret_stays_out_of_the_log(sign_in: SignIn, capsys: pytest.CaptureFixture[str]) -> None:
    feed = address(sign_in("li"))
    capsys.readouterr()

    Client().get(feed)

    told = "".join(capsys.readouterr())
    assert feed.removeprefix("/calendar/").removesuffix(".ics") not in told


def test_long_lines_fold_between_characters() -> None:
    entry = feeds.Entry(
        1, at("2026-04-01 00:00").date(), "期" * 60 + ",;\\", "第一行\n第二行", "https://x/"
    )

    text = feeds.render([entry], name="期限", now=NEXT_DAY)

    lines = text.split("\r\n")
    assert max(len(line.encode()) for line in lines) <= 75
    assert "SUMMARY:" + "期" * 60 + "\\,\\;\\\\" in unfolded(text)
    assert "DESCRIPTION:第一行\\n第二行" in text


def test_paused_clock_has_no_day_on_the_desk(sign_in: SignIn, case_in: CaseMaker) -> None:
    case = case_in(Status.PAUSED)

    assert Deadline.objects.get(dispute=case).state == Deadline.State.PAUSED
    assert case.number not in sign_in("li").get(PAGE).content.decode()
