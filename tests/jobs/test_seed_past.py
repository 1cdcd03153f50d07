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

from mediation.accounts.demo import CAST
from mediation.disputes.enums import Status
from mediation.disputes.models import Dispute
from mediation.jobs.seed import stage
from mediation.jobs.seed.repertoire import PLAGUED
from mediation.notifications.models import Notice
from mediation.warning.models import Alert, Cluster, CountedCase
from workflows import cluster_watch, proofs

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
    loud = Cluster.objects.exclude(colour="BLUE")

    assert loud.filter(area_code=PLAGUED, kind="15").exists()
    assert loud.count() <= 2
    assert not loud.exclude(area_code=PLAGUED).filter(colour="RED").exists()


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
