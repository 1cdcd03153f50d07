"""Static files: which ones are collected, and whether that has to be done again."""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import AppDirectoriesFinder, get_finders
from django.core.management import call_command

UNUSED_PAGES = ["redoc*"]  # the second viewer that the API library ships; we serve the first


class NeededFilesFinder(AppDirectoriesFinder):
    """Files of the apps, without the 49 MB of viewflow's own interface and what nothing links to."""

    def __init__(self, app_names: list[str] | None = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(app_names, *args, **kwargs)
        self.apps = [name for name in self.apps if not name.startswith("viewflow")]
        self.storages = {name: self.storages[name] for name in self.apps if name in self.storages}

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[Any]:
        yield from super().list([*(ignore_patterns or []), *UNUSED_PAGES])


def collect_if_changed() -> bool:
    """Collect and compress the static files unless they are as they were; says whether it did."""
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    present = _fingerprint()
    if stamp.exists() and stamp.read_text() == present:
        return False
    call_command("collectstatic", verbosity=0, interactive=False)
    stamp.write_text(present)
    return True


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list(["CVS", ".*", "*~"]):
            status = Path(storage.path(path)).stat()
            digest.update(f"{path}|{status.st_size}|{status.st_mtime_ns}\n".encode())
    return digest.hexdigest()
