"""The bundled engine tells its limits as the standard library's does: Django 6.1 asks for them."""

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
