"""What a report counts, said once: the number in a cell and the list behind it read the same rows.

A *measure* is a column. It names the rows that count and what each counts; every row leads to a case (or
to a committee or an entry of its list), lies in an area, and has the keys by which sections sort it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Substr

from mediation.areas.selectors import within
from mediation.core.errors import Text
from mediation.disputes.enums import Sensitivity
from mediation.filings.terms import Term
from mediation.reports.figures_sql import Scope

Rows = QuerySet[Any, Any]


@dataclass(frozen=True, slots=True)
class Ask:
    """For whom and when something is counted. ``now`` plays a part only where a measure says so."""

    scope: Scope
    term: Term
    now: datetime

    @property
    def area(self) -> str:
        return self.scope.area


@dataclass(frozen=True, slots=True)
class Base:
    """How rows of one table lead to what they stand for.

    ``case``: path to the case; ``None`` for rows of no case. ``area``: path to a code of an area.
    ``keys``: section key → path. ``target``: path to the key of what the list behind a number shows.
    """

    area: str
    case: str | None
    keys: Mapping[str, str]
    target: str
    shows: str = "case"

    def scoped(self, rows: Rows, scope: Scope) -> Rows:
        """The rows that the reader may count."""
        rows = rows.filter(within(scope.area, field=self.area))
        if self.case is None or scope.cleared:
            return rows
        ordinary = Q(**{f"{self.case}sensitivity": Sensitivity.NORMAL})
        return rows.filter(ordinary | Q(**{f"{self.case}pk__in": scope.extras}))

    def keyed(self, rows: Rows, scope: Scope) -> Rows:
        """With a ``key_…`` column for every section key, and one for the area right below."""
        length = scope.child_length or len(scope.area)
        named: dict[str, Any] = {f"key_{name}": F(path) for name, path in self.keys.items()}
        keyed: Rows = rows.annotate(**named, key_area=Substr(F(self.area), 1, length))
        return keyed


def _of_case(path: str, target: str, **more: str) -> Base:
    keys = {name: f"{path}{name}" for name in ("category", "source", "colour")}
    keys["mediator"] = f"{path}mediator_id"
    return Base(f"{path}area_code", path, keys | more, target)


CASE = _of_case("", "pk")
EVENT = _of_case("dispute__", "dispute_id", person="actor_id")
LINKED = _of_case("dispute__", "dispute_id")
"""Cards, alerts, deadlines, visits: rows that belong to one case."""
AGREED = _of_case("agreement__dispute__", "agreement__dispute_id")


ONE = Value(1)


@dataclass(frozen=True, slots=True)
class Measure:
    """One column. ``value``: what a row counts, one by default."""

    name: str
    label: Text
    rows: Callable[[Ask], Rows]
    formula: Text
    base: Base = CASE
    value: Any = ONE
    unit: Text = ""
    group: Text = ""
    """Heading above the columns that belong together."""

    def scoped(self, ask: Ask) -> Rows:
        return self.base.keyed(self.base.scoped(self.rows(ask), ask.scope), ask.scope)


@dataclass(frozen=True, slots=True)
class Ratio:
    """A column computed from two others, in percent."""

    name: str
    label: Text
    part: str
    whole: str
    formula: Text
    group: Text = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a section: which keys it gathers."""

    name: str
    label: Text
    keys: frozenset[Any]


@dataclass(frozen=True, slots=True)
class Section:
    """The same columns, sorted by one key. ``rows``: from the keys that occur to the lines."""

    name: str
    label: Text
    key: str
    rows: Callable[[Ask, frozenset[Any]], list[Row]]


@dataclass(frozen=True, slots=True)
class Identity:
    """What must hold (domain: statistics 2.6). Both sides from the numbers of the report itself."""

    label: Text
    left: Callable[["Numbers"], Any]
    right: Callable[["Numbers"], Any]
    equal: bool = True
    """Else: the left side is at most the right one."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """Section → row → measure → number; the empty section and row stand for everything."""

    cells: Mapping[str, Mapping[str, Mapping[str, Any]]]

    def total(self, measure: str) -> Any:
        return self.cells[""][""].get(measure, 0)

    def summed(self, section: str, measure: str) -> Any:
        return sum(row.get(measure, 0) for row in self.cells.get(section, {}).values())


@dataclass(frozen=True, slots=True)
class Form:
    """A statutory form: what it is called, its columns, sections, and what must hold."""

    name: str
    title: Text
    lead: Text
    measures: tuple[Measure, ...]
    sections: tuple[Section, ...]
    identities: tuple[Identity, ...] = ()
    ratios: tuple[Ratio, ...] = ()
    notes: tuple[Text, ...] = ()
    """What the form does not say, and why."""

    def measure(self, name: str) -> Measure | None:
        return next((m for m in self.measures if m.name == name), None)
