"""What a file really is, whatever its name says; what is accepted is harmless, what is not is told why.

Pictures are decoded and written anew: places, camera data and anything hidden behind them are gone.
PDF, Office, sound and film stay byte for byte as they came, or are refused. Nothing is written to disk here.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mediation.core.text import BadText, clean
from mediation.uploads import office, pdfs, pictures, scanner, streams
from mediation.uploads.rejected import Rejected

LARGEST: Final = 20 * 1024 * 1024
LARGEST_FILM: Final = 24 * 1024 * 1024
NAME_LENGTH: Final = 100

EMPTY = _("The file is empty.")
UNKNOWN = _(
    "Files of this kind are not accepted. Accepted: photos (jpg, png, webp, heic), PDF, Word and Excel "
    "(docx, xlsx), sound (mp3, m4a, wav), film (mp4)."
)
DIFFERENT = _("The content of the file is not what its name says ({suffix}).")
BAD_NAME = _("The name of the file contains characters that no name may have.")


@dataclass(frozen=True, slots=True)
class Good:
    """A file that may be kept. ``thumbnail``: a small JPEG of a picture."""

    data: bytes
    name: str
    suffix: str
    media_type: str
    thumbnail: bytes = b""
    pages: int = 1
    is_scanned: bool = False


@dataclass(frozen=True, slots=True)
class Accepted:
    """One kind of file: its beginning, the media type we serve it as, and how it is examined."""

    starts: Callable[[bytes], bool]
    media_type: str
    examine: Callable[[bytes], tuple[bytes, bytes, int]]
    largest: int = LARGEST
    becomes: str = ""


def _box(brands: tuple[bytes, ...]) -> Callable[[bytes], bool]:
    return lambda data: data[4:8] == b"ftyp" and data[8:12] in brands


def _riff(kind: bytes) -> Callable[[bytes], bool]:
    return lambda data: data[:4] == b"RIFF" and data[8:12] == kind


DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEIC = (b"heic", b"heix", b"mif1", b"msf1", b"heim", b"heis", b"hevc")
FILM = (
    b"isom",
    b"iso2",
    b"iso4",
    b"iso5",
    b"iso6",
    b"mp41",
    b"mp42",
    b"avc1",
    b"M4V ",
    b"MSNV",
    b"3gp4",
    b"3gp5",
)
SOUND = (b"M4A ", b"M4B ", b"mp42", b"isom", b"iso2")

ACCEPTED: dict[str, Accepted] = {
    "jpg": Accepted(lambda d: d[:3] == b"\xff\xd8\xff", "image/jpeg", pictures.rewrite("JPEG")),
    "png": Accepted(lambda d: d[:8] == b"\x89PNG\r\n\x1a\n", "image/png", pictures.rewrite("PNG")),
    "webp": Accepted(_riff(b"WEBP"), "image/webp", pictures.rewrite("WEBP")),
    "heic": Accepted(_box(HEIC), "image/jpeg", pictures.rewrite("HEIF"), becomes="jpg"),
    "pdf": Accepted(lambda d: d[:5] == b"%PDF-", "application/pdf", pdfs.examine),
    "docx": Accepted(lambda d: d[:4] == b"PK\x03\x04", DOCX, office.examine("word/document.xml")),
    "xlsx": Accepted(lambda d: d[:4] == b"PK\x03\x04", XLSX, office.examine("xl/workbook.xml")),
    "mp3": Accepted(streams.begins_mp3, "audio/mpeg", streams.mp3),
    "m4a": Accepted(_box(SOUND), "audio/mp4", streams.boxes),
    "wav": Accepted(_riff(b"WAVE"), "audio/wav", streams.wav),
    "mp4": Accepted(_box(FILM), "video/mp4", streams.boxes, largest=LARGEST_FILM),
}
ALIASES: Final = {"jpeg": "jpg", "jfif": "jpg", "heif": "heic"}
TYPES: Final = ",".join(f".{suffix}" for suffix in (*ACCEPTED, *ALIASES))
"""For the ``accept`` of a file field."""


def examine(data: bytes, name: str) -> Good:
    """Raises ``Rejected`` with a sentence for the person who sent it."""
    name = readable(name)
    suffix = _suffix(name)
    kind = ACCEPTED.get(suffix)
    if not data:
        raise Rejected("empty", EMPTY)
    if kind is None:
        raise Rejected("kind", UNKNOWN)
    if len(data) > kind.largest:
        raise Rejected("size", _too_large(kind.largest))
    if not kind.starts(data[:64]):
        raise Rejected("different", DIFFERENT.format(suffix=suffix))
    kept, thumbnail, pages = kind.examine(data)
    is_scanned = scanner.require_clean(data)
    final = kind.becomes or suffix
    stem = name.rpartition(".")[0] or name
    return Good(kept, f"{stem}.{final}", final, kind.media_type, thumbnail, pages, is_scanned)


def _too_large(limit: int) -> str | Promise:
    return _("The file is larger than {limit} MB.").format(limit=limit // (1024 * 1024))


def _suffix(name: str) -> str:
    typed = name.rpartition(".")[2].lower() if "." in name else ""
    return ALIASES.get(typed, typed)


def readable(name: str) -> str:
    """The last part of the name, without invisible characters, at most ``NAME_LENGTH`` long.

    Raises ``Rejected`` for what no file system takes.
    """
    if "\x00" in name:
        raise Rejected("name", BAD_NAME)
    try:
        last = clean(re.split(r"[/\\]", name)[-1]).strip(". ")
    except BadText:
        raise Rejected("name", BAD_NAME) from None
    last = re.sub(r'[<>:"|?*]', "_", last)
    stem, dot, suffix = last.rpartition(".")
    if not dot:
        return last[:NAME_LENGTH]
    return f"{stem[: NAME_LENGTH - len(suffix) - 1] or 'file'}.{suffix[:10]}"


def shown_name(name: str) -> str:
    """The name for a sentence about a file that was not taken."""
    try:
        return readable(name)[:40] or "?"
    except Rejected:
        return "?"
