"""Papers and files of a case for programs: the same rights, the same records of who looked."""

from datetime import date, datetime
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from ninja import File, Form, Path, Router, Schema
from ninja.files import UploadedFile
from pydantic import Field

from mediation.api import filters
from mediation.api.answers import ok, problems
from mediation.api.auth import ApiRequest
from mediation.core import clock, downloads, vault
from mediation.core.errors import Forbidden, NotFound
from mediation.disputes import policy
from mediation.disputes.models import Dispute
from mediation.documents import make, services
from mediation.documents.casefile import CaseFile
from mediation.documents.kinds import find, papers_of, slug_of
from mediation.documents.models import Document
from mediation.uploads import services as uploads
from mediation.uploads.models import Slot, Upload
from mediation.uploads.sniff import DOCX
from workflows.engine import Command, execute

router = Router(tags=["papers"])
PDF = "application/pdf"


class Paper(Schema):
    """One paper that the case has or may have. `version` and what follows: once it was issued."""

    id: str = Field(description="Address of the paper within the case.")
    form: str
    title: str
    about: str
    need: str = Field(description="`must`, `wanted` or `free`.")
    version: int | None = None
    number: str | None = None
    code: str | None = None
    dated: date | None = None
    is_signed: bool | None = None
    fingerprint: str | None = None
    pdf_sha256: str | None = None


class Papers(Schema):
    items: list[Paper]


class Attachment(Schema):
    number: int
    slot: str
    slot_label: str
    name: str
    note: str
    media_type: str
    size: int
    sha256: str
    uploaded_at: datetime


class Attachments(Schema):
    items: list[Attachment]


class Facts(Schema):
    """What is said of a file that is brought."""

    slot: str = Slot.EVIDENCE.value
    note: str = ""
    source: str = ""
    paper: str = Field("", description="Check code of the paper whose signed page it is.")


def _bytes(media_type: str) -> dict[str, Any]:
    content = {media_type: {"schema": {"type": "string", "format": "binary"}}}
    return {"responses": {200: {"description": "The file", "content": content}}}


@router.get(
    "/disputes/{number}/documents",
    response={200: Papers, **problems(403, 404)},
    summary="Papers of a case, in the order of the volume",
)
def list_documents(request: ApiRequest, number: str) -> HttpResponse:
    file = _file(request, number)
    issued = {
        (row.kind, row.about): row
        for row in Document.objects.filter(dispute=file.dispute, is_current=True)
    }
    items = []
    for kind, about, need in papers_of(file):
        document = issued.get((kind.id, about.key))
        shown = Paper(
            id=slug_of(kind, about),
            form=kind.code,
            title=kind.title,
            about=about.label,
            need=need.value,
        )
        items.append(shown.model_copy(update=_issued(document)) if document else shown)
    return ok(Papers(items=items))


def _issued(document: Document) -> dict[str, Any]:
    names = ("version", "number", "code", "dated", "is_signed", "fingerprint", "pdf_sha256")
    return {name: getattr(document, name) for name in names}


@router.get(
    "/disputes/{number}/documents/{paper}/pdf",
    response=problems(403, 404, 503),
    openapi_extra=_bytes(PDF),
    summary="A paper as PDF: as issued, else as a draft",
)
def read_document_pdf(request: ApiRequest, number: str, paper: str) -> HttpResponse:
    file = _file(request, number)
    shown, document = _paper(file, paper)
    services.note_look(file.dispute, f"pdf {paper}", request.actor, now=file.now)
    data = services.read_pdf(document) if document else make.pdf(shown)
    return _sent(data, PDF, f"{file.dispute.code}-{shown.kind.id}.pdf")


@router.get(
    "/disputes/{number}/documents/{paper}/docx",
    response=problems(403, 404),
    openapi_extra=_bytes(DOCX),
    summary="A paper as Word file",
)
def read_document_docx(request: ApiRequest, number: str, paper: str) -> HttpResponse:
    file = _file(request, number)
    shown, _document = _paper(file, paper)
    services.note_look(file.dispute, f"docx {paper}", request.actor, now=file.now)
    form = services.template_for(shown.kind.id, file.dispute.area_code)
    return _sent(make.docx(shown, template=form), DOCX, f"{file.dispute.code}-{shown.kind.id}.docx")


