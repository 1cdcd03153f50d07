"""The review: arts. 36 to 62 of the Administrative Reconsideration Law."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mediation.core import rows
from mediation.disputes.models import Dispute
from mediation.reconsideration import guards, law, terms
from mediation.reconsideration.law import NoticeKind
from mediation.reconsideration.models import Standstill
from mediation.reconsideration.states import RUNNING
from mediation.reconsideration.states import State as RC
from workflows.commands.fields import Day, Rows, Text
from workflows.commands.track.base import PaperForm, TrackForm, issue, standing, step, track_of
from workflows.facts import CaseFacts

# Service, reply ----------------------------------------------------------------------------------


class ServeForm(PaperForm):
    after = ("accepted_on",)


@step(
    "rc_serve_copy",
    label=_("Copy received by the respondent"),
    done=_("Copy served on the respondent"),
    form=ServeForm,
    phases=[RC.ACCEPTED],
    article=("第四十八条、第五十四条", "arts. 48, 54"),
    tells=("clerk", "centre", "justice", "leader"),
    primary=True,
)
def rc_serve_copy(dispute: Dispute, facts: CaseFacts) -> None:
    track = track_of(facts)
    track.serve_copy()
    track.served_on = facts.data["on"]
    track.save()
    due = terms.reply_due(track, facts.standstills)
    issue(facts, NoticeKind.REPLY, facts.data["on"], to=track.organ, reply_by=due)


class EvidenceForm(forms.Form):
    name = Text(label=_("Evidence"), max_length=100)
    proves = Text(label=_("What it proves"), max_length=200)
    source = Text(label=_("Where it comes from"), max_length=100, required=False)
    pages = forms.IntegerField(
        label=_("Number of pages"), min_value=1, max_value=9999, required=False
    )


class ReplyForm(PaperForm):
    private = frozenset({"content", "evidence"})
    after = ("served_on",)

    content = Text(
        label=_("Points of the reply: facts, grounds, procedure"),
        max_length=5000,
        required=False,
        multiline=True,
    )
    evidence = Rows(EvidenceForm, minimum=0, maximum=50, label=_("Evidence list"), required=False)
    handled_by = Text(label=_("Who handles it"), max_length=60, required=False)


@step(
    "rc_reply",
    label=_("Respondent's reply and evidence"),
    done=_("Respondent replied"),
    form=ReplyForm,
    phases=[RC.SERVED],
    article=("第四十八条、第五十四条、第七十条", "arts. 48, 54, 70"),
    tells=("clerk", "centre", "justice"),
    primary=True,
)
def rc_reply(dispute: Dispute, facts: CaseFacts) -> None:
    track = track_of(facts)
    due = terms.reply_due(track, facts.standstills)
    track.reply()
    track.replied_on, track.evidence = facts.data["on"], facts.data["evidence"]
    track.save()
    issue(
        facts,
        NoticeKind.ANSWER,
        facts.data["on"],
        content=facts.data["content"],
        handled_by=facts.data["handled_by"],
        late=due is not None and facts.data["on"] > due,
        pieces=len(track.evidence),
    )


# Hearing of opinions -----------------------------------------------------------------------------


class PlanHearingForm(PaperForm):
    after = ("served_on",)

    on = Day(past=True, label=_("Notice received by the parties on"))
    hearing_on = Day(label=_("Hearing on"))
    place = Text(label=_("Place"), max_length=120)
    host = Text(label=_("Host"), max_length=60)
    members = forms.IntegerField(label=_("Number of hearing members"), min_value=0, max_value=20)
    recorder = Text(label=_("Recorder"), max_length=60)


@step(
    "rc_plan_hearing",
    label=_("Announce a hearing"),
    done=_("Hearing announced"),
    form=PlanHearingForm,
    phases=[RC.SERVED, RC.REPLIED, RC.HEARING],
    article=("第五十条、第五十一条", "arts. 50, 51"),
    checks=(guards.hearing_is_told_in_time, guards.hearing_is_staffed),
    tells=("clerk", "centre", "justice", "leader"),
)
def rc_plan_hearing(dispute: Dispute, facts: CaseFacts) -> None:
    data, track = facts.data, track_of(facts)
    track.hearing_on, track.heard_on = data["hearing_on"], None
    track.save()
    issue(
        facts, NoticeKind.HEARING, data["on"], hearing_on=data["hearing_on"], place=data["place"],
        host=data["host"], members=data["members"], recorder=data["recorder"],
    )  # fmt: skip


class HearForm(TrackForm):
    private = frozenset({"opinions"})
    after = ("served_on",)

    manner = forms.ChoiceField(
        label=_("How"),
        choices=[
            ("in_person", _("In person")),
            ("online", _("Online")),
            ("phone", _("By phone")),
            ("hearing", _("Hearing")),
        ],
    )
    opinions = Text(label=_("Record of the opinions"), max_length=5000, multiline=True)
    head_attended = forms.BooleanField(label=_("Head of the respondent attended"), required=False)
    absence = Text(
        label=_("Why the head did not attend, and who did"), max_length=300, required=False
    )


@step(
    "rc_hear",
    label=_("Opinions heard or hearing held"),
    done=_("Opinions heard"),
    form=HearForm,
    phases=[RC.SERVED, RC.REPLIED, RC.HEARING],
    article=("第四十九条、第五十一条", "arts. 49, 51"),
    checks=(guards.reply_is_in_or_overdue, guards.head_attends_or_delegates),
)
def rc_hear(dispute: Dispute, facts: CaseFacts) -> None:
    data, track = facts.data, track_of(facts)
    track.hear()
    track.heard_on = data["on"]
    track.save()
    issue(
        facts, NoticeKind.OPINIONS, data["on"], manner=data["manner"], opinions=data["opinions"],
        head_attended=data["head_attended"], absence=data["absence"],
    )  # fmt: skip


# Time: conversion, suspension, extension ---------------------------------------------------------


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
        return not_within_standstill(self, self.cleaned_data["on"])


def not_within_standstill(form: TrackForm, day: Any) -> Any:
    """A stretch begins after acceptance and after the stretch before has ended."""
    if form.track is None or day is None:
        return day
    ends = [row.until for row in form.known.standstills if row.until is not None]
    if any(bound is not None and day < bound for bound in [form.track.accepted_on, *ends]):
        raise ValidationError(_("This is before the acceptance or before the last pause ended."))
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


# The document behind the act (arts. 56 to 60) ----------------------------------------------------


class DocumentForm(PaperForm):
    """Both letters of the review of a document: never before what they follow."""

    follows: ClassVar[str] = "since"

    organ = Text(label=_("Maker of the document, or organ with the power over it"), max_length=80)

    def clean_on(self) -> Any:
        day = self.cleaned_data["on"]
        row = standing(self.known) if self.known is not None else None
        earlier = getattr(row, self.follows) if row is not None else None
        if day is not None and earlier is not None and day < earlier:
            raise ValidationError(
                _("This is before the step that it follows (%(day)s)."), params={"day": earlier}
            )
        return day


class DocumentAnswerForm(DocumentForm):
    private = frozenset({"content"})
    follows = "passed_on"

    content = Text(label=_("What was answered"), min_length=2, max_length=2000, multiline=True)


@step(
    "rc_pass_document",
    label=_("Document: maker told, or passed on"),
    done=_("Maker of the document told, or document passed on"),
    form=DocumentForm,
    phases=[RC.SUSPENDED],
    article=("第五十六条至第五十八条", "arts. 56 to 58"),
    checks=(guards.document_waits,),
)
def rc_pass_document(dispute: Dispute, facts: CaseFacts) -> None:
    """On the day of its receipt: the maker's ten working days, or the organ's sixty days, begin."""
    _mark(facts, "passed_on")
    issue(facts, NoticeKind.DOCUMENT, facts.data["on"], organ=facts.data["organ"])


@step(
    "rc_answer_document",
    label=_("Document: answer received"),
    done=_("Answer on the document received"),
    form=DocumentAnswerForm,
    phases=[RC.SUSPENDED],
    article=("第五十八条、第六十条", "arts. 58, 60"),
    checks=(guards.document_was_passed_on,),
)
def rc_answer_document(dispute: Dispute, facts: CaseFacts) -> None:
    """The reconsideration goes on with what the answer says; a person resumes it."""
    data = facts.data
    _mark(facts, "answered_on")
    issue(facts, NoticeKind.OPINION_DOC, data["on"], organ=data["organ"], content=data["content"])


def _mark(facts: CaseFacts, column: str) -> None:
    if (row := standing(facts)) is not None:
        setattr(row, column, facts.data["on"])
        rows.save(row, column)


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

    def clean_on(self) -> Any:
        return not_within_standstill(self, self.cleaned_data["on"])

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
