"""Files of cases: sealed, under random names, outside everything that is served.

A file is whole on disk before its row says so; a row that was rolled back leaves an orphan, sealed
and without a reader. Readable bytes exist in memory only.
"""

import os
import secrets
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import transaction

from mediation.core import crypto

PLACE: Final = "vault.file"


def directory() -> Path:
    path: Path = settings.DATA_DIR / "vault"
    path.mkdir(mode=0o700, exist_ok=True)
    return path


def path_of(name: str) -> Path:
    return directory() / name[:2] / name


def put(data: bytes) -> str:
    """Seal ``data`` into the vault and return its name. Raises ``OSError`` when the disk is full."""
    name = secrets.token_hex(20)
    target = path_of(name)
    target.parent.mkdir(mode=0o700, exist_ok=True)
    sealed = crypto.seal_bytes(data, place=PLACE, row=name)
    handle, draft = tempfile.mkstemp(dir=target.parent, prefix="draft-")  # mode 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(sealed)
            file.flush()
            os.fsync(file.fileno())
        Path(draft).replace(target)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
    _sync(target.parent)
    return name


def _sync(directory: Path) -> None:
    """The name itself must survive a power cut, too."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def get(name: str) -> bytes:
    """What ``put`` was given. Raises ``OSError`` or ``crypto.Unreadable``."""
    return crypto.unseal_bytes(path_of(name).read_bytes(), place=PLACE, row=name)


def delete(name: str) -> None:
    path_of(name).unlink(missing_ok=True)


def delete_after_commit(names: Iterable[str]) -> None:
    """A file must not be gone while its row may still come back."""
    gone = list(names)

    def delete_all() -> None:
        for name in gone:
            delete(name)

    transaction.on_commit(delete_all, robust=True)


def clear() -> None:
    """Delete every file. For a demonstration that begins anew."""
    for path in directory().glob("??/*"):
        path.unlink(missing_ok=True)


def clear_drafts(*, older_than: float) -> int:
    """Delete what a killed process left half written before ``older_than`` (seconds since the epoch)."""
    gone = 0
    for path in directory().glob("??/draft-*"):
        if path.stat().st_mtime < older_than:
            path.unlink(missing_ok=True)
            gone += 1
    return gone
