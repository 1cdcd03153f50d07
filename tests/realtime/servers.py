"""Real server processes on the database of the test."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

START_SECONDS = 40


def database_url() -> str:
    known = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{known['NAME']}"
    host = f"{known['HOST']}:{known['PORT']}" if known["PORT"] else known["HOST"]
    return f"postgres://{known['USER']}:{known['PASSWORD']}@{host}/{known['NAME']}"


@contextmanager
def serving(*, redis_url: str, prefix: str) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """One process of ``manage.py serve``; yields its port when it is ready."""
    port = _free_port()
    environment = os.environ | {
        "FENGQIAO_ENV": "test",
        "DATABASE_URL": database_url(),
        "DATA_DIR": str(settings.DATA_DIR),
        "REDIS_URL": redis_url,
        "REDIS_PREFIX": prefix,
        "SERVER_PROCESSES": "2" if redis_url else "1",
        "FAREWELL_SECONDS": "0",
    }
    root = Path(settings.BASE_DIR)
    process = subprocess.Popen(
        [sys.executable, str(root / "manage.py"), "serve", "--port", str(port)],
        env=environment,
        cwd=root,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_until_alive(port, process)
        yield port, process
    finally:
        process.terminate()
        process.wait(20)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_alive(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/livez", timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("The server did not start.")
