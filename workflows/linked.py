"""Lists of what runs beside mediation: reconsiderations, referrals and the orders of other organs.

Each is one query over the visible cases; names of parties are never among the columns.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import F, OuterRef, Q, Subquery

from mediation.accounts.actor import Actor
from mediation.deadlines.labels import LAPSES
from mediation.deadlines.models import Deadline
from mediation.disputes import policy
from mediation.disputes.enums import Status
from mediation.reconsideration.models import Reconsideration
from mediation.referrals.models import Order, Referral

Rows = Any
"""A queryset of dictionaries, still to be sliced."""

OF_CASE: Mapping[str, Any] = {
    "case": F("dispute__number"),
    "code": F("dispute__code"),
    "title": F("dispute__title"),
    "colour": F("dispute__colour"),
    "due_at": F("dispute__due_at"),
}
NEAREST = F("dispute__due_at").asc(nulls_last=True)
OWN_NODES = ("answer_copy", "perform_decision")
RUNNING = Q(dispute__status=Status.RECONSIDERING)


def tracks(actor: Actor, which: str, *, now: datetime) -> Rows:
    """``mine``: my role acts next; ``own``: the office answers as respondent; ``running``; ``ended``."""
    wanted = {
        "mine": RUNNING & Q(dispute__work__role__in=sorted(actor.roles)),
        "own": RUNNING & Q(is_ours=True),
        "running": RUNNING,
        "ended": ~RUNNING,
    }[which]
    rows = Reconsideration.objects.filter(wanted, dispute__in=_visible(actor, now))
    return rows.order_by(NEAREST, "-pk").values(
        "act", "organ", "competent_body", "status", "stood_at", "is_ours",
        node=F("dispute__work__node"), role=F("dispute__work__role"), rule=_nearest_rule(), **OF_CASE,
    )  # fmt: skip


def _nearest_rule() -> Subquery:
    """The clock behind ``due_at``: it runs, or it has run out and waits for us."""
    state = Deadline.State
    clocks = Deadline.objects.filter(dispute=OuterRef("dispute"))
    waiting = clocks.filter(
        Q(state=state.ARMED) | (Q(state=state.FIRED) & ~Q(rule__in=sorted(LAPSES)))
    )
    return Subquery(waiting.order_by("due_at", "pk").values("rule")[:1])


def sent(actor: Actor, *, now: datetime, open_only: bool) -> Rows:
    """What the centre has handed over, the nearest answer first."""
    rows = Referral.objects.filter(dispute__in=_visible(actor, now))
    if open_only:
        rows = rows.filter(dispute__status=Status.REFERRED).exclude(status="answered")
    return rows.order_by("reply_by", "pk").values(
        "organ", "target", "status", "sent_on", "reply_by", **OF_CASE
    )


def received(actor: Actor, *, now: datetime, open_only: bool) -> Rows:
    """What others have handed over, the nearest answer first."""
    rows = Order.objects.filter(dispute__in=_visible(actor, now))
    if open_only:
        rows = rows.filter(status__in=[Order.State.RECEIVED, Order.State.ACCEPTED])
    return rows.order_by("reply_by", "pk").values(
        "organ", "kind", "number", "status", "received_on", "reply_by", **OF_CASE
    )


def _visible(actor: Actor, now: datetime) -> Any:
    return policy.visible_to(actor, now=now).values("pk")
