"""Putting a backup in place of what is there."""

import shutil
import tempfile
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection

from mediation.core.models import House
from mediation.disputes.models import Dispute
from mediation.jobs.backup import database, make
from mediation.jobs.backup.make import Manifest
from mediation.jobs.schema import unknown_to_code
from workflows import seals


class Occupied(Exception):
    """There are cases here already; nothing is overwritten unasked."""


def restore(path: Path, *, now: datetime, force: bool) -> Manifest:
    """Unpack and check everything, then replace the database, then the files.

    Raises ``Occupied``, ``Damaged``, ``KeyMissing`` or ``Unable``; until the database is replaced nothing has
    changed.
    """
    if not force and _has_cases():
        raise Occupied
    with tempfile.TemporaryDirectory(dir=make.directory(), prefix=".work-") as place:
        manifest = make.unpack(path, into=Path(place))
        _require_fitting(manifest)
        database.load(Path(place) / database.member())
        _put_files(Path(place) / "files")
        _put_seals(Path(place) / "seals.jsonl", now, manifest)
    return manifest


def _has_cases() -> bool:
    if Dispute._meta.db_table not in connection.introspection.table_names():
        return False
    return Dispute.objects.exists()


def _require_fitting(manifest: Manifest) -> None:
    if manifest.vendor != connection.vendor:
        raise database.Unable(
            f"The backup is of {manifest.vendor}; this installation runs on {connection.vendor}."
        )
    applied = {tuple(name.split(".", 1)) for name in manifest.migrations}
    if newer := unknown_to_code(applied):
        raise database.Unable(
            f"The backup was made by a newer version ({newer[0]}). Install that version first."
        )


def _put_files(source: Path) -> None:
    """Each file by rename where it was. What came later stays: no row names it any more."""
    home = Path(settings.DATA_DIR)
    for file in sorted(source.rglob("*")) if source.exists() else []:
        if file.is_file():
            target = home / file.relative_to(source)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(file, target)


def _put_seals(source: Path, now: datetime, manifest: Manifest) -> None:
    """On a new machine the seals come back too. Where they lie already they are the better witness."""
    if not House.objects.exists():
        return
    there = seals.file()
    if there.exists():
        if (last := seals.latest(there)) and last["seal"] > manifest.seals:
            seals.restart(now, f"restored from the backup of {manifest.at}")
    elif source.exists():
        shutil.move(source, there)
