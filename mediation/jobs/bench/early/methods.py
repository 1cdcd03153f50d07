"""Other ways to judge the same streams on the same days, each as one score: the higher, the stranger.

EARS C2, CUSUM, a fixed threshold and the improved Farrington method (Noufaily et al. 2013), written from
their descriptions and tuned by the bench to the same rate of false alarms as ours.
"""

import math
from bisect import bisect_right
from collections.abc import Callable, Sequence

from mediation.warning.detect.streams import Stream
from mediation.warning.detect.tail import chance_of_at_least
from mediation.warning.detect.watch import Watch

WEEK = 7
Score = Callable[[Watch, Stream, int, Sequence[int]], float | None]
"""``days``: the ordinal days of all cases of the stream so far. ``None``: nothing to judge."""


def within(days: Sequence[int], end: int, span: int) -> int:
    """Cases of the ``span`` days that end with ``end``."""
    return bisect_right(days, end) - bisect_right(days, end - span)


def _coin(stream: Stream, day: int) -> float:
    """A fixed draw in [0, 1): breaks ties, so that a method of whole numbers can be tuned at all."""
    text = f"{stream.level}{stream.unit}{stream.category}{day}"
    return float(sum(ord(sign) * 131**n for n, sign in enumerate(text)) % 10_007) / 10_007


def fixed_threshold(_watch: Watch, stream: Stream, day: int, days: Sequence[int]) -> float | None:
    return within(days, day, WEEK) + _coin(stream, day)


def ears_c2(_watch: Watch, stream: Stream, day: int, days: Sequence[int]) -> float | None:
    """Seven earlier weeks, two weeks of lag, deviations of their spread."""
    count = within(days, day, WEEK)
    past = [within(days, day - WEEK * lag, WEEK) for lag in range(3, 10)]
    mean = sum(past) / len(past)
    spread = math.sqrt(sum((n - mean) ** 2 for n in past) / (len(past) - 1))
    return (count - mean) / max(spread, 0.5) + _coin(stream, day) / 1000


def cusum(watch: Watch, stream: Stream, day: int, days: Sequence[int]) -> float | None:
    """The running likelihood ratio of twice the normal rate, restarted at zero."""
    rate = watch.rates[stream].per_day
    level, before = 0.0, None
    for at in days[-40:]:
        if before is not None:
            level = max(0.0, level - rate * (at - before))
        level = max(0.0, level + math.log(2))
        before = at
    return max(0.0, level - rate * (day - (before if before is not None else day)))


HISTORY, LEFT_OUT, SEASONS = 104, 4, 10
WEIGHED_FROM = 2.58


def farrington(_watch: Watch, _stream: Stream, day: int, days: Sequence[int]) -> float | None:
    """Quasi-Poisson with trend and ten seasons, past outbreaks weighed down, negative binomial quantile.

    With one factor and a slope the likelihood leaves a single unknown: the slope. Each season's level
    follows from it, so that a fit is a few passes over two years of weeks.
    """
    count = within(days, day, WEEK)
    usual = within(days, day - 21, HISTORY * WEEK) / min(HISTORY, max(1, day // WEEK - 3))
    if count < 3 or count < 1.5 * usual:
        return None  # nowhere near an alarm; spares a fit
    weeks = range(LEFT_OUT + 1, min(HISTORY, (day - 21) // WEEK) + 1)
    past = [within(days, day - WEEK * lag, WEEK) for lag in weeks]
    seasons = [lag * SEASONS // 52 % SEASONS for lag in weeks]
    times = [-lag / 52 for lag in weeks]
    weights = [1.0] * len(past)
    slope, levels = _fit(past, seasons, times, weights)
    weights = _reweighed(past, seasons, times, slope, levels)
    slope, levels = _fit(past, seasons, times, weights)
    means = [
        max(levels[s] * math.exp(slope * t), 1e-3) for s, t in zip(seasons, times, strict=True)
    ]
    residual = sum(w * (y - m) ** 2 / m for w, y, m in zip(weights, past, means, strict=True))
    scatter = max(1.0, residual / max(1.0, sum(weights) - SEASONS - 1))
    mean = max(levels[0], 0.5 / len(past))
    size = mean / (scatter - 1) if scatter > 1.0001 else math.inf
    return -math.log(chance_of_at_least(count, mean=mean, size=size))


def _fit(
    counts: Sequence[int], seasons: Sequence[int], times: Sequence[float], weights: Sequence[float]
) -> tuple[float, list[float]]:
    """The slope by Newton steps on the profile likelihood, and the level of each season."""
    seen = [0.0] * SEASONS
    for y, s, w in zip(counts, seasons, weights, strict=True):
        seen[s] += w * y
    total = sum(w * y * t for y, t, w in zip(counts, times, weights, strict=True))
    slope, levels = 0.0, [0.0] * SEASONS
    for _ in range(3):
        mass, first, second = [0.0] * SEASONS, [0.0] * SEASONS, [0.0] * SEASONS
        for s, t, w in zip(seasons, times, weights, strict=True):
            part = w * math.exp(slope * t)
            mass[s] += part
            first[s] += part * t
            second[s] += part * t * t
        levels = [a / b if b else 0.0 for a, b in zip(seen, mass, strict=True)]
        gradient = total - sum(lv * f for lv, f in zip(levels, first, strict=True))
        bend = sum(
            lv * (sec - f * f / m)
            for lv, sec, f, m in zip(levels, second, first, mass, strict=True)
            if m
        )
        if bend < 1e-9:
            break
        slope = min(max(slope + gradient / bend, -2.0), 2.0)
    return slope, levels


def _reweighed(
    counts: Sequence[int],
    seasons: Sequence[int],
    times: Sequence[float],
    slope: float,
    levels: Sequence[float],
) -> list[float]:
    """Weeks that stand out (Anscombe residual above 2.58) count less."""
    means = [
        max(levels[s] * math.exp(slope * t), 1e-3) for s, t in zip(seasons, times, strict=True)
    ]
    residuals = [
        1.5 * (y ** (2 / 3) - m ** (2 / 3)) / m ** (1 / 6)
        for y, m in zip(counts, means, strict=True)
    ]
    raw = [1.0 if r < WEIGHED_FROM else r**-2 for r in residuals]
    scale = len(raw) / sum(raw)
    return [w * scale for w in raw]


METHODS: dict[str, Score] = {
    "EARS C2": ears_c2,
    "CUSUM": cusum,
    "fixed threshold": fixed_threshold,
    "improved Farrington": farrington,
}
