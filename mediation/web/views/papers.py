"""Papers of a case: the list, one paper with its preview, its files, and issuing it."""

import uuid
from functools import lru_cache
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from mediation.core import clock, downloads, errors
from mediation.core.errors import NotFound
from mediation.disputes.models import Dispute
from mediation.documents import make, press, services
from mediation.documents.casefile import CaseFile
from mediation.documents.kinds import About, Kind, find
from mediation.documents.models import Document
from mediation.errands import services as errands
from mediation.uploads.models import Slot, Upload
from mediation.uploads.sniff import DOCX, TYPES
from mediation.web import papers, sheets
from mediation.web.access import StaffRequest, signed_in
from mediation.web.dossier import find_case
from mediation.web.forms import client_key
from workflows.engine import Command, execute

PREVIEWS = 16
JOINED = ("grid", "mediator", "registered_by")


@require_safe
@signed_in
def listing(request: StaffRequest, code: str) -> HttpResponse:
    """Everything on paper: what the file needs, what was issued, what people brought."""
    dispute = find_case(request.actor, code, now=clock.now(), joined=JOINED)
    told = papers.context(dispute, request.actor, now=clock.now())
    if not (told["reads"] or told["may_attach"]):
        raise errors.Forbidden(services.NOT_YOUR_PAPERS)
    return render(request, "documents/papers.html", told | {"accept": TYPES})


@require_safe
@signed_in
def paper(request: StaffRequest, code: str, paper: str) -> HttpResponse:
    """One paper: its pages as pictures, its versions, and where a signed page is put."""
    file, kind, about = _asked(request, code, paper)
    document = _current(file.dispute, kind, about)
    draft = make.paper(file, kind, about, number=document.number if document else "")
    told: dict[str, Any] = {
        "dispute": file.dispute,
        "kind": kind,
        "about": about.label,
        "slug": paper,
        "document": document,
        "changed": document is not None and document.fingerprint != draft.fingerprint,
        "versions": _versions(file.dispute, kind, about),
        "signed_pages": _signed_pages(file.dispute, document),
        "pages": [],
        "cannot_print": press.missing(),
        "accept": TYPES,
        "may_issue": True,
        "key": uuid.uuid4(),
    }
    if told["cannot_print"] is None:
        told["pages"] = range(1, len(_pictures(_shown(file, kind, about, document))) + 1)
    services.note_look(file.dispute, f"paper {paper}", request.actor, now=file.now)
    return render(request, "documents/paper.html", told)


def _asked(request: StaffRequest, code: str, slug: str) -> tuple[CaseFile, Kind, About]:
    """Raises ``NotFound`` for what there is not, ``Forbidden`` for what is not yours to read."""
    now = clock.now()
    dispute = find_case(request.actor, code, now=now, joined=JOINED)
    file = CaseFile(dispute, now=now)
    if not services.may_read(request.actor, dispute, file.parties):
        raise errors.Forbidden(services.NOT_YOUR_PAPERS)
    return (file, *find(file, slug))


def _current(dispute: Dispute, kind: Kind, about: About) -> Document | None:
    rows = Document.objects.filter(dispute=dispute, kind=kind.id, about=about.key)
    return rows.filter(is_current=True).first()


def _versions(dispute: Dispute, kind: Kind, about: About) -> list[Document]:
    rows = Document.objects.filter(dispute=dispute, kind=kind.id, about=about.key)
    return list(rows.select_related("made_by").order_by("-version"))


def _signed_pages(dispute: Dispute, document: Document | None) -> list[papers.FileRow]:
    if document is None:
        return []
    rows = Upload.objects.filter(
        dispute=dispute, slot=Slot.SIGNED, paper=document.code, withdrawn_at__isnull=True
    )
    return [papers.file_row(row, dispute) for row in rows]


def _shown(file: CaseFile, kind: Kind, about: About, document: Document | None) -> make.Paper:
    """What was issued; before that, what would be."""
    return make.frozen(document, kind) if document else make.paper(file, kind, about)


@lru_cache(maxsize=PREVIEWS)
def _cached(_print: str, _code: str, _signed: bool, holder: "_Holder") -> list[bytes]:  # noqa: FBT001 -- a key
    return make.images(holder.paper)


