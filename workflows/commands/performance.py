"""What was agreed is done or not: proofs, reminders, urging, breach, and confirmation by the court."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mediation.agreements.models import JudicialConfirmation, Obligation, Proof, Reminder, Urging
from mediation.core import rows
from mediation.disputes import guards, practice
from mediation.disputes.enums import ContactChannel, Status
from mediation.disputes.models import Dispute
from workflows.commands.fields import CommandForm, Day, Money, Remedies, Text, Tick
from workflows.commands.parties import party_choices
from workflows.commands.spec import command
from workflows.facts import CaseFacts


class ObligationChoiceForm(CommandForm):
    obligation = forms.TypedChoiceField(label=_("Obligation"), coerce=int)

    def prepare(self) -> None:
        if self.known is not None:
            self.offer(
                "obligation",
                [(o.ordinal, f"{o.ordinal}. {o.content[:30]}") for o in self.known.obligations],
            )


class PerformanceForm(ObligationChoiceForm):
    quiet = frozenset({"kind", "amount"})

    done_on = Day(past=True, label=_("Done on"))
    proof = Text(label=_("Proof (receipt, transfer slip, photo …)"), max_length=200, required=False)
    both_confirm = forms.BooleanField(label=_("Both sides confirm"), required=False)
    kind = forms.ChoiceField(label=_("Kind of proof"), choices=Proof.Kind.choices, required=False)
    amount = Money(label=_("Amount paid, if only a part"), required=False)

    @property
    def chosen(self) -> Obligation | None:
        ordinal = self.cleaned_data.get("obligation")
        obligations = self.known.obligations if self.known is not None else []
        return next((o for o in obligations if o.ordinal == ordinal), None)

    def clean_amount(self) -> Decimal | None:
        paid: Decimal | None = self.cleaned_data["amount"]
        owed = self.chosen
        if paid is None or owed is None:
            return paid
        if owed.amount is None:
            raise forms.ValidationError(_("This obligation is not about money."))
        if paid > owed.remaining():
            raise forms.ValidationError(_("This is more than is still owed."))
        return paid

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not data.get("proof") and not data.get("both_confirm"):
            self.add_error("proof", _("Give a proof, or record that both sides confirm."))
        return data


class UrgeForm(ObligationChoiceForm):
    private = frozenset({"answer"})

    urged_on = Day(past=True, label=_("Urged on"))
    channel = forms.ChoiceField(label=_("How"), choices=ContactChannel.choices)
    answer = Text(label=_("Answer"), max_length=300, required=False)


class RemindForm(ObligationChoiceForm):
    sides = forms.MultipleChoiceField(
        label=_("Who was reminded"),
        choices=Reminder.Side.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    reminded_on = Day(past=True, label=_("Reminded on"))
    channel = forms.ChoiceField(label=_("How"), choices=ContactChannel.choices)


class BreachForm(CommandForm):
    quiet = frozenset({"contested"})

    refused = forms.BooleanField(label=_("The debtor refuses to perform"), required=False)
    contested = forms.BooleanField(
        label=_("A party disputes the content of the agreement"), required=False
    )
    remedies = Remedies()
    told_on = Day(past=True, label=_("Told on"))
    note = Text(label=_("Note"), max_length=500, required=False)


class FilingForm(CommandForm):
    quiet = frozenset({"about_title"})

    court = Text(label=_("Court"), max_length=80)
    filed_on = Day(past=True, label=_("Filed on"))
    both_parties = Tick(label=_("Both parties apply jointly"))
    applicants = forms.TypedMultipleChoiceField(
        label=_("Applicants"), coerce=int, widget=forms.CheckboxSelectMultiple, required=False
    )
    about_title = forms.BooleanField(
        label=_("The agreement decides on personal status or on whose a property is"),
        required=False,
    )

    def prepare(self) -> None:
        if self.known is None:
            return
        asked = [p for p in self.known.parties if p.is_necessary]
        self.offer("applicants", party_choices(asked))
        self.fields["applicants"].initial = [p.ordinal for p in asked]

    def clean_filed_on(self) -> Any:
        day = self.cleaned_data["filed_on"]
        agreement = self.known.agreement if self.known is not None else None
        if agreement and agreement.effective_on and day < agreement.effective_on:
            raise forms.ValidationError(_("This is before the agreement took effect."))
        return day

    def clean_applicants(self) -> list[int]:
        """Nobody named means all; if some are named, nobody may be missing (art. 33: jointly)."""
        named: list[int] = self.cleaned_data["applicants"]
        parties = self.known.parties if self.known is not None else []
        needed = {p.ordinal for p in parties if p.is_necessary}
        if named and needed - set(named):
            raise forms.ValidationError(
                _("All parties apply together (People's Mediation Law art. 33).")
            )
        return sorted(needed)


class CourtForm(CommandForm):
    """What a court does with an application comes after it was filed."""

    def not_before_filing(self, name: str) -> Any:
        day, filed = self.cleaned_data[name], self.known.confirmation if self.known else None
        if filed is not None and day < max(filed.filed_on, filed.docketed_on or filed.filed_on):
            raise forms.ValidationError(_("This is before the application reached the court."))
        return day


class DocketForm(CourtForm):
    docketed = forms.ChoiceField(
        label=_("What the court did"),
        choices=[("docket", _("Docketed")), ("reject", _("Not docketed"))],
    )
    docketed_on = Day(past=True, label=_("Date"))
    court_number = Text(label=_("Number at the court"), max_length=60, required=False)
    ground = forms.ChoiceField(
        label=_("Ground"), choices=JudicialConfirmation.Ground.choices, required=False
    )

    def clean_docketed_on(self) -> Any:
        return self.not_before_filing("docketed_on")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("docketed") == "reject" and not data.get("ground"):
            self.add_error("ground", _("Say why."))
        return data


class RulingForm(CourtForm):
    quiet = frozenset({"ground"})

    ruling = forms.ChoiceField(
        label=_("Ruling"),
        choices=[
            ("confirm", _("Agreement valid")),
            ("refuse", _("Application rejected")),
            ("withdraw", _("Application withdrawn")),
        ],
    )
    ruling_number = Text(label=_("Number of the ruling"), max_length=60, required=False)
    ruled_on = Day(past=True, label=_("Date of the ruling"))
    ground = forms.ChoiceField(
        label=_("Ground of the rejection"),
        choices=JudicialConfirmation.Ground.choices,
        required=False,
    )

    def clean_ruled_on(self) -> Any:
        return self.not_before_filing("ruled_on")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("ruling") in {"confirm", "refuse"} and not data.get("ruling_number"):
            self.add_error("ruling_number", _("A ruling has a number."))
        return data


# Effects -----------------------------------------------------------------------------------------


@command(
    "record_performance",
    label=_("Record performance"),
    done=_("Performance recorded"),
    form=PerformanceForm,
    statuses={Status.PERFORMING, Status.BREACHED, Status.REFERRED},
    guards=(guards.has_obligations,),
)
def record_performance(dispute: Dispute, facts: CaseFacts) -> None:
    obligation, data = _obligation(facts), facts.data
    paid = data["amount"]
    in_full = paid is None or paid == obligation.remaining()
    rows.add(
        Proof,
        obligation_id=obligation.pk,
        kind=data["kind"] or (Proof.Kind.BOTH if data["both_confirm"] else Proof.Kind.OTHER),
        on=data["done_on"],
        amount=paid,
        text=data["proof"],
        recorded_by_id=facts.actor.person_id,
    )
    if in_full:
        obligation.done_on = data["done_on"]
        obligation.proof, obligation.both_confirm = data["proof"], data["both_confirm"]
        rows.save(obligation, "done_on", "proof", "both_confirm")


@command(
    "remind",
    label=_("Remind both sides"),
    done=_("Reminded of what is due"),
    form=RemindForm,
    statuses={Status.PERFORMING, Status.BREACHED},
    guards=(guards.has_obligations,),
)
def remind(dispute: Dispute, facts: CaseFacts) -> None:
    obligation = _obligation(facts)
    Reminder.objects.bulk_create(
        Reminder(
            obligation=obligation,
            side=side,
            on=facts.data["reminded_on"],
            channel=facts.data["channel"],
            reminded_by_id=facts.actor.person_id,
        )
        for side in facts.data["sides"]
    )


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
    statuses={Status.PERFORMING, Status.BREACHED},
    guards=(
        guards.agreement_is_effective,
        guards.no_confirmation_is_running,
        guards.confirmation_window_is_open,
        practice.matter_is_confirmable,
    ),
)
def file_confirmation(dispute: Dispute, facts: CaseFacts) -> None:
    agreement = facts.agreement
    if agreement is None:
        return
    JudicialConfirmation.objects.create(
        agreement=agreement,
        court=facts.data["court"],
        filed_on=facts.data["filed_on"],
        applicants=facts.data["applicants"],
    )


@command(
    "record_docket",
    label=_("Record the court's docketing"),
    done=_("Docketing of the court recorded"),
    form=DocketForm,
    statuses={Status.PERFORMING, Status.BREACHED},
    guards=(practice.confirmation_awaits_docket,),
)
def record_docket(dispute: Dispute, facts: CaseFacts) -> None:
    filed = facts.confirmation
    if filed is None:
        return
    getattr(filed, facts.data["docketed"])()
    filed.docketed_on, filed.ground = facts.data["docketed_on"], facts.data["ground"]
    filed.court_number = facts.data["court_number"]
    filed.save()


@command(
    "record_ruling",
    label=_("Record the court's ruling"),
    done=_("Ruling recorded"),
    form=RulingForm,
    tells=("mediator", "centre"),
    statuses={Status.PERFORMING, Status.BREACHED},
    guards=(guards.confirmation_is_running,),
)
def record_ruling(dispute: Dispute, facts: CaseFacts) -> None:
    running = facts.confirmation
    if running is None:
        return
    getattr(running, facts.data["ruling"])()
    running.ruling_number, running.ruled_on = facts.data["ruling_number"], facts.data["ruled_on"]
    running.ground = facts.data["ground"]
    running.save()


class RevocationForm(CommandForm):
    revoked_on = Day(past=True, label=_("Revoked on"))
    ruling_number = Text(label=_("Number of the ruling"), max_length=60)
    note = Text(label=_("Note"), max_length=300, required=False)


@command(
    "record_revocation",
    label=_("Record that a confirmation was revoked"),
    done=_("Confirmation revoked by the court"),
    form=RevocationForm,
    tells=("mediator", "centre", "leader"),
    statuses={Status.PERFORMING, Status.BREACHED, Status.CLOSED, Status.ARCHIVED},
    guards=(practice.agreement_is_confirmed,),
)
def record_revocation(dispute: Dispute, facts: CaseFacts) -> None:
    confirmed = facts.confirmation
    if confirmed is None:
        return
    confirmed.revoke()
    confirmed.note = facts.data["note"] or facts.data["ruling_number"]
    confirmed.save()
