"""Appointments, meetings with their records, and notes of one side alone."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from mediation.core import rows
from mediation.disputes import guards, practice
from mediation.disputes.enums import ContactChannel, Status
from mediation.disputes.models import Dispute
from mediation.sessions import scheduling
from mediation.sessions.models import Appointment, CaucusNote, Meeting
from mediation.sessions.models.meetings import Method
from workflows.commands.consent import UNTIL_AGREED
from workflows.commands.fields import CommandForm, Day, Moment, Name, Rows, Text
from workflows.commands.parties import (
    PartyChoiceForm,
    chosen_party,
    party_choices,
)
from workflows.commands.spec import command
from workflows.facts import CaseFacts

MINUTES = 60
LONGEST = 8 * 60
SPEAKERS = {"m": _("Mediator"), "r": _("Recorder"), "x": _("Others")}


class TurnForm(forms.Form):
    """Who speaks: ``p1`` the first party, ``m`` the mediator, ``r`` the recorder, ``x`` another person."""

    who = Text(label=_("Speaker"), max_length=4)
    text = Text(label=_("Said"), max_length=2000, multiline=True)


class MeetingForm(CommandForm):
    private = frozenset({"record", "turns", "recorder"})
    quiet = frozenset(
        {
            "ended_at",
            "method",
            "subject",
            "others",
            "is_public",
            "outcome",
            "next_at",
            "next_place",
            "read_back",
            "appointment",
        }
    )

    kind = forms.ChoiceField(label=_("Kind"), choices=Meeting.Kind.choices)
    held_at = Moment(past=True, label=_("Held at"))
    ended_at = Moment(past=True, label=_("Ended at"), required=False)
    place = Text(label=_("Place"), max_length=120)
    method = forms.ChoiceField(label=_("Method"), choices=Method.choices, required=False)
    subject = Text(label=_("Subject"), max_length=120, required=False)
    attended = forms.TypedMultipleChoiceField(
        label=_("Present"), coerce=int, widget=forms.CheckboxSelectMultiple
    )
    others = forms.TypedMultipleChoiceField(
        label=_("Also present"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    is_public = forms.BooleanField(label=_("Open to the public"), required=False)
    record = Text(
        label=_("Record"), min_length=5, max_length=20_000, multiline=True, required=False
    )
    turns = Rows(TurnForm, minimum=0, maximum=300, label=_("What was said"), required=False)
    outcome = forms.ChoiceField(label=_("Outcome"), choices=Meeting.Outcome.choices, required=False)
    next_at = Moment(label=_("Next session at"), required=False)
    next_place = Text(label=_("Next place"), max_length=120, required=False)
    recorder = Name(label=_("Recorder"), required=False)
    read_back = forms.BooleanField(
        label=_("The record was read back and found correct"), required=False
    )
    appointment = forms.TypedChoiceField(
        label=_("As arranged"), coerce=int, required=False, empty_value=None
    )

    def prepare(self) -> None:
        if self.known is None:
            return
        self.offer("attended", party_choices(self.known.parties))
        if not self.is_bound or self.data.get("others"):
            self.offer("others", [(p.ordinal, str(p)) for p in self.known.participants])
        if self.dispute is not None and (not self.is_bound or self.data.get("appointment")):
            planned = scheduling.planned(self.dispute.pk)
            self.offer("appointment", [("", _("Not arranged")), *((a.pk, str(a)) for a in planned)])

    def clean_turns(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.cleaned_data["turns"]
        parties = self.known.parties if self.known is not None else []
        known = {f"p{party.ordinal}" for party in parties} | SPEAKERS.keys()
        for row in rows:
            if row["who"] not in known:
                raise ValidationError(
                    _("Nobody here is called %(who)s."), params={"who": row["who"]}
                )
        return rows

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not data.get("record") and not data.get("turns") and "record" not in self.errors:
            self.add_error("record", _("Write down what was said or done."))
        held, ended = data.get("held_at"), data.get("ended_at")
        if held and ended and not held < ended <= held + timedelta(days=1):
            self.add_error("ended_at", _("This is before the beginning, or a day after it."))
        self._clean_outcome(data)
        return data

    def _clean_outcome(self, data: dict[str, Any]) -> None:
        again = data.get("outcome") == Meeting.Outcome.AGAIN
        upcoming = data.get("next_at")
        if again and not upcoming and "next_at" not in self.errors:
            self.add_error("next_at", _("Say when the parties meet again."))
        if upcoming and self.known is not None and upcoming <= self.known.now:
            self.add_error("next_at", _("This lies in the past."))


class ScheduleForm(CommandForm):
    starts_at = Moment(label=_("Begins at"))
    minutes = forms.IntegerField(
        label=_("Minutes"), min_value=10, max_value=LONGEST, initial=MINUTES, required=False
    )
    place = Text(label=_("Place"), max_length=120)
    method = forms.ChoiceField(label=_("Method"), choices=Method.choices, required=False)
    parties = forms.TypedMultipleChoiceField(
        label=_("With"), coerce=int, widget=forms.CheckboxSelectMultiple
    )
    moves = forms.TypedChoiceField(
        label=_("Instead of"), coerce=int, required=False, empty_value=None
    )
    reason = Text(label=_("Reason"), max_length=300, required=False)

    def prepare(self) -> None:
        if self.known is None or self.dispute is None:
            return
        necessary = [p for p in self.known.parties if p.is_necessary]
        self.offer("parties", party_choices(necessary))
        planned = scheduling.planned(self.dispute.pk)
        self.offer("moves", [("", _("A further one")), *((a.pk, str(a)) for a in planned)])

    def clean_starts_at(self) -> Any:
        moment = self.cleaned_data["starts_at"]
        if moment and self.known is not None and moment <= self.known.now:
            raise ValidationError(_("This lies in the past."))
        return moment

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        data["minutes"] = data.get("minutes") or MINUTES
        if self.dispute is None or self.known is None or self.errors:
            return data
        taken = scheduling.conflicts(
            self.dispute,
            self.known.parties,
            starts_at=data["starts_at"],
            ends_at=data["starts_at"] + timedelta(minutes=data["minutes"]),
            place=data["place"],
            wanted=data["parties"],
            besides=data["moves"],
        )
        for field, sentence in taken:
            self.add_error(field, sentence)
        return data


class AppointmentChoiceForm(CommandForm):
    appointment = forms.TypedChoiceField(label=_("Appointment"), coerce=int)

    def prepare(self) -> None:
        if self.dispute is not None:
            rows = scheduling.planned(self.dispute.pk)
            self.offer("appointment", [(a.pk, str(a)) for a in rows])


class SummonsForm(PartyChoiceForm, AppointmentChoiceForm):
    told_on = Day(past=True, label=_("Told on"))
    channel = forms.ChoiceField(label=_("How"), choices=ContactChannel.choices)
    answer = forms.ChoiceField(
        label=_("Answer"),
        choices=[("yes", _("Will come")), ("no", _("Cannot come"))],
        required=False,
    )

    def prepare(self) -> None:
        PartyChoiceForm.prepare(self)
        AppointmentChoiceForm.prepare(self)


class CancelForm(AppointmentChoiceForm):
    reason = Text(label=_("Reason"), min_length=2, max_length=300)


class CaucusForm(PartyChoiceForm):
    private = frozenset({"text"})

    text = Text(
        label=_("What this party said alone"), min_length=2, max_length=5000, multiline=True
    )
    noted_at = Moment(past=True, label=_("Noted at"), required=False)


class ReleaseForm(CommandForm):
    private = frozenset({"scope"})

    note = forms.TypedChoiceField(label=_("Note"), coerce=int)
    agrees = forms.BooleanField(
        label=_("The party whose note this is agrees that it may be told"), required=False
    )
    released_on = Day(past=True, label=_("Consent given on"))
    channel = forms.ChoiceField(label=_("How"), choices=ContactChannel.choices)
    scope = Text(label=_("What may be told"), max_length=300, required=False)

    def prepare(self) -> None:
        if self.dispute is not None:
            rows = CaucusNote.objects.filter(dispute=self.dispute, released_on__isnull=True)
            self.offer(
                "note",
                [
                    (n.ordinal, _("Note %(n)d") % {"n": n.ordinal})
                    for n in rows.only("ordinal", "dispute")
                ],
            )


# Effects -----------------------------------------------------------------------------------------


@command(
    "begin_session",
    label=_("Record the first session"),
    done=_("Mediation has begun"),
    form=MeetingForm,
    primary=True,
    guards=(practice.mediator_has_no_tie, practice.privacy_is_kept),
)
def begin_session(dispute: Dispute, facts: CaseFacts) -> None:
    _record_meeting(dispute, facts)


@command(
    "record_session",
    label=_("Record a session"),
    done=_("Session recorded"),
    form=MeetingForm,
    statuses={Status.MEDIATING},
    guards=(practice.privacy_is_kept,),
)
def record_session(dispute: Dispute, facts: CaseFacts) -> None:
    _record_meeting(dispute, facts)


def _record_meeting(dispute: Dispute, facts: CaseFacts) -> None:
    data = facts.data
    meeting = rows.add(
        Meeting,
        dispute_id=dispute.pk,
        kind=data["kind"],
        held_at=data["held_at"],
        ended_at=data["ended_at"],
        place=data["place"],
        method=data["method"] or Method.FACE,
        is_public=data["is_public"],
        subject=data["subject"],
        attended=data["attended"],
        others=data["others"],
        record=data["record"] or spoken(data["turns"], facts),
        turns=data["turns"],
        outcome=data["outcome"],
        recorder=data["recorder"],
        read_back=data["read_back"],
        recorded_by_id=facts.actor.person_id,
    )
    if data["appointment"]:
        scheduling.close(data["appointment"], Appointment.State.HELD, meeting=meeting)
    if data["next_at"]:
        scheduling.arrange(
            dispute,
            starts_at=data["next_at"],
            minutes=MINUTES,
            place=data["next_place"] or data["place"],
            parties=data["attended"],
        )


def spoken(turns: list[dict[str, str]], facts: CaseFacts) -> str:
    """The turns as one text, as the paper prints it. Speakers are named by side and number alone."""
    names = {f"p{p.ordinal}": f"{p.get_side_display()}{p.ordinal}" for p in facts.parties}
    names |= {key: str(label) for key, label in SPEAKERS.items()}
    return "\n".join(f"{names.get(turn['who'], '')}：{turn['text']}" for turn in turns)


@command(
    "schedule_session",
    label=_("Arrange a session"),
    done=_("Session arranged"),
    form=ScheduleForm,
    tells=("mediator", "centre"),
    statuses={Status.ACCEPTED, Status.MEDIATING},
    guards=(guards.nobody_refuses,),
)
def schedule_session(dispute: Dispute, facts: CaseFacts) -> None:
    data = facts.data
    if data["moves"]:
        scheduling.close(data["moves"], Appointment.State.MOVED, reason=data["reason"])
    scheduling.arrange(
        dispute,
        starts_at=data["starts_at"],
        minutes=data["minutes"],
        place=data["place"],
        parties=data["parties"],
        method=data["method"] or Method.FACE,
    )


@command(
    "tell_appointment",
    label=_("Record that a party was told of the session"),
    done=_("Party told of the session"),
    form=SummonsForm,
    statuses=UNTIL_AGREED,
    guards=(practice.session_is_arranged,),
)
def tell_appointment(dispute: Dispute, facts: CaseFacts) -> None:
    party = chosen_party(facts)
    appointment = Appointment.objects.get(dispute=dispute, pk=facts.data["appointment"])
    appointment.told[str(party.ordinal)] = {
        "on": facts.data["told_on"].isoformat(),
        "channel": facts.data["channel"],
        "answer": facts.data["answer"],
    }
    appointment.save(update_fields=["told"])


@command(
    "cancel_session",
    label=_("Cancel an arranged session"),
    done=_("Session cancelled"),
    form=CancelForm,
    tells=("mediator", "centre"),
    statuses=UNTIL_AGREED,
    guards=(practice.session_is_arranged,),
)
def cancel_session(dispute: Dispute, facts: CaseFacts) -> None:
    scheduling.close(
        facts.data["appointment"], Appointment.State.CANCELLED, reason=facts.data["reason"]
    )


@command(
    "note_caucus",
    label=_("Note what one side said alone"),
    done=_("Confidential note taken"),
    form=CaucusForm,
    statuses=UNTIL_AGREED,
)
def note_caucus(dispute: Dispute, facts: CaseFacts) -> None:
    latest = CaucusNote.objects.filter(dispute=dispute).aggregate(n=Max("ordinal"))["n"] or 0
    note = CaucusNote(
        dispute=dispute,
        ordinal=latest + 1,
        party=chosen_party(facts),
        noted_at=facts.data["noted_at"] or facts.now,
        noted_by_id=facts.actor.person_id,
    )
    note.text = facts.data["text"]
    note.save(force_insert=True)


@command(
    "release_note",
    label=_("Release a confidential note"),
    done=_("Confidential note released by its party"),
    form=ReleaseForm,
    statuses=UNTIL_AGREED | {Status.AGREED},
    guards=(practice.note_is_kept, practice.owner_releases_note),
)
def release_note(dispute: Dispute, facts: CaseFacts) -> None:
    CaucusNote.objects.filter(dispute=dispute, ordinal=facts.data["note"]).update(
        released_on=facts.data["released_on"],
        released_channel=facts.data["channel"],
        released_scope=facts.data["scope"],
        released_by_id=facts.actor.person_id,
    )
