"""Outlines of areas: read from GeoJSON, checked, thinned out. Plain Python.

Positions are longitude and latitude in degrees of WGS 84 (RFC 7946, section 4); CGCS2000 differs from it
by centimetres. What Chinese map services hand out is shifted by some hundred metres (GCJ-02) and is not this.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import cos, hypot, isfinite, radians
from typing import Any, Final

from mediation.core.text import gettext_noop

Position = tuple[float, float]
Ring = list[Position]
Polygon = list[Ring]

WEST, EAST, SOUTH, NORTH = 73.0, 136.0, 3.0, 54.0
"""Degrees between which the country lies."""
METRES_A_DEGREE: Final = 111_320.0
DIGITS: Final = 6
MOST_POSITIONS: Final = 20_000
LEAST_OF_A_RING: Final = 4


class BadOutline(Exception):
    """Why an outline is not taken. ``reason`` is a msgid, to be filled with ``values``."""

    def __init__(self, reason: str, **values: Any) -> None:
        super().__init__(reason % values)
        self.reason, self.values = reason, values


def read(geometry: Any) -> list[Polygon]:
    """The polygons of a GeoJSON geometry. Raises ``BadOutline``."""
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in {"Polygon", "MultiPolygon"}:
        raise BadOutline(gettext_noop("an outline is a Polygon or a MultiPolygon"))
    written = geometry.get("coordinates")
    polygons = [written] if kind == "Polygon" else written
    if not isinstance(polygons, list) or not polygons:
        raise BadOutline(gettext_noop("it has no coordinates"))
    found = [_polygon(polygon) for polygon in polygons]
    if sum(len(ring) for polygon in found for ring in polygon) > MOST_POSITIONS:
        raise BadOutline(gettext_noop("it has more than %(most)s positions"), most=MOST_POSITIONS)
    return found


def _polygon(written: Any) -> Polygon:
    if not isinstance(written, list) or not written:
        raise BadOutline(gettext_noop("a polygon has no ring"))
    return [_ring(ring) for ring in written]


def _ring(written: Any) -> Ring:
    if not isinstance(written, list) or len(written) < LEAST_OF_A_RING:
        raise BadOutline(
            gettext_noop("a ring needs four positions or more, the last equal to the first")
        )
    ring = [_position(one) for one in written]
    if ring[0] != ring[-1]:
        raise BadOutline(gettext_noop("a ring is not closed: its last position must be its first"))
    if not surface(ring):
        raise BadOutline(gettext_noop("a ring encloses nothing"))
    return ring


def _position(written: Any) -> Position:
    numbers = written[:2] if isinstance(written, list) and len(written) >= 2 else []
    if len(numbers) < 2 or not all(_is_number(one) for one in numbers):
        raise BadOutline(gettext_noop("a position is two numbers, longitude and latitude"))
    east, north = float(numbers[0]), float(numbers[1])
    if not _is_here(east, north):
        if _is_here(north, east):
            raise BadOutline(gettext_noop("longitude and latitude are in the wrong order"))
        raise BadOutline(
            gettext_noop("%(east)s, %(north)s are no degrees of WGS 84 within the country"),
            east=east,
            north=north,
        )
    return round(east, DIGITS), round(north, DIGITS)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and isfinite(value)


def _is_here(east: float, north: float) -> bool:
    return WEST <= east <= EAST and SOUTH <= north <= NORTH


# Measuring ------------------------------------------------------------------------------------------


def surface(ring: Sequence[Position]) -> float:
    """Twice the signed area in square degrees; positive against the clock."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))


def crossing(ring: Sequence[Position]) -> bool:
    """Whether the ring crosses itself. Sorted from west to east, so that far sides are not compared."""
    sides = sorted((min(a[0], b[0]), max(a[0], b[0]), n) for n, (a, b) in enumerate(pairwise(ring)))
    last = len(ring) - 2
    for place, (_west, east, n) in enumerate(sides):
        for west, _east, m in sides[place + 1 :]:
            if west > east:
                break
            near = abs(n - m) == 1 or {n, m} == {0, last}
            if not near and _cross(ring[n], ring[n + 1], ring[m], ring[m + 1]):
                return True
    return False


def _cross(a: Position, b: Position, c: Position, d: Position) -> bool:
    return _side(a, b, c) * _side(a, b, d) < 0 and _side(c, d, a) * _side(c, d, b) < 0


def _side(a: Position, b: Position, c: Position) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def contains(polygons: Sequence[Polygon], point: Position) -> bool:
    """Whether the point lies inside, holes taken out."""
    return any(
        _inside(polygon[0], point) and not any(_inside(hole, point) for hole in polygon[1:])
        for polygon in polygons
    )


