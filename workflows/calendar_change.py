"""After the days off of a year were announced: computed last days are computed again.

A day that stays is only marked as resting on the new calendar. A day that moves goes through the command
``move_deadline``, so that the case knows and those concerned are told; nobody else hears of it.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Final

from django.db.models import QuerySet

from mediation.accounts.actor import SYSTEM
from mediation.core.errors import Busy, Refusal
from mediation.deadlines import clocks
from mediation.deadlines.calendar import WorkCalendar
from mediation.deadlines.models import Deadline
from mediation.deadlines.store import calendar_in_force
from workflows.engine import Command, execute

BATCH: Final = 200
log = logging.getLogger(__name__)

_followed: list[str] = []
"""The version up to which this process has looked: a tick without news asks the database nothing."""


def follow(now: datetime, *, halted: Callable[[], bool] = lambda: False) -> int:
    """Bring every computed clock onto the calendar in force. Returns how many days moved."""
    version = calendar_in_force().version
    if version in _followed[-1:]:
        return 0
    moved, latest = 0, 0
    while not halted():
        batch = list(_outdated(version).filter(pk__gt=latest)[:BATCH])
        if not batch:
            break
        moved += sum(_follow(clock, now) for clock in batch)
        latest = batch[-1].pk
    if not halted() and not _outdated(version).exists():
        _followed[:] = [version]
    return moved


def would_move(calendar: WorkCalendar) -> int:
    """How many running clocks would get another last day under ``calendar``. Writes nothing."""
    rows = _outdated(calendar.version).iterator(chunk_size=BATCH)
    found = ((clock, clocks.recomputed(clock, calendar)) for clock in rows)
    return sum(due is not None and due.due != clock.due_on for clock, due in found)


def _outdated(version: str) -> QuerySet[Deadline]:
    return (
        Deadline.objects.filter(state__in=clocks.RUNNING)
        .exclude(calendar_version="")
        .exclude(calendar_version=version)
        .order_by("pk")
    )


def _follow(clock: Deadline, now: datetime) -> bool:
    """Whether the day moved. A case that is busy is met again at the next tick."""
    found = clocks.recomputed(clock)
    if found is None:
        return False
    if found.due == clock.due_on:
        # Only if it still is what was read: a command may have moved it meanwhile.
        Deadline.objects.filter(pk=clock.pk, due_on=clock.due_on, state=clock.state).update(
            raw_on=found.raw, provisional=found.provisional, calendar_version=found.calendar_version
        )
        return False
    data = {
        "rule": clock.rule,
        "subject": clock.subject,
        "was": clock.due_on.isoformat(),
        "due_on": found.due.isoformat(),
    }
    try:
        execute(
            Command("move_deadline", dispute=clock.dispute_id, data=data, door="timer"),
            SYSTEM,
            now=now,
        )
    except Busy:
        return False
    except (Refusal, Deadline.DoesNotExist):
        log.exception("Deadline %d could not be put on the new calendar.", clock.pk)
        return False
    return True
