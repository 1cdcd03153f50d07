"""Plays the days of a world past the watch, and keeps of each stream and day how strange it looked."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from mediation.jobs.bench.early.methods import METHODS
from mediation.jobs.bench.early.world import Outbreak, World
from mediation.warning.detect.recurrence import recurrence_weeks
from mediation.warning.detect.streams import LEVELS, Category, Level, Stream, Tree, Unit
from mediation.warning.detect.watch import Watch

OURS = "scan"
REFRACTORY = 28
LATE = 7
"""So many days after its end an outbreak may still be found."""


@dataclass
class Scores:
    """By method and level: (score, day, stream), the strangest first once sorted."""

    rows: dict[tuple[str, Level], list[tuple[float, int, Stream]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    weeks: list[tuple[Stream, int, float]] = field(default_factory=list)
    """Ours alone: stream, day, and once in how many weeks chance does that in its subdistrict."""


def play(world: World, categories: Iterable[Category], *, others: bool, from_day: int) -> Scores:
    """Judge every stream that got a case, on each day of the judged part of ``world``."""
    watch = Watch(world.tree, list(categories), earliest=0)
    places = _Places(world.tree)
    scores = Scores()
    by_day: defaultdict[int, list[tuple[int, Category]]] = defaultdict(list)
    for day, grid, kind in world.cases:
        by_day[day].append((grid, kind))
    for day in range(world.days):
        if day % 7 == 0 and day >= from_day - 7:
            watch.refresh(day)
            if day - from_day < 7 and day >= from_day - 7:
                watch.measure_scatter(day)
        touched = [
            stream for grid, kind in by_day.get(day, ()) for stream in watch.add(day, grid, kind)
        ]
        if day >= from_day:
            _judge(watch, places, scores, day, dict.fromkeys(touched), others=others)
    return scores


def _judge(
    watch: Watch,
    places: "_Places",
    scores: Scores,
    day: int,
    touched: Iterable[Stream],
    *,
    others: bool,
) -> None:
    for stream in touched:
        days = watch.days_of(stream)
        finding = watch.judge(stream, day)
        if finding is not None and finding.chance < 0.05:
            scores.rows[OURS, stream.level].append((-finding.chance, day, stream))
            if stream.level != "county":
                grids, units = places.around(stream)
                weeks = recurrence_weeks(stream.level, finding.chance, grids=grids, units=units)
                scores.weeks.append((stream, day, weeks))
        if others and len(days) > 2:
            for name, method in METHODS.items():
                score = method(watch, stream, day, days)
                if score is not None:
                    scores.rows[name, stream.level].append((score, day, stream))


class _Places:
    """How many grids and units of its level the subdistrict of a stream has."""

    def __init__(self, tree: Tree) -> None:
        self._sub: dict[tuple[Level, Unit], Unit] = {}
        units: defaultdict[tuple[Unit, Level], set[Unit]] = defaultdict(set)
        for grid in tree.comm_of:
            own = dict(tree.places(grid))
            for level in LEVELS[:3]:
                self._sub[level, own[level]] = own["sub"]
                units[own["sub"], level].add(own[level])
        self._count = {key: len(found) for key, found in units.items()}

    def around(self, stream: Stream) -> tuple[int, int]:
        sub = self._sub[stream.level, stream.unit]
        return self._count[sub, "grid"], self._count[sub, stream.level]

    @property
    def subdistricts(self) -> int:
        return sum(level == "sub" for _sub, level in self._count)


def episodes(rows: Iterable[tuple[int, Stream]]) -> list[tuple[int, Stream]]:
    """Alarms in order of day, one per stream in 28 days."""
    latest: dict[Stream, int] = {}
    kept = []
    for day, stream in rows:
        if day - latest.get(stream, -REFRACTORY) >= REFRACTORY:
            kept.append((day, stream))
            latest[stream] = day
    return kept


def false_alarms(scores: Scores, *, weeks: float) -> int:
    """How many episodes in a calm world claim to be rarer than once in ``weeks``."""
    return len(episodes((day, stream) for stream, day, rare in scores.weeks if rare >= weeks))


def threshold(rows: list[tuple[float, int, Stream]], *, budget: int) -> float:
    """The score from which on a calm world gives about ``budget`` episodes."""
    ranked = sorted((score for score, _day, _stream in rows), reverse=True)
    low, high = 0, len(ranked)
    while high - low > 1:
        middle = (low + high) // 2
        limit = ranked[middle - 1]
        chosen = episodes((day, stream) for score, day, stream in rows if score >= limit)
        low, high = (middle, high) if len(chosen) <= budget else (low, middle)
    return ranked[low - 1] if low else float("inf")


def found(
    world: World, rows: Iterable[tuple[float, int, Stream]], limit: Callable[[Level], float]
) -> dict[Outbreak, int | None]:
    """Days from the beginning of each outbreak to the first alarm in its place; none: missed."""
    alarms: defaultdict[tuple[Level, Unit], list[tuple[int, Category]]] = defaultdict(list)
    for score, day, stream in rows:
        if score >= limit(stream.level):
            alarms[stream.level, stream.unit].append((day, stream.category))
    return {one: _delay(world.tree, one, alarms) for one in world.outbreaks}


def _delay(
    tree: Tree, one: Outbreak, alarms: dict[tuple[Level, Unit], list[tuple[int, Category]]]
) -> int | None:
    places: list[tuple[Level, Unit]] = [(one.level, one.unit)]
    while places[-1][0] != "county":
        places.append(tree.parent(*places[-1]))
    hits = [
        day - one.begin
        for place in places[:-1]
        for day, category in alarms.get(place, ())
        if one.begin <= day <= one.begin + one.span + LATE and category in ("ALL", one.kind)
    ]
    return min(hits, default=None)
