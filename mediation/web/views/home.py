"""The start page: everybody lands where his work is."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from mediation.web.access import StaffRequest, signed_in
from mediation.web.navigation import desk_of


@require_safe
@signed_in
def home(request: StaffRequest) -> HttpResponse:
    """The desk of the role. Who has no duty today is told whom to ask."""
    desk = desk_of(request.actor.roles)
    return redirect(desk) if desk else render(request, "home/home.html")
