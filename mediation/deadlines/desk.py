"""The clocks that a person has to watch: one query over the cases that are his to answer for."""

from datetime import date, datetime

from django.db.models import Q, QuerySet

from mediation.accounts.actor import Actor
from mediation.accounts.models import Role
from mediation.areas.selectors import within
from mediation.deadlines.labels import LAPSES
from mediation.deadlines.models import Deadline
from mediation.disputes import policy

# Whoever serves here watches every clock of his area; a mediator those of his own cases.
BY_AREA = frozenset(
    {
        Role.GRID_WORKER,
        Role.CENTRE_STAFF,
        Role.JUSTICE_STAFF,
        Role.LEADER,
        Role.RECONSIDERATION_CLERK,
    }
)
WATCHED = (Deadline.State.ARMED, Deadline.State.FIRED)


def desk(actor: Actor, *, now: datetime) -> QuerySet[Deadline]:
    """Running clocks and those that are overdue, the longest overdue first.

    Rights that have lapsed are over; clocks that stand still have no day.
    """
    own = Q(mediator_id__in=sorted(actor.stands_for))
    for grant in actor.grants:
        if grant.role in BY_AREA:
            own |= within(grant.area_code)
    cases = policy.visible_to(actor, now=now).filter(own)
    return (
        Deadline.objects.filter(state__in=WATCHED, dispute__in=cases.values("pk"))
        .exclude(state=Deadline.State.FIRED, rule__in=sorted(LAPSES))
        .select_related("dispute")
        .order_by("due_at", "pk")
    )


def between(found: QuerySet[Deadline], first: date, last: date) -> QuerySet[Deadline]:
    return found.filter(due_on__gte=first, due_on__lte=last)
