"""Works a backlog off until it is killed: ``python -m tests.faults.ticking JOB``; run by the kill loop."""

import os
import sys

os.environ["FENGQIAO_ENV"] = "test"

from mediation.core import sqlite_engine

sqlite_engine.install()

import django  # noqa: E402 -- the engine must be chosen before Django opens a database

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mediation.config.settings")
django.setup()

from mediation.core import clock  # noqa: E402 -- after django.setup
from workflows import ticker  # noqa: E402 -- see above


def main(job: str) -> None:
    while True:
        ticker.JOBS[job](clock.now())


if __name__ == "__main__":
    main(sys.argv[1])