class _Holder:
    """Equal to every other: the cache goes by the fingerprint."""

    def __init__(self, paper: make.Paper) -> None:
        self.paper = paper

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Holder)

    def __hash__(self) -> int:
        return 0


def _pictures(shown: make.Paper) -> list[bytes]:
    return _cached(shown.fingerprint, shown.code, shown.is_signed, _Holder(shown))


@require_safe
@signed_in
def picture(request: StaffRequest, code: str, paper: str, page: int) -> HttpResponse:
    file, kind, about = _asked(request, code, paper)
    # The page of the paper has noted it for all its pictures; whoever asks for one alone is noted here.
    services.note_look_once(
        file.dispute, f"paper {paper}", request.actor, now=file.now, within=sheets.ONE_SITTING
    )
    pages = _pictures(_shown(file, kind, about, _current(file.dispute, kind, about)))
    if not 0 < page <= len(pages):
        raise NotFound
    return downloads.guarded(HttpResponse(pages[page - 1], content_type="image/png"))


@require_safe
@signed_in
def pdf(request: StaffRequest, code: str, paper: str) -> HttpResponse:
    """The issued version (``?version=``), else a draft; ``?for=signing`` without the word across it."""
    file, kind, about = _asked(request, code, paper)
    document = _wanted(request, file, kind, about)
    for_signing = request.GET.get("for") == "signing"
    if document is None:
        data = make.pdf(make.paper(file, kind, about))
    elif for_signing and not document.is_signed:
        data = make.pdf(make.frozen(document, kind, for_signing=True))
    else:
        data = services.read_pdf(document)
    services.note_look(file.dispute, f"pdf {paper}", request.actor, now=file.now)
    name = _file_name(file.dispute, kind, document)
    response = HttpResponse(data, content_type="application/pdf")
    response.headers["Content-Disposition"] = downloads.disposition(f"{name}.pdf", inline=True)
    return downloads.guarded(response)


@require_safe
@signed_in
def docx(request: StaffRequest, code: str, paper: str) -> HttpResponse:
    """To go on working with, in the form of the office if it has one."""
    file, kind, about = _asked(request, code, paper)
    document = _wanted(request, file, kind, about)
    shown = _shown(file, kind, about, document)
    form = services.template_for(kind.id, file.dispute.area_code)
    services.note_look(file.dispute, f"docx {paper}", request.actor, now=file.now)
    response = HttpResponse(make.docx(shown, template=form), content_type=DOCX)
    name = _file_name(file.dispute, kind, document)
    response.headers["Content-Disposition"] = downloads.disposition(f"{name}.docx")
    return downloads.guarded(response)


def _wanted(request: StaffRequest, file: CaseFile, kind: Kind, about: About) -> Document | None:
    typed = request.GET.get("version", "")
    if not typed:
        return _current(file.dispute, kind, about)
    versions = {str(row.version): row for row in _versions(file.dispute, kind, about)}
    if typed not in versions:
        raise NotFound
    return versions[typed]


def _file_name(dispute: Dispute, kind: Kind, document: Document | None) -> str:
    """Case code and kind; no name of a person ever stands in a file name."""
    version = f"-v{document.version}" if document else f"-{make.DRAFT}"
    return f"{dispute.code}-{kind.title}{version}"


@require_POST
@signed_in
def issue(request: StaffRequest, code: str, paper: str) -> HttpResponse:
    file, kind, about = _asked(request, code, paper)
    key = client_key(request.POST.get("key", "")) or uuid.uuid4()
    data = {"kind": kind.id, "about": about.key}
    command = Command("issue_document", dispute=file.dispute.code, data=data, key=f"page:{key}")
    execute(command, request.actor, now=file.now)
    messages.success(request, _("%(paper)s is issued.") % {"paper": kind.label})
    return redirect("paper", code, paper)


@require_POST
@signed_in
def whole(request: StaffRequest, code: str) -> HttpResponse:
    """Ask for the whole file: one PDF, or everything in a ZIP. It is made in the background."""
    now = clock.now()
    dispute = find_case(request.actor, code, now=now)
    form = "zip" if request.POST.get("form") == "zip" else "pdf"
    wanted = {"dispute": dispute.pk}
    errands.ask(f"dossier_{form}", request.actor, now=now, dispute=dispute, wanted=wanted)
    return redirect("errands")
