"""Waits and flow: what a slow walk over the raw events says, and lists of exactly so many cases."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from math import floor, sqrt
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.utils.html import escape

from mediation.accounts.actor import Actor, load_actor
from mediation.disputes import policy
from mediation.disputes.enums import DONE, Status
from mediation.disputes.models import Dispute, Event
from mediation.disputes.selectors import CaseFilter, StayFilter
from mediation.reports import waits, waits_sql
from mediation.reports.models import Stray, Wait
from mediation.reports.periods import Span
from mediation.reports.spread import Spread
from mediation.web import cockpit
from tests.factories import CaseMaker, Cast, at, give, register
from tests.factories.cases import DEADLY
from tests.factories.people import GRID, LAST_GRID, SUBDISTRICT
from tests.web.conftest import SignIn
from tests.web.desk import queries, still
from workflows import selectors

pytestmark = pytest.mark.django_db

PAGE = "/waits/"
APRIL = at("2026-04-25 09:00")
LEVELS = (SUBDISTRICT, GRID[:12], GRID)
YEAR = Span(date(2026, 1, 1), date(2026, 4, 25))
REASON = "漏水再次发生，双方又起争执。"


@pytest.fixture(autouse=True)
def _still_clock() -> Iterator[None]:
    with still(APRIL):
        yield


@pytest.fixture
def town(cast: Cast, case_in: CaseMaker) -> None:
    """Every status, three ways back, a change of the mediator, two communities, sensitive cases."""
    for status in Status:
        case_in(status)
    for hours in range(1, 8):
        case = case_in(Status.REGISTERED)
        give(cast.bao, "assess", case, at("2026-03-04 09:00") + timedelta(hours=hours * hours),
             nature="CIVIL")  # fmt: skip
    register(cast.zhong, grid=LAST_GRID, answers=DEADLY, category="10")
    for _ in range(2):
        case = case_in(Status.MEDIATING)
        Dispute.objects.filter(pk=case.pk).update(sensitivity="violence")
    case = case_in(Status.CLOSE_REVIEW)
    give(cast.si, "return_for_correction", case, at("2026-03-20 09:00"), missing="缺少回访记录。")
    give(cast.li, "fall_through", case_in(Status.AGREED), at("2026-03-09 09:00"),
         party=1, reason="一方反悔。", withdrew_on="2026-03-09")  # fmt: skip
    back = case_in(Status.ARCHIVED)
    give(cast.si, "ask_second_person", back, APRIL, step="reopen", reason=REASON)
    give(cast.ling, "grant_second_person", back, APRIL, step="reopen")
    give(cast.si, "reopen", back, APRIL, ground="rebound", reason=REASON)


# The same, worked out from raw events alone ------------------------------------------------------------

Stay = tuple[str, int, str, datetime, int]
"""Status, minutes, command that ended it, when, and the case."""


def stays_of(case: Dispute) -> Iterator[Stay]:
    here, since = "", None
    for event in Event.objects.filter(dispute=case).order_by("version"):
        if event.to_status == here:
            continue
        if since is not None:
            minutes = int((event.at - since).total_seconds()) // 60
            yield here, minutes, event.command, event.at, case.pk
        here, since = event.to_status, event.at


def day(moment: datetime) -> date:
    return (moment + timedelta(hours=8)).date()


def slow_spread(stays: list[Stay]) -> Spread:
    times = sorted(stay[1] for stay in stays)
    n = len(times)

    def rank(percent: int) -> int:
        return times[-(-percent * n // 100) - 1]

    below = floor(n / 2 - 1.96 * sqrt(n) / 2)
    low, high = (times[below - 1], times[n - below]) if below >= 1 else (times[0], times[-1])
    return Spread(n, len({stay[4] for stay in stays}), rank(50), rank(80), rank(95), low, high)


def grouped(stays: list[Stay], key: Any) -> dict[str, Spread]:
    groups = defaultdict(list)
    for stay in stays:
        groups[key(stay)].append(stay)
    return {name: slow_spread(rows) for name, rows in groups.items()}


def minutes_text(url: str) -> StayFilter:
    found = StayFilter.read(QueryDict(url.partition("?")[2])["stayed"])
    assert found
    return found


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize("who", ["ling", "ping", "zhong"])
def test_page_says_what_the_events_say(sign_in: SignIn, cast: Cast, who: str) -> None:
    actor, client = load_actor(cast.person(who), today=day(APRIL)), sign_in(who)
    for area in LEVELS:
        _page_is(
            client.get(f"{PAGE}?area={area}&period=year&status=registered").context, area, actor
        )


def _page_is(context: Any, area: str, actor: Actor) -> None:
    visible = list(policy.visible_to(actor, now=APRIL).filter(area_code__startswith=area))
    by_key = {case.pk: case for case in visible}
    stays = [s for case in visible for s in stays_of(case) if YEAR.first <= day(s[3]) <= YEAR.last]
    told = grouped(stays, lambda stay: stay[0])
    for row, status in zip(context["statuses"], _told_statuses(), strict=True):
        _row_is(row, told.get(status))
        now = len([case for case in visible if case.status == status])
        assert row["now"] == (None if status in DONE else now)
    close = [stay for stay in stays if stay[0] == "registered"]
    keys = {
        "category": lambda stay: by_key[stay[4]].get_category_display(),
        "mediator": lambda stay: getattr(by_key[stay[4]].mediator, "name", ""),
    }
    for group in context["groups"]:
        if group["by"] in keys:
            wanted = grouped(close, keys[group["by"]])
            wanted.pop("", None)
            assert {row["name"] for row in group["rows"]} == set(wanted)
            for row in group["rows"]:
                _row_is(row, wanted[row["name"]])
        else:
            assert sum(row["stays"] for row in group["rows"]) == len(close)
    _rework_is(context["rework"], stays)
    _lists_hold(context, actor)


def _told_statuses() -> list[str]:
    return [s.value for s in Status if s not in {Status.ARCHIVED, Status.VOIDED}]


def _row_is(row: Any, wanted: Spread | None) -> None:
    assert row["stays"] == (wanted.stays if wanted else 0)
    if wanted is None or wanted.stays < 5:
        assert "times" not in row
        assert "interval" not in row
        return
    shown = [minutes_text(time["url"]).minutes for time in row["times"]]
    assert shown == [wanted.median, wanted.p80, wanted.p95]


def _rework_is(rows: Any, stays: list[Stay]) -> None:
    for row, command in zip(rows, waits.REWORK, strict=False):
        sent = [stay for stay in stays if stay[2] == command]
        assert (row["times"], row["cases"]) == (len(sent), len({stay[4] for stay in sent}))


def _lists_hold(context: Any, actor: Any) -> None:
    """Every number of cases is the length of its list; a time opens those that waited as long."""
    links = [(row["now"], row["now_url"]) for row in context["statuses"] if row["now"] is not None]
    rows = [*context["statuses"], *(row for group in context["groups"] for row in group["rows"])]
    links += [(int(row["cases"]["text"]), row["cases"]["url"]) for row in rows]
    links += [(row["cases"], row["url"]) for row in context["rework"]]
    links += [
        (one["count"], one["url"]) for row in context["flow"]["lanes"] for one in row["spots"]
    ]
    links.append((context["astray"]["cases"], context["astray"]["url"]))
    for number, url in links:
        wanted = CaseFilter.read(QueryDict(url.partition("?")[2]))
        assert url == cockpit.list_url(wanted)
        assert selectors.cases(actor, wanted, now=APRIL).count() == number, url


@pytest.mark.usefixtures("town")
def test_a_time_opens_the_cases_that_waited_as_long(sign_in: SignIn, cast: Cast) -> None:
    browser = sign_in("ling")
    row = browser.get(f"{PAGE}?period=year").context["statuses"][0]
    actor = load_actor(cast.person("ling"), today=day(APRIL))
    visible = policy.visible_to(actor, now=APRIL)
    for time in row["times"]:
        least = minutes_text(time["url"]).minutes
        wanted = {
            case.pk
            for case in visible
            for stay in stays_of(case)
            if stay[0] == "registered" and stay[1] >= least
        }
        listed = browser.get(time["url"]).context["rows"]
        assert {line["pk"] for line in listed} == wanted


@pytest.mark.usefixtures("town")
def test_groups_of_fewer_than_five_show_no_number(sign_in: SignIn) -> None:
    answer = sign_in("ling").get(f"{PAGE}?period=year&status=closed")

    few = [row for group in answer.context["groups"] for row in group["rows"] if not row["shown"]]
    page = answer.content.decode().partition('id="closer"')[2]
    assert few
    assert page.count(">少于5<") == len(few)
    assert [row["name"] for row in few if escape(row["cases"]["url"]) in page] == []


@pytest.mark.usefixtures("town")
def test_hand_over_is_counted_from_the_second_mediator_on(sign_in: SignIn, cast: Cast) -> None:
    cast.serve("si", "mediator", GRID[:12])
    case = Dispute.objects.filter(status=Status.MEDIATING, sensitivity="normal")[0]
    browser = sign_in("ling")
    before = browser.get(f"{PAGE}?period=year").context["rework"][-1]

    give(cast.bao, "assign_mediator", case, at("2026-04-24 10:00"),
         mediator=cast.id("si"), chosen_by="committee", reason="原调解员请假")  # fmt: skip

    after = browser.get(f"{PAGE}?period=year").context["rework"][-1]
    assert (before["times"], after["times"], after["cases"]) == (0, 1, 1)
    assert [line["pk"] for line in browser.get(after["url"]).context["rows"]] == [case.pk]


# The lawful path --------------------------------------------------------------------------------------


@pytest.mark.usefixtures("town")
def test_every_case_that_commands_made_is_on_the_path() -> None:
    assert not Stray.objects.exists()
    assert waits_sql.differences() == (Wait.objects.count(), [])


@pytest.mark.parametrize(
    ("version", "command", "source", "target", "kind"),
    [
        (3, "close", "assessed", "closed", "move"),
        (3, "archive", "closed", "archived", "gap"),
        (3, "accept", "assessed", "assessed", "move"),
        (5, "comment", "assessed", "assessed", "gap"),
        (1, "assess", "registered", "assessed", "start"),
        (3, "comment", "assessed", "assessed", None),
        (3, "start_mediation_intake", "assessed", "consent_pending", None),
    ],
)
def test_an_event_off_the_path_is_noted_and_found_again(
    sign_in: SignIn, case_in: CaseMaker, version: int, command: str, source: str, target: str,
    kind: str | None,
) -> None:  # fmt: skip
    case = case_in(Status.ASSESSED)
    if version == 1:
        case = Dispute.objects.create(**_copied(case))
    Event.objects.create(
        dispute=case, version=version, command=command, at=APRIL, from_status=source,
        to_status=target, door="web", previous="", digest="", actor_name="",
    )  # fmt: skip

    noted = list(Stray.objects.values_list("dispute", "version", "kind"))
    assert noted == ([(case.pk, version, kind)] if kind else [])
    assert waits_sql.differences()[1] == []
    waits_sql.rebuild()
    assert list(Stray.objects.values_list("dispute", "version", "kind")) == noted
    page = sign_in("ling").get(PAGE).context["astray"]
    assert page["cases"] == len(noted)


def _copied(case: Dispute) -> dict[str, Any]:
    values = {
        field.attname: getattr(case, field.attname)
        for field in Dispute._meta.concrete_fields
        if field.attname not in {"id", "uid", "status", "version"}
    }
    return values | {"number": "汽纠登〔2026〕90001号", "code": "ZZZZ-9999"}


@pytest.mark.usefixtures("town")
def test_a_wrong_stay_is_found_and_mended() -> None:
    Wait.objects.filter(minutes__isnull=False).order_by("pk").first().delete()  # type: ignore[union-attr]
    Wait.objects.filter(minutes__isnull=False).update(minutes=7)

    assert len(waits_sql.differences()[1]) > 2
    waits_sql.rebuild()
    assert waits_sql.differences()[1] == []


# The page ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "answer"),
    [
        ("ling", 200), ("ping", 200), ("bao", 200), ("si", 200), ("b_ling", 200),
        ("li", 403), ("wang", 403), ("fu", 403), ("xi", 403), ("mo", 403),
    ],
)  # fmt: skip
def test_page_is_for_those_who_answer_for_an_area(sign_in: SignIn, who: str, answer: int) -> None:
    assert sign_in(who).get(PAGE).status_code == answer


@pytest.mark.parametrize("area", ["430902", "430902007", "430902006901003999", "x"])
def test_an_area_that_is_not_yours_is_not_there(sign_in: SignIn, area: str) -> None:
    assert sign_in("ling").get(f"{PAGE}?area={area}").status_code == 404


@pytest.mark.usefixtures("town")
def test_neighbours_see_nothing_of_it(sign_in: SignIn) -> None:
    context = sign_in("b_ling").get(f"{PAGE}?period=year").context

    assert [row["stays"] for row in context["statuses"]] == [0] * len(_told_statuses())
    assert [row["cases"] for row in context["rework"]] == [0, 0, 0, 0]


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("mediating~2026-03-01..2026-03-31~90", "mediating~2026-03-01..2026-03-31~90"),
        ("mediating~2026-03", "mediating~2026-03"),
        ("~2026-03~~reopen", "~2026-03~~reopen"),
        ("nonsense~2026-03", ""),
        ("mediating~2026-13-01", ""),
        ("mediating", ""),
        ("mediating~2026-03~x", ""),
        ("~2026-03~~a b", ""),
    ],
)
def test_word_of_an_address_is_read_or_left_out(typed: str, read: str) -> None:
    assert CaseFilter.read(QueryDict(f"stayed={typed}")).stayed == read


def test_page_costs_the_same_for_one_and_three_cases(sign_in: SignIn, case_in: CaseMaker) -> None:
    browser = sign_in("ling")
    case_in(Status.CLOSED)
    one = queries(browser, PAGE, **{"HX-Request": "true"})
    case_in(Status.CLOSED)
    case_in(Status.CLOSED)

    three = queries(browser, PAGE, **{"HX-Request": "true"})

    # session, person, duties · names, areas below · times, present cases, three groups,
    # names of mediators · sent back, handed over, off the path, nodes
    assert one == three == 14


def test_minutes_are_whole_and_counted_alike_on_both_databases(case_in: CaseMaker) -> None:
    case = case_in(Status.ASSESSED)
    wait = Wait.objects.get(dispute=case, status="registered")

    events = list(Event.objects.filter(dispute=case).order_by("version"))
    moved = next(e for e in events if e.to_status == "assessed")
    assert wait.minutes == int((moved.at - events[0].at).total_seconds()) // 60
    assert connection.vendor in {"sqlite", "postgresql"}


def test_drawing_counts_who_waits_for_the_reconsideration(
    sign_in: SignIn, case_in: CaseMaker, cast: Cast
) -> None:
    """It is drawn as one node, but worked at in a flow of its own."""
    case_in(Status.RECONSIDERING)

    page = sign_in("ling").get(PAGE)
    spots = {one["spot"].name: one for row in page.context["flow"]["lanes"] for one in row["spots"]}
    wanted = CaseFilter.read(QueryDict(spots["reconsider"]["url"].partition("?")[2]))
    actor = load_actor(cast.person("ling"), today=day(APRIL))

    assert spots["reconsider"]["count"] == 1
    assert selectors.cases(actor, wanted, now=APRIL).count() == 1
