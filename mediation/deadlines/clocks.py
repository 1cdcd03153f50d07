"""The armed clocks of a case: planned from events, met, paused, moved, and fired by the ticker."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from django.db.models import Q

from mediation.core import rows
from mediation.core.clock import end_of
from mediation.core.prepared import Prepared, PreparedUpdate
from mediation.deadlines import reminders
from mediation.deadlines.calendar import WorkCalendar
from mediation.deadlines.compute import Due, due
from mediation.deadlines.labels import CARD_RULES, LAPSES
from mediation.deadlines.models import Deadline
from mediation.deadlines.store import calendar_in_force
from mediation.deadlines.table import PERIODS
from mediation.disputes.models import Dispute

Pauses = Sequence[tuple[date, date]]


def last_day(rule: str, start: date, *, extend: int = 0, pauses: Pauses = ()) -> Due:
    """The last day of a statutory period that starts after ``start``, with its derivation."""
    return due(PERIODS[rule], start, calendar=calendar_in_force(), extend=extend, pauses=pauses)


def recomputed(clock: Deadline, calendar: WorkCalendar | None = None) -> Due | None:
    """What the calendar (in force) makes of a computed clock; ``None``: its day was agreed or ordered."""
    if not clock.calendar_version or clock.rule not in PERIODS:
        return None
    return due(
        PERIODS[clock.rule],
        clock.starts_on,
        calendar=calendar or calendar_in_force(),
        extend=clock.extended,
        pauses=pauses_of(clock),
    )


def pauses_of(clock: Deadline) -> list[tuple[date, date]]:
    return [(date.fromisoformat(a), date.fromisoformat(b)) for a, b in clock.pauses]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a clock stands on: its last day, and what it was computed from."""

    due_on: date
    raw_on: date | None = None
    extended: int = 0
    pauses: Pauses = ()
    provisional: bool = False
    version: str = ""

    @classmethod
    def of(cls, found: Due) -> "Plan":
        return cls(
            due_on=found.due,
            raw_on=found.raw,
            extended=found.extend,
            pauses=found.pauses,
            provisional=found.provisional,
            version=found.calendar_version,
        )

    def columns(self, rule: str, *, start: date) -> dict[str, Any]:
        return {
            "due_on": self.due_on,
            "due_at": end_of(self.due_on),
            "raw_on": self.raw_on,
            "extended": self.extended,
            "pauses": [[str(first), str(end)] for first, end in self.pauses],
            "provisional": self.provisional,
            "calendar_version": self.version,
            "remind_at": reminders.first(
                rule, start=start, due=self.due_on, calendar=calendar_in_force()
            ),
        }


def arm(
    dispute: Dispute,
    rule: str,
    start: date,
    *,
    extend: int = 0,
    pauses: Pauses = (),
    subject: str = "",
) -> date:
    """Start a statutory clock. Returns its last day."""
    plan = Plan.of(last_day(rule, start, extend=extend, pauses=pauses))
    _insert(dispute, rule, plan, start=start, subject=subject)
    return plan.due_on


def arm_by_hand(
    dispute: Dispute, rule: str, due_on: date, *, start: date, subject: str = ""
) -> None:
    """A clock whose last day was agreed or ordered, not computed."""
    _insert(dispute, rule, Plan(due_on), start=start, subject=subject)


def put(dispute: Dispute, rule: str, plan: Plan, *, start: date) -> None:
    """Start a clock whose last day was computed elsewhere, from facts that are kept there."""
    _insert(dispute, rule, plan, start=start)


def rearm(dispute: Dispute, former: Deadline) -> None:
    """Start a clock again that was stopped, with all that it stood on."""
    plan = Plan(
        former.due_on, former.raw_on, former.extended, pauses_of(former),
        former.provisional, former.calendar_version,
    )  # fmt: skip
    _insert(dispute, former.rule, plan, start=former.starts_on, subject=former.subject)


def _insert(dispute: Dispute, rule: str, plan: Plan, *, start: date, subject: str = "") -> None:
    columns = plan.columns(rule, start=start)
    clock = Deadline(dispute=dispute, rule=rule, subject=subject, starts_on=start, **columns)
    rows.insert_later(clock)
    # One more clock moves the nearest moment only forward; whatever stops clocks looks for it anew.
    dispute.due_at = min(dispute.due_at or clock.due_at, clock.due_at)


RUNNING = (Deadline.State.ARMED, Deadline.State.PAUSED)
UNMET = (*RUNNING, Deadline.State.FIRED)
"""What has run out still waits for what it demands: the case is overdue until that is done."""


def meet(
    dispute: Dispute, rules: Iterable[str] | None = None, *, subject: str | None = None
) -> None:
    """Stop clocks because what they wait for has happened. No rules: whatever the procedure demands.

    Also those that had run out: late, but done. ``fired_at`` keeps that they were late. The clock of
    a card ends with the clock that the card is about; what a person or another organ demands (a card by
    hand, an instruction, an order and the terms of a petition) ends with its answer alone.
    """
    if rules is None:
        MEET_PROCEDURE(dispute=dispute.pk)
    elif subject is None:
        _meeting(tuple(rules))(dispute=dispute.pk)
    else:
        rules = list(rules)
        abouts = [f"{rule}/{subject}" for rule in rules]
        MEET_SUBJECT(dispute=dispute.pk, rules=rules, subject=subject, abouts=abouts)


