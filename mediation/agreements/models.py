"""Agreements, what they oblige to, their confirmation by the court, and visits afterwards."""

from datetime import date
from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from mediation.accounts.models import Person
from mediation.deadlines.compute import roll_forward
from mediation.deadlines.store import calendar_in_force
from mediation.disputes.enums import ContactChannel
from mediation.disputes.models import Dispute, Party


class Agreement(models.Model):
    """What the parties agreed. A later one replaces an earlier one that fell through."""

    class Form(models.TextChoices):
        WRITTEN = "written", _("Written agreement")
        ORAL = "oral", _("Oral agreement")

    class State(models.TextChoices):
        CHECKED = "checked", _("Checked")
        SIGNED = "signed", _("Signed")
        SEALED = "sealed", _("Signed and sealed")

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="agreements")
    form = models.CharField(_("Form"), max_length=8, choices=Form.choices)
    # Where the paper stands. Before it is checked it is a draft: see ``AgreementVersion``.
    state = FSMField(default=State.CHECKED, choices=State.choices, protected=True, max_length=8)
    version = models.PositiveSmallIntegerField(_("Version"), default=1)
    # Main facts, disputed matters and responsibilities (People's Mediation Law art. 29).
    main_facts = models.TextField(_("Main facts"), max_length=3000, blank=True)
    issues = models.TextField(_("Matters in dispute"), max_length=1000, blank=True)
    responsibilities = models.TextField(_("Responsibilities"), max_length=1000, blank=True)
    # What was agreed, clause by clause; ``content`` holds the same as one text.
    clauses = models.JSONField(default=list, blank=True)
    place = models.CharField(_("Place of performance"), max_length=120, blank=True)
    copies = models.PositiveSmallIntegerField(_("Copies"), null=True, blank=True)
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

    @transition(field=state, source=State.CHECKED, target=State.SIGNED)
    def sign(self) -> None: ...

    @transition(field=state, source=State.SIGNED, target=State.SEALED)
    def seal(self) -> None: ...

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


class AgreementVersion(models.Model):
    """One version of the text as it was drafted or checked. Never changed; the next one follows it.

    ``body``: the input of the form, as ``reach_agreement`` takes it.
    """

    class Stage(models.TextChoices):
        DRAFT = "draft", _("Draft")
        CHECKED = "checked", _("Checked")

    dispute = models.ForeignKey(
        Dispute, on_delete=models.PROTECT, db_index=False, related_name="agreement_versions"
    )
    number = models.PositiveSmallIntegerField(_("Version"))
    stage = models.CharField(max_length=8, choices=Stage.choices)
    body = models.JSONField(default=dict)
    written_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dispute", "number"], name="agreement_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.dispute_id} v{self.number}"


