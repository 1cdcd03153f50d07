"""Grids that report that nothing happened, and how often the office wants to hear from them."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mediation.accounts.models import Person
from mediation.areas.models import Area


class ZeroReport(models.Model):
    """The grid worker says: I have looked, and no dispute came up in these days (零报告)."""

    grid = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    # The grid's path on that day, as a dispute keeps it.
    area_code = models.CharField(max_length=15)
    first = models.DateField()
    last = models.DateField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    person_name = models.CharField(max_length=100)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("Zero report")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["area_code", "first"], name="one_zero_report_per_term"),
            models.CheckConstraint(
                condition=models.Q(last__gte=models.F("first")), name="zero_report_lasts"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area_code} {self.first}"


class Rhythm(models.Model):
    """How often the grids of an office report. A new row each time; the latest one in force counts."""

    class Every(models.TextChoices):
        WEEK = "week", pgettext_lazy("screening", "Every week")
        HALF_MONTH = "half", pgettext_lazy("screening", "Twice a month")
        MONTH = "month", pgettext_lazy("screening", "Every month")
        DAY = "day", pgettext_lazy("screening", "Every day")

    area_code = models.CharField(max_length=9)
    every = models.CharField(max_length=5, choices=Every.choices)
    in_force_from = models.DateField(_("In force from"))
    reason = models.CharField(_("Reason"), max_length=300)
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-in_force_from", "-pk"]
        indexes: ClassVar = [models.Index(fields=["area_code", "-in_force_from"], name="rhythm_of")]

    def __str__(self) -> str:
        return f"{self.area_code} {self.every} {self.in_force_from}"
