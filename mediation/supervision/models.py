"""Who presses whom: cards for what is overdue, and the written instructions of a leader."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from mediation.accounts.models import Person
from mediation.disputes.models import Dispute


class Card(models.Model):
    """One demand to do what is overdue: a reminder, then a yellow card, then a red one.

    The clock of the case sets them one after the other; offices and leaders may set one by hand.
    Answering stops the ladder; only the level that set it may lift it.
    """

    class Level(models.TextChoices):
        REMINDER = "reminder", _("Reminder")
        YELLOW = "yellow", _("Yellow card")
        RED = "red", _("Red card")

    class State(models.TextChoices):
        OPEN = "open", _("Not answered")
        ANSWERED = "answered", _("Answered")
        RAISED = "raised", _("Raised to the next level")
        LIFTED = "lifted", _("Lifted")

    class Owner(models.TextChoices):
        OFFICE = "office", _("Centre and justice office")
        LEADER = "leader", _("Leaders")

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="cards")
    level = models.CharField(_("Level"), max_length=8, choices=Level.choices)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    # The level that set it, by hand or through the ladder: it alone may lift it.
    owner = models.CharField(max_length=8, choices=Owner.choices)
    # The clock that ran out, as its rule and subject; empty for a card that a person set.
    rule = models.CharField(max_length=20, blank=True)
    subject = models.CharField(max_length=20, blank=True)
    missed_on = models.DateField(null=True)
    demand = models.TextField(_("Demand"), blank=True)
    set_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    set_at = models.DateTimeField()
    answer_by = models.DateField(_("Answer by"))
    answer = models.TextField(_("Answer"), blank=True)
    answered_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    lifted_at = models.DateTimeField(null=True)
    lift_reason = models.TextField(_("Reason"), blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["dispute", "level"],
                name="card_unlifted",
                condition=models.Q(state__in=["open", "answered"]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_level_display()} {self.set_at:%Y-%m-%d}"

    @property
    def clock(self) -> str:
        """The subject of the clock by which the card must be answered."""
        return f"{self.rule}/{self.subject}" if self.rule else f"HAND/{self.pk}"


class Instruction(models.Model):
    """What a leader wrote on a case for one person, that it was read, and what was answered."""

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="instructions")
    text = models.TextField(_("Instruction"))
    given_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    addressee = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    answer_by = models.DateField(_("Answer by"))
    acknowledged_at = models.DateTimeField(null=True)
    answer = models.TextField(_("Answer"), blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["dispute"],
                name="instruction_open",
                condition=models.Q(answered_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.given_at:%Y-%m-%d} → {self.addressee_id}"
