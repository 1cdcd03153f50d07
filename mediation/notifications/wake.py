"""The wake-up after a commit. The inbox table is the truth; this only says that there is news."""

import logging
from collections.abc import Callable, Mapping
from functools import partial

from django.db import transaction

Waker = Callable[[Mapping[int, int]], None]
Kicker = Callable[[int], None]

_wakers: list[Waker] = []
_kickers: list[Kicker] = []
log = logging.getLogger(__name__)


def on_news(waker: Waker) -> None:
    """Register who carries "person → latest number" to open sockets. Called once, at start-up."""
    _wakers.append(waker)


def on_access_change(kicker: Kicker) -> None:
    """Register who makes the open sockets of a person check their right to stay."""
    _kickers.append(kicker)


def tell_after_commit(numbers: Mapping[int, int]) -> None:
    # robust: a change that is committed must not look like an error because the bus is down.
    if numbers:
        transaction.on_commit(partial(_tell, dict(numbers)), robust=True)


def kick_after_commit(person_id: int) -> None:
    transaction.on_commit(partial(_kick, person_id), robust=True)


def _tell(numbers: Mapping[int, int]) -> None:
    for waker in _wakers:
        waker(numbers)


def _kick(person_id: int) -> None:
    for kicker in _kickers:
        kicker(person_id)
