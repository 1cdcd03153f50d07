"""The table in force in an area, and a new version of it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Max

from mediation.areas.models import LENGTH_OF, Level
from mediation.core.db import write
from mediation.core.prepared import Prepared
from mediation.warning.models import OfficeTable
from mediation.warning.settings import HOUSE, Settings, read

# Codes of ancestors are prefixes, so the longest sorts last.
IN_FORCE = Prepared(
    lambda sub, district: OfficeTable.objects.filter(area_code__in=["", district, sub]).order_by(
        "-area_code", "-number"
    )[:1],
    sub=str,
    district=str,
)


def settings_of(area_code: str) -> Settings:
    """What counts for a case in ``area_code``: one statement."""
    sub, district, _house = _line(area_code)
    table = IN_FORCE.first(sub=sub, district=district)
    return HOUSE if table is None else read(table.content, version=table.number)


def settings_of_all(area_codes: Iterable[str]) -> dict[str, Settings]:
    """The same for many places: one statement."""
    lines = {code: _line(code) for code in area_codes}
    offices = {office for line in lines.values() for office in line}
    rows = OfficeTable.objects.filter(area_code__in=offices).order_by("number")
    newest = {table.area_code: table for table in rows}
    found = {}
    for code, line in lines.items():
        table = next((newest[office] for office in line if office in newest), None)
        found[code] = HOUSE if table is None else read(table.content, version=table.number)
    return found


def _line(area_code: str) -> tuple[str, str, str]:
    """The offices whose table may count in a place, the most special first."""
    sub, district = (area_code[: LENGTH_OF[level]] for level in (Level.SUBDISTRICT, Level.DISTRICT))
    return sub, district, ""


def versions(area_code: str) -> list[OfficeTable]:
    """All tables of one office, the newest first."""
    return list(
        OfficeTable.objects.filter(area_code=area_code)
        .select_related("author", "proposed_by")
        .order_by("-number")
    )


def adopt(
    area_code: str,
    content: Mapping[str, Any],
    *,
    reason: str,
    author_id: int | None,
    proposed_by_id: int | None = None,
    now: datetime,
) -> OfficeTable:
    """Put a new version in force for ``area_code``. What it does not name stays as it was."""
    with write():
        rows = OfficeTable.objects.select_for_update().filter(area_code=area_code)
        latest = rows.order_by("-number").first()
        number = (latest.number if latest else rows.aggregate(n=Max("number"))["n"] or 0) + 1
        before: Mapping[str, Any] = latest.content if latest else {}
        return OfficeTable.objects.create(
            area_code=area_code,
            number=number,
            content=dict(before) | dict(content),
            reason=reason,
            author_id=author_id,
            proposed_by_id=proposed_by_id,
            at=now,
        )
