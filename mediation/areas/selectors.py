"""Questions about the area tree."""

from collections.abc import Collection
from typing import Any

from django.db.models import Q

from mediation.areas.models import LENGTH_OF, Area, Level, Outline, ancestor_codes, code_range


def within(code: str, *, field: str = "area_code") -> Q:
    """Rows whose ``field`` lies in the area ``code``."""
    low, high = code_range(code)
    return Q(**{f"{field}__gte": low, f"{field}__lt": high})


def trail(code: str) -> list[Area]:
    """The areas from the province down to ``code``."""
    return list(Area.objects.filter(code__in=ancestor_codes(code)).order_by("code"))


def outlines(codes: Collection[str]) -> dict[str, tuple[Any, str]]:
    """Polygons and source of each area, if all of them have any; half a map would tell less than none."""
    rows = Outline.objects.filter(area__code__in=codes).order_by("area__code")
    found = {
        code: (polygons, source)
        for code, polygons, source in rows.values_list("area__code", "polygons", "source")
    }
    return found if len(found) == len(codes) else {}


def subdistrict_code(code: str) -> str:
    return code[: LENGTH_OF[Level.SUBDISTRICT]]


def community_code(code: str) -> str:
    return code[: LENGTH_OF[Level.COMMUNITY]]
