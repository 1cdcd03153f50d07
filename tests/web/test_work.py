"""My work: whose it is, in which order, at the cost of one question."""

from collections.abc import Callable
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client

from mediation.accounts.models import Role
from mediation.core import keyset
from mediation.disputes.enums import Colour, Sensitivity, Status
from mediation.disputes.models import Dispute
from tests.factories import CaseMaker, Cast, at
from tests.factories.cases import CALM, DEADLY
from tests.web.conftest import SignIn
from workflows import worklist
from workflows.models import WorkItem

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
        ("?colour=RED%00&below=99999999999999999999-1-1", {"red", "calm"}),
        ("?below=x&above=30--", {"red", "calm"}),
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


# Pages -------------------------------------------------------------------------------------------

TABS = {"todo": "bao", "waiting": "wang", "done": "bao"}
"""Who has a list of new cases there."""


@pytest.fixture
def pages(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[list[str]]]:
    """``pages("todo", "next")``: the pages of a list two by two, from the first or from ``query`` on."""
    monkeypatch.setattr("mediation.web.views.work.PAGE_SIZE", 2)
    browsers = {tab: sign_in(name) for tab, name in TABS.items()}

    def walk(tab: str, way: str, query: str = "", most: int = 20) -> list[list[str]]:
        found, query = [], query or f"?tab={tab}"
        while query and len(found) < most:
            context = browsers[tab].get(f"/work/{query}").context
            found.append([card.number for card in context["cards"]])
            query = walk.stopped = context[way]  # type: ignore[attr-defined]
        return found

    return walk


def alike(cases: list[Dispute]) -> list[str]:
    """Make the cases equal in all that lists sort by but their keys, some of them without a deadline."""
    keys = [case.pk for case in cases]
    for model, key in ((WorkItem, "dispute__in"), (Dispute, "pk__in")):
        rows: Any = model._default_manager
        rows.filter(**{key: keys}).update(severity=1, due_at=NOW)
        rows.filter(**{key: keys[5:]}).update(due_at=None)
    Dispute.objects.filter(pk__in=keys).update(colour=Colour.BLUE)
    return [case.number for case in cases]


def register_alike(case_in: CaseMaker, count: int) -> list[str]:
    return alike([case_in() for _ in range(count)])


@pytest.mark.parametrize("tab", TABS)
def test_pages_of_equal_rows_show_each_once_in_both_directions(
    case_in: CaseMaker, pages: Any, tab: str
) -> None:
    numbers = register_alike(case_in, 7)
    if tab == "waiting":  # the latest first, but those without a deadline at the end
        numbers = [*numbers[4::-1], *numbers[:4:-1]]
    elif tab == "done":
        numbers = numbers[::-1]

    there = pages(tab, "next")
    last = pages(tab, "next", most=3) and pages.stopped
    back = pages(tab, "previous", last)

    assert there == [numbers[0:2], numbers[2:4], numbers[4:6], numbers[6:]]
    assert back == there[::-1]


@pytest.mark.parametrize("tab", TABS)
def test_rows_that_come_and_go_push_no_other_over_the_edge_of_a_page(
    case_in: CaseMaker, pages: Any, tab: str
) -> None:
    numbers = register_alike(case_in, 6)
    [first] = pages(tab, "next", most=1)
    rest = pages.stopped
    new = case_in(answers=DEADLY)
    if tab == "todo":
        WorkItem.objects.filter(dispute__number=first[0]).delete()

    following = [number for page in pages(tab, "next", rest) for number in page]

    assert sorted([*first, *following]) == sorted(numbers)
    assert new.number not in following


def test_neighbouring_pages_keep_the_filter(case_in: CaseMaker, pages: Any) -> None:
    register_alike(case_in, 3)

    pages("todo", "next", "?colour=BLUE&stage=INTAKE&above=x", most=1)

    kept = QueryDict(pages.stopped.lstrip("?"))
    assert set(kept) == {"colour", "stage", "below"}
    assert (kept["colour"], kept["stage"]) == ("BLUE", "INTAKE")


def test_page_whose_rows_are_all_done_is_the_first(case_in: CaseMaker, pages: Any) -> None:
    numbers = register_alike(case_in, 5)
    pages("todo", "next", most=2)
    third = pages.stopped
    pages("todo", "next", third)
    WorkItem.objects.filter(dispute__number__in=numbers[3:]).delete()
    assert pages("todo", "next", third, most=1) == [numbers[:2]]

    WorkItem.objects.filter(dispute__number__in=numbers[:2]).delete()
    upwards = third.replace("below", "above")

    assert pages("todo", "next", upwards, most=1) == [numbers[2:3]]


def test_list_goes_on_below_the_place_of_a_program(cast: Cast, case_in: CaseMaker) -> None:
    numbers = register_alike(case_in, 7)
    rows = worklist.to_do(cast.actor("bao"), now=NOW)

    page = keyset.page(rows, worklist.TO_DO, 6)

    assert [item.dispute.number for item in page.rows] == numbers[:6]
    assert page.below == (1, None, page.rows[-1].dispute_id)


# Home --------------------------------------------------------------------------------------------


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
        "fu": "/reconsideration/",
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
