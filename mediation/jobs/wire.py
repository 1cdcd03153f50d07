"""What the server does differently on the wire: patience with clients has an end, and idleness is cheap.

The two classes refine uvicorn's protocols by their documented ASGI and asyncio callbacks.
"""

import asyncio
from asyncio import Future, TimerHandle, Transport
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

HEADER_SECONDS: Final = 20.0
HEAD_BYTES: Final = 64 * 1024
FAREWELL_SECONDS: Final = 10.0
TOO_LONG: Final = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"content-length: 0\r\nconnection: close\r\n\r\n"
)


class Requests(HttpToolsProtocol):
    """Hangs up on a client that does not finish the head of its request: half-open connections by the
    thousand would otherwise take every file handle and never give one back.

    Nor does a head, or the fields behind a body, go on for ever: a hundred megabytes of small ones take more
    than a gigabyte of memory, before anybody has signed in.
    """

    _patience: TimerHandle | None = None
    _unheeded = 0
    """Bytes that have led nowhere since the last head or piece of a body."""

    def data_received(self, data: bytes) -> None:
        self._unheeded += len(data)
        super().data_received(data)
        if self._unheeded > HEAD_BYTES and not self.transport.is_closing():
            if self._patience is not None:
                self.transport.write(TOO_LONG)
            self.transport.close()

    def on_body(self, body: bytes) -> None:
        self._unheeded = 0
        super().on_body(body)

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._await_head()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._await_head()

    def on_headers_complete(self) -> None:
        self._unheeded = 0
        self._rest()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        self._rest()
        super().connection_lost(exc)

    def _await_head(self) -> None:
        if self._patience is None:
            self._patience = self.loop.call_later(HEADER_SECONDS, self.transport.close)

    def _rest(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None


class Inbound:
    """The messages of one client on their way to their one reader.

    Stands in for ``asyncio.Queue``, whose four deques weigh three kilobytes while they are empty.
    """

    __slots__ = ("_messages", "_reader")

    def __init__(self) -> None:
        self._messages: list[Any] = []
        self._reader: Future[None] | None = None

    def put_nowait(self, message: Any) -> None:
        self._messages.append(message)
        if self._reader is not None and not self._reader.done():
            self._reader.set_result(None)

    async def get(self) -> Any:
        while not self._messages:
            self._reader = asyncio.get_running_loop().create_future()
            try:
                await self._reader
            finally:
                self._reader = None
        return self._messages.pop(0)

    def empty(self) -> bool:
        return not self._messages


class Sockets(WebSocketsSansIOProtocol):
    """Idles on less: without the head of the handshake once it is over, with a lighter queue.

    Lets go of a client that takes nothing: closing waits until all is written, and for him that is never.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.queue = Inbound()  # type: ignore[assignment]  # offers what the protocol asks of it

    async def send(self, message: Any) -> None:
        await super().send(message)
        if message["type"] == "websocket.accept":
            self.request.headers.clear()
            self.response.headers.clear()

    async def run_asgi(self) -> None:
        try:
            await super().run_asgi()
        finally:
            self.loop.call_later(FAREWELL_SECONDS, self.transport.abort)

    def keepalive_timeout(self) -> None:
        super().keepalive_timeout()
        self.transport.abort()
