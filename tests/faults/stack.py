"""A PostgreSQL, a Redis and servers of the test's own, on free ports, to be stopped and killed at will.

Nothing shared is ever touched. Where the binaries are missing, the tests that need them say so.
"""

import contextlib
import http.client
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tests import stage

START_SECONDS = 60.0
SUPERUSER, OFFICE = "postgres", "fengqiao_office"


def _binary(name: str) -> Path:
    """Debian keeps the server binaries of PostgreSQL outside the path."""
    found = [shutil.which(name), *sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))]
    for path in reversed([one for one in found if one]):
        return Path(path)
    pytest.skip(f"{name} is not installed here: this outage cannot be shown on this machine.")


def free_port() -> int:
    """Below those that the system gives to clients: one of them could sit on it during an outage."""
    while True:
        port = random.randrange(20_000, 32_000)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def until(what: str, holds: Any, *, seconds: float = START_SECONDS) -> float:
    """Wait until ``holds()``; returns how long that took."""
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < seconds, f"{what}: not within {seconds:.0f} s"
        time.sleep(0.05)
    return time.monotonic() - began


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@dataclass
class Daemon:
    """A child that can be stopped, killed and started again at the same port."""

    place: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    def _command(self) -> list[str]:
        raise NotImplementedError

    def _options(self) -> dict[str, Any]:
        return {}

    def start(self) -> None:
        with (self.place.parent / f"{type(self).__name__}-{self.port}.log").open("ab") as log:
            self.process = subprocess.Popen(
                self._command(), stdout=log, stderr=log, **self._options()
            )
        try:
            until(f"{type(self).__name__} answers", self._answers_or_ended)
            assert self.process.poll() is None, f"{type(self).__name__} ended by itself"
        except AssertionError:
            self.stop(signal.SIGKILL)
            raise

    def _answers_or_ended(self) -> bool:
        return self._answers() or (self.process is not None and self.process.poll() is not None)

    def _answers(self) -> bool:
        return _listens(self.port)

    def stop(self, how: int = signal.SIGTERM) -> None:
        """Waited for: an unreaped child would look alive."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait(60)

    def freeze(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGCONT)


class Redis(Daemon):
    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def _command(self) -> list[str]:
        return [
            str(_binary("redis-server")), "--port", str(self.port), "--bind", "127.0.0.1",
            "--save", "", "--dir", str(self.place),
        ]  # fmt: skip


class Postgres(Daemon):
    """PostgreSQL refuses to run as root, so root runs it as the user of the distribution."""

    @property
    def url(self) -> str:
        return f"postgres://{SUPERUSER}@127.0.0.1:{self.port}/postgres"

    def _options(self) -> dict[str, Any]:
        return {"user": SUPERUSER, "group": SUPERUSER} if os.geteuid() == 0 else {}

    def make(self) -> None:
        """A cluster, from the migrated one that an earlier run has kept if there is one."""
        if self._kept.exists():
            _copy(self._kept, self.place)
            return
        self.place.mkdir()
        if os.geteuid() == 0:
            shutil.chown(self.place, SUPERUSER, SUPERUSER)
        subprocess.run(
            [_binary("initdb"), "-D", self.place, "-U", SUPERUSER, "-A", "trust", "-E", "UTF8"],
            check=True, stdout=subprocess.DEVNULL, **self._options(),
        )  # fmt: skip

    def keep(self) -> None:
        """Migrating costs a quarter of a minute of processor time, for the same result every time."""
        if self._kept.exists():
            return
        self.stop()
        stage.KEPT.mkdir(exist_ok=True)
        halfway = self._kept.with_suffix(f".{os.getpid()}")
        _copy(self.place, halfway)
        with contextlib.suppress(OSError):  # somebody else was first
            halfway.rename(self._kept)
        self.start()

    def divide_rights(self) -> str:
        """Make the account that serves, as an installation does; returns its address."""
        script = Path(settings.BASE_DIR) / "tools" / "postgres_roles.sql"
        told = [f"--dbname={self.url}", "-v", f"office={OFFICE}", "-v", "ON_ERROR_STOP=1", "-q"]
        subprocess.run([_binary("psql"), *told, "-f", script], check=True)
        return self.url.replace(f"//{SUPERUSER}@", f"//{OFFICE}@")

    @property
    def _kept(self) -> Path:
        return stage.KEPT / f"{stage.fingerprint()}-cluster"

    def _command(self) -> list[str]:
        return [
            str(_binary("postgres")), "-D", str(self.place), "-p", str(self.port),
            "-c", "listen_addresses=127.0.0.1", "-c", f"unix_socket_directories={self.place}",
        ]  # fmt: skip

    def _answers(self) -> bool:
        ready = [_binary("pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        return subprocess.run(ready, check=False).returncode == 0


def _copy(source: Path, target: Path) -> None:
    """With its owner, which ``shutil`` does not keep."""
    subprocess.run(["cp", "-a", source, target], check=True)


@dataclass
class Server(Daemon):
    """One process of ``manage.py serve`` in the settings of an installation, not of the suite."""

    environment: dict[str, str] = field(default_factory=dict)
    code: Path = field(default_factory=lambda: Path(settings.BASE_DIR))

    def _command(self) -> list[str]:
        return [sys.executable, str(self.code / "manage.py"), "serve", "--port", str(self.port)]

    def _options(self) -> dict[str, Any]:
        return {"env": self.environment, "cwd": self.code}

    def _answers(self) -> bool:
        with contextlib.suppress(OSError, http.client.HTTPException):
            return self.ask("GET", "/livez").status == 200
        return False

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> "Answer":
        """One request on a connection of its own. Raises ``OSError`` when nobody answers."""
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            sent = None if body is None else json.dumps(body).encode()
            fields = {"Content-Type": "application/json", "Accept-Language": "en"}
            link.request(method, path, sent, fields | headers)
            answer = link.getresponse()
            return Answer(answer.status, dict(answer.getheaders()), answer.read())
        finally:
            link.close()


def is_ready(server: Server) -> bool:
    return server.ask("GET", "/readyz").status == 200


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @cached_property
    def told(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.body)
        return told


@dataclass
class Office:
    """People with keys and sessions on one database, and the servers that serve them."""

    environment: dict[str, str]
    keys: dict[str, str]
    sessions: dict[str, str]
    servers: list[Server] = field(default_factory=list)

    def serve(self, place: Path) -> Server:
        server = Server(place, environment=self.environment)
        server.start()
        self.servers.append(server)
        return server

    def key_of(self, name: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.keys[name]}"}

    def numbers(self) -> set[str]:
        """Every case that is there, asked of the database by a process of its own."""
        return set(python("tests.faults.staff", "numbers", env=self.environment))


def open_office(place: Path, **environment: str) -> Office:
    """Migrate the database and engage the cast."""
    data = place / "data"
    data.mkdir()
    kept = stage.KEPT / f"{stage.fingerprint()}.sqlite3"
    if "DATABASE_URL" not in environment and kept.exists():
        shutil.copyfile(kept, data / "fengqiao.sqlite3")
    env = {name: value for name, value in os.environ.items() if name not in _OURS} | {
        "FENGQIAO_ENV": "dev",
        "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
        "DATA_DIR": str(data),
        **environment,
    }
    told = python("tests.faults.staff", "engage", env=env)
    return Office(env, told["keys"], told["sessions"])


_OURS = {"DATABASE_URL", "REDIS_URL", "REDIS_PREFIX", "DATA_DIR", "DEMO", "FAULTS", "DEBUG"}


def python(module: str, *words: str, env: dict[str, str]) -> Any:
    """What a process of its own says, as JSON."""
    command = [sys.executable, "-m", module, *words]
    done = subprocess.run(command, env=env, cwd=settings.BASE_DIR, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    return json.loads(done.stdout)


@contextlib.contextmanager
def running(daemon: Daemon) -> Iterator[None]:
    daemon.start()
    try:
        yield
    finally:
        with contextlib.suppress(AssertionError, OSError):
            daemon.thaw()
        daemon.stop(signal.SIGKILL)
