"""What the pages of papers and files show: rows for templates, read with a fixed number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from mediation.accounts.actor import Actor
from mediation.agreements.models import Visit
from mediation.core.errors import Text
from mediation.disputes import policy
from mediation.disputes.enums import Status
from mediation.disputes.models import Dispute, Party
from mediation.documents import completeness, press, services
from mediation.documents.casefile import CaseFile
from mediation.documents.kinds import KINDS, About, Need, papers_of, slug_of
from mediation.documents.models import Document, Lending
from mediation.sessions.models import Meeting
from mediation.uploads import services as uploads
from mediation.uploads.models import Slot, Upload
from mediation.web.templatetags import fq


@dataclass(frozen=True, slots=True)
class Row:
    """One paper in the list."""

    slug: str
    code: str
    label: Text
    title: str
    about: str
    when: Text
    need: str
    document: Document | None
    url: str
    signed_pages: int

    @property
    def waits_for_signature(self) -> bool:
        return self.document is not None and not self.document.is_signed


@dataclass(frozen=True, slots=True)
class FileRow:
    """One uploaded file in the list."""

    upload: Upload
    slot: str
    url: str
    thumb_url: str
    withdraw_url: str
    paper: str
    is_unscanned: bool


def context(dispute: Dispute, actor: Actor, *, now: Any) -> dict[str, Any]:
    """What ``documents/papers.html`` shows to this actor."""
    file = CaseFile(dispute, now=now)
    reads = services.may_read(actor, dispute, file.parties)
    changes = policy.may(actor, "attach_file", dispute) and dispute.status not in {
        Status.VOIDED, Status.ARCHIVED,
    }  # fmt: skip
    lines = completeness.check(file) if reads else []
    return {
        "dispute": dispute,
        "reads": reads,
        "may_issue": reads and policy.may(actor, "issue_document", dispute),
        "may_attach": changes,
        "may_withdraw": changes and policy.may(actor, "withdraw_file", dispute),
        "may_lend": policy.may(actor, "lend_file", dispute) and not dispute.is_open,
        "cannot_print": press.missing(),
        "groups": _groups(list(rows(file))) if reads else [],
        "files": [file_row(row, dispute) for row in _readable(file.uploads, dispute, actor)],
        "sessions": [(row.pk, str(row)) for row in file.meetings] if changes else [],
        "slots": [choice for choice in Slot.choices if choice[0] != Slot.SIGNED],
        "check": lines,
        "missing": [line for line in lines if not line.is_there],
        "keep_until": completeness.keep_until(dispute),
        "lendings": _lendings(dispute) if reads and not dispute.is_open else [],
    }


def rows(file: CaseFile) -> Iterable[Row]:
    issued = {
        (row.kind, row.about): row
        for row in Document.objects.filter(dispute=file.dispute, is_current=True)
    }
    signed: dict[str, int] = {}
    for upload in file.in_slot(Slot.SIGNED):
        signed[upload.paper] = signed.get(upload.paper, 0) + 1
    for kind, about, need in papers_of(file):
        document = issued.get((kind.id, about.key))
        slug = slug_of(kind, about)
        yield Row(
            slug=slug,
            code=kind.code,
            label=kind.label,
            title=kind.title,
            about=_said(about),
            when=kind.when,
            need=need,
            document=document,
            url=reverse("paper", args=[file.dispute.code, slug]),
            signed_pages=signed.get(document.code, 0) if document else 0,
        )


def _said(about: About) -> str:
    """Which of several, in the language of the page; the papers themselves are Chinese."""
    if isinstance(about.row, Party):
        return _("Party %(n)s") % {"n": about.row.ordinal}
    return fq.day(about.on) if isinstance(about.row, (Meeting, Visit)) else about.label


def _groups(all_rows: list[Row]) -> list[tuple[bool, list[Row]]]:
    """What the file needs or has, then what may be made besides."""
    wanted = [row for row in all_rows if row.need != Need.FREE or row.document]
    free = [row for row in all_rows if row.need == Need.FREE and not row.document]
    return [(is_wanted, group) for is_wanted, group in ((True, wanted), (False, free)) if group]


def _readable(found: Iterable[Upload], dispute: Dispute, actor: Actor) -> list[Upload]:
    return [row for row in found if uploads.may_read(row, dispute, actor)]


def file_row(upload: Upload, dispute: Dispute) -> FileRow:
    at = [dispute.code, upload.ordinal]
    return FileRow(
        upload=upload,
        slot=upload.get_slot_display(),
        url=reverse("case_file", args=at),
        thumb_url=reverse("case_file_thumb", args=at) if upload.thumbnail else "",
        withdraw_url=reverse("case_file_withdraw", args=at),
        paper=upload.paper,
        is_unscanned=bool(settings.CLAMD) and upload.scanned_at is None,
    )


def _lendings(dispute: Dispute) -> list[Lending]:
    rows = Lending.objects.filter(dispute=dispute).select_related("recorded_by")
    return list(rows[:20])


# What a stranger may learn -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Checked:
    """What the public page says of a paper: nothing personal, not even which kind of dispute."""

    code: str
    title: str
    number: str
    organisation: str
    dated: date
    fingerprint: str
    version: int
    is_current: bool
    is_signed: bool


def checked(document: Document) -> Checked:
    return Checked(
        code=document.code,
        title=KINDS[document.kind].title if document.kind in KINDS else document.kind,
        number=document.number,
        organisation=document.organisation,
        dated=document.dated,
        fingerprint=document.short_fingerprint,
        version=document.version,
        is_current=document.is_current,
        is_signed=document.is_signed,
    )
