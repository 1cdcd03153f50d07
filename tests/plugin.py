"""Set the environment of the suite before Django is configured."""

import os

os.environ["FENGQIAO_ENV"] = "test"

from mediation.core import sqlite_engine

sqlite_engine.install()
