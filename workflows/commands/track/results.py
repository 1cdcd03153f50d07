"""Results and what follows: arts. 33, 41, 63 to 78 of the Administrative Reconsideration Law."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mediation.disputes import channel_guards
from mediation.disputes.enums import ResultCode
from mediation.disputes.models import Dispute
from mediation.reconsideration import guards, law, terms
from mediation.reconsideration.law import Decision, NoticeKind
from mediation.reconsideration.models import Reconsideration
from mediation.reconsideration.states import RUNNING, SUABLE
from mediation.reconsideration.states import State as RC
from workflows.commands.fields import CommandForm, Day, Text
from workflows.commands.spec import command
from workflows.commands.track.base import PaperForm, StepForm, TrackForm, issue, step, track_of
from workflows.commands.track.term import end_standstill
from workflows.facts import CaseFacts

EVERYBODY = ("clerk", "centre", "justice", "leader")


class DecideForm(PaperForm):
    private = frozenset({"content"})
    after = ("served_on", "replied_on", "heard_on")

    decision = forms.ChoiceField(
        label=_("Decision"), choices=[(d.value, d.label) for d in law.DECIDABLE]
    )
    content = Text(label=_("Main points"), max_length=2000, required=False, multiline=True)
    redo = forms.BooleanField(label=_("The respondent must act anew"), required=False)
    perform_by = Day(label=_("Perform by (leave empty: 60 days to act anew)"), required=False)
    unheard_reason = Text(
        label=_("Why opinions could not be heard (reasons of the party)"),
        max_length=300,
        required=False,
    )
    third_party_evidence = forms.BooleanField(
        label=_("A third party gave evidence for the act"), required=False
    )
    not_worse = forms.BooleanField(
        label=_("A change is not to the applicant's detriment, or a third party asked for it"),
        required=False,
    )
    committee_opinion = Text(
        label=_("Opinion of the reconsideration committee"), max_length=500, required=False
    )

    def clean_decision(self) -> str:
        return str(self.cleaned_data["decision"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("perform_by") and data.get("on") and data["perform_by"] < data["on"]:
            self.add_error("perform_by", _("This is before the decision."))
        if data.get("decision") == Decision.ORDER and not data.get("perform_by"):
            self.add_error("perform_by", _("An order to perform sets a term (art. 66)."))
        return data


@step(
    "rc_decide",
    label=_("Record the decision"),
    done=_("Decided"),
    form=DecideForm,
    phases=[RC.SERVED, RC.REPLIED, RC.HEARING],
    article=("第六十一条至第七十二条", "arts. 61 to 72"),
    checks=(
        guards.reply_is_in_or_overdue,
        guards.opinions_were_heard,
        guards.missing_reply_has_its_consequence,
        guards.no_reply_is_not_claimed,
        guards.dismissal_fits_the_act,
        guards.agreement_result_fits_the_act,
        guards.applicant_is_not_worse_off,
    ),
    tells=EVERYBODY,
    primary=True,
)
def rc_decide(dispute: Dispute, facts: CaseFacts) -> None:
    data, track = facts.data, track_of(facts)
    track.decide()
    track.decision, track.decision_number = data["decision"], data["number"]
    track.ended_on, track.redo, track.perform_by = data["on"], data["redo"], data["perform_by"]
    track.save()
    issue(
        facts, NoticeKind.DECISION, data["on"], decision=data["decision"], content=data["content"],
        redo=data["redo"], perform_by=data["perform_by"],
        committee_opinion=data["committee_opinion"], unheard_reason=data["unheard_reason"],
    )  # fmt: skip


class ServeDecisionForm(TrackForm):
    after = ("ended_on",)

    on = Day(past=True, label=_("Received by the parties on"))


@step(
    "rc_serve_decision",
    label=_("Decision served"),
    done=_("Decision served and effective"),
    form=ServeDecisionForm,
    phases=[RC.DECIDED],
    article=("第七十五条", "art. 75"),
    tells=EVERYBODY,
    primary=True,
)
def rc_serve_decision(dispute: Dispute, facts: CaseFacts) -> None:
    track = track_of(facts)
    track.serve_decision()
    _take_effect(track, facts.data["on"])
    track.save()


def _take_effect(track: Reconsideration, day: Any) -> None:
    track.effective_on, track.sue_by = day, terms.sue_by(day)


class RejectForm(PaperForm):
    after = ("accepted_on",)

    condition = forms.ChoiceField(label=_("Missing condition"), choices=law.Refusal.choices)
    told_on = Day(past=True, label=_("Received by the applicant on"), required=False)
    note = Text(label=_("Reasons"), max_length=500, required=False)


@step(
    "rc_reject",
    label=_("Application rejected"),
    done=_("Application rejected after acceptance"),
    form=RejectForm,
    phases=RUNNING,
    article=("第三十三条、第三十四条", "arts. 33, 34"),
)
def rc_reject(dispute: Dispute, facts: CaseFacts) -> None:
    data, track = facts.data, track_of(facts)
    track.reject()
    track.decision, track.refusal = Decision.REJECTED, data["condition"]
    track.decision_number, track.note, track.ended_on = data["number"], data["note"], data["on"]
    _take_effect(track, data["told_on"] or data["on"])
    track.save()
    issue(facts, NoticeKind.REJECTION, data["on"], condition=data["condition"], sue_by=track.sue_by)


class MediateForm(StepForm):
    """Its day is the later of signature and seal."""

    private = frozenset({"content"})
    after = ("accepted_on",)

    number = Text(label=_("Number of the paper"), max_length=60, required=False)
    signed_on = Day(past=True, label=_("Signed by both sides on"), required=False)
    sealed_on = Day(past=True, label=_("Seal of the organ put on"), required=False)
    content = Text(label=_("Content"), min_length=5, max_length=5000, multiline=True)
    perform_by = Day(label=_("Perform by"), required=False)

    def clean_signed_on(self) -> Any:
        return self.not_before(self.cleaned_data["signed_on"])

    def clean_sealed_on(self) -> Any:
        return self.not_before(self.cleaned_data["sealed_on"])


@step(
    "rc_mediate",
    label=_("Ended by mediation agreement"),
    done=_("Mediation agreement of the reconsideration effective"),
    form=MediateForm,
    phases=[*RUNNING, RC.SUSPENDED],
    article=("第五条、第七十三条", "arts. 5, 73"),
    checks=(guards.agreement_is_signed_and_sealed,),
    tells=EVERYBODY,
)
def rc_mediate(dispute: Dispute, facts: CaseFacts) -> None:
    data, track = facts.data, track_of(facts)
    day = max(data["signed_on"], data["sealed_on"])
    facts.data = {**data, "on": day}
    end_standstill(facts)
    track.mediate()
    track.decision, track.decision_number = Decision.MEDIATED, data["number"]
    track.ended_on = track.effective_on = day
    track.perform_by = data["perform_by"]
    track.save()
    issue(
        facts, NoticeKind.MEDIATION, day, content=data["content"], signed_on=data["signed_on"],
        sealed_on=data["sealed_on"], perform_by=data["perform_by"],
    )  # fmt: skip


class SettleForm(PaperForm):
    private = frozenset({"content"})
    after = ("accepted_on",)

    content = Text(
        label=_("What was settled"), min_length=2, max_length=2000, required=False, multiline=True
    )
    approved = forms.BooleanField(
        label=_("Lawful, of free will; the organ approves the withdrawal"), required=False
    )


@step(
    "rc_settle",
    label=_("Settled, application withdrawn"),
    done=_("Settled and terminated"),
    form=SettleForm,
    phases=[*RUNNING, RC.SUSPENDED],
    article=("第七十四条、第四十一条第一项", "arts. 74, 41(1)"),
    checks=(guards.settlement_is_approved,),
)
def rc_settle(dispute: Dispute, facts: CaseFacts) -> None:
    _terminate(facts, law.Termination.T1, decision=Decision.SETTLED)
    issue(facts, NoticeKind.TERMINATION, facts.data["on"], content=facts.data["content"])


class TerminateForm(PaperForm):
    after = ("accepted_on",)

    ground = forms.ChoiceField(label=_("Ground"), choices=law.Termination.choices)
    note = Text(label=_("Note"), max_length=500, required=False)


@step(
    "rc_terminate",
    label=_("Terminate"),
    done=_("Reconsideration terminated"),
    form=TerminateForm,
    phases=[*RUNNING, RC.SUSPENDED],
    article=("第四十一条", "art. 41"),
    checks=(guards.unresolved_for_sixty_days, guards.criminal_ground_fits_the_act),
    tells=("clerk", "centre", "justice"),
)
def rc_terminate(dispute: Dispute, facts: CaseFacts) -> None:
    _terminate(facts, facts.data["ground"])
    issue(facts, NoticeKind.TERMINATION, facts.data["on"], ground=facts.data["ground"])


def _terminate(facts: CaseFacts, ground: str, *, decision: str = "") -> None:
    end_standstill(facts)
    track = track_of(facts)
    track.terminate()
    track.termination, track.decision = ground, decision
    track.note, track.ended_on = facts.data.get("note", ""), facts.data["on"]
    track.save()


# Afterwards --------------------------------------------------------------------------------------


class PerformForm(TrackForm):
    after = ("effective_on",)

    note = Text(label=_("What was done"), max_length=500, required=False)


@step(
    "rc_perform",
    label=_("Performed"),
    done=_("Decision performed"),
    form=PerformForm,
    phases=[RC.EFFECTIVE, RC.MEDIATED],
    article=("第七十七条", "art. 77"),
    tells=("clerk", "centre", "justice"),
    primary=True,
)
def rc_perform(dispute: Dispute, facts: CaseFacts) -> None:
    track = track_of(facts)
    track.perform()
    track.performed_on = facts.data["on"]
    track.note = facts.data["note"] or track.note
    track.save()


class OpinionForm(PaperForm):
    after = ("accepted_on",)

    on = Day(past=True, label=_("Opinion letter received on"))
    content = Text(
        label=_("What is to be put right"), max_length=1000, required=False, multiline=True
    )


WITH_OPINION = (
    *(*RUNNING, RC.SUSPENDED, RC.DECIDED, RC.EFFECTIVE, RC.PERFORMED),
    *(RC.MEDIATED, RC.TERMINATED, RC.REJECTED, RC.LITIGATION),
)
"""An opinion letter is written while a case is handled, however it ends (art. 76)."""


@step(
    "rc_opinion",
    label=_("Opinion letter received"),
    done=_("Opinion letter received"),
    form=OpinionForm,
    phases=WITH_OPINION,
    article=("第七十六条", "art. 76"),
    checks=(guards.opinion_is_new,),
    tells=EVERYBODY,
)
def rc_opinion(dispute: Dispute, facts: CaseFacts) -> None:
    data, track = facts.data, track_of(facts)
    track.opinion_on = data["on"]
    track.save()
    report_by = terms.last("R25", data["on"]).due
    issue(facts, NoticeKind.OPINION, data["on"], content=data["content"], report_by=report_by)


class ReportForm(PaperForm):
    after = ("opinion_on",)

    content = Text(label=_("What was put right"), min_length=2, max_length=1000, multiline=True)


@step(
    "rc_report",
    label=_("Report on the opinion letter"),
    done=_("Opinion letter reported on"),
    form=ReportForm,
    phases=WITH_OPINION,
    article=("第七十六条", "art. 76"),
    checks=(guards.report_is_due,),
    tells=EVERYBODY,
)
def rc_report(dispute: Dispute, facts: CaseFacts) -> None:
    track = track_of(facts)
    track.reported_on = facts.data["on"]
    track.save()
    issue(facts, NoticeKind.REPORT, facts.data["on"], content=facts.data["content"])


class SueForm(TrackForm):
    court = Text(label=_("Court"), max_length=80)
    docket = Text(label=_("Docket number"), max_length=60, required=False)


@step(
    "rc_sue",
    label=_("Suit filed"),
    done=_("Gone to administrative litigation"),
    form=SueForm,
    phases=[*RUNNING, *sorted(SUABLE)],
    article=("第三十四条", "art. 34"),
    checks=(guards.suit_is_open,),
    tells=EVERYBODY,
)
def rc_sue(dispute: Dispute, facts: CaseFacts) -> None:
    track = track_of(facts)
    track.sue()
    track.ended_on = track.ended_on or facts.data["on"]
    track.note = f"{facts.data['court']} {facts.data['docket']}".strip()
    track.save()


class ConcludeForm(CommandForm):
    """Nothing has to be said; the track says it."""


@command(
    "conclude_reconsideration",
    label=_("Reconsideration has ended"),
    done=_("Reconsideration ended"),
    form=ConcludeForm,
    tells=("justice",),
    basis=channel_guards.reconsideration_has_ended.reason.source,
    primary=True,
)
def conclude_reconsideration(dispute: Dispute, facts: CaseFacts) -> None:
    dispute.result = ResultCode.REFERRED_RC
