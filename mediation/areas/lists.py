"""Taking in a real area tree: read, check the whole, then write the whole."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from mediation.areas.models import LENGTH_OF, Area, ancestor_codes
from mediation.core.db import write
from mediation.core.text import BadText, ascii_digits, clean, clean_name

COLUMNS = {
    "code": ("code", "代码", "区划代码", "编码"),
    "name": ("name", "名称", "区划名称"),
    "short_name": ("short_name", "简称"),
    "households": ("households", "户数"),
}
LENGTHS = sorted(LENGTH_OF.values())
EVERYWHERE = ("",)


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
    known: dict[str, Area] = field(default_factory=dict)

    @property
    def touched(self) -> list[Row]:
        return [*self.new, *self.changed]


def full_code(written: str) -> str:
    """The code without the zeros that lists of six or twelve digits fill it up with.

    ``430000`` → ``43``, ``430902006000`` → ``430902006`` (GB/T 2260, GB/T 10114). Raises ``ValueError``.
    """
    code = ascii_digits(written).strip()
    if not re.fullmatch(r"[1-9]\d+", code):
        raise ValueError(_("“%(written)s” is no area code.") % {"written": written})
    kept = code.rstrip("0") if len(code) in {6, 12} else code
    length = next((n for n in LENGTHS if n >= len(kept)), 0)
    code = code[:length]
    if len(code) not in LENGTHS:
        raise ValueError(_("“%(written)s” is no area code.") % {"written": written})
    return code


def plan(rows: Iterable[dict[str, Any]], *, within: Sequence[str] = EVERYWHERE) -> Plan:
    """Compare the rows with the tree as it is. Rows may come in any order.

    ``within``: the areas below which something may become other than it is.
    """
    found, read = Plan(), {}
    rows = list(rows)
    if fault := _head_fault(rows):
        found.problems.append(fault)
        return found
    for line, raw in enumerate(rows, 2):
        try:
            row = _row(raw)
        except (ValueError, BadText) as problem:
            # What the text of a name lacks is said as a msgid.
            told = {"n": line, "problem": _(str(problem))}
            found.problems.append(_("Line %(n)s: %(problem)s") % told)
            continue
        if row.code in read:
            told = {"n": line, "code": row.code}
            found.problems.append(_("Line %(n)s: %(code)s comes twice.") % told)
        read[row.code] = row
    found.known = {area.code: area for area in Area.objects.filter(code__in=_needed(read))}
    found.problems += _orphans(read, found.known)
    for code in sorted(read, key=lambda code: (len(code), code)):
        _sort_in(found, read[code])
    found.problems += _misplaced(found, within)
    return found


def _head_fault(rows: Sequence[dict[str, Any]]) -> str:
    """What makes every row unreadable, said once instead of on every line."""
    if not rows:
        return _("The file holds no row.")
    heads = {str(head) for row in rows for head in row}
    if all(heads & set(COLUMNS[column]) for column in ("code", "name")):
        return ""
    told = {"heads": "、".join(sorted(heads))[:200]}
    return _("There must be a column 代码 (code) and a column 名称 (name), not: %(heads)s.") % told


def _needed(read: Iterable[str]) -> list[str]:
    return sorted({part for code in read for part in ancestor_codes(code)})


def _row(raw: dict[str, Any]) -> Row:
    def value(column: str) -> str:
        found = (raw[name] for name in COLUMNS[column] if raw.get(name) not in (None, ""))
        return str(next(found, "")).strip()

    households = ascii_digits(value("households"))
    if households and not households.isdecimal():
        raise ValueError(
            _("“%(households)s” is no number of households.") % {"households": households}
        )
    return Row(
        full_code(value("code")),
        clean_name(value("name"))[:60],
        clean(value("short_name"))[:10],
        int(households) if households else None,
    )


def _orphans(read: dict[str, Row], known: dict[str, Area]) -> Iterator[str]:
    for code in sorted(read):
        missing = [a for a in ancestor_codes(code)[:-1] if a not in read and a not in known]
        if missing:
            told = {"code": code, "name": read[code].name, "missing": missing[0]}
            yield _("%(code)s %(name)s: the area above it, %(missing)s, is not there.") % told


def _sort_in(found: Plan, row: Row) -> None:
    area = found.known.get(row.code)
    if area is None:
        found.new.append(row)
    elif (area.name, area.short_name, area.households) == kept(row, area):
        found.same += 1
    else:
        found.changed.append(row)


def _misplaced(found: Plan, within: Sequence[str]) -> Iterator[str]:
    """What would lie elsewhere than where one may write, or below an area that is closed."""
    for row in found.touched:
        told = {"code": row.code, "name": row.name}
        above = found.known.get(ancestor_codes(row.code)[-2]) if len(row.code) > 2 else None
        if not row.code.startswith(tuple(within)):
            yield _("%(code)s %(name)s: this lies outside your area.") % told
        elif row.code not in found.known and above is not None and not above.is_active:
            yield _("%(code)s %(name)s: the area above it is closed.") % told


def kept(row: Row, area: Area) -> tuple[str, str, int | None]:
    """A list without short names or households does not take away those that are there."""
    households = area.households if row.households is None else row.households
    return row.name, row.short_name or area.short_name, households


def carry_out(found: Plan) -> list[Area]:
    """Write the plan in one transaction, upper levels first. Returns what was written."""
    written: list[Area] = []
    with write():
        for level, length in sorted(LENGTH_OF.items()):
            rows = [row for row in found.new if len(row.code) == length]
            above = dict(
                Area.objects.filter(
                    code__in={ancestor_codes(row.code)[-2] for row in rows if level > 1}
                ).values_list("code", "pk")
            )
            written += Area.objects.bulk_create(
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
            area.name, area.short_name, area.households = kept(changed[area.code], area)
            area.save(update_fields=["name", "short_name", "households"])
            written.append(area)
    return written
