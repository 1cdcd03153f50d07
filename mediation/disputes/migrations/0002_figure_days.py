from django.db import migrations, models
from django.db.models import Max, OuterRef, Subquery
from django.utils import timezone


def fill(apps, schema_editor):
    """The days of cases that are there already, from their agreements and events."""
    Dispute = apps.get_model("disputes", "Dispute")
    Agreement = apps.get_model("agreements", "Agreement")
    Event = apps.get_model("disputes", "Event")
    effective = (
        Agreement.objects.filter(dispute_id=OuterRef("pk"), effective_on__isnull=False)
        .order_by()
        .values("dispute_id")
        .annotate(latest=Max("effective_on"))
        .values("latest")
    )
    Dispute.objects.filter(agreements__effective_on__isnull=False).update(
        effective_on=Subquery(effective)
    )
    done = {"performed_on": ("fulfil", "settle_on_spot"), "rebound_on": ("reopen",)}
    for column, commands in done.items():
        rows = (
            Event.objects.filter(command__in=commands)
            .order_by()
            .values_list("dispute_id")
            .annotate(latest=Max("at"))
        )
        if column == "rebound_on":
            rows = rows.filter(payload__ground="rebound")
        for key, at in list(rows):
            cases = Dispute.objects.filter(pk=key)
            if column == "performed_on":
                cases = cases.filter(status__in=["close_review", "closed", "archived"])
            cases.update(**{column: timezone.localtime(at).date()})


class Migration(migrations.Migration):
    dependencies = [("disputes", "0001_initial"), ("agreements", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="dispute",
            name="effective_on",
            field=models.DateField(blank=True, null=True, verbose_name="Agreement effective on"),
        ),
        migrations.AddField(
            model_name="dispute",
            name="performed_on",
            field=models.DateField(blank=True, null=True, verbose_name="Performed on"),
        ),
        migrations.AddField(
            model_name="dispute",
            name="rebound_on",
            field=models.DateField(blank=True, null=True, verbose_name="Came back on"),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
