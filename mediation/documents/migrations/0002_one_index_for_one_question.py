"""Foreign keys without an index of their own where another index begins with them.

``DROP INDEX`` and nothing else: to alter the column, SQLite would copy the whole table. Each by itself: whoever
locks several tables at once and a step of a case would wait for each other.
"""

import django.db.models.deletion
from django.db import migrations, models

DROPPED = {
    "documents_document_dispute_id_2f29ab21": "documents_document (dispute_id)",
    "documents_look_dispute_id_a3b34a54": "documents_look (dispute_id)",
    "documents_template_area_id_d37d5735": "documents_template (area_id)",
}


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("areas", "0002_outline"),
        ("disputes", "0009_one_index_for_one_question"),
        ("documents", "0001_initial"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="document",
                    name="dispute",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="documents",
                        to="disputes.dispute",
                    ),
                ),
                migrations.AlterField(
                    model_name="look",
                    name="dispute",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="looks",
                        to="disputes.dispute",
                    ),
                ),
                migrations.AlterField(
                    model_name="template",
                    name="area",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="areas.area",
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
