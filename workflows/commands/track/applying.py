"""From the advice to the acceptance: arts. 20 to 34 of the Administrative Reconsideration Law."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mediation.areas.models import Level
from mediation.areas.selectors import trail
from mediation.disputes.models import Dispute
from mediation.reconsideration import guards, law, terms
from mediation.reconsideration.law import NoticeKind
from mediation.reconsideration.models import Reconsideration
from mediation.reconsideration.states import BEFORE_ACCEPTANCE
from mediation.reconsideration.states import State as RC
from workflows.commands.deadlines import DeadlineForm
from workflows.commands.fields import CommandForm, Day, Text, Tick
from workflows.commands.spec import command
from workflows.commands.track.base import PaperForm, TrackForm, issue, step, track_of
from workflows.facts import CaseFacts


class AdviceForm(CommandForm):
    """What the applicant is told: which act, whose, who reviews it, and until when (arts. 20 to 24)."""

    act_kind = forms.ChoiceField(label=_("Kind of act"), choices=law.ActKind.choices)
    act = Text(label=_("Act"), min_length=2, max_length=120)
    act_number = Text(label=_("Document number"), max_length=60, required=False)
    act_on = Day(past=True, label=_("Act made on"), required=False)
    organ = Text(label=_("Acting organ"), max_length=80)
    organ_kind = forms.ChoiceField(
        label=_("Kind of organ"), choices=law.OrganKind.choices, required=False
    )
    competent_body = Text(
        label=_("Reconsideration organ"),
        max_length=80,
        required=False,
        help_text=_("Left empty it is found from the acting organ (arts. 24, 27, 28)."),
    )
    known_on = Day(past=True, label=_("Known since"))
    known_by = forms.ChoiceField(
        label=_("How it became known"), choices=law.KnownBy.choices, required=False
    )
    remedy_untold = forms.BooleanField(
        label=_("The act did not tell the right, the organ and the term of reconsideration"),
        required=False,
    )
    remedy_told_on = Day(past=True, label=_("Told of them later on"), required=False)
    requested_on = Day(
        past=True, label=_("Performance of the duty requested on (no term fixed)"), required=False
    )
    about_land = forms.BooleanField(label=_("Concerns immovable property"), required=False)
    clock_told = Tick(label=_("Told: 60 days from then; mediation does not stop this clock"))

    def clean(self) -> dict[str, Any]:
        """The organ's kind and the competent body, found where they were left empty."""
        data = super().clean() or self.cleaned_data
        if self.dispute is None or not data.get("organ"):
            return data
        data["organ_kind"] = data.get("organ_kind") or law.organ_kind(data["organ"])
        possible = competent(self.dispute, data["organ_kind"], data["organ"])
        typed = data.get("competent_body", "")
        if possible and typed and not any(typed.endswith(name) for name in possible):
            self.add_error(
                "competent_body",
                _("An act of this organ is reviewed by %(names)s (arts. 24, 27, 28).")
                % {"names": str(_(" or ")).join(possible)},
            )
        elif not possible and not typed:
            self.add_error("competent_body", _("Name the organ that reviews acts of this organ."))
        data["competent_body"] = typed or next(iter(possible), "")
        if data.get("known_on") and data.get("act_on") and data["known_on"] < data["act_on"]:
            self.add_error("known_on", _("Nobody knows an act before it is made."))
        return data


def competent(dispute: Dispute, kind: str, organ: str) -> Sequence[str]:
    """The bodies that may review, by the district and city in which the case lies."""
    names = {area.level: area.name for area in trail(dispute.area_code)}
    return law.competent_bodies(
        kind,
        district=names.get(Level.DISTRICT, ""),
        city=names.get(Level.CITY, ""),
        organ=organ,
    )


def is_own_office(dispute: Dispute, organ: str, kind: str) -> bool:
    """Whether the subdistrict of the case has acted itself."""
    if kind != law.OrganKind.SUBDISTRICT:
        return False
    names = [a.name for a in trail(dispute.area_code) if a.level == Level.SUBDISTRICT]
    return any(name in organ for name in names)


def applying(data: Any, *, obstacle: terms.Pauses = ()) -> terms.Applying:
    return terms.Applying(
        known_on=data["known_on"],
        told=not data["remedy_untold"],
        told_on=data["remedy_told_on"],
        act_on=data["act_on"],
        is_land=data["about_land"],
        requested_on=data["requested_on"],
        obstacle=obstacle,
    )


