"""Writing a backup, and reading one to see that it is whole."""

import hashlib
import json
import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, Final

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from mediation.core.crypto import parse_keys
from mediation.jobs.backup import database
from mediation.jobs.backup.archive import Damaged, Reader, Writer
from workflows import seals

MANIFEST: Final = "manifest.json"
SUFFIX: Final = ".fqbackup"
LEFT_OUT: Final = frozenset({"static", "backups", "seals", "ticker.beat"})
"""What is made anew, or kept beside: the seals are taken by themselves, before the database."""
SECRETS: Final = ("secret_key.txt", "field_keys.txt", "seal_keys.txt")


@dataclass
class Manifest:
    """What a backup holds. ``members``: name → bytes and SHA-256; ``counts``: table → rows."""

    house: str = ""
    at: str = ""
    vendor: str = ""
    keys: list[int] = field(default_factory=list)
    migrations: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    members: dict[str, list[Any]] = field(default_factory=dict)
    seals: int = 0


def directory() -> Path:
    path: Path = settings.DATA_DIR / "backups"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def newest() -> Path | None:
    return max(directory().glob(f"*{SUFFIX}"), key=lambda path: path.stat().st_mtime, default=None)


def make(to: Path | None, *, now: datetime, why: str = "asked") -> tuple[Path, Manifest]:
    """Write a backup as of now, read it back, and only then give it its name.

    Raises ``database.Unable`` or ``OSError``; nothing is left behind then.
    """
    path = to or directory() / f"fengqiao-{now:%Y%m%d-%H%M%S-%f}-{why}{SUFFIX}"
    draft = path.with_name(f".{path.name}.part")
    try:
        with _workplace() as place:
            manifest = _write(draft, place, now)
        if check(draft) != manifest:
            raise Damaged("The backup does not read back as it was written.")
        draft.replace(path)
        _sync_directory(path.parent)
    finally:
        draft.unlink(missing_ok=True)
    return path, manifest


def _workplace() -> "tempfile.TemporaryDirectory[str]":
    return tempfile.TemporaryDirectory(dir=directory(), prefix=".work-")


def _write(draft: Path, place: str, now: datetime) -> Manifest:
    keys = parse_keys(settings.FIELD_KEYS)
    manifest = Manifest(
        house=seals.house(), at=now.isoformat(), vendor=connection.vendor, keys=sorted(keys)
    )
    # Seals first: what they cover must be in the database that follows. Files last: a row never names a
    # file that came after it.
    sealed = _copied(seals.file(), Path(place) / "seals.jsonl")
    last = seals.latest(sealed) if sealed else None
    manifest.seals = last["seal"] if last else 0
    copy = Path(place) / database.member()
    _require_room(copy)
    manifest.counts = database.dump(copy)
    manifest.migrations = _migrations()
    about = {"house": manifest.house, "at": manifest.at, "vendor": manifest.vendor}
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        sink = Writer(file, keys=keys, about=about)
        with tarfile.open(fileobj=sink, mode="w|", format=tarfile.PAX_FORMAT) as tar:  # type: ignore[call-overload]
            for name, source in [*_fixed(copy, sealed), *_files()]:
                _add(tar, name, source, manifest)
            _add_bytes(tar, MANIFEST, json.dumps(manifest.__dict__, sort_keys=True).encode())
        sink.close()
        file.flush()
        os.fsync(file.fileno())
    return manifest


def _fixed(copy: Path, sealed: Path | None) -> list[tuple[str, Path]]:
    found = [(database.member(), copy)]
    return [*found, ("seals.jsonl", sealed)] if sealed else found


def _copied(source: Path, to: Path) -> Path | None:
    if not source.exists():
        return None
    shutil.copyfile(source, to)
    return to


def _migrations() -> list[str]:
    applied = MigrationRecorder(connection).applied_migrations()
    return sorted(f"{app}.{name}" for app, name in applied)


