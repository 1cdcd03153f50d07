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
