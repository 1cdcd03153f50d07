"""Earlier cases like the one on the desk."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from mediation.core import clock
from mediation.web import earlier as cases
from mediation.web.access import StaffRequest, signed_in
from mediation.web.dossier import find_case


@require_safe
@signed_in
def earlier(request: StaffRequest, code: str) -> HttpResponse:
    """What was agreed in finished cases like this one, and whether it held."""
    now = clock.now()
    dispute = find_case(request.actor, code, now=now)
    told = {"dispute": dispute, "rows": cases.like(dispute, request.actor, now=now)}
    page = "cases/_earlier.html" if "HX-Request" in request.headers else "cases/earlier.html"
    return render(request, page, told)
