"""The server as it is shipped, on a real port, with a real client."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest
import uvicorn
import websockets
from asgiref.sync import sync_to_async
from channels.db import database_sync_to_async
from django.conf import settings
from django.db import connections

from mediation.deadlines import clocks
from mediation.deadlines.models import Deadline
from mediation.disputes.models import Dispute
from mediation.jobs.management.commands.serve import configuration
from mediation.realtime import hub
from tests.factories import CaseMaker, Cast
from tests.realtime.talk import sign_in, tell

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
async def server(transactional_db: None) -> AsyncIterator[uvicorn.Server]:
    made = uvicorn.Server(configuration("127.0.0.1", 0))
    serving = asyncio.create_task(made.serve())
    while not made.started:  # noqa: ASYNC110 -- the server has no event for it
        await asyncio.sleep(0.01)
    yield made
    made.should_exit = True
    await serving
    await sync_to_async(connections.close_all)()


def port_of(server: uvicorn.Server) -> int:
    return int(server.servers[0].sockets[0].getsockname()[1])


def socket_to(server: uvicorn.Server, key: str = "") -> websockets.connect:
    cookie = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={key}"}
    host = f"127.0.0.1:{port_of(server)}"
    return websockets.connect(
        f"ws://{host}/ws/inbox/",
        origin=websockets.Origin(f"http://{host}"),
        additional_headers=cookie,
    )


async def fetch(server: uvicorn.Server, request: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port_of(server))
    writer.write(request)
    answer = await asyncio.wait_for(reader.read(), 10)
    writer.close()
    return answer


def get(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode()


async def test_notice_travels_from_commit_to_client(server: uvicorn.Server, cast: Cast) -> None:
    case: Dispute = await database_sync_to_async(CaseMaker(cast))()
    key = await database_sync_to_async(sign_in)(cast.person("wang"))

    async with socket_to(server, key) as socket:
        await socket.send('{"type": "resume", "after": 1}')
        await database_sync_to_async(tell)([cast.id("wang")], case, kind="assess")
        frame = json.loads(await asyncio.wait_for(socket.recv(), 5))

    assert frame == {
        "type": "notice", "seq": 2, "kind": "assess", "dispute": case.number, "level": case.colour
    }  # fmt: skip


async def test_stranger_reads_the_close_code(server: uvicorn.Server) -> None:
    async with socket_to(server) as socket:
        await asyncio.wait_for(socket.wait_closed(), 5)

        assert socket.close_code == 4401


async def test_frame_beyond_the_limit_is_not_read(server: uvicorn.Server, cast: Cast) -> None:
    key = await database_sync_to_async(sign_in)(cast.person("wang"))

    async with socket_to(server, key) as socket:
        await socket.send("x" * 70_000)
        await asyncio.wait_for(socket.wait_closed(), 5)

        assert socket.close_code == 1009


async def test_restart_is_announced_to_sockets(server: uvicorn.Server, cast: Cast) -> None:
    key = await database_sync_to_async(sign_in)(cast.person("wang"))
    async with socket_to(server, key) as socket:
        await socket.send('{"type": "ping"}')
        await asyncio.wait_for(socket.recv(), 5)

        server.should_exit = True
        await asyncio.wait_for(socket.wait_closed(), 10)

        assert socket.close_code == 1012


async def test_hub_ends_with_the_server(server: uvicorn.Server) -> None:
    running = hub.here()

    server.should_exit = True
    while not all(task.done() for task in running._tasks):  # noqa: ASYNC110 -- many tasks
        await asyncio.sleep(0.01)

    assert hub._hub is None


@pytest.fixture
def ticking(settings: Any) -> None:
    settings.TICKER, settings.TICK_SECONDS = True, 0.05


async def test_deadline_runs_out_while_nobody_looks(
    ticking: None, server: uvicorn.Server, cast: Cast
) -> None:
    clock = await database_sync_to_async(arm)(CaseMaker(cast))

    async with asyncio.timeout(10):
        while clock.state != Deadline.State.FIRED:
            await asyncio.sleep(0.05)
            await clock.arefresh_from_db()

    ready = await fetch(server, get("/readyz"))
    assert json.loads(ready.rpartition(b"\r\n")[2])["checks"]["ticker"] == "ok"


def arm(make: CaseMaker) -> Deadline:
    case, day = make(), date(2026, 3, 20)
    clocks.arm_by_hand(case, "REPLY", day, start=day)
    return Deadline.objects.get(dispute=case)


async def test_pages_and_probes_answer_beside_sockets(server: uvicorn.Server) -> None:
    live, ready = await fetch(server, get("/livez")), await fetch(server, get("/readyz"))

    assert (live.split()[1], live[-3:]) == (b"200", b"ok\n")
    assert json.loads(ready.rpartition(b"\r\n")[2])["status"] == "ok"


async def test_stranger_cannot_fill_the_disk(server: uvicorn.Server) -> None:
    """F10: Django would spool 400 MB of a request to an address that does not exist."""
    head = b"POST /nowhere HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunk = b"10000\r\n" + b"x" * 65536 + b"\r\n"

    answer = await fetch(server, head + chunk * 17)

    assert answer.split()[1] == b"413"
    assert b"connection: close" in answer.lower()


async def test_server_does_not_say_what_it_is(server: uvicorn.Server) -> None:
    assert b"\r\nserver:" not in (await fetch(server, get("/livez"))).lower()
