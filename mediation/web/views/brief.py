"""The morning brief: twelve numbers that open their lists, today and on earlier mornings."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from mediation.accounts.actor import Actor
from mediation.accounts.models import Role
from mediation.briefing import services
from mediation.core import clock
from mediation.core.downloads import disposition, guarded
from mediation.core.errors import Malformed, NotFound
from mediation.reports.figures import READERS, roots
from mediation.web import brief_page
from mediation.web.access import StaffRequest, require_role, signed_in

WRITERS = (Role.LEADER, Role.JUSTICE_STAFF)
SHOWN_DAYS = 14


class HourForm(forms.Form):
    """When the leaders of the office get their brief."""

    at = forms.TimeField(
        label=gettext_lazy("Sent to leaders at"),
        input_formats=["%H:%M"],
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )


@require_safe
@signed_in
def today(request: StaffRequest) -> HttpResponse:
    """The brief as it stands at this moment."""
    return _page(request, None)


@require_safe
@signed_in
def on_day(request: StaffRequest, day: str) -> HttpResponse:
    """The brief of an earlier morning, with what has become of its numbers."""
    return _page(request, _read(day))


def _page(request: StaffRequest, day: date | None) -> HttpResponse:
    require_role(request.actor, *READERS)
    now = clock.now()
    made = brief_page.sheet(request.actor, now=now, day=day)
    home = _home(request.actor)
    told: dict[str, Any] = {
        "sheet": made,
        "days": services.days(request.user.pk, before=clock.local_day(now), limit=SHOWN_DAYS),
        "leads": Role.LEADER in request.actor.roles,
        "wanted": services.wants(request.user.pk),
        "hour": HourForm(initial={"at": services.hour_of(home)}) if home else None,
        "here": request.get_full_path(),
    }
    page = "brief/_sheet.html" if "HX-Request" in request.headers else "brief/brief.html"
    return render(request, page, told)


def _read(word: str) -> date:
    """Raises ``NotFound`` for what is no day."""
    try:
        return date.fromisoformat(word) if len(word) == 10 else _no_day()
    except ValueError:
        return _no_day()


def _no_day() -> date:
    raise NotFound


def _home(actor: Actor) -> str:
    """The area whose hour the actor may set; empty when he may set none."""
    return next(
        (code for code in roots(actor) if any(actor.holds(role, code) for role in WRITERS)), ""
    )


@require_safe
@signed_in
def today_pdf(request: StaffRequest) -> HttpResponse:
    return _pdf(request, None)


@require_safe
@signed_in
def day_pdf(request: StaffRequest, day: str) -> HttpResponse:
    return _pdf(request, _read(day))


def _pdf(request: StaffRequest, day: date | None) -> HttpResponse:
    require_role(request.actor, *READERS)
    made = brief_page.sheet(request.actor, now=clock.now(), day=day)
    response = guarded(HttpResponse(brief_page.pdf(made), content_type="application/pdf"))
    name = _("Morning brief %(day)s.pdf") % {"day": made.day.isoformat()}
    response.headers["Content-Disposition"] = disposition(name, inline=True)
    return response


@require_POST
@signed_in
def set_hour(request: StaffRequest) -> HttpResponse:
    """When the brief goes out to the leaders of one's office."""
    require_role(request.actor, *WRITERS)
    form, home = HourForm(request.POST), _home(request.actor)
    if not form.is_valid() or not home:
        raise Malformed({"at": [gettext_lazy("Give a time such as 07:30.")]})
    at = form.cleaned_data["at"]
    services.set_hour(home, at, author_id=request.user.pk, now=clock.now())
    messages.success(
        request, _("The brief goes out at %(at)s from now on.") % {"at": f"{at:%H:%M}"}
    )
    return redirect("brief")


@require_POST
@signed_in
def choose(request: StaffRequest) -> HttpResponse:
    """Whether one wants it in one's messages."""
    require_role(request.actor, *READERS)
    wanted = request.POST.get("wanted") == "1"
    services.choose(request.user.pk, wanted=wanted, now=clock.now())
    messages.success(
        request,
        _("You get the brief every morning.")
        if wanted
        else _("The brief no longer comes into your messages."),
    )
    return redirect("brief")
