"""The other lawful channels: referral, and the end of a split."""

from django import forms
from django.utils.translation import gettext_lazy as _

from mediation.disputes import channel_guards
from mediation.disputes.enums import ResultCode, Status
from mediation.disputes.models import Dispute
from mediation.referrals.models import Ground, Referral, Target
from workflows.commands.fields import CommandForm, Day, Text
from workflows.commands.spec import command
from workflows.facts import CaseFacts

RESULT_OF_TARGET = {
    Target.COURT: ResultCode.REFERRED_COURT,
    Target.PAYMENT_ORDER: ResultCode.REFERRED_COURT,
    Target.LABOUR_ARBITRATION: ResultCode.REFERRED_ARB,
    Target.POLICE: ResultCode.REFERRED_POLICE,
    Target.PETITION: ResultCode.REFERRED_PETITION,
    Target.DEPARTMENT: ResultCode.REFERRED_DEPT,
    Target.DISCIPLINE: ResultCode.REFERRED_DEPT,
}


class ReferForm(CommandForm):
    private = frozenset({"summary"})

    target = forms.ChoiceField(label=_("Channel"), choices=Target.choices)
    organ = Text(label=_("Receiving organ"), max_length=80)
    ground = forms.ChoiceField(label=_("Ground"), choices=Ground.choices)
    consent_on = Day(past=True, label=_("Consent given on"), required=False)
    summary = Text(
        label=_("Summary of the package"), min_length=10, max_length=2000, multiline=True
    )
    no_offers = forms.BooleanField(
        label=_("The package holds no offers or concessions made in mediation"), required=False
    )
    reply_by = Day(label=_("Reply by"))


class AcknowledgeReferralForm(CommandForm):
    answer = forms.ChoiceField(
        label=_("The receiver"), choices=[("accept", _("accepts")), ("decline", _("declines"))]
    )
    note = Text(label=_("Reason or receipt number"), max_length=300)
    on = Day(past=True, label=_("Receiver answered on"), required=False)


class ConcludeReferralForm(CommandForm):
    private = frozenset({"answer"})

    answer = Text(
        label=_("Result of the other channel"), min_length=5, max_length=1000, multiline=True
    )
    answered_on = Day(past=True, label=_("Answered on"))


class TakeBackForm(CommandForm):
    reason = Text(label=_("Why it was declined"), min_length=5, max_length=500, multiline=True)


# Effects -----------------------------------------------------------------------------------------


@command(
    "refer",
    label=_("Refer to another channel"),
    done=_("Referred"),
    form=ReferForm,
    tells=("mediator", "centre"),
)
def refer(dispute: Dispute, facts: CaseFacts) -> None:
    data = facts.data
    Referral.objects.create(
        dispute=dispute,
        target=data["target"],
        organ=data["organ"],
        ground=data["ground"],
        consent_on=data["consent_on"],
        summary=data["summary"],
        sent_on=facts.today,
        reply_by=data["reply_by"],
    )


@command(
    "acknowledge_referral",
    label=_("Record the receiver's answer"),
    done=_("Receiver answered"),
    form=AcknowledgeReferralForm,
    statuses={Status.REFERRED},
    guards=(channel_guards.referral_is_unanswered,),
)
def acknowledge_referral(dispute: Dispute, facts: CaseFacts) -> None:
    referral = facts.referral
    if referral is not None:
        getattr(referral, facts.data["answer"])()
        referral.receipt = facts.data["note"]
        referral.acknowledged_on = facts.data["on"] or facts.today
        referral.save()


@command(
    "conclude_referral",
    label=_("Record the result of the other channel"),
    done=_("Result of the other channel received"),
    form=ConcludeReferralForm,
    tells=("justice",),
    primary=True,
)
def conclude_referral(dispute: Dispute, facts: CaseFacts) -> None:
    referral = facts.referral
    if referral is None:
        return
    referral.take_answer()
    referral.answer, referral.answered_on = facts.data["answer"], facts.data["answered_on"]
    referral.save()
    dispute.result = RESULT_OF_TARGET[Target(referral.target)]


@command(
    "take_back",
    label=_("Take the case back"),
    done=_("Taken back"),
    form=TakeBackForm,
    tells=("centre",),
)
def take_back(dispute: Dispute, facts: CaseFacts) -> None:
    referral = facts.referral
    if referral is not None and referral.status == Referral.State.SENT:
        referral.decline()
        referral.answer, referral.answered_on = facts.data["reason"], facts.today
        referral.save()


@command(
    "conclude_children",
    label=_("All parts are closed"),
    done=_("All parts are closed"),
    tells=("justice",),
)
def conclude_children(dispute: Dispute, facts: CaseFacts) -> None:
    """Every child is closed; the parent goes to review."""
