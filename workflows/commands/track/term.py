"""The term of the decision: its procedure, standstill and extension (arts. 39, 55, 62)."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mediation.disputes.models import Dispute
from mediation.reconsideration import guards, law, terms
from mediation.reconsideration.law import NoticeKind
from mediation.reconsideration.models import Standstill
from mediation.reconsideration.states import RUNNING
from mediation.reconsideration.states import State as RC
from workflows.commands.fields import Day, Text
from workflows.commands.track.base import PaperForm, TrackForm, issue, standing, step, track_of
from workflows.facts import CaseFacts


class ConvertForm(PaperForm):
    after = ("accepted_on",)

    approved_by = Text(
        label=_("Approved by (head of the institution)"), max_length=60, required=False
    )
    reason = Text(label=_("Reason"), min_length=2, max_length=300)


@step(
    "rc_convert",
    label=_("Change to the ordinary procedure"),
    done=_("Changed to the ordinary procedure"),
    form=ConvertForm,
    phases=RUNNING,
    article=("第五十五条", "art. 55"),
    checks=(guards.is_simplified, guards.term_still_runs, guards.head_approves),
    tells=("clerk", "centre", "justice"),
)
def rc_convert(dispute: Dispute, facts: CaseFacts) -> None:
    track = track_of(facts)
    track.procedure = law.Procedure.ORDINARY
    track.save()
    issue(
        facts,
        NoticeKind.CONVERSION,
        facts.data["on"],
        approved_by=facts.data["approved_by"],
        reason=facts.data["reason"],
        decide_by=terms.review_due(track, facts.standstills),
    )


class SuspendForm(PaperForm):
    on = Day(past=True, label=_("Suspended from"))
    ground = forms.ChoiceField(label=_("Ground"), choices=law.Suspension.choices)
    both_consent = forms.BooleanField(
        label=_("Applicant and respondent both consent"), required=False
    )
    own_power = forms.BooleanField(
        label=_("The organ may review the document itself"), required=False
    )
    told = forms.BooleanField(label=_("The parties were told in writing"), required=False)
    note = Text(label=_("Note"), max_length=500, required=False)

    def clean_on(self) -> Any:
        return not_within_suspension(self, self.cleaned_data["on"])


def not_within_suspension(form: TrackForm, day: Any) -> Any:
    """A case is suspended after its acceptance, and not while it is suspended."""
    if form.track is None or day is None:
        return day
    kind = Standstill.Kind.SUSPENSION
    ends = [row.until for row in form.known.standstills if row.kind == kind]
    if any(bound is not None and day < bound for bound in [form.track.accepted_on, *ends]):
        raise ValidationError(
            _("This is before the acceptance or before the last suspension ended.")
        )
    return day


@step(
    "rc_suspend",
    label=_("Suspend"),
    done=_("Reconsideration suspended"),
    form=SuspendForm,
    phases=RUNNING,
    article=("第三十九条", "art. 39"),
    checks=(
        guards.both_sides_consent,
        guards.term_still_runs,
        guards.parties_are_told_in_writing,
    ),
    tells=("clerk", "centre", "justice"),
)
def rc_suspend(dispute: Dispute, facts: CaseFacts) -> None:
    data = facts.data
    stand_still(facts, ground=data["ground"], own_power=data["own_power"])
    issue(facts, NoticeKind.SUSPENSION, data["on"], ground=data["ground"], note=data["note"])


def stand_still(facts: CaseFacts, *, ground: str, **more: Any) -> None:
    """Suspend the track from the day of the step; its clocks are held until it is resumed."""
    track = track_of(facts)
    track.suspend()
    track.save()
    row = Standstill.objects.create(
        track=track,
        kind=Standstill.Kind.SUSPENSION,
        ground=ground,
        since=facts.data["on"],
        both_consent=bool(facts.data.get("both_consent")),
        **more,
    )
    facts.standstills = [*facts.standstills, row]


class ResumeForm(PaperForm):
    on = Day(past=True, label=_("Goes on from"))
    cause_gone = forms.BooleanField(label=_("The cause of the suspension is gone"), required=False)
    told = forms.BooleanField(label=_("The parties were told in writing"), required=False)

    def clean_on(self) -> Any:
        day = self.cleaned_data["on"]
        running = standing(self.known) if self.known is not None else None
        if running is not None and day is not None and day < running.since:
            raise ValidationError(_("This is before the pause began."))
        return day


@step(
    "rc_resume",
    label=_("Resume"),
    done=_("Reconsideration resumed"),
    form=ResumeForm,
    phases=[RC.SUSPENDED],
    article=("第三十九条第二款", "art. 39(2)"),
    checks=(guards.cause_is_gone, guards.parties_are_told_in_writing),
    tells=("clerk", "centre", "justice"),
    primary=True,
)
def rc_resume(dispute: Dispute, facts: CaseFacts) -> None:
    end_standstill(facts)
    track = track_of(facts)
    track.resume()
    track.save()
    due = terms.review_due(track, facts.standstills)
    issue(facts, NoticeKind.RESUMPTION, facts.data["on"], decide_by=due)


def end_standstill(facts: CaseFacts) -> None:
    """Close the stretch that lasts, if any: on the day of the step, never before it began."""
    running = standing(facts)
    if running is not None:
        running.until = max(running.since, facts.data["on"])
        running.save(update_fields=["until"])


class ExtendForm(PaperForm):
    after = ("accepted_on",)

    days = forms.IntegerField(label=_("Days (at most 30)"), min_value=1, max_value=30)
    approved_by = Text(
        label=_("Approved by (head of the institution)"), max_length=60, required=False
    )
    told = forms.BooleanField(label=_("The parties were told in writing"), required=False)
    reason = Text(label=_("Why the case is complex"), min_length=2, max_length=300)


@step(
    "rc_extend",
    label=_("Extend the term of the decision"),
    done=_("Term of the decision extended"),
    form=ExtendForm,
    phases=RUNNING,
    article=("第六十二条第一款", "art. 62(1)"),
    checks=(
        guards.only_ordinary_is_extended,
        guards.was_not_extended,
        guards.term_still_runs,
        guards.head_approves,
        guards.parties_are_told_in_writing,
    ),
    tells=("clerk", "centre", "justice"),
)
def rc_extend(dispute: Dispute, facts: CaseFacts) -> None:
    data, track = facts.data, track_of(facts)
    track.extend()
    track.extended_days = data["days"]
    track.save()
    due = terms.review_due(track, facts.standstills)
    issue(
        facts, NoticeKind.EXTENSION, data["on"], days=data["days"], reason=data["reason"],
        approved_by=data["approved_by"], decide_by=due,
    )  # fmt: skip


class ExcludeForm(TrackForm):
    after = ("accepted_on",)

    on = Day(past=True, label=_("From"))
    until = Day(past=True, label=_("Goes on from"))
    kind = forms.ChoiceField(
        label=_("What for"),
        choices=[(k, k.label) for k in (Standstill.Kind.INSPECTION, Standstill.Kind.APPRAISAL)],
    )
    note = Text(label=_("Note"), max_length=300, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("on") and data.get("until") and data["until"] <= data["on"]:
            self.add_error("until", _("The pause must end after it begins."))
        return data


@step(
    "rc_exclude_time",
    label=_("Record inspection or appraisal (does not count)"),
    done=_("Time of inspection or appraisal left out"),
    form=ExcludeForm,
    phases=RUNNING,
    article=(
        "第六十二条；实施条例第三十四条、第三十七条",
        "art. 62; Implementing Regulation arts. 34, 37",
    ),
    checks=(guards.term_still_runs,),
)
def rc_exclude_time(dispute: Dispute, facts: CaseFacts) -> None:
    data = facts.data
    row = Standstill.objects.create(
        track=track_of(facts), kind=data["kind"], since=data["on"], until=data["until"]
    )
    facts.standstills = [*facts.standstills, row]
