"""Rows written with a known shape are the rows that the ORM would have written."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from mediation.accounts.models import Person
from mediation.core import rows
from mediation.disputes.models import Submission
from mediation.notifications.models import InboxCursor

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def submission(key: str) -> Submission:
    return Submission(
        person_id=None,
        scope="resident",
        key=key,
        body_hash="0" * 64,
        answer={"喆": [1]},
        created_at=NOW,
    )


def test_insert_sets_the_key_and_every_column(django_assert_num_queries):
    row = submission("a")

    with django_assert_num_queries(1):
        rows.insert(row)

    kept = Submission.objects.get()
    assert (row.pk, row._state.adding) == (kept.pk, False)
    assert (kept.key, kept.answer, kept.created_at) == ("a", {"喆": [1]}, NOW)


def test_many_rows_get_the_keys_of_their_own_lines(django_assert_num_queries):
    many = [submission(f"m{number}") for number in range(rows.AT_ONCE + 5)]

    with django_assert_num_queries(2):
        rows.insert_all(many)

    kept = dict(Submission.objects.values_list("key", "pk"))
    assert kept == {row.key: row.pk for row in many}
    assert not any(row._state.adding for row in many)


def test_many_rows_with_given_keys():
    people = [Person.objects.create(username=f"u{number}") for number in range(3)]

    rows.insert_all([InboxCursor(person=person, latest=person.pk) for person in people])

    kept = dict(InboxCursor.objects.values_list("person_id", "latest"))
    assert kept == {person.pk: person.pk for person in people}


def test_no_rows_are_no_statement(django_assert_num_queries):
    with django_assert_num_queries(0):
        rows.insert_all([])


def test_constraints_hold():
    rows.insert(submission("a"))

    with pytest.raises(IntegrityError), transaction.atomic():
        rows.insert(submission("a"))

    assert Submission.objects.count() == 1


def test_update_counts_what_matched():
    person = Person.objects.create(username="mei", name="Mei")

    changed = rows.update(Person, {"name": "梅", "access_stamp": 7}, where={"id": person.pk})
    missed = rows.update(Person, {"name": "x"}, where={"id": person.pk, "access_stamp": 1})

    person.refresh_from_db()
    assert (changed, missed, person.name, person.access_stamp) == (1, 0, "梅", 7)


def test_upsert_inserts_then_overwrites():
    person = Person.objects.create(username="mei", name="Mei")
    cursor = InboxCursor(person=person, latest=1)
    rows.upsert(cursor)
    cursor.latest = 5

    rows.upsert(cursor)

    assert list(InboxCursor.objects.values_list("person_id", "latest")) == [(person.pk, 5)]


def test_save_writes_the_named_columns_alone():
    person = Person.objects.create(username="mei", name="Mei")
    person.name, person.username = "梅", "mei2"

    rows.save(person, "name")

    person.refresh_from_db()
    assert (person.name, person.username) == ("梅", "mei")


def test_gathered_rows_wait_until_the_end(django_assert_num_queries):
    with rows.gathered(), django_assert_num_queries(0):
        rows.insert_later(submission("a"))
        rows.insert_later(submission("b"))

    assert set(Submission.objects.values_list("key", flat=True)) == {"a", "b"}


def test_whoever_reads_finds_what_was_written_before():
    with rows.gathered():
        rows.insert_later(submission("a"))
        seen = Submission.objects.count()
        changed = Submission.objects.update(scope="other")

    assert (seen, changed) == (1, 1)


def test_row_keeps_the_values_of_the_moment_it_was_written():
    row = submission("a")

    with rows.gathered():
        rows.insert_later(row)
        row.key = "b"

    assert Submission.objects.get().key == "a"


def test_what_a_block_raises_drops_its_rows():
    def write() -> None:
        with transaction.atomic(), rows.gathered():
            rows.insert_later(submission("a"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write()
    rows.insert_later(submission("b"))  # nothing is gathered any more

    assert list(Submission.objects.values_list("key", flat=True)) == ["b"]
