"""Armed timers: a day or moment that the law or the office set, fired exactly once."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mediation.disputes.models import Dispute


class Deadline(models.Model):
    """One running clock of one case. Planned from an event; the derivation can be recomputed."""

    class State(models.TextChoices):
        ARMED = "armed", _("Running")
        PAUSED = "paused", _("Paused")
        MET = "met", _("Met")
        FIRED = "fired", _("Run out")
        DEAD = "dead", _("Failed")

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="deadlines")
    # A rule id of the table of periods, or one set by hand ("REPLY", "OBLIGATION", "VISIT" …).
    rule = models.CharField(_("Rule"), max_length=20)
    subject = models.CharField(max_length=20, blank=True)
    starts_on = models.DateField(_("Starts on"))
    due_on = models.DateField(_("Due on"))
    due_at = models.DateTimeField(_("Due at"))
    provisional = models.BooleanField(default=False)
    calendar_version = models.CharField(max_length=20, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.ARMED)
    fired_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["dispute", "rule", "subject"],
                condition=Q(state__in=["armed", "paused"]),
                name="one_running_clock_per_rule",
            )
        ]
        indexes: ClassVar = [
            # The ticker asks for what is due; nothing else is in this index.
            models.Index(fields=["due_at"], name="deadline_due", condition=Q(state="armed")),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.due_on}"
