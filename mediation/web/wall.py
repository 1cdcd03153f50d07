"""What a screen on a wall shows: figures, areas, the morning's lines, months and alerts. No person, no title.

Everything is read as an uncleared leader of the area would read it; sensitive cases are not in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import QuerySet

from mediation.accounts.actor import Actor
from mediation.areas.models import Area
from mediation.core.clock import local_day
from mediation.disputes.enums import SEVERITY, Category, Colour
from mediation.reports import periods
from mediation.warning.models import Alert
from mediation.web import cockpit
from workflows import brief, selectors

TILES, KINDS, ALERTS, TAKEN_OVER_BY = 24, 8, 7, 3
"""So many fit on a panel and can be read from five metres."""
MOST: Final = 100
"""Nobody counts further."""
HIGH: Final = 420
"""Height of the columns of the months, in the units of their drawing."""


@dataclass(frozen=True, slots=True)
class Sign:
    """An alert as a wall may show it: what and where, never who."""

    number: str
    place: str
    kind: str
    colour: str
    state: str
    raised_at: datetime
    acknowledge_by: datetime | None


@dataclass(frozen=True, slots=True)
class Wall:
    """All panels, from one moment."""

    at: datetime
    tiles: Sequence[dict[str, Any]]
    areas: Sequence[dict[str, Any]]
    more_areas: int
    lines: Sequence[tuple[Any, Sequence[brief.Counted]]]
    months: Sequence[dict[str, Any]]
    kinds: Sequence[dict[str, Any]]
    signs: Sequence[Sign]
    more_signs: int
    alarms: Sequence[Sign]
    more_alarms: int
    red_count: int

    @property
    def columns(self) -> int:
        """Of the map of tiles: as few as leave at most four rows."""
        return next((n for n in (2, 3, 4, 5) if len(self.areas) <= n * min(n, 4)), 6)


def read(viewer: Actor, area: str, *, now: datetime) -> Wall:
    today = local_day(now)
    asked = cockpit.Asked(area, periods.named("month", today))
    reading = cockpit.take(viewer, asked, now=now, today=today)
    counted = brief.count(viewer, now=now)
    alerts = selectors.alerts_of(viewer, resolved=False, now=now)
    red = alerts.filter(status=Alert.State.RAISED, severity=SEVERITY[Colour.RED])
    shown, more_signs = _first(alerts, ALERTS)
    alarms, more_alarms = _first(red, TAKEN_OVER_BY)
    names = _names([*shown, *alarms])
    rows = sorted(cockpit.areas(reading), key=lambda row: -(row["shown"].number or 0))
    return Wall(
        at=now,
        tiles=list(cockpit.tiles(reading)),
        areas=sorted(rows[:TILES], key=lambda row: row["code"]),
        more_areas=max(0, len(rows) - TILES),
        lines=[
            (title, [one for one in counted if one.line.group == name])
            for name, title in brief.GROUPS.items()
        ],
        months=_columns(cockpit.months(reading)),
        kinds=cockpit.kinds(reading)[:KINDS],
        signs=[_sign(alert, names) for alert in shown],
        more_signs=more_signs,
        alarms=[_sign(alert, names) for alert in alarms],
        more_alarms=more_alarms,
        red_count=len(alarms) + more_alarms,
    )


def _first(alerts: QuerySet[Alert], fit: int) -> tuple[list[Alert], int]:
    """As many as fit, and how many more there are, counted up to ``MOST``."""
    shown = list(alerts[: fit + 1])
    return shown[:fit], alerts[fit:MOST].count() if len(shown) > fit else 0


def _names(alerts: Sequence[Alert]) -> dict[str, str]:
    codes = {alert.area_code for alert in alerts if alert.dispute is None}
    return dict(Area.objects.filter(code__in=codes).values_list("code", "name")) if codes else {}


def _sign(alert: Alert, names: dict[str, str]) -> Sign:
    case = alert.dispute
    if case is None:
        place, kind = names.get(alert.area_code, ""), alert.get_kind_display()
    else:
        parent = case.grid.parent
        place, kind = parent.name if parent else case.grid.name, str(Category(case.category).label)
    return Sign(
        case.number if case else "",
        place,
        kind,
        alert.colour,
        alert.get_status_display(),
        alert.raised_at,
        alert.acknowledge_by,
    )


def _columns(months: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The months as columns: newly registered, and closed beside it."""
    pairs = [
        (month["name"], month["cells"][0].number, month["cells"][2].number) for month in months
    ]
    top = max((max(new, closed) for _name, new, closed in pairs), default=0) or 1
    return [
        {
            "name": name[5:],
            "x": number * 100,
            "new": new,
            "new_height": round(HIGH * new / top),
            "new_y": HIGH - round(HIGH * new / top),
            "closed": closed,
            "closed_height": round(HIGH * closed / top),
            "closed_y": HIGH - round(HIGH * closed / top),
        }
        for number, (name, new, closed) in enumerate(pairs)
    ]
