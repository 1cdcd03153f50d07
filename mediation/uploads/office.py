"""Word and Excel files: a small honest archive without macros, links to elsewhere or files inside."""

import io
import re
import stat
import zipfile
from collections.abc import Callable
from typing import Final

from django.utils.translation import gettext_lazy as _

from mediation.uploads.rejected import Rejected

MOST_ENTRIES: Final = 1000
MOST_BYTES: Final = 100 * 1024 * 1024
MOST_RATIO: Final = 100
SMALL: Final = 64 * 1024
"""Parts below this may be squeezed as far as they like."""

DAMAGED = _("The Office file is damaged and cannot be opened.")
BOMB = _("The Office file unpacks to far more than a document holds.")
MACROS = _("The Office file contains macros. Please save it without them.")
INSIDE = _("The Office file carries another file inside. Please upload that one by itself.")
LINKED = _(
    "The Office file draws content from another place. Please break the links and save it again."
)
TRICK = _("The Office file is built in a way that no office program does.")

FOREIGN: Final = frozenset(
    {b"MZ\x90\x00", b"\x7fELF", b"\xd0\xcf\x11\xe0", b"PK\x03\x04", b"Rar!", b"7z\xbc\xaf", b"%PDF"}
)
"""How programs, old Office files, archives and papers begin: no part of a document does."""
_MACRO: Final = re.compile(r"vbaproject|vbadata|/macrosheets/|activex", re.IGNORECASE)
_EXTERNAL: Final = re.compile(
    rb"<Relationship\b[^>]*TargetMode\s*=\s*[\"']External[\"'][^>]*>", re.IGNORECASE
)
# A field that starts a program on the reader's machine: ``w:instr="DDEAUTO cmd"``, or in a run of its own.
_DDE: Final = re.compile(
    rb"<w:instrText[^>]*>[^<]*\bDDE(?:AUTO)?\b|w:instr\s*=\s*[\"'][^\"']*\bDDE(?:AUTO)?\b|<ddeLink\b",
    re.IGNORECASE,
)
_HYPERLINK: Final = re.compile(rb"Type\s*=\s*[\"'][^\"']*/hyperlink[\"']", re.IGNORECASE)


def examine(main: str) -> Callable[[bytes], tuple[bytes, bytes, int]]:
    """An examiner for the kind whose main part is ``main``."""

    def look(data: bytes) -> tuple[bytes, bytes, int]:
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                _require_honest(archive, data)
                _require_office(archive, main)
                for entry in archive.infolist():
                    _require_harmless(entry.filename, _read(archive, entry))
        except Rejected:
            raise
        except Exception:  # noqa: BLE001 -- archives fail in many ways on hostile bytes
            raise Rejected("damaged", DAMAGED) from None
        return data, b"", 1

    return look


def _require_honest(archive: zipfile.ZipFile, data: bytes) -> None:
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_BYTES:
        raise Rejected("bomb", BOMB)
    names = [entry.filename for entry in entries]
    if len(set(names)) != len(names) or min((e.header_offset for e in entries), default=1) != 0:
        raise Rejected("trick", TRICK)
    for entry in entries:
        if entry.file_size > SMALL and entry.file_size > MOST_RATIO * max(entry.compress_size, 1):
            raise Rejected("bomb", BOMB)
        parts = entry.filename.replace("\\", "/").split("/")
        link = stat.S_ISLNK(entry.external_attr >> 16)
        if ".." in parts or entry.filename.startswith(("/", "\\")) or link or entry.flag_bits & 1:
            raise Rejected("trick", TRICK)
    if data[-22:-18] != b"PK\x05\x06":  # something lies behind the archive
        raise Rejected("trick", TRICK)


def _require_office(archive: zipfile.ZipFile, main: str) -> None:
    names = set(archive.namelist())
    if main not in names or "[Content_Types].xml" not in names:
        raise Rejected("different", DAMAGED)
    if b"macroEnabled" in archive.read("[Content_Types].xml"):
        raise Rejected("macros", MACROS)


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """Never more than was declared: the declared sizes were summed up before."""
    with archive.open(entry) as part:
        body = part.read(entry.file_size + 1)
    if len(body) > entry.file_size:
        raise Rejected("bomb", BOMB)
    return body


def _require_harmless(name: str, body: bytes) -> None:
    if _MACRO.search(name):
        raise Rejected("macros", MACROS)
    if "/embeddings/" in name or body[:4] in FOREIGN:
        raise Rejected("inside", INSIDE)
    if "/externalLinks/" in name:
        raise Rejected("linked", LINKED)
    if name.endswith((".xml", ".rels", ".vml")):
        _require_plain_xml(name, body)


def _require_plain_xml(name: str, body: bytes) -> None:
    text = body.replace(b"\x00", b"")  # UTF-16 hides nothing
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise Rejected("trick", TRICK)
    if _DDE.search(text):
        raise Rejected("macros", MACROS)
    if name.endswith(".rels"):
        for found in _EXTERNAL.finditer(text):
            if not _HYPERLINK.search(found.group()):
                raise Rejected("linked", LINKED)
