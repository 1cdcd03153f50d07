"""What the page of a case asks, compiled once: its SQL differs from case to case in a number alone."""

from functools import lru_cache

from django.db.models import Count, Max, OuterRef, Subquery, Sum

from mediation.agreements.models import (
    Agreement,
    JudicialConfirmation,
    Obligation,
    Proof,
    Reminder,
    Visit,
)
from mediation.core.prepared import Prepared
from mediation.deadlines.models import Deadline
from mediation.disputes.models import Approval, Dispute, Party, Remark
from mediation.reconsideration.models import Reconsideration, Standstill, StatutoryNotice
from mediation.referrals.models import Order, Referral
from mediation.sessions.models import Appointment, CaucusNote, MediatorWish, Meeting, Participant
from mediation.supervision.models import Card, Instruction
from mediation.warning.models import Alert, Escalation


@lru_cache(maxsize=8)
def by_code(joined: tuple[str, ...]) -> Prepared[Dispute]:
    """The case of a lookup code, with what hangs on it. Whoever asks judges who may see it."""
    return Prepared(
        lambda code: Dispute.objects.select_related(*joined).filter(code=code), code=str
    )


def _paid() -> Subquery:
    """The parts of an obligation that were paid, together."""
    proofs = Proof.objects.filter(obligation=OuterRef("pk")).order_by().values("obligation")
    return Subquery(proofs.annotate(sum=Sum("amount")).values("sum"))


def _reminded_on() -> Subquery:
    last = Reminder.objects.filter(obligation=OuterRef("pk")).order_by("-on")
    return Subquery(last.values("on")[:1])


PARTIES = Prepared(lambda case: Party.objects.filter(dispute=case).order_by("ordinal"), case=int)
DEADLINES = Prepared(lambda case: Deadline.objects.filter(dispute=case), case=int)
AGREEMENT = Prepared(lambda case: Agreement.objects.filter(dispute=case, is_current=True), case=int)
OBLIGATIONS = Prepared(
    lambda case: (
        Obligation.objects.filter(agreement__dispute=case, agreement__is_current=True)
        .annotate(
            urged=Count("urgings"),
            urged_on=Max("urgings__urged_on"),
            paid=_paid(),
            reminded_on=_reminded_on(),
        )
        .order_by("ordinal")
    ),
    case=int,
)
CONFIRMATION = Prepared(
    lambda case: JudicialConfirmation.objects.filter(
        agreement__dispute=case, agreement__is_current=True
    ).order_by("-pk"),
    case=int,
)
MEETINGS = Prepared(
    lambda case: Meeting.objects.filter(dispute=case).select_related("recorded_by"), case=int
)
APPOINTMENTS = Prepared(
    lambda case: (
        Appointment.objects.filter(dispute=case).select_related("mediator").order_by("-starts_at")
    ),
    case=int,
)
WISHES = Prepared(
    lambda case: MediatorWish.objects.filter(dispute=case).select_related("mediator"), case=int
)
NOTES = Prepared(
    lambda case: CaucusNote.objects.filter(dispute=case).select_related("noted_by"), case=int
)
PARTICIPANTS = Prepared(lambda case: Participant.objects.filter(dispute=case), case=int)
REFERRALS = Prepared(lambda case: Referral.objects.filter(dispute=case).order_by("-pk"), case=int)
ORDERS = Prepared(lambda case: Order.objects.filter(dispute=case).order_by("pk"), case=int)
RECONSIDERATIONS = Prepared(
    lambda case: Reconsideration.objects.filter(dispute=case).order_by("-pk"), case=int
)
STANDSTILLS = Prepared(
    lambda track: Standstill.objects.filter(track=track).order_by("pk"), track=int
)
PAPERS = Prepared(
    lambda case: StatutoryNotice.objects.filter(track__dispute=case).order_by("-pk"), case=int
)
ESCALATIONS = Prepared(
    lambda case: (
        Escalation.objects.filter(dispute=case).select_related("reported_by").order_by("pk")
    ),
    case=int,
)
APPROVALS = Prepared(
    lambda case: (
        Approval.objects.filter(dispute=case)
        .select_related("asked_by", "decided_by")
        .order_by("-pk")
    ),
    case=int,
)
REMARKS = Prepared(
    lambda case: Remark.objects.filter(dispute=case).select_related("author"), case=int
)
VISITS = Prepared(
    lambda case: (
        Visit.objects.filter(dispute=case).select_related("visited_by").order_by("-visited_at")
    ),
    case=int,
)
CHILDREN = Prepared(lambda case: Dispute.objects.filter(parent=case).order_by("pk"), case=int)
ALERTS = Prepared(
    lambda case: (
        Alert.objects.filter(dispute=case)
        .select_related("owner", "acknowledged_by")
        .order_by("-pk")
    ),
    case=int,
)
CARDS = Prepared(
    lambda case: (
        Card.objects.filter(dispute=case)
        .select_related("set_by", "answered_by", "lifted_by")
        .order_by("-pk")
    ),
    case=int,
)
INSTRUCTIONS = Prepared(
    lambda case: (
        Instruction.objects.filter(dispute=case)
        .select_related("given_by", "addressee")
        .order_by("-pk")
    ),
    case=int,
)
