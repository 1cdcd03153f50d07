"""A petition that the office itself handles: its term, one extension, review, re-review and its hearing.

Petition Work Regulations, arts. 34 to 36. The clocks carry the stage; the event log keeps what was said.
"""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mediation.deadlines import clocks
from mediation.deadlines.models import Deadline
from mediation.deadlines.yearplan import DAY
from mediation.disputes import channel_guards
from mediation.disputes.enums import OPEN, Status
from mediation.disputes.models import Dispute
from workflows.commands.fields import CommandForm, Day, Text
from workflows.commands.spec import command
from workflows.facts import CaseFacts

# Step → the clock that it answers, and the one that it starts.
REVIEW: dict[str, tuple[str, str]] = {
    "ask_review": ("X07", "X08"),
    "review_opinion": ("X08", "X09"),
    "ask_rereview": ("X09", "X10"),
    "hearing_begins": ("X10", ""),
    "hearing_ends": ("X10", ""),
    "rereview_opinion": ("X10", ""),
}
HEARING = frozenset({"hearing_begins", "hearing_ends"})
"""Between them the thirty days of the re-review stand still (art. 36)."""
LABELS = {
    "ask_review": _("The petitioner asks for review (art. 35)"),
    "review_opinion": _("Review opinion given (art. 35)"),
    "ask_rereview": _("The petitioner asks for re-review (art. 36)"),
    "hearing_begins": _("A hearing begins; its days do not count (art. 36)"),
    "hearing_ends": _("The hearing has ended (art. 36)"),
    "rereview_opinion": _("Re-review opinion given: final (art. 36)"),
}
IN_TIME = frozenset({"X07", "X09"})
"""Rights of the petitioner: when they have lapsed the opinion stands."""


class ExtendPetitionForm(CommandForm):
    days = forms.IntegerField(label=_("Days (at most 30)"), min_value=1, max_value=30)
    approved_by = Text(label=_("Approved by (head of the organ)"), min_length=2, max_length=60)
    reason = Text(label=_("Why it is complex"), min_length=2, max_length=300)
    told = forms.BooleanField(label=_("The petitioner was told why"), required=False)

    def clean(self) -> dict[str, Any]:
        """Once, and while the term runs."""
        data = super().clean() or self.cleaned_data
        if self.known is None or self.errors:
            return data
        term = running(self.dispute, ["X05"])
        if term is None:
            raise ValidationError(_("The term of the petition was extended before, or is over."))
        if term.due_on < self.known.today:
            raise ValidationError(
                _("The sixty days ended on %(day)s; what is over cannot be extended (art. 34)."),
                params={"day": term.due_on},
            )
        return data


class ReviewForm(CommandForm):
    private = frozenset({"note"})

    step = forms.ChoiceField(label=_("What happened"), choices=list(LABELS.items()))
    organ = Text(label=_("Organ of the review"), max_length=80)
    on = Day(
        past=True,
        label=_("Date"),
        help_text=_(
            "Of the receipt: the next term counts from the day after it. "
            "Of a hearing: its first or its last day."
        ),
    )
    note = Text(label=_("Note"), max_length=1000, required=False, multiline=True)

    def prepare(self) -> None:
        stage = running(self.dispute, [old for old, _new in REVIEW.values()])
        if stage is not None:
            self.initial["step"] = expected(stage)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.known is None or self.errors:
            return data
        rule = REVIEW[data["step"]][0]
        term = running(self.dispute, [rule])
        if term is None or (data["step"] == "hearing_ends") != (term.held_since is not None):
            self.add_error("step", _("This is not what comes next in the review."))
        elif data["on"] < earliest(data["step"], term):
            self.add_error("on", _("This is before the step that it follows."))
        elif data["on"] > term.due_on and rule in IN_TIME:
            raise ValidationError(
                _("The thirty days for asking ended on %(day)s: the opinion stands (art. 36)."),
                params={"day": term.due_on},
            )
        elif data["on"] > term.due_on and data["step"] == "hearing_begins":
            raise ValidationError(
                _("The re-review was due on %(day)s; a hearing after it adds no day (art. 36)."),
                params={"day": term.due_on},
            )
        return data


def expected(stage: Deadline) -> str:
    """The step that most likely comes next; a hearing is the exception until it has begun."""
    if stage.held_since is not None:
        return "hearing_ends"
    steps = (step for step, (rule, _new) in REVIEW.items() if rule == stage.rule)
    return next(step for step in steps if step not in HEARING)


def earliest(step: str, term: Deadline) -> date:
    """A step follows the one that started its term, a hearing also the hearing before it."""
    if step == "hearing_begins":
        return max([term.starts_on, *(end for _first, end in clocks.pauses_of(term))])
    return term.held_since or term.starts_on


def running(dispute: Dispute, rules: list[str]) -> Deadline | None:
    """The clock of the petition that waits for its step, run out or not."""
    waiting = Deadline.objects.filter(
        dispute=dispute, rule__in=rules, subject=clocks.BY_ORDER, state__in=clocks.UNMET
    )
    return waiting.order_by("-pk").first()


@command(
    "extend_petition",
    label=_("Extend the handling of the petition"),
    done=_("Handling of the petition extended"),
    form=ExtendPetitionForm,
    tells=("centre", "leader"),
    statuses=OPEN,
    guards=(channel_guards.petition_is_handled, channel_guards.petitioner_is_told),
)
def extend_petition(dispute: Dispute, facts: CaseFacts) -> None:
    """From the last day of the sixty, before any move off rest days (art. 34)."""
    term = running(dispute, ["X05"])
    if term is None:
        return
    clocks.meet(dispute, ["X05"], subject=clocks.BY_ORDER)
    start = term.raw_on or term.due_on
    clocks.arm(dispute, "X06", start, extend=facts.data["days"], subject=clocks.BY_ORDER)


@command(
    "record_petition_review",
    label=_("Review of the petition"),
    done=_("Review of the petition recorded"),
    form=ReviewForm,
    tells=("centre", "justice"),
    statuses=frozenset(Status) - {Status.ARCHIVED, Status.VOIDED},
    guards=(channel_guards.petition_is_answered,),
)
def record_petition_review(dispute: Dispute, facts: CaseFacts) -> None:
    """After the re-review the same facts are not accepted again (art. 36)."""
    step, on = facts.data["step"], facts.data["on"]
    old, new = REVIEW[step]
    if step in HEARING:
        hear(dispute, on)
        return
    clocks.meet(dispute, [old], subject=clocks.BY_ORDER)
    if new:
        clocks.arm(dispute, new, on, subject=clocks.BY_ORDER)


def hear(dispute: Dispute, on: date) -> None:
    """The thirty days stand still from the first day of the hearing and go on after its last (art. 36).

    The day of the receipt does not count anyway: a hearing on it takes nothing out.
    """
    term = running(dispute, ["X10"])
    if term is None:
        return
    if term.held_since is None:
        clocks.hold_since(dispute, term, on)
    else:
        clocks.resume(term, (max(term.held_since, term.starts_on + DAY), on + DAY))
