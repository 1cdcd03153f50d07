"""What a person has to do, waits for, and has done: three lists over the same cases."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from mediation.accounts.actor import Actor
from mediation.accounts.models import Role
from mediation.areas.selectors import within
from mediation.core.keyset import Column, ordering
from mediation.disputes import policy
from mediation.disputes.enums import DONE
from mediation.disputes.models import Dispute, Event
from workflows.models import WorkItem

# Whoever serves here answers for every case of his area, not only for those that bear his name.
ANSWER_FOR_AREA = frozenset(
    {Role.GRID_WORKER, Role.CENTRE_STAFF, Role.JUSTICE_STAFF, Role.RECONSIDERATION_CLERK}
)

SEVERE_FIRST = (
    Column("severity", falling=True),
    Column("due_at", may_be_empty=True, is_moment=True),
)
TO_DO = (*SEVERE_FIRST, Column("dispute_id"))
WAITING = (*SEVERE_FIRST, Column("pk", falling=True))
DONE_BY = (Column("at", falling=True, is_moment=True), Column("pk", falling=True))


def to_do(actor: Actor, *, now: datetime) -> QuerySet[WorkItem]:
    """Open work of the actor: his by name or deputyship, and what anybody of his role may take.

    The most severe first, then what is due first.
    """
    scope = Q(assignee_id__in=actor.stands_for)
    for grant in actor.grants:
        scope |= Q(assignee__isnull=True, role=grant.role) & within(grant.area_code)
    mine = WorkItem.objects.filter(scope, policy.case_in_sight(actor, now=now))
    return mine.order_by(*ordering(TO_DO))


def waiting(actor: Actor, *, now: datetime) -> QuerySet[Dispute]:
    """Open cases of the actor that are somebody else's to move now."""
    own = Q(registered_by_id__in=actor.stands_for) | Q(mediator_id__in=actor.stands_for)
    for grant in actor.grants:
        if grant.role in ANSWER_FOR_AREA:
            own |= within(grant.area_code)
    mine = to_do(actor, now=now).order_by()
    return (
        policy.visible_to(actor, now=now)
        .filter(own)
        .exclude(status__in=DONE)
        .exclude(pk__in=mine.values("dispute_id"))
        .order_by(*ordering(WAITING))
    )


def done_by(actor: Actor, *, now: datetime) -> QuerySet[Event]:
    """The latest step of the actor in every case in which he took one, the newest first.

    Read backwards along the index of his steps, so that a page costs the same after years of work.
    """
    steps = Event.objects.filter(actor_id=actor.person_id)
    later = steps.filter(dispute=OuterRef("dispute"), version__gt=OuterRef("version"))
    seen = policy.case_in_sight(actor, now=now)
    return steps.filter(~Exists(later), seen).order_by(*ordering(DONE_BY))
