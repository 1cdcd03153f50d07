"""What people notice while Redis or PostgreSQL is away, hangs, or comes back (promise P11).

The test starts both itself, and two servers in the settings of an installation. ``LONG=1``: more rounds.
"""

import contextlib
import os
import resource
import signal
import sqlite3
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
import pytest
import websockets.sync.client
from websockets.typing import Origin

from tests.faults.phones import CASE, Load, Registrar
from tests.faults.stack import (
    Office,
    Postgres,
    Redis,
    Server,
    is_ready,
    open_office,
    running,
    until,
)

LONG = bool(os.environ.get("LONG"))
ROUNDS = 20 if LONG else 1
UNDER_LOAD = 2.0
LIMIT = 60
"""Checks of a paper that one address may ask for within a minute."""
POLL_SECONDS = 8.0
"""The drain asks every five seconds; the rest is for a busy machine."""

pytestmark = [pytest.mark.slow, pytest.mark.once]


@dataclass
class House:
    """Everything that runs, until the module ends."""

    postgres: Postgres
    redis: Redis
    office: Office
    near: Server
    far: Server


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with ExitStack() as stack:
        # Not below the directory of pytest, which is closed to the user that PostgreSQL runs as.
        place = Path(stack.enter_context(TemporaryDirectory(prefix="fengqiao-outage-")))
        place.chmod(0o755)
        postgres, redis = Postgres(place / "postgres"), Redis(place)
        postgres.make()
        stack.enter_context(running(postgres))
        stack.enter_context(running(redis))
        office = open_office(
            place,
            DATABASE_URL=postgres.url,
            REDIS_URL=redis.url,
            SERVER_PROCESSES="2",
            FAREWELL_SECONDS="1",
        )
        postgres.keep()
        # Everything here is shown with the rights of an account that owns no table.
        office.environment["DATABASE_URL"] = postgres.divide_rights()
        near, far = (Server(place, environment=office.environment) for _ in range(2))
        stack.enter_context(running(near))
        stack.enter_context(running(far))
        yield House(postgres, redis, office, near, far)


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine ()",
        "ALTER TABLE disputes_dispute ADD COLUMN mine integer",
        "ALTER TABLE disputes_event DISABLE TRIGGER ALL",
        "TRUNCATE disputes_event",
        "DROP TABLE disputes_remark",
        "INSERT INTO django_migrations (app, name, applied) VALUES ('x', 'x', now())",
        "CREATE ROLE mine",
    ],
)
def test_account_that_serves_changes_no_table(house: House, statement: str) -> None:
    with (
        psycopg.connect(house.office.environment["DATABASE_URL"]) as link,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        link.execute(statement)


def listen(house: House, name: str) -> Any:
    """A socket of this person at the far server; what happens at the near one must reach it."""
    host = f"127.0.0.1:{house.far.port}"
    return websockets.sync.client.connect(
        f"ws://{host}/ws/inbox/",
        origin=Origin(f"http://{host}"),
        additional_headers={"Cookie": f"sessionid={house.office.sessions[name]}"},
    )


def register(house: House) -> dict[str, Any]:
    answer = house.near.ask("POST", "/api/v1/disputes", CASE, **house.office.key_of("wang"))
    assert answer.status == 201, answer.body
    return answer.told


def assess(house: House, case: dict[str, Any]) -> int:
    body = {"version": case["version"], "nature": "CIVIL"}
    path = f"/api/v1/disputes/{case['code']}/actions/assess"
    return house.near.ask("POST", path, body, **house.office.key_of("bao")).status


def test_work_goes_on_without_redis_and_notices_come_by_poll(house: House) -> None:
    with listen(house, "wang") as socket, Load(house.office, [house.near, house.far]) as load:
        socket.send('{"type": "resume", "after": 0}')
        time.sleep(UNDER_LOAD)
        house.redis.stop(signal.SIGKILL)
        before = len(load.told)

        case = register(house)
        status = assess(house, case)

        heard = [case["number"] in socket.recv(POLL_SECONDS) for _ in range(1)]
        while not heard[-1]:
            heard.append(case["number"] in socket.recv(POLL_SECONDS))
        during = len(load.told)
        house.redis.start()
        until("the bus is back", lambda: bus_of(house.far) == "ok")
    assert status == 200
    assert during > before
    assert load.refusals == {}
    assert load.unanswered == 0
    assert load.told <= house.office.numbers()


def bus_of(server: Server) -> str:
    return str(server.ask("GET", "/readyz").told["checks"]["bus"])


def test_counters_of_tries_neither_fail_nor_hang_with_redis(house: House) -> None:
    """They lie in Redis. While it hangs, nobody waits long; while it is away, they still count."""
    house.redis.freeze()
    began = time.monotonic()
    hanging = house.near.ask("GET", "/v/AAAA-BBBB-CCCC")
    waited = time.monotonic() - began
    house.redis.stop(signal.SIGKILL)
    answers = [house.near.ask("GET", "/v/AAAA-BBBB-CCCC").status for _ in range(LIMIT + 1)]
    house.redis.start()

    assert (hanging.status, waited < 5) == (404, True)
    assert set(answers[: LIMIT - 1]) == {404}
    assert answers[-1] == 429


def test_postgres_restarts_under_load_and_nothing_told_is_lost(house: House) -> None:
    back: list[float] = []
    with Load(house.office, [house.near, house.far]) as load:
        for _ in range(ROUNDS):
            time.sleep(UNDER_LOAD)
            # Immediate: connections are cut, and the write-ahead log is replayed at the start.
            house.postgres.stop(signal.SIGQUIT)
            page = house.near.ask(
                "GET", "/work/", Cookie=f"sessionid={house.office.sessions['wang']}"
            )
            time.sleep(0.5)
            house.postgres.start()
            back.append(until("both serve again", lambda: both_are_ready(house), seconds=15))
            told = len(load.told)
            until("registrations go on", lambda told=told: len(load.told) > told, seconds=15)

    assert page.status == 503
    assert "系统暂时无法使用" in page.body.decode()
    assert page.headers["retry-after"] == "5"
    assert set(load.refusals) <= {503}
    assert all("try again" in said or "send it again" in said for said in load.refusals[503])
    assert load.unanswered == 0
    numbers = house.office.numbers()
    assert load.told <= numbers
    assert len(load.told) == sum(len(phone.told) for phone in load.phones)
    assert max(back) <= 10


def both_are_ready(house: House) -> bool:
    return is_ready(house.near) and is_ready(house.far)


def test_servers_restart_one_after_the_other_without_a_failed_request(house: House) -> None:
    with Load(house.office, [house.near, house.far]) as load:
        for server in (house.near, house.far)[: 2 if LONG else 1]:
            told = len(load.told)
            assert server.process is not None
            server.process.terminate()
            until("it says that it leaves", lambda one=server: not is_ready(one), seconds=10)
            for phone in load.phones:
                phone.resting.append(server)
            server.process.wait(30)
            server.start()
            until("it is ready", lambda one=server: is_ready(one))
            for phone in load.phones:
                phone.resting.remove(server)
            until("registrations went on", lambda told=told: len(load.told) > told, seconds=10)

    assert (load.refusals, load.unanswered) == ({}, 0)
    assert load.told <= house.office.numbers()


# A full disk --------------------------------------------------------------------------------------


@dataclass
class Disk:
    """What stands for the end of the disk: fills it, and makes room again."""

    office: Office
    server: Server

    def fill(self) -> None:
        """A limit on the size of files; the system calls fail alike."""
        allow_files_of(self.server, 1024 * 1024)

    def make_room(self) -> None:
        allow_files_of(self.server, resource.RLIM_INFINITY)

    @property
    def database(self) -> Path:
        return Path(self.office.environment["DATA_DIR"]) / "fengqiao.sqlite3"


class SmallDisk(Disk):
    """A file system of its own that another file fills to the last byte."""

    @property
    def _ballast(self) -> Path:
        return self.database.with_name("ballast")

    def fill(self) -> None:
        with self._ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
            while True:
                file.write(bytes(4096))

    def make_room(self) -> None:
        self._ballast.unlink()


@contextlib.contextmanager
def small_file_system(place: Path) -> Iterator[None]:
    mount = ["mount", "-t", "tmpfs", "-o", "size=96m", "none", str(place)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("Mounting is not allowed here: a disk cannot be filled on this machine.")
    try:
        yield
    finally:
        subprocess.run(["umount", str(place)], check=True)


@pytest.fixture(params=[Disk, SmallDisk], ids=["limit", "tmpfs"])
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Disk]:
    """The embedded installation: one process, SQLite."""
    small = request.param is SmallDisk
    with small_file_system(tmp_path) if small else contextlib.nullcontext():
        office = open_office(tmp_path)
        server = Server(tmp_path, environment=office.environment)
        with running(server):
            yield request.param(office, server)


def test_full_disk_refuses_writing_and_recovers_by_itself(disk: Disk) -> None:
    office, server = disk.office, disk.server
    phone = Registrar(office, [server])
    at_work = threading.Thread(target=phone.run, args=("disk",))
    at_work.start()
    until("it registers", lambda: len(phone.told) > 3)

    disk.fill()
    until("it is refused", lambda: 503 in phone.refusals, seconds=30)
    reading = server.ask("GET", "/api/v1/disputes", **office.key_of("zhong")).status
    ready = server.ask("GET", "/readyz").status
    told = len(phone.told)
    disk.make_room()
    until("it goes on by itself", lambda: len(phone.told) > told, seconds=30)
    phone.stopped.set()
    at_work.join(60)

    assert set(phone.refusals) == {503}
    assert all("disk of the server is full" in said for said in phone.refusals[503])
    assert (reading, ready, phone.unanswered) == (200, 503, 0)
    assert set(phone.told) <= office.numbers()
    assert is_whole(disk.database)


def allow_files_of(server: Server, size: int) -> None:
    assert server.process is not None
    _soft, hard = resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (size, hard))


def is_whole(path: Path) -> bool:
    with contextlib.closing(sqlite3.connect(path)) as database:
        tables = database.execute("PRAGMA integrity_check").fetchall()
        return tables == [("ok",)]
