"""What starts and ends with the server: the ticker, and the realtime hub with its bus and drain."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor

from django.conf import settings
from django.db import close_old_connections, connections

from mediation.config.bridge import Pages, Receive, Scope, Send
from mediation.core import clock
from mediation.realtime import hub
from workflows import ticker

log = logging.getLogger(__name__)


class Lifespan:
    """Answers the server's start-up and shut-down messages."""

    def __init__(self, pages: Pages) -> None:
        self.pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 -- ASGI
        await receive()  # lifespan.startup
        async with background():
            await send({"type": "lifespan.startup.complete"})
            await receive()  # lifespan.shutdown
        await self.pages.rest(connections.close_all)
        await send({"type": "lifespan.shutdown.complete"})


@contextlib.asynccontextmanager
async def background() -> AsyncIterator[None]:
    """Everything that runs beside the requests, ended in the reverse order."""
    hub.here()
    ticking = asyncio.create_task(keep_ticking()) if settings.TICKER else None
    try:
        yield
    finally:
        if ticking is not None:
            ticking.cancel()
            await asyncio.gather(ticking, return_exceptions=True)
        await hub.stop()


async def keep_ticking() -> None:
    """Tick for ever, in a thread of its own: a long sweep holds up no page and no socket."""
    loop = asyncio.get_running_loop()
    ticker.halt.clear()
    with ThreadPoolExecutor(1, thread_name_prefix="ticker") as thread:
        try:
            while True:
                await loop.run_in_executor(thread, _tick)
                await asyncio.sleep(settings.TICK_SECONDS)
        finally:
            ticker.halt.set()
            await loop.run_in_executor(thread, connections.close_all)
            ticker.halt.clear()


def _tick() -> None:
    close_old_connections()
    try:
        ticker.tick(ticker.believed(clock.now()))
    except Exception:
        log.exception("The ticker stumbled; it goes on.")
        connections.close_all()