def _inside(ring: Sequence[Position], point: Position) -> bool:
    east, north = point
    odd = False
    for (x, y), (u, v) in pairwise(ring):
        if (y > north) != (v > north) and east < (u - x) * (north - y) / (v - y) + x:
            odd = not odd
    return odd


def middle(polygons: Sequence[Polygon]) -> Position:
    """A point inside: where a name may stand. Halfway through the widest stretch at mid-height."""
    ring = max((polygon[0] for polygon in polygons), key=lambda r: abs(surface(r)))
    low, high = min(p[1] for p in ring), max(p[1] for p in ring)
    north = (low + high) / 2 + (high - low) * 1e-4  # beside a position that lies exactly halfway
    cuts = sorted(
        (u - x) * (north - y) / (v - y) + x
        for (x, y), (u, v) in pairwise(ring)
        if (y > north) != (v > north)
    )
    stretches = list(zip(cuts[::2], cuts[1::2], strict=False))
    west, east = max(stretches, key=lambda s: s[1] - s[0], default=(ring[0][0], ring[0][0]))
    return (west + east) / 2, north


# Thinning out ---------------------------------------------------------------------------------------


def thinned(polygons: Sequence[Polygon], metres: float) -> list[Polygon]:
    """The same outlines with fewer positions, none moved, none off by more than ``metres``."""
    limit = metres / METRES_A_DEGREE
    found = [[_thin(ring, limit) for ring in polygon] for polygon in polygons]
    return [[ring for ring in polygon if ring] for polygon in found if polygon[0]] or list(polygons)


def _thin(ring: Ring, limit: float) -> Ring:
    """Douglas and Peucker, from the two positions farthest apart; empty when nothing is left of it."""
    scale = cos(radians(ring[0][1]))
    far = max(range(len(ring)), key=lambda n: _apart(ring[0], ring[n], scale))
    kept = sorted({0, far, len(ring) - 1, *_needed(ring, 0, far, limit, scale)}
                  | set(_needed(ring, far, len(ring) - 1, limit, scale)))  # fmt: skip
    thin = [ring[n] for n in kept]
    return thin if len(thin) >= LEAST_OF_A_RING else []


def _needed(ring: Ring, first: int, last: int, limit: float, scale: float) -> Iterator[int]:
    open_ = [(first, last)]
    while open_:
        a, b = open_.pop()
        if b - a < 2:
            continue
        n = max(range(a + 1, b), key=lambda m: _off(ring[m], ring[a], ring[b], scale))
        if _off(ring[n], ring[a], ring[b], scale) > limit:
            yield n
            open_ += [(a, n), (n, b)]


def _apart(a: Position, b: Position, scale: float) -> float:
    return hypot((a[0] - b[0]) * scale, a[1] - b[1])


def _off(p: Position, a: Position, b: Position, scale: float) -> float:
    """How far ``p`` lies from the stretch between ``a`` and ``b``, in degrees of latitude."""
    x, y = (b[0] - a[0]) * scale, b[1] - a[1]
    u, v = (p[0] - a[0]) * scale, p[1] - a[1]
    length = x * x + y * y
    t = max(0.0, min(1.0, (u * x + v * y) / length)) if length else 0.0
    return hypot(u - t * x, v - t * y)


# Drawing --------------------------------------------------------------------------------------------


def drawn(
    shapes: Sequence[Sequence[Polygon]], *, wide: int, high: int
) -> tuple[int, int, list[tuple[str, tuple[float, float]]]]:
    """Width and height of the drawing, and for each shape its SVG path and where its name stands.

    As large as fits into ``wide`` and ``high``, so that names are as large on a tall map as on a wide one.
    Degrees of longitude are as long as they are in the middle of the whole: true enough for a county.
    """
    points = [p for shape in shapes for polygon in shape for ring in polygon for p in ring]
    west, east = min(p[0] for p in points), max(p[0] for p in points)
    south, north = min(p[1] for p in points), max(p[1] for p in points)
    scale = cos(radians((south + north) / 2))
    across, up = max((east - west) * scale, 1e-9), max(north - south, 1e-9)
    unit = min(wide / across, high / up)

    def place(p: Position) -> tuple[float, float]:
        return round((p[0] - west) * scale * unit, 1), round((north - p[1]) * unit, 1)

    paths = []
    for shape in shapes:
        rings = [ring for polygon in shape for ring in polygon]
        parts = [" ".join(f"{x} {y}" for x, y in map(place, ring[:-1])) for ring in rings]
        paths.append(("".join(f"M{part}Z" for part in parts), place(middle(shape))))
    return max(1, round(across * unit)), max(1, round(up * unit)), paths
