"""A thousand notices at once: what every row paid and nothing needed.

``notice_seq_once`` begins with the person and finds all that an index of the person alone would. The row of
the numbers, from which a notice takes its person, is itself bound to him; a second check for each notice cost
a third of the commit. And a row of numbers changes with every notice: with room left on its page the new
version stays there, and the index need not hear of it.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

PERSON = "notifications_notice_person_id_d7ad3aad"


def lighten(apps, schema_editor) -> None:
    schema_editor.execute(f"DROP INDEX IF EXISTS {PERSON}")
    # SQLite would have to copy the table, and checks a key for next to nothing.
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "ALTER TABLE notifications_notice"
            f" DROP CONSTRAINT IF EXISTS {PERSON}_fk_accounts_person_id"
        )
        schema_editor.execute("ALTER TABLE notifications_inboxcursor SET (fillfactor = 25)")


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0001_initial"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="notice",
                    name="person",
                    field=models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notices",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            database_operations=[migrations.RunPython(lighten, migrations.RunPython.noop)],
        ),
    ]
