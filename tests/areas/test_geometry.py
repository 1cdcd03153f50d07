"""Outlines: what is refused and why, what thinning keeps, where a name stands."""

import itertools
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediation.areas import geometry
from mediation.areas.geometry import BadOutline

SQUARE = [[112.0, 28.0], [112.1, 28.0], [112.1, 28.1], [112.0, 28.1], [112.0, 28.0]]
HOLE = [[112.04, 28.04], [112.06, 28.04], [112.06, 28.06], [112.04, 28.06], [112.04, 28.04]]
BOW = [[112.0, 28.0], [112.1, 28.1], [112.1, 28.0], [112.0, 28.1], [112.0, 28.0]]


def polygon(*rings: Any) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


def changed(place: int, position: Any) -> list[Any]:
    return [*SQUARE[:place], position, *SQUARE[place + 1 :]]


@pytest.mark.parametrize(
    ("written", "why"),
    [
        (None, "Polygon"),
        ({"type": "Point", "coordinates": [112, 28]}, "Polygon"),
        ({"type": "Polygon"}, "no ring"),
        ({"type": "MultiPolygon", "coordinates": []}, "coordinates"),
        (polygon(), "no ring"),
        (polygon(SQUARE[:3]), "four positions"),
        (polygon(SQUARE[:4]), "not closed"),
        (polygon([SQUARE[0]] * 4), "encloses nothing"),
        (polygon(changed(1, [28.0, 112.1])), "wrong order"),
        (polygon(changed(1, [12523000.0, 3250000.0])), "no degrees"),
        (polygon(changed(1, [2.3, 48.8])), "no degrees"),
        (polygon(changed(1, [112.1])), "two numbers"),
        (polygon(changed(1, ["112.1", "28.0"])), "two numbers"),
        (polygon(changed(1, [math.nan, 28.0])), "two numbers"),
        (polygon(changed(1, [True, 28.0])), "two numbers"),
        (polygon(changed(1, None)), "two numbers"),
        (polygon(SQUARE, "x"), "four positions"),
    ],
)
def test_bad_outline_is_refused_with_its_reason(written: Any, why: str) -> None:
    with pytest.raises(BadOutline, match=why):
        geometry.read(written)


def test_good_outline_is_read_without_heights() -> None:
    shape = geometry.read(polygon([[*p, 34.5] for p in SQUARE], HOLE))

    assert shape == [[[tuple(p) for p in SQUARE], [tuple(p) for p in HOLE]]]
    assert geometry.contains(shape, (112.01, 28.01))
    assert not geometry.contains(shape, (112.05, 28.05))  # in the hole
    assert not geometry.contains(shape, (112.2, 28.05))


@pytest.mark.parametrize(("ring", "crosses"), [(SQUARE, False), (BOW, True), (HOLE, False)])
def test_ring_that_crosses_itself_is_seen(ring: Any, *, crosses: bool) -> None:
    assert geometry.crossing([tuple(p) for p in ring]) is crosses


@st.composite
def stars(draw: Any) -> Any:
    """Rings around a centre: never crossing themselves."""
    count = draw(st.integers(3, 60))
    radii = draw(st.lists(st.floats(0.01, 0.2), min_size=count, max_size=count))
    ring = [
        (112 + r * math.cos(2 * math.pi * n / count), 28 + r * math.sin(2 * math.pi * n / count))
        for n, r in enumerate(radii)
    ]
    return [*ring, ring[0]]


@given(stars())
def test_name_stands_inside_and_thinning_moves_no_position(ring: Any) -> None:
    shape = [[ring]]

    thin = geometry.thinned(shape, 50.0)

    assert not geometry.crossing(ring)
    assert geometry.contains(shape, geometry.middle(shape))
    assert set(thin[0][0]) <= set(ring)
    assert thin[0][0][0] == thin[0][0][-1] == ring[0]


def test_thinning_drops_what_nobody_sees() -> None:
    """A thousand positions on the sides of a square, each off by a metre at most."""
    sides = []
    for (x, y), (u, v) in itertools.pairwise(SQUARE):
        sides += [
            (x + (u - x) * n / 250, y + (v - y) * n / 250 + (n % 2) * 5e-6) for n in range(250)
        ]
    ring = [*sides, sides[0]]

    thin = geometry.thinned([[ring]], 10.0)

    assert len(thin[0][0]) <= 9
    assert abs(geometry.surface(thin[0][0]) / geometry.surface(ring) - 1) < 0.001


def test_tall_drawing_is_narrower_and_not_higher() -> None:
    wide, high, _paths = geometry.drawn([[[[tuple(p) for p in SQUARE]]]], wide=1000, high=500)

    assert (wide, high) == (round(500 * math.cos(math.radians(28.05))), 500)


def test_drawing_keeps_the_shape_of_the_ground() -> None:
    """At 28 degrees north a degree of longitude is 0.88 of one of latitude."""
    shape = [[[tuple(p) for p in SQUARE]]]
    wide, high, [(path, (x, y))] = geometry.drawn([shape], wide=1000, high=9000)

    assert (wide, high) == (1000, round(1000 / math.cos(math.radians(28.05))))
    assert path.startswith("M0.0 ")
    assert path.endswith("Z")
    assert 0 < x < 1000
    assert 0 < y < high
