"""What lies in the file of a case, in the order of the volume, before anything of it is printed."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from mediation.documents import words
from mediation.documents.casefile import CaseFile
from mediation.documents.kinds import KINDS, About, Kind, Need, papers_of
from mediation.documents.models import Document
from mediation.uploads.models import Slot, Upload

FRAME: Final = frozenset({"d10", "d11", "d10b"})
"""Cover, catalogue and back: made last, because they know what lies between them."""
AFTER: Final[dict[str, tuple[str, ...]]] = {
    "d3": (Slot.IDENTITY,),
    "l2e": (Slot.AUTHORITY,),
    "d5": (Slot.EVIDENCE, Slot.SCENE),
    "d6": (Slot.SESSION,),
    "d8": (Slot.PERFORMANCE,),
    "d13": (Slot.COURT,),
    "d12": (Slot.OTHER,),
}
"""Kind of paper → the slots whose files lie behind it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the catalogue: a paper, issued or not, or a file that somebody brought."""

    name: str
    note: str
    kind: Kind
    about: About
    document: Document | None = None
    upload: Upload | None = None


def entries(file: CaseFile) -> Iterator[Entry]:
    """What lies between catalogue and back cover; papers that are not needed only if they were issued."""
    found: dict[str, list[Entry]] = {}
    issued = _issued(file)
    for kind, about, need in papers_of(file):
        document = issued.get((kind.id, about.key))
        if kind.id not in FRAME and (need != Need.FREE or document):
            name = f"{kind.title}（{about.label}）" if about.label else kind.title
            note = "必须" if need == Need.MUST else "按需"
            found.setdefault(kind.id, []).append(Entry(name, note, kind, about, document))
    for kind_id, kind in KINDS.items():
        for paper in found.get(kind_id, []):
            yield paper
            yield from _signed_pages(file, paper)
        for upload in file.in_slot(*AFTER.get(kind_id, ())):
            yield _brought(upload, kind)


def _issued(file: CaseFile) -> dict[tuple[str, str], Document]:
    rows = Document.objects.filter(dispute=file.dispute, is_current=True)
    return {(row.kind, row.about): row for row in rows}


def _signed_pages(file: CaseFile, paper: Entry) -> Iterator[Entry]:
    for upload in file.in_slot(Slot.SIGNED) if paper.document else []:
        if paper.document and upload.paper == paper.document.code:
            yield Entry(
                f"{paper.kind.title}签字页", _beside(upload), paper.kind, paper.about, None, upload
            )


def _brought(upload: Upload, kind: Kind) -> Entry:
    name = f"{words.choice(upload, 'slot')}：{upload.note or upload.name}"
    return Entry(name, _beside(upload), kind, About("", ""), None, upload)


def _beside(upload: Upload) -> str:
    return "附件" if is_printable(upload) else "随卷电子附件"


def is_printable(upload: Upload) -> bool:
    return upload.is_image or upload.suffix == "pdf"


def outline(file: CaseFile) -> dict[str, Any]:
    """The catalogue as it stands, without pages: these are known when the volume is bound."""
    return {
        "catalogue": [{"name": one.name, "page": "", "note": one.note} for one in entries(file)]
    }
