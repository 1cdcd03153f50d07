"""The other lawful channels: referral, reconsideration, split."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mediation.deadlines import clocks
from mediation.disputes import guards
from mediation.disputes.enums import ResultCode, Status
from mediation.disputes.models import Dispute
from mediation.reconsideration import services as reconsideration
from mediation.reconsideration.models import ActKind, Decision, Reconsideration
from mediation.referrals.models import Ground, Referral, Target
from workflows.commands.fields import CommandForm, Day, Text
from workflows.commands.parties import not_after_today
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
    consent_on = Day(label=_("Consent given on"), required=False)
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


class ConcludeReferralForm(CommandForm):
    private = frozenset({"answer"})

    answer = Text(
        label=_("Result of the other channel"), min_length=5, max_length=1000, multiline=True
    )
    answered_on = Day(label=_("Answered on"))

    def clean_answered_on(self) -> Any:
        return not_after_today(self, "answered_on")


class TakeBackForm(CommandForm):
    reason = Text(label=_("Why it was declined"), min_length=5, max_length=500, multiline=True)


class ReferToReconsiderationForm(CommandForm):
    act_kind = forms.ChoiceField(label=_("Kind of act"), choices=ActKind.choices)
    act = Text(label=_("Act"), min_length=2, max_length=120)
    act_number = Text(label=_("Document number"), max_length=60, required=False)
    organ = Text(label=_("Acting organ"), max_length=80)
    competent_body = Text(label=_("Reconsideration organ"), max_length=80)
    known_on = Day(label=_("Known since"))
    clock_told = forms.BooleanField(
        label=_("Told: 60 days from then; mediation does not stop this clock")
    )

    def clean_known_on(self) -> Any:
        return not_after_today(self, "known_on")


class ReconsiderationStepForm(CommandForm):
    step = forms.ChoiceField(label=_("Step"), choices=reconsideration.STEPS)
    on = Day(label=_("Date"))
    decision = forms.ChoiceField(
        label=_("Decision"), choices=[("", "—"), *Decision.choices], required=False
    )
    note = Text(label=_("Note"), max_length=500, required=False)

    def clean_on(self) -> Any:
        return not_after_today(self, "on")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("step") == "decide" and not data.get("decision"):
            self.add_error("decision", _("Choose the kind of decision."))
        track = self.known.reconsideration if self.known is not None else None
        if (
            track is not None
            and data.get("step")
            and not reconsideration.is_possible(track, data["step"])
        ):
            raise ValidationError(
                _("This step is not possible while the reconsideration is “%(state)s”."),
                params={"state": track.get_status_display()},
            )
        return data


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
    guards=(guards.referral_is_unanswered,),
)
def acknowledge_referral(dispute: Dispute, facts: CaseFacts) -> None:
    referral = facts.referral
    if referral is not None:
        getattr(referral, facts.data["answer"])()
        referral.answer = facts.data["note"]
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
    "refer_to_reconsideration",
    label=_("Guide to reconsideration"),
    done=_("Guided to reconsideration"),
    form=ReferToReconsiderationForm,
    tells=("centre", "clerk"),
)
def refer_to_reconsideration(dispute: Dispute, facts: CaseFacts) -> None:
    data = facts.data
    facts.reconsideration = Reconsideration.objects.create(
        dispute=dispute,
        act_kind=data["act_kind"],
        act=data["act"],
        act_number=data["act_number"],
        organ=data["organ"],
        competent_body=data["competent_body"],
        known_on=data["known_on"],
        apply_by=clocks.last_day("R01", data["known_on"]).due,
    )


@command(
    "record_reconsideration",
    label=_("Record a step of the reconsideration"),
    done=_("Step of the reconsideration recorded"),
    form=ReconsiderationStepForm,
    tells=("clerk", "centre"),
    statuses={Status.RECONSIDERING},
    primary=True,
)
def record_reconsideration(dispute: Dispute, facts: CaseFacts) -> None:
    track = facts.reconsideration
    if track is None:
        return
    reconsideration.take_step(
        track,
        facts.data["step"],
        decision=facts.data["decision"],
        note=facts.data["note"],
    )


@command(
    "conclude_reconsideration",
    label=_("Reconsideration has ended"),
    done=_("Reconsideration ended"),
    tells=("justice",),
)
def conclude_reconsideration(dispute: Dispute, facts: CaseFacts) -> None:
    dispute.result = ResultCode.REFERRED_RC


@command(
    "conclude_children",
    label=_("All parts are closed"),
    done=_("All parts are closed"),
    tells=("justice",),
)
def conclude_children(dispute: Dispute, facts: CaseFacts) -> None:
    """Every child is closed; the parent goes to review."""
