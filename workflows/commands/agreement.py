"""Reaching an agreement, its effect, its performance, and its confirmation by the court."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mediation.agreements.models import Agreement, JudicialConfirmation, Obligation, Urging
from mediation.disputes import guards
from mediation.disputes.enums import ContactChannel, Remedy, Status
from mediation.disputes.models import Dispute
from workflows.commands.fields import CommandForm, Day, Money, Rows, Text
from workflows.commands.mediation import PartyChoiceForm, not_after_today
from workflows.commands.spec import command
from workflows.facts import CaseFacts


class ObligationForm(forms.Form):
    debtor = forms.IntegerField(label=_("Who owes (party number)"), min_value=1, max_value=50)
    content = Text(label=_("What is owed"), max_length=500)
    amount = Money(label=_("Amount"), required=False)
    due_on = Day(label=_("Due on"))


class AgreementForm(CommandForm):
    private = frozenset({"content", "manner", "obligations"})

    form = forms.ChoiceField(
        label=_("Form"), choices=Agreement.Form.choices, initial=Agreement.Form.WRITTEN
    )
    content = Text(label=_("Content"), min_length=5, max_length=5000, multiline=True)
    manner = Text(label=_("Manner of performance"), max_length=200)
    amount = Money(label=_("Total amount"), required=False)
    agreed_on = Day(label=_("Agreed on"))
    obligations = Rows(ObligationForm, minimum=1, maximum=40, label=_("Obligations"))
    about_status = forms.BooleanField(
        label=_("The agreement decides on marriage, parentage, adoption or the like"),
        required=False,
    )

    def clean_agreed_on(self) -> Any:
        return not_after_today(self, "agreed_on")

    def clean_obligations(self) -> list[dict[str, Any]]:
        rows = self.cleaned_data["obligations"]
        ordinals = {p.ordinal for p in self.known.parties} if self.known is not None else set()
        for row in rows:
            if ordinals and row["debtor"] not in ordinals:
                raise ValidationError(
                    _("There is no party number %(number)s."), params={"number": row["debtor"]}
                )
        return list(rows)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        agreed = data.get("agreed_on")
        if agreed and any(row["due_on"] < agreed for row in data.get("obligations", [])):
            self.add_error("obligations", _("An obligation cannot be due before the agreement."))
        return data


class SignatureForm(forms.Form):
    party = forms.IntegerField(label=_("Party number"), min_value=1, max_value=50)
    signed_on = Day(label=_("Signed on"))


class SignaturesForm(CommandForm):
    parties = Rows(
        SignatureForm, minimum=0, maximum=50, label=_("Signatures of parties"), required=False
    )
    mediator_signed_on = Day(label=_("Mediator signed on"), required=False)
    sealed_on = Day(label=_("Committee seal put on"), required=False)

    def clean_mediator_signed_on(self) -> Any:
        return not_after_today(self, "mediator_signed_on")

    def clean_sealed_on(self) -> Any:
        return not_after_today(self, "sealed_on")

    def clean_parties(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.cleaned_data["parties"]
        if self.known is None:
            return rows
        known = {party.ordinal for party in self.known.parties}
        for row in rows:
            if row["party"] not in known:
                raise ValidationError(
                    _("There is no party number %(number)s."), params={"number": row["party"]}
                )
            if row["signed_on"] > self.known.today:
                raise ValidationError(_("This lies in the future."))
        return rows


class ObligationChoiceForm(CommandForm):
    obligation = forms.TypedChoiceField(label=_("Obligation"), coerce=int)

    def prepare(self) -> None:
        if self.known is not None:
            self.offer(
                "obligation",
                [(o.ordinal, f"{o.ordinal}. {o.content[:30]}") for o in self.known.obligations],
            )


class PerformanceForm(ObligationChoiceForm):
    done_on = Day(label=_("Done on"))
    proof = Text(label=_("Proof (receipt, transfer slip, photo …)"), max_length=200, required=False)
    both_confirm = forms.BooleanField(label=_("Both sides confirm"), required=False)

    def clean_done_on(self) -> Any:
        return not_after_today(self, "done_on")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not data.get("proof") and not data.get("both_confirm"):
            self.add_error("proof", _("Give a proof, or record that both sides confirm."))
        return data


class UrgeForm(ObligationChoiceForm):
    private = frozenset({"answer"})

    urged_on = Day(label=_("Urged on"))
    channel = forms.ChoiceField(label=_("How"), choices=ContactChannel.choices)
    answer = Text(label=_("Answer"), max_length=300, required=False)

    def clean_urged_on(self) -> Any:
        return not_after_today(self, "urged_on")


class BreachForm(CommandForm):
    refused = forms.BooleanField(label=_("The debtor refuses to perform"), required=False)
    remedies = forms.MultipleChoiceField(
        label=_("Remedies told"),
        choices=Remedy.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    told_on = Day(label=_("Told on"))
    note = Text(label=_("Note"), max_length=500, required=False)

    def clean_told_on(self) -> Any:
        return not_after_today(self, "told_on")


class FilingForm(CommandForm):
    court = Text(label=_("Court"), max_length=80)
    filed_on = Day(label=_("Filed on"))
    both_parties = forms.BooleanField(label=_("Both parties apply jointly"))

    def clean_filed_on(self) -> Any:
        return not_after_today(self, "filed_on")


class RulingForm(CommandForm):
    ruling = forms.ChoiceField(
        label=_("Ruling"),
        choices=[
            ("confirm", _("Agreement valid")),
            ("refuse", _("Application rejected")),
            ("withdraw", _("Application withdrawn")),
        ],
    )
    ruling_number = Text(label=_("Number of the ruling"), max_length=60, required=False)
    ruled_on = Day(label=_("Date of the ruling"))

    def clean_ruled_on(self) -> Any:
        return not_after_today(self, "ruled_on")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("ruling") in {"confirm", "refuse"} and not data.get("ruling_number"):
            self.add_error("ruling_number", _("A ruling has a number."))
        return data


class FallThroughForm(PartyChoiceForm):
    withdrew_on = Day(label=_("Withdrew on"))
    reason = Text(label=_("Reason"), max_length=300, required=False)


# Effects -----------------------------------------------------------------------------------------


@command(
    "reach_agreement",
    label=_("Record the agreement"),
    done=_("Agreement reached"),
    form=AgreementForm,
    tells=("mediator", "centre"),
    primary=True,
)
def reach_agreement(dispute: Dispute, facts: CaseFacts) -> None:
    data = facts.data
    Agreement.objects.filter(dispute=dispute, is_current=True).update(is_current=False)
    agreement = Agreement.objects.create(
        dispute=dispute,
        form=data["form"],
        content=data["content"],
        manner=data["manner"],
        amount=data["amount"],
        agreed_on=data["agreed_on"],
    )
    debtor = {party.ordinal: party for party in facts.parties}
    Obligation.objects.bulk_create(
        Obligation(
            agreement=agreement,
            ordinal=ordinal,
            debtor=debtor.get(row["debtor"]),
            content=row["content"],
            amount=row["amount"],
            due_on=row["due_on"],
        )
        for ordinal, row in enumerate(data["obligations"], 1)
    )


@command(
    "record_signatures",
    label=_("Record signatures and seal"),
    done=_("Signatures recorded"),
    form=SignaturesForm,
    statuses={Status.AGREED},
)
def record_signatures(dispute: Dispute, facts: CaseFacts) -> None:
    agreement = facts.agreement
    if agreement is None:
        return
    for row in facts.data["parties"]:
        agreement.signatures[str(row["party"])] = row["signed_on"].isoformat()
    agreement.mediator_signed_on = facts.data["mediator_signed_on"] or agreement.mediator_signed_on
    agreement.sealed_on = facts.data["sealed_on"] or agreement.sealed_on
    agreement.save(update_fields=["signatures", "mediator_signed_on", "sealed_on"])


@command(
    "make_effective",
    label=_("Agreement takes effect"),
    done=_("Agreement in effect"),
    tells=("mediator", "centre"),
    primary=True,
)
def make_effective(dispute: Dispute, facts: CaseFacts) -> None:
    agreement = facts.agreement
    if agreement is not None:
        agreement.effective_on = agreement.computed_effect()
        agreement.save(update_fields=["effective_on"])
        dispute.effective_on, dispute.performed_on = agreement.effective_on, None


@command(
    "fall_through",
    label=_("A party withdraws before effect"),
    done=_("Agreement fell through"),
    form=FallThroughForm,
    tells=("centre",),
)
def fall_through(dispute: Dispute, facts: CaseFacts) -> None:
    Agreement.objects.filter(dispute=dispute, is_current=True).update(is_current=False)


@command(
    "record_performance",
    label=_("Record performance"),
    done=_("Performance recorded"),
    form=PerformanceForm,
    statuses={Status.PERFORMING, Status.BREACHED, Status.REFERRED},
    guards=(guards.has_obligations,),
)
def record_performance(dispute: Dispute, facts: CaseFacts) -> None:
    obligation = _obligation(facts)
    obligation.done_on = facts.data["done_on"]
    obligation.proof, obligation.both_confirm = facts.data["proof"], facts.data["both_confirm"]
    obligation.save(update_fields=["done_on", "proof", "both_confirm"])


@command(
    "urge",
    label=_("Urge performance"),
    done=_("Performance urged"),
    form=UrgeForm,
    statuses={Status.PERFORMING, Status.BREACHED},
    guards=(guards.has_obligations,),
)
def urge(dispute: Dispute, facts: CaseFacts) -> None:
    Urging.objects.create(
        dispute=dispute,
        obligation=_obligation(facts),
        urged_on=facts.data["urged_on"],
        channel=facts.data["channel"],
        answer=facts.data["answer"],
        urged_by_id=facts.actor.person_id,
    )


def _obligation(facts: CaseFacts) -> Obligation:
    return next(o for o in facts.obligations if o.ordinal == facts.data["obligation"])


@command(
    "declare_breach",
    label=_("Record non-performance"),
    done=_("Not performed"),
    form=BreachForm,
    tells=("mediator", "centre", "leader"),
)
def declare_breach(dispute: Dispute, facts: CaseFacts) -> None:
    """The facts stand in the event; the way out is chosen next."""


@command(
    "fulfil",
    label=_("Everything is performed"),
    done=_("Performed in full"),
    tells=("justice",),
    primary=True,
)
def fulfil(dispute: Dispute, facts: CaseFacts) -> None:
    """All obligations are proved."""
    dispute.performed_on = facts.today


@command(
    "file_confirmation",
    label=_("Apply for judicial confirmation"),
    done=_("Judicial confirmation applied for"),
    form=FilingForm,
    statuses={Status.PERFORMING},
    guards=(
        guards.agreement_is_effective,
        guards.no_confirmation_is_running,
        guards.confirmation_window_is_open,
    ),
)
def file_confirmation(dispute: Dispute, facts: CaseFacts) -> None:
    agreement = facts.agreement
    if agreement is None:
        return
    JudicialConfirmation.objects.create(
        agreement=agreement, court=facts.data["court"], filed_on=facts.data["filed_on"]
    )


@command(
    "record_ruling",
    label=_("Record the court's ruling"),
    done=_("Ruling recorded"),
    form=RulingForm,
    statuses={Status.PERFORMING, Status.BREACHED},
    guards=(guards.confirmation_is_running,),
)
def record_ruling(dispute: Dispute, facts: CaseFacts) -> None:
    running = JudicialConfirmation.objects.get(agreement=facts.agreement, status="filed")
    getattr(running, facts.data["ruling"])()
    running.ruling_number, running.ruled_on = facts.data["ruling_number"], facts.data["ruled_on"]
    running.save()
