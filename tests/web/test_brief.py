"""The morning brief: every number is what happened, opens its own list, and is told once."""

import threading
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.urls import resolve
from django.utils import translation

from mediation.accounts.actor import load_actor
from mediation.accounts.models import Duty, Role
from mediation.briefing import services
from mediation.briefing.models import Brief
from mediation.disputes import policy
from mediation.disputes.enums import Status
from mediation.disputes.models import Dispute
from mediation.disputes.selectors import CaseFilter
from mediation.notifications import services as inbox
from mediation.notifications.models import Notice
from mediation.warning.models import Alert, Cluster
from tests.documents.reading import pages_of, text_of
from tests.factories import CaseMaker, Cast, at, give, register
from tests.factories.cases import DEADLY
from tests.factories.people import GRID, LAST_GRID, SIBLING, SUBDISTRICT
from tests.web.conftest import SignIn
from tests.web.desk import queries, still
from tests.web.told import brief_figures, day
from workflows import brief, selectors, ticker

pytestmark = pytest.mark.django_db

YESTERDAY = at("2026-04-24 10:00")
MORNING = at("2026-04-25 07:30")
DAYS = {date(2026, 4, 24), date(2026, 4, 25)}
REASON = "漏水再次发生，双方又起争执。"


@pytest.fixture
def town(cast: Cast, case_in: CaseMaker) -> None:
    """Something for every line, in two communities; a part of it sensitive."""
    for status in (Status.REGISTERED, Status.MEDIATING, Status.PERFORMING, Status.BREACHED):
        case_in(status)
    case_in(answers=DEADLY)
    back = case_in(Status.ARCHIVED)
    ticker.sweep(at("2026-04-02 00:00"))
    ticker.sweep(at("2026-04-10 00:00"))
    kept, closed = case_in(Status.PERFORMING), case_in(Status.PERFORMING)
    register(cast.zhong, YESTERDAY, grid=LAST_GRID, answers=DEADLY)
    register(cast.zhong, YESTERDAY, grid=LAST_GRID)
    hidden = register(cast.bao, YESTERDAY, answers=DEADLY)
    Dispute.objects.filter(pk=hidden.pk).update(sensitivity="violence")
    case_in.go(kept, Status.CLOSE_REVIEW, YESTERDAY)
    case_in.go(closed, Status.CLOSED, YESTERDAY)
    give(cast.si, "ask_second_person", back, YESTERDAY, step="reopen", reason=REASON)
    give(cast.ling, "grant_second_person", back, YESTERDAY, step="reopen")
    give(cast.si, "reopen", back, YESTERDAY, ground="rebound", reason=REASON)
    soon = register(cast.zhong, YESTERDAY)
    Dispute.objects.filter(pk=soon.pk).update(due_at=at("2026-04-27 00:00"))
    Cluster.objects.create(
        district=GRID[:6], area_code=GRID, kind="02", colour="ORANGE", severity=3, window=14,
        observed=5, expected=0.4, factor=1.0, chance=1e-5, weeks=61.0,
        first_day=date(2026, 4, 1), latest_day=date(2026, 4, 20),
    )  # fmt: skip


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize(
    ("who", "area"), [("ling", SUBDISTRICT), ("ping", SUBDISTRICT), ("b_ling", SIBLING)]
)
def test_every_line_is_what_happened_and_opens_its_list(
    sign_in: SignIn, cast: Cast, who: str, area: str
) -> None:
    with still(MORNING):
        browser = sign_in(who)
        actor = load_actor(cast.person(who), today=day(MORNING))
        seen = list(policy.visible_to(actor, now=MORNING).order_by("pk"))

        rows = rows_of(browser.get("/brief/").context["sheet"])

        numbers = {row.line.name: row.number for row in rows}
        assert numbers == brief_figures(seen, area, MORNING)
        if who == "ling":
            assert [name for name, number in numbers.items() if not number] == []
        for row in rows:
            page = browser.get(row.url)
            count = page.context["count"] if "count" in page.context else len(page.context["rows"])
            assert count == row.number, row.line.name
            if row.line.name != "clusters":
                wanted = CaseFilter.read(QueryDict(row.url.partition("?")[2]))
                assert f"{resolve('/disputes/').route}?{wanted.query}" == row.url.lstrip("/")
                assert selectors.cases(actor, wanted, now=MORNING).count() == row.number


