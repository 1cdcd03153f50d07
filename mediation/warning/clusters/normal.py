"""What is normal in a district: worked out on Mondays from the counted past alone, and kept per place."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta

from mediation.warning.beginnings import begun_in, monday_of, tree_of
from mediation.warning.clusters.counted import BATCH, KINDS, LONGEST
from mediation.warning.detect.baseline import GUARD_DAYS
from mediation.warning.detect.streams import ALL, Level, Tree
from mediation.warning.detect.watch import Watch
from mediation.warning.models import Baseline, CountedCase, DistrictWatch

LEVEL_OF: dict[int, Level] = {6: "county", 9: "sub", 12: "comm", 15: "grid"}
PAST_YEARS = 3


def refresh(district: str, today: date) -> DistrictWatch:
    """Write down what is normal in ``district`` as of this Monday, from its counted past alone."""
    monday = monday_of(today)
    tree = tree_of(district)
    since = monday - timedelta(days=365 * PAST_YEARS)
    past = CountedCase.objects.filter(district=district, counts=True, day__gte=since)
    rows = list(past.order_by("day").values_list("day", "area_code", "kind"))
    earliest = rows[0][0] if rows else monday
    begun = begun_in(rows, until=monday - timedelta(days=GUARD_DAYS))
    watch = Watch(
        tree,
        KINDS,
        earliest=earliest.toordinal(),
        begun={sub: first.toordinal() for sub, (first, _cases) in begun.items()},
    )
    for day, grid, kind in rows:
        if grid in tree.comm_of:
            watch.add(day.toordinal(), grid, kind)
    watch.refresh(monday.toordinal())
    watch.measure_scatter(monday.toordinal())
    _store(district, monday, tree, watch)
    state, _made = DistrictWatch.objects.update_or_create(
        district=district,
        defaults={
            "earliest": earliest,
            "monday": monday,
            "begun": {sub: [first.isoformat(), cases] for sub, (first, cases) in begun.items()},
            "scatter": {
                f"{level}:{int(whole)}:{window}": round(value, 4)
                for (level, whole, window), value in watch.factors.items()
            },
        },
    )
    return state


def _store(district: str, monday: date, tree: Tree, watch: Watch) -> None:
    rates: defaultdict[str, dict[str, list[float]]] = defaultdict(dict)
    for stream, rate in watch.rates.items():
        kind = "" if stream.category == ALL else str(stream.category)
        rates[str(stream.unit)][kind] = [rate.per_day, rate.shape]
    Baseline.objects.filter(district=district).delete()
    Baseline.objects.bulk_create(
        [
            Baseline(
                district=district, area_code=unit, monday=monday,
                grids=tree.grids_in(LEVEL_OF[len(unit)], unit), rates=kinds,
            )
            for unit, kinds in rates.items()
        ],
        batch_size=BATCH,
    )  # fmt: skip


def per_day(unit: str, kind: str) -> float | None:
    """Cases per day that are normal there."""
    row = Baseline.objects.filter(area_code=unit).first()
    return float(row.rates[kind][0]) if row and kind in row.rates else None


def in_four_weeks(units: Sequence[str]) -> dict[str, float]:
    """Cases of every kind in four weeks that are normal in each of these places."""
    rows = Baseline.objects.filter(area_code__in=units).values_list("area_code", "rates")
    return {code: rates[""][0] * LONGEST for code, rates in rows if "" in rates}
