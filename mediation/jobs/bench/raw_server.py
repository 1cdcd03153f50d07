"""The least that a fan-out could cost: a bare ``websockets`` server that broadcasts what it is told.

``python -m mediation.jobs.bench.raw_server PORT``: who says ``hear`` is told, anything else is broadcast.
"""

import asyncio
import sys
from typing import Final

from websockets.asyncio.server import ServerConnection, broadcast, serve

HEAR: Final = "hear"


async def main(port: int) -> None:
    hearers: set[ServerConnection] = set()

    async def converse(client: ServerConnection) -> None:
        async for said in client:
            if said == HEAR:
                hearers.add(client)
            else:
                broadcast(hearers, said)
        hearers.discard(client)

    options = {"compression": None, "ping_interval": None}
    async with serve(converse, "127.0.0.1", port, **options):  # type: ignore[arg-type]
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
