"""Pages of the early warning: clusters, the office's own numbers, how right the warnings were."""

from collections.abc import Iterator
from datetime import date

import pytest

from mediation.warning import learning, office
from mediation.warning.models import (
    Baseline,
    Cluster,
    CountedCase,
    DistrictWatch,
    OfficeTable,
)
from tests.factories import CaseMaker, Cast, at, register
from tests.factories.cases import CALM, DEADLY
from tests.factories.people import COMMUNITY, GRID
from tests.web.conftest import SignIn
from tests.web.desk import still

pytestmark = pytest.mark.django_db
NOW = at("2026-03-02 10:10")
TABLE = {
    "red_from": 50, "orange_from": 30, "yellow_from": 15, "red_minutes": 20, "orange_minutes": 240,
    "yellow_minutes": 1440, "deputy_percent": 50, "one_up_percent": 100, "two_up_percent": 200,
    "remind_hours": 24, "fold_minutes": 60, "quiet_from": "22:00", "quiet_until": "07:00",
    "false_alarm_weeks": 12, "reason": "按街道党工委会议要求",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _still_clock() -> Iterator[None]:
    with still(NOW):
        yield


@pytest.fixture
def cluster(case_in: CaseMaker) -> Cluster:
    case = case_in(answers=CALM)
    CountedCase.objects.create(
        dispute=case, day=date(2026, 3, 2), district=GRID[:6], area_code=GRID, kind="02"
    )
    Baseline.objects.create(
        district=GRID[:6], area_code=GRID, monday=date(2026, 3, 2), grids=1,
        rates={"": [0.03, 3.0], "02": [0.01, 2.0]},
    )  # fmt: skip
    found = Cluster.objects.create(
        district=GRID[:6], area_code=GRID, kind="02", colour="ORANGE", severity=3, window=14,
        observed=5, expected=0.4, factor=1.0, chance=1e-5, weeks=61.0, first_day=date(2026, 2, 20),
        latest_day=date(2026, 3, 2),
    )  # fmt: skip
    found.cases.add(case)
    return found


@pytest.mark.parametrize(
    ("who", "list_answer", "one"),
    [
        ("ling", 200, 200),
        ("bao", 200, 200),
        ("b_ling", 200, 404),
        ("li", 403, 403),
        ("wang", 403, 403),
    ],
)
def test_clusters_are_for_those_who_answer_for_the_place(
    sign_in: SignIn, cluster: Cluster, who: str, list_answer: int, one: int
) -> None:
    browser = sign_in(who)

    assert browser.get("/clusters/").status_code == list_answer
    assert browser.get(f"/clusters/{cluster.pk}/").status_code == one


def test_cluster_shows_expected_observed_rarity_and_cases(
    sign_in: SignIn, cluster: Cluster
) -> None:
    body = sign_in("ling").get(f"/clusters/{cluster.pk}/").content.decode()

    assert "14天内5起" in body
    assert "约61周" in body
    assert body.count("<rect") == 90
    assert cluster.cases.get().number in body


@pytest.mark.parametrize(("cases", "young"), [(0, True), (400, False)])
def test_page_says_where_the_past_is_too_short_to_judge(
    sign_in: SignIn, cast: Cast, cases: int, young: bool
) -> None:
    DistrictWatch.objects.create(
        district=GRID[:6], earliest=date(2025, 1, 1), monday=date(2026, 3, 2),
        begun={GRID[:9]: ["2025-01-01", cases]},
    )  # fmt: skip

    body = sign_in("ling").get("/clusters/").content.decode()

    assert ("历史数据还不够" in body) is young
    assert ("没有未了结的聚集" in body or "fq-empty" in body) is not young


def test_sensitive_case_of_a_cluster_is_only_counted(sign_in: SignIn, cluster: Cluster) -> None:
    case = cluster.cases.get()
    case.__class__.objects.filter(pk=case.pk).update(sensitivity="violence")

    body = sign_in("ping").get(f"/clusters/{cluster.pk}/").content.decode()

    assert case.number not in body
    assert "另有1起您无权查看" in body


# The office's own numbers ---------------------------------------------------------------------------


def test_new_table_is_a_version_with_author_and_reason(
    sign_in: SignIn, cast: Cast, case_in: CaseMaker
) -> None:
    page = sign_in("ling").post("/warning/settings/", TABLE | {"yellow_from": 5, "orange_from": 8})

    (version,) = OfficeTable.objects.all()
    assert page.status_code == 302
    assert (version.number, version.author_id, version.reason) == (
        1, cast.id("ling"), "按街道党工委会议要求",
    )  # fmt: skip
    case = case_in(answers=CALM | {"conduct": "threat"})
    assert (case.colour, case.risk["version"]) == ("YELLOW", "2026.1-1")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"red_from": 10}, "red_from"),
        ({"quiet_from": "25:00"}, "quiet_from"),
        ({"reason": ""}, "reason"),
        ({"red_minutes": "x"}, "red_minutes"),
        ({"two_up_percent": 100, "one_up_percent": 150}, "two_up_percent"),
    ],
)
def test_wrong_table_is_refused_at_the_field(
    sign_in: SignIn, cast: Cast, wrong: dict[str, object], field: str
) -> None:
    page = sign_in("ling").post("/warning/settings/", TABLE | wrong)

    assert page.status_code == 422
    assert field in page.context["form"].errors
    assert not OfficeTable.objects.exists()


