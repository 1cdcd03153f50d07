"""Alerts: acknowledged, acted on and resolved by POST, by those who answer for the area."""

import re
from collections.abc import Iterator

import pytest
from django.urls import reverse

from mediation.disputes.enums import Status
from mediation.warning.models import Alert
from mediation.web.clockface import countdown
from tests.factories import CaseMaker, Cast, at, register
from tests.factories.cases import DEADLY
from tests.factories.people import LAST_GRID, OTHER_COMMUNITY
from tests.web.conftest import SignIn
from tests.web.desk import queries, still

pytestmark = pytest.mark.django_db

PAGE = "/alerts/"
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _still_clock() -> Iterator[None]:
    with still(at("2026-03-02 10:10")):
        yield


@pytest.mark.parametrize(
    ("who", "answer", "seen"),
    [
        ("ling", 200, 1), ("bao", 200, 1), ("si", 200, 1), ("wang", 200, 1), ("chen", 200, 0),
        ("b_ling", 200, 0), ("li", 403, 0), ("fu", 403, 0), ("xi", 403, 0),
    ],
)  # fmt: skip
def test_page_shows_the_alerts_of_ones_area(
    sign_in: SignIn, case_in: CaseMaker, who: str, answer: int, seen: int
) -> None:
    case_in(answers=DEADLY)

    response = sign_in(who).get(PAGE)

    assert response.status_code == answer
    assert answer == 403 or response.context["count"] == seen


def test_alert_says_what_why_where_and_until_when(sign_in: SignIn, case_in: CaseMaker) -> None:
    case = case_in(answers=DEADLY)

    response = sign_in("ling").get(PAGE)

    ((colour, (row,)),) = response.context["groups"]
    assert (colour, row["dispute"].number, row["left"], row["late"]) == (
        "RED", case.number, countdown(at("2026-03-02 10:30"), now=at("2026-03-02 10:10")), False,
    )  # fmt: skip
    assert "扬言杀人" in row["why"]
    assert "汽车路社区 第3网格" in row["place"]


def test_alert_is_acknowledged_from_the_list(
    sign_in: SignIn, case_in: CaseMaker, cast: Cast
) -> None:
    case_in(answers=DEADLY)
    browser = sign_in("ling")
    page = browser.get(PAGE).content.decode()
    action = re.search(r'action="(/disputes/[^"]+/do/acknowledge_alert/)"', page)[1]
    sent = dict(re.findall(r'name="(version|key|next)" value="([^"]+)"', page))

    response = browser.post(action, sent)

    alert = Alert.objects.get()
    assert response.headers["Location"] == PAGE
    assert (alert.status, alert.acknowledged_by_id) == ("acknowledged", cast.id("ling"))


def test_alert_is_acted_on_and_resolved(sign_in: SignIn, case_in: CaseMaker, cast: Cast) -> None:
    case = case_in(answers=DEADLY)
    browser = sign_in("ling")
    measure = {"owner": cast.id("li"), "action": "包案领导上门稳控。", "action_due": "2026-03-05"}
    outcome = {"verdict": "prevented", "outcome": "双方已经冷静，没有发生意外。"}

    for command, data in (
        ("acknowledge_alert", {}), ("act_on_alert", measure), ("resolve_alert", outcome),
    ):  # fmt: skip
        case.refresh_from_db()
        browser.post(reverse("act", args=[case.code, command]), data | {"version": case.version})

    alert = Alert.objects.get()
    assert (alert.status, alert.owner_id, alert.verdict) == ("resolved", cast.id("li"), "prevented")
    assert browser.get(PAGE).context["count"] == 0
    assert browser.get(f"{PAGE}?show=resolved").context["count"] == 1


@pytest.mark.parametrize(
    ("state", "steps"),
    [
        ("raised", ["acknowledge_alert"]),
        ("acknowledged", ["act_on_alert", "resolve_alert"]),
        ("acting", ["act_on_alert", "resolve_alert"]),
    ],
)
def test_buttons_follow_the_state(
    sign_in: SignIn, case_in: CaseMaker, state: str, steps: list[str]
) -> None:
    case_in(answers=DEADLY)
    Alert.objects.update(status=state)

    ((_colour, (row,)),) = sign_in("ling").get(PAGE).context["groups"]

    assert list(row["steps"]) == steps


def test_grid_worker_sees_and_does_not_decide(sign_in: SignIn, case_in: CaseMaker) -> None:
    case_in(answers=DEADLY)

    ((_colour, (row,)),) = sign_in("wang").get(PAGE).context["groups"]

    assert row["steps"] == {}


def test_filters_narrow_the_list(sign_in: SignIn, cast: Cast, case_in: CaseMaker) -> None:
    here = case_in(answers=DEADLY)
    there = register(cast.zhong, grid=LAST_GRID, answers=DEADLY)
    Alert.objects.filter(dispute=here).update(status="acknowledged")
    browser = sign_in("ling")

    def numbers(query: str) -> list[str]:
        groups = browser.get(f"{PAGE}?{query}").context["groups"]
        return [row["dispute"].number for _colour, rows in groups for row in rows]

    assert sorted(numbers("")) == sorted([here.number, there.number])
    assert numbers("waiting=1") == [there.number]
    assert numbers(f"area={OTHER_COMMUNITY}") == [there.number]


def test_worst_level_stands_on_top(sign_in: SignIn, case_in: CaseMaker) -> None:
    orange = case_in(answers=DEADLY)
    case_in(answers=DEADLY)
    Alert.objects.filter(dispute=orange).update(colour="ORANGE", severity=3)

    groups = sign_in("ling").get(PAGE).context["groups"]

    assert [(colour, len(rows)) for colour, rows in groups] == [("RED", 1), ("ORANGE", 1)]


def test_sensitive_alert_is_for_the_cleared(sign_in: SignIn, case_in: CaseMaker) -> None:
    case = case_in(answers=DEADLY)
    case.__class__.objects.filter(pk=case.pk).update(sensitivity="violence")

    seen = {who: sign_in(who).get(PAGE).context["count"] for who in ("ling", "ping")}

    assert seen == {"ling": 1, "ping": 0}


def test_page_costs_the_same_for_one_and_three_alerts(sign_in: SignIn, case_in: CaseMaker) -> None:
    browser = sign_in("ling")
    case_in(Status.MEDIATING, answers=DEADLY)
    one = queries(browser, PAGE, **HTMX)
    case_in(answers=DEADLY)
    case_in(answers=DEADLY)

    three = queries(browser, PAGE, **HTMX)

    # session, person, duties, alerts, communities of the filter
    assert one == three == 5
