"""Agreements, what they oblige to, their confirmation by the court, and visits afterwards."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from mediation.accounts.models import Person
from mediation.disputes.models import Dispute, Party


class Agreement(models.Model):
    """What the parties agreed. A later one replaces an earlier one that fell through."""

    class Form(models.TextChoices):
        WRITTEN = "written", _("Written agreement")
        ORAL = "oral", _("Oral agreement")

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="agreements")
    form = models.CharField(_("Form"), max_length=8, choices=Form.choices)
    content = models.TextField(_("Content"), max_length=5000)
    manner = models.CharField(_("Manner of performance"), max_length=200)
    amount = models.DecimalField(
        _("Amount"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    agreed_on = models.DateField(_("Agreed on"))
    # Ordinal of the party → day of signature.
    signatures = models.JSONField(default=dict)
    mediator_signed_on = models.DateField(_("Mediator signed on"), null=True, blank=True)
    sealed_on = models.DateField(_("Sealed on"), null=True, blank=True)
    effective_on = models.DateField(_("Effective on"), null=True, blank=True)
    is_current = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["dispute"],
                condition=models.Q(is_current=True),
                name="one_current_agreement",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_form_display()} {self.agreed_on}"

    @property
    def is_oral(self) -> bool:
        return self.form == self.Form.ORAL

    def signed_ordinals(self) -> set[int]:
        return {int(ordinal) for ordinal in self.signatures}

    def computed_effect(self) -> date:
        """The day the agreement takes effect: the latest element (People's Mediation Law arts. 29, 30).

        Oral: the day it was reached. Written: when all parties and the mediator have signed and the
        committee's seal is put. Raises ``ValueError`` while an element is missing.
        """
        if self.is_oral:
            return self.agreed_on
        days = [date.fromisoformat(day) for day in self.signatures.values()]
        if not days or self.mediator_signed_on is None or self.sealed_on is None:
            raise ValueError("An element of the written agreement is missing.")
        return max(*days, self.mediator_signed_on, self.sealed_on)

    @property
    def is_confirmed(self) -> bool:
        return any(
            row.status == JudicialConfirmation.State.CONFIRMED for row in self.confirmations.all()
        )


class Obligation(models.Model):
    """One thing that one side owes by a day."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="obligations")
    ordinal = models.PositiveSmallIntegerField()
    debtor = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+", null=True)
    content = models.CharField(_("What is owed"), max_length=500)
    amount = models.DecimalField(
        _("Amount"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    due_on = models.DateField(_("Due on"))
    done_on = models.DateField(_("Done on"), null=True, blank=True)
    proof = models.CharField(_("Proof"), max_length=200, blank=True)
    both_confirm = models.BooleanField(_("Both sides confirm"), default=False)

    class Meta:
        ordering: ClassVar = ["ordinal"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agreement", "ordinal"], name="obligation_ordinal_once")
        ]

    def __str__(self) -> str:
        return f"{self.ordinal}. {self.content[:20]}"

    @property
    def is_done(self) -> bool:
        return self.done_on is not None and (bool(self.proof) or self.both_confirm)

    def is_overdue(self, today: date) -> bool:
        return not self.is_done and self.due_on < today


class Urging(models.Model):
    """The committee urged a debtor to perform (People's Mediation Law art. 31)."""

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="urgings")
    obligation = models.ForeignKey(Obligation, on_delete=models.PROTECT, related_name="urgings")
    urged_on = models.DateField(_("Urged on"))
    channel = models.CharField(_("Channel"), max_length=10)
    answer = models.CharField(_("Answer"), max_length=300, blank=True)
    urged_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.dispute_id} {self.urged_on}"


class JudicialConfirmation(models.Model):
    """The joint application to the court within 30 days of effect (People's Mediation Law art. 33)."""

    class State(models.TextChoices):
        FILED = "filed", _("Filed")
        CONFIRMED = "confirmed", _("Confirmed by ruling")
        REFUSED = "refused", _("Refused by ruling")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="confirmations")
    status = FSMField(default=State.FILED, choices=State.choices, protected=True, max_length=10)
    court = models.CharField(_("Court"), max_length=80)
    filed_on = models.DateField(_("Filed on"))
    ruling_number = models.CharField(_("Number of the ruling"), max_length=60, blank=True)
    ruled_on = models.DateField(_("Ruled on"), null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["agreement"],
                condition=models.Q(status__in=["filed", "confirmed"]),
                name="one_running_confirmation",
            )
        ]

    def __str__(self) -> str:
        return f"{self.court} {self.filed_on}"

    @transition(field=status, source=State.FILED, target=State.CONFIRMED)
    def confirm(self) -> None: ...

    @transition(field=status, source=State.FILED, target=State.REFUSED)
    def refuse(self) -> None: ...

    @transition(field=status, source=State.FILED, target=State.WITHDRAWN)
    def withdraw(self) -> None: ...


class Visit(models.Model):
    """A follow-up visit after closing: does the settlement hold, and are people content?"""

    class Outcome(models.TextChoices):
        HOLDS = "holds", _("The settlement holds")
        TENSION = "tension", _("Tension remains")
        REBOUND = "rebound", _("The dispute has come back")

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="visits")
    visited_at = models.DateTimeField(_("Visited at"))
    visited_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(_("Outcome"), max_length=8, choices=Outcome.choices)
    satisfaction = models.PositiveSmallIntegerField(_("Satisfaction"), null=True, blank=True)
    note = models.CharField(_("Note"), max_length=1000, blank=True)

    def __str__(self) -> str:
        return f"{self.dispute_id} {self.get_outcome_display()}"
