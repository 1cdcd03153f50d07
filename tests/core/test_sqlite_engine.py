"""The bundled engine tells its limits and keeps what it ran last, as the standard library's does."""

import sqlite3

import pytest

from mediation.core import sqlite_engine


@pytest.fixture
def engine():
    connection = sqlite3.connect(":memory:", factory=sqlite_engine.connection_class())
    yield connection
    connection.close()


def test_the_limit_of_variables_is_where_the_engine_refuses(engine):
    limit = engine.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER)

    def ask(count: int):
        marks = ",".join("?" * count)
        return engine.execute(f"SELECT 1 WHERE 1 IN ({marks})", [1] * count)

    assert ask(limit).fetchone() is not None
    with pytest.raises(sqlite3.OperationalError, match="variable"):
        ask(limit + 1)


def test_the_limit_of_columns_is_where_the_engine_refuses(engine):
    limit = engine.getlimit(sqlite3.SQLITE_LIMIT_COLUMN)

    engine.execute(f"CREATE TABLE wide ({','.join(f'c{n}' for n in range(limit))})")
    with pytest.raises(sqlite3.OperationalError, match="columns"):
        engine.execute(f"CREATE TABLE wider ({','.join(f'c{n}' for n in range(limit + 1))})")


def test_what_is_new_stays_ready_when_much_older_was_asked_for_often(engine):
    def ask(numbers: range) -> int:
        before = engine._ready.cache_info().misses
        for number in numbers:
            assert engine.execute(f"SELECT {number} + ?", [1]).fetchone() == (number + 1,)
        return engine._ready.cache_info().misses - before

    for _ in range(3):
        ask(range(2 * sqlite_engine.KEPT_STATEMENTS))
    new = range(10_000, 10_090)

    assert ask(new) == len(new)
    assert ask(new) == 0


def test_a_statement_that_is_still_read_can_be_asked_again(engine):
    sql = "SELECT value FROM json_each('[1, 2, 3]')"
    first = engine.execute(sql)
    assert first.fetchone() == (1,)

    assert engine.execute(sql).fetchall() == [(1,), (2,), (3,)]
    assert first.fetchall() == [(2,), (3,)]


def test_a_statement_that_is_ready_sees_a_changed_table(engine):
    engine.execute("CREATE TABLE shelf (book)")
    engine.execute("INSERT INTO shelf VALUES ('a')")
    assert engine.execute("SELECT * FROM shelf").fetchall() == [("a",)]

    engine.execute("ALTER TABLE shelf ADD COLUMN place DEFAULT 'top'")

    assert engine.execute("SELECT * FROM shelf").fetchall() == [("a", "top")]
