"""Signing in, opening sockets and writing notices, as the tests of this folder do it."""

import json
from collections.abc import Sequence
from typing import Any

from channels.db import database_sync_to_async
from channels.testing import WebsocketCommunicator
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from mediation.accounts.models import Person
from mediation.core.db import write
from mediation.disputes.models import Dispute
from mediation.notifications import services as inbox
from mediation.notifications import wake
from mediation.realtime.routing import websocket_application
from tests.factories import at

NOON = at("2026-03-02 12:00")
PATIENCE = 60
"""Seconds after which something is held never to come; long, so that a busy machine proves nothing."""


def sign_in(person: Person) -> str:
    """A session as signing in makes it; returns its key."""
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    key: str = session.session_key
    return key


def tell(
    people: Sequence[int], dispute: Dispute, *, kind: str = "assess", silent: bool = False
) -> None:
    """Write one notice to each and wake their sockets; ``silent``: the wake-up is lost."""
    with write():
        drafts = [inbox.Draft(person_id=pk, kind=kind) for pk in people]
        numbers = inbox.deliver(drafts, dispute=dispute, version=dispute.version, now=NOON)
        if not silent:
            wake.tell_after_commit(numbers)


def tell_often(person_id: int, dispute: Dispute, times: int) -> None:
    for _ in range(times):
        tell([person_id], dispute)


def address(key: str = "", *, origin: str = "http://testserver") -> WebsocketCommunicator:
    headers = [(b"host", b"testserver"), (b"origin", origin.encode())]
    if key:
        headers.append((b"cookie", f"{settings.SESSION_COOKIE_NAME}={key}".encode()))
    return WebsocketCommunicator(websocket_application, "/ws/inbox/", headers=headers)


async def connect(person: Person) -> WebsocketCommunicator:
    socket = address(await database_sync_to_async(sign_in)(person))
    assert (await socket.connect(timeout=PATIENCE))[0]
    return socket


async def resume(socket: WebsocketCommunicator, after: int) -> None:
    await socket.send_json_to({"type": "resume", "after": after})


async def read(socket: WebsocketCommunicator, count: int) -> list[dict[str, Any]]:
    """The next ``count`` frames."""
    return [json.loads(await socket.receive_from(timeout=PATIENCE)) for _ in range(count)]


async def numbers(socket: WebsocketCommunicator, count: int) -> list[int]:
    return [frame["seq"] for frame in await read(socket, count)]


async def closing_code(socket: WebsocketCommunicator) -> int:
    """The code with which the server ends the socket; frames before it are passed over."""
    while True:
        message = await socket.receive_output(timeout=PATIENCE)
        if message["type"] == "websocket.close":
            return int(message["code"])
