"""Matters that courts, police, petition offices, hotlines and others hand over, and the way back to them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mediation.deadlines import clocks
from mediation.disputes import channel_guards
from mediation.disputes.enums import OPEN, Source, Status
from mediation.disputes.models import Dispute
from mediation.referrals.models import COURT_KINDS, Order, OrderKind
from workflows.commands.fields import CommandForm, Day, Text
from workflows.commands.spec import Part, command
from workflows.facts import CaseFacts

RESULTS = [
    ("agreed", _("Agreement reached")),
    ("performed", _("Agreement reached and performed")),
    ("failed", _("Mediation failed")),
    ("refused", _("A party refuses or withdrew")),
    ("other", _("Handled in another way")),
]


def attach(dispute: Dispute, order: Mapping[str, Any]) -> Order:
    """Keep what came with the case and start its clocks."""
    row = Order.objects.create(dispute=dispute, **order)
    arm(dispute, row)
    dispute.due_at = clocks.next_due(dispute)
    Dispute.objects.filter(pk=dispute.pk).update(due_at=dispute.due_at)
    return row


def arm(dispute: Dispute, order: Order) -> None:
    """The day that the sender set; for petitions the objection and the word to the petitioner too."""
    clocks.arm_by_hand(dispute, "ORDER", order.reply_by, start=order.received_on)
    if order.kind == OrderKind.PETITION:
        for rule in ("X04", "X03"):
            clocks.arm(dispute, rule, order.received_on, subject=clocks.BY_ORDER)


def reply_by(kind: str, received_on: date, wanted: date | None) -> date | None:
    """What the sender wants, else what the law says.

    Courts: Rules on Invited Mediation art. 27. Petitions: sixty days (Petition Work Regulations art. 34).
    """
    rule = kind if kind in COURT_KINDS else LEGAL_TERMS.get(kind)
    if wanted is not None or rule is None:
        return wanted
    return clocks.last_day(rule, received_on).due


LEGAL_TERMS: Mapping[str, str] = {OrderKind.PETITION: "X05"}


class OrderForm(CommandForm):
    private = frozenset({"disposal"})

    kind = forms.ChoiceField(label=_("Sender"), choices=OrderKind.choices)
    organ = Text(label=_("Sending organ"), max_length=80)
    number = Text(label=_("Number of the order"), max_length=60)
    received_on = Day(past=True, label=_("Papers signed for on"))
    reply_by = Day(
        label=_("Reply by"),
        required=False,
        help_text=_(
            "May stay empty for courts (the law sets 30, 15 or 7 days) and petitions (60 days)."
        ),
    )
    both_consent = forms.BooleanField(label=_("Both sides consent to mediation"), required=False)
    repeats = forms.IntegerField(
        label=_("Earlier calls about it"), min_value=0, max_value=999, required=False
    )
    disposal = Text(
        label=_("What the sender has done"), max_length=500, required=False, multiline=True
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.errors:
            return data
        due = reply_by(data["kind"], data["received_on"], data["reply_by"])
        if due is None:
            self.add_error("reply_by", _("By when does the sender want an answer?"))
        elif due < data["received_on"]:
            self.add_error("reply_by", _("This is before the papers were received."))
        data["reply_by"], data["repeats"] = due, data["repeats"] or 0
        if Order.objects.filter(organ=data["organ"], number=data["number"]).exists():
            self.add_error("number", _("This order has been registered before."))
        return data


class AcknowledgeOrderForm(CommandForm):
    answer = forms.ChoiceField(
        label=_("Answer"),
        choices=[("accept", _("Confirm the receipt")), ("decline", _("Send back with reasons"))],
    )
    on = Day(past=True, label=_("Date"))
    note = Text(label=_("Receipt number or reasons"), min_length=2, max_length=300)

    def clean(self) -> dict[str, Any]:
        """A petition passed on wrongly goes back within five working days (art. 23)."""
        data = super().clean() or self.cleaned_data
        order = _waiting(self.known) if self.known is not None else None
        if order is None or self.errors:
            return data
        if data["on"] < order.received_on:
            self.add_error("on", _("This is before the papers were received."))
        if data["answer"] == "decline" and order.kind == OrderKind.PETITION:
            last = clocks.last_day("X04", order.received_on).due
            if data["on"] > last:
                raise ValidationError(
                    _("The five working days for an objection ended on %(day)s (art. 23)."),
                    params={"day": last},
                )
        return data


class AnswerOrderForm(CommandForm):
    private = frozenset({"answer"})

    result = forms.ChoiceField(label=_("Result"), choices=RESULTS)
    agreement_number = Text(label=_("Number of the agreement"), max_length=60, required=False)
    performed_on = Day(past=True, label=_("Performed on"), required=False)
    on = Day(past=True, label=_("Answered on"))
    answer = Text(label=_("Answer"), min_length=5, max_length=1000, multiline=True)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("result") == "performed" and not data.get("performed_on"):
            self.add_error("performed_on", _("Say when it was performed."))
        return data


def _waiting(facts: CaseFacts) -> Order | None:
    return next((o for o in facts.orders if o.status == Order.State.RECEIVED), None)


@command(
    "receive_order",
    label=_("Record the order of another organ"),
    done=_("Order of another organ received"),
    form=OrderForm,
    tells=("centre",),
    statuses=OPEN,
    guards=(channel_guards.police_order_has_consent,),
)
def receive_order(dispute: Dispute, facts: CaseFacts) -> None:
    row = Order.objects.create(dispute=dispute, **facts.data)
    facts.orders = [*facts.orders, row]


@command(
    "acknowledge_order",
    label=_("Answer whether the order is taken"),
    done=_("Sender told whether the order is taken"),
    form=AcknowledgeOrderForm,
    tells=("centre",),
    statuses=OPEN,
    guards=(channel_guards.order_is_new,),
)
def acknowledge_order(dispute: Dispute, facts: CaseFacts) -> None:
    order = _waiting(facts)
    if order is None:
        return
    getattr(order, facts.data["answer"])()
    order.receipt, order.acknowledged_on = facts.data["note"], facts.data["on"]
    order.save()


@command(
    "answer_order",
    label=_("Answer the organ that sent the case"),
    done=_("Sender answered"),
    form=AnswerOrderForm,
    tells=("centre", "justice"),
    statuses=OPEN,
    guards=(channel_guards.order_is_accepted, channel_guards.answer_fits_the_agreement),
)
def answer_order(dispute: Dispute, facts: CaseFacts) -> None:
    """To the police with the copy of the agreement: performed, it spares the punishment (art. 9)."""
    taken = {Order.State.ACCEPTED, Order.State.ANSWERED}
    order = next(o for o in facts.orders if o.status in taken)
    order.give_answer()
    order.result, order.answer = facts.data["result"], facts.data["answer"]
    order.agreement_number = facts.data["agreement_number"]
    order.performed_on, order.answered_on = facts.data["performed_on"], facts.data["on"]
    order.save()


# A court sends a case that is with it back for mediation -------------------------------------------


class DelegationForm(CommandForm):
    kind = forms.ChoiceField(
        label=_("Kind of mediation"),
        choices=[(k.value, k.label) for k in OrderKind if k in COURT_KINDS],
    )
    number = Text(label=_("Number of the order"), max_length=60)
    received_on = Day(past=True, label=_("Papers signed for on"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        referral = self.known.referral if self.known is not None else None
        if referral is None or self.errors:
            return data
        if Order.objects.filter(organ=referral.organ, number=data["number"]).exists():
            self.add_error("number", _("This order has been registered before."))
        return data


def _delegated(dispute: Dispute, facts: CaseFacts) -> list[Part]:
    data, referral = facts.data, facts.referral
    organ = referral.organ if referral is not None else ""
    order = {
        "kind": data["kind"],
        "organ": organ,
        "number": data["number"],
        "received_on": data["received_on"],
        "reply_by": reply_by(data["kind"], data["received_on"], None),
    }
    return [Part("（法院委派）", dispute.facts, {"source": Source.COURT, "order": order})]


@command(
    "receive_delegation",
    label=_("The court hands the case back for mediation"),
    done=_("Court delegation received as a linked case"),
    form=DelegationForm,
    tells=("centre", "mediator"),
    statuses={Status.REFERRED},
    guards=(channel_guards.referred_to_a_court,),
    parts=_delegated,
)
def receive_delegation(dispute: Dispute, facts: CaseFacts) -> None:
    """The court keeps its case; its delegation is a case of its own, linked to this one."""


class PartAnswerForm(AnswerOrderForm):
    private = frozenset()

    answer = Text(max_length=1000, required=False)
    part = Text(label=_("Number of the other case"), max_length=40)


@command(
    "take_part_answer",
    label=_("The linked case has answered"),
    done=_("The linked case has answered"),
    form=PartAnswerForm,
    tells=("centre", "clerk"),
    statuses={Status.RECONSIDERING, Status.REFERRED},
    hidden=True,
)
def take_part_answer(dispute: Dispute, facts: CaseFacts) -> None:
    """The suspended reconsideration no longer waits; a person resumes or ends it."""
    for row in facts.standstills:
        if row.until is None and row.return_by is not None:
            row.return_by = None
            row.save(update_fields=["return_by"])
