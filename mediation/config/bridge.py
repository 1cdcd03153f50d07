"""Serves the pages inside the ASGI process through Django's WSGI handler and a pool of threads.

Django's own ASGI handler runs a synchronous view through several thread hops; here a request costs one.
Threads never wait for a client: the body is read before the thread starts, and an answer is taken from
it in large pieces, so that ten slow phones cannot occupy ten threads. Figures: docs/decisions/0011.
"""

import asyncio
import contextlib
import sys
import threading
from collections.abc import Awaitable, Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Final, TypeVar

from mediation.core import vitals

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
T = TypeVar("T")
Runner = Callable[[Callable[[], Any]], Awaitable[Any]]
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

PIECE_BYTES: Final = 256 * 1024
IN_MEMORY_BYTES: Final = 1024 * 1024
BODY_SECONDS: Final = 60.0
REST_SECONDS: Final = 5.0
WAITING_PER_THREAD: Final = 20
REPORTS_PER_THREAD: Final = 5
"""Fewer reports than other requests may wait, and they are made by half of the threads at most."""

BUSY: Final = (
    "系统繁忙，什么都没有保存，请稍后再试。Busy; nothing was saved. Please try again in a moment."
)

answers = vitals.counter("fengqiao_http_answers_total", "Answers to requests, by class of status.")
refused = vitals.counter("fengqiao_http_shed_total", "Requests refused because too many wait.")


class ClientGone(Exception):
    """Nobody waits for the answer any more."""


class Line:
    """Those who wait for a thread or have one. ``limit``: how many at a time."""

    def __init__(self, limit: int) -> None:
        self.limit, self.busy = limit, 0

    @property
    def is_full(self) -> bool:
        return self.busy >= self.limit

    def __enter__(self) -> None:
        self.busy += 1

    def __exit__(self, *_: object) -> None:
        self.busy -= 1


