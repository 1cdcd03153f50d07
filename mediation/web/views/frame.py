"""The small parts of the frame that are asked for on their own: the bell and the display."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from mediation.accounts.models import Display
from mediation.web.context import MODE_COOKIE

YEAR = 365 * 24 * 3600


@require_GET
@login_required
def bell(request: HttpRequest) -> HttpResponse:
    """The bell with the number of unread notices, fetched again after every notice."""
    return render(request, "components/_bell.html")


@require_POST
def set_mode(request: HttpRequest) -> HttpResponse:
    """Keep how the pages look: in a cookie, and with the person when one is signed in."""
    mode = request.POST.get("mode", "")
    if mode not in Display.values:
        return HttpResponseBadRequest()
    if request.user.is_authenticated and request.user.display != mode:
        request.user.display = mode
        request.user.save(update_fields=["display"])
    response = HttpResponseRedirect(_safe(request, request.POST.get("next", "")))
    response.set_cookie(MODE_COOKIE, mode, max_age=YEAR, samesite="Lax", secure=request.is_secure())
    return response


def _safe(request: HttpRequest, address: str) -> str:
    """The page to return to, never one of another site."""
    if url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return address
    return "/"
