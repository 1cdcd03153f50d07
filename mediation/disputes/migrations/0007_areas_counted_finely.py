"""PostgreSQL learns how many cases a subdistrict has, not only a district.

Codes of areas lie close together and far apart: a histogram of a hundred steps takes the cases of a
subdistrict for a hundredth of what they are. A thousand steps are about one for each subdistrict of a province.
"""

from django.db import migrations

STEPS = "ALTER TABLE disputes_dispute ALTER COLUMN area_code SET STATISTICS %s"


def count_finely(apps, schema_editor):
    _set_steps(schema_editor, 1000)


def count_as_usual(apps, schema_editor):
    _set_steps(schema_editor, -1)


def _set_steps(schema_editor, steps):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(STEPS % steps)


class Migration(migrations.Migration):
    dependencies = [("disputes", "0006_sensitive_cases")]

    operations = [migrations.RunPython(count_finely, count_as_usual)]
