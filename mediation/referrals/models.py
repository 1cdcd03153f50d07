"""A case handed to another lawful channel, and what comes back."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from mediation.disputes.models import Dispute


class Target(models.TextChoices):
    COURT = "court", _("Court")
    PAYMENT_ORDER = "payment_order", _("Court: payment order")
    LABOUR_ARBITRATION = "labour_arbitration", _("Labour arbitration")
    POLICE = "police", _("Police")
    PETITION = "petition", _("Petition office")
    DEPARTMENT = "department", _("Competent department")
    DISCIPLINE = "discipline", _("Discipline inspection")


class Ground(models.TextChoices):
    CONSENT = "consent", _("With the consent of the parties")
    DUTY = "duty", _("Statutory duty to refer")


class Referral(models.Model):
    """One hand-over. The package never holds offers made in mediation."""

    class State(models.TextChoices):
        SENT = "sent", _("Sent")
        ACCEPTED = "accepted", _("Accepted by the receiver")
        DECLINED = "declined", _("Declined by the receiver")
        ANSWERED = "answered", _("Result received")

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="referrals")
    status = FSMField(default=State.SENT, choices=State.choices, protected=True, max_length=10)
    target = models.CharField(_("Channel"), max_length=20, choices=Target.choices)
    organ = models.CharField(_("Receiving organ"), max_length=80)
    ground = models.CharField(_("Ground"), max_length=8, choices=Ground.choices)
    consent_on = models.DateField(_("Consent given on"), null=True, blank=True)
    summary = models.TextField(_("Summary of the package"), max_length=2000)
    sent_on = models.DateField(_("Sent on"))
    reply_by = models.DateField(_("Reply by"))
    receipt = models.CharField(_("Receipt number or reasons"), max_length=300, blank=True)
    acknowledged_on = models.DateField(_("Receiver answered on"), null=True, blank=True)
    answer = models.CharField(_("Answer"), max_length=1000, blank=True)
    answered_on = models.DateField(_("Answered on"), null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"{self.organ} {self.sent_on}"

    @transition(field=status, source=State.SENT, target=State.ACCEPTED)
    def accept(self) -> None: ...

    @transition(field=status, source=State.SENT, target=State.DECLINED)
    def decline(self) -> None: ...

    # Again from ANSWERED: the review may have sent the case back to have the answer corrected.
    @transition(
        field=status,
        source=[State.SENT, State.ACCEPTED, State.ANSWERED],
        target=State.ANSWERED,
    )
    def take_answer(self) -> None: ...


class OrderKind(models.TextChoices):
    """Who hands a matter to the centre, and on what terms."""

    COURT_PRE = "COURT_PRE", _("Court: delegated before docketing (30 days)")
    COURT_POST = "COURT_POST", _("Court: entrusted after docketing, ordinary (15 days)")
    COURT_SUMMARY = "COURT_SUMMARY", _("Court: entrusted after docketing, summary (7 days)")
    POLICE = "police", _("Police")
    PETITION = "petition", _("Petition office")
    HOTLINE = "hotline", _("12345 hotline")
    PROCURATORATE = "procuratorate", _("Procuratorate")
    RECONSIDERATION = "reconsideration", _("Reconsideration organ: civil part")
    DEPARTMENT = "department", _("Another department")


COURT_KINDS = frozenset({OrderKind.COURT_PRE, OrderKind.COURT_POST, OrderKind.COURT_SUMMARY})


class Order(models.Model):
    """A matter that another organ has handed over, and the answer that goes back."""

    class State(models.TextChoices):
        RECEIVED = "received", _("Received")
        ACCEPTED = "accepted", _("Receipt confirmed")
        DECLINED = "declined", _("Sent back with reasons")
        ANSWERED = "answered", _("Answered")

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="orders")
    status = FSMField(default=State.RECEIVED, choices=State.choices, protected=True, max_length=10)
    kind = models.CharField(_("Sender"), max_length=16, choices=OrderKind.choices)
    organ = models.CharField(_("Sending organ"), max_length=80)
    number = models.CharField(_("Number of the order"), max_length=60)
    received_on = models.DateField(_("Papers signed for on"))
    reply_by = models.DateField(_("Reply by"))
    repeats = models.PositiveSmallIntegerField(_("Earlier calls about it"), default=0)
    disposal = models.CharField(_("What the sender has done"), max_length=500, blank=True)
    both_consent = models.BooleanField(_("Both sides consent to mediation"), default=False)
    receipt = models.CharField(_("Receipt number or reasons"), max_length=300, blank=True)
    acknowledged_on = models.DateField(_("Receiver answered on"), null=True, blank=True)
    result = models.CharField(_("Result"), max_length=20, blank=True)
    agreement_number = models.CharField(_("Number of the agreement"), max_length=60, blank=True)
    performed_on = models.DateField(_("Performed on"), null=True, blank=True)
    answer = models.CharField(_("Answer"), max_length=1000, blank=True)
    answered_on = models.DateField(_("Answered on"), null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organ", "number"], name="one_case_per_order")
        ]

    def __str__(self) -> str:
        return f"{self.organ} {self.number}"

    @property
    def is_open(self) -> bool:
        """The sender still waits for its answer."""
        return self.status in {self.State.RECEIVED, self.State.ACCEPTED}

    @transition(field=status, source=State.RECEIVED, target=State.ACCEPTED)
    def accept(self) -> None: ...

    @transition(field=status, source=State.RECEIVED, target=State.DECLINED)
    def decline(self) -> None: ...

    # Again from ANSWERED: the review may have the answer corrected.
    @transition(field=status, source=[State.ACCEPTED, State.ANSWERED], target=State.ANSWERED)
    def give_answer(self) -> None: ...
