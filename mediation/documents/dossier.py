"""The whole file: everything in the order of the volume, one PDF with page numbers, or a ZIP of originals.

Cover and back carry no number; the catalogue is numbered by itself and names the page on which each
part begins. What cannot be printed (sound, film, Office files) stands in the catalogue as an enclosure.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pikepdf
from django.utils.translation import gettext_lazy as _
from PIL import Image

from mediation.accounts.actor import Actor
from mediation.core import errors, vault
from mediation.disputes import policy
from mediation.disputes.models import Dispute
from mediation.documents import contents, make, press, services
from mediation.documents.casefile import CaseFile
from mediation.documents.contents import Entry
from mediation.documents.kinds import KINDS, About
from mediation.documents.models import Lending
from mediation.errands.kinds import Product, Work, errand, figures_only
from mediation.uploads.models import Upload

Step = Callable[[int, int], None]
PRINT_DPI: Final = 150
A4: Final = (round(8.27 * PRINT_DPI), round(11.69 * PRINT_DPI))


@dataclass(frozen=True, slots=True)
class Part:
    """One entry of the catalogue. ``read``: its PDF; an enclosure has none."""

    name: str
    note: str
    read: Callable[[], bytes] | None
    file_name: str
    original: Callable[[], bytes] | None = None


def parts(file: CaseFile) -> Iterator[Part]:
    """What lies between catalogue and back cover. Issued papers as issued, others as they stand."""
    for entry in contents.entries(file):
        yield _enclosure(entry, entry.upload) if entry.upload else _paper(file, entry)


def _paper(file: CaseFile, entry: Entry) -> Part:
    def read() -> bytes:
        if entry.document is not None:
            return services.read_pdf(entry.document)
        return make.pdf(make.paper(file, entry.kind, entry.about))

    return Part(entry.name, entry.note, read, f"{entry.kind.code}-{entry.kind.title}.pdf")


def _enclosure(entry: Entry, upload: Upload) -> Part:
    def original() -> bytes:
        return vault.get(upload.stored_as)

    def read() -> bytes:
        data = original()
        return data if upload.suffix == "pdf" else _picture_page(data)

    return Part(
        entry.name,
        entry.note,
        read if contents.is_printable(upload) else None,
        f"{upload.ordinal:03d}-{upload.name}",
        original,
    )


def _picture_page(data: bytes) -> bytes:
    """A photo on an A4 page, upright, as large as it fits within the margins."""
    with Image.open(io.BytesIO(data)) as opened:
        picture = opened.convert("RGB")
    margin = round(0.6 * PRINT_DPI)
    picture.thumbnail((A4[0] - 2 * margin, A4[1] - 2 * margin))
    page = Image.new("RGB", A4, "white")
    page.paste(picture, ((A4[0] - picture.width) // 2, margin))
    out = io.BytesIO()
    page.save(out, "PDF", resolution=PRINT_DPI, quality=85)
    return out.getvalue()


FRAME_PAGES: Final = 3
"""Cover, catalogue and back cover, mostly a page each."""


def pages_of(file: CaseFile) -> int:
    """About how many pages the volume has: issued papers and scans are counted, others are one each."""
    papers = [one for one in contents.entries(file) if one.upload is None]
    wanted = [one.document.pages or 1 if one.document else 1 for one in papers]
    brought = [row.pages for row in file.uploads if contents.is_printable(row)]
    return sum(wanted) + sum(brought) + FRAME_PAGES


# One PDF ------------------------------------------------------------------------------------------


def whole_pdf(file: CaseFile, *, step: Step, lying: list[Part] | None = None) -> bytes:
    """Cover, catalogue, everything printable with running page numbers, back cover."""
    lying = list(parts(file)) if lying is None else lying
    total = len(lying) + 3
    inside, catalogue = pikepdf.new(), []
    for number, part in enumerate(lying):
        step(number, total)
        begins = len(inside.pages) + 1
        if part.read is not None:
            with pikepdf.open(io.BytesIO(part.read())) as one:
                inside.pages.extend(one.pages)
        page = str(begins) if part.read is not None else "—"
        catalogue.append({"name": part.name, "page": page, "note": part.note})
    count = len(inside.pages)
    extra = {"catalogue": catalogue, "page_total": count}
    _number(inside, file)
    step(total - 2, total)
    book = pikepdf.new()
    for kind_id in ("d10", "d11"):
        _append(book, make.pdf(make.paper(file, KINDS[kind_id], About("", ""), extra=extra)))
    book.pages.extend(inside.pages)
    _append(book, make.pdf(make.paper(file, KINDS["d10b"], About("", ""), extra=extra)))
    step(total, total)
    out = io.BytesIO()
    book.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def _append(book: pikepdf.Pdf, data: bytes) -> None:
    with pikepdf.open(io.BytesIO(data)) as one:
        book.pages.extend(one.pages)


def _number(inside: pikepdf.Pdf, file: CaseFile) -> None:
    """The running number of the volume in the upper outer corner, beside each part's own below."""
    sheets = {
        "title": "页码", "organisation": file.committee, "count": len(inside.pages),
    }  # fmt: skip
    if not inside.pages:
        return
    with pikepdf.open(io.BytesIO(press.numbers(sheets, on=file.today))) as numbers:
        for page, number in zip(inside.pages, numbers.pages, strict=True):
            page.add_overlay(number, pikepdf.Rectangle(page.mediabox))


