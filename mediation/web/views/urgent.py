"""Urgent access to a sensitive case, and its looking-over by a second person."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from mediation.accounts.models import Role
from mediation.core import clock
from mediation.core.errors import Malformed, NotFound, Unmet
from mediation.oversight import services
from mediation.oversight.models import UrgentAccess
from mediation.web.access import StaffRequest, require_role, signed_in

READERS = tuple({*services.MAY_OPEN, *services.REVIEWERS})
SHOWN = 20


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def urgent(request: StaffRequest) -> HttpResponse:
    """Open one sensitive case for four hours, and see what waits to be looked over."""
    require_role(request.actor, *READERS)
    if request.method != "POST":
        return _page(request)
    number, reason = request.POST.get("number", ""), request.POST.get("reason", "")
    try:
        access = services.open_urgently(request.actor, number, reason, now=clock.now())
    except NotFound:
        sentence = _("No sensitive case of your area has this number.")
        return _page(request, sentences=[sentence], status=422)
    except (Malformed, Unmet) as refusal:
        return _page(request, sentences=refusal.sentences, status=422)
    messages.success(request, _("Open to you for four hours. A second person has been told."))
    return redirect("dispute", code=access.dispute.code)


@require_POST
@signed_in
def review(request: StaffRequest, access: int) -> HttpResponse:
    """Say whether an urgent access was necessary."""
    require_role(request.actor, *(role for role in Role if role in services.REVIEWERS))
    finding, remark = request.POST.get("finding", ""), request.POST.get("remark", "")
    try:
        services.review(
            request.actor, min(access, 2**62), finding=finding, remark=remark, now=clock.now()
        )
    except Malformed as refusal:
        return _page(request, sentences=refusal.sentences, status=422)
    messages.success(request, _("Saved."))
    return redirect(reverse("urgent"))


def _page(
    request: StaffRequest, *, sentences: list[str] | None = None, status: int = 200
) -> HttpResponse:
    told: dict[str, Any] = {
        "may_open": bool(request.actor.roles & set(services.MAY_OPEN)),
        "sentences": sentences or [],
        "number": request.POST.get("number", ""),
        "reason": request.POST.get("reason", ""),
        "waiting": services.waiting_for(request.actor).order_by("at")[:SHOWN],
        "own": services.own(request.actor)[:SHOWN],
        "findings": UrgentAccess.Finding.choices,
    }
    return render(request, "urgent/urgent.html", told, status=status)
