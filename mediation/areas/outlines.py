"""Taking in the outlines of areas: read GeoJSON, check the whole, then write the whole."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import permutations
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mediation.areas import geometry
from mediation.areas.geometry import BadOutline, Polygon
from mediation.areas.lists import EVERYWHERE, full_code
from mediation.areas.models import Area, Outline, ancestor_codes
from mediation.core.db import write
from mediation.core.tables import BadFile, read_json
from mediation.core.text import gettext_noop

CODES: Final = ("code", "adcode", "代码", "区划代码", "编码")
LAWFUL_CRS: Final = ("CRS84", "EPSG::4326", "EPSG:4326", "EPSG::4490", "EPSG:4490")
METRES: Final = 10.0
"""Outlines are thinned out so far; nobody sees it on a map of a county."""
SYSTEMS: Final = {
    "wgs84": "WGS 84",
    "cgcs2000": "CGCS2000",
    "gcj02": "GCJ-02",
    "bd09": "BD-09",
}
LAWFUL_SYSTEMS: Final = ("wgs84", "cgcs2000")
SHIFTED: Final = gettext_lazy(
    "Coordinates of map services (GCJ-02, BD-09) are shifted. Ask the county for WGS 84 or CGCS2000."
)


@dataclass
class Plan:
    """What an import would do. With ``problems`` it does nothing."""

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    same: int = 0
    problems: list[str] = field(default_factory=list)
    shapes: dict[str, list[Polygon]] = field(default_factory=dict)
    areas: Mapping[str, Area] = field(default_factory=dict)

    @property
    def touched(self) -> list[str]:
        return [*self.new, *self.changed]


def features(content: bytes) -> list[Any]:
    """The features of a collection. Raises ``BadFile``."""
    read = read_json(content)
    if not isinstance(read, dict) or read.get("type") != "FeatureCollection":
        raise BadFile(_("The file must be a GeoJSON FeatureCollection."))
    crs = json.dumps(read.get("crs") or "")
    if read.get("crs") and not any(known in crs for known in LAWFUL_CRS):
        raise BadFile(_("Coordinates must be WGS 84 or CGCS2000, not %(crs)s.") % {"crs": crs[:80]})
    found = read.get("features")
    if not isinstance(found, list) or not found:
        raise BadFile(_("The collection holds no feature."))
    return found


def plan(
    found: Sequence[Any], *, within: Sequence[str] = EVERYWHERE, metres: float = METRES
) -> Plan:
    """Check every feature, and all of them against each other and the areas above.

    ``within``: the areas whose outlines, and those of what lies below them, may become others.
    """
    made = Plan()
    for number, feature in enumerate(found, 1):
        try:
            code, shape = _feature(feature, metres)
        except BadOutline as problem:
            told = {"n": number, "problem": _(problem.reason) % problem.values}
            made.problems.append(_("Feature %(n)s: %(problem)s") % told)
            continue
        except ValueError as problem:
            told = {"n": number, "problem": problem}
            made.problems.append(_("Feature %(n)s: %(problem)s") % told)
            continue
        if code in made.shapes:
            told = {"n": number, "code": code}
            made.problems.append(_("Feature %(n)s: %(code)s comes twice.") % told)
        made.shapes[code] = shape
    needed = {one for code in made.shapes for one in (code, *ancestor_codes(code)[-2:-1])}
    made.areas = {a.code: a for a in Area.objects.filter(code__in=needed)}
    made.problems += [
        _("%(code)s: there is no area with this code.") % {"code": code}
        for code in made.shapes
        if code not in made.areas
    ]
    kept = _kept(needed)
    made.problems += _misplaced(made.shapes, kept)
    for code, shape in made.shapes.items():
        before = kept.get(code)
        if before is None:
            made.new.append(code)
        elif before == shape:
            made.same += 1
        else:
            made.changed.append(code)
    made.problems += [
        _("%(code)s: this lies outside your area.") % {"code": code}
        for code in made.touched
        if code in made.areas and not code.startswith(tuple(within))
    ]
    return made


def _feature(feature: Any, metres: float) -> tuple[str, list[Polygon]]:
    """Code and thinned outline. Raises ``BadOutline``, or ``ValueError`` for what is no code."""
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(properties, dict):
        raise BadOutline(gettext_noop("it has no properties"))
    written = next((properties[name] for name in CODES if properties.get(name)), "")
    code = full_code(str(written))
    shape = geometry.thinned(geometry.read(feature.get("geometry")), metres)
    if any(geometry.crossing(ring) for polygon in shape for ring in polygon):
        raise BadOutline(gettext_noop("%(code)s: a ring crosses itself"), code=code)
    return code, shape


def _kept(codes: set[str]) -> dict[str, list[Polygon]]:
    rows = Outline.objects.filter(area__code__in=codes).values_list("area__code", "polygons")
    return {
        code: [[[(x, y) for x, y in ring] for ring in polygon] for polygon in polygons]
        for code, polygons in rows
    }


def _misplaced(
    shapes: Mapping[str, list[Polygon]], kept: Mapping[str, list[Polygon]]
) -> Iterator[str]:
    """Areas that lie outside the one above, and neighbours one of which lies in the other."""
    families: dict[str, list[str]] = {}
    for code in shapes:
        above = ancestor_codes(code)[-2] if len(ancestor_codes(code)) > 1 else ""
        families.setdefault(above, []).append(code)
        upper = shapes.get(above) or kept.get(above)
        if upper and not geometry.contains(upper, geometry.middle(shapes[code])):
            told = {"code": code, "above": above}
            yield _("%(code)s: it lies outside %(above)s, the area above it.") % told
    for family in families.values():
        for one, other in permutations(family, 2):
            if geometry.contains(shapes[other], geometry.middle(shapes[one])):
                told = {"code": one, "other": other}
                yield _("%(code)s: its middle lies within %(other)s.") % told


def carry_out(made: Plan, *, source: str, now: datetime) -> None:
    """Write the plan in one transaction."""
    with write():
        for code in (*made.new, *made.changed):
            Outline.objects.update_or_create(
                area=made.areas[code],
                defaults={"polygons": made.shapes[code], "source": source, "imported_at": now},
            )
