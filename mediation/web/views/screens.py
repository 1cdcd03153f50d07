"""The screens of one's areas: let in, listed, ended."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from mediation.briefing import screens as rooms
from mediation.core import clock
from mediation.web.access import StaffRequest, require_role, signed_in
from mediation.web.form_page import sent
from workflows.commands.fields import Text

SECRET = "screen_key"  # noqa: S105 -- the key in the session, not the secret
TERMS = (
    (30, gettext_lazy("30 days")),
    (90, gettext_lazy("90 days")),
    (365, gettext_lazy("a year")),
)
GREATEST_KEY = 2**62


class ScreenForm(forms.Form):
    """A new screen: its name, what it shows, for how long."""

    name = Text(
        label=gettext_lazy("Name of the screen"),
        min_length=2,
        max_length=60,
        help_text=gettext_lazy("Where it hangs, so that everybody knows which one is meant."),
    )
    area = forms.ChoiceField(label=gettext_lazy("Area"))
    days = forms.TypedChoiceField(
        label=gettext_lazy("Valid for"), choices=TERMS, coerce=int, initial=90
    )


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def screens(request: StaffRequest) -> HttpResponse:
    """The list, and the form of a new one. A new key is shown on the page that follows, once."""
    require_role(request.actor, *rooms.MANAGERS)
    now = clock.now()
    places = {area.code: area for area in rooms.places(request.actor)}
    form = ScreenForm(sent(request))
    chooser: Any = form.fields["area"]
    chooser.choices = [(code, area.name) for code, area in places.items()]
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            request.session[SECRET] = rooms.let_in(
                request.actor,
                name=form.cleaned_data["name"],
                area=places[form.cleaned_data["area"]],
                until=now + timedelta(days=form.cleaned_data["days"]),
                now=now,
            )
            return redirect("screens")
    key = request.session.pop(SECRET, "")
    told = {
        "rows": [(one, one.is_valid(now)) for one in rooms.managed(request.actor)[:100]],
        "form": form,
        "address": request.build_absolute_uri(f"{reverse('wall')}#{key}") if key else "",
    }
    return render(request, "screens/screens.html", told, status=status)


@require_POST
@signed_in
def revoke(request: StaffRequest, screen: int) -> HttpResponse:
    """End a screen at once: at its next question it shows nothing any more."""
    require_role(request.actor, *rooms.MANAGERS)
    ended = rooms.revoke(request.actor, min(screen, GREATEST_KEY), now=clock.now())
    messages.success(request, _("“%(name)s” shows nothing any more.") % {"name": ended.name})
    return redirect("screens")
