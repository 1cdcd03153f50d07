"""Clusters are found beside the registrations, told once, and counted in the level of their cases."""

from datetime import timedelta
from itertools import count

import pytest

from mediation.areas.models import Area
from mediation.disputes.models import Dispute
from mediation.notifications.models import Notice
from mediation.warning import beginnings
from mediation.warning.alerts import Matter
from mediation.warning.clusters import judging, merging, normal
from mediation.warning.detect.watch import LEAST_CASES, LEAST_HISTORY
from mediation.warning.models import Alert, Baseline, Cluster, CountedCase, DistrictWatch
from mediation.warning.settings import Settings
from tests.factories import at, register
from tests.factories.people import COMMUNITY, GRID, SECOND_GRID, AreaFactory
from workflows import alerting, cluster_selectors, cluster_watch
from workflows.raising import raise_areas

pytestmark = pytest.mark.django_db
NOW = at("2026-03-02 10:00")
numbers = count(1)


@pytest.fixture
def past(cast):
    """Half a year in which two grids report now and then."""
    for n in range(3, 9):
        AreaFactory(code=f"{COMMUNITY}0{n:02d}")
    case = register(cast.bao, NOW - timedelta(days=200))
    CountedCase.objects.all().delete()
    rows = []
    for week in range(26):
        copy = Dispute.objects.get(pk=case.pk)
        copy.pk, copy.uid = None, f"00000000-0000-0000-0000-{week:012d}"
        copy.number, copy.code = f"旧{week}", f"OLD-{week:04d}"
        copy.registered_at = NOW - timedelta(days=200 - week * 6)
        copy.place, copy.category = f"{week}号", "04"
        rows.append(copy)
    Dispute.objects.bulk_create(rows)
    cluster_watch.watch(NOW - timedelta(days=35))
    return cast


def burst(cast, size, *, day=0, kind="02", grid=GRID, **more):
    made = []
    for _ in range(size):
        n = next(numbers)
        people = [
            {"name": f"甲测{n}", "side": "applicant"}, {"name": f"乙测{n}", "side": "respondent"},
        ]  # fmt: skip
        made.append(
            register(
                cast.bao, NOW + timedelta(days=day, minutes=n), category=kind, grid=grid,
                place=f"{n}号院", parties=people, **more,
            )
        )  # fmt: skip
    return made


def grow(cast, days, size=1, **more):
    for day in days:
        burst(cast, size, day=day, **more)
        cluster_watch.watch(NOW + timedelta(days=day, hours=10))


def test_registration_itself_asks_nothing_of_the_detection(past):
    burst(past, 1)

    assert CountedCase.objects.filter(day=NOW.date()).count() == 0
    assert cluster_watch.watch(NOW) == 1
    assert cluster_watch.watch(NOW) == 0


def test_burst_becomes_one_cluster_with_its_numbers(past):
    grow(past, range(5))

    (cluster,) = Cluster.objects.filter(colour__in=["YELLOW", "ORANGE", "RED"])
    assert cluster.area_code.startswith(COMMUNITY[:9])
    assert cluster.observed >= 3
    assert cluster.expected < 1
    assert cluster.weeks >= 12
    assert cluster.alert.kind == "cluster"
    assert cluster.alert.reasons["zh-hans"].startswith(cluster_watch.place_of(cluster.area_code))


def test_cluster_rings_once_and_its_task_is_open(past):
    grow(past, range(5))
    alerts = Alert.objects.filter(kind="cluster").exclude(colour="BLUE")

    assert alerts.count() == 1
    told = Notice.objects.filter(kind=alerting.RAISED, about=f"alert:{alerts.get().pk}")
    assert set(told.values_list("person__username", flat=True)) >= {"ling", "bao"}
    assert alerting.tasks_fit(NOW)[1] == []


def test_cases_of_a_cluster_count_it_in_their_level(past):
    grow(past, range(6))

    case = Dispute.objects.filter(registered_at__gte=NOW).first()
    tier = case.risk["known"]["cluster_tier"]
    assert tier in {"yellow", "orange", "red"}
    assert "E2" in [one["rule"] for one in case.risk["reasons"]]