@command(
    "refer_to_reconsideration",
    label=_("Guide to reconsideration"),
    done=_("Guided to reconsideration"),
    form=AdviceForm,
    tells=("centre", "clerk", "justice"),
    basis=guards.article("第二十条、第二十三条、第二十四条", "arts. 20, 23, 24"),
)
def refer_to_reconsideration(dispute: Dispute, facts: CaseFacts) -> None:
    data = facts.data
    rule, start, due = terms.apply_term(applying(data))
    facts.reconsideration = Reconsideration.objects.create(
        dispute=dispute,
        act_kind=data["act_kind"],
        act=data["act"],
        act_number=data["act_number"],
        act_on=data["act_on"],
        organ=data["organ"],
        organ_kind=data["organ_kind"],
        is_ours=is_own_office(dispute, data["organ"], data["organ_kind"]),
        competent_body=data["competent_body"],
        known_on=data["known_on"],
        known_by=data["known_by"],
        apply_rule=rule,
        apply_from=start,
        apply_by=due,
    )
    facts.standstills = []
    issue(
        facts,
        NoticeKind.ADVICE,
        facts.today,
        act=data["act"],
        organ=data["organ"],
        competent_body=data["competent_body"],
        apply_by=due,
        first=facts.reconsideration.is_first,
    )


# The application ---------------------------------------------------------------------------------


class FileForm(TrackForm):
    private = frozenset({"oral_record", "request"})
    quiet = frozenset({"received_on"})
    after = ("known_on",)

    filed_by = forms.ChoiceField(
        label=_("Form of the application"), choices=law.FiledBy.choices, initial=law.FiledBy.WRITTEN
    )
    via_acting_organ = forms.BooleanField(
        label=_("Filed through the acting organ, which keeps its penalty (art. 32)"), required=False
    )
    received_on = Day(past=True, label=_("Received by the organ on (sent by post)"), required=False)
    request = Text(label=_("Request and reasons"), max_length=2000, required=False, multiline=True)
    oral_record = Text(
        label=_("Record of the oral application, read and confirmed"),
        max_length=2000,
        required=False,
        multiline=True,
    )
    applicants = forms.IntegerField(
        label=_("Number of applicants"), min_value=1, max_value=100_000, required=False
    )
    representatives = forms.IntegerField(
        label=_("Number of representatives"), min_value=0, max_value=5, required=False
    )
    agents = forms.IntegerField(
        label=_("Number of agents (at most two)"), min_value=0, max_value=2, required=False
    )
    obstacle_from = Day(
        past=True, label=_("Obstacle from (force majeure, proper reason)"), required=False
    )
    obstacle_until = Day(past=True, label=_("Obstacle removed on"), required=False)
    obstacle = Text(label=_("What the obstacle was"), max_length=300, required=False)

    def clean_received_on(self) -> Any:
        day, sent = self.cleaned_data["received_on"], self.cleaned_data.get("on")
        if day is not None and sent is not None and day < sent:
            raise forms.ValidationError(_("This is before it was sent."))
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        first, last = data.get("obstacle_from"), data.get("obstacle_until")
        if (first is None) != (last is None) or (first and not data.get("obstacle")):
            self.add_error("obstacle", _("An obstacle has a first day, a last day and a reason."))
        elif first and last and self.track is not None:
            start = self.track.apply_from or self.track.known_on
            if not start <= first < last <= (data.get("on") or last):
                self.add_error(
                    "obstacle_until", _("The obstacle lies between knowledge and application.")
                )
        return data


@step(
    "rc_file",
    label=_("Application for reconsideration filed"),
    done=_("Reconsideration applied for"),
    form=FileForm,
    phases=[RC.ADVISED],
    article=("第二十条、第二十二条、第三十二条", "arts. 20, 22, 32"),
    checks=(
        guards.oral_application_is_recorded,
        guards.representatives_are_chosen,
        guards.acting_organ_may_receive,
    ),
    tells=("clerk", "centre", "justice"),
    primary=True,
)
def rc_file(dispute: Dispute, facts: CaseFacts) -> None:
    data, track = facts.data, track_of(facts)
    if data["obstacle_from"]:
        track.apply_by = _apply_by(dispute, (data["obstacle_from"], data["obstacle_until"]))
    track.file()
    track.filed_on, track.filed_by = data["on"], data["filed_by"]
    track.via_acting_organ = data["via_acting_organ"]
    track.received_on = _received(data)
    track.save()
    if data["filed_by"] == law.FiledBy.ORAL:
        issue(facts, NoticeKind.ORAL_RECORD, data["on"], record=data["oral_record"])


