"""Two tickers over one backlog, killed with signal 9 in the middle: each effect once, none lost, none early.

``LONG=1`` takes 10,000 clocks and kills a hundred times.
"""

import os
import random
import signal
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from django.conf import settings
from django.db.models import Count

from mediation.core import clock
from mediation.core.clock import end_of
from mediation.deadlines.models import Deadline
from mediation.disputes.models import Event
from mediation.notifications.models import InboxCursor, Notice
from mediation.supervision.models import Card
from tests.factories import at, build_cast
from tests.factories.cases import register
from tests.faults.test_kill import database_url
from workflows import ticker

LONG = bool(os.environ.get("LONG"))
CASES, EACH, KILLS = (500, 20, 100) if LONG else (6, 20, 2)
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


def start(directory) -> subprocess.Popen:
    environment = os.environ | {"DATABASE_URL": database_url(), "DATA_DIR": str(directory)}
    return subprocess.Popen(
        [sys.executable, "-m", "tests.faults.ticking"],
        cwd=settings.BASE_DIR, env=environment, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def fired() -> int:
    return Event.objects.filter(command="fire_deadline").count()


def kill_two(directory, chance: random.Random) -> None:
    """Let two tickers get something done together, then end both without warning."""
    before, pair = fired(), [start(directory), start(directory)]
    try:
        limit = time.monotonic() + PATIENCE
        while fired() == before and fired() < CASES * EACH:
            assert time.monotonic() < limit, "the tickers never got anything done"
            time.sleep(0.005)
        time.sleep(chance.uniform(0, 0.05))
    finally:
        for process in pair:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def test_backlog_takes_effect_once_whatever_is_killed(tmp_path):
    cast = build_cast()
    cases = [register(cast.wang) for _ in range(CASES)]
    arm(cases)
    seed = random.randrange(10**9)
    chance = random.Random(seed)

    for _ in range(KILLS):
        kill_two(tmp_path, chance)
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
    for cursor in InboxCursor.objects.all():
        numbers = Notice.objects.filter(person=cursor.person_id).order_by("seq")
        assert list(numbers.values_list("seq", flat=True)) == list(range(1, cursor.latest + 1))

    # A year and more later the rest runs out, each once.
    ticker.sweep(clock.now() + timedelta(days=400))
    assert Deadline.objects.filter(rule="OBLIGATION", state="armed").count() == 0
