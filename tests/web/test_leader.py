"""The leader's page: every number is the length of the list that it opens."""

from collections.abc import Iterator

import pytest

from mediation.disputes.enums import Status
from mediation.web.clockface import countdown
from tests.factories import CaseMaker, Cast, at, register
from tests.factories.cases import DEADLY
from tests.factories.people import LAST_GRID
from tests.web.conftest import SignIn
from tests.web.desk import NOON, queries, still

pytestmark = pytest.mark.django_db

PAGE = "/leader/"
HTMX = {"HX-Request": "true"}
APRIL = at("2026-04-25 09:00")


@pytest.fixture(autouse=True)
def _still_clock() -> Iterator[None]:
    with still():
        yield


@pytest.fixture
def town(cast: Cast, case_in: CaseMaker) -> None:
    """Something for every number, in two communities."""
    for status in (Status.REGISTERED, Status.MEDIATING, Status.PERFORMING, Status.BREACHED):
        case_in(status)
    case_in(Status.CLOSED)
    case_in(answers=DEADLY)
    register(cast.zhong, grid=LAST_GRID, answers=DEADLY)


@pytest.mark.parametrize(
    ("who", "answer"),
    [
        ("ling", 200), ("ping", 200), ("bao", 200), ("si", 200), ("b_ling", 200),
        ("li", 403), ("wang", 403), ("fu", 403), ("xi", 403), ("mo", 403),
    ],
)  # fmt: skip
def test_page_is_for_those_who_answer_for_an_area(sign_in: SignIn, who: str, answer: int) -> None:
    assert sign_in(who).get(PAGE).status_code == answer


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize("moment", [at("2026-03-02 12:00"), APRIL])
def test_every_number_opens_its_own_list(sign_in: SignIn, moment: object) -> None:
    with still(moment):
        browser = sign_in("ling")
        context = browser.get(PAGE).context
        links = [(tile["value"], tile["url"]) for tile in context["tiles"]]
        for row in context["communities"]:
            links += [(cell["value"], cell["url"]) for cell in row["cells"]]
        listed = [browser.get(url).context["count"] for _value, url in links]

    assert [value for value, _url in links] == listed


@pytest.mark.usefixtures("town")
def test_numbers_are_what_happened(sign_in: SignIn) -> None:
    today = {t["name"]: t["value"] for t in sign_in("ling").get(PAGE).context["tiles"]}
    with still(APRIL):
        later = {t["name"]: t["value"] for t in sign_in("ling").get(PAGE).context["tiles"]}

    assert today == {
        "new": 7, "red": 2, "orange": 0, "overdue": 0, "unperformed": 1, "open": 6, "closed": 1,
    }  # fmt: skip
    assert later == {
        "new": 0, "red": 2, "orange": 0, "overdue": 3, "unperformed": 2, "open": 6, "closed": 0,
    }  # fmt: skip


@pytest.mark.usefixtures("town")
def test_communities_add_up_to_the_tiles(sign_in: SignIn) -> None:
    context = sign_in("ling").get(PAGE).context

    sums = [sum(cells) for cells in zip(
        *([cell["value"] for cell in row["cells"]] for row in context["communities"]), strict=True
    )]  # fmt: skip
    assert sums == [tile["value"] for tile in context["tiles"]]
    assert [row["name"] for row in context["communities"]] == ["汽车路社区", "金花坪社区"]


@pytest.mark.usefixtures("town")
def test_alerts_tell_who_was_told_until_when(sign_in: SignIn, cast: Cast) -> None:
    browser = sign_in("ling")

    alerts = browser.get(PAGE).context["alerts"]

    first = alerts["rows"][0]
    assert alerts["count"] == browser.get(alerts["url"]).context["count"] == 2
    assert cast.person("ling").name in {one.name for one in first["told"]}
    assert (first["left"], first["late"]) == (countdown(at("2026-03-02 10:30"), now=NOON), True)


@pytest.mark.usefixtures("town")
def test_page_names_no_party(sign_in: SignIn) -> None:
    page = sign_in("ling").get(PAGE).content.decode()

    assert [name for name in ("彭测安", "蔡测宁", "彭*", "439999") if name in page] == []


@pytest.mark.usefixtures("town")
def test_page_says_why_a_case_is_red(sign_in: SignIn) -> None:
    worst = sign_in("ling").get(PAGE).context["worst"]

    assert [row["colour"] for row in worst] == ["RED", "RED"]
    assert all("扬言杀人" in row["why"] for row in worst)


@pytest.mark.usefixtures("town")
def test_page_of_another_area_knows_nothing(sign_in: SignIn) -> None:
    context = sign_in("b_ling").get(PAGE).context

    assert sum(tile["value"] for tile in context["tiles"]) == 0
    assert (context["worst"], context["alerts"]["count"]) == ([], 0)


def test_page_costs_the_same_for_one_and_three_cases(sign_in: SignIn, case_in: CaseMaker) -> None:
    browser = sign_in("ling")
    case_in(answers=DEADLY)
    one = queries(browser, PAGE, **HTMX)
    case_in(answers=DEADLY)
    case_in(answers=DEADLY)

    three = queries(browser, PAGE, **HTMX)

    # session, person, duties, figures, alerts, names of communities, the worst, who was told
    assert one == three == 8
