"""What figures are read from: sums per area and day, and what changed since they were last added up."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from mediation.disputes.models import Dispute


class FlowCell(models.Model):
    """What happened in one area on one day or in one month, by category: counts of cases.

    ``day`` of a month is its first. A sensitive case counts in a cell of its own, for not everybody
    may count it. Kept for every level from the province to the community; grids are counted as they are.
    """

    class Grain(models.TextChoices):
        DAY = "d", _("Day")
        MONTH = "m", _("Month")

    pk = models.CompositePrimaryKey("area_code", "grain", "day", "category", "sensitive")
    area_code = models.CharField(max_length=12)
    grain = models.CharField(max_length=1, choices=Grain.choices)
    day = models.DateField()
    category = models.CharField(max_length=2)
    sensitive = models.SmallIntegerField()
    registered = models.IntegerField(default=0)
    ended = models.IntegerField(default=0)
    closed = models.IntegerField(default=0)
    settled = models.IntegerField(default=0)
    minutes = models.BigIntegerField(default=0)
    effective = models.IntegerField(default=0)
    performed = models.IntegerField(default=0)
    rebounds = models.IntegerField(default=0)

    class Meta:
        verbose_name = _("Summary of a day")

    def __str__(self) -> str:
        return f"{self.area_code} {self.grain} {self.day} {self.category}"


class StockCell(models.Model):
    """How many open cases an area has now, by category, status and severity."""

    pk = models.CompositePrimaryKey("area_code", "category", "sensitive", "status", "severity")
    area_code = models.CharField(max_length=12)
    category = models.CharField(max_length=2)
    sensitive = models.SmallIntegerField()
    status = models.CharField(max_length=20)
    severity = models.SmallIntegerField()
    held = models.IntegerField(default=0)

    class Meta:
        verbose_name = _("Summary of open cases")

    def __str__(self) -> str:
        return f"{self.area_code} {self.category} {self.status}"


class FigureDelta(models.Model):
    """A case as it counts (``weight`` 1) or no longer counts (-1), since the cells were added up.

    Written by the database itself in the transaction of the command; cells and deltas together are exact.
    """

    weight = models.SmallIntegerField()
    area_code = models.CharField(max_length=15)
    category = models.CharField(max_length=2)
    sensitive = models.SmallIntegerField()
    status = models.CharField(max_length=20)
    severity = models.SmallIntegerField()
    registered_on = models.DateField()
    ended_on = models.DateField(null=True)
    closed = models.SmallIntegerField()
    settled = models.SmallIntegerField()
    minutes = models.IntegerField()
    effective_on = models.DateField(null=True)
    performed = models.SmallIntegerField()
    rebound_on = models.DateField(null=True)

    class Meta:
        verbose_name = _("Change of the summaries")

    def __str__(self) -> str:
        return f"{self.weight:+d} {self.area_code} {self.category} {self.status}"


class Wait(models.Model):
    """One stay of a case in one status, from the event that led there to the event that led away.

    Written by the database itself when the event is (``waits_sql``); ``minutes`` are whole ones.
    """

    dispute = models.ForeignKey(
        Dispute, on_delete=models.CASCADE, db_index=False, related_name="waits"
    )
    version = models.PositiveIntegerField()
    status = models.CharField(max_length=20)
    area_code = models.CharField(max_length=15)
    entered_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    left_by = models.CharField(max_length=40)
    minutes = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("Stay in a status")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dispute", "version"], name="wait_once")
        ]
        indexes: ClassVar = [
            # Waits that ended in a period: of a small area over years, of a wide one over weeks.
            models.Index(
                fields=["area_code", "left_at"],
                name="wait_area_left",
                condition=models.Q(left_at__isnull=False),
            ),
            models.Index(
                fields=["left_at"], name="wait_left", condition=models.Q(left_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dispute_id}/{self.version} {self.status}"


class Stray(models.Model):
    """An event that the lawful path does not know, noted when it was written. Normally there is none."""

    class Kind(models.TextChoices):
        START = "start", _("Begins otherwise than with its registration")
        GAP = "gap", _("Does not follow from the event before")
        MOVE = "move", _("A move that the lifecycle does not draw")

    dispute = models.ForeignKey(
        Dispute, on_delete=models.CASCADE, db_index=False, related_name="strays"
    )
    version = models.PositiveIntegerField()
    area_code = models.CharField(max_length=15)
    kind = models.CharField(max_length=5, choices=Kind.choices)

    class Meta:
        verbose_name = _("Event off the lawful path")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dispute", "version"], name="stray_once")
        ]

    def __str__(self) -> str:
        return f"{self.dispute_id}/{self.version} {self.kind}"
