"""PostgreSQL learns that a case without a day of closing is one in an open status.

``IS_OPEN`` says it twice, for the index; taken for two chances the open cases are a fortieth of what they are,
and a page of them is sorted out of all instead of walked.
"""

from django.db import migrations

KNOWN = (
    "CREATE STATISTICS IF NOT EXISTS dispute_open (mcv) ON closed_at, status FROM disputes_dispute"
)


def count_once(apps, schema_editor):
    _on_postgresql(schema_editor, KNOWN)


def count_twice(apps, schema_editor):
    _on_postgresql(schema_editor, "DROP STATISTICS IF EXISTS dispute_open")


def _on_postgresql(schema_editor, statement):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("disputes", "0007_areas_counted_finely")]

    operations = [migrations.RunPython(count_once, count_twice)]
