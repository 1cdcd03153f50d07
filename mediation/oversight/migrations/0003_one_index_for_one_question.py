"""Foreign keys without an index of their own where another index begins with them.

``DROP INDEX`` and nothing else: to alter the column, SQLite would copy the whole table. Each by itself: whoever
locks several tables at once and a step of a case would wait for each other.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

DROPPED = {
    "oversight_look_dispute_id_9f139c2d": "oversight_look (dispute_id)",
    "oversight_look_person_id_be6bd895": "oversight_look (person_id)",
}


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("disputes", "0009_one_index_for_one_question"),
        ("oversight", "0002_retention"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="look",
                    name="dispute",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="disputes.dispute",
                    ),
                ),
                migrations.AlterField(
                    model_name="look",
                    name="person",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
