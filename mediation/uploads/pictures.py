"""Pictures: decoded within limits, turned upright, written anew without anything that is not picture."""

import io
import warnings
from collections.abc import Callable
from typing import Final

import pillow_heif
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from mediation.uploads.rejected import Rejected

MOST_PIXELS: Final = 40_000_000
LONGEST_SIDE: Final = 4000
THUMBNAIL: Final = 320
Image.MAX_IMAGE_PIXELS = MOST_PIXELS
pillow_heif.register_heif_opener()

DAMAGED = _("The picture is damaged and cannot be opened.")
TOO_MANY = _("The picture has more than 40 million pixels.")

Examiner = Callable[[bytes], tuple[bytes, bytes, int]]


def rewrite(form: str) -> Examiner:
    """An examiner for one format; the first frame of a moving picture is what stays."""

    def examine(data: bytes) -> tuple[bytes, bytes, int]:
        picture = _opened(data, form)
        small = picture.convert("RGB")
        small.thumbnail((THUMBNAIL, THUMBNAIL))
        return _written(picture, form), _written(small, "JPEG"), 1

    return examine


def _opened(data: bytes, form: str) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(io.BytesIO(data), formats=[form]) as opened:
                _require_size(opened)
                opened.load()
                picture = ImageOps.exif_transpose(opened)
                picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
                return _plain(picture, form)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Rejected("pixels", TOO_MANY) from None
    except Rejected:
        raise
    except Exception:  # noqa: BLE001 -- decoders fail in many ways on hostile bytes
        raise Rejected("damaged", DAMAGED) from None


def _require_size(opened: Image.Image) -> None:
    """Asked of the head, before a single pixel is unpacked."""
    if opened.width * opened.height > MOST_PIXELS:
        raise Rejected("pixels", TOO_MANY)


def _plain(picture: Image.Image, form: str) -> Image.Image:
    """Only pixels: a fresh picture that has never known where it was taken."""
    clear = form in {"PNG", "WEBP"} and (
        "A" in picture.getbands() or "transparency" in picture.info
    )
    pixels = picture.convert("RGBA" if clear else "RGB")
    fresh = Image.new(pixels.mode, pixels.size)
    fresh.paste(pixels)
    return fresh


def _written(picture: Image.Image, form: str) -> bytes:
    out = io.BytesIO()
    if form in {"JPEG", "HEIF"}:
        picture.convert("RGB").save(out, "JPEG", quality=88, optimize=True)
    elif form == "WEBP":
        picture.save(out, "WEBP", quality=88)
    else:
        picture.save(out, "PNG", optimize=False)
    return out.getvalue()
