"""What a sabotage is."""

from typing import NamedTuple


class Sabotage(NamedTuple):
    """``before`` becomes ``after`` in ``file``; ``tests`` are asked whether they notice."""

    what: str
    file: str
    before: str
    after: str
    tests: str
    # SQLite has one writer, so a missing lock shows on PostgreSQL alone.
    postgres: bool = False
