"""What a district consists of, since when each part has registered, and whether that suffices."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Min

from mediation.areas.models import LENGTH_OF, Area
from mediation.areas.models import Level as AreaLevel
from mediation.areas.selectors import within
from mediation.warning.detect.streams import Tree
from mediation.warning.detect.watch import LEAST_CASES, LEAST_HISTORY
from mediation.warning.models import CountedCase, DistrictWatch

SUBDISTRICT = LENGTH_OF[AreaLevel.SUBDISTRICT]


def begun_in(rows: Iterable[tuple[date, str, str]], *, until: date) -> dict[str, tuple[date, int]]:
    """First day of every subdistrict, and its cases before ``until``. ``rows`` in order of day."""
    begun: dict[str, tuple[date, int]] = {}
    for day, grid, _kind in rows:
        first, cases = begun.get(grid[:SUBDISTRICT], (day, 0))
        begun[grid[:SUBDISTRICT]] = first, cases + (day < until)
    return begun


def ready(state: DistrictWatch, today: date) -> set[str]:
    """The subdistricts that have enough past to be judged by: six weeks, and some cases in it."""
    return {
        sub
        for sub, (first, cases) in state.begun.items()
        if (today - date.fromisoformat(first)).days >= LEAST_HISTORY and cases >= LEAST_CASES
    }


def tree_of(district: str) -> Tree:
    """The grids of a district and what they lie in. Closed ones stay: their past is in the counts."""
    codes = Area.objects.filter(within(district, field="code"), level=AreaLevel.GRID)
    grids = list(codes.values_list("code", flat=True))
    return Tree(
        comm_of={code: code[:12] for code in grids},
        sub_of={code[:12]: code[:SUBDISTRICT] for code in grids},
        county_of={code[:SUBDISTRICT]: district for code in grids},
    )


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def earliest_day() -> date | None:
    first: date | None = CountedCase.objects.aggregate(first=Min("day"))["first"]
    return first
