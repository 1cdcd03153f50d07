"""Errands: what takes too long for a request. Somebody asks, the ticker does it, the inbox says so."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from mediation.accounts.models import Person
from mediation.disputes.models import Dispute


class Errand(models.Model):
    """One thing to be made for one person: its arguments, how far it is, and the file it left.

    ``wanted`` holds keys and choices, never a name or a number of a person.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Being made")
        DONE = "done", _("Ready")
        FAILED = "failed", _("Not made")
        CANCELLED = "cancelled", _("Cancelled")
        HELD = "held", _("Waits for a second person")
        REFUSED = "refused", _("Refused")

    kind = models.CharField(_("Kind"), max_length=40)
    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, db_index=False, related_name="errands"
    )
    dispute = models.ForeignKey(Dispute, on_delete=models.CASCADE, null=True, related_name="+")
    wanted = models.JSONField(default=dict)
    state = models.CharField(_("State"), max_length=9, choices=State.choices, default=State.WAITING)
    steps_done = models.PositiveIntegerField(default=0)
    steps_all = models.PositiveIntegerField(default=0)
    asked_at = models.DateTimeField(_("Asked at"))
    ended_at = models.DateTimeField(_("Ended at"), null=True)
    # Who runs it renews this; one that ran out belongs to nobody and is taken up again.
    lease_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    cancel_asked = models.BooleanField(default=False)
    failure = models.CharField(max_length=300, blank=True)
    # Single records in it, and of which area. Many of them need a second person.
    rows = models.PositiveIntegerField(_("Rows"), default=0, db_default=0)
    area_code = models.CharField(max_length=15, blank=True, default="", db_default="")
    purpose = models.CharField(_("What for"), max_length=200, blank=True, default="", db_default="")
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    remark = models.CharField(_("Remark"), max_length=200, blank=True, default="", db_default="")
    notice_seq = models.PositiveBigIntegerField(null=True)
    # The file: its random name in the store, the name for the reader, its sum.
    stored_as = models.CharField(max_length=64, blank=True)
    file_name = models.CharField(max_length=120, blank=True)
    media_type = models.CharField(max_length=100, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("Errand")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(decided_by__isnull=True)
                | ~models.Q(decided_by=models.F("person")),
                name="nobody_decides_on_his_own_export",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["person", "-id"], name="errand_of_person"),
            models.Index(
                fields=["id"],
                name="errand_open",
                condition=models.Q(state__in=["waiting", "running"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk} {self.state}"

    @property
    def is_open(self) -> bool:
        return self.state in {self.State.WAITING, self.State.RUNNING}

    @property
    def percent(self) -> int:
        if self.state == self.State.DONE:
            return 100
        return 100 * self.steps_done // self.steps_all if self.steps_all else 0