def rows_of(sheet: Any) -> list[Any]:
    return [row for _title, rows in sheet.groups for row in rows]


def test_brief_has_twelve_lines_in_three_groups() -> None:
    assert len({line.name for line in brief.LINES}) == len(brief.LINES) == 12
    assert {line.group for line in brief.LINES} == set(brief.GROUPS)


@pytest.mark.parametrize(
    ("who", "answer"),
    [
        ("ling", 200),
        ("bao", 200),
        ("si", 200),
        ("li", 403),
        ("wang", 403),
        ("xi", 403),
        ("mo", 403),
    ],
)
def test_brief_is_for_those_who_answer_for_an_area(sign_in: SignIn, who: str, answer: int) -> None:
    browser = sign_in(who)

    assert browser.get("/brief/").status_code == answer
    assert browser.get("/brief/pdf/").status_code == answer


def test_page_costs_the_same_for_one_and_three_cases(sign_in: SignIn, case_in: CaseMaker) -> None:
    with still(MORNING):
        browser = sign_in("ling")
        case_in(answers=DEADLY)
        one = queries(browser, "/brief/", **{"HX-Request": "true"})
        case_in(answers=DEADLY)
        case_in(answers=DEADLY)

        three = queries(browser, "/brief/", **{"HX-Request": "true"})

    # session, person, duties · brief before, twelve lines, area · earlier days, refusal, hour
    assert one == three == 20


# Delivery -------------------------------------------------------------------------------------------


def told(cast: Cast, who: str) -> list[str]:
    mine = Notice.objects.filter(person_id=cast.id(who), kind=brief.KIND).order_by("seq")
    return list(mine.values_list("about", flat=True))


def everybody_told() -> set[str]:
    rows = Notice.objects.filter(kind=brief.KIND)
    return set(rows.values_list("person__username", flat=True))


def usernames(cast: Cast, *names: str) -> set[str]:
    return {cast.person(name).username for name in names}


def test_leaders_are_told_once_at_the_hour_and_nobody_else_is(cast: Cast) -> None:
    assert brief.send(at("2026-04-25 07:29")) == 0
    assert brief.send(MORNING) == 3
    assert brief.send(at("2026-04-25 07:31")) == 0
    assert everybody_told() == usernames(cast, "ling", "ping", "b_ling")
    assert told(cast, "ling") == ["brief:2026-04-25"]

    assert brief.send(at("2026-04-26 09:00")) == 3
    assert told(cast, "ling") == ["brief:2026-04-25", "brief:2026-04-26"]


def test_kept_brief_is_what_was_counted_then(cast: Cast, town: None, sign_in: SignIn) -> None:
    brief.send(MORNING)
    kept = Brief.objects.get(person_id=cast.id("ling"))
    then = {one.line.name: one.number for one in brief.count(cast.ling, now=MORNING)}
    assert kept.lines == then
    for alert in Alert.objects.filter(status="raised", folded_into=None):
        give(cast.ling, "acknowledge_alert", alert.dispute, at("2026-04-25 10:00"))

    with still(at("2026-04-27 09:00")):
        page = sign_in("ling").get("/brief/2026-04-25/")

    rows = {row.line.name: row for row in rows_of(page.context["sheet"])}
    assert (rows["raised"].then, rows["raised"].number) == (then["raised"], 0)
    assert (rows["reddened"].then, rows["reddened"].number) == (then["reddened"],) * 2
    assert "现在 0" in page.content.decode()


@pytest.mark.parametrize("word", ["2026-04-24", "2026-4-5", "x", "9999-99-99", "2026-04-26"])
def test_morning_without_a_brief_is_not_there(sign_in: SignIn, cast: Cast, word: str) -> None:
    brief.send(MORNING)
    with still(MORNING):
        browser = sign_in("ling")

        assert browser.get(f"/brief/{word}/").status_code == 404
        assert browser.get(f"/brief/{word}/pdf/").status_code == 404


def test_brief_of_another_person_is_not_mine(sign_in: SignIn, cast: Cast) -> None:
    brief.send(MORNING)
    Brief.objects.exclude(person_id=cast.id("ling")).delete()
    with still(at("2026-04-27 09:00")):
        assert sign_in("ling").get("/brief/2026-04-25/").status_code == 200
        assert sign_in("ping").get("/brief/2026-04-25/").status_code == 404


