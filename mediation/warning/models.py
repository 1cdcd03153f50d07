"""Alerts that need an owner and an outcome, and statutory reports that cannot be deleted."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from mediation.accounts.models import Person
from mediation.disputes.enums import Colour
from mediation.disputes.models import Dispute


class Alert(models.Model):
    """A red or orange case that somebody must see, act on, and judge."""

    class State(models.TextChoices):
        RAISED = "raised", _("Raised")
        ACKNOWLEDGED = "acknowledged", _("Acknowledged")
        ACTING = "acting", _("Being acted on")
        RESOLVED = "resolved", _("Resolved")

    class Verdict(models.TextChoices):
        TRUE = "true", _("The danger was real")
        FALSE = "false", _("False alarm")
        PREVENTED = "prevented", _("Prevented")

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="alerts")
    status = FSMField(default=State.RAISED, choices=State.choices, protected=True, max_length=12)
    colour = models.CharField(_("Level"), max_length=6, choices=Colour.choices)
    severity = models.PositiveSmallIntegerField()
    reasons = models.JSONField(default=list)
    area_code = models.CharField(max_length=15)
    raised_at = models.DateTimeField(_("Raised at"))
    acknowledge_by = models.DateTimeField(_("Acknowledge by"))
    acknowledged_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+"
    )
    acknowledged_at = models.DateTimeField(null=True)
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    action = models.CharField(_("Measure"), max_length=500, blank=True)
    action_due = models.DateField(_("Measure due on"), null=True)
    verdict = models.CharField(_("Verdict"), max_length=10, choices=Verdict.choices, blank=True)
    outcome = models.CharField(_("Outcome"), max_length=500, blank=True)
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["dispute"],
                condition=~Q(status="resolved"),
                name="one_open_alert_per_case",
            )
        ]
        indexes: ClassVar = [
            # Alerts page and leader page: open ones of an area, worst first.
            models.Index(
                fields=["-severity", "raised_at"],
                name="alert_open",
                condition=~Q(status="resolved"),
            ),
            models.Index(fields=["area_code", "-id"], name="alert_area_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.get_colour_display()} {self.raised_at:%Y-%m-%d %H:%M}"

    @transition(field=status, source=State.RAISED, target=State.ACKNOWLEDGED)
    def acknowledge(self) -> None: ...

    @transition(field=status, source=[State.ACKNOWLEDGED, State.ACTING], target=State.ACTING)
    def act(self) -> None: ...

    @transition(field=status, source=[State.ACKNOWLEDGED, State.ACTING], target=State.RESOLVED)
    def resolve(self) -> None: ...


class Escalation(models.Model):
    """A report that the law demands: to whom, until when, made when, with which receipt. Never deleted.

    It begins as a task when the facts demand it (``reported_at`` empty), becomes a report, and ends with
    the receipt. A report that somebody makes of his own accord begins as a report.
    """

    class Receiver(models.TextChoices):
        POLICE = "police", _("Police")
        CIVIL_AFFAIRS = "civil_affairs", _("Civil affairs")
        EDUCATION = "education", _("Education")
        HEALTH = "health", _("Health")
        UPPER = "upper", _("Upper level")

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="escalations")
    receiver = models.CharField(_("Receiver"), max_length=16, choices=Receiver.choices)
    content = models.CharField(_("Content"), max_length=500, blank=True)
    # The articles that demand it, in both languages; empty for a report made of one's own accord.
    basis = models.JSONField(default=list)
    # Violence against a child or at home: the case is not closed before this report is made.
    is_strict = models.BooleanField(default=False)
    demanded_at = models.DateTimeField(_("Demanded since"), null=True)
    due_at = models.DateTimeField(_("To be reported by"), null=True)
    reminded_at = models.DateTimeField(null=True)
    reported_at = models.DateTimeField(_("Reported at"), null=True)
    reported_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    receipt = models.CharField(_("Receipt number"), max_length=60, blank=True)
    received_at = models.DateTimeField(_("Received at"), null=True, blank=True)
    # The facts that demanded it were corrected before it was made. The row stays and says so.
    lapsed_at = models.DateTimeField(_("No longer demanded since"), null=True)

    class Meta:
        indexes: ClassVar = [
            # What the ticker reminds of: demanded, and not made in time.
            models.Index(
                fields=["due_at"],
                name="escalation_owed",
                condition=Q(reported_at__isnull=True, lapsed_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        at = self.reported_at or self.demanded_at
        return f"{self.get_receiver_display()} {at:%Y-%m-%d %H:%M}"

    @property
    def is_owed(self) -> bool:
        return self.reported_at is None and self.lapsed_at is None

    @property
    def is_pending(self) -> bool:
        """Made and not confirmed by a receipt, or strictly demanded: the case must not be closed."""
        waits = self.is_strict or self.reported_at is not None
        return waits and self.received_at is None and self.lapsed_at is None


class OfficeTable(models.Model):
    """The numbers that an office may set itself, by version: a new row each time, never an edit.

    The most special area counts: the subdistrict's, else the district's, else the whole house's.
    """

    area_code = models.CharField(max_length=15, blank=True)
    number = models.PositiveIntegerField()
    content = models.JSONField()
    reason = models.CharField(_("Reason"), max_length=300)
    author = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    # A change of weights is proposed by one and adopted by another.
    proposed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["area_code", "number"], name="office_table_version_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.area_code} {self.number}"
