"""Registration, assessment and triage."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mediation.core import identity, rows
from mediation.disputes import guards, practice, warning_guards
from mediation.disputes.enums import (
    OPEN,
    Category,
    Colour,
    Nature,
    PartyKind,
    ResultCode,
    Sensitivity,
    Side,
    Source,
    Status,
)
from mediation.disputes.models import Dispute
from mediation.sessions import services as sessions
from mediation.warning import alerts
from mediation.warning import services as warning
from workflows.commands import orders, people
from workflows.commands.fields import (
    Answers,
    CommandForm,
    Day,
    Moment,
    Money,
    Name,
    Phone,
    Rows,
    Text,
    Tick,
)
from workflows.commands.spec import Part, command
from workflows.facts import CaseFacts


class PartyForm(forms.Form):
    """One side of the dispute. Everything but the side may be unknown at first."""

    name = Name(label=_("Name"), required=False)
    side = forms.ChoiceField(label=_("Side"), choices=Side.choices, initial=Side.APPLICANT)
    kind = forms.ChoiceField(
        label=_("Kind"), choices=PartyKind.choices, initial=PartyKind.NATURAL, required=False
    )
    phone = Phone(label=_("Phone"), required=False)
    id_number = Text(label=_("ID number"), required=False, max_length=30)
    no_id_reason = Text(label=_("Why no ID number"), required=False, max_length=60)
    address = Text(label=_("Address"), required=False, max_length=120)
    relation = Text(label=_("Relation"), required=False, max_length=60)
    ethnicity = Text(label=_("Ethnicity"), required=False, max_length=20)
    occupation = Text(label=_("Occupation or post"), required=False, max_length=60)
    representative = Name(label=_("Legal representative"), required=False)
    is_minor = forms.BooleanField(label=_("Under 18"), required=False)
    lives_on_own_work = forms.BooleanField(
        label=_("16 or 17, lives on own work"),
        help_text=_("Then no guardian is needed (Civil Code art. 18)."),
        required=False,
    )
    guardian = Name(label=_("Guardian"), required=False)
    is_affected_only = forms.BooleanField(label=_("Affected only, not asked"), required=False)

    # What the ID number says; the tick may say so without one.
    age: int | None = None

    def clean_id_number(self) -> str:
        typed = self.cleaned_data["id_number"]
        if not typed:
            return ""
        if self.data.get("kind") == PartyKind.LEGAL:
            code = identity.check_credit_code(typed)
            if not code.valid:
                raise ValidationError(_(code.reason))
            return code.code
        checked = identity.check_id(typed, today=people.today(), allow_demo=people.allow_demo())
        if not checked.valid:
            raise ValidationError(_(str(checked.reason)))
        self.age = checked.age
        return checked.number

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        by_number = self.age is not None and self.age < identity.ADULT
        data["is_minor"] = data.get("is_minor") or by_number
        works = data.get("lives_on_own_work")
        if works and self.age is not None and self.age < identity.WORKING_MINOR:
            self.add_error(
                "lives_on_own_work", _("Under 16 nobody acts for himself (Civil Code art. 18).")
            )
        data["kind"] = data.get("kind") or PartyKind.NATURAL
        if not data.get("name"):
            data["kind"] = PartyKind.UNKNOWN
        return data


class RegisterForm(CommandForm):
    private = frozenset({"facts", "claim", "parties", "place", "title"})

    category = forms.ChoiceField(label=_("Kind of dispute"), choices=Category.choices)
    title = Text(label=_("Title"), max_length=80, required=False)
    facts = Text(
        label=_("What happened"),
        min_length=10,
        max_length=2000,
        multiline=True,
        help_text=_("At least 10 characters: who, what, since when."),
    )
    claim = Text(label=_("What is wanted"), max_length=1000, required=False, multiline=True)
    amount = Money(label=_("Amount in dispute"), required=False)
    parties = Rows(PartyForm, minimum=0, maximum=20, label=_("Parties"), required=False)
    parties_unknown = forms.BooleanField(label=_("Parties not known yet"), required=False)
    people_count = forms.IntegerField(
        label=_("People involved"), min_value=1, max_value=100_000, initial=2, required=False
    )
    grid = Text(label=_("Grid"), max_length=15)
    place = Text(label=_("Place"), max_length=120)
    occurred_at = Moment(past=True, label=_("Happened at"), required=False)
    source = forms.ChoiceField(label=_("Source"), choices=Source.choices, initial=Source.GRID)
    answers = Answers(label=_("Signs of danger"), required=False)
    client_id = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        named = [row for row in data.get("parties") or [] if row["kind"] != PartyKind.UNKNOWN]
        if not named and not data.get("parties_unknown") and "parties" not in self.errors:
            self.add_error("parties", _("Name at least one party, or tick “not known yet”."))
        data["people_count"] = data.get("people_count") or max(2, len(named))
        return data


class SettleForm(CommandForm):
    private = frozenset({"content"})

    is_civil = Tick(label=_("This is a civil dispute"))
    both_consent = Tick(label=_("Both sides agree to this settlement"))
    content = Text(
        label=_("What was agreed and done"), min_length=5, max_length=2000, multiline=True
    )
    settled_on = Day(past=True, label=_("Settled on"))


class AssessForm(CommandForm):
    private = frozenset({"answers"})

    nature = forms.ChoiceField(label=_("Nature"), choices=Nature.choices)
    elsewhere = forms.BooleanField(
        label=_("Already before a court or another organ"), required=False
    )
    answers = Answers(label=_("Signs of danger"), required=False, further=True)
    colour = forms.ChoiceField(label=_("Risk colour"), choices=Colour.choices, required=False)
    colour_reason = Text(label=_("Reason for another colour"), max_length=300, required=False)
    sensitivity = forms.ChoiceField(
        label=_("Sensitivity"), choices=Sensitivity.choices, required=False
    )

    def clean(self) -> dict[str, Any]:
        """The rule's colour is computed here; the guards compare it with what the person chose."""
        data = super().clean() or self.cleaned_data
        if self.dispute is None or self.errors:
            return data
        answers, asked = warning.laid_over(
            self.dispute.risk, data.get("answers") or {}, today=self.known.today
        )
        beside = warning.around(self.dispute, self.known.parties, now=self.known.now)
        risk = warning.rate(self.dispute, answers, beside, now=self.known.now, asked=asked)
        data["answers"], data["risk"], data["rule_colour"] = answers, risk, risk["colour"]
        data["colour"] = data.get("colour") or risk["colour"]
        return data


