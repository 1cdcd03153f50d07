"""A command may tell a thousand people: what each of their rows makes the database do."""

import pytest
from django.db import connection

from mediation.notifications.models import InboxCursor, Notice


@pytest.mark.django_db
def test_no_index_of_notices_is_the_beginning_of_another_whole_one() -> None:
    with connection.cursor() as cursor:
        known = connection.introspection.get_constraints(cursor, Notice._meta.db_table)

    whole = sorted(
        one["columns"] for name, one in known.items() if one["index"] or one["unique"] or one["primary_key"]
        if name != "notice_unread"  # of the unread alone
    )  # fmt: skip
    assert whole == [["dispute_id"], ["id"], ["person_id", "seq"]]


@pytest.mark.django_db
def test_a_notice_is_bound_to_its_person_through_the_row_of_his_numbers() -> None:
    """So that nothing but the delivery, which takes the person from there, may write one."""
    with connection.cursor() as cursor:
        bound = connection.introspection.get_relations(cursor, InboxCursor._meta.db_table)

    assert bound["person_id"][:2] == ("id", "accounts_person")


@pytest.mark.postgres
@pytest.mark.django_db
def test_a_row_of_numbers_has_room_for_its_next_version_beside_it() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT reloptions FROM pg_class WHERE relname = %s", [InboxCursor._meta.db_table]
        )
        assert cursor.fetchone() == (["fillfactor=25"],)
