"""What happens between people: meetings, pauses, and who mediates."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from mediation.accounts.models import Person
from mediation.disputes.models import Dispute


class Meeting(models.Model):
    """A session, a contact or a site visit, with its record."""

    class Kind(models.TextChoices):
        SESSION = "session", _("Mediation session")
        CONTACT = "contact", _("Talk with one side")
        SITE = "site", _("Site visit")

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="meetings")
    kind = models.CharField(_("Kind"), max_length=8, choices=Kind.choices)
    held_at = models.DateTimeField(_("Held at"))
    place = models.CharField(_("Place"), max_length=120)
    attended = models.JSONField(_("Present"), default=list)
    record = models.TextField(_("Record"), max_length=5000)
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["held_at", "pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.held_at:%Y-%m-%d}"


class Pause(models.Model):
    """Mediation stands still; the clock of the period stands still with it."""

    class Ground(models.TextChoices):
        APPRAISAL = "appraisal", _("Expert appraisal")
        SITE_TEST = "site_test", _("Test or inspection on site")
        ILLNESS = "illness", _("A party is ill")
        OTHER = "other", _("Other proper reason")

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="pauses")
    ground = models.CharField(_("Ground"), max_length=10, choices=Ground.choices)
    since = models.DateField(_("From"))
    until = models.DateField(_("Until"), null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.get_ground_display()} {self.since}"


class Assignment(models.Model):
    """Who mediated from when, who chose him, and his declaration that nothing speaks against it."""

    class ChosenBy(models.TextChoices):
        COMMITTEE = "committee", _("The committee")
        PARTIES = "parties", _("The parties")

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="assignments")
    mediator = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    chosen_by = models.CharField(max_length=10, choices=ChosenBy.choices)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    no_conflict_declared_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["dispute"],
                condition=models.Q(until__isnull=True),
                name="one_mediator_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.dispute_id} {self.mediator_id}"
