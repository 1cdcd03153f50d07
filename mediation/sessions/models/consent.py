"""What each party answered, what it was told, and who else takes part."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from mediation.accounts.models import Person
from mediation.core.crypto import SealedText
from mediation.disputes.enums import Consent, ContactChannel
from mediation.disputes.models import Dispute, Party


class GivenBy(models.TextChoices):
    """Who speaks for a party (Civil Code arts. 19, 20, 161; Civil Procedure Law arts. 56, 61)."""

    SELF = "self", _("The party in person")
    GUARDIAN = "guardian", _("The guardian")
    AGENT = "agent", _("The authorised agent")
    REPRESENTATIVE = "rep", _("The legal or elected representative")


class ConsentAnswer(models.Model):
    """One answer of one party to the question whether to mediate. The latest one counts.

    People's Mediation Law arts. 17, 23: consent is asked of everybody and may be withdrawn at any time.
    """

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="consent_answers")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="answers")
    answer = models.CharField(_("Answer"), max_length=10, choices=Consent.choices)
    answered_on = models.DateField(_("Answered on"))
    channel = models.CharField(_("How"), max_length=10, choices=ContactChannel.choices)
    given_by = models.CharField(_("Answered by"), max_length=8, choices=GivenBy.choices)
    reason = models.CharField(_("Reason"), max_length=300, blank=True)
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"{self.get_answer_display()} {self.answered_on}"


class RightsNotice(models.Model):
    """A party was told the nature, principles and effect of mediation and its rights and duties (D3)."""

    class Receipt(models.TextChoices):
        SIGNED = "signed", _("Receipt signed")
        READ_ALOUD = "read", _("Read aloud, confirmed orally")
        REFUSED = "refused", _("Told, would not sign")

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="rights_notices")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="rights_notices")
    told_on = models.DateField(_("Rights told on"))
    channel = models.CharField(_("How"), max_length=10, choices=ContactChannel.choices)
    receipt = models.CharField(
        _("Receipt"), max_length=8, choices=Receipt.choices, default=Receipt.SIGNED
    )
    told_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"{self.get_receipt_display()} {self.told_on}"


class Participant(models.Model):
    """Somebody beside the parties: an agent, a representative, a guardian, an invited person.

    ``consents``: ordinal of the party → day of its consent to an invited person (People's Mediation
    Law art. 20). ``represented``: for how many people a representative speaks.
    """

    class Kind(models.TextChoices):
        AGENT = "agent", _("Authorised agent")
        REPRESENTATIVE = "rep", _("Representative of a group")
        GUARDIAN = "guardian", _("Guardian")
        INVITED = "invited", _("Invited person")
        INTERPRETER = "interpreter", _("Interpreter")

    class Authority(models.TextChoices):
        GENERAL = "general", _("General authority")
        SPECIAL = "special", _("Special authority: may settle")

    dispute = models.ForeignKey(
        Dispute, on_delete=models.PROTECT, db_index=False, related_name="participants"
    )
    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    ordinal = models.PositiveSmallIntegerField()
    kind = models.CharField(_("Kind"), max_length=12, choices=Kind.choices)
    party = models.ForeignKey(
        Party, on_delete=models.PROTECT, null=True, blank=True, related_name="helpers"
    )
    name_sealed = models.BinaryField(default=bytes)
    phone_sealed = models.BinaryField(default=bytes, blank=True)
    relation = models.CharField(_("Relation or organisation"), max_length=80, blank=True)
    authority = models.CharField(
        _("Authority"), max_length=8, choices=Authority.choices, blank=True
    )
    authority_on = models.DateField(_("Letter of authority of"), null=True, blank=True)
    represented = models.PositiveIntegerField(_("Represented people"), null=True, blank=True)
    # The people represented have agreed to this settlement (Civil Procedure Law art. 56).
    settlement_agreed_on = models.DateField(null=True, blank=True)
    consents = models.JSONField(default=dict, blank=True)
    left_on = models.DateField(_("Left on"), null=True, blank=True)
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    name = SealedText("name_sealed")
    phone = SealedText("phone_sealed")

    class Meta:
        ordering: ClassVar = ["ordinal"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dispute", "ordinal"], name="participant_ordinal_once")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.ordinal}"
