"""One consistent state of the database as a file, and such a file as the database."""

import os
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from django.db import connection, transaction

PATIENCE_SECONDS: Final = 10.0
SQLITE, POSTGRES = "database.sqlite3", "database.pgdump"


class Unable(Exception):
    """It cannot be done here. The sentence says why, and what to do."""


def member() -> str:
    return SQLITE if connection.vendor == "sqlite" else POSTGRES


def dump(to: Path) -> dict[str, int]:
    """Write the present state to ``to``, beside writers at work. Returns rows per table."""
    return _dump_sqlite(to) if connection.vendor == "sqlite" else _dump_postgres(to)


def load(source: Path) -> None:
    """Replace the database by ``source``, wholly or not at all."""
    if connection.vendor == "sqlite":
        _load_sqlite(source)
    else:
        _load_postgres(source)


# SQLite -------------------------------------------------------------------------------------------


def _dump_sqlite(to: Path) -> dict[str, int]:
    """The engine's own online copy: one read transaction, which holds up no writer."""
    source = f"file:{quote(str(connection.settings_dict['NAME']))}?mode=ro"
    with closing(sqlite3.connect(source, uri=True)) as live, closing(sqlite3.connect(to)) as copy:
        live.backup(copy, progress=_patience())
        copy.execute("PRAGMA journal_mode=DELETE")
    _require_whole(to)
    with closing(sqlite3.connect(to)) as copy:
        return _counts(copy)


def _load_sqlite(source: Path) -> None:
    _require_whole(source)
    connection.ensure_connection()
    with closing(sqlite3.connect(source)) as copy:
        copy.backup(connection.connection, progress=_patience())


def _patience() -> Callable[[int, int, int], None]:
    """The engine waits for ever where somebody else holds the file; ten seconds are enough."""
    end = time.monotonic() + PATIENCE_SECONDS

    def look(_state: int, remaining: int, _total: int) -> None:
        if remaining and time.monotonic() > end:
            raise Unable("Another process holds the database. Stop the server, and try again.")

    return look


def _require_whole(file: Path) -> None:
    with closing(sqlite3.connect(file)) as copy:
        try:
            found = copy.execute("PRAGMA integrity_check").fetchall()
        except sqlite3.DatabaseError as error:
            raise Unable(f"The copy of the database does not open: {error}") from None
    if found != [("ok",)]:
        raise Unable(f"The copy of the database is not whole: {found[0][0]}")


def _counts(copy: Any) -> dict[str, int]:
    names = copy.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
    )
    return {
        name: copy.execute(f'SELECT COUNT(*) FROM "{name}"').fetchone()[0]  # noqa: S608 -- names of tables
        for (name,) in names.fetchall()
    }


# PostgreSQL ---------------------------------------------------------------------------------------


def _dump_postgres(to: Path) -> dict[str, int]:
    with _shared_snapshot() as (name, counts):
        arguments = ("--format=custom", "--no-owner", "--no-acl", f"--snapshot={name}")
        _run("pg_dump", *arguments, f"--file={to}", *_address())
    return counts


@contextmanager
def _shared_snapshot() -> Iterator[tuple[str, dict[str, int]]]:
    """A state that ``pg_dump`` reads too, and its rows per table."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        cursor.execute("SELECT pg_export_snapshot()")
        name = cursor.fetchone()[0]
        counts = {}
        for table in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(f'SELECT COUNT(*) FROM "{table}"')  # noqa: S608 -- names of tables
            counts[table] = cursor.fetchone()[0]
        yield name, counts


def _load_postgres(source: Path) -> None:
    """Into an emptied schema and in one transaction: a failure leaves what was there."""
    connection.close()
    script = source.with_suffix(".sql")
    try:
        _run("pg_restore", "--no-owner", "--no-acl", f"--file={script}", str(source))
        begin = "DROP SCHEMA public CASCADE; CREATE SCHEMA public;"
        # A dump of the whole database makes the schema too on some versions; ours is there already.
        text = script.read_text(encoding="utf-8").replace("CREATE SCHEMA public;", "")
        script.write_text(f"{begin}\n{text}", encoding="utf-8")
        options = ("--quiet", "--no-psqlrc", "--single-transaction", "--set=ON_ERROR_STOP=1")
        _run("psql", *options, f"--file={script}", *_address())
    finally:
        script.unlink(missing_ok=True)


def _address() -> list[str]:
    made = connection.settings_dict
    named = {"host": made["HOST"], "port": made["PORT"], "username": made["USER"]}
    return [
        *(f"--{name}={value}" for name, value in named.items() if value),
        f"--dbname={made['NAME']}",
    ]


def _run(program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's own tools; the password goes by the environment, not by the command line."""
    path = shutil.which(program)
    if path is None:
        raise Unable(f"{program} is not installed. On Debian: apt-get install postgresql-client.")
    password = connection.settings_dict["PASSWORD"]
    environment = os.environ | ({"PGPASSWORD": password} if password else {})
    done = subprocess.run(  # noqa: S603 -- a fixed program with our own arguments
        [path, *arguments], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise Unable(f"{program} failed: {done.stderr.strip()[-600:]}")
