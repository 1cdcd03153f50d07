"""Appointments, meetings with their records, notes of one side alone, and pauses."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from mediation.accounts.models import Person
from mediation.core.clock import local_day
from mediation.core.crypto import SealedText
from mediation.disputes.enums import ContactChannel
from mediation.disputes.models import Dispute, Party


class Method(models.TextChoices):
    """How mediation is done (People's Mediation Law art. 22)."""

    FACE = "face", _("Face to face")
    CAUCUS = "caucus", _("Each side alone")
    JOINT = "joint", _("Jointly with other committees or organs")
    ONLINE = "online", _("Online")


class Meeting(models.Model):
    """A session, a contact or a site visit, with its record (D4, D6).

    ``turns``: what was said, in order, rows of {"who": "p1" | "m" | "r" | "x", "text"}; ``record`` is the
    same as one text. Offers and concessions made in it never leave the house (see ``CaucusNote`` too).
    """

    class Kind(models.TextChoices):
        SESSION = "session", _("Mediation session")
        CONTACT = "contact", _("Talk with one side")
        SITE = "site", _("Site visit")

    class Outcome(models.TextChoices):
        AGREED = "agreed", _("Agreement reached")
        OPEN = "open", _("No agreement yet")
        AGAIN = "again", _("Adjourned to another day")
        ENDED = "ended", _("Mediation ends")

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="meetings")
    kind = models.CharField(_("Kind"), max_length=8, choices=Kind.choices)
    held_at = models.DateTimeField(_("Held at"))
    ended_at = models.DateTimeField(_("Ended at"), null=True, blank=True)
    place = models.CharField(_("Place"), max_length=120)
    method = models.CharField(
        _("Method"), max_length=8, choices=Method.choices, default=Method.FACE
    )
    is_public = models.BooleanField(_("Open to the public"), default=False)
    subject = models.CharField(_("Subject"), max_length=120, blank=True)
    attended = models.JSONField(_("Present"), default=list)
    # Ordinals of ``Participant`` rows who were present.
    others = models.JSONField(_("Also present"), default=list, blank=True)
    record = models.TextField(_("Record"), max_length=20_000)
    turns = models.JSONField(default=list, blank=True)
    outcome = models.CharField(_("Outcome"), max_length=8, choices=Outcome.choices, blank=True)
    read_back = models.BooleanField(_("Read back and confirmed"), default=False)
    recorder = models.CharField(_("Recorder"), max_length=100, blank=True)
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["held_at", "pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {local_day(self.held_at):%Y-%m-%d}"


class Appointment(models.Model):
    """A meeting to come: when, where, with whom, and who has been told.

    ``told``: ordinal of the party → {"on": day, "channel": …, "answer": "yes" | "no" | ""}.
    """

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        HELD = "held", _("Held")
        MOVED = "moved", _("Moved")
        CANCELLED = "cancelled", _("Cancelled")

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="appointments")
    mediator = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField(_("Begins at"))
    ends_at = models.DateTimeField(_("Ends at"))
    place = models.CharField(_("Place"), max_length=120)
    method = models.CharField(
        _("Method"), max_length=8, choices=Method.choices, default=Method.FACE
    )
    parties = models.JSONField(default=list)
    told = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PLANNED)
    reason = models.CharField(_("Reason"), max_length=300, blank=True)
    meeting = models.OneToOneField(
        Meeting, on_delete=models.PROTECT, null=True, blank=True, related_name="appointment"
    )

    class Meta:
        ordering: ClassVar = ["starts_at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="appointment_lasts"
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["mediator", "starts_at"],
                name="appointment_of_mediator",
                condition=models.Q(state="planned"),
            ),
            models.Index(
                fields=["place", "starts_at"],
                name="appointment_in_room",
                condition=models.Q(state="planned"),
            ),
        ]

    def __str__(self) -> str:
        return f"{localtime(self.starts_at):%Y-%m-%d %H:%M} {self.place}"


class CaucusNote(models.Model):
    """What one party said alone. It is that party's: sealed, and nobody else's without its consent.

    Never part of a referral package, of an answer of the interface, or of the file, unless released
    (SPC Rules on Invited Mediation art. 22; People's Mediation Law art. 15).
    """

    dispute = models.ForeignKey(
        Dispute, on_delete=models.PROTECT, db_index=False, related_name="caucus_notes"
    )
    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    ordinal = models.PositiveSmallIntegerField()
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="caucus_notes")
    text_sealed = models.BinaryField()
    noted_at = models.DateTimeField(_("Noted at"))
    noted_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    released_on = models.DateField(_("Released on"), null=True, blank=True)
    released_channel = models.CharField(max_length=10, choices=ContactChannel.choices, blank=True)
    released_scope = models.CharField(_("What may be told"), max_length=300, blank=True)
    released_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    text = SealedText("text_sealed")

    class Meta:
        ordering: ClassVar = ["ordinal"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dispute", "ordinal"], name="caucus_ordinal_once")
        ]

    def __str__(self) -> str:
        return f"{self.dispute_id}/{self.ordinal}"


class Draft(models.Model):
    """What somebody is writing and has not sent yet; his alone, sealed, thrown away when it is sent."""

    dispute = models.ForeignKey(Dispute, on_delete=models.CASCADE, db_index=False, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20)
    data_sealed = models.BinaryField()
    saved_at = models.DateTimeField()

    data = SealedText("data_sealed")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["dispute", "person", "kind"], name="one_draft_per_person_and_kind"
            )
        ]

    def __str__(self) -> str:
        return f"{self.dispute_id} {self.kind}"


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
