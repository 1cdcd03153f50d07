"""The leader's page: danger first, who has seen it, and numbers that open their own lists."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from mediation.accounts.models import Role
from mediation.core import clock
from mediation.deadlines.store import calendar_in_force
from mediation.disputes.enums import Colour
from mediation.disputes.selectors import CaseFilter
from mediation.warning.models import Alert
from mediation.web.access import StaffRequest, require_role, signed_in
from mediation.web.case_page import risk_words
from mediation.web.clockface import countdown
from mediation.web.views.cases import line
from workflows import selectors

WORST = 12
TOLD = 10
"""Cases and alerts that stand on the page itself; the numbers lead to all of them."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number and the filter that counts it and lists it."""

    label: str | Promise
    wanted: CaseFilter
    tone: str = ""


def figures_of(today: date) -> dict[str, Figure]:
    """The numbers of the page. ``today`` names the day and the month that they mean."""
    return {
        "new": Figure(_("Registered today"), CaseFilter(new=today.isoformat())),
        "red": Figure(_("Red, open"), CaseFilter(colour=(Colour.RED,), open=True), "red"),
        "orange": Figure(
            _("Orange, open"), CaseFilter(colour=(Colour.ORANGE,), open=True), "orange"
        ),
        "overdue": Figure(_("Overdue"), CaseFilter(overdue=True), "yellow"),
        "unperformed": Figure(
            _("Agreements not performed"), CaseFilter(unperformed=True), "yellow"
        ),
        "open": Figure(_("Open"), CaseFilter(open=True), "blue"),
        "closed": Figure(_("Closed this month"), CaseFilter(closed=f"{today:%Y-%m}"), "green"),
    }


@require_safe
@signed_in
def leader(request: StaffRequest) -> HttpResponse:
    """The situation of one's area at this moment."""
    require_role(request.actor, Role.LEADER, Role.CENTRE_STAFF, Role.JUSTICE_STAFF)
    now = clock.now()
    figures = figures_of(clock.local_day(now))
    counted = selectors.figures(
        request.actor, {name: figure.wanted for name, figure in figures.items()}, now=now
    )
    waiting = selectors.open_alerts(request.actor, now=now).filter(status=Alert.State.RAISED)
    told = {
        "now": now,
        "tiles": list(_tiles(figures, counted)),
        "columns": [(name, figure.label) for name, figure in figures.items()],
        "communities": _communities(figures, counted),
        "worst": _worst(request, now),
        "alerts": _waiting(list(waiting), now),
        "here": request.get_full_path(),
    }
    page = "leader/_situation.html" if "HX-Request" in request.headers else "leader/leader.html"
    return render(request, page, told)


def _tiles(figures: dict[str, Figure], counted: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for name, figure in figures.items():
        value = sum(row[name] for row in counted.values())
        yield {
            "name": name,
            "label": figure.label,
            "value": value,
            "tone": figure.tone if value else "",
            "url": list_url(figure.wanted),
        }


def list_url(wanted: CaseFilter) -> str:
    return f"{reverse('disputes')}?{wanted.query}"


def _communities(figures: dict[str, Figure], counted: dict[str, Any]) -> list[dict[str, Any]]:
    names = selectors.area_names(list(counted))
    return [
        {
            "name": names.get(code, code),
            "cells": [
                {
                    "label": figure.label,
                    "value": row[name],
                    "url": list_url(figure.wanted.but(area=code)),
                }
                for name, figure in figures.items()
            ],
        }
        for code, row in counted.items()
    ]


def _worst(request: StaffRequest, now: Any) -> list[dict[str, Any]]:
    calendar = calendar_in_force()
    rows = selectors.worst_open(request.actor, now=now, limit=WORST)
    return [
        line(row, now=now, calendar=calendar) | {"why": risk_words(row["risk"])} for row in rows
    ]


def _waiting(alerts: list[Alert], now: Any) -> dict[str, Any]:
    shown = alerts[:TOLD]
    told = selectors.told_of(shown)
    return {
        "count": len(alerts),
        "url": f"{reverse('alerts')}?waiting=1",
        "rows": [
            {
                "alert": alert,
                "url": reverse("dispute", args=[alert.dispute.code])
                if alert.dispute
                else reverse("alerts"),
                "left": countdown(alert.acknowledge_by or now, now=now),
                "late": (alert.acknowledge_by or now) <= now,
                "told": told[alert.dispute_id],
            }
            for alert in shown
        ],
    }
