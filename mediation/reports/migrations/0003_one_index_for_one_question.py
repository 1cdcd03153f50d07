"""Foreign keys without an index of their own where another index begins with them.

``DROP INDEX`` and nothing else: to alter the column, SQLite would copy the whole table. Each by itself: whoever
locks several tables at once and a step of a case would wait for each other.
"""

import django.db.models.deletion
from django.db import migrations, models

DROPPED = {
    "reports_stray_dispute_id_93750d58": "reports_stray (dispute_id)",
    "reports_wait_dispute_id_503f8192": "reports_wait (dispute_id)",
}


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("disputes", "0009_one_index_for_one_question"),
        ("reports", "0002_waits"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="stray",
                    name="dispute",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="strays",
                        to="disputes.dispute",
                    ),
                ),
                migrations.AlterField(
                    model_name="wait",
                    name="dispute",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="waits",
                        to="disputes.dispute",
                    ),
                ),
            ],
            database_operations=[
                migrations.RunSQL(
                    [f"DROP INDEX IF EXISTS {name}" for name in DROPPED],
                    [
                        f"CREATE INDEX IF NOT EXISTS {name} ON {where}"
                        for name, where in DROPPED.items()
                    ],
                )
            ],
        ),
    ]
