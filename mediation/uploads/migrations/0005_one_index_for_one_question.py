"""Foreign keys without an index of their own where another index begins with them.

``DROP INDEX`` and nothing else: to alter the column, SQLite would copy the whole table. Each by itself: whoever
locks several tables at once and a step of a case would wait for each other.
"""

import django.db.models.deletion
from django.db import migrations, models

DROPPED = {
    "uploads_upload_dispute_id_10ea10c6": "uploads_upload (dispute_id)",
}


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("disputes", "0009_one_index_for_one_question"),
        ("uploads", "0004_upload_scanned_at"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="upload",
                    name="dispute",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="uploads",
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
