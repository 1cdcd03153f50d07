"""Empties the demonstration, so that it can be loaded anew. Never touches anything else."""

from collections import Counter

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, transaction

from mediation.core import vault
from mediation.core.db import write
from mediation.disputes import triggers
from mediation.disputes.models import Dispute

# What ``migrate`` writes and nobody changes.
KEPT = {"django_migrations", "django_content_type", "auth_permission"}
FIRST_DEMO_DIGIT = "9"
"""Communities from 901 on exist nowhere; whatever happened in them is invented."""


class NotOnlyDemo(Exception):
    """There are cases of real communities: nothing is deleted."""


def wipe() -> Counter[str]:
    """Delete every row of every table and the files they named. Raises ``NotOnlyDemo``."""
    real = Dispute.objects.exclude(area_code__regex=rf"^\d{{9}}{FIRST_DEMO_DIGIT}")
    if real.exists():
        raise NotOnlyDemo
    tables = [name for name in _tables() if name not in KEPT]
    counted = _counted(tables)
    with write():
        connection.check_constraints()  # a table with checks still pending cannot be emptied
        with connection.cursor() as cursor:
            for statement in triggers.statements():
                if statement.startswith("DROP TRIGGER"):
                    cursor.execute(statement)
        for sql in connection.ops.sql_flush(no_style(), tables, reset_sequences=True):
            with connection.cursor() as cursor:
                cursor.execute(sql)
        triggers.install()
        transaction.on_commit(vault.clear, robust=True)  # the rows that named them are gone
    return counted


def _tables() -> list[str]:
    present = set(connection.introspection.table_names())
    models = apps.get_models(include_auto_created=True)
    return sorted({model._meta.db_table for model in models} & present)


def _counted(tables: list[str]) -> Counter[str]:
    found: Counter[str] = Counter()
    for table in tables:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT COUNT(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608 -- our own names
            found[table] = cursor.fetchone()[0]
    return found
