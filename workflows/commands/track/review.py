"""The review: service, reply, opinions (arts. 48 to 54 of the Administrative Reconsideration Law)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mediation.disputes.models import Dispute
from mediation.reconsideration import guards, terms
from mediation.reconsideration.law import NoticeKind
from mediation.reconsideration.states import State as RC
from workflows.commands.fields import Day, Rows, Text
from workflows.commands.track.base import PaperForm, TrackForm, issue, step, track_of
from workflows.facts import CaseFacts


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

    def clean(self) -> dict[str, Any]:
        """An empty reply would end the term, and nobody would see that nothing was answered."""
        data = super().clean() or self.cleaned_data
        if not data.get("content") and not data.get("evidence") and not self.errors:
            self.add_error(
                "content", _("Write the points of the reply, or list the evidence (art. 48).")
            )
        return data


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
