"""``serve``: the whole system in one process: pages, sockets and ticker.

Several processes (``SERVER_PROCESSES``, behind a proxy) share a database and need ``REDIS_URL``; each is
started by this command on its own port.
"""

import contextlib
import resource
import signal
import sys
import threading
from argparse import ArgumentParser
from types import FrameType
from typing import Any

import uvicorn
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection

from mediation.accounts import founding
from mediation.core import vitals
from mediation.jobs import schema
from mediation.jobs.wire import Requests, Sockets

FRAME_BYTES = 64 * 1024
PING_SECONDS = 20.0
SHUTDOWN_SECONDS = 30
TURN_SECONDS = 0.001
"""So long one thread of Python may keep the others from running. A page gives the turn away at each of its
statements; at Python's own five milliseconds it would wait for a busy ticker forty times over."""


class Command(BaseCommand):
    help = "Serve pages and sockets and run the ticker, until stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=settings.PORT)

    def handle(self, *args: Any, **options: Any) -> None:
        _allow_many_files()
        sys.setswitchinterval(TURN_SECONDS)
        _require_known_schema()
        host, port = options["host"], options["port"]
        self.stdout.write(f"http://{host}:{port}/")
        for line in _welcome():
            self.stdout.write(line)
        connection.close()
        self.stdout.flush()
        with contextlib.suppress(KeyboardInterrupt):
            Server(configuration(host, port)).run()


class Server(uvicorn.Server):
    """Told to end, it first says so at ``/readyz`` for a while, and only then stops to listen."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        leave = super().handle_exit
        if sig != signal.SIGTERM or vitals.leaving.is_set() or not settings.FAREWELL_SECONDS:
            leave(sig, frame)
            return
        vitals.leaving.set()
        later = threading.Timer(settings.FAREWELL_SECONDS, leave, (sig, frame))
        later.daemon = True
        later.start()


def configuration(host: str, port: int) -> uvicorn.Config:
    """How the server is set up; tests serve with the same."""
    module, _, name = settings.ASGI_APPLICATION.rpartition(".")
    return uvicorn.Config(
        f"{module}:{name}",
        host=host,
        port=port,
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        http=Requests,
        ws=Sockets,
        ws_max_size=FRAME_BYTES,
        ws_ping_interval=PING_SECONDS,
        ws_ping_timeout=PING_SECONDS,
        # A compressor costs tens of kilobytes per socket; our frames are ninety bytes.
        ws_per_message_deflate=False,
        proxy_headers=bool(settings.TRUSTED_PROXIES),
        forwarded_allow_ips=settings.TRUSTED_PROXIES,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
    )


def _welcome() -> list[str]:
    """On an empty database the way in, which nobody knows who cannot read this."""
    try:
        if not founding.is_due():
            return []
    except DatabaseError:
        return []  # the pages answer 503 until it is there
    return [
        "",
        f"  这是一套新系统，尚无任何人员。请打开 /setup/ ，凭安装口令完成首次设置：{founding.setup_code()}",
        "  Nobody serves here yet: open /setup/ and give this code.",
        "",
    ]


def _require_known_schema() -> None:
    """Old code on newer tables would write what the newer code cannot read."""
    try:
        newer = schema.newer_than_code()
    except DatabaseError:
        return  # the database is not there yet; the pages answer 503 until it is
    finally:
        connection.close()
    if newer:
        raise CommandError(newer)


def _allow_many_files() -> None:
    """Every open socket is a file; take what the system grants."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
