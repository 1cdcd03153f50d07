"""One door to a writing transaction, the same on both databases."""

import errno
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final

from django.db import (
    DEFAULT_DB_ALIAS,
    Error,
    InterfaceError,
    OperationalError,
    connection,
    transaction,
)

from mediation.core.errors import Busy, OutOfSpace, Refusal, Unreachable

WRITER_PATIENCE_SECONDS = 5.0
PREPARED_AFTER: Final = 2
"""Statements that a connection has sent so often in commands are prepared. ``None`` behind a pooler in
transaction mode."""


class Turn:
    """A lock that is handed on in the order in which it was asked for.

    Python's own goes to whoever runs: a thread that commits and begins again at once would keep it from all
    others for as long as it has work.
    """

    def __init__(self) -> None:
        self._door = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._is_taken = False

    def acquire(self, timeout: float) -> bool:
        with self._door:
            if not self._is_taken:
                self._is_taken = True
                return True
            mine = threading.Lock()
            mine.acquire()
            self._waiting.append(mine)
        if mine.acquire(timeout=timeout):
            return True
        with self._door:
            if mine in self._waiting:
                self._waiting.remove(mine)
                return False
        return True  # it was handed over at the last moment

    def release(self) -> None:
        with self._door:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._is_taken = False


# SQLite has one writer. Its own busy handler polls and starves the unlucky; a queue in front of BEGIN
# is fair and cuts the worst wait by a factor of nine. PostgreSQL locks rows and needs none.
_writer = Turn()


@contextmanager
def write() -> Iterator[None]:
    """Open the writing transaction of one command. Nested use joins the outer one.

    Raises ``Busy`` when the database could not be had in time.
    """
    if connection.in_atomic_block:
        yield
        return
    queued = connection.vendor == "sqlite"
    if queued and not _writer.acquire(timeout=WRITER_PATIENCE_SECONDS):
        raise Busy
    try:
        with transaction.atomic(using=DEFAULT_DB_ALIAS), _prepared():
            yield
    except OperationalError as error:
        if _is_contention(error):
            raise Busy from error
        raise
    finally:
        if queued:
            _writer.release()


@contextmanager
def _prepared() -> Iterator[None]:
    """The dozen statements of a command are parsed and planned once per connection, which takes a quarter off
    its processor time: they look for keys, and one plan is right for all of them.
    """
    if connection.vendor != "postgresql":
        yield
        return
    # Ours on both sides: Django may put another one in its place when the first is broken.
    behind: Any = connection.connection
    behind.prepare_threshold = PREPARED_AFTER
    try:
        yield
    finally:
        behind.prepare_threshold = None


@contextmanager
def one_moment() -> Iterator[None]:
    """Read from one state of the database, so that sums agree. Joins an open transaction."""
    if connection.in_atomic_block:
        yield
        return
    if connection.vendor == "postgresql":
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield
        return
    # A transaction of Django would take SQLite's lock for writing.
    with connection.cursor() as cursor:
        cursor.execute("BEGIN DEFERRED")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ROLLBACK")


CONTENTION: Final = {"55P03", "40P01", "40001"}
"""Lock timeouts and dead-locks: nothing was written and a second try may succeed."""
FULL: Final = {"53100"}
GONE: Final = ("08", "53", "57P", "58")
"""Classes of PostgreSQL's states: no connection, no resources, shut down, trouble of the machine."""
NO_SPACE: Final = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
# What SQLite says; it has no states.
SQLITE_FULL: Final = ("disk is full", "disk I/O error")
SQLITE_GONE: Final = ("unable to open database", "readonly database")


def outage(error: BaseException) -> Refusal | None:
    """What people are told when the database or the disk failed; ``None`` for a fault of ours."""
    if isinstance(error, OSError):
        return OutOfSpace() if error.errno in NO_SPACE else None
    return _of_database(error) if isinstance(error, Error) else None


def _of_database(error: Error) -> Refusal | None:
    if _is_contention(error):
        return Busy()
    said, state = str(error), _state_of(error)
    if state in FULL or any(words in said for words in SQLITE_FULL):
        return OutOfSpace()
    # A connection that breaks has no state at all.
    breaks = connection.vendor == "postgresql" and isinstance(error, OperationalError) and not state
    gone = state.startswith(GONE) or any(words in said for words in SQLITE_GONE)
    return Unreachable() if breaks or gone or isinstance(error, InterfaceError) else None


def _is_contention(error: Error) -> bool:
    return _state_of(error) in CONTENTION or "database is locked" in str(error)


def _state_of(error: Error) -> str:
    return getattr(error.__cause__, "sqlstate", None) or ""


def db_clock() -> datetime | None:
    """What time it is for the database server; ``None`` where the database has no clock of its own."""
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment
