"""The inbox: what a person must learn, numbered without gaps. The table is the truth."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from mediation.accounts.models import Person
from mediation.disputes.models import Dispute


class InboxCursor(models.Model):
    """The latest number given out to a person. Its row lock, held to commit, makes numbers gapless."""

    person = models.OneToOneField(
        Person, on_delete=models.CASCADE, primary_key=True, related_name="cursor"
    )
    latest = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.person_id}: {self.latest}"


class Notice(models.Model):
    """One line in one person's inbox. Names the case, never a person or a fact."""

    # Taken from the row of his numbers, which is bound to him, and found by the constraint below.
    person = models.ForeignKey(
        Person,
        on_delete=models.CASCADE,
        related_name="notices",
        db_constraint=False,
        db_index=False,
    )
    seq = models.PositiveBigIntegerField()
    kind = models.CharField(_("Kind"), max_length=40)
    dispute = models.ForeignKey(Dispute, on_delete=models.CASCADE, null=True, related_name="+")
    # What else it is about, for notices without a case: an alert, as ``alert:12``.
    about = models.CharField(max_length=40, blank=True)
    level = models.CharField(_("Level"), max_length=6, blank=True)
    event_version = models.PositiveIntegerField(default=0)
    # Whether the reader himself has to do something now.
    asks = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "seq"], name="notice_seq_once")
        ]
        indexes: ClassVar = [
            # The bell counts these; the inbox page lists them first.
            models.Index(
                fields=["person", "-seq"],
                name="notice_unread",
                condition=models.Q(acknowledged_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id}/{self.seq} {self.kind}"
