"""Whom the law wants asked and told: consent, rights notice, wishes, ties, and who else takes part."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mediation.accounts.models import Person
from mediation.core import rows
from mediation.disputes import guards, practice
from mediation.disputes.enums import OPEN, Consent, ContactChannel, Status
from mediation.disputes.models import Dispute, Party
from mediation.sessions import services as sessions
from mediation.sessions.models import MediatorWish, Participant, RightsNotice
from mediation.sessions.models.consent import GivenBy
from mediation.sessions.models.mediators import TieKind
from workflows.commands import people
from workflows.commands.fields import CommandForm, Day, Name, Phone, Rows, Text, Tick
from workflows.commands.parties import (
    NO_SUCH_PARTY,
    PartyChoiceForm,
    chosen_party,
    party_choices,
)
from workflows.commands.spec import command
from workflows.facts import CaseFacts

UNTIL_AGREED = {
    Status.CONSENT_PENDING,
    Status.ACCEPTED,
    Status.MEDIATING,
    Status.PAUSED,
}
UNTIL_EFFECT = UNTIL_AGREED | {Status.AGREED}


class ConsentForm(PartyChoiceForm):
    private = frozenset({"reason"})
    quiet = frozenset({"given_by", "receipt"})

    consent = forms.ChoiceField(
        label=_("Answer"),
        choices=[(c, c.label) for c in (Consent.YES, Consent.NO, Consent.WITHDRAWN)],
    )
    answered_on = Day(past=True, label=_("Answered on"))
    channel = forms.ChoiceField(label=_("How"), choices=ContactChannel.choices)
    given_by = forms.ChoiceField(label=_("Answered by"), choices=GivenBy.choices, required=False)
    rights_told = forms.BooleanField(
        label=_("Rights and duties were told, receipt signed"), required=False
    )
    receipt = forms.ChoiceField(
        label=_("Receipt"), choices=RightsNotice.Receipt.choices, required=False
    )
    reason = Text(label=_("Reason"), max_length=300, required=False)

    def clean_consent(self) -> str:
        answer: str = self.cleaned_data["consent"]
        agreed = self.dispute is not None and self.dispute.status == Status.AGREED
        if agreed and answer != Consent.WITHDRAWN:
            raise ValidationError(
                _("An agreement is reached: now a party can only withdraw, until it takes effect.")
            )
        return answer

    def clean_given_by(self) -> str:
        given_by: str = self.cleaned_data["given_by"]
        party = self.chosen
        if party is None:
            return given_by or GivenBy.SELF
        guarded = self.known is not None and party.needs_guardian(self.known.today)
        if given_by == GivenBy.SELF and guarded:
            raise ValidationError(
                _("The guardian answers for a party under 18 (Civil Code arts. 19, 20).")
            )
        if given_by == GivenBy.AGENT and not sessions.has_agent(party):
            raise ValidationError(
                _("No agent of this party is on record; enter the letter of authority first.")
            )
        return given_by or (GivenBy.GUARDIAN if guarded else GivenBy.SELF)


class RightsForm(PartyChoiceForm):
    told_on = Day(past=True, label=_("Rights told on"))
    channel = forms.ChoiceField(label=_("How"), choices=ContactChannel.choices)
    receipt = forms.ChoiceField(label=_("Receipt"), choices=RightsNotice.Receipt.choices)


class WishForm(PartyChoiceForm):
    private = frozenset({"reason"})

    wish = forms.ChoiceField(label=_("Wish"), choices=MediatorWish.Wish.choices)
    mediator = forms.TypedChoiceField(
        label=_("Mediator"), coerce=int, required=False, empty_value=None
    )
    wished_on = Day(past=True, label=_("Wished on"))
    reason = Text(label=_("Reason"), max_length=300, required=False)

    def prepare(self) -> None:
        super().prepare()
        if self.dispute is not None:
            offered = people.mediator_choices(self.dispute, self.known.today)
            self.offer("mediator", [("", _("Nobody in particular")), *offered])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("wish") == MediatorWish.Wish.CHOOSE and not data.get("mediator"):
            self.add_error("mediator", _("Say whom the party chooses."))
        return data


class TieForm(forms.Form):
    # Nothing is chosen beforehand: an untouched row is no tie.
    kind = forms.ChoiceField(label=_("Tie"), choices=[("", _("Please choose")), *TieKind.choices])
    party = forms.IntegerField(label=_("Party number"), min_value=1, max_value=50)


class TiesForm(CommandForm):
    ties = Rows(
        TieForm,
        minimum=0,
        maximum=20,
        label=_("Ties with the parties"),
        required=False,
        help_text=_(
            "Kin, employer or colleague, neighbour, earlier dealings, interest in the outcome. "
            "Leave empty when there are none."
        ),
    )
    truthful = Tick(
        label=_("I have looked at every party and declare this to be complete and true.")
    )

    def clean_ties(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.cleaned_data["ties"]
        known = {p.ordinal for p in self.known.parties} if self.known is not None else set()
        for row in rows:
            if row["party"] not in known:
                raise ValidationError(NO_SUCH_PARTY, params={"number": row["party"]})
        return rows


class ParticipantForm(CommandForm):
    private = frozenset({"name", "phone", "relation"})

    kind = forms.ChoiceField(label=_("Kind"), choices=Participant.Kind.choices)
    name = Name(label=_("Name"))
    party = forms.TypedChoiceField(
        label=_("Acts for"), coerce=int, required=False, empty_value=None
    )
    phone = Phone(label=_("Phone"), required=False)
    relation = Text(label=_("Relation or organisation"), max_length=80, required=False)
    authority = forms.ChoiceField(
        label=_("Authority"), choices=Participant.Authority.choices, required=False
    )
    authority_on = Day(past=True, label=_("Letter of authority of"), required=False)
    represented = forms.IntegerField(
        label=_("Represented people"), min_value=2, max_value=100_000, required=False
    )
    all_agree = forms.BooleanField(
        label=_("Every party agrees that this person takes part"), required=False
    )
    agreed_on = Day(past=True, label=_("Consent given on"), required=False)

    def prepare(self) -> None:
        parties = self.known.parties if self.known is not None else []
        self.offer("party", [("", _("Nobody")), *party_choices(parties)])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        kind = data.get("kind")
        if kind in {"agent", "rep", "guardian"} and not data.get("party"):
            self.add_error("party", _("Say for which party this person acts."))
        if kind == Participant.Kind.AGENT and not (
            data.get("authority") and data.get("authority_on")
        ):
            self.add_error(
                "authority",
                _("An agent needs a letter of authority: its kind and its date."),
            )
        if kind != Participant.Kind.REPRESENTATIVE:
            data["represented"] = None
        elif not data.get("represented"):
            self.add_error("represented", _("Say how many people are represented."))
        return data


class ParticipantChoiceForm(CommandForm):
    participant = forms.TypedChoiceField(label=_("Person"), coerce=int)

    def prepare(self) -> None:
        if self.dispute is not None:
            rows = Participant.objects.filter(dispute=self.dispute, left_on__isnull=True)
            self.offer("participant", [(p.ordinal, str(p)) for p in rows])


class LeaveForm(ParticipantChoiceForm):
    left_on = Day(past=True, label=_("Left on"))


class GroupForm(ParticipantChoiceForm):
    agreed_on = Day(past=True, label=_("Consent given on"))

    def prepare(self) -> None:
        if self.dispute is not None:
            rows = Participant.objects.filter(
                dispute=self.dispute, left_on__isnull=True, kind=Participant.Kind.REPRESENTATIVE
            )
            self.offer("participant", [(p.ordinal, str(p)) for p in rows])


# Effects -----------------------------------------------------------------------------------------


@command(
    "record_consent",
    label=_("Record a party's answer"),
    done=_("Answer recorded"),
    form=ConsentForm,
    tells=("mediator",),
    statuses=UNTIL_EFFECT,
    guards=(guards.no_oral_agreement_binds,),
)
def record_consent(dispute: Dispute, facts: CaseFacts) -> None:
    party = chosen_party(facts)
    sessions.record_answer(
        party,
        answer=facts.data["consent"],
        on=facts.data["answered_on"],
        channel=facts.data["channel"],
        given_by=facts.data["given_by"],
        reason=facts.data["reason"],
        by=facts.actor.person_id,
        now=facts.now,
    )
    if facts.data["rights_told"]:
        _tell(party, facts, on=facts.data["answered_on"])
    rows.save(party, "consent", "consent_on", "consent_channel", "rights_told_on")


def _tell(party: Party, facts: CaseFacts, *, on: Any) -> None:
    sessions.record_rights_notice(
        party,
        on=on,
        channel=facts.data["channel"],
        receipt=facts.data["receipt"] or RightsNotice.Receipt.SIGNED,
        by=facts.actor.person_id,
    )


@command(
    "tell_rights",
    label=_("Record the rights notice"),
    done=_("Rights and duties told"),
    form=RightsForm,
    statuses=UNTIL_EFFECT,
)
def tell_rights(dispute: Dispute, facts: CaseFacts) -> None:
    party = chosen_party(facts)
    _tell(party, facts, on=facts.data["told_on"])
    party.save(update_fields=["rights_told_on"])


@command(
    "wish_mediator",
    label=_("Record a party's wish about the mediator"),
    done=_("Wish about the mediator recorded"),
    form=WishForm,
    tells=("mediator", "centre"),
    statuses=UNTIL_EFFECT,
)
def wish_mediator(dispute: Dispute, facts: CaseFacts) -> None:
    MediatorWish.objects.create(
        dispute=dispute,
        party=chosen_party(facts),
        wish=facts.data["wish"],
        mediator_id=facts.data["mediator"],
        reason=facts.data["reason"],
        wished_on=facts.data["wished_on"],
    )


@command(
    "declare_ties",
    label=_("Declare ties with the parties"),
    done=_("Mediator's statement signed"),
    form=TiesForm,
    tells=("centre",),
    statuses=UNTIL_AGREED,
)
def declare_ties(dispute: Dispute, facts: CaseFacts) -> None:
    mediator = Person.objects.get(pk=dispute.mediator_id or 0)
    parties = {p.ordinal: p for p in facts.parties}
    ties = [(row["kind"], parties[row["party"]]) for row in facts.data["ties"]]
    sessions.declare(dispute, mediator, ties, now=facts.now)


@command(
    "add_participant",
    label=_("Add an agent, representative or invited person"),
    done=_("Participant added"),
    form=ParticipantForm,
    statuses=OPEN,
    guards=(
        practice.invited_with_consent,
        practice.group_is_large_enough,
        practice.representatives_are_few,
        practice.agents_are_few,
    ),
)
def add_participant(dispute: Dispute, facts: CaseFacts) -> None:
    sessions.add_participant(
        dispute, facts.parties, facts.data, by=facts.actor.person_id, today=facts.today
    )


@command(
    "remove_participant",
    label=_("A participant leaves"),
    done=_("Participant left"),
    form=LeaveForm,
    statuses=OPEN,
    guards=(practice.somebody_takes_part,),
)
def remove_participant(dispute: Dispute, facts: CaseFacts) -> None:
    Participant.objects.filter(dispute=dispute, ordinal=facts.data["participant"]).update(
        left_on=facts.data["left_on"]
    )


@command(
    "record_group_consent",
    label=_("Record the consent of those represented"),
    done=_("Those represented agree to the settlement"),
    form=GroupForm,
    statuses=UNTIL_AGREED,
    guards=(practice.group_is_represented,),
)
def record_group_consent(dispute: Dispute, facts: CaseFacts) -> None:
    Participant.objects.filter(dispute=dispute, ordinal=facts.data["participant"]).update(
        settlement_agreed_on=facts.data["agreed_on"]
    )
