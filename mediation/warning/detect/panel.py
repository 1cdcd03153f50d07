"""All counted cases of a county, ready to be asked about any place, kind and day."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from mediation.warning.detect.baseline import (
    Rate,
    Season,
    all_rates,
    exposure,
    flat_season,
    weight,
)
from mediation.warning.detect.scan import (
    WINDOWS,
    Finding,
    Surroundings,
    default_dispersion,
    scan,
)
from mediation.warning.detect.streams import ALL, Category, Stream, Tree, Unit

Dispersion = Callable[[Stream, int], float]


@dataclass(frozen=True, slots=True)
class Case:
    """One dispute that counts, on the day of its registration (as an ordinal number)."""

    day: int
    grid: Unit
    category: Category


class Panel:
    def __init__(
        self,
        tree: Tree,
        cases: Iterable[Case],
        *,
        categories: Sequence[Category],
        season: Season = flat_season,
        dispersion: Dispersion = default_dispersion,
    ) -> None:
        self._tree, self._categories = tree, tuple(categories)
        self._season, self._dispersion = season, dispersion
        self._days: defaultdict[Stream, list[int]] = defaultdict(list)
        self._touched: defaultdict[int, dict[Stream, None]] = defaultdict(dict)
        for case in sorted(cases, key=lambda case: case.day):
            for stream in tree.streams(case.grid, case.category):
                self._days[stream].append(case.day)
                self._touched[case.day][stream] = None

    def rates(self, *, earliest: int, refreshed: int) -> dict[Stream, Rate]:
        """What is normal, as refreshed on that Monday, for data that begin on ``earliest``."""
        seen = {
            stream: sum(weight(day, refreshed=refreshed) for day in days)
            for stream, days in self._days.items()
        }
        exposures = {
            category: exposure(
                category, earliest=earliest, refreshed=refreshed, season=self._season
            )
            for category in (ALL, *self._categories)
        }
        return all_rates(self._tree, seen=seen, exposures=exposures, categories=self._categories)

    def findings(self, *, day: int, rates: Mapping[Stream, Rate]) -> dict[Stream, Finding]:
        """The scan of every stream that got a case on ``day``, with what was known that evening."""
        scans = {stream: self._scan(stream, day, rates) for stream in self._touched.get(day, ())}
        return {stream: finding for stream, finding in scans.items() if finding}

    def _scan(self, stream: Stream, day: int, rates: Mapping[Stream, Rate]) -> Finding | None:
        level, unit, category = stream
        place = self._tree.surroundings(level, unit)
        larger = Stream(*place, category) if place else None
        return scan(
            self._counts(stream, day),
            rate=rates[stream],
            exposure={window: self._season_sum(category, day, window) for window in WINDOWS},
            dispersion={window: self._dispersion(stream, window) for window in WINDOWS},
            around=Surroundings(self._counts(larger, day), rates[larger].per_day)
            if larger
            else None,
        )

    def _counts(self, stream: Stream, day: int) -> dict[int, int]:
        days = self._days.get(stream, [])
        until = bisect_right(days, day)
        return {window: until - bisect_right(days, day - window) for window in WINDOWS}

    def _season_sum(self, category: Category, day: int, window: int) -> float:
        return sum(self._season(category, each) for each in range(day - window + 1, day + 1))
