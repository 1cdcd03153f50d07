"""Which command starts, moves or stops which clock. Read beside ``docs/reference/deadlines.md``."""

from collections.abc import Callable
from datetime import date, timedelta

from django.utils.translation import get_language

from mediation.core.clock import end_of
from mediation.core.errors import Reason, Unmet
from mediation.deadlines import clocks
from mediation.deadlines.labels import LAPSES
from mediation.deadlines.models import Deadline
from mediation.deadlines.words import DeadlineError
from mediation.disputes.enums import Status
from mediation.disputes.models import Dispute
from mediation.reconsideration import terms
from mediation.referrals.models import COURT_KINDS, OrderKind
from mediation.sessions.models import Pause
from workflows import track_clocks
from workflows.commands import orders as incoming
from workflows.facts import CaseFacts
from workflows.ladder import MEDIATION

PERFORMANCE = ("OBLIGATION", "CONF")
TRACK = "rc_"
"""How the steps of the linked reconsideration begin."""
RECEIPT = {"court": "COURT_DOCKET", "labour_arbitration": "L06", "petition": "X01"}
"""Channel → the term in which the receiver says whether it takes the matter: a petition department
registers and passes on (Petition Work Regulations art. 22). The receiver owes it, not the office."""

HANDLING = {"labour_arbitration": "L08", "petition": "X05A", "payment_order": "L12"}
"""Channel → the term in which the receiver handles what it has taken."""

# By category, where the law has a term of its own: labour (art. 14), medical (art. 38).
USUAL = {"10": "L01", "13": "MEDICAL"}
FIRST_VISIT_AFTER = timedelta(days=30)


def _accept(dispute: Dispute, facts: CaseFacts) -> None:
    """A court's term runs from the signed receipt of its papers, the others from acceptance."""
    # An open order has a clock of its own: where none runs there is no order to ask for.
    orders = facts.orders if dispute.due_at else ()
    order = next((o for o in reversed(orders) if o.is_open and o.kind in COURT_KINDS), None)
    usual = order.kind if order is not None else USUAL.get(dispute.category, "MED")
    rule, start = facts.data["channel"] or usual, facts.data["accepted_on"]
    if order is not None and rule == order.kind:
        start = order.received_on
    dispute.mediation_due = clocks.arm(dispute, rule, start)


def _pause(dispute: Dispute, facts: CaseFacts) -> None:
    """A pause that began in time and is written down late lets the clock stand that ran out meanwhile."""
    clock, since = _period(dispute), facts.data["since"]
    if clock is not None and clock.state == Deadline.State.FIRED and since <= clock.due_on:
        clocks.meet(dispute, [clock.rule])  # with the card that presses for it
        clocks.hold_since(dispute, clock, since)
    else:
        clocks.hold(dispute, MEDIATION)


def _resume(dispute: Dispute, facts: CaseFacts) -> None:
    """Days from the pause's first day to the day it ends are added (C11)."""
    running, pause = _period(dispute), _latest_pause(dispute)
    if running is None or running.state not in clocks.RUNNING or pause is None:
        return
    dispute.mediation_due = clocks.resume(running, pause)


def _period(dispute: Dispute) -> Deadline | None:
    """The clock of the mediation period in its present or latest run."""
    return Deadline.objects.filter(dispute=dispute, rule__in=MEDIATION).order_by("-pk").first()


def _latest_pause(dispute: Dispute) -> tuple[date, date] | None:
    row = Pause.objects.filter(dispute=dispute, until__isnull=False).order_by("-pk").first()
    return (row.since, row.until) if row is not None and row.until is not None else None


def _extend(dispute: Dispute, facts: CaseFacts) -> None:
    """What was agreed in time and is written down late starts the clock anew that ran out meanwhile."""
    until, clock = facts.data["until"], _period(dispute)
    if clock is None or clock.state != Deadline.State.FIRED:
        clocks.move(dispute, MEDIATION, until)
        return
    clocks.meet(dispute, [clock.rule])
    clocks.arm_by_hand(dispute, clock.rule, until, start=clock.starts_on, subject=clock.subject)


