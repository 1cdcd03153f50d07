"""What pages and guards ask about cards and instructions. Lists narrow ``policy.visible_to``."""

from datetime import datetime

from django.db.models import Case, IntegerField, QuerySet, Value, When

from mediation.accounts.actor import Actor
from mediation.core.prepared import Prepared
from mediation.disputes import policy
from mediation.supervision.models import Card, Instruction

GRAVITY = Case(
    *(When(level=level, then=Value(n)) for n, level in enumerate(Card.Level.values)),
    output_field=IntegerField(),
)
UNLIFTED = (Card.State.OPEN, Card.State.ANSWERED)

CARDS = Prepared(
    lambda dispute: Card.objects.filter(
        dispute_id=dispute, state__in=[state.value for state in UNLIFTED]
    ).order_by("pk"),
    dispute=int,
)
INSTRUCTIONS = Prepared(
    lambda dispute: Instruction.objects.filter(
        dispute_id=dispute, answered_at__isnull=True
    ).order_by("pk"),
    dispute=int,
)


def open_cards(actor: Actor, *, now: datetime) -> QuerySet[Card]:
    """Unlifted cards of visible cases, the gravest and oldest first."""
    return (
        Card.objects.filter(policy.case_in_sight(actor, now=now), state__in=UNLIFTED)
        .select_related("dispute__grid__parent", "set_by", "answered_by")
        .order_by(GRAVITY.desc(), "answer_by", "pk")
    )


def instructions(actor: Actor, *, now: datetime) -> QuerySet[Instruction]:
    """Instructions on visible cases, the unanswered first, then the newest."""
    return (
        Instruction.objects.filter(policy.case_in_sight(actor, now=now))
        .select_related("dispute__grid__parent", "given_by", "addressee")
        .order_by("answered_at", "answer_by", "-pk")
    )
