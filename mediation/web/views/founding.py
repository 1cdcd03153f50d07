"""The first page of an empty installation: its place and its three administrators."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from mediation.accounts import founding
from mediation.core import clock
from mediation.core.errors import NotFound
from mediation.web import form_page
from mediation.web.form_page import sent
from mediation.web.founding_forms import FoundingForm
from mediation.web.limits import require_few

TRIES, TRIES_SECONDS = 30, 3600


@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """Ask once; afterwards there is no such page. The passwords stand on the answer alone."""
    if not founding.is_due():
        raise NotFound
    if request.method == "POST":
        require_few(request, "founding", limit=TRIES, seconds=TRIES_SECONDS)
    form = FoundingForm(sent(request))

    def act() -> HttpResponse:
        opened = founding.found(
            place=form.place, administrators=form.administrators, now=clock.now()
        )
        return render(request, "founding/done.html", {"opened": opened})

    return form_page.answer(request, "founding/form.html", {}, form, act, back="account_login")
