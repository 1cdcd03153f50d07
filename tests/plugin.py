"""Set the environment of the suite before Django is configured."""

import os

os.environ["FENGQIAO_ENV"] = "test"

from mediation.core import sqlite_engine  # noqa: E402 -- the engine must be chosen before Django

sqlite_engine.install()
