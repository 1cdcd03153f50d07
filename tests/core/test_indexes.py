"""What begins another index has none of its own, and the other one is used in its place."""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import ForeignKey, QuerySet

from mediation.accounts.models import AccessChange, Duty
from mediation.disputes.models import Dispute, Event, Party
from mediation.documents.models import Document
from mediation.oversight.models import Look
from mediation.reports.models import Wait

pytestmark = pytest.mark.django_db


@pytest.fixture
def _no_table_is_read_whole(db: None) -> None:
    """As PostgreSQL prefers to while it is empty."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")


def own_index(table: str, column: str) -> set[str]:
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, table)
    return {name for name, one in found.items() if one["index"] and one["columns"] == [column]}


def test_key_that_asks_for_no_index_has_none():
    keys = [
        (model, field)
        for model in apps.get_models()
        for field in model._meta.local_concrete_fields
        if isinstance(field, ForeignKey) and not field.db_index and not field.unique
    ]
    left = {
        f"{model._meta.db_table} ({field.column})": found
        for model, field in keys
        if (found := own_index(model._meta.db_table, field.column))
        - {index.name for index in model._meta.indexes}
    }

    assert len(keys) > 20
    assert left == {}


Question = Callable[[], QuerySet[Any]]
QUESTIONS: list[tuple[str, Question]] = [
    ("event_version_once", lambda: Event.objects.filter(dispute=1).order_by("version")),
    ("event_version_once", lambda: Event.objects.filter(dispute__in=[1, 2])),
    ("event_actor_at", lambda: Event.objects.filter(actor=1).order_by("-at", "-pk")),
    ("party_ordinal_once", lambda: Party.objects.filter(dispute=1).order_by("ordinal")),
    ("dispute_mediator", lambda: Dispute.objects.filter(mediator=1).order_by("-pk")),
    ("dispute_registered_by", lambda: Dispute.objects.filter(registered_by=1).order_by("-pk")),
    ("access_change_of_person", lambda: AccessChange.objects.filter(person=1).order_by("-pk")),
    ("duty_area_role", lambda: Duty.objects.filter(area=1)),
    ("document_version_once", lambda: Document.objects.filter(dispute=1).order_by()),
    ("look_at_case", lambda: Look.objects.filter(dispute=1).order_by()),
    ("wait_once", lambda: Wait.objects.filter(dispute=1).order_by()),
]


@pytest.mark.usefixtures("_no_table_is_read_whole")
@pytest.mark.parametrize(("index", "question"), QUESTIONS)
def test_question_reads_the_index_that_is_left(index: str, question: Question) -> None:
    rows = question()

    plan = rows.explain()

    # SQLite has names of its own for what is unique.
    by_index = f"SEARCH {rows.model._meta.db_table} USING INDEX"
    assert (index if connection.vendor == "postgresql" else by_index) in plan
    assert "TEMP B-TREE" not in plan


@pytest.mark.usefixtures("_no_table_is_read_whole")
def test_newest_cases_are_read_backwards_by_their_key() -> None:
    plan = Dispute.objects.order_by("-pk")[:50].explain()

    assert "disputes_dispute_pkey" in plan or "SCAN disputes_dispute" in plan
    assert "Sort" not in plan
    assert "TEMP B-TREE" not in plan
