"""Zero reports: one tap in the grid, and the office's view of who has reported, has cases, or is missing."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import pgettext, pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from mediation.accounts.models import Role
from mediation.core import clock
from mediation.core.errors import NotFound
from mediation.disputes.selectors import CaseFilter
from mediation.reports.figures import READERS, roots
from mediation.screening import services
from mediation.screening.models import Rhythm
from mediation.web.access import StaffRequest, require_role, signed_in

DAY = timedelta(days=1)
STATES = {
    "missing": (pgettext_lazy("screening", "Nothing heard"), "warn"),
    "zero": (pgettext_lazy("screening", "Zero report"), "ok"),
    "cases": (pgettext_lazy("screening", "Has cases"), "info"),
}


@require_safe
@signed_in
def zero(request: StaffRequest) -> HttpResponse:
    """The worker's own grids; a tap says that nothing happened."""
    require_role(request.actor, Role.GRID_WORKER)
    rows: list[dict[str, Any]] = [
        {"grid": grid, "days": days, "said": STATES[grid.state]}
        for grid, days in services.of_worker(request.actor, today=clock.today())
    ]
    if "HX-Request" in request.headers:  # on the work page: only what can still be said
        rows = [row for row in rows if row["grid"].state != "cases"]
        return render(request, "screening/_mine.html", {"rows": rows, "part": True})
    return render(request, "screening/zero.html", {"rows": rows})


@require_POST
@signed_in
def report(request: StaffRequest) -> HttpResponse:
    """Nothing happened in this grid."""
    require_role(request.actor, Role.GRID_WORKER)
    services.report(request.actor, request.POST.get("grid", "")[:15], now=clock.now())
    messages.success(request, pgettext("screening", "Zero report received. Thank you."))
    return redirect("work")


@require_safe
@signed_in
def office(request: StaffRequest) -> HttpResponse:
    """Every grid of an area in some days."""
    require_role(request.actor, *READERS)
    today = clock.today()
    area = _area(request, request.GET)
    day = _day(request.GET.get("day", ""), today)
    every = services.rhythm_of(area, day)
    days = services.days_around(day, every)
    wanted = request.GET.get("state", "")
    all_rows = services.standings(area, days)
    rows = [row for row in all_rows if wanted not in STATES or row.state == wanted]
    told = {
        "days": days,
        "every": Rhythm.Every(every).label,
        "rhythms": Rhythm.Every.choices,
        "area": area,
        "may_set": any(request.actor.holds(role, area[:9]) for role in services.SETTERS),
        "wanted": wanted,
        "tiles": _tiles(area, days, all_rows),
        "rows": [
            {
                "grid": row,
                "said": STATES[row.state],
                "url": f"{reverse('disputes')}?{CaseFilter(area=row.code, new=days.word).query}",
            }
            for row in rows
        ],
        "previous": _address(area, days.first - DAY),
        "next": _address(area, days.last + DAY) if days.last < today else "",
    }
    return render(request, "screening/office.html", told)


def _tiles(area: str, days: services.Days, rows: list[services.Standing]) -> list[dict[str, Any]]:
    return [
        {
            "label": label,
            "tone": tone,
            "count": sum(row.state == state for row in rows),
            "url": f"{_address(area, days.first)}&state={state}",
        }
        for state, (label, tone) in STATES.items()
    ]


def _address(area: str, day: date) -> str:
    return f"{reverse('screening')}?area={area}&day={day.isoformat()}"


def _area(request: StaffRequest, query: QueryDict) -> str:
    """Raises ``NotFound`` for an area that the actor does not answer for."""
    own = roots(request.actor)
    area = query.get("area", "") or (own[0] if own else "")
    if not CaseFilter.read(query).area and query.get("area"):
        raise NotFound
    if not area or not any(area.startswith(root) for root in own):
        raise NotFound
    return area


def _day(word: str, today: date) -> date:
    try:
        day = date.fromisoformat(word)
    except ValueError:
        return today
    return min(day, today) if day.year >= 2000 else today


@require_POST
@signed_in
def rhythm(request: StaffRequest) -> HttpResponse:
    """Set how often the grids report, from tomorrow on."""
    require_role(request.actor, *READERS)
    area = _area(request, request.POST)[:9]
    reason = request.POST.get("reason", "").replace("\x00", "")[:300]
    services.set_rhythm(
        request.actor, area, request.POST.get("every", ""), reason=reason, now=clock.now()
    )
    messages.success(request, pgettext("screening", "The new rhythm counts from tomorrow on."))
    return redirect(f"{reverse('screening')}?area={area}")