def _require_room(copy: Path) -> None:
    """Twice the database must fit: the copy, and the backup that is made of it."""
    made = connection.settings_dict["NAME"]
    size = Path(str(made)).stat().st_size if connection.vendor == "sqlite" else 0
    if shutil.disk_usage(copy.parent).free < 2.2 * size:
        raise database.Unable(f"There is not enough room in {copy.parent.parent} for a backup.")


def _files() -> Iterator[tuple[str, Path]]:
    """Whatever lies in the data directory and is neither a key, the database, nor made anew."""
    home = Path(settings.DATA_DIR)
    for top in sorted(home.iterdir()):
        if top.name not in LEFT_OUT and top.name not in SECRETS:
            for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
                if path.is_file() and not path.is_symlink() and not _is_database(path):
                    yield f"files/{path.relative_to(home).as_posix()}", path


def _is_database(path: Path) -> bool:
    """The file itself, its log and its index: of a working database a plain copy is no copy."""
    own = Path(str(connection.settings_dict["NAME"])).name if connection.vendor == "sqlite" else ""
    return ".sqlite3" in path.name or bool(own and path.name.startswith(own))


def _add(tar: tarfile.TarFile, name: str, source: Path, manifest: Manifest) -> None:
    """One file as it is now; one that was taken away meanwhile is passed over."""
    try:
        opened = source.open("rb")
    except FileNotFoundError:
        return
    with opened as file:
        info = tarfile.TarInfo(name)
        info.size = os.fstat(file.fileno()).st_size
        info.mode = 0o600
        counted = _Counted(file)
        tar.addfile(info, counted)
    manifest.members[name] = [info.size, counted.hash.hexdigest()]


def _add_bytes(tar: tarfile.TarFile, name: str, data: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size = len(data)
    tar.addfile(info, BytesIO(data))


class _Counted:
    """A stream that hashes what is read from it."""

    def __init__(self, file: BinaryIO | Any) -> None:
        self._file, self.hash = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data: bytes = self._file.read(size)
        self.hash.update(data)
        return data


def _sync_directory(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


# Reading ------------------------------------------------------------------------------------------


def check(path: Path) -> Manifest:
    """Read all of a backup. Raises ``Damaged`` or ``KeyMissing``."""
    return unpack(path, into=None)


def unpack(path: Path, *, into: Path | None) -> Manifest:
    """Read all of a backup, and lay its members down in ``into``. Nothing of it counts before the end."""
    found: dict[str, list[Any]] = {}
    text = b""
    with path.open("rb") as file:
        source = Reader(file, keys=parse_keys(settings.FIELD_KEYS))
        try:
            with tarfile.open(fileobj=source, mode="r|") as tar:  # type: ignore[call-overload]
                for info in tar:
                    member = tar.extractfile(info)
                    if member is None:
                        raise Damaged("The backup holds something that is no file.")
                    if info.name == MANIFEST:
                        text = member.read()
                    else:
                        found[info.name] = _take(member, info, into)
        except tarfile.TarError:
            raise Damaged("The backup is damaged.") from None
        source.read()
        if not source.is_at_end:
            raise Damaged("The backup is cut off.")
    return _compared(text, found)


def _take(member: Any, info: tarfile.TarInfo, into: Path | None) -> list[Any]:
    counted = _Counted(member)
    if into is None:
        while counted.read(1024 * 1024):
            pass
    else:
        target = (into / info.name).resolve()
        if not target.is_relative_to(into.resolve()):
            raise Damaged("The backup names a place outside of itself.")
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as out:
            shutil.copyfileobj(counted, out, 1024 * 1024)
    return [info.size, counted.hash.hexdigest()]


def _compared(text: bytes, found: Mapping[str, list[Any]]) -> Manifest:
    if not text:
        raise Damaged("The backup has no manifest.")
    manifest = Manifest(**json.loads(text))
    if manifest.members != found:
        raise Damaged("The backup does not hold what its manifest says.")
    return manifest
