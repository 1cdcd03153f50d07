"""The cases of one district held so that every new one is judged at once.

What ``panel`` computes from scratch, this keeps running: windows are counts that grow by one, the past
is a weight that fades. One new case touches two streams on each of four levels.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from mediation.warning.detect import dispersion
from mediation.warning.detect.baseline import (
    GUARD_DAYS,
    KEPT_PER_DAY,
    Rate,
    all_rates,
    exposure,
)
from mediation.warning.detect.scan import (
    DISPERSION_ALL,
    DISPERSION_CATEGORY,
    WINDOWS,
    Finding,
    Surroundings,
    scan,
)
from mediation.warning.detect.streams import ALL, LEVELS, Category, Level, Stream, Tree, Unit

LEAST_HISTORY = 42
"""Days of own past from which on the scan is trusted: cold starts keep the promise from week six on."""
LEAST_CASES = 10
"""Counted cases older than the guard without which a past is too thin, however long it is."""

HOUSE: Mapping[dispersion.Key, float] = {
    (level, whole, window): (DISPERSION_ALL if whole else DISPERSION_CATEGORY)[level]
    for level, whole, window in dispersion.keys(LEVELS, WINDOWS)
}


@dataclass(frozen=True, slots=True)
class Alarm:
    """One stream that stood out on one day."""

    day: int
    stream: Stream
    finding: Finding


class Watch:
    """Days are ordinal numbers and must be fed in order."""

    def __init__(
        self,
        tree: Tree,
        categories: Sequence[Category],
        *,
        earliest: int,
        scatter: bool = True,
        begun: Mapping[Unit, int] | None = None,
    ) -> None:
        """``begun``: first days of subdistricts; one that came late is measured from there."""
        self.tree, self.categories = tree, tuple(categories)
        self._earliest, self._scatter = earliest, scatter
        self._later = {
            sub: day for sub, day in (begun or {}).items() if day > earliest + LEAST_HISTORY
        }
        self._days: defaultdict[Stream, list[int]] = defaultdict(list)
        self._seen: defaultdict[Stream, float] = defaultdict(float)
        self._exposure = 0.0
        self._folded = 0
        """How many days are in ``_seen``; the latest 28 wait, or a cluster would hide itself."""
        self._waiting: defaultdict[int, list[Stream]] = defaultdict(list)
        self._streams: dict[tuple[Unit, Category], list[Stream]] = {}
        self._around: dict[Stream, Stream | None] = {}
        self.rates: dict[Stream, Rate] = {}
        self.factors: dict[dispersion.Key, float] = dict(HOUSE)

    def add(self, day: int, grid: Unit, category: Category) -> list[Stream]:
        """Count one case and return the streams in which it counts."""
        touched = self._touched(grid, category)
        for stream in touched:
            self._days[stream].append(day)
            self._waiting[day].append(stream)
        return touched

    def _touched(self, grid: Unit, category: Category) -> list[Stream]:
        known = self._streams.get((grid, category))
        if known is None:
            known = list(self.tree.streams(grid, category))
            self._streams[grid, category] = known
        return known

    def refresh(self, monday: int) -> None:
        """What is normal as of ``monday``: everything older than the guard, faded by its age."""
        for day in range(self._earliest + self._folded, monday - GUARD_DAYS):
            self._fade(day)
        self.rates = all_rates(
            self.tree,
            seen=self._seen,
            exposures=dict.fromkeys((ALL, *self.categories), self._exposure),
            categories=self.categories,
            later={
                sub: exposure(ALL, earliest=day, refreshed=monday)
                for sub, day in self._later.items()
            },
        )

    def _fade(self, day: int) -> None:
        """One more day of past. Fading is kept as one common factor, not written into every stream."""
        self._exposure = self._exposure * KEPT_PER_DAY + 1
        for stream in self._seen:
            self._seen[stream] *= KEPT_PER_DAY
        for stream in self._waiting.pop(day, ()):
            self._seen[stream] += 1
        self._folded += 1

    def measure_scatter(self, monday: int) -> None:
        """Fit the dispersion on the windows of the year before ``monday``, with the present rates."""
        if not self._scatter or monday - self._earliest < 26 * 7:
            return
        found = dispersion.Measured()
        for stream, days in self._days.items():
            rate = self.rates[stream]
            home = self.tree.subdistrict(stream.level, stream.unit)
            begun = self._later.get(home, self._earliest) if home is not None else self._earliest
            for window in WINDOWS:
                first = max(begun, monday - 364)
                for end in range(first + window, monday + 1, window):
                    count = bisect_right(days, end - 1) - bisect_right(days, end - 1 - window)
                    mean = rate.per_day * window
                    found.add(
                        stream.level, stream.category, window, count, mean=mean, shape=rate.shape
                    )
        self.factors = found.factors(HOUSE)

    def days_of(self, stream: Stream) -> list[int]:
        """The days of all its cases so far, in order."""
        return self._days[stream]

    def counts(self, stream: Stream, day: int) -> dict[int, int]:
        days = self._days.get(stream)
        if not days:
            return dict.fromkeys(WINDOWS, 0)
        until = bisect_right(days, day)
        return {window: until - bisect_right(days, day - window, 0, until) for window in WINDOWS}

    def judge(self, stream: Stream, day: int) -> Finding | None:
        """The scan of one stream with what is known on the evening of ``day``."""
        counts = self.counts(stream, day)
        if counts[WINDOWS[-1]] < 3 or stream not in self.rates:
            return None
        whole = stream.category == ALL
        return scan(
            counts,
            rate=self.rates[stream],
            exposure={window: float(window) for window in WINDOWS},
            dispersion={window: self.factors[stream.level, whole, window] for window in WINDOWS},
            around=self._surroundings(stream, day),
        )

    def _surroundings(self, stream: Stream, day: int) -> Surroundings | None:
        larger = self._larger(stream)
        if larger is None:
            return None
        return Surroundings(
            self.counts(larger, day),
            self.rates[larger].per_day,
            beyond=self._surroundings(larger, day),
        )

    def _larger(self, stream: Stream) -> Stream | None:
        if stream not in self._around:
            place = self.tree.surroundings(stream.level, stream.unit)
            self._around[stream] = Stream(*place, stream.category) if place else None
        return self._around[stream]

    def alarms(self, day: int, touched: Iterable[Stream], *, at_most: float) -> list[Alarm]:
        """Of the streams that got a case on ``day``, those whose chance is at most ``at_most``."""
        found = []
        for stream in dict.fromkeys(touched):
            finding = self.judge(stream, day)
            if finding is not None and finding.chance <= at_most:
                found.append(Alarm(day, stream, finding))
        return found

    def expected(self, stream: Stream, window: int) -> float:
        return self.rates[stream].per_day * window

    def levels(self, level: Level) -> int:
        """How many units of ``level`` there are."""
        return sum(place == level for place, _unit in self.tree.all_places())
