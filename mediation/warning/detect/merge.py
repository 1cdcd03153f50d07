"""Alarms that tell of the same cases become one cluster."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

OPEN_DAYS = 28
LEAST_SHARED = 0.5


@dataclass(frozen=True, slots=True)
class Cluster:
    """Cases that belong together, and the day of the latest alarm about them."""

    alarms: tuple[int, ...]
    cases: frozenset[int]
    latest: int

    def is_open(self, day: int) -> bool:
        return day - self.latest <= OPEN_DAYS

    def shared(self, cases: frozenset[int]) -> float:
        """The common cases, as a part of the smaller of the two."""
        return len(self.cases & cases) / min(len(self.cases), len(cases))


def merged(alarms: Iterable[tuple[int, int, Iterable[int]]]) -> list[Cluster]:
    """The clusters of ``alarms`` (id, day, cases), given in the order in which they came."""
    clusters: list[Cluster] = []
    for alarm, day, cases in alarms:
        add(clusters, alarm=alarm, day=day, cases=frozenset(cases))
    return clusters


def add(clusters: list[Cluster], *, alarm: int, day: int, cases: frozenset[int]) -> Cluster:
    """Put an alarm into the open cluster that shares most with it, or begin one with it.

    Half of the smaller set must be common. Lying in the same place is not enough: it would chain
    clusters that have nothing to do with each other.
    """
    kin = [n for n, one in enumerate(clusters) if one.is_open(day) and cases & one.cases]
    best = max(kin, key=lambda n: clusters[n].shared(cases), default=None)
    if best is None or clusters[best].shared(cases) < LEAST_SHARED:
        clusters.append(Cluster((alarm,), cases, day))
        return clusters[-1]
    old = clusters[best]
    clusters[best] = replace(
        old, alarms=(*old.alarms, alarm), cases=old.cases | cases, latest=max(old.latest, day)
    )
    return clusters[best]
