"""The cockpit: every number is the length of the list that it opens, and what the events say."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client

from mediation.accounts.actor import Actor, load_actor
from mediation.disputes import policy
from mediation.disputes.enums import DONE, Status
from mediation.disputes.models import CaseGrant, Dispute
from mediation.disputes.selectors import CaseFilter
from mediation.reports import summary
from mediation.warning.alerts import Matter
from mediation.web import cockpit
from mediation.web.clockface import countdown
from tests.factories import CaseMaker, Cast, at, give, register
from tests.factories.cases import CHILD, DEADLY, DOWNSTAIRS, UPSTAIRS
from tests.factories.people import GRID, LAST_GRID, SUBDISTRICT
from tests.web.conftest import SignIn
from tests.web.desk import NOON, queries, still
from tests.web.told import Story, day, figures
from workflows import selectors
from workflows.raising import raise_areas

pytestmark = pytest.mark.django_db

PAGE = "/leader/"
HTMX = {"HX-Request": "true"}
APRIL = at("2026-04-25 09:00")
MAY = at("2026-05-06 09:00")
LEVELS = (SUBDISTRICT, GRID[:12], GRID)
REASON = "漏水再次发生，双方又起争执。"


@pytest.fixture(autouse=True)
def _still_clock() -> Iterator[None]:
    with still():
        yield


@pytest.fixture
def town(cast: Cast, case_in: CaseMaker) -> None:
    """Something for every number, in two communities; two cases are sensitive, one of them granted."""
    for status in (Status.REGISTERED, Status.MEDIATING, Status.PERFORMING, Status.BREACHED):
        case_in(status)
    case_in(Status.CLOSED)
    case_in(Status.VOIDED)
    case_in(answers=DEADLY)
    register(cast.zhong, grid=LAST_GRID, answers=DEADLY)
    case_in.go(case_in(Status.ACCEPTED), Status.CLOSED, at("2026-03-20 15:00"))
    back = case_in(Status.ARCHIVED)
    for _ in range(2):
        case = case_in(Status.MEDIATING)
        Dispute.objects.filter(pk=case.pk).update(sensitivity="violence")
    CaseGrant.objects.create(
        dispute=case,
        person=cast.person("ping"),
        reason="包案领导",
        granted_by=cast.person("an"),
        granted_at=NOON,
    )
    register(cast.zhong, at("2026-04-20 10:00"), grid=LAST_GRID, category="10")
    _came_back(cast, back)


def _came_back(cast: Cast, case: Dispute) -> None:
    give(cast.si, "ask_second_person", case, APRIL, step="reopen", reason=REASON)
    give(cast.ling, "grant_second_person", case, APRIL, step="reopen")
    give(cast.si, "reopen", case, APRIL, ground="rebound", reason=REASON)


def links_of(context: Any) -> Iterator[tuple[str, int, str]]:
    """Every number of the page with the list behind it."""
    for tile in context["tiles"]:
        yield from cells_of([tile["cell"]])
        if tile["change"] and tile["figure"].unit == "":
            yield tile["figure"].name, int(tile["change"]["earlier"]), tile["change"]["url"]
    for part in ("areas", "kinds", "months"):
        for row in context[part]:
            yield from cells_of(row["cells"])


def cells_of(cells: Any) -> Iterator[tuple[str, int, str]]:
    for cell in cells:
        if cell.part:
            yield f"{cell.name} part", int(cell.part), cell.part_url
        if cell.whole and cell.url and cell.name != "rebound":
            yield f"{cell.name} whole", int(cell.whole), cell.url
        if not cell.whole and cell.url:
            yield cell.name, int(cell.number), cell.url


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize("who", ["ling", "ping", "zhong"])
def test_every_number_opens_its_own_list_and_is_what_happened(
    sign_in: SignIn, cast: Cast, who: str
) -> None:
    """At every level, in the cells and before they are added up."""
    summary.fold()
    give(cast.bao, "assess", Dispute.objects.filter(status="registered")[0], APRIL, nature="CIVIL")
    register(
        cast.wang, APRIL, parties=[UPSTAIRS, DOWNSTAIRS, CHILD]
    )  # sensitive, and in no cell yet
    with still(APRIL):
        browser = sign_in(who)
        actor = load_actor(cast.person(who), today=day(APRIL))
        stories = [Story(case) for case in policy.visible_to(actor, now=APRIL).order_by("pk")]
        for area in LEVELS:
            for period, first in (("month", date(2026, 4, 1)), ("year", date(2026, 1, 1))):
                context = browser.get(f"{PAGE}?area={area}&period={period}").context
                inside = [s for s in stories if s.area.startswith(area)]
                shown = {tile["figure"].name: tile["cell"].number for tile in context["tiles"]}
                overdue = shown.pop("overdue")
                assert shown == figures(inside, first, date(2026, 4, 25)), (area, period)
                late = [s for s in inside if s.due and s.due <= APRIL and s.status not in DONE]
                assert overdue == len(late)
                _rows_add_up(context)
            _opens_lists(browser, context, actor)


def _rows_add_up(context: Any) -> None:
    whole = {tile["figure"].name: tile["cell"].number for tile in context["tiles"]}
    for part in ("areas", "kinds"):
        for name in ("new", "open", "red", "overdue"):
            cells = [c for row in context[part] for c in row["cells"] if c.name == name]
            if cells:
                assert sum(cell.number for cell in cells) == whole[name], (part, name)


def _opens_lists(browser: Client, context: Any, who: Actor) -> None:
    """The list page counts the same cases; a few of them are really opened."""
    links = list(links_of(context))
    for name, number, url in links:
        wanted = CaseFilter.read(QueryDict(url.partition("?")[2]))
        assert url == cockpit.list_url(wanted)
        assert number == selectors.cases(who, wanted, now=APRIL).count(), (name, url)
    for name, number, url in links[:12]:
        assert browser.get(url).context["count"] == number, (name, url)


@pytest.mark.parametrize(
    ("who", "answer"),
    [
        ("ling", 200), ("ping", 200), ("bao", 200), ("si", 200), ("b_ling", 200),
        ("li", 403), ("wang", 403), ("fu", 403), ("xi", 403), ("mo", 403),
    ],
)  # fmt: skip
def test_page_is_for_those_who_answer_for_an_area(sign_in: SignIn, who: str, answer: int) -> None:
    assert sign_in(who).get(PAGE).status_code == answer


@pytest.mark.parametrize(
    "area", ["430902", "43", "430902007", "430902006999", "430902006901003999", "x", "4309020069"]
)
def test_an_area_that_is_not_yours_is_not_there(sign_in: SignIn, area: str) -> None:
    assert sign_in("ling").get(f"{PAGE}?area={area}").status_code == 404


@pytest.mark.usefixtures("cast")
def test_danger_comes_first(sign_in: SignIn) -> None:
    tiles = sign_in("ling").get(PAGE).context["tiles"]

    assert [tile["figure"].name for tile in tiles][:3] == ["red", "raised", "overdue"]


@pytest.mark.usefixtures("cast")
@pytest.mark.parametrize(
    "query",
    [
        "period=nonsense", "category=77", "show=x", "days=2026-13-01", "days=2026-03-09..2026-03-01",
        "first=x&last=y", "first=0001-01-01&last=9999-12-31", "category=02&period=last_year",
        "first=2026-03-01&last=2026-03-02", "days=2025-11-15..2026-02-15",
    ],
)  # fmt: skip
def test_any_address_gets_a_page(sign_in: SignIn, query: str) -> None:
    assert sign_in("ling").get(f"{PAGE}?{query}").status_code == 200


@pytest.mark.usefixtures("town")
def test_alerts_tell_who_was_told_until_when(sign_in: SignIn, cast: Cast) -> None:
    browser = sign_in("ling")

    alerts = browser.get(PAGE).context["alerts"]

    first = alerts["rows"][0]
    assert alerts["count"] == browser.get(alerts["url"]).context["count"] >= 2
    assert cast.person("ling").name in {one.name for one in first["told"]}
    assert (first["left"], first["late"]) == (countdown(at("2026-03-02 10:30"), now=NOON), True)


@pytest.mark.usefixtures("cast")
def test_alert_of_an_area_waits_beside_those_of_cases(sign_in: SignIn) -> None:
    words = {"zh-hans": "近28天征地拆迁纠纷4起", "en": "four in 28 days"}
    raise_areas([Matter("cluster", SUBDISTRICT, "RED", words, "k")], NOON)
    browser = sign_in("ling")

    alerts = browser.get(PAGE).context["alerts"]
    listed = browser.get(alerts["url"])

    assert alerts["count"] == listed.context["count"] == 1
    for page in (browser.get(PAGE), listed):
        assert "纠纷聚集 · 汽车路街道" in page.text
    assert browser.get(alerts["rows"][0]["url"]).status_code == 200


@pytest.mark.usefixtures("town")
def test_page_names_no_party_and_says_why_a_case_is_red(sign_in: SignIn) -> None:
    answer = sign_in("ling").get(PAGE)

    page = answer.content.decode()
    worst = answer.context["worst"]
    assert [name for name in ("彭测安", "蔡测宁", "彭*", "439999") if name in page] == []
    red = [row for row in worst if row["colour"] == "RED"]
    assert worst[: len(red)] == red
    assert len([row for row in red if "扬言杀人" in row["why"]]) == 2


@pytest.mark.usefixtures("town")
def test_page_of_another_area_knows_nothing(sign_in: SignIn) -> None:
    context = sign_in("b_ling").get(PAGE).context

    assert sum(tile["cell"].number or 0 for tile in context["tiles"]) == 0
    assert (context["worst"], context["alerts"]["count"]) == ([], 0)


def test_page_costs_the_same_for_one_and_three_cases(sign_in: SignIn, case_in: CaseMaker) -> None:
    browser = sign_in("ling")
    case_in(answers=DEADLY)
    one = queries(browser, PAGE, **HTMX)
    case_in(answers=DEADLY)
    case_in(answers=DEADLY)

    three = queries(browser, PAGE, **HTMX)

    # session, person, duties · names, areas below, their outlines · four by kind, four by area, the months ·
    # the worst, alerts, who was told, latest alerts
    assert one == three == 19