def test_who_does_not_want_it_is_left_alone(sign_in: SignIn, cast: Cast) -> None:
    browser = sign_in("ping")
    assert browser.post("/brief/mine/", {"wanted": "0"}).status_code == 302
    assert brief.send(MORNING) == 2
    assert everybody_told() == usernames(cast, "ling", "b_ling")

    browser.post("/brief/mine/", {"wanted": "1"})

    assert brief.send(MORNING) == 1
    assert told(cast, "ping") == ["brief:2026-04-25"]


def test_office_sets_its_own_hour(sign_in: SignIn, cast: Cast) -> None:
    with still(MORNING):
        assert sign_in("ling").post("/brief/hour/", {"at": "06:15"}).status_code == 302
    assert services.hour_of(GRID).isoformat() == "06:15:00"

    assert brief.send(at("2026-04-25 06:15")) == 2
    assert everybody_told() == usernames(cast, "ling", "ping")
    assert brief.send(MORNING) == 1


@pytest.mark.parametrize(
    ("who", "typed", "answer"),
    [("ling", "25:00", 422), ("ling", "", 422), ("bao", "06:00", 403), ("li", "06:00", 403)],
)
def test_hour_is_refused_and_nothing_is_written(
    sign_in: SignIn, snapshot_counts: Any, who: str, typed: str, answer: int
) -> None:
    browser = sign_in(who)
    before = snapshot_counts()

    assert browser.post("/brief/hour/", {"at": typed}).status_code == answer
    assert snapshot_counts() == before


def test_deputy_gets_it_while_he_stands_in(cast: Cast) -> None:
    duty = Duty.objects.get(person_id=cast.id("ling"), role=Role.LEADER)
    Duty.objects.filter(pk=duty.pk).update(deputy=cast.person("dai"), deputy_until="2026-04-25")

    brief.send(MORNING)
    brief.send(at("2026-04-26 08:00"))

    assert told(cast, "dai") == ["brief:2026-04-25"]


def test_message_leads_to_the_brief(sign_in: SignIn, cast: Cast) -> None:
    brief.send(MORNING)
    with still(MORNING):
        page = sign_in("ling").get("/inbox/").content.decode()

    assert 'href="/brief/2026-04-25/"' in page
    assert "今日晨报已生成" in page


def test_one_that_cannot_be_written_stops_no_other(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, broken = brief.count, cast.id("ling")

    def count(actor: Any, **how: Any) -> Any:
        if actor.person_id == broken:
            raise RuntimeError("no")
        return real(actor, **how)

    monkeypatch.setattr(brief, "count", count)
    assert brief.send(MORNING) == 2
    monkeypatch.setattr(brief, "count", real)
    assert brief.send(MORNING) == 1


def test_process_that_ends_between_row_and_notice_leaves_neither(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = inbox.deliver

    def cut_off(*_args: Any, **_how: Any) -> Any:
        raise RuntimeError("killed")

    monkeypatch.setattr(inbox, "deliver", cut_off)
    assert brief.send(MORNING) == 0
    assert not Brief.objects.exists()
    monkeypatch.setattr(inbox, "deliver", real)

    assert brief.send(MORNING) == 3
    assert Notice.objects.filter(kind=brief.KIND).count() == Brief.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_two_tickers_at_once_tell_each_leader_once(cast: Cast) -> None:
    start, sent = threading.Barrier(3), []

    def run() -> None:
        start.wait()
        sent.append(brief.send(MORNING))
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    brief.send(MORNING)

    assert Notice.objects.filter(kind=brief.KIND).count() == Brief.objects.count() == 3


@pytest.mark.usefixtures("town")
def test_paper_is_one_page_with_twelve_numbers(sign_in: SignIn) -> None:
    with still(MORNING):
        answer = sign_in("ling").get("/brief/pdf/")

    text = text_of(answer.content)
    assert answer.headers["Content-Type"] == "application/pdf"
    assert pages_of(answer.content) == 1
    with translation.override("zh-hans"):
        assert [str(line.label) for line in brief.LINES if str(line.label) not in text] == []
    assert "数据截至2026-04-2507:30:00" in text


def test_stranger_is_sent_to_the_door() -> None:
    for address in ("/brief/", "/brief/pdf/", "/brief/2026-04-25/"):
        assert Client().get(address).headers["Location"].startswith("/accounts/login/")
