"""Writing rows of known shape without building the statement anew each time.

``save()`` sends signals, walks parents and compiles an INSERT for every row. On the command path the shape
of a row is known: its statements are made once per model and database. Values go through the fields' own
``pre_save`` and ``get_db_prep_save``, exactly as the ORM does it. Only for models without parents, whose
signals nobody listens to.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import DateTimeField
from django.db.transaction import get_connection

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from django.db.models import Field, Model

AT_ONCE = 100
"""Rows in one statement: with thirty columns well below what either database takes as parameters."""


M = TypeVar("M", bound="Model")


class Shape:
    """The columns and statements of one model on one database."""

    def __init__(self, model: type[Model]) -> None:
        quote = connection.ops.quote_name
        self.table = quote(model._meta.db_table)
        self.fields: list[Field[Any, Any]] = list(model._meta.concrete_fields)
        self.by_name = {field.attname: field for field in self.fields}
        self.column = {field.attname: quote(field.column or "") for field in self.fields}
        [key] = [field for field in self.fields if field.primary_key]
        self.key = self.column[key.attname]
        self.key_is_given = key.get_internal_type() not in {"AutoField", "BigAutoField"}
        self.free = [field for field in self.fields if field is not key]
        self.written = self.fields if self.key_is_given else self.free

    def names(self, fields: Iterable[Field[Any, Any]]) -> str:
        return ", ".join(self.column[field.attname] for field in fields)

    def insert(self, count: int = 1) -> str:
        row = f"({', '.join(['%s'] * len(self.written))})"
        marks = ", ".join([row] * count)
        return f"INSERT INTO {self.table} ({self.names(self.written)}) VALUES {marks}"  # noqa: S608 -- our own names

    def upsert(self) -> str:
        sets = ", ".join(
            f"{self.column[field.attname]} = EXCLUDED.{self.column[field.attname]}"
            for field in self.free
        )
        return f"{self.insert()} ON CONFLICT ({self.key}) DO UPDATE SET {sets}"

    def update(self, changed: Iterable[str], where: Iterable[str]) -> str:
        sets = ", ".join(f"{self.column[name]} = %s" for name in changed)
        test = " AND ".join(f"{self.column[name]} = %s" for name in where)
        return f"UPDATE {self.table} SET {sets} WHERE {test}"  # noqa: S608 -- our own names

    def values(self, instance: Model) -> list[Any]:
        database = get_connection()
        return [
            field.get_db_prep_save(field.pre_save(instance, add=True), database)
            for field in self.written
        ]

    def columns(self, instances: Sequence[Model]) -> Iterator[list[Any]]:
        """The same for many, column by column: rows of one step share their moments, each is put into
        the words of the database once."""
        database = get_connection()
        for field in self.written:
            values = [field.pre_save(instance, add=True) for instance in instances]
            if isinstance(field, DateTimeField):
                said = {value: field.get_db_prep_save(value, database) for value in set(values)}
                yield [said[value] for value in values]
            else:
                yield [field.get_db_prep_save(value, database) for value in values]


@lru_cache(maxsize=64)
def _shape(vendor: str, model: type[Model]) -> Shape:  # noqa: ARG001 -- the vendor is part of the cache key
    return Shape(model)


def shape_of(model: type[Model]) -> Shape:
    return _shape(connection.vendor, model)


def insert(instance: Model) -> None:
    """Insert one row; a key that the database makes is set on the instance."""
    database = get_connection()
    shape = _shape(database.vendor, type(instance))
    with database.cursor() as cursor:
        if shape.key_is_given:
            cursor.execute(shape.insert(), shape.values(instance))
        else:
            sql = f"{shape.insert()} RETURNING {shape.key}"
            cursor.execute(sql, shape.values(instance))
            instance.pk = cursor.fetchone()[0]
    _mark_as_stored(instance)


def insert_all(instances: Sequence[Model]) -> None:
    """Insert rows of one model, ``AT_ONCE`` in a statement; keys that the database makes are set."""
    for start in range(0, len(instances), AT_ONCE):
        _insert_together(instances[start : start + AT_ONCE])


def _insert_together(instances: Sequence[Model]) -> None:
    shape = shape_of(type(instances[0]))
    sql = shape.insert(len(instances))
    values = [*chain.from_iterable(zip(*shape.columns(instances), strict=True))]
    with get_connection().cursor() as cursor:
        if shape.key_is_given:
            cursor.execute(sql, values)
        else:
            # Keys grow in the order of the rows; neither database promises to return them in it.
            cursor.execute(f"{sql} RETURNING {shape.key}", values)
            keys = sorted(key for (key,) in cursor.fetchall())
            for instance, key in zip(instances, keys, strict=True):
                instance.pk = key
    for instance in instances:
        _mark_as_stored(instance)


def add(model: type[M], **values: Any) -> M:
    """Make and insert one row, as ``model.objects.create`` does."""
    instance = model(**values)
    insert(instance)
    return instance


def save(instance: Model, *names: str) -> None:
    """Write these columns (attnames) of one stored row."""
    changed = {name: instance.__dict__[name] for name in names}
    update(type(instance), changed, where={instance._meta.pk.attname: instance.pk})


_local = threading.local()
"""``heap``: the rows of this thread that wait to be inserted together, or ``None``."""


@contextmanager
def gathered() -> Iterator[None]:
    """Let the rows of ``insert_later`` wait, and insert those of one model together.

    They are in their table before any other statement that names it is run, so whoever reads finds what
    was written before. What the block raises drops them; the transaction around it rolls the rest back.
    """
    heap = _local.heap = _Heap()
    try:
        with connection.execute_wrapper(heap.before):
            yield
            heap.write_all()
    finally:
        _local.heap = None


class _Heap:
    def __init__(self) -> None:
        self.waiting: dict[str, tuple[Shape, list[list[Any]]]] = {}

    def add(self, instance: Model) -> None:
        shape, table = shape_of(type(instance)), instance._meta.db_table
        self.waiting.setdefault(table, (shape, []))[1].append(shape.values(instance))

    def before(self, run: Any, sql: str, *rest: Any) -> Any:
        """What Django calls in the place of a statement."""
        if self.waiting:
            for table in [name for name in self.waiting if name in sql]:
                self.write(table)
        return run(sql, *rest)

    def write(self, table: str) -> None:
        shape, found = self.waiting.pop(table)
        with get_connection().cursor() as cursor:
            cursor.execute(shape.insert(len(found)), [value for row in found for value in row])

    def write_all(self) -> None:
        for table in list(self.waiting):
            self.write(table)


def insert_later(instance: Model) -> None:
    """Insert one row whose key nobody asks for: at once, or together with others where they are gathered."""
    heap: _Heap | None = getattr(_local, "heap", None)
    if heap is None:
        insert(instance)
    else:
        heap.add(instance)
        _mark_as_stored(instance)


def upsert(instance: Model) -> None:
    """Insert the row of this given primary key, or overwrite all of its other columns."""
    shape = shape_of(type(instance))
    with get_connection().cursor() as cursor:
        cursor.execute(shape.upsert(), shape.values(instance))
    _mark_as_stored(instance)


def update(model: type[Model], changed: Mapping[str, Any], *, where: Mapping[str, Any]) -> int:
    """Set the columns named in ``changed`` (attnames) on the rows that match; returns how many."""
    database = get_connection()
    shape = _shape(database.vendor, model)
    values = [
        shape.by_name[name].get_db_prep_save(value, database)
        for name, value in (*changed.items(), *where.items())
    ]
    with database.cursor() as cursor:
        cursor.execute(shape.update(changed, where), values)
        return int(cursor.rowcount)


def _mark_as_stored(instance: Model) -> None:
    instance._state.adding, instance._state.db = False, DEFAULT_DB_ALIAS
