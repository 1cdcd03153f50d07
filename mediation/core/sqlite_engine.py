"""Use the SQLite engine that ships with us instead of the system's.

Engines before 3.51.3 can lose committed pages when two connections checkpoint the same write-ahead
log; Debian 12 links 3.40. ``pysqlite3`` bundles a current one under another module name.
"""

import sys

MINIMUM = (3, 51, 3)


def install() -> None:
    """Let ``import sqlite3`` mean the bundled engine. Call before Django opens a database."""
    if "sqlite3" in sys.modules and sys.modules["sqlite3"].__name__ == "pysqlite3":
        return
    import pysqlite3
    import pysqlite3.dbapi2

    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2
