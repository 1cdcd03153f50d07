"""What is set for the databases does what it is set for."""

import pytest
from django.db import connection

from mediation.config.databases import CACHED_STATEMENTS
from mediation.jobs.bench import command


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL keeps its plans itself")
def test_sqlite_keeps_every_statement_of_a_whole_case_ready() -> None:
    """Going round a cache that is too small finds nothing in it; more than half is left to the pages."""
    people = command._people()
    kept = connection.settings_dict["OPTIONS"]["cached_statements"]
    asked = set()

    def note(execute, sql, *rest):
        if "SAVEPOINT" not in sql:  # the transaction of the test is around ours
            asked.add(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        command._story(people, 1, command.datetime_of(command.DAY))

    assert kept == CACHED_STATEMENTS
    assert 80 < len(asked) < kept / 2
