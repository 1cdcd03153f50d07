"""Who looked at what must not be seen by everybody, and who looked that over."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mediation.accounts.models import Person
from mediation.disputes.models import Dispute


class Look(models.Model):
    """Somebody opened a sensitive case. One row per person, case and quarter of an hour."""

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, db_index=False, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, db_index=False, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["dispute", "at"], name="look_at_case"),
            models.Index(fields=["person", "at"], name="look_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.dispute_id} {self.at:%Y-%m-%d %H:%M}"


class UrgentAccess(models.Model):
    """Somebody without clearance opened a sensitive case because it could not wait.

    It ends by itself; a second person was told at once and looks it over afterwards.
    """

    class Finding(models.TextChoices):
        JUSTIFIED = "justified", _("Was necessary")
        UNJUSTIFIED = "unjustified", _("Was not necessary")

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="urgent_accesses")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("Reason"), max_length=300)
    at = models.DateTimeField()
    until = models.DateTimeField(_("Until"))
    reviewed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    finding = models.CharField(_("Finding"), max_length=12, choices=Finding.choices, blank=True)
    remark = models.CharField(_("Remark"), max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True) | ~Q(reviewed_by=F("person")),
                name="nobody_reviews_his_own_urgent_access",
            )
        ]

    def __str__(self) -> str:
        return f"{self.dispute} · {self.person}"


class Hold(models.Model):
    """A file that must stay as it is, whatever its retention period says: a lawsuit, an incident."""

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="holds")
    reason = models.CharField(_("Reason"), max_length=200)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["dispute"], condition=Q(lifted_at__isnull=True), name="one_hold_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.dispute_id} {self.at:%Y-%m-%d}"


class RetentionRun(models.Model):
    """What a night brought to its end: counts by rule, and how many bound files wait for an appraisal."""

    day = models.DateField(primary_key=True)
    at = models.DateTimeField()
    ended = models.JSONField(default=dict)
    due = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.day}"
