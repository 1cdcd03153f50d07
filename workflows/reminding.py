"""Reminders before a clock runs out: each once, to whoever has to act.

A reminder changes no case; it is a notice and the next moment, written in one transaction.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from mediation.core.clock import local_day
from mediation.core.db import write
from mediation.core.errors import Busy
from mediation.deadlines import reminders
from mediation.deadlines.models import Deadline
from mediation.deadlines.store import calendar_in_force
from mediation.notifications import services as inbox
from mediation.notifications.recipients import recipients

KIND: Final = "remind_deadline"
LABEL = _("A deadline is near")
TOGETHER: Final = 25
TELLS = ("mediator", "centre")


def remind(now: datetime, *, halted: Callable[[], bool]) -> int:
    """Tell of every running clock whose reminder is due. Returns how many."""
    told = 0
    while not halted():
        due = list(_due(now).values_list("pk", flat=True)[:TOGETHER])
        if not due:
            break
        try:
            told += _tell(due, now)
        except Busy:
            break  # the next tick comes soon
    return told


def _due(now: datetime) -> QuerySet[Deadline]:
    running = Deadline.objects.filter(state=Deadline.State.ARMED, remind_at__lte=now)
    return running.order_by("remind_at", "pk")


def _tell(keys: list[int], now: datetime) -> int:
    calendar = calendar_in_force()
    with write(), inbox.gathered():
        locked = _due(now).select_for_update(of=("self",)).filter(pk__in=keys)
        clocks = list(locked.select_related("dispute"))
        for clock in clocks:
            Deadline.objects.filter(pk=clock.pk).update(
                remind_at=reminders.following(
                    clock.rule, due=clock.due_on, calendar=calendar, now=now
                )
            )
            if clock.due_at > now:
                _deliver(clock, now)
    return len(clocks)


def _deliver(clock: Deadline, now: datetime) -> None:
    dispute = clock.dispute
    told = recipients(dispute, TELLS, today=local_day(now))
    drafts = [inbox.Draft(person_id=one.person_id, kind=KIND) for one in told]
    inbox.deliver(drafts, dispute=dispute, version=dispute.version, now=now)
