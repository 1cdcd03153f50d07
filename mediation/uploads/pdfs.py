"""PDF: opens, is not locked, runs nothing, carries no other file."""

import io
import zipfile
from typing import Any, Final

import pikepdf
from django.utils.translation import gettext_lazy as _

from mediation.uploads.rejected import Rejected

MOST_PAGES: Final = 1000
MOST_OBJECTS: Final = 200_000
TAIL: Final = 1024
ACTIVE: Final = frozenset(
    {
        "/JavaScript", "/JS", "/Launch", "/EmbeddedFile", "/EmbeddedFiles", "/RichMedia", "/XFA",
        "/SubmitForm", "/ImportData", "/GoToE",
    }
)  # fmt: skip

DAMAGED = _("The PDF file is damaged and cannot be opened.")
LOCKED = _("The PDF file is protected with a password. Please save it without one.")
ALIVE = _(
    "The PDF file contains a script, an attached file or a command. Please print it to a new PDF."
)
MIXED = _("Something else is hidden behind the PDF file.")
LONG = _("The PDF file has more than 1000 pages.")


def examine(data: bytes) -> tuple[bytes, bytes, int]:
    end = data.rfind(b"%%EOF")
    if end < 0 or len(data) - end > TAIL:
        raise Rejected("mixed" if end >= 0 else "damaged", MIXED if end >= 0 else DAMAGED)
    if zipfile.is_zipfile(io.BytesIO(data)):  # a paper and an archive in one
        raise Rejected("mixed", MIXED)
    try:
        with pikepdf.open(io.BytesIO(data)) as opened:
            return data, b"", _pages(opened)
    except pikepdf.PasswordError:
        raise Rejected("locked", LOCKED) from None
    except Rejected:
        raise
    except Exception:  # noqa: BLE001 -- parsers fail in many ways on hostile bytes
        raise Rejected("damaged", DAMAGED) from None


def _pages(opened: pikepdf.Pdf) -> int:
    if opened.is_encrypted:
        raise Rejected("locked", LOCKED)
    pages = len(opened.pages)
    if not 0 < pages <= MOST_PAGES:
        raise Rejected("long" if pages else "damaged", LONG if pages else DAMAGED)
    if len(opened.objects) > MOST_OBJECTS or any(_is_active(one) for one in opened.objects):
        raise Rejected("active", ALIVE)
    return pages


def _is_active(thing: Any, depth: int = 0) -> bool:
    """Whether a dictionary, or one written inside it, names an action or an attachment."""
    if depth > 20:
        return True  # nobody nests so deep by accident
    if isinstance(thing, pikepdf.Array):
        return any(_is_active(one, depth + 1) for one in thing if _is_direct(one))
    if not isinstance(thing, (pikepdf.Dictionary, pikepdf.Stream)):
        return False
    keys = set(thing.keys())
    names = {
        str(value)
        for value in (thing.get("/S"), thing.get("/Type"), thing.get("/Subtype"))
        if value is not None
    }
    if (keys | names) & ACTIVE:
        return True
    return any(_is_active(thing.get(key), depth + 1) for key in keys if _is_direct(thing.get(key)))


def _is_direct(thing: Any) -> bool:
    """Indirect ones are walked by themselves."""
    return isinstance(thing, pikepdf.Object) and not thing.is_indirect
