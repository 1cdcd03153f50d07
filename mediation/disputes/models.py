"""The aggregate: one dispute, its parties, and the chain of what happened to it."""

import uuid
from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from mediation.accounts.models import Person
from mediation.areas.models import Area
from mediation.core.crypto import SealedText, blind_index
from mediation.core.identity import ADULT, age_on
from mediation.disputes.enums import (
    DONE,
    SEVERITY,
    STAGE_OF,
    Category,
    Colour,
    Consent,
    ContactChannel,
    Nature,
    PartyKind,
    ResultCode,
    Retention,
    Sensitivity,
    Side,
    Source,
    Stage,
    Status,
)
from mediation.disputes.lifecycle import Lifecycle


class Dispute(Lifecycle, models.Model):
    """One dispute. ``status`` moves only through the lifecycle, inside ``workflows.engine.execute``."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(_("Case number"), max_length=40, unique=True)
    code = models.CharField(_("Lookup code"), max_length=9, unique=True)
    status = FSMField(
        _("Status"),
        default=Status.REGISTERED,
        choices=Status.choices,
        protected=True,
        max_length=20,
    )
    version = models.PositiveIntegerField(default=1)
    chain = models.CharField(max_length=64)
    status_before_review = models.CharField(max_length=20, blank=True)

    title = models.CharField(_("Title"), max_length=80)
    category = models.CharField(_("Category"), max_length=2, choices=Category.choices)
    facts = models.TextField(_("Facts"), max_length=2000)
    claim = models.TextField(_("Claim"), max_length=1000, blank=True)
    amount = models.DecimalField(
        _("Amount"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    place = models.CharField(_("Place"), max_length=120)
    people_count = models.PositiveIntegerField(_("People involved"), default=2)
    source = models.CharField(_("Source"), max_length=12, choices=Source.choices)
    occurred_at = models.DateTimeField(_("Happened at"))
    registered_at = models.DateTimeField(_("Registered at"))
    updated_at = models.DateTimeField(_("Changed at"))

    grid = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    # The grid's path on the day of registration: history survives a redraw of the grids.
    area_code = models.CharField(max_length=15)
    registered_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, db_index=False, null=True, blank=True, related_name="+"
    )
    mediator = models.ForeignKey(
        Person, on_delete=models.PROTECT, db_index=False, null=True, blank=True, related_name="+"
    )

    nature = models.CharField(_("Nature"), max_length=14, choices=Nature.choices, blank=True)
    elsewhere = models.BooleanField(_("Already before a court or another organ"), default=False)
    sensitivity = models.CharField(
        max_length=10, choices=Sensitivity.choices, default=Sensitivity.NORMAL
    )
    colour = models.CharField(_("Risk colour"), max_length=6, choices=Colour.choices, blank=True)
    # 4 red … 1 blue, 0 not assessed: lists sort by it without a CASE.
    severity = models.PositiveSmallIntegerField(default=0)
    risk = models.JSONField(default=dict, blank=True)

    accepted_on = models.DateField(_("Accepted on"), null=True, blank=True)
    # The last day of the mediation period, and the nearest deadline of any kind.
    mediation_due = models.DateField(_("Mediation period ends"), null=True, blank=True)
    due_at = models.DateTimeField(_("Next deadline"), null=True, blank=True)
    visits_left = models.PositiveSmallIntegerField(default=0)
    result = models.CharField(_("Result"), max_length=20, choices=ResultCode.choices, blank=True)
    closed_at = models.DateTimeField(_("Closed at"), null=True, blank=True)
    archived_at = models.DateTimeField(_("Archived at"), null=True, blank=True)
    file_number = models.CharField(_("File number"), max_length=40, blank=True)
    retention = models.CharField(
        _("Retention"), max_length=2, choices=Retention.choices, blank=True
    )
    page_count = models.PositiveIntegerField(_("Pages"), null=True, blank=True)
    reopened = models.PositiveSmallIntegerField(_("Times reopened"), default=0)
    # What figures ask of a case, kept beside it: when it came back, and its agreement.
    rebound_on = models.DateField(_("Came back on"), null=True, blank=True)
    effective_on = models.DateField(_("Agreement effective on"), null=True, blank=True)
    performed_on = models.DateField(_("Performed on"), null=True, blank=True)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    duplicate_of = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("Dispute")
        indexes: ClassVar = [
            # Case list of an area, newest first, walked by key.
            models.Index(fields=["area_code", "-id"], name="dispute_area_newest"),
            models.Index(fields=["mediator", "-id"], name="dispute_mediator"),
            models.Index(fields=["registered_by", "-id"], name="dispute_registered_by"),
            # Leader page: red and orange first, open cases only.
            models.Index(
                fields=["-severity", "area_code"],
                name="dispute_open_risk",
                condition=~Q(status__in=sorted(s.value for s in DONE)),
            ),
            models.Index(fields=["status", "-id"], name="dispute_status_newest"),
            models.Index(fields=["due_at"], name="dispute_due", condition=Q(due_at__isnull=False)),
            # What is open in an area, few among all that were ever there.
            models.Index(
                fields=["area_code", "status"],
                name="dispute_open_area",
                condition=Q(closed_at__isnull=True),
            ),
            # The sensitive cases of an area, which are counted one by one for whoever sees only some of them.
            models.Index(fields=["sensitivity", "area_code"], name="dispute_sensitive"),
            # Morning brief and cockpit: what was closed, performed, or came back on a few days.
            models.Index(
                fields=["closed_at"], name="dispute_closed", condition=Q(closed_at__isnull=False)
            ),
            models.Index(
                fields=["performed_on"],
                name="dispute_performed",
                condition=Q(performed_on__isnull=False),
            ),
            models.Index(
                fields=["rebound_on"], name="dispute_back", condition=Q(rebound_on__isnull=False)
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status__in=Status.values), name="dispute_status_known"
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.ARCHIVED) | ~Q(file_number=""),
                name="archived_dispute_has_file_number",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def stage(self) -> Stage:
        return STAGE_OF[self.status]

    @property
    def is_sensitive(self) -> bool:
        return self.sensitivity != Sensitivity.NORMAL

    @property
    def is_open(self) -> bool:
        return self.status not in DONE

    def paint(self, colour: str) -> None:
        """Set the risk colour together with the number that lists sort by."""
        self.colour, self.severity = colour, SEVERITY[colour]


class Party(models.Model):
    """A side of the dispute. Identifiers are sealed; equal ones are found through a keyed hash."""

    dispute = models.ForeignKey(
        Dispute, on_delete=models.CASCADE, db_index=False, related_name="parties"
    )
    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    ordinal = models.PositiveSmallIntegerField()
    side = models.CharField(_("Side"), max_length=10, choices=Side.choices)
    kind = models.CharField(_("Kind"), max_length=8, choices=PartyKind.choices)
    # A minor's name is never stored in the clear; here stands an empty string for him.
    plain_name = models.CharField(_("Name"), max_length=100, blank=True)
    name_sealed = models.BinaryField(default=bytes, blank=True)
    id_sealed = models.BinaryField(default=bytes, blank=True)
    id_index = models.CharField(max_length=64, blank=True)
    phone_sealed = models.BinaryField(default=bytes, blank=True)
    phone_index = models.CharField(max_length=64, blank=True)
    phone_tail_index = models.CharField(max_length=64, blank=True)
    address_sealed = models.BinaryField(default=bytes, blank=True)
    no_id_reason = models.CharField(_("Why no ID number"), max_length=60, blank=True)
    birth = models.DateField(_("Born"), null=True, blank=True)
    sex = models.CharField(_("Sex"), max_length=1, blank=True)
    is_minor = models.BooleanField(_("Minor"), default=False)
    # A minor of 16 or 17 who lives mainly on his own work acts for himself (Civil Code art. 18(2)).
    lives_on_own_work = models.BooleanField(
        _("16 or 17, lives on own work"), default=False, db_default=False
    )
    guardian = models.CharField(_("Guardian"), max_length=100, blank=True)
    relation = models.CharField(_("Relation"), max_length=60, blank=True)
    ethnicity = models.CharField(_("Ethnicity"), max_length=20, blank=True)
    occupation = models.CharField(_("Occupation or post"), max_length=60, blank=True)
    # Who speaks for an organisation by law: its legal representative or person in charge.
    representative = models.CharField(_("Legal representative"), max_length=100, blank=True)
    # Who is necessary must consent; an affected child, for instance, is not asked.
    is_necessary = models.BooleanField(_("Must consent"), default=True)
    consent = models.CharField(
        _("Consent"), max_length=10, choices=Consent.choices, default=Consent.UNASKED
    )
    consent_on = models.DateField(_("Consent given on"), null=True, blank=True)
    consent_channel = models.CharField(max_length=10, choices=ContactChannel.choices, blank=True)
    rights_told_on = models.DateField(_("Rights told on"), null=True, blank=True)

    sealed_name = SealedText("name_sealed")
    id_number = SealedText("id_sealed", index="id_index")
    phone = SealedText("phone_sealed", index="phone_index")
    address = SealedText("address_sealed")

    class Meta:
        verbose_name = _("Party")
        ordering: ClassVar = ["ordinal"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dispute", "ordinal"], name="party_ordinal_once"),
            models.CheckConstraint(
                condition=Q(is_minor=False) | Q(plain_name=""), name="minor_has_no_plain_name"
            ),
        ]
        # Whole: an index without the empty ones serves no question that does not say so again.
        indexes: ClassVar = [
            models.Index(fields=["id_index"], name="party_id"),
            models.Index(fields=["phone_index"], name="party_phone"),
            models.Index(fields=["plain_name"], name="party_name"),
        ]

    def __str__(self) -> str:
        return f"{self.get_side_display()} {self.ordinal}"

    @property
    def name(self) -> str:
        return self.sealed_name if self.is_minor else self.plain_name

    @name.setter
    def name(self, value: str) -> None:
        if self.is_minor:
            self.sealed_name, self.plain_name = value, ""
        else:
            self.plain_name, self.sealed_name = value, ""

    def needs_guardian(self, today: date) -> bool:
        """Whether somebody must act for him on that day (Civil Code arts. 17 to 20).

        His details stay those of a minor, also when he has come of age while the case ran.
        """
        if not self.is_minor or self.lives_on_own_work:
            return False
        return self.birth is None or age_on(today, birth=self.birth) < ADULT

    def renew_indexes(self) -> list[str]:
        """Make the index over a part of the phone anew, under the newest key."""
        phone = self.phone
        self.phone_tail_index = blind_index(phone[-4:], purpose="phone_tail") if phone else ""
        return ["phone_tail_index"]


class Event(models.Model):
    """One thing that happened. Append-only; each row carries the hash of the one before."""

    dispute = models.ForeignKey(
        Dispute, on_delete=models.PROTECT, db_index=False, related_name="events"
    )
    version = models.PositiveIntegerField()
    command = models.CharField(max_length=40)
    actor = models.ForeignKey(
        Person, on_delete=models.PROTECT, db_index=False, null=True, related_name="+"
    )
    actor_name = models.CharField(max_length=100)
    at = models.DateTimeField()
    from_status = models.CharField(max_length=20, blank=True)
    to_status = models.CharField(max_length=20)
    # What was entered, without personal identifiers: parties appear by ordinal.
    payload = models.JSONField(default=dict)
    door = models.CharField(max_length=8)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        ordering: ClassVar = ["dispute", "version"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dispute", "version"], name="event_version_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["at"], name="event_at"),
            # "Done by me" reads a person's steps from the newest on.
            models.Index(fields=["actor", "at"], name="event_actor_at"),
        ]

    def __str__(self) -> str:
        return f"{self.dispute_id}/{self.version} {self.command}"


class Approval(models.Model):
    """A step that needs a second person: asked by one, decided by another, spent once."""

    class State(models.TextChoices):
        ASKED = "asked", _("Asked")
        GRANTED = "granted", _("Granted")
        DECLINED = "declined", _("Declined")
        SPENT = "spent", _("Used")

    dispute = models.ForeignKey(Dispute, on_delete=models.CASCADE, related_name="approvals")
    command = models.CharField(max_length=40)
    reason = models.CharField(_("Reason"), max_length=500)
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.ASKED)
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    answer = models.CharField(_("Answer"), max_length=500, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["dispute", "command"],
                condition=Q(state__in=["asked", "granted"]),
                name="one_pending_approval_per_command",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.command} · {self.get_state_display()}"


class Remark(models.Model):
    """A word on the case by a colleague, a leader or (without author) a party; not part of the file."""

    dispute = models.ForeignKey(Dispute, on_delete=models.CASCADE, related_name="remarks")
    text = models.CharField(_("Remark"), max_length=500)
    author = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"{self.dispute_id} {self.at:%Y-%m-%d %H:%M}"


class CaseGrant(models.Model):
    """An explicit right of one person to see one sensitive case."""

    dispute = models.ForeignKey(
        Dispute, on_delete=models.CASCADE, db_index=False, related_name="grants"
    )
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="case_grants")
    reason = models.CharField(max_length=200)
    granted_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    granted_at = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dispute", "person"], name="one_grant_per_case_person")
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.dispute}"


class Reveal(models.Model):
    """Somebody looked behind a mask: written before the plain text leaves the house."""

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="reveals")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    field = models.CharField(max_length=12)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.dispute_id} {self.field}"


class NumberSeries(models.Model):
    """The last number given out in one series of one organisation and year."""

    organisation = models.CharField(max_length=15)
    kind = models.CharField(max_length=8)
    year = models.PositiveSmallIntegerField()
    latest = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "kind", "year"], name="one_series_per_year"
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.kind} {self.year}"


class Submission(models.Model):
    """The answer given to an idempotency key: the same key and body get it again, forever."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="+")
    scope = models.CharField(max_length=40)
    key = models.CharField(max_length=255)
    body_hash = models.CharField(max_length=64)
    answer = models.JSONField()
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["scope", "key"], name="one_answer_per_key")
        ]

    def __str__(self) -> str:
        return self.key
