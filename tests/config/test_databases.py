"""What is set for the databases does what it is set for."""

import pytest
from django.db import connection

from mediation.core.sqlite_engine import KEPT_STATEMENTS
from mediation.jobs.bench import command


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL keeps its plans itself")
def test_sqlite_parses_no_statement_of_a_whole_case_twice() -> None:
    """The connection that set everything up has run many others before, as one that serves pages has."""
    people = command._people()
    asked: set[str] = set()
    news: list[str] = []

    def note(execute, sql, *rest):
        news.extend({sql} - asked)
        asked.add(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        command._story(people, 1, command.datetime_of(command.DAY))
        news.clear()
        parsed = connection.connection._ready.cache_info().misses
        command._story(people, 2, command.datetime_of(command.DAY - command.APART))

    assert all("SAVEPOINT" in sql for sql in news)  # each has a name of its own
    assert connection.connection._ready.cache_info().misses == parsed + len(news)
    assert 80 < len(asked) < KEPT_STATEMENTS / 2  # more than half is left to the pages
