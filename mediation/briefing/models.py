"""What is told without being asked for: the morning brief of a leader, and the screens on walls."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from mediation.accounts.models import Person
from mediation.areas.models import Area


class Brief(models.Model):
    """One person's brief of one morning, as it was told. The row is what makes it happen only once."""

    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, db_index=False, related_name="briefs"
    )
    day = models.DateField(_("Day"))
    at = models.DateTimeField(_("Data as of"))
    # Line → number, as counted at that moment.
    lines = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("Morning brief")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "day"], name="one_brief_a_morning")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.day}"


class BriefHour(models.Model):
    """When the leaders of an area get their brief. The most special area counts."""

    area = models.OneToOneField(Area, on_delete=models.PROTECT, related_name="+")
    at = models.TimeField(_("Sent at"))
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.area_id} {self.at:%H:%M}"


class BriefRefusal(models.Model):
    """Somebody who does not want the brief in his inbox. The page stays open to him."""

    person = models.OneToOneField(
        Person, on_delete=models.CASCADE, primary_key=True, related_name="brief_refusal"
    )
    since = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.person_id}"


class Screen(models.Model):
    """A device that shows the figures of one area. Only the hash of its key is kept.

    Never deleted: the row says who let it in, until when, and who ended it.
    """

    name = models.CharField(_("Name of the screen"), max_length=60)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    prefix = models.CharField(max_length=12, unique=True)
    digest = models.CharField(max_length=64)
    created_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("Since"))
    expires_at = models.DateTimeField(_("Valid until"))
    last_seen_at = models.DateTimeField(_("Last seen"), null=True)
    revoked_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("Wall screen")

    def __str__(self) -> str:
        return self.name

    def is_valid(self, now: datetime) -> bool:
        return self.revoked_at is None and now < self.expires_at
