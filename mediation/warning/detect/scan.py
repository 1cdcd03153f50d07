"""Whether the latest days of one stream are more than its past and its surroundings explain."""

from collections.abc import Mapping
from dataclasses import dataclass

from mediation.warning.detect.baseline import Rate
from mediation.warning.detect.streams import ALL, Level, Stream
from mediation.warning.detect.tail import chance_of_at_least, predictive_size

WINDOWS = (7, 14, 28)
LEAST_CASES = 3

# Ten cases of inertia: the surroundings speak only when they have something to say.
INERTIA = 10.0
LEAST_FACTOR, MOST_FACTOR = 0.5, 3.0

# Clumping assumed until a year of own data allows to measure it.
DISPERSION_ALL: Mapping[Level, float] = {"grid": 1.2, "comm": 1.25, "sub": 1.5, "county": 3.0}
DISPERSION_CATEGORY: Mapping[Level, float] = {
    "grid": 1.05,
    "comm": 1.08,
    "sub": 1.15,
    "county": 1.5,
}


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Counts by window and daily rate of the larger place, in the same category.

    ``beyond``: what the larger place itself lies in, for places of a subdistrict.
    """

    counts: Mapping[int, int]
    per_day: float
    beyond: "Surroundings | None" = None


@dataclass(frozen=True, slots=True)
class Finding:
    """The least likely window: ``chance`` of at least ``count`` cases where ``mean`` are normal."""

    chance: float
    window: int
    count: int
    mean: float
    factor: float


def default_dispersion(stream: Stream, _window: int) -> float:
    table = DISPERSION_ALL if stream.category == ALL else DISPERSION_CATEGORY
    return table[stream.level]


def local_factor(
    *,
    parent_count: int,
    own_count: int,
    parent_mean: float,
    own_mean: float,
    usual: float = 1.0,
) -> float:
    """How busy the rest of the larger place is now. A campaign everywhere is no local cluster.

    ``usual``: what is believed of a rest that is too small to say anything.
    """
    expected = max(parent_mean - own_mean, 0.0) + INERTIA
    factor = (parent_count - own_count + INERTIA * usual) / expected
    return min(max(factor, LEAST_FACTOR), MOST_FACTOR)


def scan(
    counts: Mapping[int, int],
    *,
    rate: Rate,
    exposure: Mapping[int, float],
    dispersion: Mapping[int, float],
    around: Surroundings | None,
) -> Finding | None:
    """The most surprising window of one stream; none when every window has too few cases.

    ``counts``, ``exposure`` and ``dispersion`` by window in days. A county has no surroundings.
    """
    findings = []
    for window, count in sorted(counts.items()):
        if count >= LEAST_CASES:
            own_mean = rate.per_day * exposure[window]
            factor = _factor(window, count, own_mean, exposure[window], around)
            mean = own_mean * factor
            size = predictive_size(mean=mean, shape=rate.shape, dispersion=dispersion[window])
            chance = chance_of_at_least(count, mean=mean, size=size)
            findings.append(Finding(chance, window, count, mean, factor))
    return min(findings, key=lambda finding: finding.chance, default=None)


def _factor(
    window: int, count: int, own_mean: float, exposure: float, around: Surroundings | None
) -> float:
    if around is None:
        return 1.0
    parent_count, parent_mean = around.counts[window], around.per_day * exposure
    return local_factor(
        parent_count=parent_count,
        own_count=count,
        parent_mean=parent_mean,
        own_mean=own_mean,
        # A place that is nearly all of its subdistrict has no neighbours to learn from.
        usual=_factor(window, parent_count, parent_mean, exposure, around.beyond),
    )
