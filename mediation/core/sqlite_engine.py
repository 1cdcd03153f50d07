"""Use the SQLite engine that ships with us instead of the system's.

Engines before 3.51.3 can lose committed pages when two connections checkpoint the same write-ahead
log; Debian 12 links 3.40. ``pysqlite3`` bundles a current one under another module name.
"""

import sys
from contextlib import closing
from functools import cache, lru_cache
from typing import Any

MINIMUM = (3, 51, 3)


def install() -> None:
    """Let ``import sqlite3`` mean the bundled engine. Call before Django opens a database."""
    if "sqlite3" in sys.modules and sys.modules["sqlite3"].__name__ == "pysqlite3":
        return
    import pysqlite3
    import pysqlite3.dbapi2

    for name, (number, _, _) in LIMITS.items():
        setattr(pysqlite3, name, number)
    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2


# What Django 6.1 asks a connection for, and the bundled engine's binding does not tell: the number by which
# SQLite knows the limit, the compile option that sets it, and SQLite's own value without that option.
LIMITS = {
    "SQLITE_LIMIT_COLUMN": (2, "MAX_COLUMN", 2_000),
    "SQLITE_LIMIT_VARIABLE_NUMBER": (9, "MAX_VARIABLE_NUMBER", 32_766),
}


@cache
def _limits() -> dict[int, int]:
    import pysqlite3

    with closing(pysqlite3.connect(":memory:")) as connection:
        options = dict(
            row[0].split("=", 1)
            for row in connection.execute("PRAGMA compile_options")
            if "=" in row[0]
        )
    return {number: int(options.get(option, usual)) for number, option, usual in LIMITS.values()}


KEPT_STATEMENTS = 512
"""Statements a connection keeps ready to run. A plain case takes some ninety different ones through its life
and every page its own; parsing one anew takes longer than running it."""


def connection_class() -> Any:
    """A connection of the bundled engine with two things that the standard library's has.

    It can tell its limits. And it keeps the statements it ran last: the binding's own cache throws away
    the one asked for least often, which is always the newest once the others were asked for twice. From
    there on whatever is new is parsed anew each time.
    """
    import pysqlite3

    class Connection(pysqlite3.Connection):  # type: ignore[misc]  # untyped package
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self._ready = lru_cache(KEPT_STATEMENTS)(super().__call__)

        def __call__(self, sql: str) -> Any:
            """What the binding calls for a statement that its own cache does not know."""
            return self._ready(sql)

        def getlimit(self, category: int) -> int:
            return _limits()[category]

    return Connection
