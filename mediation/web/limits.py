"""How often one address may try something: a small counter in the cache."""

import hashlib

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from mediation.core.errors import TooMany


def client_address(request: HttpRequest) -> str:
    """The address of the browser; a forwarded one counts only when a trusted proxy names it."""
    address = request.META.get("REMOTE_ADDR", "")
    forwarded = request.headers.get("X-Forwarded-For", "").split(",")
    while address in settings.TRUSTED_PROXIES and forwarded:
        address = forwarded.pop().strip() or address
    return str(address)


def require_few(request: HttpRequest, what: str, *, limit: int, seconds: int) -> None:
    """Count one more try; raises ``TooMany`` when it is one too many."""
    if count(f"tries:{what}:{client_address(request)}"[:200], seconds=seconds) > limit:
        raise TooMany


def is_tried_often(what: str, value: str, *, limit: int, seconds: int) -> bool:
    """Count one more try at one thing from whatever address; the cache learns its hash alone.

    Whoever refuses for this locks its owner out too: ask for a better proof instead.
    """
    digest = hashlib.sha256(value.encode()).hexdigest()[:32]
    return count(f"tries:{what}:{digest}", seconds=seconds) > limit


def count(key: str, *, seconds: int) -> int:
    """Count one more; the window starts with the first and ends by itself. Returns how many there are."""
    if cache.add(key, 1, seconds):
        return 1
    try:
        return int(cache.incr(key))
    except ValueError:  # it ran out between the two questions
        cache.add(key, 1, seconds)
        return 1
