"""Commands of those who press: cards for what is overdue, instructions of a leader, and their answers."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mediation.accounts.models import Duty, Role
from mediation.areas.models import ancestor_codes
from mediation.core import rows
from mediation.core.clock import local_day
from mediation.deadlines import clocks
from mediation.disputes import pressing
from mediation.disputes.enums import DONE, OPEN
from mediation.disputes.models import Dispute
from mediation.supervision import ladder
from mediation.supervision.models import Card, Instruction
from workflows.commands import people
from workflows.commands.deadlines import DeadlineForm
from workflows.commands.fields import CommandForm, Day, Text
from workflows.commands.spec import EVERYWHERE, command
from workflows.facts import CaseFacts
from workflows.ladder import climb, put

WHILE_OPEN = OPEN
FIELD_ROLES = (Role.GRID_WORKER, Role.MEDIATOR)


def _require_ahead(form: CommandForm, name: str) -> Any:
    day = form.cleaned_data[name]
    if form.known is not None and day < form.known.today:
        raise ValidationError(_("This day has passed already."))
    return day


# The ladder by itself ------------------------------------------------------------------------------


@command(
    "yellow_card",
    label=_("Yellow card"),
    done=_("Yellow card: the reminder was not answered"),
    form=DeadlineForm,
    tells=("mediator", "centre", "justice"),
    statuses=EVERYWHERE,
    hidden=True,
)
def yellow_card(dispute: Dispute, facts: CaseFacts) -> None:
    climb(dispute, facts)


@command(
    "red_card",
    label=_("Red card"),
    done=_("Red card: the yellow card was not answered"),
    form=DeadlineForm,
    tells=("mediator", "centre", "justice", "leader_always"),
    statuses=EVERYWHERE,
    hidden=True,
)
def red_card(dispute: Dispute, facts: CaseFacts) -> None:
    climb(dispute, facts)


# Cards by hand, answers, lifting -------------------------------------------------------------------


class SuperviseForm(CommandForm):
    private = frozenset({"demand"})
    level = forms.ChoiceField(label=_("Level"), choices=Card.Level.choices)
    demand = Text(label=_("What must be done"), min_length=5, max_length=500, multiline=True)
    answer_by = Day(label=_("Answer by"))

    def prepare(self) -> None:
        if self.dispute is None or self.known is None:
            return
        owner = ladder.owner_at(self.known.actor, self.dispute.area_code)
        allowed = ladder.levels_for(owner)
        self.offer("level", [one for one in Card.Level.choices if one[0] in allowed])

    def clean_answer_by(self) -> Any:
        return _require_ahead(self, "answer_by")


class CardForm(CommandForm):
    card = forms.TypedChoiceField(label=_("Card"), coerce=int)

    def prepare(self) -> None:
        if self.dispute is not None and self.known is not None:
            self.offer("card", [(card.pk, self.words(card)) for card in self.choosable()])

    def choosable(self) -> list[Card]:
        raise NotImplementedError

    @staticmethod
    def words(card: Card) -> str:
        return f"{card.get_level_display()} · {local_day(card.set_at)}"


class AnswerCardForm(CardForm):
    private = frozenset({"answer"})
    answer = Text(
        label=_("What has been done, what comes next"), min_length=5, max_length=500, multiline=True
    )

    def choosable(self) -> list[Card]:
        return [card for card in self.known.cards if card.state == Card.State.OPEN]


class LiftCardForm(CardForm):
    private = frozenset({"lift_reason"})
    lift_reason = Text(label=_("Reason"), min_length=2, max_length=500, multiline=True)

    def choosable(self) -> list[Card]:
        return list(self.known.cards)

    def clean_card(self) -> int:
        """The level that set it lifts it, and nobody who gave the answer himself."""
        chosen: int = self.cleaned_data["card"]
        card = next(card for card in self.known.cards if card.pk == chosen)
        if card.answered_by_id is not None and card.answered_by_id == self.known.actor.person_id:
            raise ValidationError(_("Whoever answered a card cannot lift it."))
        if not ladder.may_lift(self.known.actor, card, self.dispute.area_code):
            raise ValidationError(
                _("This card was set by: %(owner)s. Only that level can lift it.")
                % {"owner": card.get_owner_display()}
            )
        return chosen


@command(
    "supervise",
    label=_("Set a supervision card"),
    done=_("Supervision card set"),
    form=SuperviseForm,
    tells=("mediator", "centre", "justice", "leader"),
    statuses=WHILE_OPEN,
)
def supervise(dispute: Dispute, facts: CaseFacts) -> None:
    card = Card(
        owner=ladder.owner_at(facts.actor, dispute.area_code),
        demand=facts.data["demand"],
        answer_by=facts.data["answer_by"],
        set_by_id=facts.actor.person_id,
    )
    put(dispute, card, facts.data["level"], facts)


def _card(facts: CaseFacts) -> Card:
    return next(card for card in facts.cards if card.pk == facts.data["card"])


@command(
    "answer_card",
    label=_("Answer a supervision card"),
    done=_("Supervision card answered"),
    form=AnswerCardForm,
    tells=("mediator", "centre", "justice", "leader_always"),
    statuses=EVERYWHERE,
    guards=(pressing.a_card_awaits_its_answer,),
)
def answer_card(dispute: Dispute, facts: CaseFacts) -> None:
    card = _card(facts)
    clocks.meet(dispute, [ladder.RULE_OF[card.level]], subject=card.clock)
    Card.objects.filter(pk=card.pk).update(
        state=Card.State.ANSWERED,
        answer=facts.data["answer"],
        answered_by=facts.actor.person_id,
        answered_at=facts.now,
    )


@command(
    "lift_card",
    label=_("Lift a supervision card"),
    done=_("Supervision card lifted"),
    form=LiftCardForm,
    tells=("mediator", "centre", "justice"),
    statuses=EVERYWHERE,
    guards=(pressing.a_card_is_there,),
)
def lift_card(dispute: Dispute, facts: CaseFacts) -> None:
    card = _card(facts)
    clocks.meet(dispute, [ladder.RULE_OF[card.level]], subject=card.clock)
    Card.objects.filter(pk=card.pk).update(
        state=Card.State.LIFTED,
        lift_reason=facts.data["lift_reason"],
        lifted_by=facts.actor.person_id,
        lifted_at=facts.now,
    )


# Instructions of a leader --------------------------------------------------------------------------


class InstructForm(CommandForm):
    private = frozenset({"instruction"})
    addressee = forms.TypedChoiceField(label=_("To"), coerce=int)
    instruction = Text(label=_("Instruction"), min_length=2, max_length=500, multiline=True)
    answer_by = Day(label=_("Answer by"))

    def prepare(self) -> None:
        if self.dispute is not None and self.known is not None:
            self.offer("addressee", addressees(self.dispute, self.known))

    def clean_answer_by(self) -> Any:
        return _require_ahead(self, "answer_by")


def addressees(dispute: Dispute, facts: CaseFacts) -> list[tuple[int, str]]:
    """Everybody who serves on the way down to the grid and may see the case."""
    duties = (
        Duty.objects.filter(area__code__in=ancestor_codes(dispute.area_code))
        .filter(since__lte=facts.today, person__is_active=True)
        .exclude(until__lt=facts.today)
        .exclude(role__in=[Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR])
        .exclude(role=Role.RECONSIDERATION_CLERK)
        .exclude(person_id=facts.actor.person_id or 0)
        .select_related("person")
        .order_by("-area__level", "person__name")
    )
    seen = [duty for duty in duties if _sees(duty, dispute)]
    return list({d.person_id: f"{d.person.name} · {d.get_role_display()}" for d in seen}.items())


def _sees(duty: Duty, dispute: Dispute) -> bool:
    if not dispute.is_sensitive or duty.cleared or duty.role == Role.GRID_WORKER:
        return True
    return duty.role == Role.MEDIATOR and duty.person_id == dispute.mediator_id


class InstructionForm(CommandForm):
    """One of the instructions that wait for the actor himself."""

    instruction = forms.TypedChoiceField(label=_("Instruction"), coerce=int)

    def prepare(self) -> None:
        if self.dispute is not None and self.known is not None:
            rows = [one for one in self.known.instructions if self.is_mine(one)]
            self.offer("instruction", [(one.pk, self.words(one)) for one in rows])

    def is_mine(self, one: Instruction) -> bool:
        mine: bool = one.addressee_id == self.known.actor.person_id
        return mine and one.acknowledged_at is None

    @staticmethod
    def words(one: Instruction) -> str:
        return _("Given on %(day)s, answer by %(until)s") % {
            "day": local_day(one.given_at),
            "until": one.answer_by,
        }


class AnswerInstructionForm(InstructionForm):
    private = frozenset({"answer"})
    answer = Text(label=_("Answer"), min_length=2, max_length=500, multiline=True)

    def is_mine(self, one: Instruction) -> bool:
        mine: bool = one.addressee_id == self.known.actor.person_id
        return mine


@command(
    "instruct",
    label=_("Write an instruction"),
    done=_("Instruction of a leader"),
    form=InstructForm,
    tells=("mediator", "centre"),
    statuses=EVERYWHERE - DONE,
)
def instruct(dispute: Dispute, facts: CaseFacts) -> None:
    given = Instruction(
        dispute=dispute,
        text=facts.data["instruction"],
        given_by=people.person(facts.actor),
        given_at=facts.now,
        addressee_id=facts.data["addressee"],
        answer_by=facts.data["answer_by"],
    )
    rows.insert(given)
    facts.told_too.append(given.addressee_id)
    clocks.arm_by_hand(
        dispute, "INSTRUCTION", given.answer_by, start=facts.today, subject=str(given.pk)
    )


def _instruction(facts: CaseFacts) -> Instruction:
    return next(one for one in facts.instructions if one.pk == facts.data["instruction"])


@command(
    "acknowledge_instruction",
    label=_("Acknowledge the instruction"),
    done=_("Instruction acknowledged"),
    form=InstructionForm,
    statuses=EVERYWHERE,
    guards=(pressing.an_instruction_waits_unread,),
)
def acknowledge_instruction(dispute: Dispute, facts: CaseFacts) -> None:
    given = _instruction(facts)
    Instruction.objects.filter(pk=given.pk).update(acknowledged_at=facts.now)
    facts.told_too.append(given.given_by_id)


@command(
    "answer_instruction",
    label=_("Answer the instruction"),
    done=_("Instruction answered"),
    form=AnswerInstructionForm,
    tells=("centre",),
    statuses=EVERYWHERE,
    guards=(pressing.an_instruction_waits,),
)
def answer_instruction(dispute: Dispute, facts: CaseFacts) -> None:
    given = _instruction(facts)
    clocks.meet(dispute, ["INSTRUCTION"], subject=str(given.pk))
    Instruction.objects.filter(pk=given.pk).update(
        acknowledged_at=given.acknowledged_at or facts.now,
        answer=facts.data["answer"],
        answered_at=facts.now,
    )
    facts.told_too.append(given.given_by_id)
