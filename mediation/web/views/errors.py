"""Pages for what no view can answer: a form without its proof of origin, an outage, a fault of ours."""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from mediation.core.db import outage
from mediation.web.refusals import back

RETRY_SECONDS: Final = "5"


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 -- Django's signature; the reason helps nobody who reads the page
    """Answer 403 with what to do: go back, reload, send again. Nothing was saved."""
    return render(request, "csrf.html", {"back_url": back(request)}, status=403)


def broken(error: BaseException | None) -> HttpResponse:
    """503 with a sentence while the database or the disk is away, else 500.

    Rendered without the request: the frame of our pages would ask the database who is reading.
    """
    told = outage(error) if error else None
    if told is None:
        response = HttpResponse(render_to_string("500.html"), status=500)
    else:
        page = render_to_string("outage.html", {"sentence": told.title})
        response = HttpResponse(page, status=told.status)
        response.headers["Retry-After"] = RETRY_SECONDS
    response.headers["Cache-Control"] = "no-store, private"
    return response
