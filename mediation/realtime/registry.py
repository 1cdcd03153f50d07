"""Who is connected to this process, and the writing of frames to them.

A channel-layer group per person would wake one task per socket for every message. Here a wake-up is one
dictionary look-up per person, and a frame is written by the registry itself.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from mediation.accounts.actor import Actor
from mediation.core import vitals
from mediation.realtime.protocol import Close

Send = Callable[[dict[str, Any]], Awaitable[None]]

SOCKETS_PER_PERSON: Final = 5
STALLED_SECONDS: Final = 30.0
CLOSING_SECONDS: Final = 5.0

sent_frames = vitals.counter("fengqiao_ws_frames_total", "Frames written to open sockets.")
closed_sockets = vitals.counter(
    "fengqiao_ws_closed_total", "Sockets that the server ended, by code."
)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who opened the socket, and by what right: re-checked for as long as it stays open."""

    actor: Actor
    person_id: int
    session_key: str
    access_stamp: int
    # Python's own salted hash of the stored password: enough to see that it is another one.
    password: int
    serves: bool


class Socket:
    """One open connection. ``sent``: the number up to which notices were handed to it.

    Pulled, not pushed: while frames wait, nothing is read for it, so that a slow reader costs one page of
    memory at most; what it has not seen stays in the table.
    """

    __slots__ = (
        "closing", "drained", "moved_at", "replay_until", "send", "sent", "target", "task", "visitor",
        "waiting", "wants_from", "writer",
    )  # fmt: skip

    def __init__(self, visitor: Visitor, send: Send, drained: "Callable[[Socket], None]") -> None:
        self.visitor, self.send, self.drained = visitor, send, drained
        self.task = asyncio.current_task()
        self.sent: int | None = None
        self.wants_from: int | None = None
        self.replay_until = self.target = 0
        # At most a page long. A list: an empty deque weighs more than the rest of the socket.
        self.waiting: list[str] = []
        self.writer: asyncio.Task[None] | None = None
        self.moved_at = 0.0
        self.closing = False

    @property
    def is_free(self) -> bool:
        return self.writer is None and not self.closing

    @property
    def is_behind(self) -> bool:
        return self.wants_from is not None or (self.sent is not None and self.sent < self.target)

    def resume(self, after: int) -> None:
        """Read from ``after`` on; frames that still wait are read again in their order."""
        self.waiting.clear()
        self.wants_from = after

    def put(self, frames: Iterable[str]) -> None:
        """Queue frames and see that they are written. Never waits for the reader."""
        self.waiting.extend(frames)
        if self.waiting and self.writer is None and not self.closing:
            self.moved_at = asyncio.get_running_loop().time()
            self.writer = asyncio.create_task(self._write())

    async def _write(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            while self.waiting:
                await self.send({"type": "websocket.send", "text": self.waiting.pop(0)})
                sent_frames.add()
                self.moved_at = loop.time()
        except OSError:
            self.closing = True  # the reader is gone; the consumer hears of it by itself
        finally:
            self.writer = None
        if not self.closing and self.is_behind:
            self.drained(self)

    def is_stalled(self, now: float) -> bool:
        return self.writer is not None and now - self.moved_at > STALLED_SECONDS

    async def end(self, code: Close) -> None:
        """Say goodbye with ``code``; a reader that takes nothing is left without it."""
        closed_sockets.add(code=str(code.value))
        try:
            async with asyncio.timeout(CLOSING_SECONDS):
                if self.writer is not None:
                    await self.writer
                await self.send({"type": "websocket.close", "code": code.value})
        except (TimeoutError, OSError, RuntimeError):
            # RuntimeError: the server has closed it meanwhile.
            if self.task is not None:
                self.task.cancel()


class Registry:
    """Person → open sockets of this process. Used from the event loop alone."""

    def __init__(self) -> None:
        self._sockets: dict[int, set[Socket]] = {}
        self._ending: set[asyncio.Task[None]] = set()

    def __iter__(self) -> Iterator[Socket]:
        for sockets in self._sockets.values():
            yield from sockets

    def __len__(self) -> int:
        return sum(len(sockets) for sockets in self._sockets.values())

    @property
    def persons(self) -> list[int]:
        return list(self._sockets)

    def of(self, person_id: int) -> set[Socket]:
        return self._sockets.get(person_id, set())

    def add(self, socket: Socket) -> bool:
        """``False``: this person has as many as one may have."""
        sockets = self._sockets.setdefault(socket.visitor.person_id, set())
        if len(sockets) >= SOCKETS_PER_PERSON:
            return False
        sockets.add(socket)
        return True

    def remove(self, socket: Socket) -> None:
        sockets = self.of(socket.visitor.person_id)
        sockets.discard(socket)
        if not sockets:
            self._sockets.pop(socket.visitor.person_id, None)

    def news(self, numbers: Mapping[int, int]) -> list[Socket]:
        """Note "person → latest number"; returns the sockets that now have something to read."""
        behind = []
        for person_id in numbers.keys() & self._sockets.keys():
            for socket in self._sockets[person_id]:
                socket.target = max(socket.target, numbers[person_id])
                if socket.is_behind and socket.is_free:
                    behind.append(socket)
        return behind

    def close(self, socket: Socket, code: Close) -> None:
        """Take the socket out at once and let it end beside: the caller never waits for it."""
        if socket.closing:
            return
        socket.closing = True
        if code in {Close.SIGNED_OUT, Close.NO_RIGHT}:
            socket.waiting.clear()
        self.remove(socket)
        ending = asyncio.create_task(socket.end(code))
        self._ending.add(ending)
        ending.add_done_callback(self._ending.discard)
