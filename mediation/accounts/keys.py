"""Bearer keys of programs. The key itself is shown once and never stored."""

import hashlib
import hmac
import re
import secrets
from datetime import datetime

from django.db.models import QuerySet

from mediation.accounts.models import ApiKey, Person
from mediation.core.prepared import Prepared

_FORM = re.compile(r"fq_(?P<prefix>[0-9a-f]{12})_(?P<secret>[0-9A-Za-z_-]{43})")

VALID = Prepared(
    lambda prefix: ApiKey.objects.filter(
        prefix=prefix, revoked_at__isnull=True, person__is_active=True
    ).select_related("person"),
    prefix=str,
)


def issue(person: Person, *, now: datetime) -> str:
    """Make a new key that acts as ``person``, and return it. Nobody can ask for it again."""
    prefix = secrets.token_hex(6)
    key = f"fq_{prefix}_{secrets.token_urlsafe(32)}"
    ApiKey.objects.create(person=person, prefix=prefix, digest=_digest(key), created_at=now)
    return key


def prefix_of(key: str) -> str:
    """The part that may be read by anybody: by it a key is named and revoked."""
    return key.split("_")[1]


def owner(key: str) -> Person | None:
    """The person behind a key that is neither revoked nor of a closed account."""
    form = _FORM.fullmatch(key)
    if form is None:
        return None
    found = VALID.first(prefix=form["prefix"])
    if found is None or not hmac.compare_digest(found.digest, _digest(key)):
        return None
    return found.person


def open_keys(person_id: int) -> QuerySet[ApiKey]:
    """Those that work, the newest first."""
    return ApiKey.objects.filter(person_id=person_id, revoked_at__isnull=True).order_by("-pk")


def revoke(prefix: str, *, now: datetime) -> bool:
    """Make a key useless from now on. ``False``: no such key, or revoked before."""
    return bool(
        ApiKey.objects.filter(prefix=prefix, revoked_at__isnull=True).update(revoked_at=now)
    )


def _digest(key: str) -> str:
    # 256 random bits cannot be guessed from their hash; a slow hash would only tax every request.
    return hashlib.sha256(key.encode()).hexdigest()
