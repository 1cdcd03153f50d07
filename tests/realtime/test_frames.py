"""Anything that can be said on a socket is answered or ends that socket, and nobody else's (promise P12).

``LONG=1`` says a hundred thousand things. The seed is in the name of the failing assertion.
"""

import json
import os
import random
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from channels.db import database_sync_to_async
from channels.testing import WebsocketCommunicator

from mediation.realtime import hub, protocol
from mediation.realtime.protocol import Close
from tests.factories import Cast
from tests.realtime.talk import address, connect, read, sign_in

FRAMES = 100_000 * int(os.environ.get("LONG", "0")) or 600
pytestmark = pytest.mark.django_db(transaction=True)
LETTERS = '{}[]":,0123456789eE+-.tfn\\u\x00\u202e\ud7ff𠅤resumeaftertypepingprotocol_ '


def garbage(chance: random.Random) -> str:
    return "".join(chance.choices(LETTERS, k=chance.randrange(200)))


def value(chance: random.Random, depth: int = 0) -> Any:
    """Any JSON, at times deep."""
    kinds: list[Callable[[], Any]] = [
        lambda: chance.choice([None, True, False, "", "ping", "resume", "__proto__"]),
        lambda: chance.choice([0, -1, 2**31, 2**63 - 1, 2**63, 10**40, 1.5, -0.0, 1e308]),
        lambda: garbage(chance),
    ]
    if depth < 5:
        kinds += [
            lambda: [value(chance, depth + 1) for _ in range(chance.randrange(4))],
            lambda: {
                garbage(chance)[:8]: value(chance, depth + 1) for _ in range(chance.randrange(4))
            },
        ]
    return chance.choice(kinds)()


def frame(chance: random.Random) -> dict[str, Any]:
    """What the server is given: right, nearly right, or nothing of the kind."""
    kind = chance.randrange(8)
    if kind == 0:
        return {"text": json.dumps({"type": "ping"})}
    if kind == 1:
        return {"text": json.dumps({"type": "resume", "after": chance.randrange(10)})}
    if kind == 2:
        return {
            "text": json.dumps({"type": chance.choice(["resume", "ping"]), "after": value(chance)})
        }
    if kind == 3:
        return {
            "text": json.dumps({"type": value(chance), "person": value(chance), "__proto__": {}})
        }
    if kind == 4:
        return {"bytes": chance.randbytes(chance.randrange(300))}
    if kind == 5:
        return {
            "text": chance.choice("[{") * chance.choice([1, 900, 60_000, protocol.FRAME_BYTES + 1])
        }
    return {"text": json.dumps(value(chance)) if kind == 6 else garbage(chance)}


async def talk(socket: WebsocketCommunicator, chance: random.Random) -> int:
    """Say so much that it must end. Returns the number of things said."""
    said = chance.randrange(1, protocol.MESSAGES + 8)
    for _ in range(said):
        await socket.send_input({"type": "websocket.receive", **frame(chance)})
    return said


async def heard(socket: WebsocketCommunicator) -> int | None:
    """The code of the close, if the socket was ended; all that was told before is one of ours."""
    while not await socket.receive_nothing(0.02, 0.005):
        message = await socket.receive_output(5)
        if message["type"] == "websocket.close":
            return int(message["code"])
        assert json.loads(message["text"])["type"] in {"notice", "pong", "error"}
    return None


async def test_nothing_that_is_said_harms_anybody(cast: Cast) -> None:
    seed = random.randrange(10**9)
    chance = random.Random(seed)
    key = await database_sync_to_async(sign_in)(cast.person("wang"))
    witness = await connect(cast.person("li"))
    codes: Counter[int | None] = Counter()
    said = 0

    while said < FRAMES:
        socket = address(key)
        assert (await socket.connect(timeout=60))[0], f"seed {seed}"
        said += await talk(socket, chance)
        codes[await heard(socket)] += 1
        await socket.disconnect()

    await witness.send_json_to({"type": "ping"})
    assert await read(witness, 1) == [{"type": "pong"}], f"seed {seed}"
    assert set(codes) <= {None, Close.TOO_MANY, Close.TOO_BIG, Close.NONSENSE}, f"seed {seed}"
    assert len(codes) > 1
    assert len(hub.here().registry) == 1, f"seed {seed}"
    await witness.disconnect()
