"""Seals: every record is bound, within a minute, by a keyed hash in a file that is not the database.

The file is only ever appended to. Put ``SEAL_DIR`` on another disk or host, or make it append-only
(``chattr +a``): then whoever owns the database can change records, but not unseen.
"""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max, Model

from mediation.accounts.models import AccessChange
from mediation.core import evidence
from mediation.core.crypto import parse_keys
from mediation.core.models import House
from mediation.core.vitals import Health
from mediation.disputes.models import Event, Reveal
from mediation.documents import models as documents
from mediation.oversight import models as oversight
from mediation.search.models import Lookup

EVERY: Final = timedelta(seconds=20)
BATCH: Final = 5_000
BATCHES: Final = 5
"""A backlog is sealed over several ticks: deadlines come first."""
LATE: Final = timedelta(minutes=5)
TAIL_BYTES: Final = 64 * 1024

STREAMS: dict[str, type[Model]] = {
    "event": Event, "access": AccessChange, "reveal": Reveal,
    # Who opened a paper or file, who opened a sensitive case, who looked for a person by number.
    "look": documents.Look, "sight": oversight.Look, "lookup": Lookup,
}  # fmt: skip


def keys() -> dict[int, str]:
    return parse_keys(settings.SEAL_KEYS)


def house() -> str:
    """The name of this installation, given when it is first asked for."""
    return str(House.objects.get_or_create(only=1)[0].uid)


def file() -> Path:
    """Where the seals of this house lie; of another house in the same directory lie others."""
    directory: Path = settings.SEAL_DIR
    return directory / f"seals-{house()[:8]}.jsonl"


# Leaves -------------------------------------------------------------------------------------------


def leaves(stream: str, *, after: int, upto: int) -> dict[int, str]:
    """The leaves of the records whose keys lie above ``after``, up to ``upto``."""
    rows = STREAMS[stream]._default_manager.filter(pk__gt=after, pk__lte=upto).order_by("pk")
    if stream == "event":
        digests = dict(rows.values_list("pk", "digest"))
    else:
        digests = {row.pk: evidence.digest_of(plain_record(row)) for row in rows.iterator()}
    return {key: evidence.leaf(stream, key, digest) for key, digest in digests.items()}


def plain_record(row: Model) -> dict[str, Any]:
    """Every column of a record that is not itself in a chain."""
    return {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields}


# Sealing ------------------------------------------------------------------------------------------


def seal(now: datetime) -> int:
    """Seal what has come since the last seal, if it is time. Returns how many records that were."""
    with _held(file()) as path:
        last = latest(path)
        if last is not None and now - datetime.fromisoformat(last["at"]) < EVERY:
            return 0
        return sum(_seal_batches(path, now))


def _seal_batches(path: Path, now: datetime) -> Iterator[int]:
    reached = covered(path)
    if _highest() == reached:
        return  # nothing came: nobody need hold still
    horizon = _horizon()
    for _ in range(BATCHES):
        found = {
            stream: leaves(stream, after=reached[stream], upto=_end(stream, reached, horizon))
            for stream in STREAMS
        }
        count = sum(map(len, found.values()))
        if not count:
            return
        _append(path, _line(path, found, now))
        reached = {s: max(keys_of, default=reached[s]) for s, keys_of in found.items()}
        yield count


def _end(stream: str, reached: Mapping[str, int], horizon: Mapping[str, int]) -> int:
    """The key of the last record of the next batch."""
    rows = STREAMS[stream]._default_manager.filter(pk__gt=reached[stream], pk__lte=horizon[stream])
    batch = list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH])
    return batch[-1] if batch else reached[stream]


def _line(path: Path, found: evidence.Leaves, now: datetime) -> dict[str, Any]:
    signer = evidence.Signer.newest(keys())
    at = now.isoformat()
    return evidence.seal(found, house=house(), at=at, after=latest(path), signer=signer)


def restart(now: datetime, reason: str) -> None:
    """Note that an older state of the records was put back on purpose."""
    with _held(file()) as path:
        last = latest(path)
        if last is not None:
            signer = evidence.Signer.newest(keys())
            line = evidence.restart(
                _highest(),
                reason=reason,
                house=house(),
                at=now.isoformat(),
                after=last,
                signer=signer,
            )
            _append(path, line)


