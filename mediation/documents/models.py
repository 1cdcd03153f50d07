"""Papers that were issued: each version frozen, numbered, with its check code."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from mediation.accounts.models import Person
from mediation.areas.models import Area
from mediation.core.crypto import SealedText
from mediation.disputes.models import Dispute


class Document(models.Model):
    """One version of one paper. Never changed afterwards, except that a later version replaces it.

    ``data_sealed``: what it shows, as JSON. ``fingerprint``: of that data, printed on every page.
    ``pdf_sha256``: of the file. ``about``: which session, visit, party or referral it is about.
    """

    dispute = models.ForeignKey(
        Dispute, on_delete=models.PROTECT, db_index=False, related_name="documents"
    )
    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=6)
    about = models.CharField(max_length=20, blank=True)
    version = models.PositiveSmallIntegerField(_("Version"), default=1)
    is_current = models.BooleanField(default=True)
    is_signed = models.BooleanField(_("Signed"), default=False)
    number = models.CharField(_("Number"), max_length=60, blank=True)
    organisation = models.CharField(_("Organisation"), max_length=100)
    code = models.CharField(_("Check code"), max_length=9, unique=True)
    fingerprint = models.CharField(_("Fingerprint"), max_length=64)
    dated = models.DateField(_("Date"))
    data_sealed = models.BinaryField()
    stored_as = models.CharField(max_length=64, blank=True)
    pdf_sha256 = models.CharField(max_length=64, blank=True)
    pages = models.PositiveSmallIntegerField(default=0)
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()

    data = SealedText("data_sealed")

    class Meta:
        verbose_name = _("Document")
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["dispute", "kind", "about", "version"], name="document_version_once"
            ),
            models.UniqueConstraint(
                fields=["dispute", "kind", "about"],
                condition=models.Q(is_current=True),
                name="one_current_document",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.kind} v{self.version}"

    @property
    def short_fingerprint(self) -> str:
        return short(self.fingerprint)


def short(fingerprint: str) -> str:
    """Twelve characters in three groups: 1A2B 3C4D 5E6F."""
    head = fingerprint[:12].upper()
    return f"{head[:4]} {head[4:8]} {head[8:]}"


class Template(models.Model):
    """The Word form that an office uses for a kind of paper. Each upload is a version; one is in use."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT, db_index=False, related_name="+")
    kind = models.CharField(max_length=6)
    version = models.PositiveSmallIntegerField(default=1)
    in_use = models.BooleanField(default=True)
    name = models.CharField(_("File name"), max_length=120)
    note = models.CharField(_("Note"), max_length=200, blank=True)
    stored_as = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    uploaded_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField()

    class Meta:
        verbose_name = _("Office template")
        ordering: ClassVar = ["kind", "-version"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["area", "kind", "version"], name="template_version_once"
            ),
            models.UniqueConstraint(
                fields=["area", "kind"],
                condition=models.Q(in_use=True),
                name="one_template_in_use",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} v{self.version}"


class Lending(models.Model):
    """A bound file left the shelf, or somebody read it (rules on archives: who, why, until when)."""

    class Act(models.TextChoices):
        READ = "read", _("Read on the spot")
        LENT = "lent", _("Lent")
        COPIED = "copied", _("Copied")
        DOWNLOADED = "download", _("Whole file downloaded")

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="lendings")
    act = models.CharField(_("Act"), max_length=8, choices=Act.choices)
    reader = models.CharField(_("Reader"), max_length=100)
    unit = models.CharField(_("Unit"), max_length=100, blank=True)
    reason = models.CharField(_("Reason"), max_length=200)
    at = models.DateTimeField()
    due_on = models.DateField(_("Due back on"), null=True, blank=True)
    returned_at = models.DateTimeField(_("Returned at"), null=True, blank=True)
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("Reading or lending")
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"{self.dispute_id} {self.get_act_display()}"


LENT_OUT = models.Q(act=Lending.Act.LENT, returned_at__isnull=True)
"""With somebody who has not brought it back."""


class Look(models.Model):
    """Somebody opened a paper or a file of a case: written before it leaves the house."""

    dispute = models.ForeignKey(
        Dispute, on_delete=models.PROTECT, db_index=False, related_name="looks"
    )
    what = models.CharField(max_length=40)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["dispute", "-id"], name="look_of_case")]

    def __str__(self) -> str:
        return f"{self.dispute_id} {self.what}"
