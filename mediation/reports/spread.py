"""How long things take, as honest numbers: nothing of fewer than five, no order that chance could turn round.

Percentiles are by nearest rank. The interval of a median lies between two values of the sample (order
statistics, about 95 %): no assumption about the shape of waiting times.
"""

from collections.abc import Sequence
from dataclasses import dataclass

FEWEST = 5
"""Fewer waits than this tell of persons, not of an office: their times are not shown."""
INTERVAL = (38416, 10000)
"""1.96² as a fraction, so that databases without a square root can compare."""


@dataclass(frozen=True, slots=True)
class Spread:
    """``stays`` of so many different ``cases``; minutes. The median may lie from ``low`` to ``high``."""

    stays: int
    cases: int
    median: int
    p80: int
    p95: int
    low: int
    high: int

    @property
    def is_shown(self) -> bool:
        return self.stays >= FEWEST


@dataclass(frozen=True, slots=True)
class Placed:
    """A group with its place from the slowest, or ``None`` where the intervals do not tell."""

    key: str
    spread: Spread
    place: int | None


def overlaps(one: Spread, other: Spread) -> bool:
    return one.low <= other.high and other.low <= one.high


def placed(groups: Sequence[tuple[str, Spread]]) -> list[Placed]:
    """The groups in the order given, each with its place if it is apart from every other shown one."""
    shown = [spread for _key, spread in groups if spread.is_shown]
    found = []
    for key, spread in groups:
        others = [other for other in shown if other is not spread]
        apart = spread.is_shown and others and not any(overlaps(spread, o) for o in others)
        place = 1 + sum(other.low > spread.high for other in others) if apart else None
        found.append(Placed(key, spread, place))
    return found
