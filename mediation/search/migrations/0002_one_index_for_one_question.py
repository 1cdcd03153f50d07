"""Foreign keys without an index of their own where another index begins with them.

``DROP INDEX`` and nothing else: to alter the column, SQLite would copy the whole table. Each by itself: whoever
locks several tables at once and a step of a case would wait for each other.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

DROPPED = {
    "search_question_person_id_27e8b8d4": "search_question (person_id)",
}


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("search", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="question",
                    name="person",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="questions",
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
