"""The civil part of a reconsideration goes to people's mediation, and its answer comes back (art. 5)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mediation.disputes.models import Dispute
from mediation.reconsideration import guards
from mediation.reconsideration.law import NoticeKind, Suspension
from mediation.reconsideration.states import RUNNING
from mediation.referrals.models import OrderKind
from workflows.commands.fields import Day, Text
from workflows.commands.spec import Part
from workflows.commands.track.base import PaperForm, issue, step, track_of
from workflows.commands.track.term import not_within_suspension, stand_still
from workflows.facts import CaseFacts


class ToMediationForm(PaperForm):
    private = frozenset({"civil_facts"})

    on = Day(past=True, label=_("Suspended from"))
    civil_facts = Text(label=_("The civil part"), min_length=10, max_length=2000, multiline=True)
    both_consent = forms.BooleanField(
        label=_("Applicant and respondent both consent"), required=False
    )
    told = forms.BooleanField(label=_("The parties were told in writing"), required=False)
    return_by = Day(label=_("Answer of the mediation by"))

    def clean_on(self) -> Any:
        return not_within_suspension(self, self.cleaned_data["on"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("on") and data.get("return_by") and data["return_by"] <= data["on"]:
            self.add_error("return_by", _("The answer comes after the suspension began."))
        return data


def _civil_part(dispute: Dispute, facts: CaseFacts) -> list[Part]:
    """Only the civil part: neither the act nor what was said about it."""
    data, track = facts.data, track_of(facts)
    order = {
        "kind": OrderKind.RECONSIDERATION,
        "organ": track.competent_body,
        "number": data["number"] or f"{dispute.number}/{len(facts.standstills)}",
        "received_on": data["on"],
        "reply_by": data["return_by"],
        "both_consent": True,
    }
    return [Part("（民事部分）", data["civil_facts"], {"order": order})]


@step(
    "rc_to_mediation",
    label=_("Hand the civil part to people's mediation"),
    done=_("Civil part handed to people's mediation"),
    form=ToMediationForm,
    phases=RUNNING,
    article=("第五条、第三十九条第一款第六项", "arts. 5, 39(1)(6)"),
    checks=(
        guards.both_sides_consent,
        guards.term_still_runs,
        guards.parties_are_told_in_writing,
    ),
    tells=("clerk", "centre", "justice"),
    parts=_civil_part,
)
def rc_to_mediation(dispute: Dispute, facts: CaseFacts) -> None:
    data = facts.data
    stand_still(facts, ground=Suspension.S6, return_by=data["return_by"])
    issue(facts, NoticeKind.TRANSFER, data["on"], return_by=data["return_by"])
