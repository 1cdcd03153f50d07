"""How much more the counts scatter than chance alone would make them, measured on the past.

Pooled over the streams of one level: a single grid has too few cases to show its own clumping.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from mediation.warning.detect.streams import ALL, Category, Level

LEAST = 50.0
"""Expected cases that a pool must hold before it may speak against the house's own value."""


@dataclass
class Pool:
    """Sums over the windows of one level; two numbers are all that is kept."""

    excess: float = 0.0
    expected: float = 0.0

    def add(self, count: int, *, mean: float, shape: float) -> None:
        """One window of one stream. What stands far out is an outbreak, not scatter, and is capped."""
        spread = mean * mean / shape
        cap = mean + 3 * math.sqrt(mean + spread) + 1
        weight = 1 / max(1.0, mean)
        self.excess += weight * ((min(count, cap) - mean) ** 2 - spread)
        self.expected += weight * mean

    @property
    def factor(self) -> float:
        return 1 + max(0.0, self.excess / self.expected - 1)


Key = tuple[Level, bool, int]
"""Level, whether all kinds together, window in days."""


@dataclass
class Measured:
    """The factors by level, kind and window, with the house's own where the past is too short."""

    pools: dict[Key, Pool] = field(default_factory=dict)

    def add(
        self,
        level: Level,
        category: Category,
        window: int,
        count: int,
        *,
        mean: float,
        shape: float,
    ) -> None:
        key = (level, category == ALL, window)
        self.pools.setdefault(key, Pool()).add(count, mean=mean, shape=shape)

    def factors(self, default: Mapping[Key, float]) -> dict[Key, float]:
        return {
            key: pool.factor if (pool := self.pools.get(key)) and pool.expected >= LEAST else value
            for key, value in default.items()
        }


def keys(levels: Iterable[Level], windows: Iterable[int]) -> list[Key]:
    spans = list(windows)
    return [(level, whole, span) for level in levels for whole in (True, False) for span in spans]
