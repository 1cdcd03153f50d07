"""Files that leave the house: never shown inside a page, never run, never kept by a cache."""

from pathlib import Path
from typing import Final, cast

from django.http import FileResponse, HttpResponse
from django.utils.http import content_disposition_header

SANDBOX: Final = "default-src 'none'; sandbox"


def guarded(response: HttpResponse) -> HttpResponse:
    """Headers of every file: whatever is in it, the browser runs none of it as ours."""
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def file(path: Path, *, name: str, media_type: str, inline: bool = False) -> HttpResponse:
    """Raises ``OSError`` when the file is gone."""
    response = FileResponse(
        path.open("rb"), as_attachment=not inline, filename=name, content_type=media_type
    )
    # A view may answer with a stream; Django types its answers apart.
    return guarded(cast("HttpResponse", response))


def disposition(name: str, *, inline: bool = False) -> str:
    """The header for a name in any script."""
    return content_disposition_header(as_attachment=not inline, filename=name) or "attachment"
