"""Drafting, checking and signing an agreement, and its effect."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mediation.agreements import services as agreements
from mediation.agreements import wording
from mediation.agreements.models import Agreement, AgreementVersion
from mediation.core import rows
from mediation.core.plain import plain
from mediation.disputes import guards, practice
from mediation.disputes.enums import Status
from mediation.disputes.models import Dispute
from workflows.commands.fields import IN_FUTURE, CommandForm, Day, Money, Rows, Text
from workflows.commands.parties import NO_SUCH_PARTY, PartyChoiceForm
from workflows.commands.spec import command
from workflows.facts import CaseFacts


class ClauseForm(forms.Form):
    text = Text(label=_("Clause"), max_length=1000, multiline=True)


class ObligationForm(forms.Form):
    debtor = forms.IntegerField(label=_("Who owes (party number)"), min_value=1, max_value=50)
    creditor = forms.IntegerField(
        label=_("To whom (party number)"), min_value=1, max_value=50, required=False
    )
    content = Text(label=_("What is owed"), max_length=500)
    amount = Money(label=_("Amount"), required=False)
    due_on = Day(label=_("Due on"))
    manner = Text(label=_("Manner"), max_length=100, required=False)
    place = Text(label=_("Place"), max_length=120, required=False)


CLAUSES_HELP = _(
    "Left empty, each obligation becomes a clause; whoever writes clauses writes all of them."
)


class AgreementForm(CommandForm):
    private = frozenset(
        {
            "content",
            "manner",
            "obligations",
            "main_facts",
            "issues",
            "responsibilities",
            "clauses",
            "place",
        }
    )
    quiet = frozenset({"copies", "forbidden"})

    form = forms.ChoiceField(
        label=_("Form"), choices=Agreement.Form.choices, initial=Agreement.Form.WRITTEN
    )
    main_facts = Text(label=_("Main facts"), max_length=3000, multiline=True, required=False)
    issues = Text(label=_("Matters in dispute"), max_length=1000, multiline=True, required=False)
    responsibilities = Text(
        label=_("Responsibilities"), max_length=1000, multiline=True, required=False
    )
    content = Text(
        label=_("Content"),
        min_length=5,
        max_length=5000,
        multiline=True,
        required=False,
        help_text=_("Only when the agreement is not written clause by clause."),
    )
    clauses = Rows(
        ClauseForm,
        minimum=0,
        maximum=30,
        label=_("Clauses"),
        required=False,
        help_text=CLAUSES_HELP,
    )
    manner = Text(label=_("Manner of performance"), max_length=200)
    place = Text(label=_("Place of performance"), max_length=120, required=False)
    amount = Money(
        label=_("Total amount"),
        required=False,
        help_text=_("Left empty: the sum of the obligations."),
    )
    agreed_on = Day(past=True, label=_("Agreed on"))
    copies = forms.IntegerField(label=_("Copies"), min_value=2, max_value=60, required=False)
    # An apology or a mutual waiver leaves nothing to be done; then the agreement is performed at once.
    obligations = Rows(
        ObligationForm, minimum=0, maximum=40, label=_("Obligations"), required=False
    )
    about_status = forms.BooleanField(
        label=_("The agreement decides on marriage, parentage, adoption or the like"),
        required=False,
    )

    def clean_obligations(self) -> list[dict[str, Any]]:
        rows = self.cleaned_data["obligations"]
        ordinals = {p.ordinal for p in self.known.parties} if self.known is not None else set()
        for row in rows:
            for side in ("debtor", "creditor"):
                if ordinals and row[side] and row[side] not in ordinals:
                    raise ValidationError(NO_SUCH_PARTY, params={"number": row[side]})
            if row["debtor"] and row["debtor"] == row["creditor"]:
                raise ValidationError(_("Nobody owes something to himself."))
        return list(rows)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        self.require_copies(data)
        if not self.errors:
            self.write_clauses(data)
        agreed = data.get("agreed_on")
        if agreed and any(row["due_on"] < agreed for row in data.get("obligations", [])):
            self.add_error("obligations", _("An obligation cannot be due before the agreement."))
        data["amount"] = data.get("amount") or _sum(data.get("obligations", []))
        data["forbidden"] = wording.forbidden(wording.texts(data))
        return data

    def require_copies(self, data: dict[str, Any]) -> None:
        """Every party keeps one, the committee one (People's Mediation Law art. 29)."""
        asked = [p for p in self.known.parties if p.is_necessary] if self.known is not None else []
        if data.get("copies") is not None and data["copies"] <= len(asked):
            needed = _(
                "Every party keeps a copy and the committee one: at least %(number)d (art. 29)."
            )
            self.add_error("copies", needed % {"number": len(asked) + 1})

    def write_clauses(self, data: dict[str, Any]) -> None:
        """What is owed is agreed: nobody writes it a second time as a clause, or as one text."""
        if data.get("content") or data.get("clauses"):
            return
        if not data.get("obligations"):
            self.add_error("content", self.fields["content"].error_messages["required"])
            return
        names = {p.ordinal: p.name for p in self.known.parties} if self.known is not None else {}
        data["clauses"] = [
            {"text": wording.clause(row, names, manner=data.get("manner", ""))}
            for row in data.get("obligations") or ()
        ]


def _sum(obligations: list[dict[str, Any]]) -> Decimal | None:
    """What the obligations come to; none when no money is owed."""
    return sum((row["amount"] for row in obligations if row["amount"]), Decimal(0)) or None


def demand_later(fields: Mapping[str, Any]) -> None:
    """A draft demands nothing; what the agreement will need is not called optional before."""
    for field in fields.values():
        field.by_guard, field.required = field.required, False


class DraftClauseForm(ClauseForm):
    """Rows of a draft may be half full."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        demand_later(self.fields)


class DraftObligationForm(ObligationForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        demand_later(self.fields)


class DraftForm(AgreementForm):
    """The same, while it is being written: nothing is demanded, nothing is judged."""

    private = AgreementForm.private | {"amount", "form", "agreed_on", "copies", "about_status"}

    clauses = Rows(
        DraftClauseForm,
        minimum=0,
        maximum=30,
        label=_("Clauses"),
        required=False,
        help_text=CLAUSES_HELP,
    )
    obligations = Rows(
        DraftObligationForm, minimum=0, maximum=40, label=_("Obligations"), required=False
    )

    def prepare(self) -> None:
        demand_later(self.fields)

    def clean(self) -> dict[str, Any]:
        return forms.Form.clean(self) or self.cleaned_data


class SignatureForm(forms.Form):
    party = forms.IntegerField(label=_("Party number"), min_value=1, max_value=50)
    signed_on = Day(label=_("Signed on"))


class SignaturesForm(CommandForm):
    parties = Rows(
        SignatureForm,
        minimum=0,
        maximum=50,
        label=_("Signatures of parties"),
        required=False,
        help_text=_("Remove whoever has not signed yet."),
    )
    mediator_signed_on = Day(past=True, label=_("Mediator signed on"), required=False)
    sealed_on = Day(past=True, label=_("Committee seal put on"), required=False)

    def clean_parties(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.cleaned_data["parties"]
        if self.known is None:
            return rows
        known = {party.ordinal for party in self.known.parties}
        for row in rows:
            if row["party"] not in known:
                raise ValidationError(NO_SUCH_PARTY, params={"number": row["party"]})
            if row["signed_on"] > self.known.today:
                raise ValidationError(IN_FUTURE)
        return rows

    def clean(self) -> dict[str, Any]:
        """Nobody signs what is not agreed yet: the agreement would take effect before it was reached."""
        data = super().clean() or self.cleaned_data
        agreement = self.known.agreement if self.known is not None else None
        if agreement is None:
            return data
        days = {name: data.get(name) for name in ("mediator_signed_on", "sealed_on")}
        days["parties"] = min((row["signed_on"] for row in data.get("parties") or ()), default=None)
        for name, day in days.items():
            if day is not None and day < agreement.agreed_on:
                self.add_error(name, _("This is before the agreement was reached."))
        return data


class FallThroughForm(PartyChoiceForm):
    withdrew_on = Day(past=True, label=_("Withdrew on"))
    reason = Text(label=_("Reason"), max_length=300, required=False)


# Effects -----------------------------------------------------------------------------------------


@command(
    "draft_agreement",
    label=_("Write the agreement"),
    done=_("Draft of the agreement saved"),
    form=DraftForm,
    statuses={Status.MEDIATING},
)
def draft_agreement(dispute: Dispute, facts: CaseFacts) -> None:
    _keep_version(dispute, facts, AgreementVersion.Stage.DRAFT)


def _keep_version(dispute: Dispute, facts: CaseFacts, stage: str) -> int:
    return agreements.keep_version(
        dispute,
        stage=stage,
        body={name: plain(facts.data[name]) for name in agreements.BODY},
        by=facts.actor.person_id,
        now=facts.now,
    )


@command(
    "reach_agreement",
    label=_("Record the agreement"),
    done=_("Agreement reached"),
    form=AgreementForm,
    tells=("mediator", "centre"),
    primary=True,
    guards=(practice.content_is_lawful, practice.group_agrees_to_settle),
)
def reach_agreement(dispute: Dispute, facts: CaseFacts) -> None:
    version = _keep_version(dispute, facts, AgreementVersion.Stage.CHECKED)
    agreements.conclude(dispute, facts.parties, facts.data, version=version)


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
    agreements.note_signatures(agreement, facts.parties)


@command(
    "make_effective",
    label=_("Agreement takes effect"),
    done=_("Agreement in effect"),
    tells=("mediator", "centre"),
    primary=True,
    guards=(guards.nobody_refuses,),
)
def make_effective(dispute: Dispute, facts: CaseFacts) -> None:
    agreement = facts.agreement
    if agreement is not None:
        agreement.effective_on = agreement.computed_effect()
        rows.save(agreement, "effective_on")
        dispute.effective_on, dispute.performed_on = agreement.effective_on, None


@command(
    "fall_through",
    label=_("A party withdraws before effect"),
    done=_("Agreement fell through"),
    form=FallThroughForm,
    tells=("centre",),
)
def fall_through(dispute: Dispute, facts: CaseFacts) -> None:
    agreements.set_aside(dispute)
