"""Papers and files: issue a paper, put a file into its slot, take it back, lend the bound file."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mediation.disputes import practice
from mediation.disputes.enums import Status
from mediation.disputes.models import Dispute
from mediation.documents import services as documents
from mediation.documents.casefile import CaseFile
from mediation.documents.kinds import KINDS, papers_of
from mediation.documents.models import LENT_OUT, Lending
from mediation.sessions.models import Meeting
from mediation.uploads import services as uploads
from mediation.uploads.models import Slot, Upload
from workflows.commands import numbering
from workflows.commands.fields import CommandForm, Day, Text
from workflows.commands.spec import command
from workflows.facts import CaseFacts

ALIVE = frozenset(Status) - {Status.VOIDED}
UNBOUND = ALIVE - {Status.ARCHIVED}
BOUND = frozenset({Status.CLOSED, Status.ARCHIVED})


class IssueForm(CommandForm):
    """``about``: which session, visit, party or referral; the latest when it is left open."""

    kind = forms.ChoiceField(label=_("Paper"), choices=[(k.id, k.label) for k in KINDS.values()])
    about = Text(label=_("About"), max_length=20, required=False, widget=forms.HiddenInput)

    def prepare(self) -> None:
        if self.dispute is not None:
            self.case = CaseFile(self.dispute, now=self.known.now)
            known = {kind.id: kind.label for kind, _about, _need in papers_of(self.case)}
            self.offer("kind", list(known.items()))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.dispute is None or "kind" not in data:
            return data
        abouts = list(KINDS[data["kind"]].abouts(self.case))
        fitting = [one for one in abouts if one.key == data.get("about")]
        if not fitting and (data.get("about") or not abouts):
            raise ValidationError({"about": _("This paper has no such subject in this case.")})
        data["about"] = (fitting or abouts)[-1].key
        return data


class AttachForm(CommandForm):
    """``about``: the session that a photo shows; the latest when it is left open."""

    private = frozenset({"note", "source"})
    quiet = frozenset({"about"})

    upload = forms.IntegerField(min_value=1, max_value=2**62)
    slot = forms.ChoiceField(label=_("Belongs to"), choices=Slot.choices)
    note = Text(label=_("What it shows"), max_length=200, required=False)
    source = Text(label=_("From whom"), max_length=60, required=False)
    paper = Text(max_length=9, required=False)
    about = forms.ChoiceField(label=_("Session"), required=False)

    def prepare(self) -> None:
        if self.dispute is not None:
            rows = Meeting.objects.filter(dispute=self.dispute).order_by("held_at", "pk")
            self.offer("about", [("", "–"), *((str(row.pk), str(row)) for row in rows)])

    def clean_upload(self) -> int:
        key: int = self.cleaned_data["upload"]
        if self.known is not None and not uploads.is_parked_by(key, self.known.actor):
            raise ValidationError(_("This file is no longer there. Please upload it again."))
        return key

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.dispute is None or "upload" not in data:
            return data
        data["sha256"] = uploads.sum_of(data["upload"])
        count = Upload.objects.filter(dispute=self.dispute, withdrawn_at__isnull=True).count()
        if count >= uploads.MOST_FILES:
            raise ValidationError(_("A case holds at most 300 files."))
        if data.get("slot") == Slot.SIGNED and not uploads_paper(self.dispute, data.get("paper")):
            raise ValidationError({"paper": _("There is no such paper in this case.")})
        shown = data.get("slot") == Slot.SESSION
        data["about"] = (data.get("about") or self._latest()) if shown else ""
        return data

    def _latest(self) -> str:
        return str(self.fields["about"].choices[-1][0])  # type: ignore[attr-defined]


class WithdrawForm(CommandForm):
    private = frozenset({"reason"})

    file = forms.IntegerField(label=_("File"), min_value=1, max_value=9999)
    reason = Text(label=_("Reason"), min_length=2, max_length=200)

    def clean_file(self) -> int:
        ordinal: int = self.cleaned_data["file"]
        if self.dispute is not None and uploads.of(self.dispute, ordinal) is None:
            raise ValidationError(_("There is no such file in this case."))
        return ordinal


class LendForm(CommandForm):
    private = frozenset({"reader", "unit", "reason"})

    act = forms.ChoiceField(
        label=_("Kind of use"),
        choices=[c for c in Lending.Act.choices if c[0] != Lending.Act.DOWNLOADED],
    )
    reader = Text(label=_("Reader"), min_length=1, max_length=100)
    unit = Text(label=_("Unit"), max_length=100, required=False)
    reason = Text(label=_("Reason"), min_length=2, max_length=200)
    due_on = Day(label=_("Due back on"), required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("act") == Lending.Act.LENT and not data.get("due_on"):
            raise ValidationError({"due_on": _("A lent file needs the day it comes back.")})
        return data


class ReturnForm(CommandForm):
    lending = forms.TypedChoiceField(label=_("Reading or lending"), coerce=int)

    def prepare(self) -> None:
        if self.dispute is not None:
            out = Lending.objects.filter(LENT_OUT, dispute=self.dispute)
            self.offer("lending", [(row.pk, f"{row.reader} {row.due_on or ''}") for row in out])


def uploads_paper(dispute: Dispute, code: str | None) -> bool:
    return bool(code) and documents.of_code(dispute, code or "") is not None


# Effects -----------------------------------------------------------------------------------------


@command(
    "issue_document",
    label=_("Issue a paper"),
    done=_("Paper issued"),
    form=IssueForm,
    statuses=ALIVE,
)
def issue_document(dispute: Dispute, facts: CaseFacts) -> None:
    """The number of the file is given out with the first paper that bears it."""
    file = CaseFile(dispute, now=facts.now)
    kind = KINDS[facts.data["kind"]]
    about = kind.about(file, facts.data["about"])
    if about is None:
        return  # the form has found it a moment ago, under the same lock

    def next_file_number() -> str:
        dispute.file_number = numbering.next_file_number(dispute, facts.today.year)
        return dispute.file_number

    documents.issue(
        file, kind, about, actor=facts.actor, now=facts.now, next_file_number=next_file_number
    )


@command(
    "attach_file",
    label=_("Add a file"),
    done=_("File added"),
    form=AttachForm,
    statuses=UNBOUND,
    hidden=True,
)
def attach_file(dispute: Dispute, facts: CaseFacts) -> None:
    data = facts.data
    document = documents.of_code(dispute, data["paper"]) if data["slot"] == Slot.SIGNED else None
    uploads.put_into(
        dispute,
        data["upload"],
        slot=data["slot"],
        note=data["note"],
        source=data["source"],
        paper=document.code if document else "",
        about=data["about"],
    )
    if document is not None:
        documents.mark_signed(document)


@command(
    "withdraw_file",
    label=_("Take a file out"),
    done=_("File taken out"),
    form=WithdrawForm,
    statuses=UNBOUND,
    hidden=True,
)
def withdraw_file(dispute: Dispute, facts: CaseFacts) -> None:
    """It stays in the vault and in the journal; it is no part of the file any more."""
    uploads.withdraw(dispute, facts.data["file"], reason=facts.data["reason"], now=facts.now)


@command(
    "lend_file",
    label=_("Record reading or lending"),
    done=_("Reading or lending recorded"),
    form=LendForm,
    statuses=BOUND,
)
def lend_file(dispute: Dispute, facts: CaseFacts) -> None:
    data = facts.data
    Lending.objects.create(
        dispute=dispute,
        act=data["act"],
        reader=data["reader"],
        unit=data["unit"],
        reason=data["reason"],
        at=facts.now,
        due_on=data["due_on"],
        recorded_by_id=facts.actor.person_id,
    )


@command(
    "return_file",
    label=_("Record the return of the file"),
    done=_("The file has come back"),
    form=ReturnForm,
    statuses=BOUND,
    guards=(practice.file_is_lent,),
)
def return_file(dispute: Dispute, facts: CaseFacts) -> None:
    Lending.objects.filter(pk=facts.data["lending"]).update(returned_at=facts.now)
