"""The screen on the wall: an empty frame for everybody, and its figures for whoever holds a key.

The frame holds nothing of the house. The key travels in a header, never in an address that is logged or
in a cookie, and the figures are asked for without the cookies of whoever is signed in beside it.
"""

import hashlib
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mediation.briefing import screens
from mediation.briefing.models import Screen
from mediation.briefing.screens import EXPIRED, REVOKED, NoScreen
from mediation.core import clock
from mediation.web import wall
from workflows import ticker

KEPT = ("fq/fq-wall.css", "fq/fq-wall.js", "fq/icons.svg", "fq/favicon.svg")
FRESH_SECONDS = 5
"""For so long all screens of an area share one reading."""
STOPPED_SECONDS = 120
"""When the ticker has been silent for so long, what is overdue is no longer counted right."""


@require_safe
def frame(request: HttpRequest) -> HttpResponse:
    """The page itself: type, colours and the way to ask. The same for everybody."""
    told = {"build": _build(), "kept": [static(name) for name in KEPT]}
    response = render(request, "wall/wall.html", told)
    response.headers["Cache-Control"] = "no-cache"
    return response


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """Keeps the frame on the device, so that it comes up while the server is away."""
    told = {
        "version": _build(),
        "page": reverse("wall"),
        "kept": [static(name) for name in KEPT],
    }
    response = render(request, "wall/worker.js", told, content_type="text/javascript")
    response.headers["Cache-Control"] = "no-cache"
    return response


def _build() -> str:
    """Another word whenever the frame or one of its files changes: then screens load anew."""
    page = render_to_string("wall/wall.html", {"build": "", "kept": []})
    seen = page + " ".join(static(name) for name in KEPT)
    return hashlib.sha256(seen.encode()).hexdigest()[:12]


@require_safe
def data(request: HttpRequest) -> JsonResponse:
    """The panels of the screen's area. Whoever has no valid key gets 401 and nothing else."""
    now = clock.now()
    language = request.GET.get("lang", "")
    known = {code for code, _name in settings.LANGUAGES}
    with translation.override(language if language in known else settings.LANGUAGE_CODE):
        try:
            screen = screens.find(_key(request), now=now)
        except NoScreen as refusal:
            return _refused(refusal.why)
        told = _panels(screen, now)
    at = datetime.fromisoformat(told["at"])
    answer = JsonResponse(
        told
        | {
            "age": max(0.0, (now - at).total_seconds()),
            "now": now.isoformat(),
            "build": _build(),
            "screen": screen.name,
            "area": screen.area.name,
            "expires": screen.expires_at.isoformat(),
            "stopped": _has_stopped(now),
        }
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _key(request: HttpRequest) -> str:
    scheme, _blank, key = request.headers.get("Authorization", "").partition(" ")
    return key.strip() if scheme.lower() == "bearer" else ""


def _refused(why: str) -> JsonResponse:
    words = {
        REVOKED: _("The key of this screen has been withdrawn."),
        EXPIRED: _("The key of this screen has run out."),
    }
    detail = words.get(why, _("This key opens no screen."))
    answer = JsonResponse({"code": why, "detail": detail}, status=401)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def _panels(screen: Screen, now: datetime) -> dict[str, Any]:
    name = f"wall:{screen.area.code}:{translation.get_language()}"
    kept: dict[str, Any] | None = cache.get(name)
    if kept is None:
        made = wall.read(screens.viewer(screen), screen.area.code, now=now)
        kept = {
            "at": now.isoformat(),
            "alarm": len(made.alarms) + made.more_alarms,
            "html": render_to_string("wall/_panels.html", {"wall": made}),
        }
        cache.set(name, kept, FRESH_SECONDS)
    return kept


def _has_stopped(now: datetime) -> bool:
    beat = ticker.last_beat()
    return beat is not None and now.timestamp() - beat > STOPPED_SECONDS
