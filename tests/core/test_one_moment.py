"""Sums are read from one state of the database, and planned for the very area that is asked for."""

import pytest
from django.db import connection

from mediation.core.db import one_moment


def _setting(name: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SHOW {name}")
        return str(cursor.fetchone()[0])


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_one_moment_reads_one_state_with_plans_of_its_own() -> None:
    with one_moment():
        inside = _setting("transaction_isolation"), _setting("plan_cache_mode")

    assert inside == ("repeatable read", "force_custom_plan")
    assert (_setting("transaction_isolation"), _setting("plan_cache_mode")) == (
        "read committed",
        "auto",
    )
