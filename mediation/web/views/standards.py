"""The office's standard of the subsidy: in force, its versions, a new one."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from mediation.core import clock
from mediation.filings import standards
from mediation.reports.figures import READERS
from mediation.web import filings as pages
from mediation.web.access import StaffRequest, require_role, signed_in
from mediation.web.standard_forms import StandardForm


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def standard(request: StaffRequest) -> HttpResponse:
    """A new version carries author, day and reason; nothing is overwritten."""
    require_role(request.actor, *READERS)
    now = clock.now()
    query = request.POST if request.method == "POST" else request.GET
    asked = pages.read(query, request.actor, today=clock.local_day(now))
    office = standards.office_of(asked.area)
    rates = standards.in_force(office, clock.local_day(now))
    current = next((r.content for r in rates if office.startswith(r.area_code)), {})
    form = StandardForm(request.POST or None, current=current)
    if request.method == "POST" and form.is_valid():
        standards.adopt(
            request.actor,
            office,
            form.content(),
            in_force_from=form.cleaned_data["in_force_from"],
            reason=form.cleaned_data["reason"],
            now=now,
        )
        return redirect(asked.address("filing_standard"))
    told = {
        "asked": asked,
        "trail": pages.trail(asked, request.actor, "filing_standard"),
        "form": form,
        "current": current,
        "may_set": any(request.actor.holds(role, office) for role in standards.SETTERS),
        "versions": standards.versions(office),
        "index_url": asked.address("filings"),
        "form_url": asked.address("filing", "subsidy"),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "filings/standard.html", told, status=status)
