"""My work: whose it is, in which order, at the cost of one question."""

from typing import Any

import pytest
from django.test import Client

from mediation.accounts.models import Role
from mediation.disputes.enums import Sensitivity, Status
from mediation.disputes.models import Dispute
from tests.factories import CaseMaker, Cast, at
from tests.factories.cases import CALM, DEADLY
from tests.web.conftest import SignIn
from workflows import worklist

pytestmark = pytest.mark.django_db
NOW = at("2026-03-02 12:00")


def todo_of(cast: Cast, name: str) -> list[int]:
    rows = worklist.to_do(cast.actor(name), now=NOW)
    return [item.dispute_id for item in rows]


def shown(browser: Client, query: str = "") -> list[str]:
    return [card.number for card in browser.get(f"/work/{query}").context["cards"]]


def test_work_sends_visitors_to_the_login_page(client: Client) -> None:
    assert client.get("/work/").headers["Location"] == "/accounts/login/?next=/work/"


@pytest.mark.parametrize(
    ("name", "status"),
    [
        *[(name, 200) for name in ("wang", "li", "zhong", "si", "fu")],
        *[(name, 403) for name in ("ling", "xi", "an", "shen", "mo")],
    ],
)
def test_work_is_for_those_who_handle_cases(sign_in: SignIn, name: str, status: int) -> None:
    assert sign_in(name).get("/work/").status_code == status


def test_new_case_is_work_of_the_centre_alone(cast: Cast, case_in: CaseMaker) -> None:
    case = case_in(Status.REGISTERED)

    found = {name: todo_of(cast, name) for name in cast.people}

    assert {name for name, cases in found.items() if cases == [case.pk]} == {"zhong", "bao"}
    assert {name for name, cases in found.items() if cases} == {"zhong", "bao"}


def test_mediation_is_work_of_the_named_mediator_alone(cast: Cast, case_in: CaseMaker) -> None:
    case_in(Status.MEDIATING)

    assert {name for name in cast.people if todo_of(cast, name)} == {"li"}


def test_work_of_somebody_away_is_work_of_the_deputy_too(cast: Cast, case_in: CaseMaker) -> None:
    case_in(Status.MEDIATING)
    cast.deputise("li", by="dai")

    assert {name for name in cast.people if todo_of(cast, name)} == {"li", "dai"}


def test_sensitive_work_is_for_the_cleared(cast: Cast, case_in: CaseMaker) -> None:
    case = case_in(Status.REGISTERED)
    Dispute.objects.filter(pk=case.pk).update(sensitivity=Sensitivity.SEALED)

    assert {name for name in cast.people if todo_of(cast, name)} == {"bao"}


def test_work_puts_the_severe_first(cast: Cast, case_in: CaseMaker) -> None:
    calm, red = case_in(), case_in(answers=DEADLY)

    assert todo_of(cast, "bao") == [red.pk, calm.pk]


def test_card_shows_what_to_do_next(sign_in: SignIn, case_in: CaseMaker) -> None:
    case = case_in(Status.MEDIATING)

    page = sign_in("li").get("/work/")

    [card] = page.context["cards"]
    assert (card.number, card.url, card.unit) == (case.number, f"/disputes/{case.code}/", "days")
    assert card.next
    assert case.number in page.content.decode()


def test_waiting_shows_open_cases_of_others(sign_in: SignIn, case_in: CaseMaker) -> None:
    mine, theirs = case_in(Status.MEDIATING), case_in(Status.REGISTERED)
    case_in(Status.CLOSED)

    assert sorted(shown(sign_in("wang"), "?tab=waiting")) == [mine.number, theirs.number]
    assert shown(sign_in("zhong"), "?tab=waiting") == [mine.number]
    assert shown(sign_in("li"), "?tab=waiting") == []


def test_done_shows_each_case_once_with_the_latest_step(
    sign_in: SignIn, case_in: CaseMaker
) -> None:
    case = case_in(Status.MEDIATING)

    page = sign_in("li").get("/work/?tab=done")

    [card] = page.context["cards"]
    assert card.number == case.number
    assert shown(sign_in("sun"), "?tab=done") == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?colour=RED", {"red"}),
        ("?colour=BLUE", {"calm"}),
        ("?stage=INTAKE", {"red", "calm"}),
        ("?stage=CLOSURE", set()),
        ("?overdue=1", set()),
        ("?colour=PINK&stage=x&page=-1&tab=none", {"red", "calm"}),
        ("?colour=RED%00&page=99999999999999999999", set()),
    ],
)
def test_filters_stand_in_the_address(
    sign_in: SignIn, case_in: CaseMaker, query: str, found: set[str]
) -> None:
    names = {case_in(answers=CALM).number: "calm", case_in(answers=DEADLY).number: "red"}

    assert {names[number] for number in shown(sign_in("bao"), query)} == found


def test_empty_filter_says_so(sign_in: SignIn, cast: Cast) -> None:
    page = sign_in("wang").get("/work/?colour=RED").content.decode()

    assert "fq-empty" in page


@pytest.mark.parametrize("tab", ["todo", "waiting", "done"])
@pytest.mark.parametrize("count", [1, 3])
def test_work_costs_one_question_for_any_number_of_cases(
    sign_in: SignIn,
    case_in: CaseMaker,
    django_assert_num_queries: Any,
    tab: str,
    count: int,
) -> None:
    for _ in range(count):
        case_in(Status.ASSESSED)
    browser = sign_in({"todo": "bao", "waiting": "wang", "done": "bao"}[tab])

    # Session, person, duties, reading point, the list, the bell.
    with django_assert_num_queries(6):
        response = browser.get(f"/work/?tab={tab}")

    assert len(response.context["cards"]) == count


def test_long_list_goes_on_on_the_next_page(
    sign_in: SignIn, case_in: CaseMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mediation.web.views.work.PAGE_SIZE", 2)
    for _ in range(3):
        case_in()
    browser = sign_in("bao")

    first, second = shown(browser, "?tab=todo"), shown(browser, "?tab=todo&page=2")

    assert (len(first), len(second)) == (2, 1)
    assert set(first) & set(second) == set()


def test_home_leads_to_the_desk_of_the_role(sign_in: SignIn, cast: Cast) -> None:
    desks = {
        name: sign_in(name).get("/").headers.get("Location")
        for name in ("wang", "li", "zhong", "si", "ling", "fu", "xi", "an", "shen", "mo")
    }

    assert desks == {
        "wang": "/work/",
        "li": "/work/",
        "zhong": "/board/",
        "si": "/board/",
        "ling": "/leader/",
        "fu": "/board/",
        "xi": "/areas/",
        "an": "/people/",
        "shen": "/audit/",
        "mo": None,
    }


def test_home_of_somebody_without_duty_says_whom_to_ask(sign_in: SignIn, cast: Cast) -> None:
    page = sign_in("mo").get("/")

    assert page.status_code == 200
    assert "fq-tone-warn" in page.content.decode()
    assert Role.GRID_WORKER not in cast.mo.roles
