"""Querysets that are compiled once and run many times.

Building the SQL of a queryset costs several times what SQLite or PostgreSQL need to answer it. The command
path asks the same dozen questions in every transaction; they are compiled at first use, per thread, with
marks in the place of their parameters, and afterwards only executed. Rows become model instances exactly
as the ORM makes them: its own compiler, converters and populators do it.
"""

import json
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Generic, TypeVar

import django
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Field, ForeignObject, Lookup, Model, QuerySet
from django.db.models.query import get_related_populators
from django.db.models.sql import UpdateQuery
from django.db.transaction import get_connection

M = TypeVar("M", bound=Model)


@ForeignObject.register_lookup
@Field.register_lookup
class Among(Lookup):
    """``field__among=values``: like ``in``, but the values are one parameter however many they are.

    So the statement is the same for three and for thirty, and can be compiled once. Integers and text.
    """

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        sql, params = self.process_lhs(compiler, connection)
        test = (
            "= ANY(%s)"
            if connection.vendor == "postgresql"
            else "IN (SELECT value FROM json_each(%s))"
        )
        is_mark = isinstance(self.rhs, str)
        return f"{sql} {test}", [*params, self.rhs if is_mark else _array(self.rhs)]


def _array(values: Iterable[Any]) -> Any:
    """Many values as the database takes them in one parameter."""
    return list(values) if connection.vendor == "postgresql" else json.dumps(list(values))


# Values that no real parameter has; one per parameter, recognised again in the compiled list.
_MARKS: Mapping[type, Callable[[int], Any]] = {
    int: lambda n: 8_999_999_000 + n,
    str: lambda n: f"\ue000mark{n}\ue001",
    list: lambda n: f"\ue000list{n}\ue001",
    date: lambda n: date(9000, 1, 1 + n),
    datetime: lambda n: datetime(9000, 1, 1, tzinfo=UTC) + timedelta(days=n),
}


@dataclass(slots=True)
class _Slot:
    """A parameter by name, and how the database wants it."""

    name: str
    adapt: Callable[[Any], Any]


@dataclass(slots=True)
class _Plan:
    """What the compiler found out: the SQL, its parameters, and how rows become instances."""

    sql: str
    params: tuple[Any, ...]
    compiler: Any
    converters: dict[int, Any]
    model: type[Model] = Model
    names: list[str] = field(default_factory=list)
    start: int = 0
    end: int = 0
    populators: list[Any] = field(default_factory=list)
    beside: list[tuple[str, int]] = field(default_factory=list)


class Prepared(Generic[M]):
    """``Prepared(lambda dispute: Party.objects.filter(dispute_id=dispute), dispute=int)``.

    Parameters are ``int``, ``str``, ``date`` or ``datetime`` and compared as they are (no ``None``), or a
    ``list`` for ``__among``. Call with keyword arguments to get the list of instances, annotations and all;
    ``first`` returns the first or ``None``; ``tuples`` is for a queryset that ends in ``values_list``.
    """

    def __init__(self, build: Callable[..., QuerySet[M, Any]], **types: type) -> None:
        self._build, self._types = build, types
        self._local = threading.local()

    def __call__(self, **values: Any) -> list[M]:
        return list(self._rows(values))

    def first(self, **values: Any) -> M | None:
        return next(self._rows(values), None)

    def tuples(self, **values: Any) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self._found(self._plan(), values)]

    def _found(self, plan: _Plan, values: Mapping[str, Any]) -> Iterable[Sequence[Any]]:
        with get_connection().cursor() as cursor:
            cursor.execute(plan.sql, _bound(plan.params, values))
            found: Iterable[Sequence[Any]] = cursor.fetchall()
        if plan.converters:
            found = plan.compiler.apply_converters(found, plan.converters)
        return found

    def _rows(self, values: Mapping[str, Any]) -> Iterator[M]:
        plan = self._plan()
        for row in self._found(plan, values):
            instance = plan.model.from_db(DEFAULT_DB_ALIAS, plan.names, row[plan.start : plan.end])
            for populator in plan.populators:
                populator.populate(row, instance)
            for name, place in plan.beside:
                setattr(instance, name, row[place])
            yield instance  # type: ignore[misc]  # the queryset's own model

    def _plan(self) -> _Plan:
        plan: _Plan = _once(self._local, self._compile)
        return plan

    def _compile(self) -> _Plan:
        marks = _marks(self._types)
        compiler = self._build(**marks).query.get_compiler(DEFAULT_DB_ALIAS)
        sql, params = compiler.as_sql()
        plan = _Plan(
            sql=sql,
            params=_slots(params, self._types, marks),
            compiler=compiler,
            converters=compiler.get_converters([column[0] for column in compiler.select]),
        )
        info = compiler.klass_info
        if info is not None:  # instances, not tuples
            fields = info["select_fields"]
            plan.start, plan.end = fields[0], fields[-1] + 1
            selected = compiler.select[plan.start : plan.end]
            plan.model, plan.names = (
                info["model"],
                [column[0].target.attname for column in selected],
            )
            plan.populators = _populators(info, compiler.select)
            plan.beside = list(compiler.annotation_col_map.items())
        return plan


