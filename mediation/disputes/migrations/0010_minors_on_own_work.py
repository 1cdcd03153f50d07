"""Who is 16 or 17 and lives on his own work acts for himself (Civil Code art. 18(2))."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("disputes", "0009_one_index_for_one_question"),
    ]

    operations = [
        migrations.AddField(
            model_name="party",
            name="lives_on_own_work",
            field=models.BooleanField(
                db_default=False, default=False, verbose_name="16 or 17, lives on own work"
            ),
        ),
    ]
