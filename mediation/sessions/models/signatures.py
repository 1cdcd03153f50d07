"""Signatures: drawn on a pad, put on paper, or on a photographed page."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from mediation.accounts.models import Person
from mediation.core.crypto import SealedText
from mediation.disputes.models import Dispute
from mediation.sessions.models.consent import GivenBy


class Signature(models.Model):
    """Who signed what, how, and the trace of it. ``of`` is the key of the row that ``what`` names.

    A drawn signature keeps its strokes and its picture, both sealed, and the hash of the two together
    with what was signed; nothing of it can be changed unseen (Electronic Signature Law art. 13).
    """

    class What(models.TextChoices):
        RIGHTS = "rights", _("Rights notice")
        MEETING = "meeting", _("Record of a session")
        AGREEMENT = "agreement", _("Agreement")
        DECLARATION = "declaration", _("Statement of the mediator")

    class How(models.TextChoices):
        PAD = "pad", _("Drawn on the screen")
        PAPER = "paper", _("On paper")
        PHOTO = "photo", _("Photographed page")

    class Who(models.TextChoices):
        PARTY = "party", _("Party")
        MEDIATOR = "mediator", _("Mediator")
        RECORDER = "recorder", _("Recorder")
        OTHER = "other", _("Participant")

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="signatures")
    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    what = models.CharField(_("Signed paper"), max_length=12, choices=What.choices)
    of = models.PositiveBigIntegerField()
    who = models.CharField(_("Who signs"), max_length=8, choices=Who.choices)
    # Ordinal of the party or participant; 0 for the mediator and the recorder.
    ordinal = models.PositiveSmallIntegerField(default=0)
    given_by = models.CharField(max_length=8, choices=GivenBy.choices, default=GivenBy.SELF)
    how = models.CharField(_("How"), max_length=8, choices=How.choices, default=How.PAD)
    strokes_sealed = models.BinaryField(default=bytes, blank=True)
    image_sealed = models.BinaryField(default=bytes, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    signed_at = models.DateTimeField()
    taken_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    strokes = SealedText("strokes_sealed")
    image = SealedText("image_sealed")

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["what", "of", "who", "ordinal"], name="one_signature_per_person_and_paper"
            )
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.of} {self.who} {self.ordinal}"
