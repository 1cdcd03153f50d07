"""Foreign keys without an index of their own where another index begins with them.

``DROP INDEX`` and nothing else: to alter the column, SQLite would copy the whole table. Each by itself: whoever
locks several tables at once and a step of a case would wait for each other.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

DROPPED = {
    "dispute_newest": "disputes_dispute (id DESC)",
    "disputes_casegrant_dispute_id_bbc5796b": "disputes_casegrant (dispute_id)",
    "disputes_dispute_mediator_id_68809956": "disputes_dispute (mediator_id)",
    "disputes_dispute_registered_by_id_7700c78e": "disputes_dispute (registered_by_id)",
    "disputes_event_actor_id_f3f79611": "disputes_event (actor_id)",
    "disputes_event_dispute_id_5ab10d2c": "disputes_event (dispute_id)",
    "disputes_party_dispute_id_8d1539e5": "disputes_party (dispute_id)",
}


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("disputes", "0008_open_cases_counted_once"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveIndex(
                    model_name="dispute",
                    name="dispute_newest",
                ),
                migrations.AlterField(
                    model_name="casegrant",
                    name="dispute",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="grants",
                        to="disputes.dispute",
                    ),
                ),
                migrations.AlterField(
                    model_name="dispute",
                    name="mediator",
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AlterField(
                    model_name="dispute",
                    name="registered_by",
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AlterField(
                    model_name="event",
                    name="actor",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AlterField(
                    model_name="event",
                    name="dispute",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="disputes.dispute",
                    ),
                ),
                migrations.AlterField(
                    model_name="party",
                    name="dispute",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parties",
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