class ReassessForm(AssessForm):
    nature = forms.ChoiceField(label=_("Nature"), choices=Nature.choices, required=False)
    # Silence leaves it as it is: whoever only changes the colour must not open a closed way.
    elsewhere = forms.NullBooleanField(
        label=_("Already before a court or another organ"), required=False
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        wanted = data.get("nature")
        changes = wanted and self.dispute is not None and wanted != self.dispute.nature
        if changes and self.dispute.status != Status.ASSESSED:
            self.add_error("nature", _("The nature can only be changed before triage."))
        return data


class VoidForm(CommandForm):
    result = forms.ChoiceField(
        label=_("Why it is void"),
        choices=[
            (ResultCode.DUPLICATE, ResultCode.DUPLICATE.label),
            (ResultCode.FALSE_ALARM, ResultCode.FALSE_ALARM.label),
        ],
    )
    reason = Text(label=_("Reason"), min_length=5, max_length=300, multiline=True)
    duplicate_of = Text(label=_("Number of the other case"), max_length=40, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("result") != ResultCode.DUPLICATE or self.dispute is None:
            return data
        other = people.find_visible(self.known, data.get("duplicate_of", ""))
        if other is None or other.pk == self.dispute.pk:
            self.add_error("duplicate_of", _("Give the number of the case that this one repeats."))
        data["other"] = other
        return data


class IntakeForm(CommandForm):
    mediator = forms.TypedChoiceField(label=_("Mediator"), coerce=int)
    chosen_by = forms.ChoiceField(
        label=_("Chosen by"),
        choices=[("committee", _("The committee")), ("parties", _("The parties"))],
        required=False,
    )

    def prepare(self) -> None:
        if self.dispute is not None:
            people.offer_mediators(self, self.dispute, self.known)


class SplitForm(CommandForm):
    private = frozenset({"civil_facts", "administrative_facts"})

    civil_facts = Text(label=_("The civil part"), min_length=10, max_length=2000, multiline=True)
    administrative_facts = Text(
        label=_("The administrative part"), min_length=10, max_length=2000, multiline=True
    )


# Effects -----------------------------------------------------------------------------------------


@command(
    "register",
    label=_("Register"),
    done=_("Registered"),
    form=RegisterForm,
    tells=("centre", "leader"),
    hidden=True,
)
def register(dispute: Dispute, facts: CaseFacts) -> None:
    """The row itself is made by ``engine.register``; this adds its parties and its first colour."""
    parties = [people.make_party(dispute, n, row) for n, row in enumerate(facts.data["parties"], 1)]
    rows.insert_all(parties)
    facts.parties = parties
    if order := facts.data.get("order"):
        orders.attach(dispute, order)
    warning.demand_reports(dispute, parties, now=facts.now)
    if dispute.severity >= alerts.ALERTED_FROM:
        alerts.raise_for_case(dispute, facts.now)


@command(
    "settle_on_spot",
    label=_("Settled on the spot"),
    done=_("Settled on the spot"),
    form=SettleForm,
    tells=("justice",),
)
def settle_on_spot(dispute: Dispute, facts: CaseFacts) -> None:
    dispute.nature = Nature.CIVIL
    dispute.result = ResultCode.ORAL_PERFORMED
    # Whoever settled it has mediated it, and so does not review its closing.
    if facts.actor.person_id is not None:
        sessions.assign(dispute, facts.actor.person_id, chosen_by="committee", now=facts.now)
    people.record_oral_settlement(
        dispute, content=facts.data["content"], day=facts.data["settled_on"]
    )
    dispute.effective_on = dispute.performed_on = facts.data["settled_on"]


@command(
    "assess",
    label=_("Assess"),
    done=_("Assessed"),
    form=AssessForm,
    tells=("centre", "leader"),
    primary=True,
)
def assess(dispute: Dispute, facts: CaseFacts) -> None:
    dispute.nature = facts.data["nature"]
    _apply_risk(dispute, facts)


@command(
    "reassess",
    label=_("Change colour"),
    done=_("Reassessed"),
    form=ReassessForm,
    tells=("mediator", "centre", "leader"),
    statuses=OPEN - {Status.REGISTERED},
    guards=(guards.lowering_has_reason, guards.red_is_lowered_by_two),
)
def reassess(dispute: Dispute, facts: CaseFacts) -> None:
    if facts.data.get("nature"):
        dispute.nature = facts.data["nature"]
    _apply_risk(dispute, facts)


def _apply_risk(dispute: Dispute, facts: CaseFacts) -> None:
    if facts.data["elsewhere"] is not None:
        dispute.elsewhere = facts.data["elsewhere"]
    if facts.data.get("sensitivity"):
        dispute.sensitivity = facts.data["sensitivity"]
    dispute.risk = warning.confirm(
        facts.data["risk"],
        colour=facts.data["colour"],
        who=facts.actor.name,
        reason=facts.data.get("colour_reason") or "",
        now=facts.now,
    )
    lowered_red = dispute.colour == Colour.RED and facts.data["colour"] != Colour.RED
    if lowered_red or (facts.data["rule_colour"] == Colour.RED != facts.data["colour"]):
        people.spend_approval(facts, "lower_red")
    dispute.paint(facts.data["colour"])
    warning.demand_reports(dispute, facts.parties, now=facts.now)
    if dispute.severity >= alerts.ALERTED_FROM:
        alerts.raise_for_case(dispute, facts.now)


@command(
    "confirm_colour",
    label=_("Confirm the colour"),
    done=_("Colour confirmed"),
    tells=("mediator", "centre"),
    statuses=OPEN - {Status.REGISTERED},
    guards=(warning_guards.colour_awaits_confirmation,),
)
def confirm_colour(dispute: Dispute, facts: CaseFacts) -> None:
    """A person stands behind the colour that the rules gave."""
    dispute.risk = warning.confirm(
        dispute.risk, colour=dispute.colour, who=facts.actor.name, reason="", now=facts.now
    )


@command("void", label=_("Void"), done=_("Voided"), form=VoidForm)
def void(dispute: Dispute, facts: CaseFacts) -> None:
    dispute.result = facts.data["result"]
    dispute.duplicate_of = facts.data.get("other")
    dispute.closed_at = facts.now


@command(
    "start_mediation_intake",
    label=_("Seek consent to mediation"),
    done=_("Consent is being sought"),
    form=IntakeForm,
    tells=("mediator",),
    primary=True,
    # After a refusal, a breach or a referral it is one way of several, and seldom the likeliest.
    expected={Status.ASSESSED},
    guards=(practice.chosen_has_no_tie,),
)
def start_mediation_intake(dispute: Dispute, facts: CaseFacts) -> None:
    sessions.assign(
        dispute,
        facts.data["mediator"],
        chosen_by=facts.data["chosen_by"] or "committee",
        now=facts.now,
    )
    people.forget_consents(dispute)
    dispute.accepted_on = dispute.mediation_due = None


def _halves(dispute: Dispute, facts: CaseFacts) -> list[Part]:
    return [
        Part("（民事部分）", facts.data["civil_facts"]),
        Part("（行政部分）", facts.data["administrative_facts"]),
    ]


@command(
    "split",
    label=_("Split the case"),
    done=_("Case split"),
    form=SplitForm,
    tells=("centre",),
    parts=_halves,
)
def split(dispute: Dispute, facts: CaseFacts) -> None:
    """Only marks the parent; ``engine`` registers the two children in the same transaction."""
