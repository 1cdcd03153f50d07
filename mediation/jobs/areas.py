"""Taking in a real area tree: read, check the whole, then write the whole."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from mediation.areas.models import LENGTH_OF, Area, ancestor_codes, level_of
from mediation.core.db import write
from mediation.core.text import BadText, ascii_digits, clean_name

COLUMNS = {
    "code": ("code", "代码", "区划代码", "编码"),
    "name": ("name", "名称", "区划名称"),
    "short_name": ("short_name", "简称"),
    "households": ("households", "户数"),
}
LENGTHS = sorted(LENGTH_OF.values())


@dataclass(frozen=True, slots=True)
class Row:
    code: str
    name: str
    short_name: str
    households: int | None


@dataclass
class Plan:
    """What an import would do. With ``problems`` it does nothing."""

    new: list[Row] = field(default_factory=list)
    changed: list[Row] = field(default_factory=list)
    same: int = 0
    problems: list[str] = field(default_factory=list)


def full_code(written: str) -> str:
    """The code without the zeros that lists of six or twelve digits fill it up with.

    ``430000`` → ``43``, ``430902006000`` → ``430902006`` (GB/T 2260, GB/T 10114). Raises ``ValueError``.
    """
    code = ascii_digits(written).strip()
    if not re.fullmatch(r"[1-9]\d+", code):
        raise ValueError(f"“{written}” is no area code.")
    kept = code.rstrip("0") if len(code) in {6, 12} else code
    length = next((n for n in LENGTHS if n >= len(kept)), 0)
    code = code[:length]
    level_of(code)
    return code


def plan(rows: Iterable[dict[str, Any]]) -> Plan:
    """Compare the rows with the tree as it is. Rows may come in any order."""
    found, read = Plan(), {}
    for line, raw in enumerate(rows, 2):
        try:
            row = _row(raw)
        except (ValueError, BadText) as problem:
            found.problems.append(f"line {line}: {problem}")
            continue
        if row.code in read:
            found.problems.append(f"line {line}: {row.code} comes twice")
        read[row.code] = row
    known = {area.code: area for area in Area.objects.filter(code__in=_needed(read))}
    found.problems += _orphans(read, known)
    for code in sorted(read, key=lambda code: (len(code), code)):
        _sort_in(found, read[code], known.get(code))
    return found


def _needed(read: Iterable[str]) -> list[str]:
    return sorted({part for code in read for part in ancestor_codes(code)})


def _row(raw: dict[str, Any]) -> Row:
    def value(column: str) -> str:
        found = (raw[name] for name in COLUMNS[column] if raw.get(name) not in (None, ""))
        return str(next(found, "")).strip()

    households = ascii_digits(value("households"))
    if households and not households.isdecimal():
        raise ValueError(f"“{households}” is no number of households.")
    return Row(
        full_code(value("code")),
        clean_name(value("name"))[:60],
        value("short_name")[:10],
        int(households) if households else None,
    )


def _orphans(read: dict[str, Row], known: dict[str, Area]) -> Iterator[str]:
    for code in sorted(read):
        missing = [a for a in ancestor_codes(code)[:-1] if a not in read and a not in known]
        if missing:
            yield f"{code} {read[code].name}: its upper area {missing[0]} is not there"


def _sort_in(found: Plan, row: Row, area: Area | None) -> None:
    if area is None:
        found.new.append(row)
    elif (area.name, area.short_name, area.households) == _kept(row, area):
        found.same += 1
    else:
        found.changed.append(row)


def _kept(row: Row, area: Area) -> tuple[str, str, int | None]:
    """A list without short names or households does not take away those that are there."""
    households = area.households if row.households is None else row.households
    return row.name, row.short_name or area.short_name, households


def carry_out(found: Plan) -> None:
    """Write the plan in one transaction, upper levels first."""
    with write():
        for level, length in sorted(LENGTH_OF.items()):
            rows = [row for row in found.new if len(row.code) == length]
            above = dict(
                Area.objects.filter(
                    code__in={ancestor_codes(row.code)[-2] for row in rows if level > 1}
                ).values_list("code", "pk")
            )
            Area.objects.bulk_create(
                Area(
                    code=row.code,
                    level=level,
                    name=row.name,
                    short_name=row.short_name,
                    households=row.households,
                    parent_id=above[ancestor_codes(row.code)[-2]] if level > 1 else None,
                )
                for row in rows
            )
        changed = {row.code: row for row in found.changed}
        for area in Area.objects.select_for_update().filter(code__in=changed):
            area.name, area.short_name, area.households = _kept(changed[area.code], area)
            area.save(update_fields=["name", "short_name", "households"])
