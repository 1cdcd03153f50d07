"""The shared cache, and what stands in for it while it is away."""

import logging
import time
from typing import Any, Final

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

AWAY_SECONDS: Final = 10.0
PATIENCE_SECONDS: Final = 1.0
"""Of one connection or answer: a bus that hangs must not hold up whoever signs in."""

log = logging.getLogger(__name__)


class SharedOrOwn(RedisCache):
    """Redis; while it is away, the memory of this process.

    What lies here are counters of tries. Each process then counts for itself, which is milder than
    together, and far better than to let nobody in or to count nothing.
    """

    _away_until = 0.0

    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        patience = dict.fromkeys(("socket_timeout", "socket_connect_timeout"), PATIENCE_SECONDS)
        super().__init__(server, params | {"OPTIONS": patience | params.get("OPTIONS", {})})
        self._own = LocMemCache("stands-in", {})

    def _ask(self, name: str, *args: Any, **more: Any) -> Any:
        if time.monotonic() >= SharedOrOwn._away_until:
            try:
                return getattr(super(), name)(*args, **more)
            except (RedisError, OSError) as error:
                SharedOrOwn._away_until = time.monotonic() + AWAY_SECONDS
                log.warning("The shared cache is away (%s).", type(error).__name__)
        return getattr(self._own, name)(*args, **more)

    def add(self, *args: Any, **more: Any) -> Any:
        return self._ask("add", *args, **more)

    def get(self, *args: Any, **more: Any) -> Any:
        return self._ask("get", *args, **more)

    def set(self, *args: Any, **more: Any) -> Any:
        return self._ask("set", *args, **more)

    def incr(self, *args: Any, **more: Any) -> Any:
        return self._ask("incr", *args, **more)

    def delete(self, *args: Any, **more: Any) -> Any:
        return self._ask("delete", *args, **more)

    def touch(self, *args: Any, **more: Any) -> Any:
        return self._ask("touch", *args, **more)
