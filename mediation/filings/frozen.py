"""A table as stored text and back: what was filed is shown as filed, whatever the forms say later."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from mediation.filings.reading import Check, Column, Line, Part, Table


def freeze(table: Table) -> dict[str, Any]:
    """Plain values; amounts of money as text, so that no cent is lost."""
    plain: dict[str, Any] = _plain(asdict(table))
    return plain


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return {"decimal": str(value)} if isinstance(value, Decimal) else value


def thaw(stored: dict[str, Any]) -> Table:
    told = _read(stored)
    parts = [
        Part(part["name"], part["label"], [Line(**line) for line in part["lines"]])
        for part in told["parts"]
    ]
    return Table(
        told["form"],
        told["title"],
        [Column(**one) for one in told["columns"]],
        told["total"],
        parts,
        [Check(**one) for one in told["checks"]],
        told["notes"],
    )


def _read(value: Any) -> Any:
    if isinstance(value, dict):
        if value.keys() == {"decimal"}:
            return Decimal(value["decimal"])
        return {key: _read(one) for key, one in value.items()}
    return [_read(one) for one in value] if isinstance(value, list) else value


@dataclass(frozen=True, slots=True)
class Difference:
    """One number that is no longer what was filed. A missing one counts as nothing."""

    part: str
    line: str
    column: str
    filed: Any
    now: Any


def differences(filed: Table, now: Table) -> Iterator[Difference]:
    """Every number of the whole and of the sections that differs; rates follow from them."""
    labels = {one.name: one.label for one in (*now.columns, *filed.columns) if not one.is_rate}
    yield from _between("", "", labels, filed.total, now.total)
    parts = {one.name: one for one in now.parts}
    for part in filed.parts:
        lines = {one.name: one for one in parts[part.name].lines} if part.name in parts else {}
        before = {one.name: one for one in part.lines}
        for name in dict.fromkeys((*before, *lines)):
            old, new = before.get(name), lines.get(name)
            label = old.label if old else lines[name].label
            yield from _between(
                part.label, label, labels, old.numbers if old else {}, new.numbers if new else {}
            )


def _between(
    part: str, line: str, labels: dict[str, str], filed: Any, now: Any
) -> Iterator[Difference]:
    for name, label in labels.items():
        old, new = filed.get(name) or 0, now.get(name) or 0
        if old != new:
            yield Difference(part, line, label, old, new)
