"""The socket of a signed-in person: a handshake, then wake-ups until somebody hangs up."""

import asyncio
from collections.abc import Awaitable, Callable
from importlib import import_module
from typing import Any

from channels.consumer import AsyncConsumer
from channels.db import database_sync_to_async
from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest, parse_cookie

from mediation.accounts.actor import load_actor
from mediation.accounts.models import Person
from mediation.core import clock
from mediation.realtime import hub, protocol
from mediation.realtime.protocol import Close, Malformed, Resume
from mediation.realtime.registry import Send, Socket, Visitor

Receive = Callable[[], Awaitable[dict[str, Any]]]


class InboxConsumer(AsyncConsumer):
    """Takes part in routing, origin check and session like every consumer; dispatches by itself.

    The library's dispatch keeps two tasks and a channel per socket and crosses to a thread for every
    message; the registry needs none of it.
    """

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        await receive()  # websocket.connect
        key = _session_key(scope)
        visitor = await database_sync_to_async(identify)(key) if key else None
        # Accepted before it is refused: a browser shows close codes only of an open socket.
        await send({"type": "websocket.accept"})
        scope["headers"].clear()  # an idle socket keeps nothing of its handshake in memory
        if visitor is None:
            await send({"type": "websocket.close", "code": Close.SIGNED_OUT.value})
            return
        the_hub = hub.here()
        socket = Socket(visitor, send, lambda free: the_hub.feed.want([free]))
        if not the_hub.registry.add(socket):
            await send({"type": "websocket.close", "code": Close.TOO_MANY.value})
            return
        try:
            await Conversation(socket, the_hub).hold(receive)
        except asyncio.CancelledError:
            if not socket.closing:
                raise
        finally:
            socket.closing = True
            the_hub.registry.remove(socket)


class Conversation:
    """What one client says, within bounds."""

    __slots__ = ("hub", "nonsense", "said", "since", "socket")

    def __init__(self, socket: Socket, the_hub: hub.Hub) -> None:
        self.socket, self.hub = socket, the_hub
        self.since = the_hub.loop.time()
        self.said = self.nonsense = 0

    async def hold(self, receive: Receive) -> None:
        """Listen until the client has gone."""
        while (message := await receive())["type"] != "websocket.disconnect":
            if self.socket.closing:
                continue
            if (code := self._hear(message)) is not None:
                self.hub.registry.close(self.socket, code)

    def _hear(self, message: dict[str, Any]) -> Close | None:
        if self._talks_too_much():
            return Close.TOO_MANY
        text = message.get("text")
        if text is not None and len(text.encode()) > protocol.FRAME_BYTES:
            return Close.TOO_BIG
        try:
            frame = protocol.parse(text or "")
        except Malformed:
            return self._complain()
        if isinstance(frame, Resume):
            self.socket.resume(frame.after)
            self.hub.feed.want([self.socket])
        else:
            self.socket.put([protocol.PONG])
        return None

    def _talks_too_much(self) -> bool:
        now = self.hub.loop.time()
        if now - self.since > protocol.WINDOW_SECONDS:
            self.since, self.said = now, 0
        self.said += 1
        return self.said > protocol.MESSAGES

    def _complain(self) -> Close | None:
        self.nonsense += 1
        self.socket.put([protocol.ERROR])
        return Close.NONSENSE if self.nonsense >= protocol.NONSENSE_ALLOWED else None


def identify(session_key: str) -> Visitor | None:
    """The person of a session, with what is compared for as long as the socket stays open."""
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    person = get_user(request)
    if not isinstance(person, Person) or request.session.session_key != session_key:
        return None
    actor = load_actor(person, today=clock.today())
    return Visitor(
        actor=actor,
        person_id=person.pk,
        session_key=session_key,
        access_stamp=person.access_stamp,
        password=hash(person.password),
        serves=bool(actor.grants),
    )


def _session_key(scope: dict[str, Any]) -> str:
    for name, value in scope["headers"]:
        if name == b"cookie":
            found = parse_cookie(value.decode("latin-1")).get(settings.SESSION_COOKIE_NAME)
            if found:
                return found
    return ""
