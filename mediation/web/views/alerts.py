"""Alerts: what burns, why, since when, who has taken it up, and how it ended."""

import uuid
from itertools import groupby
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from mediation.accounts.models import Role
from mediation.areas.models import Area
from mediation.areas.selectors import within
from mediation.core import clock, errors
from mediation.deadlines.store import calendar_in_force
from mediation.disputes import policy
from mediation.disputes.selectors import CaseFilter
from mediation.warning.models import Alert
from mediation.web import action_forms
from mediation.web.access import StaffRequest, require_role, signed_in
from mediation.web.case_page import reason_words, risk_words
from mediation.web.clockface import countdown, face
from workflows import alerting, area_alerts, selectors

READERS = (Role.LEADER, Role.CENTRE_STAFF, Role.JUSTICE_STAFF, Role.GRID_WORKER)
SHOWN = 100
# What the state of an alert lets one do next.
STEPS = {
    Alert.State.RAISED: ("acknowledge_alert",),
    Alert.State.ACKNOWLEDGED: ("act_on_alert", "resolve_alert"),
    Alert.State.ACTING: ("act_on_alert", "resolve_alert"),
}


STEP_WORDS = {
    "acknowledge": _("Acknowledge"),
    "act": _("Set owner and measure"),
    "resolve": _("Resolve"),
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
    rows = selectors.alerts_of(request.actor, resolved=resolved, now=now)
    if waiting:
        rows = rows.filter(status=Alert.State.RAISED)
    if area:
        rows = rows.filter(within(area))
    found = list(rows[: SHOWN + 1])
    areas = selectors.communities(request.actor)
    names = selectors.area_names([alert.area_code for alert in found if not alert.dispute])
    told = {
        "groups": _by_level([_shown(alert, request, now, names) for alert in found[:SHOWN]]),
        "count": len(found[:SHOWN]),
        "more": len(found) > SHOWN,
        "resolved": resolved,
        "waiting": waiting,
        "area": area,
        "areas": areas,
        "here": request.get_full_path(),
    }
    page = "alerts/_list.html" if "HX-Request" in request.headers else "alerts/alerts.html"
    return render(request, page, told)


def _by_level(shown: list[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    ranked = sorted(shown, key=lambda one: -one["alert"].severity)
    return [
        (colour, list(rows)) for colour, rows in groupby(ranked, lambda one: one["alert"].colour)
    ]


def _shown(alert: Alert, request: StaffRequest, now: Any, names: dict[str, str]) -> dict[str, Any]:
    dispute = alert.dispute
    return {
        "alert": alert,
        "dispute": dispute,
        "url": reverse("alert", args=[alert.pk]),
        "case_url": reverse("dispute", args=[dispute.code]) if dispute else "",
        "place": _place(alert, names),
        "why": risk_words({"explain": alert.reasons}),
        "left": countdown(alert.acknowledge_by, now=now) if alert.acknowledge_by else "",
        "late": alert.acknowledge_by is not None and alert.acknowledge_by <= now,
        "due": face(alert.action_due, today=clock.local_day(now), calendar=calendar_in_force())
        if alert.action_due
        else None,
        "key": str(uuid.uuid4()),
        "steps": _steps(alert, request),
        "others": alert.count - 1,
    }


def _steps(alert: Alert, request: StaffRequest) -> dict[str, str]:
    """The addresses of the steps that this person may take now."""
    steps = STEPS.get(Alert.State(alert.status), ())
    if alert.dispute is not None:
        code = alert.dispute.code
        return {
            step: reverse("act", args=[code, step])
            for step in steps
            if policy.may(request.actor, step, alert.dispute)
        }
    if not alerting.may_handle(request.actor, alert):
        return {}
    return {step: reverse("alert_step", args=[alert.pk, step.partition("_")[0]]) for step in steps}


def _place(alert: Alert, names: dict[str, str]) -> str:
    if alert.dispute is None:
        return names.get(alert.area_code, "")
    grid = alert.dispute.grid
    return f"{grid.parent.name if grid.parent else ''} {grid.name}"


@require_safe
@signed_in
def alert(request: StaffRequest, alert: int) -> HttpResponse:
    """One alert with everything that happened to it, and what is folded into it."""
    return _page(request, _find(request, alert))


def _find(request: StaffRequest, key: int) -> Alert:
    require_role(request.actor, *READERS)
    rows = alerting.visible(request.actor, now=clock.now()).select_related(
        "dispute__grid__parent", "owner", "acknowledged_by"
    )
    found: Alert | None = rows.filter(pk=key).first() if key < 2**63 else None
    if found is None:
        raise errors.NotFound
    return found


def _page(
    request: StaffRequest,
    found: Alert,
    *,
    step: str = "",
    form: Any = None,
    reasons: Any = (),
    status: int = 200,
) -> HttpResponse:
    now = clock.now()
    names = dict(Area.objects.filter(code=found.area_code).values_list("code", "name"))
    visible = policy.visible_to(request.actor, now=now).values("pk")
    folded = Alert.objects.filter(folded_into=found, dispute__in=visible).select_related("dispute")
    row = _shown(found, request, now, names)
    if form is not None:
        action_forms.ask_openly(form)
        row["steps"] = {}
    told = {
        "row": row,
        "log": found.steps.select_related("actor"),
        "folded": list(folded.order_by("pk")[:SHOWN]),
        "step": step,
        "step_words": STEP_WORDS.get(step, ""),
        "form": form,
        "reasons": [reason_words(reason) for reason in reasons],
        "here": request.get_full_path(),
    }
    return render(request, "alerts/alert.html", told, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def alert_step(request: StaffRequest, alert: int, action: str) -> HttpResponse:
    """A step on the alert of an area. Alerts of cases are steps of the case."""
    found = _find(request, alert)
    now = clock.now()
    if found.dispute is not None or not alerting.may_handle(request.actor, found):
        raise errors.NotFound
    if request.method != "POST":
        return _page(request, found, step=action, form=area_alerts.form_for(action, found, now=now))
    data = {name: value for name, value in request.POST.items() if name != "csrfmiddlewaretoken"}
    try:
        area_alerts.handle(found.pk, action, data, request.actor, now=now)
    except errors.Malformed:
        form = area_alerts.form_for(action, found, data, now=now)
        return _page(request, found, step=action, form=form, status=422)
    except errors.Unmet as refusal:
        return _page(request, found, reasons=refusal.reasons, status=422)
    return redirect("alert", found.pk)
