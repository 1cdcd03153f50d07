"""The course of mediation: parties and mediators, acceptance, pauses, extension, and the end."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils import formats
from django.utils.translation import gettext_lazy as _

from mediation.disputes import guards, practice
from mediation.disputes.enums import (
    OPEN,
    Consent,
    ContactChannel,
    EndReason,
    Nature,
    Sensitivity,
    Status,
)
from mediation.disputes.models import Dispute, Party
from mediation.sessions import services as sessions
from mediation.sessions.models import Assignment, Pause
from workflows.commands import people
from workflows.commands.consent import UNTIL_AGREED
from workflows.commands.fields import CommandForm, Day, Remedies, Text
from workflows.commands.intake import PartyForm
from workflows.commands.parties import party_choices
from workflows.commands.spec import command
from workflows.facts import CaseFacts


class AddPartyForm(PartyForm, CommandForm):
    quiet = frozenset({"lives_on_own_work"})
    private = frozenset(
        {
            "name",
            "phone",
            "id_number",
            "address",
            "guardian",
            "relation",
            "no_id_reason",
            "ethnicity",
            "occupation",
            "representative",
        }
    )
    replaces = forms.TypedChoiceField(
        label=_("Corrects party"),
        coerce=int,
        required=False,
        empty_value=None,
        widget=forms.HiddenInput,  # chosen by the link beside the party
    )

    def prepare(self) -> None:
        parties = self.known.parties if self.known is not None else []
        self.offer("replaces", [("", _("A new party")), *party_choices(parties)])


class AssignForm(CommandForm):
    quiet = frozenset({"beside"})

    mediator = forms.TypedChoiceField(label=_("Mediator"), coerce=int)
    chosen_by = forms.ChoiceField(label=_("Chosen by"), choices=Assignment.ChosenBy.choices)
    reason = Text(label=_("Reason"), max_length=300)
    beside = forms.BooleanField(
        label=_("A further mediator beside the present one"), required=False
    )

    def prepare(self) -> None:
        if self.dispute is not None:
            people.offer_mediators(self, self.dispute, self.known)


class AcceptForm(CommandForm):
    no_conflict = forms.BooleanField(
        label=_("The mediator declares: no kinship, interest or other ground for recusal"),
        required=False,
    )
    channel = forms.ChoiceField(
        label=_("Kind of mediation"),
        choices=[
            ("MED", _("People's mediation: 30 days")),
            ("L01", _("Labour dispute: 15 days")),
            ("MEDICAL", _("Medical dispute: 30 working days")),
            ("COURT_PRE", _("Entrusted by the court before docketing: 30 days")),
            ("COURT_POST", _("Entrusted after docketing, ordinary procedure: 15 days")),
            ("COURT_SUMMARY", _("Entrusted after docketing, summary procedure: 7 days")),
        ],
        required=False,
    )
    accepted_on = Day(past=True, label=_("Accepted on"))

    def clean_accepted_on(self) -> Any:
        """The period runs from acceptance, and nothing is accepted before all have agreed (art. 17)."""
        day = self.cleaned_data["accepted_on"]
        asked = [p for p in self.known.parties if p.is_necessary] if self.known is not None else []
        if any(p.consent_on is not None and day < p.consent_on for p in asked):
            raise ValidationError(_("This is before every party had agreed to mediation."))
        return day

    def prepare(self) -> None:
        if self.dispute is None:
            return
        self.fields["accepted_on"].initial = self.known.today
        special = {"10": "L01", "13": "MEDICAL"}
        self.fields["channel"].initial = special.get(self.dispute.category, "MED")


class PauseForm(CommandForm):
    ground = forms.ChoiceField(label=_("Ground"), choices=Pause.Ground.choices)
    since = Day(past=True, label=_("From"))
    note = Text(label=_("Note"), max_length=300, required=False)

    def clean_since(self) -> Any:
        """A pause that reaches back before the period or into another one could never end."""
        day = self.cleaned_data["since"]
        if self.dispute is None or day is None:
            return day
        ended = Pause.objects.filter(dispute=self.dispute).aggregate(latest=Max("until"))
        bounds = [b for b in (self.dispute.accepted_on, ended["latest"]) if b is not None]
        if any(day < bound for bound in bounds):
            raise ValidationError(_("This is before the period began or the last pause ended."))
        return day


class ResumeForm(CommandForm):
    resumed_on = Day(past=True, label=_("Goes on from"))

    def clean_resumed_on(self) -> Any:
        day = self.cleaned_data["resumed_on"]
        pause = _open_pause(self.dispute) if self.dispute else None
        if pause and day and day < pause.since:
            raise ValidationError(_("This is before the pause began."))
        return day


class ExtendForm(CommandForm):
    until = Day(label=_("New last day"))
    all_agree = forms.BooleanField(label=_("All parties agree in writing"), required=False)
    agreed_on = Day(past=True, label=_("Consent given on"))

    def prepare(self) -> None:
        """The day that is moved, before anybody asks the parties."""
        if self.dispute is not None and self.dispute.mediation_due:
            ends = formats.date_format(self.dispute.mediation_due, "DATE_FORMAT")
            self.fields["until"].help_text = _("The period ends on %(day)s.") % {"day": ends}

    def clean_agreed_on(self) -> Any:
        day = self.cleaned_data["agreed_on"]
        accepted = self.dispute.accepted_on if self.dispute is not None else None
        if accepted is not None and day < accepted:
            raise ValidationError(_("This is before the period began."))
        return day


class EndForm(CommandForm):
    quiet = frozenset({"party"})

    reason = forms.ChoiceField(label=_("Reason"), choices=EndReason.choices)
    party = forms.TypedChoiceField(
        label=_("Party that refused or withdrew"),
        help_text=_("May stay empty: the one whose refusal or withdrawal is recorded."),
        coerce=int,
        required=False,
        empty_value=None,
    )
    remedies = Remedies()
    told_on = Day(past=True, label=_("Told on"))
    channel = forms.ChoiceField(label=_("How"), choices=ContactChannel.choices)

    def prepare(self) -> None:
        if self.known is not None:
            self.offer(
                "party", [("", _("Nobody in particular")), *party_choices(self.known.parties)]
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        by_a_party = data.get("reason") in {EndReason.REFUSED, EndReason.WITHDRAWN}
        data["party"] = self._who(data.get("party")) if by_a_party else None
        return data

    def _who(self, named: int | None) -> int | None:
        """Who would not go on (arts. 17, 23). A resident speaks for nobody but himself."""
        if self.known is None:
            return named
        if self.known.actor.is_resident:
            own: tuple[int, ...] = self.known.actor.speaks_for
            return named if named in own else _only(own)
        unwilling = {Consent.NO, Consent.WITHDRAWN}
        return named or _only([p.ordinal for p in self.known.parties if p.consent in unwilling])


def _only(found: Sequence[int]) -> int | None:
    return found[0] if len(found) == 1 else None


# Effects -----------------------------------------------------------------------------------------


KEPT_WHEN_EMPTY = (
    "name", "phone", "id_number", "no_id_reason", "address", "relation", "guardian", "ethnicity",
    "occupation", "representative",
)  # fmt: skip


def _corrected(former: Party, data: Mapping[str, Any]) -> dict[str, Any]:
    """What is left empty stays as it was: nobody types anew what he only sees masked."""
    kept = {name: data[name] or getattr(former, name) for name in KEPT_WHEN_EMPTY}
    kept["kind"] = data["kind"] if data["name"] else former.kind  # the form calls nameless unknown
    if kept["kind"] != former.kind:
        kept["id_number"] = data["id_number"]  # the number of another kind
    if data["id_number"]:
        kept["no_id_reason"] = data["no_id_reason"]
    return {**data, **kept}


@command(
    "add_party",
    label=_("Add or correct a party"),
    done=_("Parties changed"),
    form=AddPartyForm,
    tells=("mediator",),
    statuses=OPEN,
)
def add_party(dispute: Dispute, facts: CaseFacts) -> None:
    if facts.data["is_minor"] and dispute.sensitivity == Sensitivity.NORMAL:
        dispute.sensitivity = Sensitivity.MINOR
    ordinal = facts.data.get("replaces")
    if not ordinal:
        ordinal = max((party.ordinal for party in facts.parties), default=0) + 1
        added = people.make_party(dispute, ordinal, facts.data)
        added.save()
        facts.parties = [*facts.parties, added]
        return
    former = next(party for party in facts.parties if party.ordinal == ordinal)
    told = _corrected(former, facts.data)
    corrected = people.make_party(dispute, ordinal, told)
    # What the same person has already answered stays; who he is has been put right.
    corrected.pk, corrected.uid = former.pk, former.uid
    for kept in ("consent", "consent_on", "consent_channel", "rights_told_on"):
        setattr(corrected, kept, getattr(former, kept))
    people.seal_again(corrected, told)
    corrected.save(force_update=True)
    facts.parties = [corrected if p.ordinal == ordinal else p for p in facts.parties]


@command(
    "assign_mediator",
    label=_("Change the mediator"),
    done=_("Mediator changed"),
    form=AssignForm,
    tells=("mediator",),
    statuses=UNTIL_AGREED | {Status.AGREED, Status.PERFORMING, Status.BREACHED},
    guards=(practice.chosen_has_no_tie,),
)
def assign_mediator(dispute: Dispute, facts: CaseFacts) -> None:
    mediator = facts.data["mediator"]
    sessions.assign(
        dispute,
        mediator,
        chosen_by=facts.data["chosen_by"],
        now=facts.now,
        reason=facts.data["reason"],
        is_lead=not facts.data["beside"],
    )
    sessions.meet_wishes(dispute, mediator, now=facts.now)


@command(
    "accept",
    label=_("Accept"),
    done=_("Accepted for mediation"),
    form=AcceptForm,
    tells=("mediator", "centre"),
    primary=True,
    guards=(practice.mediator_has_no_tie,),
)
def accept(dispute: Dispute, facts: CaseFacts) -> None:
    dispute.accepted_on = facts.data["accepted_on"]
    sessions.note_no_conflict(dispute, now=facts.now)


@command("pause", label=_("Pause"), done=_("Mediation paused"), form=PauseForm, tells=("centre",))
def pause(dispute: Dispute, facts: CaseFacts) -> None:
    Pause.objects.create(dispute=dispute, ground=facts.data["ground"], since=facts.data["since"])


@command(
    "resume",
    label=_("Go on"),
    done=_("Mediation goes on"),
    form=ResumeForm,
    tells=("centre",),
    primary=True,
)
def resume(dispute: Dispute, facts: CaseFacts) -> None:
    running = _open_pause(dispute)
    if running is not None:
        running.until = facts.data["resumed_on"]
        running.save(update_fields=["until"])


def _open_pause(dispute: Dispute) -> Pause | None:
    return Pause.objects.filter(dispute=dispute, until__isnull=True).order_by("-pk").first()


@command(
    "extend",
    label=_("Extend the period"),
    done=_("Period extended"),
    form=ExtendForm,
    statuses={Status.ACCEPTED, Status.MEDIATING},
    guards=(guards.period_still_runs, guards.all_agree_to_extension, guards.extension_is_later),
)
def extend(dispute: Dispute, facts: CaseFacts) -> None:
    # The paper of consent names both days.
    facts.data = {**facts.data, "former": dispute.mediation_due}
    dispute.mediation_due = facts.data["until"]


@command(
    "end_mediation",
    label=_("End mediation"),
    done=_("Mediation ended"),
    form=EndForm,
    tells=("mediator", "centre"),
)
def end_mediation(dispute: Dispute, facts: CaseFacts) -> None:
    _end_pause(dispute, facts)


def _end_pause(dispute: Dispute, facts: CaseFacts) -> None:
    running = _open_pause(dispute)
    if running is not None:
        running.until = max(running.since, facts.today)
        running.save(update_fields=["until"])


class ReclassifyForm(CommandForm):
    private = frozenset({"reason"})

    nature = forms.ChoiceField(
        label=_("Nature"),
        choices=[(n.value, n.label) for n in (Nature.ADMINISTRATIVE, Nature.MIXED)],
    )
    known_on = Day(
        past=True,
        label=_("The act is known since"),
        help_text=_(
            "Sixty days to apply count from the day after; mediation has not stopped them."
        ),
    )
    reason = Text(label=_("Act and organ, and how it was found"), min_length=5, max_length=500,
                  multiline=True)  # fmt: skip


@command(
    "reclassify",
    label=_("Found to be about an administrative act"),
    done=_("Found to be about an administrative act; back to triage"),
    form=ReclassifyForm,
    tells=("mediator", "centre", "leader"),
    basis="行政复议法第十一条、第十二条、第二十条 · Administrative Reconsideration Law arts. 11, 12, 20",
)
def reclassify(dispute: Dispute, facts: CaseFacts) -> None:
    """Mediation stops; what was consented stays on the file; the time for applying is shown at once."""
    _end_pause(dispute, facts)
    dispute.nature = facts.data["nature"]
    dispute.accepted_on = dispute.mediation_due = None
