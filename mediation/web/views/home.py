"""The start page: everybody lands where his work is."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from mediation.accounts.models import Role
from mediation.web.access import StaffRequest, signed_in

# The first line that fits decides: whoever leads wants the situation, whoever sits in the centre
# the board, the clerk the reconsideration cases, whoever is out in the field or at the table his own work.
DESKS = (
    ("leader", {Role.LEADER}),
    ("board", {Role.CENTRE_STAFF, Role.JUSTICE_STAFF}),
    ("tracks", {Role.RECONSIDERATION_CLERK}),
    ("work", {Role.GRID_WORKER, Role.MEDIATOR}),
    ("areas", {Role.SYSTEM_ADMIN}),
    ("people", {Role.SECURITY_ADMIN}),
    ("audit", {Role.AUDITOR}),
)


@require_safe
@signed_in
def home(request: StaffRequest) -> HttpResponse:
    """The desk of the role. Who has no duty today is told whom to ask."""
    for desk, roles in DESKS:
        if request.actor.roles & roles:
            return redirect(desk)
    return render(request, "home/home.html")
