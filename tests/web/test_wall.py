"""The screen on the wall: its key, what it shows, and what it never shows."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from mediation.areas.models import Area
from mediation.briefing import screens
from mediation.briefing.models import Screen
from mediation.core.errors import NotFound
from mediation.disputes.enums import DONE, Status
from mediation.disputes.models import Dispute, Party
from mediation.warning.models import Alert
from mediation.web import wall
from tests.factories import CaseMaker, Cast, at, give, register
from tests.factories.cases import DEADLY
from tests.factories.people import DISTRICT, GRID, LAST_GRID, SIBLING, SIBLING_GRID, SUBDISTRICT
from tests.web.conftest import SignIn
from tests.web.desk import NOON, still
from workflows import ticker

pytestmark = pytest.mark.django_db

DATA = "/wall/data/"
CANARY = "石榴测名"
WEEK = timedelta(days=7)


@pytest.fixture
def key(cast: Cast) -> str:
    return let_in(cast)


def let_in(cast: Cast, *, who: str = "ling", area: str = SUBDISTRICT, days: int = 7) -> str:
    return screens.let_in(
        getattr(cast, who), name="大厅", area=Area.objects.get(code=area),
        until=NOON + timedelta(days=days), now=NOON,
    )  # fmt: skip


def ask(key: str, client: Client | None = None, **more: Any) -> Any:
    cache.clear()
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    with still(more.pop("now", NOON)):
        return (client or Client()).get(DATA, headers=headers, **more)


# The key --------------------------------------------------------------------------------------------


def test_key_opens_the_figures_of_its_area_and_is_seen(cast: Cast, key: str) -> None:
    answer = ask(key)

    told = answer.json()
    assert (answer.status_code, told["area"], told["screen"]) == (200, "汽车路街道", "大厅")
    assert Screen.objects.get().last_seen_at == NOON
    assert answer.headers["Cache-Control"] == "no-store"
    assert not answer.cookies


def test_only_a_hash_of_the_key_is_kept(key: str) -> None:
    row = Screen.objects.values().get()

    assert key not in repr(row)
    assert key.rpartition("_")[2] not in repr(row)


@pytest.mark.parametrize(
    "wrong", ["", "x", "fqw_000000000000_" + "A" * 43, "fq_000000000000_" + "A" * 43, "{key}A"]
)
def test_wrong_key_opens_nothing(key: str, wrong: str) -> None:
    answer = ask(wrong.replace("{key}", key))

    assert (answer.status_code, answer.json()["code"]) == (401, "unknown")
    assert set(answer.json()) == {"code", "detail"}


def test_another_secret_with_the_same_beginning_learns_nothing(cast: Cast, key: str) -> None:
    screens.revoke(cast.ling, Screen.objects.get().pk, now=NOON)

    answer = ask(key[:-5] + ("AAAAA" if key[-5:] != "AAAAA" else "BBBBB"))

    assert (answer.status_code, answer.json()["code"]) == (401, "unknown")


@pytest.mark.parametrize("who", ["ling", "xi", "an", ""])
def test_session_opens_no_wall(sign_in: SignIn, cast: Cast, who: str) -> None:
    client = sign_in(who) if who else Client()

    assert ask("", client).status_code == 401


def test_withdrawn_key_says_so_and_shows_nothing(sign_in: SignIn, cast: Cast, key: str) -> None:
    with still():
        page = sign_in("ping").post(f"/screens/{Screen.objects.get().pk}/revoke/")
    assert page.status_code == 302

    answer = ask(key)

    assert (answer.status_code, answer.json()["code"]) == (401, "revoked")
    assert answer.json()["detail"] == "此大屏的密钥已被收回。"
    row = Screen.objects.get()
    assert (row.revoked_by_id, row.revoked_at, row.last_seen_at) == (cast.id("ping"), NOON, None)


def test_key_runs_out_on_its_day(key: str) -> None:
    assert ask(key, now=NOON + WEEK - timedelta(seconds=1)).status_code == 200

    answer = ask(key, now=NOON + WEEK)

    assert (answer.status_code, answer.json()["code"]) == (401, "expired")


def test_screen_is_noted_as_seen_once_a_minute(key: str) -> None:
    ask(key)
    ask(key, now=NOON + timedelta(seconds=59))
    assert Screen.objects.get().last_seen_at == NOON

    ask(key, now=NOON + timedelta(seconds=60))

    assert Screen.objects.get().last_seen_at == NOON + timedelta(seconds=60)


# Letting in -----------------------------------------------------------------------------------------

NEW = {"name": "一楼大厅", "area": SUBDISTRICT, "days": "30"}


def test_key_is_shown_once(sign_in: SignIn, cast: Cast) -> None:
    browser = sign_in("ling")
    with still():
        assert browser.post("/screens/", NEW).status_code == 302
        first = browser.get("/screens/")
        second = browser.get("/screens/")

    key = first.context["address"].partition("#")[2]
    assert key in first.content.decode()
    assert second.context["address"] == ""
    assert key not in second.content.decode()
    row = Screen.objects.get()
    assert (row.name, row.area.code, row.created_by_id) == (
        "一楼大厅",
        SUBDISTRICT,
        cast.id("ling"),
    )
    assert row.expires_at == NOON + timedelta(days=30)
    assert ask(key).status_code == 200


@pytest.mark.parametrize(
    ("who", "change", "answer"),
    [
        ("ling", {"area": SIBLING}, 422), ("ling", {"area": DISTRICT}, 422),
        ("ling", {"area": GRID}, 422), ("ling", {"days": "4000"}, 422), ("ling", {"name": ""}, 422),
        ("zhong", {}, 403), ("li", {}, 403), ("wang", {}, 403), ("shen", {}, 403), ("mo", {}, 403),
    ],
)  # fmt: skip
def test_screen_is_refused_and_nothing_is_written(
    sign_in: SignIn, who: str, change: dict[str, str], answer: int
) -> None:
    assert sign_in(who).post("/screens/", NEW | change).status_code == answer
    assert not Screen.objects.exists()


@pytest.mark.parametrize(
    ("who", "sees"), [("ling", True), ("xi", True), ("an", True), ("b_ling", False)]
)
def test_list_and_withdrawal_end_at_ones_area(
    sign_in: SignIn, key: str, who: str, *, sees: bool
) -> None:
    browser = sign_in(who)

    with still():
        page = browser.get("/screens/")
        ended = browser.post(f"/screens/{Screen.objects.get().pk}/revoke/")

    assert ("大厅" in page.content.decode()) is sees
    assert ended.status_code == (302 if sees else 404)
    assert (Screen.objects.get().revoked_at is not None) is sees


def test_nobody_lets_a_screen_into_another_area(cast: Cast) -> None:
    with pytest.raises(NotFound):
        let_in(cast, area=SIBLING)


# What it shows --------------------------------------------------------------------------------------


@pytest.fixture
def town(cast: Cast, case_in: CaseMaker) -> None:
    """Cases whose title, facts, place and people all bear the canary; one is sensitive, one elsewhere."""
    words = {
        "title": f"{CANARY}的案子",
        "facts": f"{CANARY}与邻居争执不下，已有两年。",
        "place": f"{CANARY}家",
    }
    for status in (Status.REGISTERED, Status.MEDIATING, Status.PERFORMING, Status.CLOSED):
        case_in(status, **words)
    register(cast.zhong, at("2026-03-02 11:00"), grid=LAST_GRID, answers=DEADLY, **words)
    hidden = register(cast.bao, at("2026-03-02 11:00"), answers=DEADLY, **words)
    Dispute.objects.filter(pk=hidden.pk).update(sensitivity="violence")
    register(cast.b_zhong, at("2026-03-02 11:00"), grid=SIBLING_GRID, answers=DEADLY, **words)
    Party.objects.update(plain_name=CANARY)


@pytest.mark.usefixtures("town")
def test_no_name_title_or_place_is_on_the_wall(cast: Cast, key: str) -> None:
    answer = ask(key)

    body = answer.content.decode()
    html = answer.json()["html"]
    assert [word for word in (CANARY, CANARY[:2], "439999", "139") if word in body + html] == []
    people = [cast.person(name).name for name in ("ling", "zhong", "bao", "li", "wang")]
    assert [name for name in people if name in html] == []
    hidden = Dispute.objects.get(sensitivity="violence")
    other = Dispute.objects.get(area_code__startswith=SIBLING)
    assert [case.number for case in (hidden, other) if case.number in html] == []


@pytest.mark.usefixtures("town")
def test_figures_are_those_of_ordinary_cases_of_the_area(cast: Cast, key: str) -> None:
    made = read()

    here = Dispute.objects.filter(area_code__startswith=SUBDISTRICT, sensitivity="normal")
    tiles = {tile["figure"].name: tile["cell"].number for tile in made.tiles}
    assert tiles["new"] == here.count() == 5
    assert tiles["open"] == here.exclude(status__in=DONE).count() == 4
    assert tiles["red"] == here.filter(colour="RED").exclude(status__in=DONE).count() == 1
    lines = {one.line.name: one.number for _title, ones in made.lines for one in ones}
    raised = Alert.objects.filter(dispute__in=here, status="raised")
    assert (lines["raised"], lines["reddened"]) == (raised.count(), 1)
    assert sum(row["shown"].number for row in made.areas) == tiles["open"]
    grave = raised.filter(folded_into=None).order_by("-severity", "raised_at")
    assert [sign.number for sign in made.signs] == [alert.dispute.number for alert in grave]
    assert [sign.colour for sign in made.alarms] == ["RED"]


def read() -> wall.Wall:
    screen = Screen.objects.select_related("area").get()
    return wall.read(screens.viewer(screen), screen.area.code, now=NOON)


@pytest.mark.usefixtures("town")
def test_red_takes_over_until_it_is_acknowledged(cast: Cast, key: str) -> None:
    before = ask(key).json()
    case = Dispute.objects.get(area_code=LAST_GRID)
    give(cast.ling, "acknowledge_alert", case, NOON)

    after = ask(key).json()

    assert (before["alarm"], after["alarm"]) == (1, 0)
    assert 'id="wall-alarm"' in before["html"]
    assert case.number in before["html"]
    assert "wall-alarm" not in after["html"]


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize("area", [DISTRICT, SUBDISTRICT, GRID[:12], GRID])
def test_screen_of_any_level_has_its_panels(cast: Cast, area: str) -> None:
    html = ask(let_in(cast, who="xi", area=area)).json()["html"]

    named = [name for name in ("figures", "brief", "months", "kinds", "alerts") if name in html]
    assert len(named) == 5
    assert ('data-panel="areas"' in html) is (area != GRID)


def test_screen_says_when_the_ticker_has_stopped(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    beats = {None: False, NOON.timestamp() - 60: False, NOON.timestamp() - 600: True}
    for beat, stopped in beats.items():
        monkeypatch.setattr(ticker, "last_beat", lambda beat=beat: beat)
        assert ask(key).json()["stopped"] is stopped


def test_screens_of_one_area_share_a_reading(
    cast: Cast, key: str, django_assert_num_queries: Any
) -> None:
    ask(key)
    with still(), django_assert_num_queries(1):  # the screen itself
        answer = Client().get(DATA, headers={"Authorization": f"Bearer {key}"})
    assert answer.status_code == 200


def test_page_costs_the_same_for_one_and_three_alerts(
    cast: Cast, case_in: CaseMaker, key: str, django_assert_num_queries: Any
) -> None:
    for times in (1, 2):
        for _ in range(times):
            case_in(answers=DEADLY)
        # names, areas below, outlines, sensitive · four by kind, four by area, months · twelve lines · alerts
        with django_assert_num_queries(28):
            read()


# The frame ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/wall/", "/wall/sw.js"])
def test_frame_holds_nothing_of_the_house_and_asks_no_session(
    sign_in: SignIn, cast: Cast, address: str, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(0):
        stranger = Client().get(address)
    leader = sign_in("ling").get(address)

    assert stranger.status_code == leader.status_code == 200
    assert stranger.content == leader.content
    assert not stranger.cookies
    assert "script-src 'self'" in stranger.headers["Content-Security-Policy"]


def test_alerts_of_the_neighbours_do_not_alarm(cast: Cast, key: str) -> None:
    register(cast.b_zhong, at("2026-03-02 11:00"), grid=SIBLING_GRID, answers=DEADLY)
    assert Alert.objects.filter(colour="RED", status="raised").count() == 1

    assert ask(key).json()["alarm"] == 0
