"""What the clock does by itself: a deadline runs out, or moves with the calendar."""

from django.utils.translation import gettext_lazy as _

from mediation.deadlines import clocks
from mediation.deadlines.models import Deadline
from mediation.disputes.models import Dispute
from workflows.commands.fields import CommandForm, Day, Text
from workflows.commands.spec import EVERYWHERE, command
from workflows.facts import CaseFacts
from workflows.ladder import MEDIATION, climb


class DeadlineForm(CommandForm):
    rule = Text(label=_("Deadline"), max_length=20)
    subject = Text(max_length=20, required=False)
    due_on = Day(label=_("Last day"))


@command(
    "fire_deadline",
    label=_("A deadline has run out"),
    done=_("A deadline has run out"),
    form=DeadlineForm,
    tells=("mediator", "centre", "leader"),
    statuses=EVERYWHERE,
    hidden=True,
)
def fire_deadline(dispute: Dispute, facts: CaseFacts) -> None:
    """The ticker that fired it has marked the clock; here begins the ladder if it was one of ours."""
    climb(dispute, facts)


class MoveForm(DeadlineForm):
    was = Day(label=_("Before"))


@command(
    "move_deadline",
    label=_("A deadline has moved with the calendar"),
    done=_("A deadline has moved with the calendar"),
    form=MoveForm,
    tells=("mediator", "centre"),
    statuses=EVERYWHERE,
    hidden=True,
)
def move_deadline(dispute: Dispute, facts: CaseFacts) -> None:
    """The days off of a year were announced; a computed last day is another one."""
    clock = Deadline.objects.select_for_update().get(
        dispute=dispute, rule=facts.data["rule"], subject=facts.data["subject"],
        state__in=clocks.RUNNING,
    )  # fmt: skip
    found = clocks.recomputed(clock)
    if found is None:
        return
    if dispute.mediation_due == clock.due_on and clock.rule in MEDIATION:
        dispute.mediation_due = found.due
    clocks.replan(clock, found)
