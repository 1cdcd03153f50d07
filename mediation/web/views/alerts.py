"""Alerts: what burns, why, since when, who has taken it up, and how it ended."""

import uuid
from itertools import groupby
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from mediation.accounts.models import Role
from mediation.areas.selectors import within
from mediation.core import clock
from mediation.deadlines.store import calendar_in_force
from mediation.disputes import policy
from mediation.disputes.selectors import CaseFilter
from mediation.warning.models import Alert
from mediation.web.access import StaffRequest, require_role, signed_in
from mediation.web.case_page import risk_words
from mediation.web.clockface import countdown, face
from workflows import selectors

READERS = (Role.LEADER, Role.CENTRE_STAFF, Role.JUSTICE_STAFF, Role.GRID_WORKER)
SHOWN = 100
# What the state of an alert lets one do next.
STEPS = {
    Alert.State.RAISED: ("acknowledge_alert",),
    Alert.State.ACKNOWLEDGED: ("act_on_alert", "resolve_alert"),
    Alert.State.ACTING: ("act_on_alert", "resolve_alert"),
}


@require_safe
@signed_in
def alerts(request: StaffRequest) -> HttpResponse:
    """The open alerts of one's area by level, or those that were resolved."""
    require_role(request.actor, *READERS)
    now = clock.now()
    area = CaseFilter.read(request.GET).area
    resolved = request.GET.get("show") == "resolved"
    waiting = request.GET.get("waiting") == "1"
    chosen = selectors.resolved_alerts if resolved else selectors.open_alerts
    rows = chosen(request.actor, now=now)
    if waiting:
        rows = rows.filter(status=Alert.State.RAISED)
    if area:
        rows = rows.filter(within(area))
    found = list(rows[: SHOWN + 1])
    told = {
        "groups": _by_level([_shown(alert, request, now) for alert in found[:SHOWN]]),
        "count": len(found[:SHOWN]),
        "more": len(found) > SHOWN,
        "resolved": resolved,
        "waiting": waiting,
        "area": area,
        "areas": selectors.communities(request.actor),
        "here": request.get_full_path(),
    }
    page = "alerts/_list.html" if "HX-Request" in request.headers else "alerts/alerts.html"
    return render(request, page, told)


def _by_level(shown: list[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    ranked = sorted(shown, key=lambda one: -one["alert"].severity)
    return [
        (colour, list(rows)) for colour, rows in groupby(ranked, lambda one: one["alert"].colour)
    ]


def _shown(alert: Alert, request: StaffRequest, now: Any) -> dict[str, Any]:
    dispute = alert.dispute
    steps = STEPS.get(Alert.State(alert.status), ())
    return {
        "alert": alert,
        "dispute": dispute,
        "url": reverse("dispute", args=[dispute.code]),
        "place": f"{dispute.grid.parent.name if dispute.grid.parent else ''} {dispute.grid.name}",
        "why": risk_words({"explain": alert.reasons}),
        "left": countdown(alert.acknowledge_by, now=now),
        "late": alert.acknowledge_by <= now,
        "due": face(alert.action_due, today=clock.local_day(now), calendar=calendar_in_force())
        if alert.action_due
        else None,
        "key": str(uuid.uuid4()),
        "steps": {
            step: reverse("act", args=[dispute.code, step])
            for step in steps
            if policy.may(request.actor, step, dispute)
        },
    }
