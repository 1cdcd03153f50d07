"""Registers case after case until it is killed. Notes each number on disk once it was told.

``python -m tests.faults.writer ACKS SEED``; run by the kill loop in a process of its own.
"""

import os
import sys
import threading

os.environ["FENGQIAO_ENV"] = "test"

from mediation.core import sqlite_engine

sqlite_engine.install()

import django  # noqa: E402 -- the engine must be chosen before Django opens a database

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mediation.config.settings")
django.setup()

from mediation.core import clock  # noqa: E402 -- after django.setup
from mediation.core.errors import Busy  # noqa: E402 -- see above
from tests.factories import build_cast  # noqa: E402 -- see above
from tests.factories.cases import application  # noqa: E402 -- see above
from workflows.engine import Command, execute  # noqa: E402 -- see above


def write_on(acks: int, worker: str, actor: object) -> None:
    """One client: what it was told is noted, in order, before it asks for the next."""
    turn = 0
    while True:
        turn += 1
        command = Command("register", data=application(), key=f"{worker}-{turn}")
        try:
            outcome = execute(command, actor, now=clock.now())  # type: ignore[arg-type] -- an Actor
        except Busy:
            continue
        os.write(acks, f"{outcome.number}\n".encode())


def main(path: str, seed: str) -> None:
    acks = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_SYNC)
    actor = build_cast().wang
    for worker in range(3):
        threading.Thread(target=write_on, args=(acks, f"{seed}-{worker}", actor)).start()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