@pytest.mark.parametrize(
    ("unit", "kind", "tier"),
    [
        (COMMUNITY, "02", "red"),
        (COMMUNITY, "", "red"),
        (COMMUNITY, "15", None),
        (SECOND_GRID, "02", None),
    ],
)
def test_colour_of_a_cluster_is_that_of_the_stream_it_shows(past, unit, kind, tier):
    (case,) = burst(past, 1)
    cluster = Cluster.objects.create(
        district=GRID[:6], area_code=unit, kind=kind, colour="RED", severity=4, window=7, observed=8,
        expected=1, factor=1, chance=0, weeks=300, first_day=NOW.date(), latest_day=NOW.date(),
    )  # fmt: skip
    cluster.cases.add(case)

    assert merging.tier_of(case, NOW) == tier


def test_same_matter_counts_once(past):
    for day in range(4):
        register(past.wang, NOW + timedelta(days=day))
    cluster_watch.watch(NOW + timedelta(days=4))

    assert CountedCase.objects.filter(day__gte=NOW.date(), counts=True).count() == 1


@pytest.mark.parametrize(
    ("accepts", "colour"), [(4, "RED"), (12, "ORANGE"), (52, "YELLOW"), (260, "BLUE"), (520, "")]
)
def test_office_sets_how_often_it_accepts_a_false_alarm(accepts, colour):
    table = Settings(version=1, false_alarm_weeks=accepts)

    assert judging.tier(100, table, has_red=False) == colour


def test_quiet_hours_hold_back_blue_alone(cast):
    night = at("2026-03-02 23:30")
    words = {"zh-hans": "测试", "en": "test"}
    blue, yellow = raise_areas(
        (
            Matter("cluster", COMMUNITY, colour, words, f"k:{colour}")
            for colour in ("BLUE", "YELLOW")
        ),
        night,
    )

    def is_told(alert):
        return Notice.objects.filter(about=f"alert:{alert.pk}", kind=alerting.RAISED).exists()

    told = [is_told(blue), is_told(yellow)]
    for moment in ("2026-03-03 06:59", "2026-03-03 07:00"):
        alerting.climb(at(moment))
        told.append(is_told(blue))

    assert told == [False, True, False, True]


def test_many_on_one_day_are_told_with_a_doubt(past):
    burst(past, 3)
    cluster_watch.watch(NOW + timedelta(hours=9))

    alert = Alert.objects.get(kind="same_day")
    assert "疑似集中录入" in alert.reasons["zh-hans"]


def test_wages_against_one_employer_form_a_group(past):
    boss = {"name": "测城装饰", "side": "respondent", "kind": "legal"}
    for n in range(3):
        worker = {"name": f"工测{n}", "side": "applicant"}
        register(
            past.bao, NOW + timedelta(days=n), category="10", people_count=5, place=f"{n}工地",
            parties=[worker, boss], grid=[GRID, SECOND_GRID][n % 2],
        )  # fmt: skip
        cluster_watch.watch(NOW + timedelta(days=n, hours=1))

    alert = Alert.objects.get(kind="group")
    assert (alert.colour, "15人" in alert.reasons["zh-hans"]) == ("ORANGE", True)


def test_closed_matter_that_flares_up_is_told(past, case_in):
    case_in("closed")
    register(past.wang, NOW + timedelta(days=30))

    cluster_watch.watch(NOW + timedelta(days=30, hours=1))

    assert Alert.objects.filter(kind="reignition").count() == 1


def test_silent_grid_is_noticed_once(past):
    loud = Area.objects.get(code=SECOND_GRID)
    assert loud
    rows = list(CountedCase.objects.values_list("pk", flat=True))
    CountedCase.objects.filter(pk__in=rows).update(area_code=GRID, counts=True)
    normal.refresh(GRID[:6], NOW.date() + timedelta(days=60))
    Baseline.objects.filter(area_code=GRID).update(rates={"": [0.5, 40.0]})

    for _ in range(2):
        cluster_watch.night(NOW + timedelta(days=60))
        cluster_watch.night(NOW + timedelta(days=61))

    assert Alert.objects.filter(kind="silence").count() == 1


