"""Two tickers over one backlog, killed with signal 9 in the middle: each effect once, none lost, none early.

``LONG=1`` takes 10,000 clocks and kills a hundred times. A storm of alerts climbs its ladder the same way.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.db.models import Count

from mediation.accounts.models import Duty, Role
from mediation.core import clock
from mediation.core.clock import end_of
from mediation.core.db import write
from mediation.deadlines.models import Deadline
from mediation.disputes.models import Event
from mediation.notifications.models import InboxCursor, Notice
from mediation.supervision.models import Card
from mediation.warning.alerts import Matter
from mediation.warning.models import Alert, AlertStep
from tests.factories import at, build_cast
from tests.factories.cases import register
from tests.factories.people import COMMUNITY
from tests.faults.test_kill import database_url
from workflows import alerting, ticker
from workflows.raising import raise_areas

LONG = bool(os.environ.get("LONG"))
CASES, EACH, KILLS = (500, 20, 100) if LONG else (6, 20, 2)
STORM = 5000 if LONG else 500
RUNGS = ("deputy", "one_up", "two_up")
PATIENCE = 60.0

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def arm(cases) -> None:
    """Every clock is over but one a case, which has a year to run."""
    over, ahead = at("2026-03-20 00:00").date(), clock.today() + timedelta(days=365)
    Deadline.objects.bulk_create(
        Deadline(
            dispute=case, rule="OBLIGATION", subject=str(n), starts_on=over,
            due_on=ahead if n == 0 else over, due_at=end_of(ahead if n == 0 else over),
        )
        for case in cases
        for n in range(EACH + 1)
    )  # fmt: skip


def start(directory, job: str) -> subprocess.Popen:
    environment = os.environ | {"DATABASE_URL": database_url(), "DATA_DIR": str(directory)}
    return subprocess.Popen(
        [sys.executable, "-m", "tests.faults.ticking", job],
        cwd=settings.BASE_DIR, env=environment, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def fired() -> int:
    return Event.objects.filter(command="fire_deadline").count()


def climbed() -> int:
    return AlertStep.objects.exclude(kind="raised").count()


def kill_two(directory, job: str, done: Callable[[], int], wanted: int, chance) -> None:
    """Let two tickers get something done together, then end both without warning."""
    before, pair = done(), [start(directory, job), start(directory, job)]
    try:
        limit = time.monotonic() + PATIENCE
        while done() == before and done() < wanted:
            assert time.monotonic() < limit, "the tickers never got anything done"
            time.sleep(0.005)
        time.sleep(chance.uniform(0, 0.05))
    finally:
        for process in pair:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def is_gapless(cursor: InboxCursor) -> bool:
    numbers = Notice.objects.filter(person=cursor.person_id).order_by("seq")
    return list(numbers.values_list("seq", flat=True)) == list(range(1, cursor.latest + 1))


def test_backlog_takes_effect_once_whatever_is_killed(tmp_path):
    cast = build_cast()
    cases = [register(cast.wang) for _ in range(CASES)]
    arm(cases)
    seed = random.randrange(10**9)
    chance = random.Random(seed)

    for _ in range(KILLS):
        kill_two(tmp_path, "deadlines", fired, CASES * EACH, chance)
        if fired() >= CASES * EACH:
            break
    ticker.sweep(clock.now())
    ticker.sweep(clock.now() - timedelta(hours=1))

    wanted = CASES * EACH
    once = Event.objects.filter(command="fire_deadline").values("dispute_id", "payload__subject")
    assert fired() == wanted, f"seed {seed}"
    assert once.annotate(n=Count("pk")).filter(n=1).count() == wanted, f"twice with seed {seed}"
    assert Card.objects.count() == wanted, f"a card too many or too few with seed {seed}"
    states = Deadline.objects.filter(rule="OBLIGATION").values_list("state").annotate(n=Count("pk"))
    assert dict(states) == {"fired": wanted, "armed": CASES}
    assert all(map(is_gapless, InboxCursor.objects.all()))

    # A year and more later the rest runs out, each once.
    ticker.sweep(clock.now() + timedelta(days=400))
    assert Deadline.objects.filter(rule="OBLIGATION", state="armed").count() == 0


def test_storm_climbs_each_rung_once_whatever_is_killed(tmp_path):
    cast = build_cast()
    Duty.objects.filter(person=cast.id("ling"), role=Role.LEADER).update(
        deputy=cast.id("li"), deputy_since=clock.today() + timedelta(days=900)
    )
    place, words = COMMUNITY, {"zh-hans": "测试", "en": "test"}
    with write():
        raise_areas(
            [Matter("same_day", place, "RED", words, f"k{n}") for n in range(STORM)],
            clock.now() - timedelta(hours=2),
        )
    seed = random.randrange(10**9)
    chance = random.Random(seed)
    wanted = STORM * len(RUNGS)

    for _ in range(KILLS):
        kill_two(tmp_path, "alerts", climbed, wanted, chance)
        if climbed() >= wanted:
            break
    for _ in RUNGS:
        alerting.climb(clock.now())

    assert set(Alert.objects.values_list("rung", flat=True)) == {len(RUNGS)}, f"seed {seed}"
    steps = AlertStep.objects.exclude(kind="raised").values_list("kind").annotate(n=Count("pk"))
    assert dict(steps) == dict.fromkeys(RUNGS, STORM), f"seed {seed}"
    twice = AlertStep.objects.values("alert", "kind").annotate(n=Count("pk")).filter(n__gt=1)
    assert not twice.exists(), f"seed {seed}"
    told = Notice.objects.filter(kind=alerting.CLIMBED)
    assert told.count() == sum(
        AlertStep.objects.exclude(kind="raised").values_list("told", flat=True)
    )
    assert told.values("person", "about").distinct().count() == told.count() >= STORM
    assert all(map(is_gapless, InboxCursor.objects.all()))
