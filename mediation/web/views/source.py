"""The source of the running version, for everybody who uses it (AGPL, section 13)."""

import io
import tarfile
from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

# Named one by one: data, keys and environments of an installation never stand in these.
PARTS = (
    *("mediation", "workflows", "templates", "static", "locale", "tools", "docs", "requirements"),
    *("manage.py", "pyproject.toml", "requirements.lock", "Makefile"),
    *("README.md", "README.zh-CN.md", "LICENSE", "THIRD_PARTY.md"),
)


@require_GET
def source(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 -- the same for everybody
    return HttpResponse(
        archive(settings.BASE_DIR),
        content_type="application/gzip",
        headers={"Content-Disposition": 'attachment; filename="fengqiao-source.tar.gz"'},
    )


@cache
def archive(root: Path) -> bytes:
    """Packed once per process: the running source does not change under it."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        for part in PARTS:
            if (root / part).exists():
                tar.add(root / part, arcname=f"fengqiao/{part}", filter=_without_traces)
    return buffer.getvalue()


def _without_traces(entry: tarfile.TarInfo) -> tarfile.TarInfo | None:
    if "__pycache__" in entry.name or not (entry.isfile() or entry.isdir()):
        return None
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    return entry
