"""Clients without manners, and what an idle socket keeps."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import uvicorn

from mediation.jobs import wire
from mediation.jobs.wire import Inbound, Requests


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
