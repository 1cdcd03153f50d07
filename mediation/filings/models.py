"""What was filed: the figures as they were, who made and who reviewed them, why they were opened again."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mediation.accounts.models import Person

STANDING = ("submitted", "locked")


class Filing(models.Model):
    """One report of one area and term as it was handed in. ``table``: the figures, frozen.

    A later one follows only after the earlier one was returned or opened again; nothing is overwritten.
    """

    class State(models.TextChoices):
        SUBMITTED = "submitted", pgettext_lazy("filing", "Waits for the reviewer")
        LOCKED = "locked", pgettext_lazy("filing", "Reviewed and locked")
        RETURNED = "returned", pgettext_lazy("filing", "Returned")
        REOPENED = "reopened", pgettext_lazy("filing", "Opened again")

    form = models.CharField(max_length=20)
    area_code = models.CharField(max_length=15)
    term = models.CharField(max_length=7)
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.SUBMITTED)
    table = models.JSONField()
    note = models.CharField(_("Note"), max_length=1000, blank=True)
    maker = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    # As both were called on that day.
    maker_name = models.CharField(max_length=100)
    made_at = models.DateTimeField()
    reviewer = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    reviewer_name = models.CharField(max_length=100, blank=True)
    reviewed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("Filed report")
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["form", "area_code", "term", "number"], name="filing_number_once"
            ),
            models.UniqueConstraint(
                fields=["form", "area_code", "term"],
                condition=models.Q(state__in=STANDING),
                name="one_standing_filing",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="locked") | ~models.Q(reviewer=models.F("maker")),
                name="filing_is_reviewed_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.form} {self.area_code} {self.term}/{self.number}"

    @property
    def is_locked(self) -> bool:
        return self.state == self.State.LOCKED


class FilingStep(models.Model):
    """One thing that happened to a filed report. Written once, never changed."""

    class What(models.TextChoices):
        SUBMITTED = "submitted", pgettext_lazy("filing", "Handed in")
        LOCKED = "locked", pgettext_lazy("filing", "Reviewed and locked")
        RETURNED = "returned", pgettext_lazy("filing", "Returned")
        REOPENED = "reopened", pgettext_lazy("filing", "Opened again")

    filing = models.ForeignKey(Filing, on_delete=models.PROTECT, related_name="steps")
    what = models.CharField(max_length=9, choices=What.choices)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=100)
    at = models.DateTimeField()
    reason = models.CharField(_("Reason"), max_length=500, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"{self.filing_id} {self.what}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert. Raises ``TypeError`` for a row that is already there."""
        if not self._state.adding:
            raise TypeError("A step of a filed report is never changed.")
        super().save(*args, **kwargs)


class Standard(models.Model):
    """What an office has decided to count by: subsidies by case, or how often grids report.

    A new row each time, never an edit. The most special area counts, and among its rows the latest that
    was in force on the day asked for.
    """

    class Kind(models.TextChoices):
        SUBSIDY = "subsidy", pgettext_lazy("filing", "Subsidy by case")

    kind = models.CharField(max_length=10, choices=Kind.choices)
    area_code = models.CharField(max_length=15)
    number = models.PositiveIntegerField()
    in_force_from = models.DateField(_("In force from"))
    content = models.JSONField()
    reason = models.CharField(_("Reason"), max_length=300)
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "area_code", "number"], name="standard_version_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.area_code} {self.number}"
