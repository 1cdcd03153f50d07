"""The document behind the act: its maker is told, or it is passed on (arts. 56 to 60)."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mediation.core import rows
from mediation.disputes.models import Dispute
from mediation.reconsideration import guards
from mediation.reconsideration.law import NoticeKind
from mediation.reconsideration.states import State as RC
from workflows.commands.fields import Text
from workflows.commands.track.base import PaperForm, issue, standing, step
from workflows.facts import CaseFacts


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
