"""No acknowledged registration is ever lost, and none is ever half there (promise P1).

A process that writes is killed with signal 9 at random moments, again and again on the same database.
``LONG=1`` kills more often, ``LONG=34`` a thousand times. The seed is in the name of the failing assertion.
"""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from mediation.core.chain import GENESIS, link
from mediation.disputes.models import Dispute, Event, Party, Submission
from mediation.notifications.models import Notice
from workflows import journal
from workflows.models import CaseProcess, WorkItem

ROUNDS = 30 * int(os.environ.get("LONG", "0")) or 5
PATIENCE = 60.0

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def database_url() -> str:
    made = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{made['NAME']}"
    login = made["USER"] + (f":{made['PASSWORD']}" if made["PASSWORD"] else "")
    return f"postgres://{login}@{made['HOST']}:{made['PORT']}/{made['NAME']}"


def run_and_kill(acks: Path, seed: str, after: float) -> None:
    """Let the writer work until ``after`` seconds past its first acknowledgement; then signal 9."""
    before = size(acks)
    environment = os.environ | {"DATABASE_URL": database_url(), "DATA_DIR": str(acks.parent)}
    writer = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.writer", str(acks), seed],
        cwd=settings.BASE_DIR,
        env=environment,
        start_new_session=True,
    )
    try:
        limit = time.monotonic() + PATIENCE
        while size(acks) == before:
            assert writer.poll() is None, "the writer ended by itself"
            assert time.monotonic() < limit, "the writer never got anything done"
            time.sleep(0.005)
        time.sleep(after)
    finally:
        os.killpg(writer.pid, signal.SIGKILL)
        writer.wait()


def size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def acknowledged(acks: Path) -> set[str]:
    """What was noted in full; a line cut off by the kill was never told."""
    whole, _, _cut = acks.read_bytes().decode().rpartition("\n")
    return set(whole.split("\n"))


def half_written() -> dict[str, set[int]]:
    """Every table that a registration fills → cases that lack their row there."""
    cases = set(Dispute.objects.values_list("pk", flat=True))
    return {
        model.__name__: cases ^ set(model.objects.values_list("dispute_id", flat=True))
        for model in (Event, Party, CaseProcess, WorkItem, Notice)
    }


def chains_hold() -> bool:
    events = Event.objects.select_related("dispute")
    return all(
        event.previous == GENESIS
        and event.digest == event.dispute.chain
        and link(GENESIS, journal.record(event, str(event.dispute.uid))) == event.digest
        for event in events
    )


def test_acknowledged_registrations_survive_any_kill(tmp_path):
    acks = tmp_path / "acks"
    seed = str(random.randrange(10**9))
    chance = random.Random(seed)

    for n in range(ROUNDS):
        run_and_kill(acks, f"{seed}-{n}", chance.uniform(0.05, 0.8))

        told = acknowledged(acks)
        kept = set(Dispute.objects.values_list("number", flat=True))
        assert told - kept == set(), f"lost with seed {seed} in round {n}"
        assert not any(half_written().values()), f"half written with seed {seed} in round {n}"
        if connection.vendor == "sqlite":
            connection.close()  # the check of the word index trusts what an old connection remembers
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA integrity_check")
                assert cursor.fetchall() == [("ok",)]

    assert chains_hold()
    assert Submission.objects.count() == Dispute.objects.count() >= len(told) > ROUNDS
    # Each of the three clients may have been killed between commit and answer, once a round.
    assert len(kept - told) <= 3 * ROUNDS
