"""Set the environment of the suite before Django is configured."""

import os
from typing import Any

import pytest

os.environ["FENGQIAO_ENV"] = "test"

from mediation.core import sqlite_engine

sqlite_engine.install()

# What shares something dear (a seeded demonstration, a browser, servers of its own) stays on one worker.
# By address: xdist 3.8 names its own groups by an attribute that pytest 9.2 no longer has.
TOGETHER = (
    "tests/browser/",
    "tests/faults/test_outage.py",
    "tests/jobs/test_seed.py",
    "tests/jobs/test_seed_bulk.py",
    "tests/jobs/test_seed_past.py",
)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Hand out test by test, but what belongs together as one piece."""
    from xdist.scheduler import LoadScopeScheduling

    class Together(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return next((place for place in TOGETHER if nodeid.startswith(place)), nodeid)

    return Together(config, log)