class Obligation(models.Model):
    """One thing that one side owes the other by a day: what, how much, how, where."""

    agreement = models.ForeignKey(
        Agreement, on_delete=models.PROTECT, db_index=False, related_name="obligations"
    )
    ordinal = models.PositiveSmallIntegerField()
    debtor = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+", null=True)
    creditor = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    manner = models.CharField(_("Manner"), max_length=100, blank=True)
    place = models.CharField(_("Place"), max_length=120, blank=True)
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
        # What is in default: due, and not done.
        indexes: ClassVar = [
            models.Index(
                fields=["due_on"],
                name="obligation_undone",
                condition=models.Q(done_on__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.ordinal}. {self.content[:20]}"

    @property
    def is_done(self) -> bool:
        return self.done_on is not None and (bool(self.proof) or self.both_confirm)

    def remaining(self) -> Decimal:
        """What is still owed in money; asks for the proofs. Nothing when it is not about money."""
        paid = sum((p.amount for p in self.proofs.all() if p.amount is not None), Decimal(0))
        return max((self.amount or Decimal(0)) - paid, Decimal(0))

    @property
    def last_day(self) -> date:
        """Until when performing is in time: a term that ends on a rest day ends on the next working day
        (Civil Code art. 203)."""
        return roll_forward(self.due_on, calendar=calendar_in_force())

    def is_overdue(self, today: date) -> bool:
        return not self.is_done and self.due_on < today and self.last_day < today


class Proof(models.Model):
    """One thing that shows performance, whole or in part: a receipt, a transfer slip, a word of both."""

    class Kind(models.TextChoices):
        RECEIPT = "receipt", _("Receipt slip")
        TRANSFER = "transfer", _("Transfer slip")
        PHOTO = "photo", _("Photo")
        BOTH = "both", _("Both sides confirm")
        OTHER = "other", _("Other")

    obligation = models.ForeignKey(Obligation, on_delete=models.PROTECT, related_name="proofs")
    kind = models.CharField(_("Kind"), max_length=8, choices=Kind.choices)
    on = models.DateField(_("Done on"))
    amount = models.DecimalField(
        _("Amount"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    text = models.CharField(_("Proof"), max_length=200, blank=True)
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["on", "pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.on}"


class Reminder(models.Model):
    """One side of an obligation was reminded before its day (People's Mediation Law art. 31)."""

    class Side(models.TextChoices):
        DEBTOR = "debtor", _("Who owes")
        CREDITOR = "creditor", _("To whom it is owed")

    obligation = models.ForeignKey(Obligation, on_delete=models.PROTECT, related_name="reminders")
    side = models.CharField(_("Side"), max_length=8, choices=Side.choices)
    on = models.DateField(_("Reminded on"))
    channel = models.CharField(_("How"), max_length=10, choices=ContactChannel.choices)
    reminded_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["on", "pk"]

    def __str__(self) -> str:
        return f"{self.obligation_id} {self.side} {self.on}"


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
        ACCEPTED = "accepted", _("Docketed by the court")
        CONFIRMED = "confirmed", _("Confirmed by ruling")
        REFUSED = "refused", _("Refused by ruling")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        REJECTED = "rejected", _("Not docketed")
        REVOKED = "revoked", _("Revoked later")

    class Ground(models.TextChoices):
        """SPC Interpretation of the Civil Procedure Law art. 358; grounds of rejection art. 355."""

        MANDATORY_LAW = "law", _("Against mandatory law")
        INTEREST = "interest", _("Harms the state, the public or a third party")
        MORALS = "morals", _("Against public morals")
        WILL = "will", _("Not voluntary")
        UNCLEAR = "unclear", _("Content unclear")
        SCOPE = "scope", _("Outside what a court confirms")
        OTHER = "other", _("Another ground")

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="confirmations")
    status = FSMField(default=State.FILED, choices=State.choices, protected=True, max_length=10)
    court = models.CharField(_("Court"), max_length=80)
    filed_on = models.DateField(_("Filed on"))
    # Ordinals of the parties who applied; all of them, jointly.
    applicants = models.JSONField(default=list, blank=True)
    docketed_on = models.DateField(_("Docketed on"), null=True, blank=True)
    court_number = models.CharField(_("Number at the court"), max_length=60, blank=True)
    ground = models.CharField(_("Ground"), max_length=8, choices=Ground.choices, blank=True)
    note = models.CharField(_("Note"), max_length=300, blank=True)
    ruling_number = models.CharField(_("Number of the ruling"), max_length=60, blank=True)
    ruled_on = models.DateField(_("Ruled on"), null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["agreement"],
                condition=models.Q(status__in=["filed", "accepted", "confirmed"]),
                name="one_running_confirmation",
            )
        ]

    def __str__(self) -> str:
        return f"{self.court} {self.filed_on}"

    @property
    def is_running(self) -> bool:
        return self.status in {self.State.FILED, self.State.ACCEPTED}

    @property
    def may_be_filed_again(self) -> bool:
        """What the court did not take, or the parties took back; what it has refused is decided (art. 33)."""
        return self.status in {self.State.REJECTED, self.State.WITHDRAWN}

    @transition(field=status, source=State.FILED, target=State.ACCEPTED)
    def docket(self) -> None: ...

    @transition(field=status, source=State.FILED, target=State.REJECTED)
    def reject(self) -> None: ...

    @transition(field=status, source=[State.FILED, State.ACCEPTED], target=State.CONFIRMED)
    def confirm(self) -> None: ...

    @transition(field=status, source=[State.FILED, State.ACCEPTED], target=State.REFUSED)
    def refuse(self) -> None: ...

    @transition(field=status, source=[State.FILED, State.ACCEPTED], target=State.WITHDRAWN)
    def withdraw(self) -> None: ...

    @transition(field=status, source=State.CONFIRMED, target=State.REVOKED)
    def revoke(self) -> None: ...


class Visit(models.Model):
    """A follow-up visit after closing: does the settlement hold, and are people content? (D9)"""

    class Outcome(models.TextChoices):
        HOLDS = "holds", _("The settlement holds")
        TENSION = "tension", _("Tension remains")
        REBOUND = "rebound", _("The dispute has come back")

    class Performed(models.TextChoices):
        ALL = "all", _("Performed in full")
        PARTLY = "partly", _("Performed in part")
        NOT = "not", _("Not performed")

    class LaterSuit(models.TextChoices):
        NONE = "none", _("No later suit")
        UPHELD = "upheld", _("Sued later, agreement upheld")
        CHANGED = "changed", _("Sued later, agreement changed or annulled")
        PENDING = "pending", _("Sued later, still pending")

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="visits")
    visited_at = models.DateTimeField(_("Visited at"))
    visited_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    channel = models.CharField(_("How"), max_length=10, choices=ContactChannel.choices, blank=True)
    asked = models.JSONField(_("Parties asked"), default=list, blank=True)
    outcome = models.CharField(_("Outcome"), max_length=8, choices=Outcome.choices)
    performed = models.CharField(
        _("Performance"), max_length=8, choices=Performed.choices, blank=True
    )
    later_suit = models.CharField(
        _("Later suit"), max_length=8, choices=LaterSuit.choices, blank=True
    )
    satisfaction = models.PositiveSmallIntegerField(_("Satisfaction"), null=True, blank=True)
    measures = models.CharField(_("Measures"), max_length=300, blank=True)
    note = models.CharField(_("Note"), max_length=1000, blank=True)

    def __str__(self) -> str:
        return f"{self.dispute_id} {self.get_outcome_display()}"
