"""A word on a case that moves nothing."""

from django.utils.translation import gettext_lazy as _

from mediation.disputes.enums import Status
from mediation.disputes.models import Dispute, Remark
from workflows.commands.fields import CommandForm, Text
from workflows.commands.spec import EVERYWHERE, command
from workflows.facts import CaseFacts


class CommentForm(CommandForm):
    private = frozenset({"remark"})
    remark = Text(label=_("Remark"), min_length=2, max_length=500, multiline=True)


@command(
    "comment",
    label=_("Remark"),
    done=_("Remark"),
    form=CommentForm,
    tells=("mediator", "centre", "leader"),
    statuses=EVERYWHERE - {Status.ARCHIVED, Status.VOIDED},
)
def comment(dispute: Dispute, facts: CaseFacts) -> None:
    Remark.objects.create(
        dispute=dispute,
        text=facts.data["remark"],
        author_id=facts.actor.person_id,
        at=facts.now,
    )
