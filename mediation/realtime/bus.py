"""The way from a commit to every process that holds sockets: one group, one subscription per process.

Best effort. The inbox table is the truth and ``drain`` reads it, so a lost message costs seconds, never a
notice; and a bus that is down never fails a commit.
"""

import asyncio
import atexit
import logging
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Final
from uuid import uuid4

from channels.layers import get_channel_layer
from django.conf import settings

GROUP: Final = "fengqiao.inbox"
PATIENCE_SECONDS: Final = 2.0
RETRY_SECONDS: Final = 3.0
RETRY_LAST_SECONDS: Final = 30.0

log = logging.getLogger(__name__)
Handler = Callable[["Wake"], None]


class Wake:
    """What is passed on: latest numbers, persons to check, sessions that ended. Adds up."""

    def __init__(self) -> None:
        self.numbers: dict[int, int] = {}
        self.persons: set[int] = set()
        self.sessions: set[str] = set()

    def __bool__(self) -> bool:
        return bool(self.numbers or self.persons or self.sessions)

    def news(self, numbers: Mapping[int, int]) -> None:
        for person_id, number in numbers.items():
            self.numbers[person_id] = max(number, self.numbers.get(person_id, 0))

    def add(self, other: "Wake") -> None:
        self.news(other.numbers)
        self.persons |= other.persons
        self.sessions |= other.sessions

    def pack(self, origin: str) -> dict[str, Any]:
        return {
            "type": "inbox.wake",
            "origin": origin,
            "numbers": [list(pair) for pair in self.numbers.items()],
            "persons": sorted(self.persons),
            "sessions": sorted(self.sessions),
        }

    @classmethod
    def unpack(cls, message: Mapping[str, Any]) -> "Wake":
        wake = cls()
        wake.numbers = {int(person): int(number) for person, number in message["numbers"]}
        wake.persons = {int(person) for person in message["persons"]}
        wake.sessions = {str(session) for session in message["sessions"]}
        return wake


class Bus:
    """The subscription of one process and what it still has to pass on."""

    def __init__(self, hear: Handler) -> None:
        self._hear = hear
        self._origin = uuid4().hex
        self._outgoing = Wake()
        self._something, self._nothing = asyncio.Event(), asyncio.Event()
        self._nothing.set()
        self.is_connected = False

    def tell(self, wake: Wake) -> None:
        """Pass on to the other processes. What piles up while the layer is slow travels as one."""
        self._outgoing.add(wake)
        self._nothing.clear()
        self._something.set()

    async def send(self) -> None:
        """Runs for ever: what is told goes out."""
        while True:
            await self._something.wait()
            self._something.clear()
            outgoing, self._outgoing = self._outgoing, Wake()
            if outgoing:
                await _try_to_send(outgoing, self._origin)
            if not self._something.is_set():
                self._nothing.set()

    async def rest(self) -> None:
        """Until nothing is left to pass on."""
        await self._nothing.wait()

    async def listen(self) -> None:
        """Runs for ever: hears the other processes; subscribes again when the layer comes back."""
        pause = RETRY_SECONDS
        while True:
            try:
                async with asyncio.timeout(PATIENCE_SECONDS):
                    channel = await self._subscribe()
                self.is_connected, pause = True, RETRY_SECONDS
                await self._receive(channel)
            except Exception as error:  # noqa: BLE001 -- whatever a layer raises, the drain goes on
                log.warning("The bus is down (%s); the drain covers it.", type(error).__name__)
            self.is_connected = False
            await asyncio.sleep(pause)
            pause = min(pause * 2, RETRY_LAST_SECONDS)

    async def _subscribe(self) -> str:
        layer = get_channel_layer()
        channel: str = await layer.new_channel()
        await layer.group_add(GROUP, channel)
        return channel

    async def _receive(self, channel: str) -> None:
        layer = get_channel_layer()
        try:
            while True:
                message = await layer.receive(channel)
                if message["origin"] != self._origin:
                    self._hear(Wake.unpack(message))
        finally:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await layer.group_discard(GROUP, channel)


async def _try_to_send(wake: Wake, origin: str) -> None:
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await get_channel_layer().group_send(GROUP, wake.pack(origin))
    except Exception as error:  # noqa: BLE001 -- best effort by design
        log.warning("A wake-up was not passed on (%s).", type(error).__name__)


class Outside:
    """The way out of a process that holds no sockets: a command, or a worker that serves pages only.

    A thread of its own, so that no commit waits for the layer, and one connection for all that is told.
    """

    def __init__(self) -> None:
        self._bus = Bus(lambda _: None)
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._run, name="bus", daemon=True).start()
        atexit.register(self.finish)

    def _run(self) -> None:
        self._loop.run_until_complete(self._bus.send())

    def tell(self, wake: Wake) -> None:
        self._loop.call_soon_threadsafe(self._bus.tell, wake)

    def finish(self) -> None:
        """Before the process ends: what was told last goes out, if the layer takes it in time."""
        last = asyncio.run_coroutine_threadsafe(self._bus.rest(), self._loop)
        with suppress(TimeoutError):
            last.result(timeout=PATIENCE_SECONDS)


_outside: Outside | None = None
_outside_lock = threading.Lock()


def send_from_outside(wake: Wake) -> None:
    """Without a shared layer nobody could hear it, and the drain of the serving process covers it."""
    global _outside  # noqa: PLW0603 -- one thread per process
    if not settings.REDIS_URL:
        return
    with _outside_lock:
        if _outside is None:
            _outside = Outside()
    _outside.tell(wake)
