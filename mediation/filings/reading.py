"""From the definition of a form to its numbers, and from a number to the list behind it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q, Sum

from mediation.accounts.actor import Actor
from mediation.core.db import one_moment
from mediation.disputes.models import Dispute
from mediation.filings.measures import Ask, Form, Measure, Numbers, Ratio, Row, Section
from mediation.filings.terms import Term
from mediation.reports import figures
from mediation.screening.models import ZeroReport
from mediation.sessions.models import Committee, RosterEntry

# The table ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    label: str
    unit: str
    group: str
    formula: str
    is_rate: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    name: str
    label: str
    numbers: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Part:
    name: str
    label: str
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Check:
    """One identity with both sides."""

    label: str
    left: Any
    right: Any
    sign: str
    holds: bool


@dataclass(frozen=True, slots=True)
class Table:
    """A report as it is shown, exported and frozen: everything in words and numbers."""

    form: str
    title: str
    columns: Sequence[Column]
    total: Mapping[str, Any]
    parts: Sequence[Part]
    checks: Sequence[Check] = field(default=())
    notes: Sequence[str] = field(default=())

    @property
    def holds(self) -> bool:
        return all(check.holds for check in self.checks)

    def number(self, part: str, line: str, column: str) -> Any:
        """What stands in a cell; ``None`` when there is no such cell."""
        if not part:
            return self.total.get(column)
        lines = next((p.lines for p in self.parts if p.name == part), ())
        return next((one.numbers.get(column) for one in lines if one.name == line), None)


def ask_of(actor: Actor, area: str, term: Term, *, now: datetime) -> Ask:
    """What the actor may count of an area that he answers for."""
    below = [code for code, _name in figures.children(area)]
    return Ask(figures.scope_of(actor, area, now=now, children=below), term, now)


def counts_all(actor: Actor, area: str) -> bool:
    """Whether the sensitive cases are in his numbers: only such numbers can be filed."""
    return any(
        area.startswith(grant.area_code) and grant.cleared and grant.role in figures.READERS
        for grant in actor.grants
    )


def take(form: Form, ask: Ask) -> Table:
    """Count everything, from one state of the database: one statement per column."""
    with one_moment():
        keys = tuple(dict.fromkeys(section.key for section in form.sections))
        cubes = {m.name: _cube(m, ask, keys) for m in form.measures}
        found = {
            key: frozenset(k[i] for c in cubes.values() for k in c) for i, key in enumerate(keys)
        }
        rows = {s.name: s.rows(ask, found[s.key]) for s in form.sections}
    return _table(form, keys, cubes, rows)


Cube = dict[tuple[Any, ...], Any]


def _cube(measure: Measure, ask: Ask, keys: Sequence[str]) -> Cube:
    """Sums by every mixture of section keys that occurs."""
    own = [key for key in keys if key == "area" or key in measure.base.keys]
    rows = measure.scoped(ask).order_by().values(*[f"key_{key}" for key in own])
    cube: Cube = {}
    for row in rows.annotate(counted=Sum(measure.value)):
        place = tuple(row.get(f"key_{key}") for key in keys)
        cube[place] = cube.get(place, 0) + (row["counted"] or 0)
    return cube


def _table(
    form: Form, keys: Sequence[str], cubes: Mapping[str, Cube], rows: Mapping[str, list[Row]]
) -> Table:
    total = {name: sum(cube.values()) for name, cube in cubes.items()}
    cells: dict[str, Mapping[str, Mapping[str, Any]]] = {"": {"": total}}
    for section in form.sections:
        cells[section.name] = _folded(rows[section.name], cubes, keys.index(section.key))
    parts = [
        Part(
            section.name,
            str(section.label),
            [
                Line(
                    row.name,
                    str(row.label),
                    _with_rates(form.ratios, cells[section.name][row.name]),
                )
                for row in rows[section.name]
            ],
        )
        for section in form.sections
        if rows[section.name]
    ]
    return Table(
        form.name,
        str(form.title),
        columns(form),
        _with_rates(form.ratios, total),
        parts,
        list(_checked(form, Numbers(cells))),
        [str(note) for note in form.notes],
    )


def _folded(
    rows: Iterable[Row], cubes: Mapping[str, Cube], place: int
) -> dict[str, dict[str, Any]]:
    found = {}
    for row in rows:
        found[row.name] = {
            name: sum(n for key, n in cube.items() if key[place] in row.keys)
            for name, cube in cubes.items()
        }
    return found


def columns(form: Form) -> list[Column]:
    """Measures and rates; a rate stands behind the columns of its group."""
    found = [
        Column(m.name, str(m.label), str(m.unit), str(m.group), str(m.formula))
        for m in form.measures
    ]
    for ratio in form.ratios:
        rate = Column(
            ratio.name, str(ratio.label), "%", str(ratio.group), str(ratio.formula), is_rate=True
        )
        last = max(i for i, one in enumerate(found) if one.group == rate.group)
        found.insert(last + 1, rate)
    groups = list(dict.fromkeys(one.group for one in found))
    return sorted(found, key=lambda one: groups.index(one.group))


def _with_rates(ratios: Iterable[Ratio], numbers: Mapping[str, Any]) -> dict[str, Any]:
    rates = {
        ratio.name: rate(numbers.get(ratio.part, 0), numbers.get(ratio.whole, 0))
        for ratio in ratios
    }
    return dict(numbers) | rates


def rate(part: Any, whole: Any) -> Decimal | None:
    """In percent with one digit; ``None`` of nothing."""
    return (Decimal(100) * part / whole).quantize(Decimal("0.1")) if whole else None


def spoken(number: Any, column: Column) -> str:
    """A number as pages and papers show it; amounts with two digits, rates with one."""
    if number is None:
        return "–"
    if isinstance(number, Decimal):
        return f"{number:,.1f}" if column.is_rate else f"{number:,.2f}"
    return f"{number:,}"


def change(now: Any, before: Any, column: Column) -> str:
    """The difference with its sign and, where there is something to divide by, its share."""
    if now is None or before is None:
        return "–"
    difference = now - before
    if column.is_rate or not before:
        return f"{difference:+,}"
    return f"{difference:+,}（{rate(difference, before):+}%）"


def groups(table: Table) -> list[tuple[str, int]]:
    """The headings above the columns with how many they span; empty when there are none."""
    found: list[tuple[str, int]] = []
    for column in table.columns:
        if found and found[-1][0] == column.group:
            found[-1] = (column.group, found[-1][1] + 1)
        else:
            found.append((column.group, 1))
    return found if any(name for name, _n in found) else []


def _checked(form: Form, numbers: Numbers) -> Iterable[Check]:
    for one in form.identities:
        left, right = one.left(numbers), one.right(numbers)
        holds = left == right if one.equal else left <= right
        yield Check(str(one.label), left, right, "=" if one.equal else "≤", holds)


# The list behind a number -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Behind:
    """What one number counts: keys of cases (committees, entries) and what each contributes."""

    measure: Measure
    row: Row | None
    counted: Mapping[int, Any]

    @property
    def total(self) -> Any:
        return sum(self.counted.values())


def behind(
    form: Form, ask: Ask, *, measure: str, section: str = "", line: str = ""
) -> Behind | None:
    """The list of a number; ``None`` when the form has no such column, section or line."""
    column = form.measure(measure)
    if column is None:
        return None
    with one_moment():
        rows = column.scoped(ask)
        row = None
        if section:
            row = _row(form, ask, rows, section, line)
            if row is None:
                return None
            rows = rows.filter(_among(_section(form, section).key, row.keys))
        sums: dict[int, Any] = defaultdict(int)
        for key, counted in (
            rows.order_by().values_list(column.base.target).annotate(counted=Sum(column.value))
        ):
            sums[key] += counted or 0
    return Behind(column, row, dict(sums))


def _section(form: Form, name: str) -> Section:
    return next(section for section in form.sections if section.name == name)


def _row(form: Form, ask: Ask, rows: Any, section: str, line: str) -> Row | None:
    known = [one for one in form.sections if one.name == section]
    if not known:
        return None
    keys = frozenset(rows.order_by().values_list(f"key_{known[0].key}", flat=True).distinct())
    return next((row for row in known[0].rows(ask, keys) if row.name == line), None)


def _among(key: str, keys: frozenset[Any]) -> Q:
    named = Q(**{f"key_{key}__in": [one for one in keys if one is not None]})
    return named | Q(**{f"key_{key}__isnull": True}) if None in keys else named


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the list."""

    number: str
    text: str
    code: str
    counted: Any


def items(found: Behind, keys: Sequence[int]) -> list[Item]:
    """The lines of one page of the list, in the order of ``keys``: one statement."""
    rows: dict[int, tuple[str, str, str]]
    if found.measure.base.shows == "case":
        told = Dispute.objects.filter(pk__in=keys).values_list("pk", "number", "title", "code")
        rows = {pk: (number, title, code) for pk, number, title, code in told}
    elif found.measure.base.shows == "committee":
        named = Committee.objects.filter(pk__in=keys).values_list("pk", "name", "area__name")
        rows = {pk: (name, area, "") for pk, name, area in named}
    elif found.measure.base.shows == "zero":
        said = ZeroReport.objects.filter(pk__in=keys)
        told_zero = said.values_list("pk", "grid__name", "first", "last", "person_name")
        rows = {
            pk: (name, f"{first} – {last} {who}", "") for pk, name, first, last, who in told_zero
        }
    else:
        entries = RosterEntry.objects.filter(pk__in=keys)
        places = entries.values_list("pk", "person__name", "committee__name")
        rows = {pk: (person, committee, "") for pk, person, committee in places}
    return [Item(*rows[key], found.counted[key]) for key in keys if key in rows]
