"""Pages inside the ASGI process: what reaches Django, and who waits for whom."""

import asyncio
import threading
from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import Any

import pytest

from mediation.config.body_limit import BodyLimit
from mediation.config.bridge import (
    PIECE_BYTES,
    REPORTS_PER_THREAD,
    WAITING_PER_THREAD,
    Pages,
    environ,
)

ANONYMOUS, SIGNED_IN = 1000, 5000
SESSION = (b"cookie", b"sessionid=abc")


def scope(**changes: Any) -> dict[str, Any]:
    return {
        "type": "http",
        "method": "POST",
        "path": "/nowhere",
        "query_string": b"",
        "http_version": "1.1",
        "headers": [],
        "client": ("192.0.2.7", 4711),
        "server": ("testserver", 80),
    } | changes


class Client:
    """Sends a body in given parts and keeps what it is answered."""

    def __init__(self, *parts: bytes, gone: bool = False) -> None:
        self.messages = [
            {"type": "http.request", "body": part, "more_body": True} for part in parts
        ]
        end = {"type": "http.disconnect"} if gone else {"type": "http.request", "body": b""}
        self.messages.append(end)
        self.sent: list[dict[str, Any]] = []
        self.read = 0

    async def receive(self) -> dict[str, Any]:
        self.read += 1
        return self.messages.pop(0)

    async def send(self, message: dict[str, Any]) -> None:
        self.sent.append(message)

    @property
    def status(self) -> int:
        return int(self.sent[0]["status"])

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.sent[1:])


def echo(environment: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain"), ("Set-Cookie", " a=1")])
    return [environment["wsgi.input"].read(int(environment["CONTENT_LENGTH"]))]


def limited(app: Any = echo) -> BodyLimit:
    return BodyLimit(Pages(app, threads=2), anonymous=ANONYMOUS, signed_in=SIGNED_IN)


async def ask(app: Any, client: Client, **changes: Any) -> Client:
    await app(scope(**changes), client.receive, client.send)
    return client


async def test_body_and_answer_pass_through() -> None:
    client = await ask(limited(), Client(b"one ", b"two"))

    assert client.sent == [
        {
            "type": "http.response.start",
            "status": 200,
            "headers": [(b"content-type", b"text/plain"), (b"set-cookie", b"a=1")],
        },
        {"type": "http.response.body", "body": b"one two", "more_body": False},
    ]


LIMITS = {
    "anonymous at the limit": ([], ANONYMOUS, 200),
    "anonymous beyond it": ([], ANONYMOUS + 1, 413),
    "with a session at its limit": ([SESSION], SIGNED_IN, 200),
    "with a session beyond it": ([SESSION], SIGNED_IN + 1, 413),
    "with a bearer key": ([(b"authorization", b"Bearer fq_x")], SIGNED_IN, 200),
    "with another cookie": ([(b"cookie", b"csrftoken=abc")], SIGNED_IN, 413),
}


@pytest.mark.parametrize(("headers", "size", "status"), LIMITS.values(), ids=LIMITS)
async def test_declared_body_is_measured_before_it_is_read(
    headers: list[tuple[bytes, bytes]], size: int, status: int
) -> None:
    declared = (b"content-length", str(size).encode())

    client = await ask(limited(), Client(b"x" * size), headers=[*headers, declared])

    assert client.status == status
    assert client.read == (0 if status == 413 else 2)


@pytest.mark.parametrize(("headers", "size", "status"), LIMITS.values(), ids=LIMITS)
async def test_undeclared_body_is_counted_while_it_is_read(
    headers: list[tuple[bytes, bytes]], size: int, status: int
) -> None:
    client = await ask(limited(), Client(b"x" * (size - 1), b"x"), headers=headers)

    assert client.status == status


async def test_lying_length_is_found_out() -> None:
    client = Client(b"x" * 600, b"x" * 600)

    await ask(limited(), client, headers=[(b"content-length", b"10")])

    assert client.status == 413


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/disputes/", b"text/html; charset=utf-8"),
        ("/api/v1/disputes", b"application/problem+json"),
    ],
)
async def test_refusal_is_a_page_or_a_problem(path: str, kind: bytes) -> None:
    client = await ask(limited(), Client(b"x" * 2000), path=path)

    assert dict(client.sent[0]["headers"])[b"content-type"] == kind
    assert "没有保存" in client.body.decode()


async def test_page_of_a_body_too_large_leads_on() -> None:
    client = await ask(limited(), Client(b"x" * 2000), path="/p/apply/")

    policy = dict(client.sent[0]["headers"])[b"content-security-policy"]
    assert b"style-src 'self'" in policy
    assert b"script" not in policy
    assert 'class="btn btn-light" href="/p/"' in client.body.decode()


