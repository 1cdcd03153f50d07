"""Who mediates, who chose him, and what might stand between him and a party."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from mediation.accounts.models import Person
from mediation.disputes.models import Dispute, Party


class Assignment(models.Model):
    """Who mediated from when, who chose him and why, and when he declared to be free of ties.

    One leads the mediation; further ones may stand beside him (People's Mediation Law art. 19).
    """

    class ChosenBy(models.TextChoices):
        COMMITTEE = "committee", _("The committee")
        PARTIES = "parties", _("The parties")

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="assignments")
    mediator = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    chosen_by = models.CharField(max_length=10, choices=ChosenBy.choices)
    reason = models.CharField(_("Reason"), max_length=300, blank=True)
    is_lead = models.BooleanField(default=True)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    no_conflict_declared_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["dispute"],
                condition=models.Q(until__isnull=True, is_lead=True),
                name="one_mediator_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.dispute_id} {self.mediator_id}"


class TieKind(models.TextChoices):
    """What may make a mediator partial (SF/T 0083-2020; People's Mediation Law art. 15)."""

    KIN = "kin", _("Kin")
    EMPLOYER = "employer", _("Employer or colleague")
    NEIGHBOUR = "neighbour", _("Neighbour")
    DEALINGS = "dealings", _("Earlier dealings")
    INTEREST = "interest", _("Interest in the outcome")


class Declaration(models.Model):
    """A mediator's signed statement about ties with the parties of one case. Answered once, then kept."""

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="declarations")
    mediator = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    # Rows of {"kind": TieKind, "party": ordinal}; none when nothing speaks against him.
    ties = models.JSONField(default=list, blank=True)
    statement = models.CharField(max_length=300)
    signed_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"{self.dispute_id} {self.mediator_id}"


class Tie(models.Model):
    """A tie once declared, found again by the keyed hashes of the other's identifiers.

    Nothing readable of the party is kept here; the next case with the same person is recognised.
    """

    mediator = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="ties")
    kind = models.CharField(_("Tie"), max_length=10, choices=TieKind.choices)
    # Where it was declared; a party without identifiers is recognised in this case alone.
    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="+")
    id_index = models.CharField(max_length=64, blank=True)
    phone_index = models.CharField(max_length=64, blank=True)
    declared_at = models.DateTimeField()
    ended_on = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.mediator_id} {self.get_kind_display()}"


class MediatorWish(models.Model):
    """A party chooses a mediator or asks for another one (People's Mediation Law arts. 19, 23)."""

    class Wish(models.TextChoices):
        CHOOSE = "choose", _("Chooses this mediator")
        REPLACE = "replace", _("Asks for another mediator")

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="mediator_wishes")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    wish = models.CharField(_("Wish"), max_length=8, choices=Wish.choices)
    mediator = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(_("Reason"), max_length=300, blank=True)
    wished_on = models.DateField(_("Wished on"))
    met_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"{self.dispute_id} {self.get_wish_display()}"
