"""Screens on walls: a key for one area, shown once, kept as a hash, ended by a person or by its day."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from django.db.models import F, Q, QuerySet

from mediation.accounts.actor import Actor, Grant
from mediation.accounts.models import Role
from mediation.areas.models import Area
from mediation.areas.selectors import within
from mediation.briefing.models import Screen
from mediation.core import errors
from mediation.core.db import write

MANAGERS: Final = (Role.LEADER, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN)
SEEN_EVERY: Final = timedelta(minutes=1)
UNKNOWN, REVOKED, EXPIRED = "unknown", "revoked", "expired"
_FORM = re.compile(r"fqw_(?P<prefix>[0-9a-f]{12})_(?P<secret>[0-9A-Za-z_-]{43})")


class NoScreen(Exception):
    """The key opens nothing. ``why``: ``unknown``, ``revoked`` or ``expired``."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


# Who lets screens in --------------------------------------------------------------------------------


def scope(actor: Actor) -> list[str]:
    """The areas for which the actor may let screens in, none inside another."""
    codes = sorted({grant.area_code for grant in actor.grants if grant.role in MANAGERS})
    return [c for c in codes if not any(c != other and c.startswith(other) for other in codes)]


def managed(actor: Actor) -> QuerySet[Screen]:
    """The screens of the actor's areas, those in use first, the newest first."""
    here = Q(pk__in=[])
    for code in scope(actor):
        here |= within(code, field="area__code")
    rows = Screen.objects.filter(here).select_related("area", "created_by", "revoked_by")
    return rows.order_by(F("revoked_at").desc(nulls_first=True), "-pk")


def places(actor: Actor) -> Sequence[Area]:
    """The areas that a screen may show: the actor's own, and those right below."""
    codes = scope(actor)
    rows = Area.objects.filter(Q(code__in=codes) | Q(parent__code__in=codes), is_active=True)
    return list(rows.order_by("code"))


# Keys -----------------------------------------------------------------------------------------------


def let_in(actor: Actor, *, name: str, area: Area, until: datetime, now: datetime) -> str:
    """Make a screen and return its key. Nobody can ask for it again. Raises ``NotFound`` outside."""
    if actor.person_id is None or not any(area.code.startswith(code) for code in scope(actor)):
        raise errors.NotFound
    prefix = secrets.token_hex(6)
    key = f"fqw_{prefix}_{secrets.token_urlsafe(32)}"
    with write():
        Screen.objects.create(
            name=name, area=area, prefix=prefix, digest=_digest(key),
            created_by_id=actor.person_id, created_at=now, expires_at=until,
        )  # fmt: skip
    return key


def revoke(actor: Actor, pk: int, *, now: datetime) -> Screen:
    """End a screen. Twice changes nothing. Raises ``NotFound`` for one of other areas."""
    with write():
        found = managed(actor).filter(pk=pk).first()
        if found is None:
            raise errors.NotFound
        Screen.objects.filter(pk=pk, revoked_at__isnull=True).update(
            revoked_at=now, revoked_by_id=actor.person_id
        )
    return found


def find(key: str, *, now: datetime) -> Screen:
    """The screen that this key opens; notes that it was seen. Raises ``NoScreen``.

    Only who holds the whole key learns that it was once good.
    """
    form = _FORM.fullmatch(key)
    if form is None:
        raise NoScreen(UNKNOWN)
    found = Screen.objects.filter(prefix=form["prefix"]).select_related("area").first()
    if found is None or not hmac.compare_digest(found.digest, _digest(key)):
        raise NoScreen(UNKNOWN)
    if found.revoked_at is not None:
        raise NoScreen(REVOKED)
    if not found.is_valid(now):
        raise NoScreen(EXPIRED)
    if found.last_seen_at is None or now - found.last_seen_at >= SEEN_EVERY:
        _note_seen(found, now)
    return found


def _note_seen(screen: Screen, now: datetime) -> None:
    """A wall that asks while somebody writes is served all the same; it is noted a minute later."""
    with suppress(errors.Busy), write():
        Screen.objects.filter(pk=screen.pk).update(last_seen_at=now)


def _digest(key: str) -> str:
    # 256 random bits cannot be guessed from their hash; a slow hash would only tax every request.
    return hashlib.sha256(key.encode()).hexdigest()


# What it sees ---------------------------------------------------------------------------------------


def viewer(screen: Screen) -> Actor:
    """Reads like a leader of the area without clearance: a wall has no eyes of its own.

    No person stands behind it, so that nothing is granted to it by name; it is used to read alone.
    """
    grant = Grant(role=Role.LEADER, area_code=screen.area.code, of=0)
    return Actor(person_id=None, name=screen.name, grants=(grant,))
