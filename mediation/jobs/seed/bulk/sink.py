"""Where printed rows go: COPY on PostgreSQL, one prepared INSERT on SQLite."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

from django.core.management.color import no_style
from django.db import connection, models

Table = tuple[str, tuple[str, ...]]
"""A table with the columns that are written."""


class Sink(Protocol):
    def cell(self, field: Any, value: Any) -> Any:
        """A value of a model's field as this sink writes it."""
        ...

    def text(self, text: str) -> str:
        """Part of a text cell as this sink writes it."""
        ...

    def put(self, table: Table, row: Sequence[Any]) -> None: ...
    def flush(self) -> None: ...


class SqliteSink:
    def __init__(self) -> None:
        self._rows: dict[Table, list[Sequence[Any]]] = defaultdict(list)

    def cell(self, field: Any, value: Any) -> Any:
        return field.get_db_prep_save(value, connection)

    def text(self, text: str) -> str:
        return text

    def put(self, table: Table, row: Sequence[Any]) -> None:
        self._rows[table].append(row)

    def flush(self) -> None:
        with connection.cursor() as cursor:
            for (name, columns), rows in self._rows.items():
                marks = ", ".join(["%s"] * len(columns))
                sql = f"INSERT INTO {name} ({_quoted(columns)}) VALUES ({marks})"  # noqa: S608 -- our own names
                cursor.executemany(sql, rows)
        self._rows.clear()


class PostgresSink:
    """Rows as lines of COPY's text format. Cells are text already, so that nothing is adapted twice."""

    def __init__(self) -> None:
        self._lines: dict[Table, list[str]] = defaultdict(list)

    def cell(self, field: Any, value: Any) -> str:
        if isinstance(field, models.JSONField):
            return _escaped(json.dumps(value, ensure_ascii=False, cls=field.encoder))
        if isinstance(field, models.BinaryField):
            return "\\\\x" + bytes(value).hex()
        return _text(field.get_db_prep_save(value, connection))

    def text(self, text: str) -> str:
        return _escaped(text)

    def put(self, table: Table, row: Sequence[Any]) -> None:
        self._lines[table].append("\t".join(map(str, row)))

    def flush(self) -> None:
        with connection.cursor() as cursor:
            for (name, columns), lines in self._lines.items():
                sql = f"COPY {name} ({_quoted(columns)}) FROM STDIN"
                with cursor.copy(sql) as copy:
                    copy.write("\n".join(lines) + "\n")
        self._lines.clear()


def _quoted(columns: Iterable[str]) -> str:
    return ", ".join(map(connection.ops.quote_name, columns))


def _text(value: Any) -> str:
    match value:
        case None:
            return "\\N"
        case bool():
            return "t" if value else "f"
        case datetime() | date():
            return value.isoformat()
        case UUID():
            return str(value)
    return _escaped(str(value))


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def open_sink() -> Sink:
    return PostgresSink() if connection.vendor == "postgresql" else SqliteSink()


def take_time() -> None:
    """Statements over millions of rows may last longer than those of a page."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")


def settle(tables: Iterable[type[models.Model]]) -> None:
    """Move the key sequences behind the printed rows and let the planner look at them."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(tables)):
            cursor.execute(statement)
        # Not a bare ANALYZE: on PostgreSQL that waits for catalogues that all databases share.
        for table in connection.introspection.django_table_names(only_existing=True):
            cursor.execute(f"ANALYZE {connection.ops.quote_name(table)}")


def reserve_keys(table: type[models.Model], count: int) -> None:
    """Leave ``count`` keys free before those that the database gives out from now on."""
    name = table._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [name])
            (sequence,) = cursor.fetchone()
            cursor.execute("SELECT setval(%s, nextval(%s) + %s)", [sequence, sequence, count - 1])
            return
        cursor.execute("UPDATE sqlite_sequence SET seq = seq + %s WHERE name = %s", [count, name])
        if not cursor.rowcount:
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [name, count])


def disk_bytes() -> int:
    if connection.vendor != "postgresql":
        name = Path(str(connection.settings_dict["NAME"]))
        files = [name, name.with_name(name.name + "-wal")]
        return sum(file.stat().st_size for file in files if file.exists())
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])
