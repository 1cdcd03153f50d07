"""Foreign keys without an index of their own where another index begins with them.

``DROP INDEX`` and nothing else: to alter the column, SQLite would copy the whole table. Each by itself: whoever
locks several tables at once and a step of a case would wait for each other.
"""

import django.db.models.deletion
from django.db import migrations, models

DROPPED = {
    "tie_mediator": "mediation_sessions_tie (mediator_id)",
    "mediation_sessions_caucusnote_dispute_id_9eef80db": "mediation_sessions_caucusnote (dispute_id)",
    "mediation_sessions_committee_area_id_753d94c5": "mediation_sessions_committee (area_id)",
    "mediation_sessions_draft_dispute_id_3f69ac5c": "mediation_sessions_draft (dispute_id)",
    "mediation_sessions_participant_dispute_id_2e34243f": "mediation_sessions_participant (dispute_id)",
}


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("areas", "0002_outline"),
        ("disputes", "0009_one_index_for_one_question"),
        ("mediation_sessions", "0003_defaults_in_the_database"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveIndex(
                    model_name="tie",
                    name="tie_mediator",
                ),
                migrations.AlterField(
                    model_name="caucusnote",
                    name="dispute",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="caucus_notes",
                        to="disputes.dispute",
                    ),
                ),
                migrations.AlterField(
                    model_name="committee",
                    name="area",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="committees",
                        to="areas.area",
                    ),
                ),
                migrations.AlterField(
                    model_name="draft",
                    name="dispute",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="disputes.dispute",
                    ),
                ),
                migrations.AlterField(
                    model_name="participant",
                    name="dispute",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="participants",
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
