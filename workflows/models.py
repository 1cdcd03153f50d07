"""What the engine keeps beside viewflow's own tables."""

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from viewflow.workflow.models import Process, Task

from mediation.accounts.models import Person, Role
from mediation.disputes.models import Dispute
from mediation.warning.models import Alert

# The engine's tables, for rooms that may not import the engine (seed and proofs).
__all__ = ["CaseProcess", "DisputeProcess", "Lane", "Process", "Task", "WorkItem"]

if TYPE_CHECKING:
    from workflows.nodes import Case


class DisputeProcess(Process):
    """A viewflow process of one dispute. A proxy: multi-table inheritance doubles its cost."""

    # The locked rows of the running command, handed over by ``flow_engine``; never stored.
    case: "Case | None" = None

    class Meta:
        proxy = True
        verbose_name = _("Process of a dispute")


class Lane(models.TextChoices):
    MAIN = "main", _("Main procedure")
    RECONSIDERATION = "rc", _("Reconsideration track")
    ALERT = "alert", _("Alert")


class CaseProcess(models.Model):
    """Ties a process to its dispute, and that of an alert to the alert, by real foreign keys."""

    process = models.OneToOneField(
        Process, on_delete=models.PROTECT, primary_key=True, related_name="of_case"
    )
    # Empty for the alert of an area.
    dispute = models.ForeignKey(
        Dispute, on_delete=models.PROTECT, null=True, related_name="processes"
    )
    alert = models.OneToOneField(Alert, on_delete=models.PROTECT, null=True, related_name="process")
    lane = models.CharField(max_length=5, choices=Lane.choices)

    def __str__(self) -> str:
        return f"{self.dispute_id} {self.lane} {self.process_id}"


class WorkItem(models.Model):
    """One open human task, as lists read it. Written by the command, rebuilt by ``reconcile``.

    Holds open work only, so that "my work" does not grow with the archive.
    """

    dispute = models.OneToOneField(
        Dispute, on_delete=models.CASCADE, primary_key=True, related_name="work"
    )
    task = models.OneToOneField(Task, on_delete=models.CASCADE, related_name="+")
    node = models.CharField(max_length=30)
    role = models.CharField(max_length=24, choices=Role.choices)
    assignee = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="work"
    )
    area_code = models.CharField(max_length=15)
    severity = models.PositiveSmallIntegerField(default=0)
    is_sensitive = models.BooleanField(default=False)
    due_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField()

    class Meta:
        verbose_name = _("Open work")
        indexes: ClassVar = [
            # My work: mine by name, most urgent first.
            models.Index(
                fields=["assignee", "-severity", "due_at"],
                name="work_mine",
                condition=models.Q(assignee__isnull=False),
            ),
            # My work: anybody's of my role in my area.
            models.Index(
                fields=["role", "area_code"],
                name="work_of_role",
                condition=models.Q(assignee__isnull=True),
            ),
            # Centre board: one column per node.
            models.Index(fields=["node", "area_code"], name="work_board"),
        ]

    def __str__(self) -> str:
        return f"{self.node} {self.dispute_id}"


class NightlyProof(models.Model):
    """One night's proof over the data: that it ran, once, and what it found."""

    day = models.DateField(primary_key=True)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ok = models.BooleanField(default=False)
    broken = models.JSONField(default=dict)
    offenders = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"{self.day}"
