"""Counting statements and processor time of a piece of work, database process included."""

import os
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import connection

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Meter:
    """``statements`` and ``cpu_ms`` per piece of work, in the order they were measured."""

    statements: list[int] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)

    def report(self) -> dict[str, float]:
        return {
            "runs": len(self.cpu_ms),
            "statements_median": statistics.median(self.statements),
            "statements_max": max(self.statements),
            "cpu_ms": round(statistics.fmean(self.cpu_ms), 3),
            "cpu_ms_median": round(statistics.median(self.cpu_ms), 3),
        }


class StatementCounter:
    """An execute wrapper that only counts; it keeps no text and costs next to nothing."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, execute: Callable[..., Any], *args: Any) -> Any:
        self.count += 1
        return execute(*args)


@contextmanager
def counting() -> Iterator[StatementCounter]:
    """Counts statements; BEGIN and COMMIT go past the wrapper and are added as two."""
    counter = StatementCounter()
    with connection.execute_wrapper(counter):
        yield counter
    counter.count += 2


def measure_all(pieces: list[Callable[[], Any]]) -> Meter:
    """Run every piece once; processor time is that of this process and of its database backend.

    The backend's clock has a grain of 10 ms, so its share is taken over the whole run and spread evenly.
    """
    meter = Meter()
    backend_before = _backend_seconds()
    for piece in pieces:
        with counting() as counter:
            begun = time.process_time()
            piece()
            meter.cpu_ms.append((time.process_time() - begun) * 1000)
        meter.statements.append(counter.count)
    share = (_backend_seconds() - backend_before) * 1000 / max(1, len(pieces))
    meter.cpu_ms = [own + share for own in meter.cpu_ms]
    return meter


def _backend_seconds() -> float:
    """Processor seconds of our PostgreSQL backend so far; SQLite works inside this process."""
    if connection.vendor != "postgresql":
        return 0.0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0  # the server is on another machine
    return (int(fields[11]) + int(fields[12])) / TICKS