def test_centre_reads_the_table_and_does_not_set_it(sign_in: SignIn, cast: Cast) -> None:
    browser = sign_in("zhong")

    assert browser.get("/warning/settings/").status_code == 200
    assert browser.post("/warning/settings/", TABLE).status_code == 403
    assert not OfficeTable.objects.exists()


# Learning ------------------------------------------------------------------------------------------


def test_calibration_says_when_data_are_not_enough(sign_in: SignIn, case_in: CaseMaker) -> None:
    case_in(answers=DEADLY)

    body = sign_in("ling").get("/warning/calibration/").content.decode()

    assert "数据不足" in body


def test_change_of_points_is_shown_proposed_and_adopted_by_another(
    sign_in: SignIn, cast: Cast
) -> None:
    register(cast.wang, at("2026-03-02 09:00"), answers=CALM | {"conduct": "push"})
    change = {"weights": "B1=15", "reason": "一年来推搡案件多次升级"}
    leader = sign_in("ling")

    shown = leader.post("/warning/calibration/propose/", change)
    nothing = OfficeTable.objects.count()
    leader.post("/warning/calibration/propose/", change | {"keep": "1"})
    leader.post("/warning/calibration/decide/")
    still_pending = learning.pending(COMMUNITY[:9]) is not None
    sign_in("si").post("/warning/calibration/decide/")

    assert shown.context["effect"]["moved"] == 1
    assert (nothing, still_pending) == (0, True)
    assert office.settings_of(GRID).weights == {"B1": [15]}
    assert OfficeTable.objects.get().proposed_by_id == cast.id("ling")


@pytest.mark.parametrize("weights", ["B1=20", "B1=-3", "XX=1", "A1=6,10", "B1=zwölf", ""])
def test_points_change_in_small_steps_alone(sign_in: SignIn, cast: Cast, weights: str) -> None:
    page = sign_in("ling").post(
        "/warning/calibration/propose/", {"weights": weights, "reason": "试一试看看效果如何呢"}
    )

    assert page.status_code == 422
    assert "weights" in page.context["form"].errors


def test_calibration_tells_the_points_in_force_of_every_rule_that_spoke(
    sign_in: SignIn, cast: Cast
) -> None:
    """Who proposes other points has to know these."""
    register(cast.wang, at("2026-03-02 09:00"), answers=CALM | {"conduct": "push"})

    page = sign_in("ling").get("/warning/calibration/")
    points = {row["rule"]: row["points"] for row in page.context["rules"]}

    assert points["B1"] == [12]
    assert '<td class="fq-figure">12</td>' in page.content.decode()