def _apply_by(dispute: Dispute, obstacle: tuple[date, date]) -> date:
    """The last day once more, from what was said when the applicant was advised: the sixty days stand still
    for the obstacle, the outer limits of arts. 20(3) and 21 do not."""
    advice = dispute.events.filter(command="refer_to_reconsideration").latest("version").payload
    days = ("known_on", "remedy_told_on", "act_on", "requested_on")
    said = {name: date.fromisoformat(advice[name]) if advice.get(name) else None for name in days}
    flags = {name: bool(advice.get(name)) for name in ("remedy_untold", "about_land")}
    return terms.apply_term(applying(said | flags, obstacle=[obstacle]))[2]


def _received(data: Any) -> date | None:
    """What is posted in time is in time, but it is reviewed from its receipt (art. 30; implementing
    regulation art. 15 on days of the post). Through the acting organ: once it has forwarded it."""
    if data["via_acting_organ"]:
        return None
    by_post = data["filed_by"] == law.FiledBy.POST
    received: date | None = data["received_on"] if by_post else data["on"]
    return received


class ForwardForm(PaperForm):
    after = ("filed_on",)


@step(
    "rc_forward",
    label=_("Application reached the reconsideration organ"),
    done=_("Application received by the reconsideration organ"),
    form=ForwardForm,
    phases=[RC.FILED],
    article=("第三十二条第二款", "art. 32(2)"),
    checks=(guards.waits_for_forwarding,),
)
def rc_forward(dispute: Dispute, facts: CaseFacts) -> None:
    track = track_of(facts)
    track.received_on = facts.data["on"]
    track.save()
    if track.via_acting_organ:
        issue(facts, NoticeKind.FORWARD, facts.data["on"], to=track.competent_body)


class GiveUpForm(TrackForm):
    reason = forms.ChoiceField(label=_("Reason"), choices=law.GivenUp.choices)
    note = Text(label=_("Note"), max_length=500, required=False)


@step(
    "rc_give_up",
    label=_("The applicant does not pursue it"),
    done=_("Reconsideration not pursued"),
    form=GiveUpForm,
    phases=BEFORE_ACCEPTANCE,
    article=("第二条、第四十一条", "arts. 2, 41"),
    checks=(guards.suit_needs_no_reconsideration,),
)
def rc_give_up(dispute: Dispute, facts: CaseFacts) -> None:
    track = track_of(facts)
    track.give_up()
    track.given_up, track.note = facts.data["reason"], facts.data["note"]
    track.ended_on = facts.data["on"]
    track.save()


# Correction --------------------------------------------------------------------------------------


class AskCorrectionForm(PaperForm):
    after = ("received_on",)

    items = Text(
        label=_("Everything to be corrected, at once"),
        min_length=5,
        max_length=1000,
        multiline=True,
    )


@step(
    "rc_ask_correction",
    label=_("Ask for correction"),
    done=_("Correction asked for"),
    form=AskCorrectionForm,
    phases=[RC.FILED],
    article=("第三十一条第一款", "art. 31(1)"),
    checks=(
        guards.organ_has_received,
        guards.correction_was_not_asked,
        guards.review_of_application_runs,
    ),
)
def rc_ask_correction(dispute: Dispute, facts: CaseFacts) -> None:
    track = track_of(facts)
    track.ask_correction()
    track.correction_asked_on = facts.data["on"]
    track.save()
    due = terms.correction_due(track)
    issue(facts, NoticeKind.CORRECTION, facts.data["on"], items=facts.data["items"], due=due)


class ExtendCorrectionForm(TrackForm):
    days = forms.IntegerField(label=_("Further working days"), min_value=1, max_value=60)
    reason = Text(label=_("Proper reason"), min_length=2, max_length=300)


@step(
    "rc_extend_correction",
    label=_("Extend the time for correction"),
    done=_("Time for correction extended"),
    form=ExtendCorrectionForm,
    phases=[RC.CORRECTION],
    article=("第三十一条第二款", "art. 31(2)"),
)
def rc_extend_correction(dispute: Dispute, facts: CaseFacts) -> None:
    track = track_of(facts)
    track.correction_days += facts.data["days"]
    track.save()


class CorrectForm(TrackForm):
    after = ("correction_asked_on",)


@step(
    "rc_correct",
    label=_("Corrected papers handed in"),
    done=_("Corrected papers received"),
    form=CorrectForm,
    phases=[RC.CORRECTION],
    article=("第三十一条第三款", "art. 31(3)"),
    primary=True,
)
def rc_correct(dispute: Dispute, facts: CaseFacts) -> None:
    track = track_of(facts)
    track.correct()
    track.corrected_on = facts.data["on"]
    track.save()


