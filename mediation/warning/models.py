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
    """Something that must be seen, acted on, and judged: a red or orange case, or a cluster of cases.

    ``next_at`` is when the ticker looks at it again: to climb while nobody has seen it, to remind when
    it was seen and forgotten. ``rung`` is how far silence has climbed.
    """

    class State(models.TextChoices):
        RAISED = "raised", _("Raised")
        ACKNOWLEDGED = "acknowledged", _("Acknowledged")
        ACTING = "acting", _("Being acted on")
        RESOLVED = "resolved", _("Resolved")

    class Kind(models.TextChoices):
        DISPUTE = "dispute", _("Dangerous case")
        CLUSTER = "cluster", _("Cluster of cases")
        GROUP = "group", _("Same cause, forming group")
        SAME_DAY = "same_day", _("Many on one day")
        REIGNITION = "reignition", _("Flared up after closing")
        SILENCE = "silence", _("Improbable silence")

    class Verdict(models.TextChoices):
        TRUE = "true", _("The danger was real")
        FALSE = "false", _("False alarm")
        PREVENTED = "prevented", _("Prevented")

    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.DISPUTE)
    # Empty for what concerns an area and not one case.
    dispute = models.ForeignKey(
        Dispute, on_delete=models.PROTECT, related_name="alerts", null=True, blank=True
    )
    status = FSMField(default=State.RAISED, choices=State.choices, protected=True, max_length=12)
    colour = models.CharField(_("Level"), max_length=6, choices=Colour.choices)
    severity = models.PositiveSmallIntegerField()
    reasons = models.JSONField(default=dict)
    area_code = models.CharField(max_length=15)
    # What folds: alerts of one kind and one matter, told once with a count.
    fold_key = models.CharField(max_length=80, blank=True)
    folded_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="folded"
    )
    count = models.PositiveIntegerField(_("Times"), default=1)
    raised_at = models.DateTimeField(_("Raised at"))
    acknowledge_by = models.DateTimeField(_("Acknowledge by"), null=True)
    rung = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
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
            ),
            models.CheckConstraint(
                condition=Q(dispute__isnull=False) | ~Q(kind="dispute"),
                name="alert_of_a_case_has_a_case",
            ),
        ]
        indexes: ClassVar = [
            # Alerts page and leader page: open ones of an area, worst first.
            models.Index(
                fields=["-severity", "raised_at"],
                name="alert_open",
                condition=~Q(status="resolved"),
            ),
            models.Index(fields=["area_code", "-id"], name="alert_area_newest"),
            # What the ticker has to look at.
            models.Index(fields=["next_at"], name="alert_next", condition=Q(next_at__isnull=False)),
            # The open alert of the same matter, and that into which a similar one folds.
            models.Index(fields=["fold_key", "-id"], name="alert_fold"),
            # Cases whose alert nobody has acknowledged.
            models.Index(fields=["status", "dispute"], name="alert_state"),
        ]

    def __str__(self) -> str:
        return f"{self.get_colour_display()} {self.raised_at:%Y-%m-%d %H:%M}"

    @property
    def is_open(self) -> bool:
        return bool(self.status != self.State.RESOLVED)

    @transition(field=status, source=State.RAISED, target=State.ACKNOWLEDGED)
    def acknowledge(self) -> None: ...

    @transition(field=status, source=[State.ACKNOWLEDGED, State.ACTING], target=State.ACTING)
    def act(self) -> None: ...

    @transition(field=status, source=[State.ACKNOWLEDGED, State.ACTING], target=State.RESOLVED)
    def resolve(self) -> None: ...


class AlertStep(models.Model):
    """One thing that happened to an alert: raised, climbed, reminded, seen, … Append-only by habit."""

    class Kind(models.TextChoices):
        RAISED = "raised", _("Raised")
        FOLDED = "folded", _("Similar one added")
        REPEATED = "repeated", _("Raised again")
        DEPUTY = "deputy", _("Deputy told")
        ONE_UP = "one_up", _("One level up told")
        TWO_UP = "two_up", _("Two levels up told")
        REMINDED = "reminded", _("Reminded")
        ACKNOWLEDGED = "acknowledged", _("Acknowledged")
        ACTING = "acting", _("Measure set")
        RESOLVED = "resolved", _("Resolved")

    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    at = models.DateTimeField()
    actor = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    # To how many people a notice went with it.
    told = models.PositiveIntegerField(default=0)
    text = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        # What has turned red since yesterday.
        indexes: ClassVar = [models.Index(fields=["at"], name="alert_step_at")]

    def __str__(self) -> str:
        return f"{self.alert_id} {self.kind}"


