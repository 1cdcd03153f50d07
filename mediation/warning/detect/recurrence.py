"""How rarely pure chance makes such an alarm, and the tier that follows from it.

The rates were counted in simulated counties in which nothing was wrong: 960 grids, 120
communities, 10 subdistricts, ten streams per unit, one alarm per stream in 28 days. A budget of
false alarms is stated here and kept; it is the reason why people still read the alarms.
"""

import math
from bisect import bisect_left
from collections.abc import Mapping, Sequence

from mediation.warning.detect.streams import Level
from mediation.warning.detect.tail import SMALLEST
from mediation.warning.ruleset import COLOURS, Colour

CHANCES = (3e-2, 1e-2, 3e-3, 1e-3, 3e-4, 1e-4, 3e-5, 1e-5, 3e-6, 1e-6)
# False alarms a week with a chance of at most the one above.
FALSE_PER_WEEK: Mapping[Level, Sequence[float]] = {
    "grid": (38.512, 21.808, 10.596, 4.862, 1.961, 0.825, 0.321, 0.153, 0.06, 0.017),
    "comm": (27.715, 13.067, 5.106, 2.018, 0.657, 0.247, 0.072, 0.034, 0.007, 0.002),
    "sub": (5.451, 2.503, 0.921, 0.364, 0.156, 0.06, 0.026, 0.01, 0.0035, 0.0012),
    "county": (1.302, 0.815, 0.424, 0.242, 0.105, 0.077, 0.043, 0.029, 0.019, 0.01),
}
SIMULATED_UNITS: Mapping[Level, int] = {"grid": 960, "comm": 120, "sub": 10, "county": 1}
SHARE: Mapping[Level, float] = {"grid": 0.5, "comm": 0.25, "sub": 0.25, "county": 1.0}
"""Which part of the budget of false alarms a level may spend."""
TIER_WEEKS: Mapping[Colour, int] = {"blue": 4, "yellow": 12, "orange": 52, "red": 260}


def recurrence_weeks(level: Level, chance: float, *, grids: int, units: int) -> float:
    """Pure chance gives such an alarm in this area once in so many weeks.

    ``grids`` and ``units`` of ``level`` lie in the area whose people are alarmed.
    """
    often = _false_per_week(level, max(chance, SMALLEST)) * _scale(level, grids, units)
    return SHARE[level] / often


def tier(
    level: Level, chance: float, *, grids: int, units: int, has_red_dispute: bool
) -> Colour | None:
    """The tier of an alarm, one higher with a red dispute in it; none if too ordinary."""
    weeks = recurrence_weeks(level, chance, grids=grids, units=units)
    reached = [colour for colour, least in TIER_WEEKS.items() if weeks >= least]
    if not reached:
        return None
    step = COLOURS.index(reached[-1]) + has_red_dispute
    return COLOURS[min(step, len(COLOURS) - 1)]


def chance_limit(level: Level, colour: Colour, *, grids: int, units: int) -> float:
    """The largest chance that still reaches ``colour``."""
    wanted = SHARE[level] / (TIER_WEEKS[colour] * _scale(level, grids, units))
    least = FALSE_PER_WEEK[level][-1]
    if wanted <= least:
        return CHANCES[-1] * wanted / least
    return _between(wanted, FALSE_PER_WEEK[level], CHANCES)


def _scale(level: Level, grids: int, units: int) -> float:
    if level == "county":
        return 1.0
    return max(grids / SIMULATED_UNITS["grid"], units / SIMULATED_UNITS[level])


def _false_per_week(level: Level, chance: float) -> float:
    if chance <= CHANCES[-1]:
        # Beyond the simulation: in proportion.
        return FALSE_PER_WEEK[level][-1] * chance / CHANCES[-1]
    return _between(chance, CHANCES, FALSE_PER_WEEK[level])


def _between(value: float, xs: Sequence[float], ys: Sequence[float]) -> float:
    """Linear in the logarithms of both; ``xs`` fall, and above the first ``ys`` stay."""
    if value >= xs[0]:
        return ys[0]
    right = bisect_left(xs, -value, key=lambda x: -x)
    span = math.log(xs[right] / xs[right - 1])
    part = math.log(value / xs[right - 1]) / span
    return float(ys[right - 1] * (ys[right] / ys[right - 1]) ** part)
