"""Guessing at one account from many addresses is slowed; where its owner signed in before, he is not.

The protocol of device cookies (OWASP, Slow Down Online Guessing Attacks with Device Cookies). Decided in
docs/decisions/0104.
"""

import hashlib
import secrets
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse

from mediation.core import vitals
from mediation.web.limits import count

FREE, WINDOW = 20, 3600
"""So many wrong passwords an hour slow nothing down: a subdistrict mistypes."""
EACH, LONGEST = 5, 60
"""With every further five the pause doubles, up to a minute."""
OF_A_DEVICE = 10
"""A device that fails so often in an hour is treated as a strange one."""
KEPT = 180 * 24 * 3600
ACCOUNTS = 5
SALT = "fengqiao.device"

braked = vitals.counter(
    "fengqiao_logins_braked_total", "Tries refused because an account is guessed at."
)


def seconds_to_wait(request: HttpRequest, login: str) -> int:
    """Nought when the try may go on; it has then taken the turn of all strange devices."""
    if _is_known(request, login):
        return 0
    failures = cache.get(_key("fails", login), 0)
    if failures < FREE:
        return 0
    pause = int(min(LONGEST, 2 ** ((failures - FREE) // EACH + 1)))
    if cache.add(_key("turn", login), 1, pause):
        return 0
    braked.add()
    return pause


def note_failure(request: HttpRequest, login: str) -> None:
    """A known device answers for itself: its failures slow no other down."""
    device = _device(request)
    if device is not None and _digest(login) in device["of"]:
        count(_key("device", device["id"]), seconds=WINDOW)
    if not _is_known(request, login):
        count(_key("fails", login), seconds=WINDOW)


def remember(request: HttpRequest, response: HttpResponse, login: str) -> None:
    """Mark the device as one on which this account was opened. It gives no right to anything."""
    device = _device(request) or {"id": secrets.token_hex(8), "of": []}
    of = [_digest(login), *(one for one in device["of"] if one != _digest(login))]
    response.set_cookie(
        _name(),
        signing.dumps({"id": device["id"], "of": of[:ACCOUNTS]}, salt=SALT),
        max_age=KEPT,
        httponly=True,
        secure=bool(settings.SESSION_COOKIE_SECURE),
        samesite="Lax",
    )


def _is_known(request: HttpRequest, login: str) -> bool:
    device = _device(request)
    if device is None or _digest(login) not in device["of"]:
        return False
    return bool(cache.get(_key("device", device["id"]), 0) < OF_A_DEVICE)


def _device(request: HttpRequest) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = signing.loads(
            request.COOKIES.get(_name(), ""), salt=SALT, max_age=KEPT
        )
    except signing.BadSignature:
        return None
    return found


def _name() -> str:
    return "__Host-device" if settings.SESSION_COOKIE_SECURE else "device"


def _digest(login: str) -> str:
    return hashlib.sha256(login.lower().encode()).hexdigest()[:32]


def _key(what: str, value: str) -> str:
    return f"brake:{what}:{_digest(value)}"
