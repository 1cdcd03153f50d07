"""The one place where a refusal from below becomes a page."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from mediation.core import errors

Handler = Callable[[HttpRequest], HttpResponse]
RETRY_SECONDS = "5"


class RefusalMiddleware:
    """A view lets every ``core.errors.Refusal`` pass that it has no better answer to."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 405 and not response.content:
            return not_allowed(request, response)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return page(request, exception) if isinstance(exception, errors.Refusal) else None


def page(request: HttpRequest, refusal: errors.Refusal) -> HttpResponse:
    """The page of a refusal: 404, 403, 409, 422 or 503, each with its reasons and a way on.

    A fragment is asked for by a script that shows 422 in place, so it gets the sentences alone.
    """
    if request.headers.get("HX-Request") and refusal.status == 422:
        shown = {"sentences": refusal.sentences}
        return render(request, "components/_errors.html", shown, status=422)
    told: dict[str, Any] = {"refusal": refusal, "back_url": back(request)}
    response = render(request, f"{refusal.status}.html", told, status=refusal.status)
    if refusal.status == 503:
        response.headers["Retry-After"] = RETRY_SECONDS
    return response


def not_allowed(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The address of a form, opened by hand or by a phone that loads its pages anew: browsers show nothing
    of an empty answer but an error of their own."""
    if request.path.startswith("/api/") or request.headers.get("HX-Request"):
        return response
    told = render(request, "405.html", {"back_url": back(request)}, status=405)
    told.headers["Allow"] = response.headers["Allow"]
    return told


def back(request: HttpRequest) -> str:
    """The case that the address names, else the page one came from, else where staff or residents begin."""
    match = request.resolver_match
    code = match.kwargs.get("code") if match else None
    case = f"/disputes/{code}/"
    if code and request.path != case and not request.path.startswith("/v/"):  # a paper's code
        return case
    came_from = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(came_from, allowed_hosts={request.get_host()}):
        return came_from
    return reverse("residents") if request.path.startswith("/p/") else "/"
