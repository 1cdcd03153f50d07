"""The realtime part of one process: registry, feed, bus and drain on one event loop."""

import asyncio
import hashlib
import logging
from collections.abc import Mapping

from channels.db import database_sync_to_async
from django.db import DatabaseError

from mediation.core import clock, vitals
from mediation.core.vitals import Health
from mediation.realtime import drain
from mediation.realtime.bus import Bus, Wake, send_from_outside
from mediation.realtime.drain import DRAIN_SECONDS, Findings
from mediation.realtime.feed import Feed
from mediation.realtime.protocol import Close
from mediation.realtime.registry import Registry, Socket

STOP_SECONDS = 1.0

log = logging.getLogger(__name__)


class Hub:
    """Lives as long as its event loop. Everything but ``loop`` is touched from that loop only."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.registry = Registry()
        self.feed = Feed()
        self.bus = Bus(self._hear)
        self._to_check: set[int] = set()
        self._kicked = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        parts = (
            self.feed.run(),
            self.bus.send(),
            self.bus.listen(),
            self._keep_draining(),
            self._check(),
        )
        self._tasks = [asyncio.create_task(part) for part in parts]

    async def stop(self) -> None:
        running = set(self._tasks)
        while running:
            for task in running:
                task.cancel()
            # A client library may swallow a cancellation while it connects: then ask again.
            _, running = await asyncio.wait(running, timeout=STOP_SECONDS)

    def told(self, wake: Wake) -> None:
        """Something was committed in this process: act here, then pass it on."""
        self._hear(wake)
        self.bus.tell(wake)

    def _hear(self, wake: Wake) -> None:
        self.feed.want(self.registry.news(wake.numbers))
        if wake.sessions:
            for socket in list(self.registry):
                if fingerprint(socket.visitor.session_key) in wake.sessions:
                    self.registry.close(socket, Close.SIGNED_OUT)
        if wake.persons & set(self.registry.persons):
            self._to_check |= wake.persons
            self._kicked.set()

    async def _check(self) -> None:
        """Somebody's rights have moved: look at his sockets at once."""
        while True:
            await self._kicked.wait()
            self._kicked.clear()
            persons, self._to_check = self._to_check, set()
            await self._examine([s for person in persons for s in self.registry.of(person)])

    async def _keep_draining(self) -> None:
        while True:
            await asyncio.sleep(DRAIN_SECONDS)
            await self.drain()

    async def drain(self) -> None:
        """Deliver what lost wake-ups left, and end what may not stay."""
        await self._examine(list(self.registry))

    async def _examine(self, sockets: list[Socket]) -> None:
        self._drop_stalled(sockets)
        if not sockets:
            return
        persons = {socket.visitor.person_id for socket in sockets}
        keys = {socket.visitor.session_key for socket in sockets}
        try:
            findings = await database_sync_to_async(drain.look)(persons, keys, now=clock.now())
        except DatabaseError:
            log.warning("The drain could not read the table; trying again.", exc_info=True)
            return
        self._act_on(findings, sockets)

    def _act_on(self, findings: Findings, sockets: list[Socket]) -> None:
        for socket in sockets:
            if (code := findings.verdict(socket)) is not None:
                self.registry.close(socket, code)
        latest = {person: standing.latest for person, standing in findings.standings.items()}
        self.feed.want(self.registry.news(latest))

    def _drop_stalled(self, sockets: list[Socket]) -> None:
        now = self.loop.time()
        for socket in sockets:
            if socket.is_stalled(now):
                self.registry.close(socket, Close.STALLED)


_hub: Hub | None = None


def here() -> Hub:
    """The hub of the running loop, started when first asked for: servers without lifespan work too."""
    global _hub  # noqa: PLW0603 -- one hub per process
    if _hub is None or _hub.loop is not asyncio.get_running_loop():
        _hub = Hub()
        _hub.start()
    return _hub


async def stop() -> None:
    global _hub
    if _hub is not None:
        stopping, _hub = _hub, None
        await stopping.stop()


def fingerprint(session_key: str) -> str:
    """A session key is a secret; over the bus travels what it can be recognised by."""
    return hashlib.sha256(session_key.encode()).hexdigest()[:32]


def carry_news(numbers: Mapping[int, int]) -> None:
    wake = Wake()
    wake.news(numbers)
    _tell(wake)


def carry_kick(person_id: int) -> None:
    wake = Wake()
    wake.persons.add(person_id)
    _tell(wake)


def carry_session_end(session_key: str) -> None:
    wake = Wake()
    wake.sessions.add(fingerprint(session_key))
    _tell(wake)


def _tell(wake: Wake) -> None:
    """From any thread, with or without a loop in this process. Never raises, never waits for sockets."""
    hub = _hub
    if hub is None:
        send_from_outside(wake)
        return
    try:
        hub.loop.call_soon_threadsafe(hub.told, wake)
    except RuntimeError:
        log.debug("The loop has ended; nobody is connected.")


def bus_health() -> Health:
    if _hub is None:
        return Health.OK  # this process holds no sockets
    return Health.OK if _hub.bus.is_connected else Health.DEGRADED


def open_sockets() -> float:
    return float(len(_hub.registry)) if _hub is not None else 0.0


vitals.gauge("fengqiao_ws_connected", "Open sockets of this process.", open_sockets)
