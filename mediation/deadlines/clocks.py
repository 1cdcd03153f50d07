"""The armed clocks of a case: planned from events, met, paused, moved, and fired by the ticker."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from mediation.core import rows
from mediation.core.clock import end_of
from mediation.core.prepared import Prepared
from mediation.deadlines.compute import Due, due
from mediation.deadlines.models import Deadline
from mediation.deadlines.store import calendar_in_force
from mediation.deadlines.table import PERIODS
from mediation.disputes.models import Dispute

Pauses = Sequence[tuple[date, date]]


def last_day(rule: str, start: date, *, extend: int = 0, pauses: Pauses = ()) -> Due:
    """The last day of a statutory period that starts after ``start``, with its derivation."""
    return due(PERIODS[rule], start, calendar=calendar_in_force(), extend=extend, pauses=pauses)


def arm(dispute: Dispute, rule: str, start: date, *, pauses: Pauses = ()) -> date:
    """Start a statutory clock. Returns its last day."""
    result = last_day(rule, start, pauses=pauses)
    _insert(
        dispute,
        rule,
        start=start,
        due_on=result.due,
        provisional=result.provisional,
        version=result.calendar_version,
    )
    return result.due


def arm_by_hand(
    dispute: Dispute, rule: str, due_on: date, *, start: date, subject: str = ""
) -> None:
    """A clock whose last day was agreed or ordered, not computed."""
    _insert(dispute, rule, start=start, due_on=due_on, subject=subject)


def _insert(
    dispute: Dispute,
    rule: str,
    *,
    start: date,
    due_on: date,
    subject: str = "",
    provisional: bool = False,
    version: str = "",
) -> None:
    rows.insert(
        Deadline(
            dispute=dispute,
            rule=rule,
            subject=subject,
            starts_on=start,
            due_on=due_on,
            due_at=end_of(due_on),
            provisional=provisional,
            calendar_version=version,
        )
    )


RUNNING = (Deadline.State.ARMED, Deadline.State.PAUSED)
UNMET = (*RUNNING, Deadline.State.FIRED)
"""What has run out still waits for what it demands: the case is overdue until that is done."""

# A right that lapses with its time, not a duty: afterwards nobody is late with it.
LAPSES = frozenset({"CONF"})


def meet(
    dispute: Dispute, rules: Iterable[str] | None = None, *, subject: str | None = None
) -> None:
    """Stop clocks because what they wait for has happened. No rules: all of the case.

    Also those that had run out: late, but done. ``fired_at`` keeps that they were late.
    """
    running = Deadline.objects.filter(dispute=dispute, state__in=UNMET)
    if rules is not None:
        running = running.filter(rule__in=list(rules))
    if subject is not None:
        running = running.filter(subject=subject)
    running.update(state=Deadline.State.MET)


def has_lapsed(clock: Deadline) -> bool:
    return clock.state == Deadline.State.FIRED and clock.rule in LAPSES


def hold(dispute: Dispute, rules: Iterable[str]) -> None:
    Deadline.objects.filter(
        dispute=dispute, rule__in=list(rules), state=Deadline.State.ARMED
    ).update(state=Deadline.State.PAUSED)


def move(dispute: Dispute, rules: Iterable[str], due_on: date) -> None:
    """Set a running clock to a new last day (resumption, extension)."""
    Deadline.objects.filter(dispute=dispute, rule__in=list(rules), state__in=RUNNING).update(
        state=Deadline.State.ARMED, due_on=due_on, due_at=end_of(due_on)
    )


NEXT = Prepared(
    lambda dispute: (
        Deadline.objects.filter(
            dispute_id=dispute, state__in=[Deadline.State.ARMED.value, Deadline.State.FIRED.value]
        )
        .exclude(state=Deadline.State.FIRED.value, rule__in=sorted(LAPSES))
        .only("due_at")
        .order_by("due_at")[:1]
    ),
    dispute=int,
)


def next_due(dispute: Dispute) -> datetime | None:
    """The nearest moment among the clocks that run, or that have run out and are not met yet."""
    nearest = NEXT.first(dispute=dispute.pk)
    return nearest.due_at if nearest is not None else None
