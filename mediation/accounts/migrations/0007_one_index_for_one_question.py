"""Foreign keys without an index of their own where another index begins with them.

``DROP INDEX`` and nothing else: to alter the column, SQLite would copy the whole table. Each by itself: whoever
locks several tables at once and a step of a case would wait for each other.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

DROPPED = {
    "accounts_accesschange_area_id_8f5e53a5": "accounts_accesschange (area_id)",
    "accounts_accesschange_person_id_d1b455f7": "accounts_accesschange (person_id)",
    "accounts_duty_area_id_44152ed1": "accounts_duty (area_id)",
}


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("accounts", "0006_calendar_taken"),
        ("areas", "0002_outline"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="accesschange",
                    name="area",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="areas.area",
                    ),
                ),
                migrations.AlterField(
                    model_name="accesschange",
                    name="person",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="access_changes",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AlterField(
                    model_name="duty",
                    name="area",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="duties",
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