def _reach_agreement(dispute: Dispute, facts: CaseFacts) -> None:
    clocks.meet(dispute, MEDIATION)


def _fall_through(dispute: Dispute, facts: CaseFacts) -> None:
    """The period goes on with the last day it had, under the rule that it had."""
    former = _period(dispute)
    if former is not None:
        clocks.rearm(dispute, former)


def _make_effective(dispute: Dispute, facts: CaseFacts) -> None:
    agreement = facts.agreement
    if agreement is None or agreement.effective_on is None:
        return
    clocks.arm(dispute, "CONF", agreement.effective_on)
    for obligation in facts.obligations:
        clocks.arm_by_hand(
            dispute,
            "OBLIGATION",
            obligation.last_day,
            start=agreement.effective_on,
            subject=str(obligation.ordinal),
        )


def _record_performance(dispute: Dispute, facts: CaseFacts) -> None:
    done = {o.ordinal for o in facts.obligations if o.is_done}
    if facts.data["obligation"] not in done:  # a part was paid; the day of the rest stays
        return
    clocks.meet(dispute, ["OBLIGATION"], subject=str(facts.data["obligation"]))


def _file_confirmation(dispute: Dispute, facts: CaseFacts) -> None:
    clocks.meet(dispute, ["CONF"])


def _reopen_window(dispute: Dispute, facts: CaseFacts) -> None:
    """What the court did not take, or the parties took back, leaves the rest of the thirty days."""
    filed, due, agreement = facts.confirmation, facts.confirmation_due, facts.agreement
    if filed is None or agreement is None or agreement.effective_on is None or due is None:
        return
    if filed.may_be_filed_again and facts.today <= due:
        clocks.arm(dispute, "CONF", agreement.effective_on)


def _refer(dispute: Dispute, facts: CaseFacts) -> None:
    clocks.meet(dispute)
    clocks.arm_by_hand(dispute, "REPLY", facts.data["reply_by"], start=facts.today)
    if (rule := RECEIPT.get(facts.data["target"])) is not None:
        clocks.arm(dispute, rule, facts.today)


def _receive_order(dispute: Dispute, facts: CaseFacts) -> None:
    incoming.arm(dispute, facts.orders[-1])


def _acknowledge_order(dispute: Dispute, facts: CaseFacts) -> None:
    clocks.meet(dispute, ["X03", "X04"])
    if facts.data["answer"] == "decline":
        clocks.meet(dispute, ["ORDER"])
    elif facts.orders[-1].kind == OrderKind.PETITION:
        clocks.arm(dispute, "X05", facts.data["on"], subject=clocks.BY_ORDER)


def _answer_order(dispute: Dispute, facts: CaseFacts) -> None:
    """The written reply to a petitioner starts his thirty days to ask for review (art. 35)."""
    clocks.meet(dispute, ["ORDER"])
    if any(order.kind == OrderKind.PETITION for order in facts.orders):
        clocks.meet(dispute, ["X05", "X06", "X07"], subject=clocks.BY_ORDER)
        clocks.arm(dispute, "X07", facts.data["on"], subject=clocks.BY_ORDER)


def _take_part_answer(dispute: Dispute, facts: CaseFacts) -> None:
    if dispute.status == Status.RECONSIDERING:
        track_clocks.follow(dispute, facts)


def _acknowledge_referral(dispute: Dispute, facts: CaseFacts) -> None:
    """The term in which the receiver handles it begins with its acceptance."""
    referral = facts.referral
    if referral is None:
        return
    if (rule := RECEIPT.get(referral.target)) is not None:
        clocks.meet(dispute, [rule])
    rule = HANDLING.get(referral.target)
    if facts.data["answer"] == "accept" and rule is not None:
        clocks.arm(dispute, rule, facts.data["on"] or facts.today)