class Pages:
    """An ASGI application around a WSGI one.

    ``reports``: beginnings of the addresses whose answers can wait. When the house is full they are refused
    before anything else is, so that a registration always finds a thread.
    """

    def __init__(self, app: Wsgi, *, threads: int, reports: tuple[str, ...] = ()) -> None:
        self.app, self.threads, self.reports = app, threads, reports
        self.pool = ThreadPoolExecutor(threads, thread_name_prefix="page")
        self.everybody = Line(threads * WAITING_PER_THREAD)
        self.waiting_reports = Line(threads * REPORTS_PER_THREAD)
        self.report_threads = asyncio.Semaphore(max(1, threads // 2))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_report = scope["path"].startswith(self.reports)
        if self.everybody.is_full or (is_report and self.waiting_reports.is_full):
            refused.add(kind="report" if is_report else "other")
            await say(send, 503, BUSY, (b"retry-after", b"5"))
            return
        with self.everybody, self.waiting_reports if is_report else contextlib.nullcontext():
            try:
                await self._serve(scope, receive, send, self._reports if is_report else self._any)
            except ClientGone:
                return
            except TimeoutError:
                await say(send, 408, "The request took too long to arrive.")

    async def rest(self, let_go: Callable[[], None]) -> None:
        """Run ``let_go`` once in every thread: what they keep between requests is theirs alone."""
        everybody = threading.Barrier(self.threads)

        def once() -> None:
            with contextlib.suppress(threading.BrokenBarrierError):
                everybody.wait(REST_SECONDS)  # so that no thread takes the turn of another
            let_go()

        loop = asyncio.get_running_loop()
        turns = [loop.run_in_executor(self.pool, once) for _ in range(self.threads)]
        await asyncio.gather(*turns)

    async def _any(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self.pool, work)

    async def _reports(self, work: Callable[[], T]) -> T:
        """Held only while a thread works: a slow client keeps no other report waiting."""
        async with self.report_threads:
            return await self._any(work)

    async def _serve(self, scope: Scope, receive: Receive, send: Send, run: Runner) -> None:
        with SpooledTemporaryFile(max_size=IN_MEMORY_BYTES) as body:
            async with asyncio.timeout(BODY_SECONDS):
                size = await read_body(receive, body)
            body.seek(0)
            answer = Answer(self.app, environ(scope, body, size))
            try:
                piece = await run(answer.begin)
                answers.add(status=f"{answer.status // 100}xx")
                await send(answer.start())
                while answer.has_more:
                    await send(_part(piece, more=True))
                    piece = await run(answer.piece)
                await send(_part(piece, more=False))
            finally:
                if answer.has_more:  # the client went away in the middle
                    await self._any(answer.close)


class Answer:
    """One run of the WSGI application. Its methods block; they belong in the pool."""

    def __init__(self, app: Wsgi, environment: dict[str, Any]) -> None:
        self._app, self._environ = app, environment
        self._result: Iterable[bytes] = ()
        self._chunks: Iterator[bytes] = iter(())
        self.status = 500
        self.headers: list[tuple[bytes, bytes]] = []
        self.has_more = False

    def begin(self) -> bytes:
        """Run the application; returns the first piece of its body, usually all of it."""
        self._result = self._app(self._environ, self._start_response)
        self._chunks, self.has_more = iter(self._result), True
        return self.piece()

    def piece(self) -> bytes:
        """The next piece. When the body ends with it, the application is closed."""
        taken, size = [], 0
        try:
            for chunk in self._chunks:
                taken.append(chunk)
                size += len(chunk)
                if size >= PIECE_BYTES:
                    break
            else:
                self.close()
        except BaseException:
            self.close()
            raise
        return b"".join(taken)

    def close(self) -> None:
        self.has_more = False
        if (close := getattr(self._result, "close", None)) is not None:
            close()

    def start(self) -> dict[str, Any]:
        return {"type": "http.response.start", "status": self.status, "headers": self.headers}

    def _start_response(self, status: str, headers: list[tuple[str, str]], *_: Any) -> None:
        self.status = int(status[:3])
        self.headers = [
            (name.lower().encode("latin-1"), value.strip().encode("latin-1"))
            for name, value in headers
        ]


async def read_body(receive: Receive, body: IO[bytes]) -> int:
    """Take the whole body from the client. Raises ``ClientGone`` when it hangs up."""
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        size += body.write(message.get("body", b""))
        more = message.get("more_body", False)
    return size


def environ(scope: Scope, body: IO[bytes], size: int) -> dict[str, Any]:
    """The WSGI environment of an ASGI request."""
    host, port = scope.get("server") or ("localhost", None)
    found = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode("utf-8", "replace").decode("latin-1"),
        # latin-1, not ASCII: whatever bytes a client sends, the handler decides what they mean.
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": host,
        "SERVER_PORT": str(port or 0),
        "REMOTE_ADDR": (scope.get("client") or ("", 0))[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    found |= _headers(scope["headers"])
    found["CONTENT_LENGTH"] = str(size)
    return found


def _headers(pairs: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Header fields under their WSGI names.

    Names with an underscore are dropped, as every WSGI server does: ``X_Forwarded_Proto`` would look like
    the field that the proxy sets. ``Proxy`` is dropped for the same reason (httpoxy).
    """
    found: dict[str, str] = {}
    for raw, value in pairs:
        if b"_" in raw or raw == b"proxy":
            continue
        name = raw.decode("latin-1").upper().replace("-", "_")
        key = name if name == "CONTENT_TYPE" else f"HTTP_{name}"
        joint = "; " if key == "HTTP_COOKIE" else ","
        text = value.decode("latin-1")
        found[key] = f"{found[key]}{joint}{text}" if key in found else text
    return found


def _part(piece: bytes, *, more: bool) -> dict[str, Any]:
    return {"type": "http.response.body", "body": piece, "more_body": more}


async def say(send: Send, status: int, text: str, *headers: tuple[bytes, bytes]) -> None:
    """A short plain answer given without Django, for what never reaches it."""
    body = text.encode()
    kind = (b"content-type", b"text/plain; charset=utf-8")
    fields = [kind, (b"content-length", str(len(body)).encode()), (b"connection", b"close")]
    answers.add(status=f"{status // 100}xx")
    await send({"type": "http.response.start", "status": status, "headers": [*fields, *headers]})
    await send(_part(body, more=False))
