"""Tells whoever holds open connections that a person's right to them has changed."""

from collections.abc import Callable

from django.db import transaction
from django.db.models import F

from mediation.accounts.models import Person

Kicker = Callable[[int], None]
Ender = Callable[[str], None]

_kickers: list[Kicker] = []
_enders: list[Ender] = []


def on_access_change(kicker: Kicker) -> None:
    """Register who makes the open sockets of a person check their right to stay."""
    _kickers.append(kicker)


def on_session_end(ender: Ender) -> None:
    """Register who closes the open sockets of a session, given by its key."""
    _enders.append(ender)


def changed(*person_ids: int) -> None:
    """Raise the stamps of these persons with the change, and tell their sockets after its commit."""
    Person.objects.filter(pk__in=person_ids).update(access_stamp=F("access_stamp") + 1)
    for person_id in person_ids:
        kick_after_commit(person_id)


def kick_after_commit(person_id: int) -> None:
    def kick() -> None:
        for kicker in _kickers:
            kicker(person_id)

    # robust: a change that is committed must not look like an error because the bus is down. Django
    # logs the failure by the name of the function, which a partial would not have.
    transaction.on_commit(kick, robust=True)


def session_ended(session_key: str) -> None:
    def end() -> None:
        for ender in _enders:
            ender(session_key)

    transaction.on_commit(end, robust=True)
