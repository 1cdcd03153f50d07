"""What happens by itself: deadlines run out, each exactly once, however often and wherever this runs.

Claim, effect and mark are one transaction. The dispute is locked before its clock, in the order of every
command; whoever comes second finds the clock no longer running.
"""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import takewhile
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import connection
from django.db.models import Q, QuerySet

from mediation.accounts.actor import SYSTEM
from mediation.core import rows, vitals
from mediation.core.db import db_clock, write
from mediation.core.errors import Busy
from mediation.deadlines.models import Deadline
from mediation.disputes.models import Dispute
from mediation.errands import services as errands
from mediation.notifications import services as inbox
from mediation.notifications.recipients import remembered
from mediation.reports import summary
from mediation.uploads import services as uploads
from workflows import (
    alerting,
    brief,
    calendar_change,
    cluster_watch,
    ladder,
    nightly,
    reminding,
    retention,
    seals,
    turns,
)
from workflows.engine import Command, execute
from workflows.lock import held, lock_free

BATCH: Final = 200
TOGETHER: Final = 25
"""So many clocks share a transaction: few enough that nobody waits long for their cases."""
GAP_SECONDS: Final = 0.015
"""Between two of these transactions, where writers take turns."""
TRIES: Final = 8
FIRST_RETRY: Final = timedelta(minutes=1)

halt = threading.Event()
"""Set when the process ends: a long backlog stops after the few clocks it is at, and goes on elsewhere."""

SKEW: Final = timedelta(seconds=5)
Armed = tuple[int, int]
"""A clock and its case."""

log = logging.getLogger(__name__)
skewed = vitals.counter("fengqiao_clock_skew_total", "Ticks at which the two clocks disagreed.")
fired = vitals.counter("fengqiao_deadlines_fired_total", "Deadlines that ran out and took effect.")
failed = vitals.counter("fengqiao_deadlines_failed_total", "Attempts to fire that raised.")


def believed(now: datetime) -> datetime:
    """The earlier of this machine's clock and the database's, when they disagree.

    A clock that jumped ahead must let nothing run out before its time; one that jumped back only waits.
    SQLite has no clock of its own.
    """
    there = db_clock()
    if there is None or abs(now - there) <= SKEW:
        return now
    skewed.add()
    log.error("The clock of this machine and the database's differ by %s.", now - there)
    return min(now, there)


def tick(now: datetime, *, only: str = "") -> dict[str, int]:
    """One round of everything that is due, or of one job. A job that fails does not stop the others."""
    done = {}
    for name, job in JOBS.items():
        if only and name != only:
            continue
        try:
            done[name] = job(now)
        except Exception:
            log.exception("The job %s failed; it is tried again at the next tick.", name)
    beat()
    return done


def sweep(now: datetime) -> int:
    """Fire every deadline that is over at ``now``. Returns how many took effect."""
    done = 0
    for batch in takewhile(lambda _: not halt.is_set(), _candidates(now)):
        if done:
            _give_way()
        took = _fire(batch, now)
        fired.add(took)
        done += took
    return done


def remind(now: datetime) -> int:
    """Tell whoever has to act of the clocks that will run out soon. Returns how many were told of."""
    return reminding.remind(now, halted=halt.is_set)


def follow_calendar(now: datetime) -> int:
    """Put computed days on the calendar in force. Returns how many moved."""
    return calendar_change.follow(now, halted=halt.is_set)


def prove(now: datetime) -> int:
    """The nightly proof over the data, once a night."""
    return nightly.prove(now)


def run_errands(now: datetime) -> int:
    """What people asked to have made, for a few seconds at a time. Returns how many came to an end."""
    return errands.drain(now, halted=halt.is_set, alive=beat)


def climb(now: datetime) -> int:
    """Alerts that nobody answers. Returns how many took their turn."""
    return alerting.climb(now, halted=halt.is_set)


def send_briefs(now: datetime) -> int:
    """The briefs whose hour has come, each once a morning. Returns how many were written."""
    return brief.send(now, halted=halt.is_set)


def add_up(_now: datetime) -> int:
    """Add what changed to the summaries that figures are read from."""
    return summary.fold()


JOBS: dict[str, Callable[[datetime], int]] = {
    "calendar": follow_calendar,  # first: nothing may run out on a day that has moved
    "deadlines": sweep,
    "reminders": remind,
    "seals": seals.seal,
    "summaries": add_up,
    "errands": run_errands,
    "alerts": climb,
    "reports_owed": alerting.press_reports,
    "charges": alerting.press_charges,
    "briefs": send_briefs,
    "clusters": cluster_watch.watch,
    "night": cluster_watch.night,
    "parked_files": uploads.clear_away,
    "proof": prove,
    "retention": retention.nightly,
}
"""What a tick does, in order. Each job is safe to run in parallel with itself."""


