"""How rare the last four weeks of a place are, and the colour that the office gives to such rarity."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from mediation.areas.models import LENGTH_OF, Area
from mediation.areas.models import Level as AreaLevel
from mediation.areas.selectors import within
from mediation.warning.beginnings import monday_of, ready
from mediation.warning.clusters.counted import LONGEST
from mediation.warning.clusters.normal import LEVEL_OF, refresh
from mediation.warning.detect import recurrence
from mediation.warning.detect.baseline import Rate
from mediation.warning.detect.scan import WINDOWS, Finding, Surroundings, scan
from mediation.warning.detect.streams import Level
from mediation.warning.detect.watch import HOUSE
from mediation.warning.models import Baseline, CountedCase, DistrictWatch
from mediation.warning.settings import Settings

SUBDISTRICT = LENGTH_OF[AreaLevel.SUBDISTRICT]


@dataclass
class District:
    """The last four weeks of a district in memory, and what is normal in the places that are asked."""

    code: str
    today: date
    state: DistrictWatch
    cases: list[CountedCase]
    ready: set[str]
    baselines: dict[str, Baseline] = field(default_factory=dict)
    around: dict[tuple[str, str], Surroundings] = field(default_factory=dict)

    @classmethod
    def open(cls, code: str, today: date, units: Iterable[str]) -> "District | None":
        """Two statements. None while the district has too little past to judge by."""
        state = DistrictWatch.objects.filter(district=code).first()
        if state is None or state.monday != monday_of(today) or not state.begun:
            state = refresh(code, today)
        able = ready(state, today)
        if not able:
            return None
        since = today - timedelta(days=LONGEST)
        rows = CountedCase.objects.filter(district=code, day__gt=since, day__lte=today)
        wanted = {code, *units, *(unit[:9] for unit in units), *(unit[:12] for unit in units)}
        normal = Baseline.objects.filter(area_code__in=wanted)
        return cls(code, today, state, list(rows), able, {row.area_code: row for row in normal})

    def counts(self, unit: str, kind: str) -> dict[int, int]:
        inside = [
            case.day
            for case in self.cases
            if case.counts
            and case.area_code.startswith(unit)
            and kind in ("", case.kind)
            and case.area_code[:SUBDISTRICT] in self.ready
        ]
        return {w: sum(day > self.today - timedelta(days=w) for day in inside) for w in WINDOWS}

    def rate(self, unit: str, kind: str) -> Rate | None:
        row = self.baselines.get(unit)
        return Rate(*row.rates[kind]) if row is not None and kind in row.rates else None

    def judge(self, unit: str, kind: str) -> Finding | None:
        """None also where the past is too short: an office that begins is not a cluster."""
        if len(unit) >= SUBDISTRICT and unit[:SUBDISTRICT] not in self.ready:
            return None
        level, rate = LEVEL_OF[len(unit)], self.rate(unit, kind)
        if rate is None:
            return None
        return scan(
            self.counts(unit, kind),
            rate=rate,
            exposure={window: float(window) for window in WINDOWS},
            dispersion={window: self._scatter(level, kind, window) for window in WINDOWS},
            around=self._around(unit, kind),
        )

    def _around(self, unit: str, kind: str) -> Surroundings | None:
        """What happens around the place, and around that: the subdistrict and the district."""
        larger = _surroundings(unit)
        rate = self.rate(larger, kind) if larger else None
        if rate is None:
            return None
        if (larger, kind) not in self.around:
            self.around[larger, kind] = Surroundings(
                self.counts(larger, kind), rate.per_day, beyond=self._around(larger, kind)
            )
        return self.around[larger, kind]

    def _scatter(self, level: Level, kind: str, window: int) -> float:
        stored = self.state.scatter.get(f"{level}:{int(kind == '')}:{window}")
        return float(stored) if stored else HOUSE[level, kind == "", window]

    def members(self, unit: str, kind: str, window: int) -> list[CountedCase]:
        """All cases of the window, also those that are not counted: the reader sees the whole list."""
        since = self.today - timedelta(days=window)
        return [
            case
            for case in self.cases
            if case.day > since and case.area_code.startswith(unit) and kind in ("", case.kind)
        ]

    def extent(self, unit: str) -> tuple[int, int]:
        """How many grids, and units of this level, the area has whose people are alarmed."""
        home = unit[:SUBDISTRICT] if len(unit) >= SUBDISTRICT else self.code
        row = self.baselines.get(home)
        grids = row.grids if row else 1
        if len(unit) == 15:
            return grids, grids
        if len(unit) == 12:
            return grids, max(1, _communities(home))
        return grids, 1


def _surroundings(unit: str) -> str:
    """The place whose present trend is taken for normal: the subdistrict, or the district."""
    return {15: unit[:9], 12: unit[:9], 9: unit[:6]}.get(len(unit), "")


def _communities(subdistrict: str) -> int:
    return Area.objects.filter(within(subdistrict, field="code"), level=AreaLevel.COMMUNITY).count()


@dataclass(frozen=True, slots=True)
class Judged:
    """One stream that is rarer than the office wants to overlook."""

    unit: str
    kind: str
    finding: Finding
    weeks: float
    colour: str
    cases: tuple[int, ...]


def streams_of(cases: Iterable[CountedCase]) -> list[tuple[str, str]]:
    """Place and kind of every stream in which these cases count, each once."""
    found: dict[tuple[str, str], None] = {}
    for case in cases:
        for length in sorted(LEVEL_OF, reverse=True):
            found[case.area_code[:length], ""] = None
            found[case.area_code[:length], case.kind] = None
    return list(found)


def judge(
    district: District, streams: Iterable[tuple[str, str]], table: Settings, red: frozenset[int]
) -> list[Judged]:
    """Every stream that reaches a tier, the rarest first."""
    found = []
    for unit, kind in streams:
        finding = district.judge(unit, kind)
        if finding is None or finding.chance > 0.05:
            continue
        cases = tuple(case.pk for case in district.members(unit, kind, finding.window))
        grids, units = district.extent(unit)
        level = LEVEL_OF[len(unit)]
        weeks = recurrence.recurrence_weeks(level, finding.chance, grids=grids, units=units)
        colour = tier(weeks, table, has_red=bool(red & set(cases)))
        if colour:
            found.append(Judged(unit, kind, finding, weeks, colour, cases))
    return sorted(found, key=lambda one: -one.weeks)


def tier(weeks: float, table: Settings, *, has_red: bool) -> str:
    """The colour of an alarm of that rarity. The office says what yellow means; the rest keeps pace."""
    scale = table.false_alarm_weeks / recurrence.TIER_WEEKS["yellow"]
    reached = [c for c, least in recurrence.TIER_WEEKS.items() if weeks >= least * scale]
    if not reached:
        return ""
    names = list(recurrence.TIER_WEEKS)
    return names[min(names.index(reached[-1]) + has_red, len(names) - 1)].upper()
