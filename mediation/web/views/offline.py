"""Without a network: the page that the browser keeps, and the worker that keeps it."""

import hashlib

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe

from mediation.accounts.actor import RESIDENT
from mediation.web.forms import Registration
from mediation.web.views.register import kinds

KEPT = (
    "vendor/bootstrap-5.3.9/bootstrap.min.css",
    "vendor/htmx.org-2.0.11/htmx.min.js",
    "vendor/idiomorph-0.8.0/idiomorph-ext.min.js",
    "fq/fq.css",
    "fq/fq.js",
    "fq/fq-live.js",
    "fq/fq-outbox.js",
    "fq/fq-offline.js",
    "fq/icons.svg",
    "fq/favicon.svg",
)
"""What every page of the field needs."""


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The registration form without a person: who sends it, and for which grid, the device knows."""
    form = Registration(actor=RESIDENT)
    told = {"form": form, "rows": form.party_rows(), "kinds": kinds(""), "many_grids": True}
    return render(request, "offline/offline.html", told)


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker. At the root, because it may only care for what lies below its address."""
    kept = [static(name) for name in KEPT]
    # Another version whenever the kept page, in this language, or the name of a kept file changes.
    seen = page(request).content + " ".join(kept).encode()
    told = {
        "version": hashlib.sha256(seen).hexdigest()[:12],
        "page": reverse("offline"),
        "register": reverse("register"),
        "outbox": static("fq/fq-outbox.js"),
        "kept": kept,
    }
    answer = render(request, "offline/worker.js", told, content_type="text/javascript")
    answer["Cache-Control"] = "no-cache"
    return answer
