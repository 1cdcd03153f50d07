"""Reporting that nothing happened, and looking who has not reported."""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db import IntegrityError
from django.utils.translation import pgettext_lazy

from mediation.accounts.actor import Actor
from mediation.accounts.models import Role
from mediation.areas.models import Area, Level
from mediation.areas.selectors import subdistrict_code, within
from mediation.core.clock import end_of, local_day
from mediation.core.db import write
from mediation.core.errors import Forbidden, NotFound, Reason, Unmet
from mediation.disputes.enums import Status
from mediation.disputes.models import Dispute
from mediation.screening.models import Rhythm, ZeroReport

USUAL: Final = Rhythm.Every.WEEK
"""What counts until the office decides: villages and communities screen every week (domain 5.4)."""
DAY: Final = timedelta(days=1)
HAS_CASES = Reason(
    "has_cases",
    pgettext_lazy(
        "screening", "A dispute was registered in this grid in these days; it is no zero report."
    ),
)
NOT_YOURS = Reason(
    "not_yours", pgettext_lazy("screening", "Only the grid worker reports for the grid.")
)
SETTERS = (Role.JUSTICE_STAFF, Role.LEADER)
LEAST_REASON: Final = 5
NO_REASON = Reason("no_reason", pgettext_lazy("screening", "Say why, in five characters or more."))


@dataclass(frozen=True, slots=True)
class Days:
    """What one report covers."""

    first: date
    last: date

    @property
    def word(self) -> str:
        return f"{self.first.isoformat()}..{self.last.isoformat()}"


def days_around(day: date, every: str) -> Days:
    """The days that belong together under a rhythm; weeks begin on Monday."""
    if every == Rhythm.Every.DAY:
        return Days(day, day)
    if every == Rhythm.Every.WEEK:
        monday = day - day.weekday() * DAY
        return Days(monday, monday + 6 * DAY)
    last = day.replace(day=monthrange(day.year, day.month)[1])
    if every == Rhythm.Every.MONTH:
        return Days(day.replace(day=1), last)
    return (
        Days(day.replace(day=1), day.replace(day=15))
        if day.day <= 15
        else Days(day.replace(day=16), last)
    )


def rhythm_of(area: str, day: date) -> str:
    """How often the grids of an area report on a day: one statement."""
    rows = Rhythm.objects.filter(area_code=subdistrict_code(area), in_force_from__lte=day)
    return rows.values_list("every", flat=True).first() or USUAL


def set_rhythm(actor: Actor, area: str, every: str, *, reason: str, now: datetime) -> Rhythm:
    """From tomorrow on. Raises ``Forbidden`` or ``Unmet``."""
    if actor.person_id is None or not any(actor.holds(role, area) for role in SETTERS):
        raise Forbidden(NOT_YOURS)
    if every not in Rhythm.Every.values:
        raise NotFound
    if len(reason.strip()) < LEAST_REASON:
        raise Unmet(NO_REASON)
    with write():
        return Rhythm.objects.create(
            area_code=area,
            every=every,
            in_force_from=local_day(now) + DAY,
            reason=reason,
            author_id=actor.person_id,
            at=now,
        )


def report(actor: Actor, grid: str, *, now: datetime) -> ZeroReport:
    """Nothing happened in the running days. Twice is once. Raises ``NotFound``, ``Forbidden``, ``Unmet``."""
    area = Area.objects.filter(code=grid, level=Level.GRID, is_active=True).first()
    if area is None or not any(grid.startswith(g.area_code) for g in actor.grants):
        raise NotFound
    if actor.person_id is None or not actor.holds(Role.GRID_WORKER, grid):
        raise Forbidden(NOT_YOURS)
    today = local_day(now)
    days = days_around(today, rhythm_of(grid, today))
    said = ZeroReport.objects.filter(area_code=grid, first=days.first)
    if (known := said.first()) is not None:
        return known
    if _with_cases(grid, days):
        raise Unmet(HAS_CASES)
    try:
        with write():
            return ZeroReport.objects.create(
                grid=area,
                area_code=grid,
                first=days.first,
                last=days.last,
                person_id=actor.person_id,
                person_name=actor.name,
                at=now,
            )
    except IntegrityError:  # tapped twice at the same moment
        return said.get()


def _with_cases(area: str, days: Days) -> set[str]:
    """Grids of an area in which a dispute was registered in these days; void ones do not count."""
    rows = Dispute.objects.filter(
        within(area),
        registered_at__gte=end_of(days.first - DAY),
        registered_at__lt=end_of(days.last),
    )
    return set(rows.exclude(status=Status.VOIDED).values_list("area_code", flat=True).distinct())


# Who has reported ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Standing:
    """One grid in some days: ``cases``, ``zero`` or ``missing``. A case outweighs a zero report."""

    code: str
    name: str
    community: str
    state: str
    by: str = ""
    at: datetime | None = None


def standings(area: str, days: Days) -> list[Standing]:
    """Every active grid of an area: three statements."""
    grids = Area.objects.filter(within(area, field="code"), level=Level.GRID, is_active=True)
    said: Mapping[str, tuple[str, datetime]] = {
        code: (name, at)
        for code, name, at in ZeroReport.objects.filter(
            within(area), first__lte=days.last, last__gte=days.first
        ).values_list("area_code", "person_name", "at")
    }
    busy = _with_cases(area, days)
    found = []
    for code, name, community in grids.order_by("code").values_list("code", "name", "parent__name"):
        state = "cases" if code in busy else "zero" if code in said else "missing"
        by, at = said.get(code, ("", None))
        found.append(Standing(code, name, community, state, by, at))
    return found


def of_worker(actor: Actor, *, today: date) -> list[tuple[Standing, Days]]:
    """The grids that the actor works in, in the running days."""
    codes = {g.area_code for g in actor.grants if g.role == Role.GRID_WORKER}
    found: list[tuple[Standing, Days]] = []
    for code in sorted(codes):
        days = days_around(today, rhythm_of(code, today))
        found += [(one, days) for one in standings(code, days)]
    return found


def zero_since(district: str, latest: Mapping[str, date]) -> dict[str, int]:
    """Grid → how often it has reported nothing since its latest case."""
    rows: Sequence[tuple[str, date]] = list(
        ZeroReport.objects.filter(within(district)).values_list("area_code", "last")
    )
    found: dict[str, int] = {}
    for code, last in rows:
        if code in latest and last > latest[code]:
            found[code] = found.get(code, 0) + 1
    return found
