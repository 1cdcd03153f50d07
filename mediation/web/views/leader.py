"""The leader's page: danger first, who has seen it, and numbers that open their own lists."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from mediation.areas.selectors import within
from mediation.core import clock
from mediation.core.downloads import disposition, guarded
from mediation.core.errors import NotFound
from mediation.deadlines.store import calendar_in_force
from mediation.reports.figures import FIGURES, READERS, roots
from mediation.warning.models import Alert
from mediation.web import cockpit, cockpit_export
from mediation.web.access import StaffRequest, require_role, signed_in
from mediation.web.case_page import risk_words
from mediation.web.clockface import countdown
from mediation.web.views.cases import line
from workflows import selectors

WORST = 12
TOLD = 10
FEED = 8
"""Cases and alerts that stand on the page itself; the numbers lead to all of them."""
FILES = (("pdf", "PDF"), ("png", pgettext_lazy("file", "Picture")), ("xlsx", "Excel"))


@require_safe
@signed_in
def leader(request: StaffRequest) -> HttpResponse:
    """The situation of an area at this moment, and how it was in a period."""
    require_role(request.actor, *READERS)
    now = clock.now()
    today = clock.local_day(now)
    asked = cockpit.read(request.GET, request.actor, today=today)
    reading = cockpit.take(request.actor, asked, now=now, today=today)
    rows = cockpit.areas(reading)
    told = {
        "now": now,
        "asked": asked,
        "map": cockpit.drawing(reading, rows),
        "trail": cockpit.trail(reading, request.actor),
        "roots": _roots(request, asked),
        "tiles": list(cockpit.tiles(reading)),
        "areas": rows,
        "kinds": cockpit.kinds(reading),
        "months": cockpit.months(reading),
        "choices": cockpit.choices(reading),
        "figures": FIGURES,
        "files": FILES,
        "worst": _worst(request, asked, now),
        "alerts": _alerts(request, asked, now),
        "here": request.get_full_path(),
    }
    page = "leader/_situation.html" if "HX-Request" in request.headers else "leader/leader.html"
    return render(request, page, told)


@require_safe
@signed_in
def export(request: StaffRequest, kind: str) -> HttpResponse:
    """The view of this address as a file. Raises ``NotFound`` for a kind that there is not."""
    require_role(request.actor, *READERS)
    if kind not in cockpit_export.MAKERS:
        raise NotFound
    now = clock.now()
    today = clock.local_day(now)
    asked = cockpit.read(request.GET, request.actor, today=today)
    reading = cockpit.take(request.actor, asked, now=now, today=today)
    view = cockpit_export.View(reading, now)
    make, media_type = cockpit_export.MAKERS[kind]
    response = guarded(HttpResponse(make(view), content_type=media_type))
    name = _("Situation %(place)s %(at)s") % {
        "place": view.place,
        "at": f"{timezone.localtime(now):%Y-%m-%d %H%M}",
    }
    response.headers["Content-Disposition"] = disposition(f"{name}.{kind}")
    return response


def _roots(request: StaffRequest, asked: cockpit.Asked) -> list[dict[str, Any]]:
    """The areas that one answers for, when they are several."""
    codes = roots(request.actor)
    if len(codes) < 2:
        return []
    names = selectors.area_names(codes)
    return [
        {
            "name": names.get(code, code),
            "url": asked.but(area=code).url,
            "here": asked.area.startswith(code),
        }
        for code in codes
    ]


def _worst(request: StaffRequest, asked: cockpit.Asked, now: Any) -> list[dict[str, Any]]:
    calendar = calendar_in_force()
    rows = selectors.worst_open(request.actor, area=asked.area, now=now, limit=WORST)
    return [
        line(row, now=now, calendar=calendar) | {"why": risk_words(row["risk"])} for row in rows
    ]


def _alerts(request: StaffRequest, asked: cockpit.Asked, now: Any) -> dict[str, Any]:
    """Those that nobody has acknowledged, of cases and of areas; below them what was raised lately."""
    found = selectors.alerts_of(request.actor, resolved=False, now=now).filter(within(asked.area))
    waiting = found.filter(status=Alert.State.RAISED)
    shown, feed = list(waiting[:TOLD]), list(found.order_by("-raised_at", "-pk")[:FEED])
    told = selectors.told_of([alert for alert in shown if alert.dispute])
    names = selectors.area_names([one.area_code for one in (*shown, *feed) if not one.dispute])
    return {
        "count": len(shown) if len(shown) < TOLD else waiting.count(),
        "url": f"{reverse('alerts')}?waiting=1&area={asked.area}",
        "all_url": f"{reverse('alerts')}?area={asked.area}",
        "rows": [
            _heading(alert, names)
            | {
                "left": countdown(alert.acknowledge_by or now, now=now),
                "late": (alert.acknowledge_by or now) <= now,
                "told": told.get(alert.dispute_id, []),
                "seen": sum(one.seen for one in told.get(alert.dispute_id, [])),
            }
            for alert in shown
        ],
        "feed": [_heading(alert, names) for alert in feed],
    }


def _heading(alert: Alert, names: Mapping[str, str]) -> dict[str, Any]:
    """What an alert is called, and where one reads on: its case, or its own page if it is about an area."""
    case = alert.dispute
    if case is None:
        place = names.get(alert.area_code, "")
        title, url = f"{alert.get_kind_display()} · {place}", reverse("alert", args=[alert.pk])
        return {"alert": alert, "title": title, "place": place, "url": url}
    place = case.grid.parent.name if case.grid.parent else case.grid.name
    url = reverse("dispute", args=[case.code])
    return {"alert": alert, "title": case.title, "number": case.number, "place": place, "url": url}