def meet_all(dispute: Dispute) -> None:
    """Stop every clock of a case that is no case any more."""
    MEET_ALL(dispute=dispute.pk)


MET = {"state": Deadline.State.MET.value}
BY_ORDER = "order"
"""Subject of the terms that came with a matter of another organ: no step of the case ends them."""
BY_PERSONS = (
    Q(rule__in=["INSTRUCTION", "ORDER"])
    | Q(subject=BY_ORDER)
    | (
        Q(rule__in=CARD_RULES)
        & (
            Q(subject__startswith="HAND/")
            | Q(subject__startswith="INSTRUCTION/")
            | Q(subject__startswith="ORDER/")
            | Q(subject__endswith=f"/{BY_ORDER}")
        )
    )
)
WAITING = [state.value for state in UNMET]
MEET_PROCEDURE = PreparedUpdate(
    lambda dispute: Deadline.objects.filter(~BY_PERSONS, dispute_id=dispute, state__in=WAITING),
    MET,
    dispute=int,
)
MEET_ALL = PreparedUpdate(
    lambda dispute: Deadline.objects.filter(dispute_id=dispute, state__in=WAITING), MET, dispute=int
)


@cache
def _meeting(rules: tuple[str, ...]) -> PreparedUpdate[Deadline]:
    return PreparedUpdate(
        lambda dispute: Deadline.objects.filter(
            _named(rules), dispute_id=dispute, state__in=WAITING
        ),
        MET,
        dispute=int,
    )


def _named(rules: Iterable[str]) -> Q:
    about = Q(pk__in=[])
    for rule in rules:
        about |= Q(subject__startswith=f"{rule}/")
    return Q(rule__in=rules) | (Q(rule__in=CARD_RULES) & about)


MEET_SUBJECT = PreparedUpdate(
    lambda dispute, rules, subject, abouts: Deadline.objects.filter(
        Q(rule__among=rules, subject=subject) | Q(rule__in=CARD_RULES, subject__among=abouts),
        dispute_id=dispute,
        state__in=WAITING,
    ),
    MET,
    dispute=int, rules=list, subject=str, abouts=list,
)  # fmt: skip


def has_lapsed(clock: Deadline) -> bool:
    return clock.state == Deadline.State.FIRED and clock.rule in LAPSES


def hold(dispute: Dispute, rules: Iterable[str]) -> None:
    """Let running clocks stand still."""
    Deadline.objects.filter(
        dispute=dispute, rule__in=list(rules), state=Deadline.State.ARMED
    ).update(state=Deadline.State.PAUSED)


def hold_since(dispute: Dispute, clock: Deadline, day: date) -> None:
    """Let one clock stand still from ``day``. One that ran out unheard starts anew, standing."""
    held = Deadline.objects.filter(pk=clock.pk)
    if clock.state == Deadline.State.FIRED:
        held.update(**MET)
        rearm(dispute, clock)
        held = Deadline.objects.filter(
            dispute=dispute, rule=clock.rule, subject=clock.subject, state=Deadline.State.ARMED
        )
    held.update(state=Deadline.State.PAUSED, held_since=day)


def resume(clock: Deadline, pause: tuple[date, date]) -> date:
    """Let a clock run on after ``pause``: its first day, and the day that counts again (C11).

    A computed last day is computed anew; one that was agreed moves by the days of the pause.
    """
    first, end = pause
    if clock.calendar_version:
        pauses = [*pauses_of(clock), *([pause] if end > first else [])]
        found = last_day(clock.rule, clock.starts_on, extend=clock.extended, pauses=pauses)
        plan = Plan.of(found)
    else:
        plan = Plan(clock.due_on + (end - first))
    _move(Deadline.objects.filter(pk=clock.pk), clock.rule, plan, start=first)
    return plan.due_on


def move(dispute: Dispute, rules: Iterable[str], due_on: date) -> None:
    """Set a running clock to a last day that was agreed (extension)."""
    running = Deadline.objects.filter(dispute=dispute, rule__in=list(rules), state__in=RUNNING)
    for clock in running:
        _move(running.filter(pk=clock.pk), clock.rule, Plan(due_on), start=clock.starts_on)


def shift(clock: Deadline, plan: Plan) -> None:
    """Let a clock run to the last day of ``plan``."""
    _move(Deadline.objects.filter(pk=clock.pk), clock.rule, plan, start=clock.starts_on)


def replan(clock: Deadline, found: Due) -> None:
    """Put a running clock on the day that another calendar gives; it runs or stands as before."""
    columns = Plan.of(found).columns(clock.rule, start=clock.starts_on)
    Deadline.objects.filter(pk=clock.pk).update(**columns)


def _move(clocks: Any, rule: str, plan: Plan, *, start: date) -> None:
    clocks.update(state=Deadline.State.ARMED, held_since=None, **plan.columns(rule, start=start))


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
