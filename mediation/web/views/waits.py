"""Where cases wait and how they flow, for whoever answers for an area."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from mediation.core import clock
from mediation.disputes.enums import Category
from mediation.errands import services as errands
from mediation.reports import eventlog_errand
from mediation.reports.figures import READERS
from mediation.reports.periods import WORDS
from mediation.reports.spread import FEWEST
from mediation.web import cockpit, waits_page
from mediation.web.access import StaffRequest, require_role, signed_in


@require_safe
@signed_in
def waits(request: StaffRequest) -> HttpResponse:
    """Times in every status, what comes back, who is slower, and the flow with its open cases."""
    require_role(request.actor, *READERS)
    now = clock.now()
    asked = cockpit.read(request.GET, request.actor, today=clock.local_day(now))
    page = waits_page.read(request.GET, asked)
    told = waits_page.take(request.actor, page, now=now)
    told |= {
        "page": page,
        "asked": asked,
        "now": now,
        "fewest": FEWEST,
        "periods": [(name, word, name == asked.period.name) for name, word in WORDS.items()],
        "categories": Category.choices,
        "here": request.get_full_path(),
    }
    name = "waits/_waits.html" if "HX-Request" in request.headers else "waits/waits.html"
    return render(request, name, told)


@require_POST
@signed_in
def event_log(request: StaffRequest) -> HttpResponse:
    """Ask for the events of the area as files for process mining."""
    require_role(request.actor, *READERS)
    now = clock.now()
    asked = cockpit.read(request.POST, request.actor, today=clock.local_day(now))
    errands.ask(eventlog_errand.KIND, request.actor, now=now, wanted={"area": asked.area})
    return redirect("errands")