class AbandonForm(TrackForm):
    after = ("correction_asked_on",)

    no_proper_reason = forms.BooleanField(
        label=_("The applicant has no proper reason for the delay"), required=False
    )


@step(
    "rc_abandon",
    label=_("Deemed abandoned"),
    done=_("Application deemed abandoned"),
    form=AbandonForm,
    phases=[RC.CORRECTION],
    article=("第三十一条第二款", "art. 31(2)"),
    checks=(guards.correction_time_is_over, guards.no_proper_reason),
)
def rc_abandon(dispute: Dispute, facts: CaseFacts) -> None:
    track = track_of(facts)
    track.abandon()
    track.ended_on = facts.data["on"]
    track.save()


# Acceptance --------------------------------------------------------------------------------------


class AcceptForm(PaperForm):
    after = ("received_on", "corrected_on")

    procedure = forms.ChoiceField(
        label=_("Procedure"), choices=law.Procedure.choices, initial=law.Procedure.ORDINARY
    )
    simplified_ground = forms.ChoiceField(
        label=_("Ground of the simplified procedure"),
        choices=law.SimplifiedGround.choices,
        required=False,
    )
    conditions_met = forms.BooleanField(
        label=_("All seven conditions of art. 30 are met"),
        help_text=_(
            "Definite applicant and proper respondent; interest; specific request and reasons; "
            "in time; within scope; own jurisdiction; not accepted elsewhere."
        ),
        required=False,
    )


@step(
    "rc_accept",
    label=_("Application accepted"),
    done=_("Application accepted"),
    form=AcceptForm,
    phases=[RC.FILED],
    article=("第三十条、第五十三条", "arts. 30, 53"),
    checks=(
        guards.organ_has_received,
        guards.no_court_has_accepted,
        guards.application_is_in_time,
        guards.review_of_application_runs,
        guards.conditions_are_met,
        guards.simplified_has_its_ground,
    ),
    tells=("clerk", "centre", "justice"),
    primary=True,
)
def rc_accept(dispute: Dispute, facts: CaseFacts) -> None:
    track = track_of(facts)
    _accept(track, facts.data["on"], procedure=facts.data["procedure"])
    issue(
        facts,
        NoticeKind.ACCEPTANCE,
        facts.data["on"],
        procedure=facts.data["procedure"],
        simplified_ground=facts.data["simplified_ground"],
        decide_by=terms.review_due(track, ()),
    )


def _accept(track: Reconsideration, day: date, *, procedure: str) -> None:
    track.accept()
    track.accepted_on, track.procedure = day, procedure
    track.save()


@step(
    "rc_deem_accepted",
    label=_("Deemed accepted"),
    done=_("Deemed accepted: no decision within the time of the review"),
    form=DeadlineForm,
    phases=[RC.FILED],
    article=("第三十条第三款", "art. 30(3)"),
    tells=("clerk", "centre", "justice", "leader"),
    hidden=True,
)
def rc_deem_accepted(dispute: Dispute, facts: CaseFacts) -> None:
    """The ticker's step: the review ran out, so the application counts as accepted on its last day."""
    track = track_of(facts)
    track.deemed_accepted = True
    _accept(track, facts.data["due_on"], procedure=law.Procedure.ORDINARY)


class RefuseForm(PaperForm):
    after = ("received_on", "corrected_on")

    condition = forms.ChoiceField(label=_("Missing condition"), choices=law.Refusal.choices)
    told_on = Day(past=True, label=_("Received by the applicant on"), required=False)
    note = Text(label=_("Reasons"), max_length=500, required=False)


@step(
    "rc_refuse",
    label=_("Application not accepted"),
    done=_("Application not accepted"),
    form=RefuseForm,
    phases=[RC.FILED],
    article=("第三十条第二款、第三十四条", "arts. 30(2), 34"),
    checks=(guards.organ_has_received, guards.review_of_application_runs),
)
def rc_refuse(dispute: Dispute, facts: CaseFacts) -> None:
    data, track = facts.data, track_of(facts)
    track.refuse()
    track.decision, track.refusal = law.Decision.NOT_ACCEPTED, data["condition"]
    track.note, track.ended_on = data["note"], data["on"]
    track.effective_on = data["told_on"] or data["on"]
    track.sue_by = terms.sue_by(track.effective_on)
    track.save()
    issue(facts, NoticeKind.REFUSAL, data["on"], condition=data["condition"], sue_by=track.sue_by)
