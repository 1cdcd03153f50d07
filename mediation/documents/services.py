"""Issuing papers: frozen, numbered, with a code by which anybody can check them. And who may read them."""

import hashlib
import io
import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import pikepdf
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from mediation.accounts.actor import Actor
from mediation.areas.selectors import subdistrict_code
from mediation.core import vault
from mediation.core.db import write
from mediation.core.errors import Reason
from mediation.disputes import numbers, policy
from mediation.disputes.models import Dispute, Party
from mediation.documents import make, press
from mediation.documents.casefile import CaseFile
from mediation.documents.kinds import KINDS, About, Kind
from mediation.documents.models import Document, Look, Template

NextFileNumber = Callable[[], str]


def may_read(actor: Actor, dispute: Dispute, parties: Sequence[Party] | None = None) -> bool:
    """Papers bear full names and identifiers: the case team, and with a child only who may know it."""
    if not policy.may_read_records(actor, dispute):
        return False
    if actor.is_system or policy.may_see_minors(actor, dispute):
        return True
    if parties is not None:
        return not any(row.is_minor for row in parties)
    return not Party.objects.filter(dispute=dispute, is_minor=True).exists()


def issue(
    file: CaseFile,
    kind: Kind,
    about: About,
    *,
    actor: Actor,
    now: datetime,
    next_file_number: NextFileNumber,
) -> Document:
    """Freeze the paper as the case stands now. The same content again is the same document.

    Called inside the transaction of a command: number, row and file come together or not at all.
    """
    before = Document.objects.filter(dispute=file.dispute, kind=kind.id, about=about.key)
    latest = before.order_by("-version").first()
    number = latest.number if latest else _number(file, kind, next_file_number)
    paper = make.paper(file, kind, about, number=number)
    print_ = paper.fingerprint
    if latest and (latest.fingerprint, latest.is_signed) == (print_, paper.is_signed):
        return latest
    before.filter(is_current=True).update(is_current=False)
    document = Document(
        dispute=file.dispute,
        kind=kind.id,
        about=about.key,
        version=latest.version + 1 if latest else 1,
        is_signed=paper.is_signed or kind.signed is None,
        number=number,
        organisation=str(paper.fields.get("organisation", file.committee)),
        code=_free_code(),
        fingerprint=print_,
        dated=paper.on,
        made_by_id=actor.person_id,
        made_at=now,
    )
    document.data = json.dumps(paper.fields, ensure_ascii=False)
    _print(document, kind)
    document.save()
    return document


def _number(file: CaseFile, kind: Kind, next_file_number: NextFileNumber) -> str:
    """A number of the kind's own series, or that of the file, which D7, D8, D9 and D10 share."""
    if kind.series == "file":
        return file.dispute.file_number or next_file_number()
    if not kind.series:
        return ""
    year = file.today.year
    serial = numbers.take(file.series, kind.series, year)
    return f"{file.short_name}{kind.mark}〔{year}〕第{serial:03d}号"


def _free_code() -> str:
    while True:
        code = numbers.lookup_code()
        if not Document.objects.filter(code=code).exists():
            return code


def _print(document: Document, kind: Kind) -> None:
    """Keep the file beside the data; where nothing can be printed, the data alone."""
    try:
        data = make.pdf(make.frozen(document, kind))
    except press.NoPdf:
        return
    document.stored_as = vault.put(data)
    document.pdf_sha256 = hashlib.sha256(data).hexdigest()
    document.pages = page_count(data)


def page_count(pdf: bytes) -> int:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return len(opened.pages)


def mark_signed(document: Document) -> None:
    """A signed page lies in its slot: the document is no draft any more, and is printed anew."""
    if document.is_signed:
        return
    document.is_signed = True
    _print(document, KINDS[document.kind])
    document.save(update_fields=["is_signed", "stored_as", "pdf_sha256", "pages"])


def read_pdf(document: Document) -> bytes:
    """The file as it was issued. Raises ``press.NoPdf`` when it never was printed and still cannot be."""
    if document.stored_as:
        return vault.get(document.stored_as)
    return make.pdf(make.frozen(document, KINDS[document.kind]))


def template_for(kind: str, area_code: str) -> bytes | None:
    """The form that the office uses for this kind, or ``None`` for our own."""
    row = (
        Template.objects.filter(kind=kind, in_use=True, area__code=subdistrict_code(area_code))
        .only("stored_as")
        .first()
    )
    return vault.get(row.stored_as) if row else None


def next_version(kind: str, area_id: int) -> int:
    rows = Template.objects.filter(kind=kind, area_id=area_id)
    return (rows.aggregate(last=Max("version"))["last"] or 0) + 1


def of_code(dispute: Dispute, code: str) -> Document | None:
    """The document of this case behind a check code, as typed or as scanned."""
    return Document.objects.filter(dispute=dispute, code=numbers.normalise_code(code)).first()


def destroy(dispute: Dispute) -> None:
    """Delete the issued papers of a case for good; from the disk once the transaction is safe."""
    rows = Document.objects.filter(dispute=dispute)
    stored = [name for name in rows.values_list("stored_as", flat=True) if name]
    rows.delete()
    vault.delete_after_commit(stored)


def note_look(dispute: Dispute, what: str, actor: Actor, *, now: datetime) -> None:
    """Keep who opened what; a paper shows in full what pages mask."""
    with write():
        Look.objects.create(dispute=dispute, what=what[:40], person_id=actor.person_id, at=now)


def note_look_once(
    dispute: Dispute, what: str, actor: Actor, *, now: datetime, within: timedelta
) -> None:
    """As ``note_look``; who looks at the same again and again while he writes is noted once."""
    lately = Look.objects.filter(dispute=dispute, what=what[:40], person=actor.person_id)
    if not lately.filter(at__gt=now - within).exists():
        note_look(dispute, what, actor, now=now)


NOT_YOUR_PAPERS = Reason(
    "not_your_papers", _("The papers of this case are for those who handle it.")
)