def _horizon() -> dict[str, int]:
    """The highest keys below which every record is committed.

    PostgreSQL gives out keys before the commit: a writer that is still at work could fill in a lower one
    later. For the length of one question no writer is at work.
    """
    if connection.vendor != "postgresql":
        return _highest()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '500ms'")
        tables = ", ".join(model._meta.db_table for model in STREAMS.values())
        cursor.execute(f"LOCK TABLE {tables} IN SHARE MODE")
        return _highest()


def _highest() -> dict[str, int]:
    return {
        stream: model._default_manager.aggregate(top=Max("pk"))["top"] or 0
        for stream, model in STREAMS.items()
    }


# The file -----------------------------------------------------------------------------------------


@contextmanager
def _held(path: Path) -> Iterator[Path]:
    """One writer at a time, over all processes that share the directory."""
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield path


def _append(path: Path, line: Mapping[str, Any]) -> None:
    """A whole line on the disk before anything relies on it."""
    text = json.dumps(line, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        # A crash may have left half a line: begin anew rather than behind it.
        start = b"" if _ends_whole(path) else b"\n"
        os.write(handle, start + text.encode() + b"\n")
        os.fsync(handle)
    finally:
        os.close(handle)


def _ends_whole(path: Path) -> bool:
    with path.open("rb") as lines:
        lines.seek(0, os.SEEK_END)
        if lines.tell() == 0:
            return True
        lines.seek(-1, os.SEEK_END)
        return lines.read(1) == b"\n"


def latest(path: Path) -> dict[str, Any] | None:
    """The last seal of the file."""
    try:
        with path.open("rb") as lines:
            return _latest(lines)
    except FileNotFoundError:
        return None


def _latest(lines: Any) -> dict[str, Any] | None:
    """Look from the end, in ever longer tails: a seal over many records is a long line."""
    size, tail = lines.seek(0, os.SEEK_END), TAIL_BYTES
    while True:
        lines.seek(max(0, size - tail))
        text = lines.read().decode(errors="replace").split("\n")
        whole = text if size <= tail else text[1:]
        found = list(evidence.read(reversed(whole)))
        if found or size <= tail:
            return found[0] if found else None
        tail *= 4


def stored(path: Path) -> list[dict[str, Any]]:
    try:
        with path.open(encoding="utf-8", errors="replace") as lines:
            return list(evidence.read(lines))
    except FileNotFoundError:
        return []


class _Reached:
    """How far a file covers the records; read once per process and then carried along."""

    size = -1
    path = Path()
    upto: dict[str, int] = {}


def covered(path: Path) -> dict[str, int]:
    """The highest key of each stream that the file covers."""
    size = path.stat().st_size if path.exists() else 0
    if (_Reached.path, _Reached.size) != (path, size):
        upto = dict.fromkeys(STREAMS, 0)
        for said in stored(path):
            for stream, cover in said["covers"].items():
                upto[stream] = cover["ids"][-1][1]
            upto |= said.get("upto", {})
        _Reached.path, _Reached.size, _Reached.upto = path, size, upto
    return dict(_Reached.upto)


# Watching -----------------------------------------------------------------------------------------


def lag(now: datetime) -> timedelta:
    """How long records have been waiting for a seal."""
    path = file()
    reached, last = covered(path), latest(path)
    sealed_at = datetime.fromisoformat(last["at"]) if last else None
    waits = [
        now - max(oldest, sealed_at or oldest)
        for stream in STREAMS
        if (oldest := _oldest(stream, after=reached[stream])) is not None
    ]
    return max(waits, default=timedelta())


def _oldest(stream: str, *, after: int) -> datetime | None:
    rows = STREAMS[stream]._default_manager.filter(pk__gt=after).order_by("pk")
    found: datetime | None = rows.values_list("at", flat=True).first()
    return found


def health(now: datetime) -> Health:
    """Records wait for a seal while the ticker runs: evidence is not being made."""
    late = settings.TICKER and lag(now) > LATE
    return Health.DEGRADED if late else Health.OK
