"""Many open sockets in one client process, and how long a message takes to reach all that it is for."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from websockets.asyncio.client import ClientConnection, connect

AT_ONCE = 50
PATIENCE_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Ticket:
    """How one client gets in: the headers it shows and what it says first."""

    headers: Mapping[str, str] = field(default_factory=dict)
    greeting: str = ""


class Crowd:
    """Clients of one server that do nothing but count what arrives."""

    def __init__(self, address: str, *, origin: str = "") -> None:
        self._address, self._origin = address, origin
        self._clients: list[ClientConnection] = []
        self._readers: list[asyncio.Task[None]] = []
        self._left = 0
        self._there_at = 0.0
        self._all_there = asyncio.Event()

    async def gather(self, tickets: Sequence[Ticket]) -> float:
        """Connect everybody; returns how many a second got in."""
        begun = time.perf_counter()
        for start in range(0, len(tickets), AT_ONCE):
            await asyncio.gather(*map(self._enter, tickets[start : start + AT_ONCE]))
        return len(tickets) / (time.perf_counter() - begun)

    async def _enter(self, ticket: Ticket) -> None:
        client = await connect(
            self._address,
            additional_headers=dict(ticket.headers),
            origin=self._origin or None,  # type: ignore[arg-type]  # a NewType of str
            compression=None,
            ping_interval=None,
            proxy=None,
        )
        self._clients.append(client)
        self._readers.append(asyncio.create_task(self._read(client)))
        if ticket.greeting:
            await client.send(ticket.greeting)

    async def _read(self, client: ClientConnection) -> None:
        async for _ in client:
            self._left -= 1
            if self._left == 0:
                self._there_at = time.perf_counter()
                self._all_there.set()

    async def time(self, tell: Callable[[], Awaitable[object]], *, expected: int) -> float:
        """Milliseconds from the start of ``tell`` until ``expected`` messages have arrived."""
        self._left = expected
        self._all_there.clear()
        begun = time.perf_counter()
        async with asyncio.timeout(PATIENCE_SECONDS):
            await asyncio.gather(tell(), self._all_there.wait())
        return (self._there_at - begun) * 1000

    @property
    def first(self) -> ClientConnection:
        return self._clients[0]

    def open(self) -> int:
        return sum(not reader.done() for reader in self._readers)

    async def leave(self) -> None:
        await asyncio.gather(*(client.close() for client in self._clients))
        await asyncio.gather(*self._readers, return_exceptions=True)
