"""From the blocks of a paper to PDF: typst, one warm compiler per process, nothing personal in source.

The same data and date give the same bytes. Data enters as JSON (``sys.inputs``); the template shows it and
never reads it as markup. No package is ever fetched.
"""

import json
import os
import threading
import time
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import segno
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from mediation.core import errors
from mediation.core.errors import Reason

HERE: Final = Path(__file__).parent / "typst"
BODY: Final = "Noto Serif CJK SC"
HEADING: Final = "Noto Sans CJK SC"
# What an office may drop into FQ_FONT_DIR, by the names that the fonts bear inside.
OFFICE: Final[Mapping[str, tuple[str, ...]]] = {
    "body": ("FangSong_GB2312", "仿宋_GB2312", "FangSong", "仿宋", "FZFangSong-Z02S"),
    "heading": ("SimHei", "黑体", "FZHei-B01S"),
    "title": ("FZXiaoBiaoSong-B05S", "方正小标宋简体", "FZXiaoBiaoSong-B05"),
}
STANDARD: Final = "a-2b"
RETRY_SECONDS: Final = 30.0


class NoPdf(errors.Refusal):
    """Papers cannot be printed here; their Word files can."""

    status = 503
    code = "no_pdf"
    title = _("PDF files cannot be made on this server.")


NO_ENGINE = Reason(
    "no_engine",
    _("The typesetter is not installed (package typst). The Word file can still be downloaded."),
)
NO_FONTS = Reason(
    "no_fonts",
    _(
        "The Chinese fonts are missing (Debian package fonts-noto-cjk, or FQ_FONT_DIR). "
        "The Word file can still be downloaded."
    ),
)


class Press:
    """The compiler of this process and the fonts that it found. Made at first use."""

    def __init__(self) -> None:
        import typst

        folders = [str(path) for path in (settings.FONT_DIR,) if path and path.is_dir()]
        found = typst.Fonts(include_embedded_fonts=False, font_paths=folders)
        families = set(found.families())
        self.fonts = {name: [f for f in office if f in families] for name, office in OFFICE.items()}
        self.has_fonts = bool({BODY, *self.fonts["body"]} & families)
        self.weight = "regular" if self.fonts["title"] else "bold"
        self.fonts["body"].append(BODY)
        self.fonts["heading"] += [HEADING, BODY]
        self.fonts["title"].append(BODY)
        self.compiler = typst.Compiler(
            str(HERE / "paper.typ"),
            root=str(HERE),
            font_paths=found,
            package_path=str(HERE),
            package_cache_path=os.devnull,
        )
        self.lock = threading.Lock()

    def compile(
        self, data: dict[str, Any], *, on: date, form: str = "paper.typ", **how: Any
    ) -> Any:
        fonts = {**self.fonts, "title_weight": self.weight}
        text = json.dumps({**data, "fonts": fonts}, ensure_ascii=False, sort_keys=True)
        moment = datetime(on.year, on.month, on.day, tzinfo=UTC)
        with self.lock:
            return self.compiler.compile(
                str(HERE / form), sys_inputs={"data": text}, timestamp=moment, pdf_tags=False, **how
            )


class _Warm:
    """The press of this process. One without fonts is looked at again: they may be installed later."""

    press: Press | None = None
    tried = float("-inf")


def _press() -> Press:
    found = _Warm.press
    if found is None or (not found.has_fonts and time.monotonic() - _Warm.tried > RETRY_SECONDS):
        found = _Warm.press = Press()
        _Warm.tried = time.monotonic()
    return found


def missing() -> Reason | None:
    """What keeps this machine from printing, in a sentence for the page; ``None``: nothing."""
    if settings.PDF_ENGINE == "none":
        return NO_ENGINE
    try:
        return None if _press().has_fonts else NO_FONTS
    except ImportError:
        return NO_ENGINE


def _ready() -> Press:
    if reason := missing():
        raise NoPdf(reason)
    return _press()


def pdf(data: dict[str, Any], *, on: date, form: str = "paper.typ") -> bytes:
    """The paper as PDF/A. ``on``: the date of the paper, which is also the file's. Raises ``NoPdf``."""
    made: bytes = _ready().compile(data, on=on, form=form, format="pdf", pdf_standards=STANDARD)
    return made


def images(
    data: dict[str, Any], *, on: date, ppi: float = 110, form: str = "paper.typ"
) -> list[bytes]:
    """The pages as PNG, for the preview. Raises ``NoPdf``."""
    made = _ready().compile(data, on=on, form=form, format="png", ppi=ppi)
    return [made] if isinstance(made, bytes) else list(made)


def numbers(data: dict[str, Any], *, on: date) -> bytes:
    """Empty pages with running numbers, to be laid over those of a volume. Raises ``NoPdf``."""
    made: bytes = _ready().compile(data, on=on, form="numbers.typ", format="pdf")
    return made


@lru_cache(maxsize=256)
def qr_svg(text: str) -> str:
    code = segno.make(text, error="m", micro=False)
    return str(code.svg_inline(border=0, scale=4))
