"""The whole town of the demonstration with the year before it: what a newcomer meets must be believable."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.db.models import Count

from mediation.accounts.actor import load_actor
from mediation.accounts.demo import CAST
from mediation.accounts.models import Person
from mediation.disputes.enums import Status
from mediation.disputes.models import Dispute
from mediation.jobs.seed import stage
from mediation.jobs.seed.repertoire import PLAGUED
from mediation.notifications.models import Notice
from mediation.warning.models import Alert, Cluster, CountedCase
from workflows import cluster_selectors, cluster_watch, proofs

TODAY = date(2026, 11, 23)
NOW = stage.opening(TODAY)

# One town serves the whole module: keep it together on one worker.
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def town(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, Any]]:
    out = StringIO()
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("seed_demo", "--today", str(TODAY), "--force", "--json", stdout=out)
        yield json.loads(out.getvalue())
        transaction.set_rollback(True)


@pytest.fixture
def in_town(town: dict[str, Any], db: None) -> dict[str, Any]:
    return town


def still_open() -> Any:
    return Dispute.objects.filter(closed_at__isnull=True)


def test_town_with_a_past_keeps_every_promise(in_town: dict[str, Any]) -> None:
    report = proofs.run(now=NOW)

    assert set(in_town["status"]) == set(Status.values)
    assert report.offenders == []
    assert report.checked["cases"] == in_town["disputes"] > 700


def test_past_reaches_back_a_year_and_nothing_in_it_is_open(in_town: dict[str, Any]) -> None:
    days = Counter(
        at.date().replace(day=1) for at in Dispute.objects.values_list("registered_at", flat=True)
    )

    assert len(days) >= 13
    assert all(days[month] > 20 for month in sorted(days)[2:])
    assert not still_open().filter(registered_at__lt=NOW - timedelta(days=120)).exists()


def test_most_open_cases_are_calm_and_few_are_red(in_town: dict[str, Any]) -> None:
    colours = Counter(still_open().values_list("colour", flat=True))

    assert colours["BLUE"] > colours["YELLOW"] > colours["ORANGE"]
    assert 2 <= colours["RED"] <= 4


def test_leader_finds_few_alerts_without_an_answer_and_many_with_a_verdict(
    in_town: dict[str, Any],
) -> None:
    states = Counter(Alert.objects.values_list("status", flat=True))

    assert 3 <= states["raised"] <= 8
    assert states["resolved"] >= 4
    assert not Alert.objects.filter(status="resolved", verdict="").exists()


def test_detection_finds_the_quarrel_about_parking_and_nothing_is_unheard_of(
    in_town: dict[str, Any],
) -> None:
    loud = Cluster.objects.exclude(colour="BLUE").exclude(alert__status="resolved")

    assert loud.filter(area_code=PLAGUED, kind="15").exists()
    assert loud.count() <= 2
    assert not loud.exclude(area_code=PLAGUED).filter(colour="RED").exists()


def past_alerts() -> Any:
    return Alert.objects.filter(kind="cluster", status="resolved")


def test_watch_of_the_past_year_found_clusters_and_each_was_seen_acted_on_and_judged(
    in_town: dict[str, Any],
) -> None:
    verdicts = Counter(past_alerts().values_list("verdict", flat=True))
    steps = [
        list(one.steps.exclude(kind="repeated").values_list("kind", flat=True))
        for one in past_alerts()
    ]

    assert 5 <= sum(verdicts.values()) <= 12
    assert set(verdicts) == {"true", "false", "prevented"}
    assert set(map(tuple, steps)) == {("raised", "acknowledged", "acting", "resolved")}
    for alert in past_alerts():
        assert alert.raised_at < alert.acknowledged_at < alert.resolved_at < NOW
        assert alert.acknowledged_at <= (alert.acknowledge_by or NOW)
        assert alert.owner is not None
        assert alert.action


def test_calibration_has_something_to_show_and_says_where_it_is_too_little(
    in_town: dict[str, Any],
) -> None:
    leader = load_actor(Person.objects.get(username="lingdao"), today=TODAY)

    told = cluster_selectors.false_alarms(leader, now=NOW, promised=12)
    rows = cluster_selectors.verdicts(leader, since=NOW - timedelta(days=365))

    assert told["judged"] >= 3
    assert told["enough"]
    assert not told["too_many"]
    assert {row["kind"] for row in rows} >= {"cluster", "dispute"}
    assert not any(row["enough"] for row in rows if row["kind"] == "cluster")


def test_the_more_points_a_case_had_the_more_often_it_came_to_harm(in_town: dict[str, Any]) -> None:
    """What the page of the calibration shows; a band with a handful of cases proves nothing."""
    leader = load_actor(Person.objects.get(username="lingdao"), today=TODAY)
    cases = cluster_selectors.rated(leader, since=NOW - timedelta(days=365), until=NOW)

    bands = [one for one in cluster_selectors.reliability(cases) if one["cases"] >= 10]
    rates = [one["events"] / one["cases"] for one in bands]

    assert len(bands) >= 3
    assert rates == sorted(rates)
    assert rates[0] < 0.05 < rates[-1] < 0.6, bands
    drift = cluster_selectors.drift(cases, now=NOW)
    assert drift["enough"]
    assert not drift["warns"]
    assert not drift["too_red"]


def test_nobody_is_told_of_what_was_judged_months_ago(in_town: dict[str, Any]) -> None:
    about = [f"alert:{pk}" for pk in past_alerts().values_list("pk", flat=True)]

    assert about
    assert not Notice.objects.filter(about__in=about).exists()


def test_next_tick_of_the_demonstration_finds_nothing_left_to_judge(
    in_town: dict[str, Any],
) -> None:
    before = Alert.objects.count()

    assert cluster_watch.watch(NOW) == cluster_watch.night(NOW) == 0
    assert Alert.objects.count() == before
    assert CountedCase.objects.count() > 700


def test_nobody_of_the_cast_has_a_full_bell(in_town: dict[str, Any]) -> None:
    waiting = Notice.objects.filter(acknowledged_at__isnull=True)
    unread = dict(waiting.values_list("person__username").annotate(n=Count("pk")))

    assert max(unread.values()) <= stage.LEFT_UNREAD
    assert all(unread.get(member.username, 0) <= stage.LEFT_UNREAD for member in CAST)
    assert unread["lingdao"] >= 3


def test_what_is_played_has_later_numbers_than_the_past(in_town: dict[str, Any]) -> None:
    year = Dispute.objects.filter(number__contains="〔2026〕").order_by("number")
    first = year.filter(closed_at__isnull=True).first()

    assert first is not None
    assert year.filter(number__gt=first.number).count() < 130
