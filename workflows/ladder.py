"""What follows when a clock of ours has run out: a reminder, a yellow card, a red card.

Each card has a clock of its own. While it runs unanswered, its end sets the next card; what is done in
time, or answered, stops the ladder (``deadlines.clocks.meet``).
"""

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from mediation.core import rows
from mediation.deadlines import clocks
from mediation.deadlines.labels import CARD_RULES, is_ours
from mediation.deadlines.models import Deadline
from mediation.disputes.models import Dispute
from mediation.supervision import ladder
from mediation.supervision.models import Card
from workflows.facts import CaseFacts

MEDIATION = ("MED", "L01", "MEDICAL", "COURT_PRE", "COURT_POST", "COURT_SUMMARY")
"""The periods of a mediation: the day that ``Dispute.mediation_due`` repeats."""

COMMAND_OF = {
    "CARD_REMINDER": "yellow_card",
    "CARD_YELLOW": "red_card",
    # Without a decision the application is deemed accepted (Reconsideration Law art. 30(3)).
    "R06": "rc_deem_accepted",
    "R09": "rc_deem_accepted",
}
"""What the end of a clock is called where that is a step; every other clock simply runs out."""


def command_of(rule: str) -> str:
    return COMMAND_OF.get(rule, "fire_deadline")


def climb(dispute: Dispute, facts: CaseFacts) -> None:
    """The effect of a clock that ran out. Rights of parties and terms of other organs just lapse."""
    rule, subject = facts.data["rule"], facts.data["subject"]
    if rule in CARD_RULES:
        _raise(dispute, subject, facts)
    elif is_ours(rule):
        card = Card(rule=rule, subject=subject, missed_on=facts.data["due_on"])
        waiting = _unanswered(dispute, card.clock)
        if waiting is None:
            put(dispute, card, Card.Level.REMINDER, facts)
        else:
            _press_on(dispute, waiting, facts)


def put(dispute: Dispute, card: Card, level: str, facts: CaseFacts) -> None:
    """Insert the card and start the clock of its answer."""
    card.dispute, card.level, card.set_at = dispute, level, facts.now
    card.owner = card.owner or ladder.OWNER_OF[level]
    if card.answer_by is None:
        card.answer_by = ladder.answer_day(level, facts.today)
    # The clock of a card that a person set carries its key.
    insert = rows.insert_later if card.rule else rows.insert
    insert(card)
    clocks.arm_by_hand(
        dispute, ladder.RULE_OF[level], card.answer_by, start=facts.today, subject=card.clock
    )


def _press_on(dispute: Dispute, card: Card, facts: CaseFacts) -> None:
    """The same clock has run out again, and nobody has answered the card about the first time.

    The card stays at its level. Its clock is started anew if it was stopped when the thing pressed for
    seemed done, for instance by an agreement that fell through.
    """
    rule = ladder.RULE_OF[card.level]
    clock = Deadline.objects.filter(dispute=dispute, rule=rule, subject=card.clock)
    if clock.filter(state__in=clocks.UNMET).exists():
        return
    card.missed_on, card.answer_by = (
        facts.data["due_on"],
        ladder.answer_day(card.level, facts.today),
    )
    card.save(update_fields=["missed_on", "answer_by"])
    clocks.arm_by_hand(dispute, rule, card.answer_by, start=facts.today, subject=card.clock)


def _raise(dispute: Dispute, clock: str, facts: CaseFacts) -> None:
    """The next level takes over from a card that nobody answered; a red one stays, and is overdue."""
    card = _unanswered(dispute, clock)
    if card is None or card.level not in ladder.NEXT:
        return
    level = ladder.NEXT[card.level]
    Card.objects.filter(pk=card.pk).update(state=Card.State.RAISED)
    Deadline.objects.filter(
        dispute=dispute, rule=ladder.RULE_OF[card.level], subject=clock, state=Deadline.State.FIRED
    ).update(state=Deadline.State.MET)
    following = Card(
        rule=card.rule, subject=card.subject, missed_on=card.missed_on, demand=card.demand
    )
    put(dispute, following, level, facts)


_local = threading.local()


@contextmanager
def looked_up(disputes: Iterable[Dispute]) -> Iterator[None]:
    """Ask once for a batch which of its cases have a card that waits; of the others nobody asks again.

    A card that is set within the batch is about another clock: none runs out twice in one batch.
    """
    keys = [dispute.pk for dispute in disputes]
    waiting = Card.objects.filter(dispute__in=keys, state=Card.State.OPEN)
    _local.free = set(keys) - set(waiting.values_list("dispute_id", flat=True))
    try:
        yield
    finally:
        _local.free = set()


def _unanswered(dispute: Dispute, clock: str) -> Card | None:
    if dispute.pk in getattr(_local, "free", ()):
        return None
    waiting = Card.objects.filter(dispute=dispute, state=Card.State.OPEN).order_by("-pk")
    return next((card for card in waiting if card.clock == clock), None)
