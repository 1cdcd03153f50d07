"""Lists of cases with their open work: the case list, the board of the centre, the leader's figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, When, Window
from django.db.models.functions import RowNumber

from mediation.accounts.actor import Actor
from mediation.agreements.models import Obligation
from mediation.areas.models import LENGTH_OF, Area, Level
from mediation.areas.selectors import within
from mediation.core.clock import local_day
from mediation.core.keyset import Column
from mediation.disputes import policy
from mediation.disputes.enums import Colour, Sensitivity, Status
from mediation.disputes.models import Dispute
from mediation.disputes.selectors import (
    ALERTS,
    IS_OPEN,
    CaseFilter,
    StayFilter,
    between,
    condition,
)
from mediation.notifications.models import Notice
from mediation.reports import waits
from mediation.reports.figures import with_alert
from mediation.reports.figures_sql import Scope
from mediation.supervision.models import Card
from mediation.supervision.selectors import UNLIFTED
from mediation.warning.models import Alert, AlertStep, Escalation
from workflows import alerting
from workflows.models import WorkItem

PAGE_SIZE = 50
COUNTED_TO = 1001
"""Nobody reads further; beyond it a list says “1000+” instead of counting."""


# The case list -----------------------------------------------------------------------------------


def cases(actor: Actor, wanted: CaseFilter, *, now: datetime) -> QuerySet[Dispute]:
    """The visible cases that fit the filter: the base of a list and of the number that leads to it."""
    return policy.visible_to(actor, now=now).filter(matching(wanted, actor, now=now))


def matching(wanted: CaseFilter, actor: Actor, *, now: datetime) -> Any:
    found: Any = condition(wanted, actor, now=now)
    if wanted.node:
        found &= Q(work__node__in=wanted.node)
    if wanted.unperformed:
        found &= unperformed(now)
    if wanted.alert:
        found &= with_alert(*ALERTS[wanted.alert])
    if wanted.reddened:
        found &= reddened(wanted.reddened)
    if wanted.card:
        found &= with_card(*wanted.card)
    if stay := StayFilter.read(wanted.stayed) if wanted.stayed else None:
        found &= waits.stayed(stay)
    if wanted.handed:
        found &= Q(pk__in=waits.handed_over(wanted.handed).values("dispute"))
    if wanted.astray:
        found &= waits.strayed()
    if wanted.owed:
        found &= owed()
    return found


# What hangs on a case is asked the other way round: which cases has it? It is little, and has its index;
# SQLite would ask it of every case of the area.


def reddened(days: str) -> Q:
    """Cases with an alert that is red and was raised, or raised again, on these days."""
    steps = AlertStep.objects.filter(
        between("at", days),
        alert__colour=Colour.RED,
        alert__dispute__isnull=False,
        kind__in=[AlertStep.Kind.RAISED, AlertStep.Kind.REPEATED],
    )
    return Q(pk__in=steps.order_by().values("alert__dispute"))


def with_card(*levels: str) -> Q:
    """Cases with a card of one of the levels that nobody has lifted, each once."""
    cards = Card.objects.filter(state__in=UNLIFTED, level__in=levels)
    return Q(pk__in=cards.values("dispute"))


def owed() -> Q:
    """Cases of which a report that the law demands is not made yet."""
    rows = Escalation.objects.filter(reported_at__isnull=True, lapsed_at__isnull=True)
    return Q(pk__in=rows.values("dispute"))


def unperformed(now: datetime) -> Q:
    """Agreements in effect of which something due is not done (People's Mediation Law art. 31)."""
    # This one is asked of the case, but only if it is in that status: few are.
    late = Obligation.objects.filter(
        agreement__dispute=OuterRef("pk"),
        agreement__is_current=True,
        done_on__isnull=True,
        due_on__lt=local_day(now),
    )
    overdue = Q(status=Status.PERFORMING) & Q(Exists(late))
    return IS_OPEN & (Q(status=Status.BREACHED) | overdue)


LIST_VALUES: Mapping[str, Any] = {
    "community": F("grid__parent__name"),
    "grid_name": F("grid__name"),
    "mediator_name": F("mediator__name"),
    "node": F("work__node"),
    "role": F("work__role"),
}
COLUMNS = (
    "pk", "number", "code", "title", "status", "colour", "category", "due_at", "registered_at",
)  # fmt: skip


NEWEST = (Column("pk", falling=True),)


def listed() -> QuerySet[Dispute, Any]:
    """What lists show of a case."""
    rows: QuerySet[Dispute, Any] = Dispute.objects.values(*COLUMNS, **LIST_VALUES)
    return rows


def capped_count(found: QuerySet[Dispute]) -> int:
    """At most ``COUNTED_TO``."""
    return found.order_by()[:COUNTED_TO].count()


# The board ---------------------------------------------------------------------------------------

BOARD_DEPTH = 20
BOARD_VALUES = {
    "pk": F("dispute_id"),
    "number": F("dispute__number"),
    "code": F("dispute__code"),
    "title": F("dispute__title"),
    "status": F("dispute__status"),
    "colour": F("dispute__colour"),
    "community": F("dispute__grid__parent__name"),
    "assignee_name": F("assignee__name"),
}


def board(
    actor: Actor, nodes: Sequence[str], *, area: str = "", now: datetime
) -> list[dict[str, Any]]:
    """The worst cases of each column, and in ``total`` how many the column holds: one query."""
    scope = Q(policy.case_in_sight(actor, now=now), node__in=nodes)
    if area:
        scope &= within(area)
    urgency = [F("severity").desc(), F("due_at").asc(nulls_last=True), F("dispute_id").asc()]
    rows: Any = (
        WorkItem.objects.filter(scope)
        .annotate(
            rank=Window(RowNumber(), partition_by="node", order_by=urgency),
            total=Window(Count("*"), partition_by="node"),
        )
        .filter(rank__lte=BOARD_DEPTH)
        .order_by("node", "rank")
        .values("node", "due_at", "opened_at", "total", **BOARD_VALUES)
    )
    return list(rows)


# The leader --------------------------------------------------------------------------------------

COMMUNITY_DIGITS = LENGTH_OF[Level.COMMUNITY]


def worst_open(actor: Actor, *, area: str = "", now: datetime, limit: int) -> list[dict[str, Any]]:
    """Red and orange cases that are open, the reddest and oldest first, with why they are so."""
    grave = Q(colour__in=[Colour.RED, Colour.ORANGE])
    return list(
        policy.visible_to(actor, now=now)
        .filter(IS_OPEN & grave & (within(area) if area else Q()))
        .order_by("-severity", "pk")
        .values(*COLUMNS, "risk", **LIST_VALUES)[:limit]
    )


def area_names(codes: Sequence[str]) -> dict[str, str]:
    return dict(Area.objects.filter(code__in=codes).values_list("code", "name"))


def communities(actor: Actor) -> list[tuple[str, str]]:
    """The communities that the actor's duties reach: what a filter by area may offer."""
    scope = Q(pk__in=[])
    for code in {grant.area_code for grant in actor.grants}:
        scope |= within(code[:COMMUNITY_DIGITS], field="code")
    rows = Area.objects.filter(scope, level=Level.COMMUNITY, is_active=True)
    return list(rows.order_by("code").values_list("code", "name"))


# Live counts ---------------------------------------------------------------------------------------


def at_nodes(scope: Scope) -> dict[str, int]:
    """Open work of the cases in the scope, by node."""
    rows = WorkItem.objects.filter(within(scope.area))
    if not scope.cleared:
        rows = rows.filter(Q(dispute__sensitivity=Sensitivity.NORMAL) | Q(dispute__in=scope.extras))
    if scope.category:
        rows = rows.filter(dispute__category=scope.category)
    return dict(rows.order_by().values_list("node").annotate(n=Count("pk")))


# Alerts ------------------------------------------------------------------------------------------


def open_alerts(actor: Actor, *, now: datetime) -> QuerySet[Alert]:
    """Open alerts of visible cases, the gravest first, then who has waited longest."""
    return (
        _alerts(actor, now).exclude(status=Alert.State.RESOLVED).order_by("-severity", "raised_at")
    )


def resolved_alerts(actor: Actor, *, now: datetime) -> QuerySet[Alert]:
    return _alerts(actor, now).filter(status=Alert.State.RESOLVED).order_by("-resolved_at")


def _alerts(actor: Actor, now: datetime) -> QuerySet[Alert]:
    """Of cases within view. What is folded into another shows as its count."""
    return _joined(Alert.objects.filter(policy.case_in_sight(actor, now=now)))


def alerts_of(actor: Actor, *, resolved: bool, now: datetime) -> QuerySet[Alert]:
    """All alerts of one's view, of cases and of areas: open ones by gravity, those that nobody has
    acknowledged before the others; resolved ones by day."""
    rows = _joined(alerting.visible(actor, now=now))
    if resolved:
        return rows.filter(status=Alert.State.RESOLVED).order_by("-resolved_at")
    unseen = Case(When(status=Alert.State.RAISED, then=0), default=1)
    return rows.exclude(status=Alert.State.RESOLVED).order_by("-severity", unseen, "raised_at")


def _joined(rows: QuerySet[Alert]) -> QuerySet[Alert]:
    return rows.filter(folded_into__isnull=True).select_related(
        "dispute__grid__parent", "owner", "acknowledged_by"
    )


@dataclass(frozen=True, slots=True)
class Told:
    """One person who was told of an alert, and whether he has seen the notice."""

    name: str
    post: str
    seen: bool


def told_of(alerts: Sequence[Alert]) -> dict[int | None, list[Told]]:
    """Who has been told since each alert was raised, by dispute, each person once."""
    rows = (
        Notice.objects.filter(dispute__in=[alert.dispute_id for alert in alerts])
        .order_by("dispute_id", "seq")
        .values_list(
            "dispute_id",
            "created_at",
            "person_id",
            "person__name",
            "person__post",
            "acknowledged_at",
        )
    )
    raised = {alert.dispute_id: alert.raised_at for alert in alerts}
    found: dict[int, dict[int, Told]] = {pk: {} for pk in raised if pk}
    for dispute, at, person, name, post, seen in rows:
        if dispute in raised and at >= raised[dispute]:
            before = found[dispute].get(person)
            found[dispute][person] = Told(name, post, bool(seen) or bool(before and before.seen))
    return {pk: list(people.values()) for pk, people in found.items()}
