"""The offices and leaders of the demonstration press: cards are lifted, instructions are given."""

from datetime import datetime, timedelta
from typing import Any

from mediation.accounts.actor import Actor, load_actor
from mediation.accounts.models import Duty, Role
from mediation.areas.models import ancestor_codes
from mediation.core.clock import local_day
from mediation.disputes.enums import OPEN, Colour
from mediation.disputes.models import Dispute
from mediation.supervision.models import Card, Instruction
from mediation.supervision.selectors import UNLIFTED
from mediation.warning.models import Alert
from workflows.engine import Command, execute

INSTRUCTIONS = (
    "请综治中心牵头，本周内约双方再谈一次，结果报我。",
    "涉及人身安全，务必逐日跟进，发现苗头立即报告。",
    "请核实诉求是否合理，拿出化解方案。",
)
ANSWER = "已召集会商，明确专人包案，两日内上门见面。"
WHO_LIFTS = {Card.Owner.OFFICE: Role.CENTRE_STAFF, Card.Owner.LEADER: Role.LEADER}


def lift_all(number: str, *, now: datetime) -> None:
    """Before a case is closed: yellow and red cards are lifted by the level that set them."""
    waiting = Card.objects.filter(dispute__number=number, state__in=UNLIFTED)
    for card in waiting.exclude(level=Card.Level.REMINDER).select_related("dispute"):
        lifter = _serving(card.dispute, WHO_LIFTS[Card.Owner(card.owner)], now)
        data = {"card": card.pk, "lift_reason": "已督促办结。"}
        _give("lift_card", card.dispute, data, lifter, now)


def instruct(*, now: datetime) -> None:
    """A leader writes on the gravest open cases; the first instruction is answered, the next is read."""
    grave = Dispute.objects.filter(status__in=sorted(OPEN)).order_by("-severity", "pk")
    for turn, (case, text) in enumerate(zip(grave, INSTRUCTIONS, strict=False)):
        leader = _serving(case, Role.LEADER, now)
        office = _serving(case, Role.CENTRE_STAFF, now)
        term = (local_day(now) + timedelta(days=3)).isoformat()
        given = {"addressee": office.person_id, "instruction": text, "answer_by": term}
        _give("instruct", case, given, leader, now)
        latest = Instruction.objects.latest("pk").pk
        if turn == 0:
            answer = {"instruction": latest, "answer": ANSWER}
            _give("answer_instruction", case, answer, office, now)
        elif turn == 1:
            _give("acknowledge_instruction", case, {"instruction": latest}, office, now)


def see_clustered(*, now: datetime) -> None:
    """A leader has seen the cases that a cluster made grave; the cluster itself waits for an answer."""
    waiting = Alert.objects.filter(
        status=Alert.State.RAISED, dispute__clusters__isnull=False, colour=Colour.ORANGE
    ).order_by("folded_into", "pk")
    while alert := waiting.filter(raised_at=now).select_related("dispute").first():
        if (case := alert.dispute) is not None:
            _give("acknowledge_alert", case, {}, _serving(case, Role.LEADER, now), now)


def _serving(case: Dispute, role: Role, now: datetime) -> Actor:
    """Somebody of that role who sees the case."""
    duties = Duty.objects.filter(role=role, area__code__in=ancestor_codes(case.area_code))
    if case.is_sensitive:
        duties = duties.filter(cleared=True)
    duty = duties.filter(person__is_active=True).select_related("person").order_by("pk")[0]
    return load_actor(duty.person, today=local_day(now))


def _give(name: str, case: Dispute, data: dict[str, Any], actor: Actor, now: datetime) -> None:
    execute(Command(name, dispute=case.number, data=data), actor, now=now)
