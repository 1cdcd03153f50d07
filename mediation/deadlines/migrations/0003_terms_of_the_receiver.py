"""What a petition office owes after a referral of ours runs under the terms of the receiver, not under ours."""

from django.db import migrations

OWED_BY_THE_RECEIVER = {"X03": "X01", "X05": "X05A"}
WAITING = ["armed", "paused", "fired"]


def give_away(apps, schema_editor):
    """Terms of ours came with an order and say so in their subject."""
    _rename(apps, OWED_BY_THE_RECEIVER)


def take_back(apps, schema_editor):
    _rename(apps, {theirs: ours for ours, theirs in OWED_BY_THE_RECEIVER.items()})


def _rename(apps, names):
    clocks = apps.get_model("deadlines", "Deadline").objects
    for old, new in names.items():
        clocks.filter(rule=old, subject="", state__in=WAITING).update(rule=new)


class Migration(migrations.Migration):
    dependencies = [("deadlines", "0002_clock_held_since")]

    operations = [migrations.RunPython(give_away, take_back)]
