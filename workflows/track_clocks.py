"""The armed clocks of a reconsideration, brought in line with its facts after each step."""

from mediation.deadlines import clocks
from mediation.deadlines.models import Deadline
from mediation.disputes.models import Dispute
from mediation.reconsideration import terms
from mediation.reconsideration.terms import Term
from workflows.facts import CaseFacts


def follow(dispute: Dispute, facts: CaseFacts) -> None:
    """Arm what the facts demand, move what they moved, hold what stands still, stop the rest."""
    track = facts.reconsideration
    if track is None:
        return
    wanted = {term.rule: term for term in terms.wanted(track, facts.standstills, today=facts.today)}
    unmet = Deadline.objects.filter(dispute=dispute, rule__in=terms.RULES, state__in=clocks.UNMET)
    armed = {row.rule: row for row in unmet.order_by("pk")}
    if gone := armed.keys() - wanted.keys():
        clocks.meet(dispute, sorted(gone))
    for rule, term in wanted.items():
        row = armed.get(rule)
        if row is None or row.starts_on != term.start:
            _arm(dispute, term, row)
        elif row.due_on != term.due_on or _should_change(row, term):
            _move(dispute, term, row, facts)


def _should_change(row: Deadline, term: Term) -> bool:
    """Held or let go. A clock that has run out stays so while its last day is the same."""
    return row.state != Deadline.State.FIRED and term.held != (row.state == Deadline.State.PAUSED)


def _arm(dispute: Dispute, term: Term, row: Deadline | None) -> None:
    if row is not None:
        clocks.meet(dispute, [term.rule])
    clocks.put(dispute, term.rule, term.plan, start=term.start)
    if term.held:
        clocks.hold(dispute, [term.rule])


def _move(dispute: Dispute, term: Term, row: Deadline, facts: CaseFacts) -> None:
    """One that had run out and has more time now starts anew."""
    if row.state == Deadline.State.FIRED:
        if term.due_on >= facts.today:
            _arm(dispute, term, row)
        return
    clocks.shift(row, term.plan)
    if term.held:
        clocks.hold(dispute, [term.rule])