def test_resolved_cluster_no_longer_counts(past):
    grow(past, range(6))
    alert = Alert.objects.filter(kind="cluster").exclude(colour="BLUE").get()
    alerting.acknowledge(alert, actor_id=None, now=NOW)
    alerting.resolve(alert, verdict="false", outcome="集中排查所致", actor_id=None, now=NOW)
    case = Dispute.objects.filter(registered_at__gte=NOW).first()

    moved = cluster_watch.recompute(case.pk, NOW + timedelta(days=7))

    known = Dispute.objects.get(pk=case.pk).risk["known"]
    assert (moved, known["cluster_tier"]) == (True, None)


@pytest.mark.parametrize(("elsewhere", "factor"), [(100, 1.0), (200, 210 / 110)])
def test_grid_that_is_all_of_its_subdistrict_is_measured_by_the_district(elsewhere, factor):
    today, other = NOW.date(), f"{GRID[:6]}999901001"
    usual = {GRID: 5, GRID[:9]: 5, GRID[:6]: 105}
    room = judging.District(
        code=GRID[:6],
        today=today,
        state=DistrictWatch(scatter={}),
        ready={GRID[:9], other[:9]},
        cases=[
            CountedCase(day=today - timedelta(days=20), area_code=code, kind="02", counts=True)
            for code in [GRID] * 12 + [other] * elsewhere
        ],
        baselines={
            code: Baseline(area_code=code, rates={"02": [cases / 28, 200.0]})
            for code, cases in usual.items()
        },
    )

    found = room.judge(GRID, "02")

    assert (found.window, found.count) == (28, 12)
    assert found.factor == pytest.approx(factor)


# Too little history --------------------------------------------------------------------------------


def test_office_that_begins_is_not_a_cluster(cast):
    for day in range(LEAST_HISTORY):
        burst(cast, 1, day=day)
        cluster_watch.watch(NOW + timedelta(days=day, hours=10))

    assert CountedCase.objects.count() == LEAST_HISTORY
    assert not Cluster.objects.exists()
    assert not Alert.objects.filter(kind="cluster").exists()


def test_subdistrict_that_begins_beside_old_ones_alarms_neither_itself_nor_the_district(past):
    for code in ("430902007", "430902007001", "430902007001001"):
        AreaFactory(code=code)
    for day in range(20):
        (case,) = burst(past, 1, day=day)
        Dispute.objects.filter(pk=case.pk).update(area_code="430902007001001")
        cluster_watch.watch(NOW + timedelta(days=day, hours=10))

    assert CountedCase.objects.filter(area_code__startswith="430902007").count() == 20
    assert not Cluster.objects.exists()


def test_old_cases_that_are_entered_today_are_counted_and_alarm_nobody(past):
    made = burst(past, 8)
    for n, case in enumerate(made):
        Dispute.objects.filter(pk=case.pk).update(registered_at=NOW - timedelta(days=20 + n % 3))

    assert cluster_watch.watch(NOW) == 8
    assert not Cluster.objects.exists()


@pytest.mark.parametrize(
    ("days", "cases", "able"),
    [
        (LEAST_HISTORY, LEAST_CASES, True),
        (LEAST_HISTORY - 1, LEAST_CASES, False),
        (400, LEAST_CASES - 1, False),
        (400, 0, False),
    ],
)
def test_a_past_must_be_long_and_full_enough(days, cases, able):
    today = NOW.date()
    first = (today - timedelta(days=days)).isoformat()
    state = DistrictWatch(district=GRID[:6], begun={GRID[:9]: [first, cases]})

    assert beginnings.ready(state, today) == ({GRID[:9]} if able else set())


@pytest.mark.parametrize(
    ("cases", "red", "too_red"),
    [
        (29, 29, False),
        (30, 2, False),
        (30, 4, False),
        (30, 5, True),
        (120, 11, False),
        (120, 12, True),
    ],
)
def test_too_red_is_more_than_chance_makes(cases: int, red: int, too_red: bool) -> None:
    """Two of thirty are seven percent, and say nothing."""
    assert cluster_selectors.is_too_red(cases=cases, red=red, grave=red) is too_red