class PreparedUpdate(Generic[M]):
    """An UPDATE that makes the same changes each time: ``PreparedUpdate(build, {"state": "met"}, case=int)``.

    ``build`` gives the queryset, as for ``Prepared``; ``changes`` may be a function of the same parameters,
    where one of them is written. Call with keyword arguments; returns how many rows were
    changed.
    """

    def __init__(
        self,
        build: Callable[..., QuerySet[M, Any]],
        changes: Mapping[str, Any] | Callable[..., Mapping[str, Any]],
        **types: type,
    ) -> None:
        self._build, self._changes, self._types = build, changes, types
        self._local = threading.local()

    def __call__(self, **values: Any) -> int:
        sql, params = _once(self._local, self._compile)
        with get_connection().cursor() as cursor:
            cursor.execute(sql, _bound(params, values))
            return int(cursor.rowcount)

    def _compile(self) -> tuple[str, tuple[Any, ...]]:
        marks = _marks(self._types)
        query: Any = self._build(**marks).query.chain(UpdateQuery)
        changes = self._changes
        query.add_update_values(changes(**marks) if callable(changes) else changes)
        sql, params = query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
        return sql, _slots(params, self._types, marks)


def _once(local: threading.local, compile_it: Callable[[], Any]) -> Any:
    """What was compiled in this thread, whose connection lives as long; a new one has another database."""
    settings = get_connection().settings_dict
    known = getattr(local, "plan", None)
    if known is None or known[0] is not settings:
        known = local.plan = (settings, compile_it())
    return known[1]


def _marks(types: Mapping[str, type]) -> dict[str, Any]:
    return {name: _MARKS[kind](n) for n, (name, kind) in enumerate(types.items())}


def _slots(
    params: Iterable[Any], types: Mapping[str, type], marks: Mapping[str, Any]
) -> tuple[Any, ...]:
    """The compiled parameters with a slot in the place of every mark."""
    adapters = {name: _adapter(kind) for name, kind in types.items()}
    by_mark = {adapters[name](mark): name for name, mark in marks.items()}
    found: list[Any] = []
    for value in params:
        name = by_mark.get(value) if isinstance(value, (int, str, date)) else None
        found.append(value if name is None else _Slot(name, adapters[name]))
    if unseen := marks.keys() - {part.name for part in found if type(part) is _Slot}:
        raise LookupError(f"These parameters do not reach the SQL: {unseen}.")
    return tuple(found)


def _bound(params: Iterable[Any], values: Mapping[str, Any]) -> list[Any]:
    return [part.adapt(values[part.name]) if type(part) is _Slot else part for part in params]


def _populators(info: Any, select: Any) -> list[Any]:
    populate: Any = get_related_populators
    if django.VERSION >= (6, 1):  # instances know how they were fetched from there on
        from django.db.models import FETCH_ONE  # absent before 6.1

        return list(populate(info, select, DEFAULT_DB_ALIAS, FETCH_ONE))
    return list(populate(info, select, DEFAULT_DB_ALIAS))


def _adapter(kind: type) -> Callable[[Any], Any]:
    if kind is datetime:
        return connection.ops.adapt_datetimefield_value
    if kind is date:
        return connection.ops.adapt_datefield_value
    if kind is list:
        return lambda values: values if isinstance(values, str) else _array(values)
    return lambda value: value
