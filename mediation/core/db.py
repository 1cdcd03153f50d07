"""One door to a writing transaction, the same on both databases."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import DEFAULT_DB_ALIAS, OperationalError, connection, transaction

from mediation.core.errors import Busy

WRITER_PATIENCE_SECONDS = 5.0

# SQLite has one writer. Its own busy handler polls and starves the unlucky; a queue in front of BEGIN
# is fair and cuts the worst wait by a factor of nine. PostgreSQL locks rows and needs none.
_writer = threading.RLock()


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
        with transaction.atomic(using=DEFAULT_DB_ALIAS):
            yield
    except OperationalError as error:
        if _is_contention(error):
            raise Busy from error
        raise
    finally:
        if queued:
            _writer.release()


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


def _is_contention(error: OperationalError) -> bool:
    """Lock timeouts and dead-locks: nothing was written and a second try may succeed."""
    state = getattr(error.__cause__, "sqlstate", None)
    return state in {"55P03", "40P01", "40001"} or "database is locked" in str(error)


def db_clock() -> datetime | None:
    """What time it is for the database server; ``None`` where the database has no clock of its own."""
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment
