"""Files that people bring: photos, recordings, scans. The row knows the file; the vault keeps it."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from mediation.accounts.models import Person
from mediation.disputes.models import Dispute


class Slot(models.TextChoices):
    """Where in the file it belongs (order of the volume, 司发通〔2010〕239号)."""

    SCENE = "scene", _("Photo from the scene")
    IDENTITY = "identity", _("Proof of identity")
    AUTHORITY = "authority", _("Letter of authority")
    EVIDENCE = "evidence", _("Evidence")
    SESSION = "session", _("From a session")
    PERFORMANCE = "performance", _("Proof of performance")
    COURT = "court", _("Court papers")
    SIGNED = "signed", _("Signed page")
    OTHER = "other", _("Other")


class Upload(models.Model):
    """One file. Without a case it is only parked, and thrown away after a day.

    ``paper``: the code of the document whose signed page this is; ``about``: the session that a photo
    shows, by its key. Withdrawn ones stay, with the reason.
    """

    dispute = models.ForeignKey(
        Dispute, on_delete=models.PROTECT, db_index=False, null=True, related_name="uploads"
    )
    ordinal = models.PositiveSmallIntegerField(_("Number"), null=True)
    slot = models.CharField(_("Belongs to"), max_length=12, choices=Slot.choices, blank=True)
    paper = models.CharField(max_length=9, blank=True)
    about = models.CharField(max_length=20, blank=True, default="", db_default="")
    page = models.PositiveSmallIntegerField(null=True)
    name = models.CharField(_("File name"), max_length=120)
    note = models.CharField(_("What it shows"), max_length=200, blank=True)
    source = models.CharField(_("From whom"), max_length=60, blank=True)
    media_type = models.CharField(max_length=100)
    suffix = models.CharField(max_length=5)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    stored_as = models.CharField(max_length=64)
    thumbnail = models.CharField(max_length=64, blank=True)
    pages = models.PositiveSmallIntegerField(default=1)
    uploaded_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField()
    # Empty where no scanner was set up or it gave no verdict.
    scanned_at = models.DateTimeField(_("Scanned for viruses at"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.CharField(_("Reason"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("File")
        ordering: ClassVar = ["ordinal", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dispute", "ordinal"], name="upload_ordinal_once"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["uploaded_at"],
                name="upload_parked",
                condition=models.Q(dispute__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dispute_id}/{self.ordinal} {self.suffix}"

    @property
    def is_image(self) -> bool:
        return self.media_type.startswith("image/")
