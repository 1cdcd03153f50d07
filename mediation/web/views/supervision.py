"""Who is pressed and by whom: open cards, and the instructions of leaders."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from mediation.accounts.models import Role
from mediation.core import clock
from mediation.deadlines.store import calendar_in_force
from mediation.disputes.models import Dispute
from mediation.supervision import selectors
from mediation.web.access import StaffRequest, require_role, signed_in
from mediation.web.clockface import about, face

READERS = (
    Role.LEADER,
    Role.CENTRE_STAFF,
    Role.JUSTICE_STAFF,
    Role.MEDIATOR,
    Role.GRID_WORKER,
)
TABS = {"cards": gettext_lazy("Supervision cards"), "instructions": gettext_lazy("Instructions")}
SHOWN = 100


@require_safe
@signed_in
def supervision(request: StaffRequest) -> HttpResponse:
    """Unlifted cards, the gravest first; or instructions, the unanswered first."""
    require_role(request.actor, *READERS)
    now = clock.now()
    tab = request.GET.get("tab", "")
    tab = tab if tab in TABS else "cards"
    told: dict[str, Any] = {"tab": tab, "tabs": TABS.items(), "here": request.get_full_path()}
    if tab == "cards":
        told["cards"] = _cards(request, now)
    else:
        told["instructions"] = _instructions(request, now)
    return render(request, "supervision/supervision.html", told)


def _cards(request: StaffRequest, now: datetime) -> list[dict[str, Any]]:
    calendar, today = calendar_in_force(), clock.local_day(now)
    return [
        {
            "card": card,
            "about": about(card),
            "due": face(card.answer_by, today=today, calendar=calendar),
            **_case(card.dispute),
        }
        for card in selectors.open_cards(request.actor, now=now)[:SHOWN]
    ]


def _instructions(request: StaffRequest, now: datetime) -> list[dict[str, Any]]:
    calendar, today = calendar_in_force(), clock.local_day(now)
    return [
        {
            "one": one,
            "due": None if one.answered_at else face(one.answer_by, today=today, calendar=calendar),
            **_case(one.dispute),
        }
        for one in selectors.instructions(request.actor, now=now)[:SHOWN]
    ]


def _case(dispute: Dispute) -> dict[str, Any]:
    parent = dispute.grid.parent
    return {
        "dispute": dispute,
        "url": reverse("dispute", args=[dispute.code]),
        "place": f"{parent.name if parent else ''} {dispute.grid.name}",
    }
