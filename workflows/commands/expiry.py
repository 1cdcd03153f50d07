"""The end of a file: what names people goes, what happened stays."""

import json

from django.utils.translation import gettext_lazy as _

from mediation.disputes.enums import Category, Status
from mediation.disputes.models import Dispute, Submission
from mediation.documents import services as documents
from mediation.sessions.models import CaucusNote, Draft
from mediation.uploads import services as uploads
from workflows.commands.spec import command
from workflows.facts import CaseFacts

REMOVED = "（已去标识）"
"""Stands where a name or a story stood: an empty field would look like a mistake."""
PLAIN = (
    "guardian", "relation", "occupation", "representative", "ethnicity", "no_id_reason", "sex"
)  # fmt: skip


@command(
    "deidentify",
    label=_("Remove personal details"),
    done=_("Personal details removed at the end of the retention period"),
    statuses={Status.VOIDED, Status.ARCHIVED},
    hidden=True,
)
def deidentify(dispute: Dispute, facts: CaseFacts) -> None:
    """Whether its time has come, ``workflows.retention`` decides.

    The chain of events stays whole: it names parties by ordinal alone, and figures go on counting the case.
    """
    for party in facts.parties:
        party.name = "" if party.is_minor else REMOVED
        party.id_number = party.phone = party.address = ""
        party.phone_tail_index, party.birth = "", None
        for name in PLAIN:
            setattr(party, name, "")
        party.save()
    dispute.title = str(Category(dispute.category).label)[:80]
    dispute.facts, dispute.claim, dispute.place = REMOVED, "", dispute.grid.name
    CaucusNote.objects.filter(dispute=dispute).delete()
    Draft.objects.filter(dispute=dispute).delete()
    documents.destroy(dispute)
    uploads.destroy(dispute)
    _shorten_answers(dispute)


def _shorten_answers(dispute: Dispute) -> None:
    """A key that comes back after years is told which case it made, without the names of that day."""
    for kept in Submission.objects.filter(answer__number=dispute.number):
        if kept.answer.get("answer"):
            known = {name: kept.answer[name] for name in ("number", "code", "version", "status")}
            kept.answer["answer"] = json.dumps(known, ensure_ascii=False)
            kept.save(update_fields=["answer"])
