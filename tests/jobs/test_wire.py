"""Clients without manners, and what an idle socket keeps."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from typing import Any

import pytest
import uvicorn

from mediation.jobs import wire
from mediation.jobs.wire import Inbound, Requests, Sockets


async def hello(scope: Any, receive: Any, send: Any) -> None:
    await send(
        {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"5")]}
    )
    await send({"type": "http.response.body", "body": b"hello"})


@pytest.fixture
async def port(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[int]:
    monkeypatch.setattr(wire, "HEADER_SECONDS", 0.3)
    server = uvicorn.Server(
        uvicorn.Config(hello, port=0, http=Requests, lifespan="off", log_config=None)
    )
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 -- the server has no event for it
        await asyncio.sleep(0.01)
    yield int(server.servers[0].sockets[0].getsockname()[1])
    server.should_exit = True
    await serving


@pytest.mark.parametrize(
    "started",
    [b"", b"GET / HTTP/1.1\r\n", b"GET / HTTP/1.1\r\nHost: a\r\nX-Slow: "],
    ids=["nothing", "a line", "half a field"],
)
async def test_client_that_does_not_finish_its_head_is_hung_up_on(
    port: int, started: bytes
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(started)

    answer = await asyncio.wait_for(reader.read(), 5)

    assert answer == b""
    writer.close()


@pytest.mark.parametrize(
    ("begun", "more", "answer"),
    [
        pytest.param(b"GET / HTTP/1.1\r\nHost: a\r\n", b"X: b\r\n", b"HTTP/1.1 431", id="many fields"),
        pytest.param(b"GET / HTTP/1.1\r\nX: ", b"aaaaaa", b"HTTP/1.1 431", id="a long field"),
        pytest.param(b"GET /", b"aaaaaa", b"HTTP/1.1 431", id="a long address"),
        pytest.param(
            b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n",
            b"X: b\r\n", b"HTTP/1.1 200", id="fields behind the body",
        ),
    ],
)  # fmt: skip
async def test_head_without_end_is_cut_off(
    port: int, begun: bytes, more: bytes, answer: bytes
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(begun)
    sent = 0
    with contextlib.suppress(ConnectionError):
        while sent < 20 * wire.HEAD_BYTES and not writer.is_closing():
            writer.write(more * 1000)
            sent += len(more) * 1000
            await writer.drain()
            await asyncio.sleep(0)

    assert sent < 20 * wire.HEAD_BYTES
    with contextlib.suppress(ConnectionError):
        told = await asyncio.wait_for(reader.read(), 5)
        assert told.startswith(answer) or not told
    writer.close()


async def test_body_in_small_pieces_is_no_head(port: int) -> None:
    """Its framing weighs more than itself."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
    for _ in range(5 * wire.HEAD_BYTES // 6):
        writer.write(b"1\r\na\r\n")
    writer.write(b"0\r\n\r\n")

    await asyncio.wait_for(reader.readuntil(b"hello"), 5)
    assert not reader.at_eof()
    writer.close()


async def test_second_head_on_the_line_is_waited_for_no_longer(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    await reader.readuntil(b"hello")
    writer.write(b"GET / HTTP/1.1\r\nHost")

    assert await asyncio.wait_for(reader.read(), 5) == b""
    writer.close()


async def test_line_that_has_asked_is_kept(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)

    for _ in range(2):
        writer.write(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        await reader.readuntil(b"hello")
        await asyncio.sleep(0.4)

    assert not reader.at_eof()
    writer.close()


async def test_messages_are_read_in_their_order_whoever_is_first() -> None:
    queue = Inbound()
    waiting = asyncio.create_task(queue.get())
    await asyncio.sleep(0)

    for number in range(3):
        queue.put_nowait(number)

    assert [await waiting, await queue.get(), await queue.get()] == [0, 1, 2]
    assert queue.empty()


async def test_reader_that_gave_up_takes_nothing() -> None:
    queue = Inbound()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(queue.get(), 0.01)

    queue.put_nowait("later")

    assert await queue.get() == "later"


@pytest.mark.parametrize(
    ("ends", "ping", "farewell"),
    [(True, None, 0.1), (False, 0.3, 60.0)],
    ids=["the application ends", "no answer to a ping"],
)
async def test_client_that_takes_nothing_is_let_go(
    monkeypatch: pytest.MonkeyPatch, *, ends: bool, ping: float | None, farewell: float
) -> None:
    monkeypatch.setattr(wire, "FAREWELL_SECONDS", farewell)

    async def pour(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "websocket.accept"})
        with contextlib.suppress(TimeoutError):
            while True:
                async with asyncio.timeout(0.3):
                    await send({"type": "websocket.send", "text": "n" * 60_000})
        await receive()
        if not ends:
            await receive()

    server = uvicorn.Server(
        uvicorn.Config(
            pour, port=0, ws=Sockets, lifespan="off", log_config=None,
            ws_ping_interval=ping, ws_ping_timeout=ping, ws_per_message_deflate=False,
        )
    )  # fmt: skip
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 -- the server has no event for it
        await asyncio.sleep(0.01)
    port = int(server.servers[0].sockets[0].getsockname()[1])
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        line.sendall(
            b"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
        )
        connections = server.server_state.connections
        async with asyncio.timeout(20):
            while not connections:  # noqa: ASYNC110 -- the server has no event for it
                await asyncio.sleep(0.01)
            while connections:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
    server.should_exit = True
    await serving