# ZIP of originals ---------------------------------------------------------------------------------


def whole_zip(file: CaseFile, path: Path, *, step: Step) -> None:
    """Every paper as PDF and Word, every file as it was brought, and a list of sums."""
    lying = list(parts(file))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        listed = []
        for number, part in enumerate(lying, start=1):
            step(number - 1, len(lying))
            data = _original(part)
            if data is None:
                continue
            name = f"{number:03d}-{part.file_name}"
            archive.writestr(zipfile.ZipInfo(name, _moment(file)), data)
            listed.append(
                {"file": name, "name": part.name, "size": len(data), "sha256": _sum(data)}
            )
        told = {"case": file.dispute.number, "file": file.dispute.file_number, "parts": listed}
        text = json.dumps(told, ensure_ascii=False, indent=1)
        archive.writestr(zipfile.ZipInfo("目录.json", _moment(file)), text)


def _original(part: Part) -> bytes | None:
    if part.original is not None:
        return part.original()
    try:
        return part.read() if part.read else None
    except press.NoPdf:
        return None


def _moment(file: CaseFile) -> tuple[int, int, int, int, int, int]:
    day = file.today
    return (day.year, day.month, day.day, 0, 0, 0)


def _sum(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


# As errands ---------------------------------------------------------------------------------------


def may_take(wanted: dict[str, Any], actor: Actor, now: Any) -> bool:
    dispute = policy.visible_to(actor, now=now).filter(pk=int(wanted["dispute"])).first()
    return dispute is not None and services.may_read(actor, dispute)


def _opened(work: Work) -> CaseFile:
    rows = policy.visible_to(work.actor, now=work.now)
    dispute = (
        rows.select_related("grid", "mediator", "registered_by")
        .filter(pk=int(work.wanted["dispute"]))
        .first()
    )
    if dispute is None:
        raise errors.NotFound
    _note(dispute, work)
    return CaseFile(dispute, now=work.now)


def _note(dispute: Dispute, work: Work) -> None:
    """Whoever takes the whole file away stands in its record of readers."""
    Lending.objects.create(
        dispute=dispute,
        act=Lending.Act.DOWNLOADED,
        reader=work.actor.name,
        reason="下载整卷",
        at=work.now,
        recorded_by_id=work.actor.person_id,
    )


@errand("dossier_pdf", label=_("The whole file as one PDF"), may_take=may_take, rows=figures_only)
def make_pdf(work: Work) -> Product:
    file = _opened(work)
    path = work.scratch / "whole.pdf"
    path.write_bytes(whole_pdf(file, step=work.step))
    return Product(path, f"{file.dispute.code}-卷宗.pdf", "application/pdf")


@errand(
    "dossier_zip",
    label=_("The whole file with its originals"),
    may_take=may_take,
    rows=figures_only,
)
def make_zip(work: Work) -> Product:
    file = _opened(work)
    path = work.scratch / "whole.zip"
    whole_zip(file, path, step=work.step)
    return Product(path, f"{file.dispute.code}-卷宗.zip", "application/zip")
