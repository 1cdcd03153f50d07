"""One alert with its history; the alert of an area is dealt with on its own page."""

from collections.abc import Iterator

import pytest

from mediation.core.db import write
from mediation.disputes.enums import Colour
from mediation.warning.alerts import Matter
from mediation.warning.models import Alert
from tests.factories import CaseMaker, Cast, at
from tests.factories.cases import DEADLY
from tests.factories.people import COMMUNITY
from tests.web.conftest import SignIn
from tests.web.desk import still
from workflows import alerting
from workflows.raising import raise_areas

pytestmark = pytest.mark.django_db
NOW = at("2026-03-02 10:10")


@pytest.fixture(autouse=True)
def _still_clock() -> Iterator[None]:
    with still(NOW):
        yield


@pytest.fixture
def cluster(cast: Cast) -> Alert:
    words = {"zh-hans": "汽车路社区近14天邻里纠纷5起。", "en": "Five disputes in 14 days."}
    matter = Matter(Alert.Kind.CLUSTER, COMMUNITY, Colour.ORANGE, words, "cluster:1")
    with write():
        [alert] = raise_areas([matter], NOW)
    return alert


@pytest.mark.parametrize(
    ("who", "answer"), [("ling", 200), ("bao", 200), ("b_ling", 404), ("li", 403)]
)
def test_page_is_for_those_who_answer_for_the_area(
    sign_in: SignIn, cluster: Alert, who: str, answer: int
) -> None:
    assert sign_in(who).get(f"/alerts/{cluster.pk}/").status_code == answer


def test_area_alert_is_seen_acted_on_and_judged(
    sign_in: SignIn, cluster: Alert, cast: Cast
) -> None:
    browser = sign_in("ling")
    measure = {
        "owner": cast.id("li"),
        "action": "逐户走访，召开座谈会。",
        "action_due": "2026-03-05",
    }
    outcome = {"verdict": "prevented", "outcome": "问题已协调物业解决。"}

    codes = [
        browser.post(f"/alerts/{cluster.pk}/do/{step}/", data).status_code
        for step, data in (("acknowledge", {}), ("act", measure), ("resolve", outcome))
    ]

    cluster = Alert.objects.get(pk=cluster.pk)
    assert codes == [302, 302, 302]
    assert (cluster.status, cluster.verdict, cluster.owner_id) == (
        "resolved", "prevented", cast.id("li"),
    )  # fmt: skip
    assert alerting.tasks_fit(NOW) == (0, [])


def test_measure_waits_for_acknowledgement(sign_in: SignIn, cluster: Alert, cast: Cast) -> None:
    measure = {
        "owner": cast.id("li"),
        "action": "逐户走访，召开座谈会。",
        "action_due": "2026-03-05",
    }

    page = sign_in("ling").post(f"/alerts/{cluster.pk}/do/act/", measure)

    cluster = Alert.objects.get(pk=cluster.pk)
    assert (page.status_code, cluster.status) == (422, "raised")


def test_refusal_is_told_in_words(sign_in: SignIn, cluster: Alert) -> None:
    browser = sign_in("ling")
    browser.post(f"/alerts/{cluster.pk}/do/acknowledge/", {})

    again = browser.post(f"/alerts/{cluster.pk}/do/acknowledge/", {})

    assert again.status_code == 422
    assert again.context["reasons"][0] in again.text


def test_bad_measure_is_complained_of_at_the_field(sign_in: SignIn, cluster: Alert) -> None:
    browser = sign_in("ling")
    browser.post(f"/alerts/{cluster.pk}/do/acknowledge/")

    page = browser.post(f"/alerts/{cluster.pk}/do/act/", {"owner": "x", "action": "短"})

    assert page.status_code == 422
    assert set(page.context["form"].errors) == {"owner", "action", "action_due"}


def test_nothing_is_chosen_beforehand(sign_in: SignIn, cluster: Alert) -> None:
    """A first entry of a list is no owner, and no verdict that the calibration may count."""
    browser = sign_in("ling")
    browser.post(f"/alerts/{cluster.pk}/do/acknowledge/")

    measure = browser.get(f"/alerts/{cluster.pk}/do/act/")
    verdict = browser.get(f"/alerts/{cluster.pk}/do/resolve/")

    assert next(iter(measure.context["form"].fields["owner"].choices))[0] == ""
    assert "checked" not in verdict.text[verdict.text.index('id="step-title"') :]
    assert str(measure.context["step_words"]) in measure.text


def test_list_and_inbox_lead_to_the_area_alert(sign_in: SignIn, cluster: Alert) -> None:
    browser = sign_in("ling")

    listed = browser.get("/alerts/").content.decode()
    inbox = browser.get("/inbox/").content.decode()

    assert f'action="/alerts/{cluster.pk}/do/acknowledge/"' in listed
    assert f'href="/alerts/{cluster.pk}/"' in inbox


def test_alert_of_a_case_shows_its_history(sign_in: SignIn, case_in: CaseMaker) -> None:
    case_in(answers=DEADLY)
    alert = Alert.objects.get()
    alerting.climb(at("2026-03-02 10:20"))

    body = sign_in("ling").get(f"/alerts/{alert.pk}/").content.decode()

    assert "已通知副职或代理人" in body
    assert sign_in("ling").post(f"/alerts/{alert.pk}/do/acknowledge/").status_code == 404
