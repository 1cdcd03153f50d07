"""Sums are read from one state of the database; only what commands ask is planned once for all values."""

import pytest
from django.db import connection

from mediation.core.db import PREPARED_AFTER, one_moment, write

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def _one(sql: str, *values: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return str(cursor.fetchone()[0])


def _ask_often(mark: str) -> int:
    """How many of its statements the server keeps after a question was asked again and again."""
    for number in range(PREPARED_AFTER + 2):
        _one(f"SELECT %s + 1 AS {mark}", number)
    known = (
        f"SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%%{mark}%%' OR %s = 1"
    )
    return int(_one(known, 0))


def test_one_moment_reads_one_state() -> None:
    with one_moment():
        inside = _one("SHOW transaction_isolation")

    assert (inside, _one("SHOW transaction_isolation")) == ("repeatable read", "read committed")


def test_what_commands_ask_is_prepared_and_what_pages_ask_is_not() -> None:
    before = _ask_often("asked_before")
    with write():
        inside = _ask_often("asked_inside")
    after = _ask_often("asked_after")

    assert (before, inside, after) == (0, 1, 0)


def test_no_page_waits_for_a_compiler() -> None:
    assert _one("SHOW jit") == "off"
