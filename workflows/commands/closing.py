"""Review, closing, follow-up, archive, and reopening."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mediation.agreements import services as agreements
from mediation.agreements.models import Visit
from mediation.core import rows
from mediation.core.prepared import Prepared
from mediation.disputes import guards
from mediation.disputes.enums import Colour, ContactChannel, ResultCode, Retention, Status
from mediation.disputes.models import Dispute
from mediation.warning.models import Alert
from workflows.commands import numbering, people
from workflows.commands.fields import CommandForm, Moment, Text
from workflows.commands.parties import party_choices
from workflows.commands.spec import command
from workflows.facts import CaseFacts

VISITS = {Colour.RED: 2}
REBOUND_WINDOW = timedelta(days=180)


class ReviewForm(CommandForm):
    no_other_channel = forms.BooleanField(
        label=_("The parties were asked and choose no other channel"), required=False
    )
    result = forms.ChoiceField(
        label=_("Result"),
        choices=[
            (code, code.label)
            for code in (ResultCode.SELF_SETTLED, ResultCode.FAILED, ResultCode.WITHDRAWN)
        ],
    )


class ReturnForm(CommandForm):
    missing = Text(label=_("What is missing"), min_length=5, max_length=500, multiline=True)


class CloseForm(CommandForm):
    result = forms.ChoiceField(label=_("Result"), choices=ResultCode.choices)
    opinion = Text(
        label=_("Opinion of the reviewer"), max_length=500, required=False, multiline=True
    )

    def prepare(self) -> None:
        if self.dispute is not None:
            proposed = _proposed_result(self.known)
            kept = proposed if _all_is_done(self.known) else ""
            self.fields["result"].initial = kept or self.dispute.result or proposed


SATISFACTION = (
    (5, _("5 · very content")),
    (4, _("4 · content")),
    (3, _("3 · so-so")),
    (2, _("2 · not content")),
    (1, _("1 · not content at all")),
)


class VisitForm(CommandForm):
    private = frozenset({"note", "measures"})
    quiet = frozenset({"channel", "asked", "performed", "later_suit"})

    visited_at = Moment(past=True, label=_("Visited at"))
    channel = forms.ChoiceField(label=_("How"), choices=ContactChannel.choices, required=False)
    asked = forms.TypedMultipleChoiceField(
        label=_("Parties asked"), coerce=int, widget=forms.CheckboxSelectMultiple, required=False
    )
    outcome = forms.ChoiceField(label=_("Outcome"), choices=Visit.Outcome.choices)
    satisfaction = forms.TypedChoiceField(
        label=_("Satisfaction"),
        choices=[("", "—"), *SATISFACTION],
        coerce=int,
        empty_value=None,
        required=False,
    )
    performed = forms.ChoiceField(
        label=_("Performance"), choices=Visit.Performed.choices, required=False
    )
    later_suit = forms.ChoiceField(
        label=_("Later suit"), choices=Visit.LaterSuit.choices, required=False
    )
    measures = Text(label=_("Measures"), max_length=300, required=False)
    note = Text(label=_("Note"), max_length=1000, required=False, multiline=True)

    def prepare(self) -> None:
        if self.known is not None and (not self.is_bound or self.data.get("asked")):
            self.offer("asked", party_choices(self.known.parties))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("outcome") == Visit.Outcome.TENSION and not (
            data.get("measures") or data.get("note")
        ):
            self.add_error("measures", _("Say what is done about the tension."))
        return data


class ArchiveForm(CommandForm):
    # No statute fixes a term: the classes are those of the State Archives.
    retention = forms.ChoiceField(
        label=_("Retention"),
        choices=Retention.choices,
        help_text=_(
            "No law fixes it: the rules of your committee do, by the kind of dispute, its content "
            "and the parties."
        ),
    )
    page_count = forms.IntegerField(label=_("Pages of the file"), min_value=1, max_value=9999)


class ReopenForm(CommandForm):
    ground = forms.ChoiceField(
        label=_("Ground"),
        choices=[
            ("rebound", _("The dispute has come back")),
            ("voided", _("The agreement was voided")),
            ("wrong_close", _("Closed by mistake")),
        ],
    )
    reason = Text(label=_("Reason"), min_length=5, max_length=500, multiline=True)


def _all_is_done(facts: CaseFacts | None) -> bool:
    """An agreement that was kept in the end is what came of the case, whatever way led there."""
    return (
        facts is not None and bool(facts.obligations) and all(o.is_done for o in facts.obligations)
    )


def _proposed_result(facts: CaseFacts | None) -> str:
    """What the facts suggest, so that the reviewer only confirms."""
    agreement = facts.agreement if facts is not None else None
    if agreement is None or agreement.effective_on is None:
        return ""
    if agreement.is_confirmed:
        return ResultCode.AGREED_CONFIRMED
    return ResultCode.ORAL_PERFORMED if agreement.is_oral else ResultCode.AGREED_PERFORMED


# Effects -----------------------------------------------------------------------------------------


@command(
    "send_to_review",
    label=_("Send to closing review"),
    done=_("Sent to closing review"),
    form=ReviewForm,
    tells=("justice",),
)
def send_to_review(dispute: Dispute, facts: CaseFacts) -> None:
    dispute.result = facts.data["result"]


@command(
    "return_for_correction",
    label=_("Return for correction"),
    done=_("Returned for correction"),
    form=ReturnForm,
    tells=("mediator", "centre"),
)
def return_for_correction(dispute: Dispute, facts: CaseFacts) -> None:
    dispute.result = ""
    dispute.performed_on = None


@command(
    "close",
    label=_("Close the case"),
    done=_("Closed"),
    form=CloseForm,
    tells=("mediator", "centre", "leader"),
    primary=True,
)
def close(dispute: Dispute, facts: CaseFacts) -> None:
    dispute.result = facts.data["result"]
    dispute.closed_at = facts.now
    dispute.visits_left = VISITS.get(_worst_colour(dispute), 1)


EVER_RED = Prepared(
    lambda dispute: Alert.objects.filter(dispute_id=dispute, colour=Colour.RED.value).values_list(
        "pk"
    )[:1],
    dispute=int,
)


def _worst_colour(dispute: Dispute) -> Colour:
    """A case that was ever red keeps its two visits, also when the colour was lowered since."""
    return (
        Colour.RED if EVER_RED.tuples(dispute=dispute.pk) else Colour(dispute.colour or Colour.BLUE)
    )


@command(
    "visit",
    label=_("Record a follow-up visit"),
    done=_("Follow-up visit recorded"),
    form=VisitForm,
    tells=("justice",),
    statuses={Status.CLOSED},
    primary=True,
    guards=(guards.visits_are_due,),
)
def visit(dispute: Dispute, facts: CaseFacts) -> None:
    rows.add(
        Visit,
        dispute_id=dispute.pk,
        visited_at=facts.data["visited_at"],
        visited_by_id=facts.actor.person_id,
        outcome=facts.data["outcome"],
        satisfaction=facts.data["satisfaction"],
        channel=facts.data["channel"],
        asked=facts.data["asked"],
        performed=facts.data["performed"],
        later_suit=facts.data["later_suit"],
        measures=facts.data["measures"],
        note=facts.data["note"],
    )
    dispute.visits_left = max(0, dispute.visits_left - 1)


@command(
    "archive",
    label=_("Archive"),
    done=_("Archived"),
    form=ArchiveForm,
    tells=("mediator",),
    primary=True,
)
def archive(dispute: Dispute, facts: CaseFacts) -> None:
    dispute.retention = facts.data["retention"]
    dispute.page_count = facts.data["page_count"]
    dispute.archived_at = facts.now
    if not dispute.file_number:
        dispute.file_number = numbering.next_file_number(dispute, facts.today.year)


@command(
    "reopen",
    label=_("Reopen"),
    done=_("Reopened"),
    form=ReopenForm,
    tells=("mediator", "centre", "leader"),
)
def reopen(dispute: Dispute, facts: CaseFacts) -> None:
    people.spend_approval(facts, "reopen")
    # What was agreed in the former round stays on file, but is not what this round can achieve.
    agreements.set_aside(dispute)
    dispute.reopened += 1
    if facts.data["ground"] == "rebound":
        dispute.rebound_on = facts.today
    dispute.result = ""
    dispute.closed_at = dispute.archived_at = None
    dispute.visits_left = 0
