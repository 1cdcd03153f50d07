"""Reports to police and other organs that the law demands, and their receipts."""

from django import forms
from django.utils.translation import gettext_lazy as _

from mediation.disputes import guards
from mediation.disputes.enums import OPEN
from mediation.disputes.models import Dispute
from mediation.warning.models import Escalation
from workflows.commands.fields import CommandForm, Moment, Text
from workflows.commands.spec import command
from workflows.facts import CaseFacts


class EscalationForm(CommandForm):
    private = frozenset({"content"})

    receiver = forms.ChoiceField(label=_("Receiver"), choices=Escalation.Receiver.choices)
    content = Text(label=_("Content"), min_length=5, max_length=500, multiline=True)
    reported_at = Moment(past=True, label=_("Reported at"))
    receipt = Text(label=_("Receipt number"), max_length=60, required=False)


class ReceiptForm(CommandForm):
    escalation = forms.TypedChoiceField(label=_("Report"), coerce=int)
    receipt = Text(label=_("Receipt number"), max_length=60)

    def prepare(self) -> None:
        if self.dispute is not None:
            waiting = Escalation.objects.filter(
                dispute=self.dispute, reported_at__isnull=False, received_at__isnull=True
            )
            self.offer("escalation", [(e.pk, str(e)) for e in waiting])


@command(
    "report_escalation",
    label=_("Report to police or another organ"),
    done=_("Reported to another organ"),
    form=EscalationForm,
    tells=("mediator", "centre", "leader"),
    statuses=OPEN,
)
def report_escalation(dispute: Dispute, facts: CaseFacts) -> None:
    """Make the report that is demanded of this receiver, or one of one's own accord."""
    receipt = facts.data["receipt"]
    owed = Escalation.objects.filter(
        dispute=dispute,
        receiver=facts.data["receiver"],
        reported_at__isnull=True,
        lapsed_at__isnull=True,
    ).first()
    report = owed or Escalation(dispute=dispute, receiver=facts.data["receiver"])
    report.content, report.reported_at = facts.data["content"], facts.data["reported_at"]
    report.reported_by_id, report.receipt = facts.actor.person_id, receipt
    report.received_at = facts.now if receipt else None
    report.save()


@command(
    "record_receipt",
    label=_("Record the receipt of a report"),
    done=_("Receipt of the report recorded"),
    form=ReceiptForm,
    statuses=OPEN,
    guards=(guards.report_awaits_receipt,),
)
def record_receipt(dispute: Dispute, facts: CaseFacts) -> None:
    Escalation.objects.filter(dispute=dispute, pk=facts.data["escalation"]).update(
        receipt=facts.data["receipt"], received_at=facts.now
    )
