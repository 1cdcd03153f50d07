"""Armed timers: a day or moment that the law or the office set, fired exactly once."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mediation.accounts.models import Person
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
    # What the last day was computed from, besides the start: enough to compute it again.
    raw_on = models.DateField(null=True, blank=True)
    extended = models.PositiveSmallIntegerField(default=0)
    pauses = models.JSONField(default=list, blank=True)
    # The first day that does not count of a pause whose end nothing else keeps.
    held_since = models.DateField(null=True, blank=True)
    due_at = models.DateTimeField(_("Due at"))
    # The next moment at which whoever has to act is reminded.
    remind_at = models.DateTimeField(null=True, blank=True)
    provisional = models.BooleanField(default=False)
    # Of a computed day; empty when the day was agreed or ordered.
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
            models.Index(
                fields=["remind_at"],
                name="deadline_remind",
                condition=Q(state="armed", remind_at__isnull=False),
            ),
            # After a new calendar: which computed dates rest on another one.
            models.Index(
                fields=["calendar_version"],
                name="deadline_computed",
                condition=Q(state__in=["armed", "paused"]) & ~Q(calendar_version=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.due_on}"


class CalendarFeed(models.Model):
    """The private address under which a person's deadlines can be read as a calendar."""

    person = models.OneToOneField(
        Person, on_delete=models.CASCADE, primary_key=True, related_name="calendar_feed"
    )
    # Of the secret in the address; the secret itself is kept nowhere.
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.person_id)