async def test_client_that_hangs_up_never_reaches_the_pages() -> None:
    called = []

    def app(environment: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        called.append(environment)
        return echo(environment, start_response)

    client = await ask(limited(app), Client(b"half", gone=True))

    assert (client.sent, called) == ([], [])


async def test_large_answer_comes_in_pieces_and_is_closed() -> None:
    closed = threading.Event()

    class Large:
        def __iter__(self) -> Iterator[bytes]:
            for _ in range(40):
                yield b"x" * (PIECE_BYTES // 8)

        def close(self) -> None:
            closed.set()

    def app(environment: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        start_response("200 OK", [])
        return Large()

    client = await ask(limited(app), Client())

    assert len(client.body) == 5 * PIECE_BYTES
    assert len(client.sent) == 1 + 6
    assert closed.is_set()


async def test_client_that_leaves_in_the_middle_closes_the_answer() -> None:
    closed = threading.Event()

    class Endless:
        def __iter__(self) -> Iterator[bytes]:
            while True:
                yield b"x" * PIECE_BYTES

        def close(self) -> None:
            closed.set()

    def app(environment: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        start_response("200 OK", [])
        return Endless()

    class Leaving(Client):
        async def send(self, message: dict[str, Any]) -> None:
            await super().send(message)
            if len(self.sent) == 3:
                raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await ask(limited(app), Leaving())

    assert closed.is_set()


async def test_clients_that_send_slowly_occupy_no_thread() -> None:
    app, waiting = limited(), asyncio.Event()

    class Slow(Client):
        async def receive(self) -> dict[str, Any]:
            await waiting.wait()
            return await super().receive()

    slow = [asyncio.create_task(ask(app, Slow(b"x"))) for _ in range(10)]
    await asyncio.sleep(0)
    quick = await asyncio.wait_for(ask(app, Client(b"quick")), 5)
    waiting.set()

    assert quick.body == b"quick"
    assert {client.status for client in await asyncio.gather(*slow)} == {200}


async def test_clients_that_read_slowly_occupy_no_thread() -> None:
    app, reading = limited(), asyncio.Event()

    class Slow(Client):
        async def send(self, message: dict[str, Any]) -> None:
            await reading.wait()
            await super().send(message)

    slow = [asyncio.create_task(ask(app, Slow(b"x" * 500))) for _ in range(10)]
    quick = await asyncio.wait_for(ask(app, Client(b"quick")), 5)
    reading.set()
    await asyncio.gather(*slow)

    assert quick.body == b"quick"


async def test_more_than_can_wait_are_refused_at_once() -> None:
    free = threading.Event()

    def app(environment: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        free.wait(10)
        return echo(environment, start_response)

    pages = limited(app)
    room = 2 * WAITING_PER_THREAD
    waiting = [asyncio.create_task(ask(pages, Client(b"x"))) for _ in range(room)]
    await asyncio.sleep(0.05)
    refused = await ask(pages, Client(b"x"))
    free.set()

    assert refused.status == 503
    assert (b"retry-after", b"5") in refused.sent[0]["headers"]
    assert {client.status for client in await asyncio.gather(*waiting)} == {200}


async def test_reports_are_refused_while_registrations_still_find_a_thread() -> None:
    free = threading.Event()

    def app(environment: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environment["PATH_INFO"].startswith("/leader/"):
            free.wait(10)
        return echo(environment, start_response)

    pages = Pages(app, threads=2, reports=("/leader/",))
    room = 2 * REPORTS_PER_THREAD
    waiting = [
        asyncio.create_task(ask(pages, Client(b"x"), path="/leader/export/pdf/"))
        for _ in range(room)
    ]
    await asyncio.sleep(0.05)
    shed = await ask(pages, Client(b"x"), path="/leader/")
    registered = await asyncio.wait_for(ask(pages, Client(b"x"), path="/register/"), 5)
    free.set()

    assert (shed.status, registered.status) == (503, 200)
    assert "什么都没有保存" in shed.body.decode()
    assert {client.status for client in await asyncio.gather(*waiting)} == {200}


def test_environment_keeps_bytes_and_drops_forged_names() -> None:
    headers = [
        (b"host", b"testserver"),
        (b"x_forwarded_proto", b"https"),
        (b"proxy", b"http://elsewhere.example"),
        (b"cookie", b"a=1"),
        (b"cookie", b"b=2"),
        (b"content-type", b"text/plain"),
    ]

    found = environ(
        scope(path="/纠纷/", query_string="q=漏水".encode(), headers=headers), BytesIO(), 0
    )

    texts = {key: value for key, value in found.items() if isinstance(value, str)}
    assert texts == {
        "REQUEST_METHOD": "POST",
        "SCRIPT_NAME": "",
        "PATH_INFO": "/纠纷/".encode().decode("latin-1"),
        "QUERY_STRING": "q=漏水".encode().decode("latin-1"),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "REMOTE_ADDR": "192.0.2.7",
        "wsgi.url_scheme": "http",
        "HTTP_HOST": "testserver",
        "HTTP_COOKIE": "a=1; b=2",
        "CONTENT_TYPE": "text/plain",
        "CONTENT_LENGTH": "0",
    }


async def test_every_thread_lets_go_of_what_it_keeps() -> None:
    rested = []
    pages = Pages(echo, threads=4)

    await pages.rest(lambda: rested.append(threading.get_ident()))

    assert len(rested) == len(set(rested)) == 4
    assert (await ask(pages, Client(b"again"))).body == b"again"
