"""QR pictures as drawings inside the page: no file, no request, no style attribute."""

import segno
from django.utils.safestring import SafeString, mark_safe

ERROR_CORRECTION = "m"


def svg(text: str) -> SafeString:
    """A drawing that scales with its box. The caller gives it a name for screen readers."""
    code = segno.make(text, error=ERROR_CORRECTION, micro=False)
    drawing = code.svg_inline(omitsize=True, svgclass="fq-qr-code", lineclass=None)
    return mark_safe(drawing)  # noqa: S308 -- numbers and path commands made from the text
