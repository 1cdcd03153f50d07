"""One release replaces the other under load (promise P11): tables first, then server by server.

The former release is the code before the newest migrations, taken from the history of this repository. It
works on tables of its own time, then on tables of today, beside servers of today. ``LONG=1``: more kills.
"""

import io
import os
import random
import signal
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.apps import apps
from django.conf import settings

from tests.faults.phones import Load
from tests.faults.stack import (
    Office,
    Postgres,
    Redis,
    Server,
    is_ready,
    open_office,
    python,
    running,
    until,
)

LONG = bool(os.environ.get("LONG"))
KILLS = 10 if LONG else 0
BACK = 4
"""So many commits that added migrations lie between the two releases."""
ROOT = Path(settings.BASE_DIR)
MIGRATIONS, OURS = "*/migrations/0*.py", ("mediation.", "workflows")

pytestmark = [pytest.mark.slow, pytest.mark.once]


@dataclass
class Former:
    """The code of the former release, and the last migration that each room had then."""

    code: Path
    leaves: dict[str, str]


def git(*words: str) -> bytes:
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, check=False)
    if done.returncode:
        pytest.skip("There is no history here from which the former release could be taken.")
    return done.stdout


def take_former(place: Path) -> Former:
    added = git("log", "--diff-filter=A", "--format=%H", f"-{BACK}", "--", MIGRATIONS)
    commit = added.decode().split()[-1] + "^"
    with tarfile.open(fileobj=io.BytesIO(git("archive", commit))) as archive:
        archive.extractall(place, filter="data")
    leaves = {}
    ours = [room for room in apps.get_app_configs() if room.name.startswith(OURS)]
    for room in ours:
        folder = Path(room.path) / "migrations"
        then = place / folder.relative_to(ROOT)
        now_has, then_had = ({one.stem for one in at.glob("0*.py")} for at in (folder, then))
        if now_has > then_had:
            leaves[room.label] = max(then_had, default="zero")
    return Former(place, leaves)


@dataclass
class House:
    former: Former
    office: Office
    place: Path

    def migrate(self) -> subprocess.Popen[bytes]:
        """Today's code brings the tables up to date, in a process of its own."""
        return subprocess.Popen(
            [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
            cwd=ROOT, env=self.office.environment,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with ExitStack() as stack:
        place = Path(stack.enter_context(TemporaryDirectory(prefix="fengqiao-upgrade-")))
        place.chmod(0o755)
        former = take_former(place / "former")
        postgres, redis = Postgres(place / "postgres"), Redis(place)
        postgres.make()
        stack.enter_context(running(postgres))
        stack.enter_context(running(redis))
        office = open_office(
            place, DATABASE_URL=postgres.url, REDIS_URL=redis.url, SERVER_PROCESSES="2",
            FAREWELL_SECONDS="1",
        )  # fmt: skip
        postgres.keep()
        yield House(former, office, place)


def test_release_replaces_the_former_one_without_a_failed_request(house: House) -> None:
    seed = random.randrange(10**9)
    chance = random.Random(seed)
    spelt = [f"{label}:{name}" for label, name in house.former.leaves.items()]
    python("tests.faults.staff", "go_back", *spelt, env=house.office.environment)
    old = Server(house.place, environment=house.office.environment, code=house.former.code)
    new = Server(house.place, environment=house.office.environment)
    with running(old), Load(house.office, [old]) as load:
        until("the former release registers", lambda: len(load.told) > 3)
        for _ in range(KILLS):
            interrupted = house.migrate()
            time.sleep(chance.uniform(0, 4))
            interrupted.send_signal(signal.SIGKILL)
            interrupted.wait()
        code = house.migrate().wait()
        migrated = len(load.told)
        until("it goes on on new tables", lambda: len(load.told) > migrated + 3)
        beside = is_ready(old)
        with running(new):
            until("the new one is ready", lambda: is_ready(new))
            load.move(old, new)
            old.stop()
            moved = len(load.told)
            until("the new release registers", lambda: len(load.told) > moved + 3)
            load.stop()

    assert len(house.former.leaves) >= 3
    assert (code, beside) == (0, True), f"seed {seed}"
    assert (load.refusals, load.unanswered) == ({}, 0), f"seed {seed}"
    assert load.told <= house.office.numbers()
