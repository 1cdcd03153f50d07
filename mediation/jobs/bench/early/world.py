"""A district in which nothing is wrong, and the outbreaks that are put into it. Seeded.

The counts are what a grid sees: 0 to 2 cases a week, clumped (negative binomial), unequal places, a season,
growth from year to year. No outbreak but those that are injected.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from mediation.warning.detect.streams import LEVELS, Level, Tree

YEAR = 364
KINDS = 9
KIND_SHARES = (0.26, 0.2, 0.14, 0.11, 0.09, 0.08, 0.05, 0.04, 0.03)


@dataclass(frozen=True, slots=True)
class Shape:
    """How large the district is and how its counts behave."""

    subdistricts: int = 10
    communities: int = 12
    grids: int = 8
    per_grid_week: float = 0.33
    clumping: float = 1.25
    unequal: float = 0.6
    growth: float = 0.15
    season: float = 0.2
    years: int = 3
    """The last one is judged; those before it are the past."""

    @property
    def days(self) -> int:
        return self.years * YEAR


@dataclass(frozen=True, slots=True)
class Outbreak:
    """``extra`` cases of one kind in one place within ``span`` days."""

    name: str
    level: Level
    unit: int
    kind: int
    begin: int
    span: int


@dataclass
class World:
    """``cases``: day, grid, kind, in order of day."""

    tree: Tree
    cases: list[tuple[int, int, int]]
    first_judged: int
    days: int
    outbreaks: list[Outbreak] = field(default_factory=list)


def tree_of(shape: Shape) -> Tree:
    communities = shape.subdistricts * shape.communities
    return Tree(
        comm_of={grid: grid // shape.grids for grid in range(communities * shape.grids)},
        sub_of={comm: comm // shape.communities for comm in range(communities)},
        county_of=dict.fromkeys(range(shape.subdistricts), 0),
    )


def calm(shape: Shape, *, seed: int) -> World:
    """Three years of which the last is judged; the same seed gives the same world."""
    dice = Random(seed)  # noqa: S311 -- a simulation
    tree = tree_of(shape)
    busy: dict[int, float] = {
        int(grid): dice.lognormvariate(-(shape.unequal**2) / 2, shape.unequal)
        for grid in tree.comm_of
    }
    cases = [
        (day, grid, dice.choices(range(KINDS), KIND_SHARES)[0])
        for day in range(shape.days)
        for grid in _hit(dice, busy, shape, day)
    ]
    return World(tree, cases, shape.days - YEAR, shape.days)


def _hit(dice: Random, busy: dict[int, float], shape: Shape, day: int) -> list[int]:
    """The grids of one day's cases: some day-groups of two and three make the counts clump."""
    wave = 1 + shape.season * math.sin(2 * math.pi * day / YEAR)
    level = wave * (1 + shape.growth) ** (day / YEAR)
    total = sum(busy.values()) * shape.per_grid_week / 7 * level
    # A geometric group of mean m has a variance-to-mean ratio of 2m - 1.
    mean_group = (shape.clumping + 1) / 2
    names, weights = _wheel(busy)
    groups = dice.choices(names, cum_weights=weights, k=_poisson(dice, total / mean_group))
    found = []
    for grid in groups:
        size = 1
        while dice.random() > 1 / mean_group:
            size += 1
        found += [grid] * size
    return found


_WHEELS: dict[int, tuple[list[int], list[float]]] = {}


def _wheel(busy: dict[int, float]) -> tuple[list[int], list[float]]:
    known = _WHEELS.get(id(busy))
    if known is None:
        total, sums = 0.0, []
        for weight in busy.values():
            total += weight
            sums.append(total)
        _WHEELS.clear()
        known = _WHEELS[id(busy)] = list(busy), sums
    return known


def _poisson(dice: Random, mean: float) -> int:
    """Knuth in pieces, so that a large mean does not underflow."""
    count = 0
    while mean > 0:
        piece = min(mean, 30.0)
        limit, product = math.exp(-piece), dice.random()
        while product > limit:
            count += 1
            product *= dice.random()
        mean -= piece
    return count


RECIPES: tuple[tuple[str, Level, int, int], ...] = (
    ("grid +4 in 7 days", "grid", 4, 7),
    ("grid +5 in 14 days", "grid", 5, 14),
    ("grid +7 in 28 days", "grid", 7, 28),
    ("community +8 in 14 days", "comm", 8, 14),
    ("community +12 in 28 days", "comm", 12, 28),
    ("subdistrict +30 in 28 days", "sub", 30, 28),
)
SMALL = frozenset({"grid", "comm"})
"""Levels whose weekly counts are small: there the bar of the comparison lies."""


def disturbed(world: World, *, each: int, seed: int) -> World:
    """The same world with ``each`` outbreaks of every recipe, apart from each other in time or place."""
    dice = Random(seed)  # noqa: S311 -- a simulation
    outbreaks: list[Outbreak] = []
    extra: list[tuple[int, int, int]] = []
    taken: dict[tuple[str, int], list[tuple[int, int]]] = {}
    for name, level, cases, span in RECIPES:
        for _ in range(each):
            outbreak = _placed(dice, world, taken, name, (level, span))
            outbreaks.append(outbreak)
            grids = _grids(world.tree, level, outbreak.unit)
            extra += [
                (outbreak.begin + dice.randrange(span), dice.choice(grids), outbreak.kind)
                for _ in range(cases)
            ]
    merged = sorted([*world.cases, *extra], key=lambda case: case[0])
    return World(world.tree, merged, world.first_judged, world.days, outbreaks)


def _placed(
    dice: Random,
    world: World,
    taken: dict[tuple[str, int], list[tuple[int, int]]],
    name: str,
    size: tuple[Level, int],
) -> Outbreak:
    """Somewhere and sometime; not twice in one subdistrict within eight weeks if that can be helped."""
    level, span = size
    units = sorted(int(unit) for place, unit in world.tree.all_places() if place == level)
    for _ in range(200):
        unit = dice.choice(units)
        begin = dice.randrange(world.first_judged + 1, world.days - span - 7)
        home = ("sub", _subdistrict(world.tree, level, int(unit)))
        if all(abs(begin - other) > 56 for other, _span in taken.get(home, ())):
            break
    taken.setdefault(home, []).append((begin, span))
    return Outbreak(name, level, int(unit), dice.randrange(KINDS), begin, span)


def _subdistrict(tree: Tree, level: Level, unit: int) -> int:
    while level != "sub":
        level, unit = tree.parent(level, unit)  # type: ignore[assignment]  # units are whole numbers here
    return unit


def _grids(tree: Tree, level: Level, unit: int) -> Sequence[int]:
    return [int(grid) for grid in tree.comm_of if dict(tree.places(grid))[level] == unit]


def units_per_subdistrict(tree: Tree) -> dict[int, dict[str, int]]:
    """How many grids and communities each subdistrict has."""
    found: dict[int, dict[str, int]] = {}
    seen = set()
    for grid in tree.comm_of:
        places = dict(tree.places(grid))
        own = found.setdefault(int(places["sub"]), dict.fromkeys(LEVELS, 0))
        for level in LEVELS:
            if (level, places[level]) not in seen:
                seen.add((level, places[level]))
                own[level] += 1
    return found
