"""From a case to a paper: fields read once, laid out once, then printed as PDF or written as Word."""

import base64
import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final

from django.conf import settings
from PIL import Image

from mediation.agreements import services as agreements
from mediation.core import vault
from mediation.disputes.models import Dispute
from mediation.documents import contents, press, word
from mediation.documents.blocks import Block
from mediation.documents.casefile import CaseFile, Slip
from mediation.documents.fields import FIELDS
from mediation.documents.kinds import KINDS, About, Kind
from mediation.documents.models import Document, short

DRAFT: Final = "草稿"
FORM: Final = "3"
"""Part of every fingerprint: raised when the same fields are laid out otherwise."""

PHOTO_WIDTH: Final = 1000


@dataclass(frozen=True, slots=True)
class Paper:
    """What one paper shows. ``seal`` tells papers that were issued from previews."""

    kind: Kind
    fields: dict[str, Any]
    on: date
    is_signed: bool
    number: str = ""
    code: str = ""
    for_signing: bool = False
    issued_as: str = ""
    """The fingerprint under which it was issued: it stays, however the form is laid out later."""

    @property
    def fingerprint(self) -> str:
        """SHA-256 over kind, form and fields in one fixed spelling."""
        if self.issued_as:
            return self.issued_as
        told = [self.kind.id, FORM, self.on.isoformat(), self.fields]
        text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def is_draft(self) -> bool:
        return not (self.is_signed or self.for_signing or self.kind.signed is None)

    def data(self) -> dict[str, Any]:
        """What the template is given."""
        address = f"{settings.PUBLIC_URL}/v/{self.code}" if self.code else ""
        return {
            "title": self.kind.title,
            "organisation": str(self.fields.get("organisation", "")),
            "blocks": [_developed(block) for block in self.kind.layout(self.fields)],
            "draft": self.is_draft,
            "draft_word": DRAFT,
            "page_numbers": self.kind.id not in {"d10", "d10b"},
            "qr": press.qr_svg(address) if address else "",
            "qr_alt": f"核验码{self.code}",
            "code_label": "核验码",
            "code": self.code,
            "print_label": "防伪码",
            "fingerprint": short(self.fingerprint),
        }


def _developed(block: Block) -> Block:
    """A block of photographs gets their pictures; the others are as they are."""
    if block["t"] != "pictures":
        return block
    shown = [{"caption": p["caption"], "svg": _photo(p["stored"])} for p in block["pictures"]]
    return {**block, "pictures": shown}


@lru_cache(maxsize=32)
def _photo(stored: str) -> str:
    """A photo as the paper shows it, wrapped in a drawing: JPEG, no larger than the page needs."""
    if not stored:
        return ""
    with Image.open(io.BytesIO(vault.get(stored))) as opened:
        picture = opened.convert("RGB")
    picture.thumbnail((PHOTO_WIDTH, PHOTO_WIDTH))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=80)
    wide, high = picture.size
    data = base64.b64encode(out.getvalue()).decode()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{high}">'
        f'<image width="{wide}" height="{high}" href="data:image/jpeg;base64,{data}"/></svg>'
    )


def paper(
    file: CaseFile,
    kind: Kind,
    about: About,
    *,
    number: str = "",
    extra: dict[str, Any] | None = None,
) -> Paper:
    """Fill in a paper from the case as it stands."""
    if extra is None:
        extra = contents.outline(file) if kind.id == "d11" else {}
    if kind.series == "file":
        number = number or file.dispute.file_number
    slip = Slip(file, about.row, number, extra)
    fields = {key: FIELDS[key].read(slip) for key in kind.fields}
    signed = kind.signed is not None and kind.signed(slip)
    return Paper(kind, fields, kind.on(slip), signed, number)


def imagined(dispute: Dispute, data: Mapping[str, Any], *, now: datetime) -> Paper:
    """The agreement as it would print if it were recorded with this input. Nothing is kept."""
    file = CaseFile(dispute, now=now)
    agreement, obligations = agreements.written_down(dispute, file.parties, data, version=0)
    file.agreement, file.obligations = agreement, obligations
    kind = KINDS["d8" if agreement.is_oral else "d7"]
    return paper(file, kind, About("", ""), number=dispute.file_number)


def frozen(document: Document, kind: Kind, *, for_signing: bool = False) -> Paper:
    """The paper as it was issued. A field that the form has learned since is empty in it."""
    fields = dict.fromkeys(kind.fields, "") | json.loads(document.data)
    return Paper(
        kind, fields, document.dated, document.is_signed, document.number,
        document.code, for_signing, document.fingerprint,
    )  # fmt: skip


def pdf(made: Paper) -> bytes:
    """Raises ``press.NoPdf``."""
    return press.pdf(made.data(), on=made.on)


def images(made: Paper, *, ppi: float = 110) -> list[bytes]:
    """Raises ``press.NoPdf``."""
    return press.images(made.data(), on=made.on, ppi=ppi)


def docx(made: Paper, *, template: bytes | None = None) -> bytes:
    return word.render(made.data(), made.fields, on=made.on, template=template)
