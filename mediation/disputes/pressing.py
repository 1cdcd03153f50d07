"""The conditions of supervision: cards that climb, instructions that wait for their answer."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from mediation.disputes.guard import guard

if TYPE_CHECKING:
    from mediation.disputes.facts import Facts
    from mediation.disputes.models import Dispute


@guard(
    _("A yellow or red card is not lifted yet; only the level that set it can lift it."),
    "信访工作条例第三十九条、第四十条 · Regulation on Petition Work arts. 39, 40",
)
def no_card_is_open(dispute: "Dispute", facts: "Facts") -> bool:
    return all(card.level == card.Level.REMINDER for card in facts.cards)


@guard(_("An instruction of a leader is not answered yet."))
def instructions_are_answered(dispute: "Dispute", facts: "Facts") -> bool:
    return not facts.instructions


@guard(_("No supervision card waits for an answer."))
def a_card_awaits_its_answer(dispute: "Dispute", facts: "Facts") -> bool:
    return any(card.state == card.State.OPEN for card in facts.cards)


@guard(_("No supervision card is set in this case."))
def a_card_is_there(dispute: "Dispute", facts: "Facts") -> bool:
    return bool(facts.cards)


@guard(_("No instruction waits for you to acknowledge it."))
def an_instruction_waits_unread(dispute: "Dispute", facts: "Facts") -> bool:
    return any(
        one.addressee_id == facts.actor.person_id and one.acknowledged_at is None
        for one in facts.instructions
    )


@guard(_("No instruction waits for your answer."))
def an_instruction_waits(dispute: "Dispute", facts: "Facts") -> bool:
    return any(one.addressee_id == facts.actor.person_id for one in facts.instructions)