def _give_way() -> None:
    """Leave the one writer of SQLite to others for a moment: they poll for it, and a backlog is long."""
    if connection.vendor == "sqlite":
        halt.wait(GAP_SECONDS)


def _due(now: datetime) -> QuerySet[Deadline]:
    return Deadline.objects.filter(state=Deadline.State.ARMED, due_at__lte=now).filter(
        Q(next_try_at__isnull=True) | Q(next_try_at__lte=now)
    )


def _candidates(now: datetime) -> Iterator[list[Armed]]:
    """Keys of clocks and their cases, oldest first, in batches: a backlog of any length ends."""
    rows = _due(now).order_by("due_at", "pk").values_list("due_at", "pk", "dispute_id")
    batch = list(rows[:BATCH])
    while batch:
        pairs = [(key, dispute) for _, key, dispute in batch]
        yield from (pairs[n : n + TOGETHER] for n in range(0, len(pairs), TOGETHER))
        due_at, key, _ = batch[-1]
        after = Q(due_at__gt=due_at) | Q(due_at=due_at, pk__gt=key)
        batch = list(rows.filter(after)[:BATCH])


def _fire(batch: list[Armed], now: datetime) -> int:
    """A few clocks in one transaction; one that cannot take effect is put off."""
    return turns.take(
        batch,
        lambda few: _take_turns(few, now),
        name=lambda one: f"Deadline {one[0]}",
        failed=lambda one: _put_off(one[0], now),
    )


def _take_turns(batch: Sequence[Armed], now: datetime) -> int:
    """Raises whatever an effect raises."""
    disputes = lock_free(dispute for _, dispute in batch)
    clocks = _claimed(batch, disputes, now)
    # Marked first: the command looks for what is due next.
    Deadline.objects.filter(pk__in=[clock.pk for clock in clocks]).update(
        state=Deadline.State.FIRED, fired_at=now
    )
    with (
        held(disputes),
        ladder.looked_up(disputes),
        inbox.gathered(),
        remembered(),
        rows.gathered(),
    ):
        for clock in clocks:
            _take_effect(clock, now)
    return len(clocks)


def _claimed(batch: Sequence[Armed], disputes: list[Dispute], now: datetime) -> list[Deadline]:
    """The clocks of the batch that still run, of the cases that are locked.

    What another process fired, met or moved since it was listed is no longer among them.
    """
    free = {dispute.pk for dispute in disputes}
    keys = [key for key, dispute in batch if dispute in free]
    return list(_due(now).select_for_update().filter(pk__in=keys).order_by("due_at", "pk"))


def _take_effect(clock: Deadline, now: datetime) -> None:
    data = {"rule": clock.rule, "subject": clock.subject, "due_on": clock.due_on.isoformat()}
    name = ladder.command_of(clock.rule)
    execute(Command(name, dispute=clock.dispute_id, data=data, door="timer"), SYSTEM, now=now)


def _put_off(key: int, now: datetime) -> None:
    """Try again after one, two, four … minutes; after the last try a person must look at it."""
    failed.add()
    try:
        with write():
            clock = Deadline.objects.select_for_update().get(pk=key)
            clock.tries += 1
            clock.next_try_at = now + FIRST_RETRY * 2 ** (clock.tries - 1)
            if clock.tries >= TRIES:
                clock.state = Deadline.State.DEAD
            clock.save(update_fields=["tries", "next_try_at", "state"])
    except Busy:
        log.warning("Deadline %d stays due.", key)


# Heartbeat ----------------------------------------------------------------------------------------


def _heart() -> Path:
    path: Path = settings.DATA_DIR / "ticker.beat"
    return path


def beat() -> None:
    """Leave a sign of life that every process of this machine can see."""
    _heart().touch()


def last_beat() -> float | None:
    """When a ticker last finished a round, in seconds since the epoch; ``None``: never."""
    try:
        return _heart().stat().st_mtime
    except FileNotFoundError:
        return None


def lateness(now: datetime) -> float:
    """Seconds by which the oldest deadline that should have fired is late."""
    oldest = _due(now).order_by("due_at").values_list("due_at", flat=True).first()
    return (now - oldest).total_seconds() if oldest else 0.0


def given_up() -> int:
    return Deadline.objects.filter(state=Deadline.State.DEAD).count()
