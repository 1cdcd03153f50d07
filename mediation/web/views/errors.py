"""The page for a form that came back without its proof of origin."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 -- Django's signature; the reason helps nobody who reads the page
    """Answer 403 with what to do: go back, reload, send again. Nothing was saved."""
    return render(request, "csrf.html", status=403)
