"""The wake-up after a commit. The inbox table is the truth; this only says that there is news."""

from collections.abc import Callable, Mapping

from django.db import transaction

Waker = Callable[[Mapping[int, int]], None]

_wakers: list[Waker] = []


def on_news(waker: Waker) -> None:
    """Register who carries "person → latest number" to open sockets. Called once, at start-up."""
    _wakers.append(waker)


def tell_after_commit(numbers: Mapping[int, int]) -> None:
    news = dict(numbers)

    def tell() -> None:
        for waker in _wakers:
            waker(news)

    # robust: a change that is committed must not look like an error because the bus is down. Django
    # logs the failure by the name of the function, which a partial would not have.
    if news:
        transaction.on_commit(tell, robust=True)