def _follow_track(dispute: Dispute, facts: CaseFacts) -> None:
    """Every step of the reconsideration: its clocks follow from its facts."""
    track_clocks.follow(dispute, facts)


def _close(dispute: Dispute, facts: CaseFacts) -> None:
    clocks.meet(dispute)
    clocks.arm_by_hand(dispute, "VISIT", facts.today + FIRST_VISIT_AFTER, start=facts.today)


def _visit(dispute: Dispute, facts: CaseFacts) -> None:
    if dispute.visits_left == 0:
        clocks.meet(dispute, ["VISIT"])


def _look_again(dispute: Dispute, facts: CaseFacts) -> None:
    """The ticker has marked the clock; ``plan`` finds what is due next."""
    if facts.data.get("rule") in terms.RULES and dispute.status == Status.RECONSIDERING:
        track_clocks.follow(dispute, facts)


def _stop_all(dispute: Dispute, facts: CaseFacts) -> None:
    clocks.meet(dispute)


def _reclassify(dispute: Dispute, facts: CaseFacts) -> None:
    """The sixty days have run all the time (Reconsideration Law art. 20); now they are watched."""
    clocks.meet(dispute)
    clocks.arm(dispute, "R01", facts.data["known_on"])


def _end(dispute: Dispute, facts: CaseFacts) -> None:
    """Nothing is due any more, not even what a person demanded."""
    clocks.meet_all(dispute)


PLANS: dict[str, Callable[[Dispute, CaseFacts], None]] = {
    "accept": _accept,
    "pause": _pause,
    "resume": _resume,
    "extend": _extend,
    "reach_agreement": _reach_agreement,
    "fall_through": _fall_through,
    "make_effective": _make_effective,
    "record_performance": _record_performance,
    "file_confirmation": _file_confirmation,
    "record_docket": _reopen_window,
    "record_ruling": _reopen_window,
    "fulfil": _stop_all,
    "end_mediation": _stop_all,
    "start_mediation_intake": _stop_all,
    "settle_on_spot": _stop_all,
    "refer": _refer,
    "conclude_referral": _stop_all,
    "acknowledge_referral": _acknowledge_referral,
    "receive_order": _receive_order,
    "acknowledge_order": _acknowledge_order,
    "answer_order": _answer_order,
    "take_part_answer": _take_part_answer,
    "take_back": _stop_all,
    "reclassify": _reclassify,
    "refer_to_reconsideration": _follow_track,
    "conclude_reconsideration": _stop_all,
    "close": _close,
    "visit": _visit,
    "archive": _end,
    "void": _end,
    "reopen": _stop_all,
    **dict.fromkeys(
        [
            *("fire_deadline", "yellow_card", "red_card", "move_deadline"),
            *("supervise", "answer_card", "lift_card", "instruct", "answer_instruction"),
            *("extend_petition", "record_petition_review"),
        ],
        _look_again,
    ),
}


ONLY_START = frozenset({"accept", "make_effective", "receive_order"})
"""Steps that stop no clock: what is due next is known without asking."""


def _keeps_its_place(command: str, dispute: Dispute, facts: CaseFacts) -> bool:
    """A clock of ours that has run out still waits for what it demands: the nearest moment stays."""
    if command != "fire_deadline" or facts.data["rule"] in LAPSES or dispute.due_at is None:
        return False
    return dispute.due_at <= end_of(facts.data["due_on"])


def plan(command: str, dispute: Dispute, facts: CaseFacts) -> None:
    """Bring the clocks of the case in line with what has just happened.

    Raises ``Unmet`` when the law knows no such period, for instance a pause after its end.
    """
    effect = _follow_track if command.startswith(TRACK) else PLANS.get(command)
    if effect is None:
        return
    try:
        effect(dispute, facts)
    except DeadlineError as error:
        raise Unmet(Reason("deadline", error.in_language(get_language() or "zh-hans"))) from None
    if command not in ONLY_START and not _keeps_its_place(command, dispute, facts):
        dispute.due_at = clocks.next_due(dispute)
