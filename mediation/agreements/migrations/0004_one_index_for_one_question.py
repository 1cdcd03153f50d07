"""Foreign keys without an index of their own where another index begins with them.

``DROP INDEX`` and nothing else: to alter the column, SQLite would copy the whole table. Each by itself: whoever
locks several tables at once and a step of a case would wait for each other.
"""

import django.db.models.deletion
from django.db import migrations, models

DROPPED = {
    "agreements_agreementversion_dispute_id_a9d196b6": "agreements_agreementversion (dispute_id)",
    "agreements_obligation_agreement_id_10f1a587": "agreements_obligation (agreement_id)",
}


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("agreements", "0003_undone_obligations"),
        ("disputes", "0009_one_index_for_one_question"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="agreementversion",
                    name="dispute",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="agreement_versions",
                        to="disputes.dispute",
                    ),
                ),
                migrations.AlterField(
                    model_name="obligation",
                    name="agreement",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="obligations",
                        to="agreements.agreement",
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