def _file(request: ApiRequest, number: str) -> CaseFile:
    """Raises ``NotFound`` outside one's view, ``Forbidden`` for those who do not handle the case."""
    now = clock.now()
    file = CaseFile(filters.find(number, request.actor, now=now), now=now)
    if not services.may_read(request.actor, file.dispute, file.parties):
        raise Forbidden(services.NOT_YOUR_PAPERS)
    return file


def _paper(file: CaseFile, slug: str) -> tuple[make.Paper, Document | None]:
    kind, about = find(file, slug)
    rows = Document.objects.filter(dispute=file.dispute, kind=kind.id, about=about.key)
    document = rows.filter(is_current=True).first()
    return (make.frozen(document, kind) if document else make.paper(file, kind, about)), document


def _sent(data: bytes, media_type: str, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=media_type)
    response.headers["Content-Disposition"] = downloads.disposition(name)
    return downloads.guarded(response)


# Files -------------------------------------------------------------------------------------------


@router.get(
    "/disputes/{number}/attachments",
    response={200: Attachments, **problems(404)},
    summary="Files that people brought, as far as you may see them",
)
def list_attachments(request: ApiRequest, number: str) -> HttpResponse:
    dispute = filters.find(number, request.actor, now=clock.now())
    rows = Upload.objects.filter(dispute=dispute, withdrawn_at__isnull=True).order_by("ordinal")
    seen = [row for row in rows if uploads.may_read(row, dispute, request.actor)]
    return ok(Attachments(items=[_attachment(row) for row in seen]))


def _attachment(row: Upload) -> Attachment:
    return Attachment(
        number=row.ordinal or 0,
        slot=row.slot,
        slot_label=str(row.get_slot_display()),
        name=row.name,
        note=row.note,
        media_type=row.media_type,
        size=row.size,
        sha256=row.sha256,
        uploaded_at=row.uploaded_at,
    )


@router.get(
    "/disputes/{number}/attachments/{ordinal}",
    response=problems(404, 422),
    openapi_extra=_bytes("application/octet-stream"),
    summary="One file",
)
def read_attachment(request: ApiRequest, number: str, ordinal: Path[int]) -> HttpResponse:
    now = clock.now()
    dispute = filters.find(number, request.actor, now=now)
    row = uploads.of(dispute, ordinal) if 0 < ordinal <= uploads.LARGEST_NUMBER else None
    if row is None or not uploads.may_read(row, dispute, request.actor):
        raise NotFound
    services.note_look(dispute, f"file {row.ordinal}", request.actor, now=now)
    return _sent(vault.get(row.stored_as), row.media_type, row.name)


@router.post(
    "/disputes/{number}/attachments",
    response={201: Attachment, **problems(403, 404, 413, 422, 503)},
    summary="Bring a file",
)
def bring_attachment(
    request: ApiRequest, number: str, file: File[UploadedFile], facts: Form[Facts]
) -> HttpResponse:
    """Photos are written anew without places and camera data; the rest stays as it is or is refused."""
    now = clock.now()
    dispute = filters.find(number, request.actor, now=now)
    if not policy.may(request.actor, "attach_file", dispute):
        raise Forbidden(policy.NOT_YOURS)
    parked = uploads.park(file.read(), file.name or "", request.actor, now=now)
    data = {"upload": parked.pk, **facts.model_dump()}
    execute(
        Command("attach_file", dispute=dispute.pk, data=data, door="api"), request.actor, now=now
    )
    parked.refresh_from_db()
    answer = HttpResponse(
        _attachment(parked).model_dump_json(), status=201, content_type="application/json"
    )
    answer.headers["Location"] = _address(dispute, parked)
    return answer


def _address(dispute: Dispute, row: Upload) -> str:
    at = {"number": dispute.number, "ordinal": row.ordinal}
    return reverse("api:read_attachment", kwargs=at)
