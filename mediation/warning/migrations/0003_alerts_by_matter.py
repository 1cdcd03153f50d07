from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """The open alert of a matter is looked for in every state but the last."""

    dependencies: ClassVar = [("warning", "0002_history_of_subdistricts")]

    operations: ClassVar = [
        migrations.RemoveIndex("alert", "alert_fold"),
        migrations.AddIndex("alert", models.Index(fields=["fold_key", "-id"], name="alert_fold")),
    ]
