"""What is normal for a place: its own past, slowly forgotten and leaning on the larger place."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from mediation.warning.detect.streams import ALL, Category, Level, Stream, Tree, Unit

KEPT_PER_DAY = 0.985 ** (1 / 7)
"""The memory: half of it is gone after 46 weeks."""
GUARD_DAYS = 28
"""The latest days are left out, or a growing cluster would become its own normality."""
PRIOR_WEIGHT: Mapping[Level, float] = {"grid": 1.0, "comm": 2.0, "sub": 4.0, "county": 1.0}
"""How many cases the opinion from above is worth."""

Season = Callable[[Category, int], float]


@dataclass(frozen=True, slots=True)
class Rate:
    """Cases per day, and the shape that says how sure this is."""

    per_day: float
    shape: float


def flat_season(_category: Category, _day: int) -> float:
    """Every day alike: right until a year of data exists."""
    return 1.0


def one_day_on(total: float, *, new: float) -> float:
    """A decayed sum, of cases or of exposure, after one more day."""
    return total * KEPT_PER_DAY + new


def weight(day: int, *, refreshed: int) -> float:
    """What a case of ``day`` counts in the baseline of the Monday ``refreshed``."""
    age = refreshed - GUARD_DAYS - 1 - day
    return float(KEPT_PER_DAY**age) if age >= 0 else 0.0


def exposure(
    category: Category, *, earliest: int, refreshed: int, season: Season = flat_season
) -> float:
    """The decayed days of observation since ``earliest``, weighted by season."""
    days = range(earliest, refreshed - GUARD_DAYS)
    return sum(weight(day, refreshed=refreshed) * season(category, day) for day in days)


def rate(*, seen: float, exposure: float, prior_mean: float, prior_weight: float) -> Rate:
    shape = seen + prior_weight
    return Rate(shape / (exposure + prior_weight / prior_mean), shape)


def all_rates(
    tree: Tree,
    *,
    seen: Mapping[Stream, float],
    exposures: Mapping[Category, float],
    categories: Sequence[Category],
    later: Mapping[Unit | None, float] | None = None,
) -> dict[Stream, Rate]:
    """The rate of every stream, from the county down. ``seen`` and ``exposures`` are decayed.

    ``later``: the exposure of subdistricts that began to register after the others. Their silence
    before that says nothing about them.
    """
    later = later or {}
    rates: dict[Stream, Rate] = {}
    for level, unit in tree.all_places():
        for category in (ALL, *categories):
            stream = Stream(level, unit, category)
            rates[stream] = rate(
                seen=seen.get(stream, 0.0),
                exposure=later.get(tree.subdistrict(level, unit), exposures[category]),
                prior_mean=_prior_mean(stream, tree, rates, categories),
                prior_weight=PRIOR_WEIGHT[level],
            )
    if later:
        _catch_up(rates, tree, categories)
    return rates


def _catch_up(rates: dict[Stream, Rate], tree: Tree, categories: Sequence[Category]) -> None:
    """A county is at least the sum of its subdistricts, also of those that came later."""
    for level, unit in tree.all_places():
        if level != "county":
            continue
        inside = [sub for sub, county in tree.county_of.items() if county == unit]
        for category in (ALL, *categories):
            own = rates[Stream(level, unit, category)]
            total = sum(rates[Stream("sub", sub, category)].per_day for sub in inside)
            rates[Stream(level, unit, category)] = Rate(max(own.per_day, total), own.shape)


def _prior_mean(
    stream: Stream,
    tree: Tree,
    rates: Mapping[Stream, Rate],
    categories: Sequence[Category],
) -> float:
    """What the larger place makes us expect.

    By share of grids, except for a category in a small unit: there the unit's own total is split
    as the larger place splits its own.
    """
    level, unit, category = stream
    if level == "county":
        return 1.0
    above = tree.parent(level, unit)
    if level == "sub" or category == ALL:
        share = tree.grids_in(level, unit) / tree.grids_in(*above)
        return rates[Stream(*above, category)].per_day * share
    mix = sum(rates[Stream(*above, each)].per_day for each in categories)
    own = rates[Stream(level, unit, ALL)].per_day
    return own * rates[Stream(*above, category)].per_day / mix
