"""Several processes, a bus that is down, a process that dies: nothing is lost or shown twice (P5)."""

import asyncio
import json
import time

import pytest
import websockets
from channels.db import database_sync_to_async
from django.conf import settings

from mediation.accounts import services as accounts
from mediation.disputes.models import Dispute
from tests.factories import Cast
from tests.realtime.servers import serving
from tests.realtime.talk import PATIENCE, sign_in, tell, tell_often

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
write = database_sync_to_async

# The servers share the bus of this process.
PREFIX = settings.CHANNEL_LAYERS["default"].get("CONFIG", {}).get("prefix", "fengqiao")
NOBODY_LISTENS = "redis://127.0.0.1:1/0"


def socket_at(port: int, key: str) -> websockets.connect:
    return websockets.connect(
        f"ws://127.0.0.1:{port}/ws/inbox/",
        origin=websockets.Origin(f"http://127.0.0.1:{port}"),
        additional_headers={"Cookie": f"{settings.SESSION_COOKIE_NAME}={key}"},
    )


async def resume(socket: websockets.ClientConnection, after: int) -> None:
    await socket.send(json.dumps({"type": "resume", "after": after}))


async def numbers(
    socket: websockets.ClientConnection, count: int, *, within: float = PATIENCE
) -> list[int]:
    async with asyncio.timeout(within):
        return [json.loads(await socket.recv())["seq"] for _ in range(count)]


@pytest.mark.redis
async def test_news_reach_the_sockets_of_every_process_at_once(cast: Cast, case: Dispute) -> None:
    wang, chen = cast.person("wang"), cast.person("chen")
    keys = [await write(sign_in)(person) for person in (wang, chen)]
    with (
        serving(redis_url=settings.REDIS_URL, prefix=PREFIX) as (first, _),
        serving(redis_url=settings.REDIS_URL, prefix=PREFIX) as (second, _),
    ):
        async with socket_at(first, keys[0]) as here, socket_at(second, keys[1]) as there:
            await resume(here, 1)
            await resume(there, 0)
            await asyncio.sleep(1)

            seen, times = [], []
            for _ in range(5):
                began = time.monotonic()
                await write(tell)([wang.pk, chen.pk], case)
                seen += await numbers(here, 1) + await numbers(there, 1)
                times.append(time.monotonic() - began)

    assert seen == [2, 1, 3, 2, 4, 3, 5, 4, 6, 5]
    assert sum(times) < 15  # the drain alone needs five seconds for each


@pytest.mark.redis
async def test_client_of_a_killed_process_resumes_at_another_without_loss(
    cast: Cast, case: Dispute
) -> None:
    wang = cast.person("wang")
    key = await write(sign_in)(wang)
    with (
        serving(redis_url=settings.REDIS_URL, prefix=PREFIX) as (first, dying),
        serving(redis_url=settings.REDIS_URL, prefix=PREFIX) as (second, _),
    ):
        async with socket_at(first, key) as socket:
            await resume(socket, 0)
            seen = await numbers(socket, 1)
            dying.kill()
        await write(tell_often)(wang.pk, case, 30)
        async with socket_at(second, key) as socket:
            await resume(socket, seen[-1])
            seen += await numbers(socket, 30)

    assert seen == list(range(1, 32))


async def test_bus_that_is_down_delays_a_notice_and_loses_none(cast: Cast, case: Dispute) -> None:
    wang = cast.person("wang")
    key = await write(sign_in)(wang)
    with serving(redis_url=NOBODY_LISTENS, prefix="test") as (port, _):
        async with socket_at(port, key) as socket:
            await resume(socket, 1)

            await write(tell_often)(wang.pk, case, 3)

            assert await numbers(socket, 3) == [2, 3, 4]


async def test_right_taken_by_another_process_ends_the_socket_within_the_drain(cast: Cast) -> None:
    wang = cast.person("wang")
    key = await write(sign_in)(wang)
    with serving(redis_url="", prefix="test") as (port, _):
        async with socket_at(port, key) as socket:
            await socket.send('{"type": "ping"}')
            await socket.recv()

            await write(accounts.set_active)(person=wang, active=False)
            await asyncio.wait_for(socket.wait_closed(), 8)

            assert socket.close_code == 4403
