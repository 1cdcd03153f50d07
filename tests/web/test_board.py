"""The board: columns of open work, the worst on top, each count the list behind it."""

from collections.abc import Iterator

import pytest
from django.urls import reverse

from mediation.disputes.enums import Status
from tests.factories import CaseMaker, Cast, register
from tests.factories.cases import DEADLY
from tests.factories.people import LAST_GRID, OTHER_COMMUNITY
from tests.web.conftest import SignIn
from tests.web.desk import queries, still
from workflows import selectors
from workflows.mapping import ROLE_OF

pytestmark = pytest.mark.django_db

BOARD = "/board/"
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _still_clock() -> Iterator[None]:
    with still():
        yield


@pytest.mark.parametrize(
    ("who", "answer", "group"),
    [
        ("bao", 200, "centre"), ("si", 200, "justice"), ("li", 200, "mediation"),
        ("ling", 200, "centre"), ("wang", 200, "centre"), ("fu", 200, "centre"),
        ("xi", 403, ""), ("shen", 403, ""), ("mo", 403, ""),
    ],
)  # fmt: skip
def test_board_opens_on_the_desk_of_the_role(
    sign_in: SignIn, who: str, answer: int, group: str
) -> None:
    response = sign_in(who).get(BOARD)

    assert response.status_code == answer
    assert answer == 403 or response.context["group"] == group


def test_groups_know_every_node_of_the_flows() -> None:
    from mediation.web.views.board import GROUPS  # beside its only use

    shown = {node for _label, columns in GROUPS.values() for c in columns for node in c.nodes}

    of_alerts = {"see_alert", "set_measure", "carry_out"}
    assert shown == set(ROLE_OF) - of_alerts


def test_board_shows_the_worst_first(sign_in: SignIn, case_in: CaseMaker) -> None:
    calm, red = case_in(), case_in(answers=DEADLY)

    column = sign_in("bao").get(BOARD).context["columns"][0]

    assert [card["number"] for card in column["cards"]] == [red.number, calm.number]


def test_board_counts_what_its_list_shows(
    sign_in: SignIn, case_in: CaseMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selectors, "BOARD_DEPTH", 1)
    for status in (Status.REGISTERED, Status.REGISTERED, Status.MEDIATING, Status.CLOSE_REVIEW):
        case_in(status)
    browser = sign_in("bao")

    columns = [
        c
        for g in ("centre", "mediation")
        for c in browser.get(f"{BOARD}?group={g}").context["columns"]
    ]

    listed = [browser.get(column["url"]).context["count"] for column in columns]
    assert [column["total"] for column in columns] == listed
    assert sum(listed) == 4
    assert [(c["more"], len(c["cards"])) for c in columns if c["total"] == 2] == [(1, 1)]


def test_board_of_one_community_leaves_the_others_out(
    sign_in: SignIn, cast: Cast, case_in: CaseMaker
) -> None:
    case_in()
    other = register(cast.zhong, grid=LAST_GRID)

    columns = sign_in("bao").get(f"{BOARD}?area={OTHER_COMMUNITY}").context["columns"]

    assert [card["number"] for card in columns[0]["cards"]] == [other.number]


def test_board_of_strangers_is_empty(sign_in: SignIn, case_in: CaseMaker) -> None:
    case_in()

    columns = sign_in("b_zhong").get(BOARD).context["columns"]

    assert [column["total"] for column in columns] == [0] * len(columns)


def test_board_hides_sensitive_cases_from_those_without_clearance(
    sign_in: SignIn, case_in: CaseMaker
) -> None:
    case = case_in()
    case.work.__class__.objects.filter(pk=case.pk).update(is_sensitive=True)
    case.__class__.objects.filter(pk=case.pk).update(sensitivity="violence")

    seen = {
        who: [card["number"] for card in sign_in(who).get(BOARD).context["columns"][0]["cards"]]
        for who in ("zhong", "bao")
    }

    assert seen == {"zhong": [], "bao": [case.number]}


def test_board_costs_the_same_for_one_and_three_cases(sign_in: SignIn, case_in: CaseMaker) -> None:
    browser = sign_in("bao")
    case_in()
    one = queries(browser, BOARD, **HTMX)
    case_in()
    case_in(Status.ASSESSED)

    three = queries(browser, BOARD, **HTMX)

    # session, person, duties, the board, communities of the filter
    assert one == three == 5


def test_board_answers_a_refresh_with_the_columns_alone(sign_in: SignIn) -> None:
    page = sign_in("bao").get(BOARD, headers=HTMX).content.decode()

    assert page.startswith('<div id="fq-board"')
    assert 'data-live="any"' in page


def test_board_is_where_the_navigation_leads() -> None:
    assert reverse("board") == BOARD
