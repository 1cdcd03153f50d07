"""Earlier cases like one: which, what of them, and for whom."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.urls import reverse

from mediation.agreements.models import Agreement, Visit
from mediation.disputes.enums import Status
from mediation.disputes.models import Dispute
from mediation.web.earlier import without_names
from tests.factories import CaseMaker, Cast, register
from tests.factories.people import LAST_GRID
from tests.web.conftest import SignIn
from tests.web.desk import NOON, queries, still

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _still_clock() -> Iterator[None]:
    with still():
        yield


def page_of(case: Dispute) -> str:
    return reverse("case_earlier", args=[case.code])


def numbers(sign_in: SignIn, who: str, case: Dispute) -> list[str]:
    return [row.number for row in sign_in(who).get(page_of(case)).context["rows"]]


def test_finished_cases_of_the_kind_are_shown_and_no_others(
    sign_in: SignIn, cast: Cast, case_in: CaseMaker
) -> None:
    case = case_in(Status.MEDIATING)
    closed, archived = case_in(Status.CLOSED), case_in(Status.ARCHIVED)
    case_in(Status.PERFORMING)
    case_in(Status.CLOSED, category="10")
    hidden = case_in(Status.CLOSED)
    Dispute.objects.filter(pk=hidden.pk).update(sensitivity="violence")
    other = case_in(Status.CLOSED)
    Dispute.objects.filter(pk=other.pk).update(title="工资", facts="公司拖欠农民工劳动报酬已有三月")

    assert numbers(sign_in, "li", case) == [archived.number, closed.number]


def test_the_nearer_of_two_alike_comes_first(sign_in: SignIn, case_in: CaseMaker) -> None:
    case, near, far = case_in(Status.MEDIATING), case_in(Status.CLOSED), case_in(Status.CLOSED)
    Dispute.objects.filter(pk=far.pk).update(area_code=LAST_GRID)

    assert numbers(sign_in, "bao", case) == [near.number, far.number]


@pytest.mark.parametrize(
    ("who", "reads"), [("li", True), ("bao", True), ("si", True), ("wang", False)]
)
def test_what_was_agreed_is_for_who_reads_the_records_there(
    sign_in: SignIn, case_in: CaseMaker, who: str, *, reads: bool
) -> None:
    case, closed = case_in(Status.MEDIATING), case_in(Status.CLOSED)
    party = closed.parties.first()
    assert party
    Agreement.objects.filter(dispute=closed).update(content=f"由{party.name}修复漏水")

    response = sign_in(who).get(page_of(case))

    [row] = response.context["rows"]
    assert row.agreed == (f"由{party.get_side_display()}修复漏水" if reads else "")
    assert party.name not in response.content.decode()


@pytest.mark.parametrize(
    ("outcome", "rebound", "tone"),
    [("", None, "ok"), ("holds", None, "ok"), ("tension", None, "warn"), ("rebound", None, "danger"),
     ("holds", date(2026, 4, 1), "danger")],
)  # fmt: skip
def test_whether_it_held_is_said(
    sign_in: SignIn, case_in: CaseMaker, outcome: str, rebound: date | None, tone: str
) -> None:
    case, closed = case_in(Status.MEDIATING), case_in(Status.CLOSED)
    Dispute.objects.filter(pk=closed.pk).update(rebound_on=rebound)
    if outcome:
        Visit.objects.create(dispute=closed, visited_at=NOON, outcome=outcome)

    [row] = sign_in("li").get(page_of(case)).context["rows"]

    assert row.tone == tone


@pytest.mark.parametrize(
    ("text", "shown"),
    [("李安欠李安平五百元", "申请人欠被申请人五百元"), ("无人", "无人"), ("", "")],
)
def test_the_longer_name_goes_first(text: str, shown: str) -> None:
    assert without_names(text, {"李安": "申请人", "李安平": "被申请人"}) == shown


@pytest.mark.parametrize("who", ["b_zhong", "b_ling", "mo", "xi"])
def test_strangers_find_no_page(sign_in: SignIn, case_in: CaseMaker, who: str) -> None:
    case = case_in(Status.MEDIATING)

    assert sign_in(who).get(page_of(case)).status_code == 404


def test_neighbours_cases_are_not_among_them(
    sign_in: SignIn, cast: Cast, case_in: CaseMaker
) -> None:
    closed = case_in(Status.CLOSED)
    case = register(cast.b_zhong, grid=cast.person("b_wang").duties.first().area.code)  # type: ignore[union-attr]

    assert closed.number not in numbers(sign_in, "b_zhong", case)


def test_page_costs_the_same_for_one_and_three_cases(sign_in: SignIn, case_in: CaseMaker) -> None:
    browser, case = sign_in("li"), case_in(Status.MEDIATING)
    case_in(Status.CLOSED)
    one = queries(browser, page_of(case), **HTMX)
    case_in(Status.CLOSED)
    case_in(Status.CLOSED)

    three = queries(browser, page_of(case), **HTMX)

    # session, person, duties · the case · the finished ones · their parties
    assert one == three == 6
