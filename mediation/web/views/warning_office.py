"""The office's own numbers of the early warning, and how well the warnings have kept their word."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mediation.accounts.models import Role
from mediation.areas.models import LENGTH_OF, Level
from mediation.core import clock, errors
from mediation.warning import learning, office
from mediation.warning.models import OfficeTable
from mediation.warning.settings import Settings
from mediation.web.access import StaffRequest, require_role, signed_in
from mediation.web.warning_forms import TableForm, WeightsForm, points_of
from workflows import cluster_selectors as selectors

YEAR = timedelta(days=365)
WRITERS = (Role.LEADER, Role.JUSTICE_STAFF)
SHARE = 100


def _home(request: StaffRequest) -> str:
    """The office whose table this person may set: his subdistrict, or the district above it."""
    codes = sorted(
        grant.area_code for grant in request.actor.grants if grant.role in selectors.READERS
    )
    if not codes:
        raise errors.NotFound
    return codes[0][: LENGTH_OF[Level.SUBDISTRICT]]


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def settings(request: StaffRequest) -> HttpResponse:
    """The table in force and its history; a new version carries author and reason."""
    require_role(request.actor, *selectors.READERS)
    home = _home(request)
    current = office.settings_of(home)
    may_write = any(request.actor.holds(role, home) for role in WRITERS)
    form = TableForm(request.POST or None, current=current)
    if request.method == "POST":
        if not may_write:
            require_role(request.actor, *WRITERS)
        if form.is_valid():
            office.adopt(
                home,
                form.content(),
                reason=form.cleaned_data["reason"],
                author_id=request.user.pk,
                now=clock.now(),
            )
            messages.success(request, _("The new table is in force."))
            return redirect("warning_settings")
    told = {
        "form": form,
        "may_write": may_write,
        "current": current,
        "rules": current.rules().version,
        "versions": office.versions(home),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "warning/settings.html", told, status=status)


@require_safe
@signed_in
def calibration(request: StaffRequest) -> HttpResponse:
    """Points against what happened, verdicts by rule, false alarms against the promise, drift."""
    require_role(request.actor, *selectors.READERS)
    return _page(request)


def _page(
    request: StaffRequest, *, form: Any = None, effect: Any = None, status: int = 200
) -> HttpResponse:
    now = clock.now()
    home = _home(request)
    current = office.settings_of(home)
    cases = selectors.rated(request.actor, since=now - YEAR, until=now)
    bands = selectors.reliability(cases)
    told = {
        "cases": len(cases),
        "events": sum(harmed for _risk, harmed, _at in cases),
        "least_cases": selectors.LEAST_CASES,
        "least_events": selectors.LEAST_EVENTS,
        "bands": [_bar(band) for band in bands],
        "verdicts": [_judged(row) for row in selectors.verdicts(request.actor, since=now - YEAR)],
        "least_alerts": selectors.LEAST_ALERTS,
        "rules": _rules(selectors.by_rule(cases), current),
        "drift": selectors.drift(cases, now=now),
        "false": selectors.false_alarms(request.actor, now=now, promised=current.false_alarm_weeks),
        "form": form or WeightsForm(current=current),
        "effect": effect,
        "pending": _pending(home),
        "may_write": any(request.actor.holds(role, home) for role in WRITERS),
        "person": request.user.pk,
    }
    return render(request, "warning/calibration.html", told, status=status)


def _bar(band: dict[str, Any]) -> dict[str, Any]:
    share = round(band["rate"] * SHARE)
    return band | {
        "to": band["from"] + 9,
        "percent": share,
        "y": 100 - share,
        "x": band["from"] * 6 // 10 * 10,
        "middle": band["from"] * 6 // 10 * 10 + 20,
    }


def _judged(row: dict[str, Any]) -> dict[str, Any]:
    kinds = dict(learning.ALERT_KINDS)
    return row | {
        "name": kinds.get(row["kind"], row["kind"]),
        "percent": round(row["precision"] * SHARE),
    }


def _rules(rows: list[dict[str, Any]], current: Settings) -> list[dict[str, Any]]:
    """Each rule with its points in force: who proposes others has to know these."""
    words, points = learning.rule_words(), points_of(current)
    return [
        row
        | {
            "words": words.get(row["rule"], {}),
            "percent": round(row["precision"] * SHARE),
            "points": points.get(row["rule"], ()),
        }
        for row in rows
    ]


def _pending(home: str) -> OfficeTable | None:
    """A change of points that somebody has proposed and nobody has adopted."""
    return learning.pending(home)


@require_POST
@signed_in
def propose(request: StaffRequest) -> HttpResponse:
    """Show what other points would have made of the last year; ``keep``: ask a second person."""
    require_role(request.actor, *WRITERS)
    now, home = clock.now(), _home(request)
    current = office.settings_of(home)
    form = WeightsForm(request.POST, current=current)
    if not form.is_valid():
        return _page(request, form=form, status=422)
    if "keep" in request.POST:
        learning.propose(
            home,
            form.cleaned_data["weights"],
            reason=form.cleaned_data["reason"],
            author_id=request.user.pk,
            now=now,
        )
        messages.success(request, _("Proposed. Somebody else has to adopt it."))
        return redirect("warning_calibration")
    cases = selectors.rated(request.actor, since=now - YEAR, until=now)
    table = learning.with_weights(current, form.cleaned_data["weights"])
    effect = selectors.effect_of(cases, learning.weigher(table))
    return _page(request, form=form, effect=effect)


@require_POST
@signed_in
def decide(request: StaffRequest) -> HttpResponse:
    """Adopt the proposed points, or drop them. Whoever proposed them cannot adopt them."""
    require_role(request.actor, *WRITERS)
    home = _home(request)
    proposal = learning.pending(home)
    if proposal is None:
        raise errors.NotFound
    if "drop" in request.POST:
        learning.drop(proposal)
        messages.success(request, _("The proposal was dropped."))
        return redirect("warning_calibration")
    if proposal.proposed_by_id == request.user.pk:
        messages.error(
            request, _("Somebody else has to adopt it: two people answer for the points.")
        )
        return redirect("warning_calibration")
    learning.adopt(proposal, author_id=request.user.pk, now=clock.now())
    messages.success(request, _("The new points are in force."))
    return redirect("warning_calibration")