class Charge(models.Model):
    """A leader has taken charge of a case in person (包案): with a plan, a note a day, and an end."""

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="charges")
    leader = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    plan = models.CharField(_("Plan"), max_length=1000)
    began_at = models.DateTimeField()
    # When the leader is reminded that today has no note yet.
    next_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(_("Outcome"), max_length=500, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["dispute"], condition=Q(ended_at__isnull=True), name="one_charge_at_a_time"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["next_at"], name="charge_next", condition=Q(ended_at__isnull=True))
        ]

    def __str__(self) -> str:
        return f"{self.dispute_id} {self.leader_id}"


class ChargeNote(models.Model):
    """What was done for a case in charge on one day."""

    charge = models.ForeignKey(Charge, on_delete=models.PROTECT, related_name="notes")
    text = models.CharField(_("Note"), max_length=500)
    author = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"{self.charge_id} {self.at:%Y-%m-%d}"


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


class CountedCase(models.Model):
    """One registered dispute as the detection of clusters sees it. Written by the ticker, never in the
    transaction of the registration."""

    dispute = models.OneToOneField(
        Dispute, on_delete=models.CASCADE, primary_key=True, related_name="counted"
    )
    day = models.DateField()
    district = models.CharField(max_length=6)
    area_code = models.CharField(max_length=15)
    kind = models.CharField(max_length=2)
    # By what a later one is recognised as the same matter: its people, its address.
    same = models.JSONField(default=list)
    # One per matter in 28 days, at most two per grid, kind and day; the rest is listed, not counted.
    counts = models.BooleanField(default=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["district", "day"], name="counted_day")]

    def __str__(self) -> str:
        return f"{self.area_code} {self.day} {self.kind}"


class Baseline(models.Model):
    """What is normal for one place as of one Monday: cases per day by kind, and how sure that is."""

    district = models.CharField(max_length=6)
    area_code = models.CharField(max_length=15)
    monday = models.DateField()
    grids = models.PositiveIntegerField()
    # Kind (empty: all) → [cases per day, shape].
    rates = models.JSONField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["area_code"], name="one_baseline_per_area")
        ]
        indexes: ClassVar = [models.Index(fields=["district"], name="baseline_district")]

    def __str__(self) -> str:
        return f"{self.area_code} {self.monday}"


class DistrictWatch(models.Model):
    """How far the detection has come in one district, and how much its counts scatter."""

    district = models.CharField(max_length=6, primary_key=True)
    earliest = models.DateField()
    monday = models.DateField(null=True)
    night = models.DateField(null=True)
    # "level:whole:window" → factor; empty: the house's own.
    scatter = models.JSONField(default=dict)
    # Subdistrict → its first counted day, and how many of its cases are old enough to compare with.
    begun = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()))

    def __str__(self) -> str:
        return self.district


class Cluster(models.Model):
    """Cases that came closer together than chance explains. Shows its most surprising stream."""

    district = models.CharField(max_length=6)
    area_code = models.CharField(max_length=15)
    kind = models.CharField(max_length=2, blank=True)
    colour = models.CharField(_("Level"), max_length=6, choices=Colour.choices)
    severity = models.PositiveSmallIntegerField()
    window = models.PositiveSmallIntegerField()
    observed = models.PositiveIntegerField()
    expected = models.FloatField()
    factor = models.FloatField()
    chance = models.FloatField()
    # By pure chance once in so many weeks, in the area whose people are alarmed.
    weeks = models.FloatField()
    first_day = models.DateField()
    latest_day = models.DateField()
    alert = models.OneToOneField(Alert, on_delete=models.PROTECT, null=True, related_name="cluster")
    # As it was when somebody was last told of it.
    told = models.JSONField(default=dict)
    cases = models.ManyToManyField(Dispute, related_name="clusters")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["district", "-latest_day"], name="cluster_latest")
        ]

    def __str__(self) -> str:
        return f"{self.area_code} {self.kind} {self.latest_day}"
