"""The outermost door: no request body beyond its limit is read, whoever sends it and wherever to.

Django reads the whole body of any request, even of an address that does not exist, before anything of
ours runs; a stranger could fill the disk.
"""

import json
from typing import Any, Final

from django.conf import settings
from django.template.loader import render_to_string

from mediation.config.bridge import Receive, Scope, Send, answers

TITLE: Final = "提交的内容过大 Too large"
TEXT: Final = (
    "提交的内容超过 {limit} MB，没有保存。请减少或压缩附件后再提交。"
    " The limit is {limit} MB; nothing was saved."
)
POLICY: Final = b"default-src 'none'; style-src 'self'; img-src 'self'"
"""No script: the page says one thing and leads on."""


class TooLarge(Exception):
    """The body went beyond its limit while it was read."""


class BodyLimit:
    """``anonymous`` bytes for a request without a session, ``signed_in`` for one with it.

    The cookie is only looked for, not looked up: who invents one gains 24 MB, not the disk.
    """

    def __init__(self, app: Any, *, anonymous: int, signed_in: int) -> None:
        self.app, self.anonymous, self.signed_in = app, anonymous, signed_in

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        limit = self._limit(scope)
        if _declared(scope) > limit:
            await _refuse(scope, send, limit)
            return
        try:
            await self.app(scope, _counted(receive, limit), send)
        except TooLarge:
            await _refuse(scope, send, limit)

    def _limit(self, scope: Scope) -> int:
        cookie = f"{settings.SESSION_COOKIE_NAME}=".encode()
        known = any(
            (name == b"cookie" and cookie in value)
            or (name == b"authorization" and value[:7].lower() == b"bearer ")
            for name, value in scope["headers"]
        )
        return self.signed_in if known else self.anonymous


def _declared(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value)
    return 0


def _counted(receive: Receive, limit: int) -> Receive:
    taken = 0

    async def counting() -> dict[str, Any]:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > limit:
            raise TooLarge
        return message

    return counting


async def _refuse(scope: Scope, send: Send, limit: int) -> None:
    """Answer at once and close: the rest of the body is not read."""
    megabytes = limit // (1024 * 1024)
    kind, body = (_problem if scope["path"].startswith("/api/") else _page)(megabytes)
    answers.add(status="4xx")
    headers = [
        (b"content-type", kind),
        (b"content-length", str(len(body)).encode()),
        (b"content-security-policy", POLICY),
        (b"x-content-type-options", b"nosniff"),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _problem(megabytes: int) -> tuple[bytes, bytes]:
    text = TEXT.format(limit=megabytes)
    problem = {"type": "about:blank", "title": TITLE, "status": 413, "detail": text}
    return b"application/problem+json", json.dumps(problem, ensure_ascii=False).encode()


def _page(megabytes: int) -> tuple[bytes, bytes]:
    page = render_to_string("413.html", {"limit": megabytes})
    return b"text/html; charset=utf-8", page.encode()
