"""What figures are read from: sums per area and day, and what changed since they were last added up."""

from django.db import models
from django.utils.translation import gettext_lazy as _


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
