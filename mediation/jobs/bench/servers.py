"""Real processes beside the measuring one: our server on the scratch database, and the bare one."""

import contextlib
import json
import os
import resource
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

START_SECONDS = 40
STOP_SECONDS = 40


@dataclass(frozen=True, slots=True)
class Server:
    port: int
    pid: int
    process: subprocess.Popen[bytes]

    def resident_kb(self) -> int:
        """What the process occupies in memory."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0])

    def cpu_seconds(self) -> float:
        """Processor time that the process has used so far."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def ask(self, order: Any) -> Any:
        """Say one line of JSON to the process and wait for its answer."""
        if self.process.stdin is None or self.process.stdout is None:
            raise RuntimeError("This server takes no orders.")
        self.process.stdin.write(json.dumps(order).encode() + b"\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


@contextmanager
def ours() -> Iterator[Server]:
    """``manage.py serve`` on the present database, without a ticker that would write beside us."""
    with _process(["manage.py", "serve", "--port"], _environment()) as server:
        yield server


@contextmanager
def stormy() -> Iterator[Server]:
    """The same, raising alerts when asked to."""
    with _process(
        ["-m", "mediation.jobs.bench.storm_server"], _environment(), asked=True
    ) as server:
        yield server


def _environment() -> dict[str, str]:
    """The settings of this process, but for what would keep a plain client on the loopback out."""
    return os.environ | {
        "DATABASE_URL": _database_url(),
        "DATA_DIR": str(settings.DATA_DIR),
        "ALLOWED_HOSTS": "127.0.0.1",
        "SECURE_SSL_REDIRECT": "0",
        "SERVER_PROCESSES": "1",
        "REDIS_URL": "",
        "TICKER": "0",
    }


@contextmanager
def bare() -> Iterator[Server]:
    with _process(["-m", "mediation.jobs.bench.raw_server"], dict(os.environ)) as server:
        yield server


@contextmanager
def _process(
    arguments: Sequence[str], environment: dict[str, str], *, asked: bool = False
) -> Iterator[Server]:
    port = _free_port()
    process = subprocess.Popen(  # noqa: S603 -- our own programs
        [sys.executable, *arguments, str(port)],
        env=environment,
        cwd=settings.BASE_DIR,
        stdin=subprocess.PIPE if asked else subprocess.DEVNULL,
        stdout=subprocess.PIPE if asked else subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_until_open(port, process)
        yield Server(port, process.pid, process)
    finally:
        process.terminate()
        process.wait(STOP_SECONDS)
        for pipe in filter(None, (process.stdin, process.stdout)):
            pipe.close()


def _database_url() -> str:
    known = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{known['NAME']}"
    host = f"{known['HOST']}:{known['PORT']}" if known["PORT"] else known["HOST"]
    return f"postgres://{known['USER']}:{known['PASSWORD']}@{host}/{known['NAME']}"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_open(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 2):
            return
        time.sleep(0.1)
    raise RuntimeError("The server did not start.")


def allow_many_files() -> None:
    """Every open socket is a file, at the client too."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
