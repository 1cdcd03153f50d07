"""Every guard once refused, in its own words, and once passed."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest

from mediation.agreements.models import Agreement
from mediation.core.errors import Malformed, Unmet
from mediation.disputes import channel_guards, guards, pressing
from mediation.disputes.enums import Colour, Nature
from mediation.disputes.enums import Status as S
from mediation.disputes.guard import Guard
from mediation.disputes.models import Approval
from mediation.reconsideration.models import Reconsideration
from mediation.supervision.models import Card, Instruction
from mediation.warning.models import Alert, Escalation
from tests.disputes.obstacles import (
    ACCEPT,
    CLOSE,
    FILING,
    MEASURE,
    MEDIATOR,
    OUTCOME,
    REASON,
    RULING,
    SETTLE,
    acknowledged,
    asked,
    both,
    child_party,
    consented,
    decided_reconsideration,
    filed,
    granted,
    marked,
    no_meetings,
    nothing,
    open_reconsideration,
    open_red_alert,
    party,
    performed,
    raised,
    refused_reconsideration,
    row,
    signed,
    told,
    unreceived_report,
)
from tests.factories import at, give
from tests.factories.cases import (
    ACT,
    BREACH,
    DEADLY,
    END,
    NEXT_DAY,
    PACKAGE,
    PARTS,
    SESSION,
    VISIT,
    agreement,
    consent,
)


@dataclass(frozen=True)
class Trial:
    """``command`` passes on the ``ready`` case and is refused by ``guard`` on the spoilt one."""

    guard: str
    status: S
    who: str
    command: str
    data: dict[str, Any] = field(default_factory=dict)
    bad: dict[str, Any] = field(default_factory=dict)
    ready: Any = nothing
    spoil: Any = nothing
    when: Any = NEXT_DAY
    late: Any = None  # the moment of the refused attempt, when time itself is in the way
    more: tuple[str, ...] = ()  # further guards that must object as well
    law: str = ""

    @property
    def id(self) -> str:
        return f"{self.command}-{self.guard}-{self.law}".strip("-")


PRESS = {"level": "yellow", "demand": "核实履行情况。", "answer_by": "2026-03-06"}


def instructed(case, cast):
    give(
        cast.ling, "instruct", case, NEXT_DAY,
        addressee=cast.id("li"), instruction="请抓紧办理。", answer_by="2026-03-06",
    )  # fmt: skip


TRIALS = [
    # Nature and channel
    Trial("nature_is_civil", S.ASSESSED, "bao", "start_mediation_intake", MEDIATOR,
          spoil=marked(nature=Nature.ADMINISTRATIVE), law="人民调解法2"),
    Trial("nature_is_civil", S.MEDIATION_ENDED, "bao", "start_mediation_intake", MEDIATOR,
          spoil=marked(nature=Nature.MIXED), law="人民调解法2"),
    Trial("nature_is_civil", S.CONSENT_PENDING, "li", "accept", ACCEPT, ready=consented,
          spoil=marked(nature=Nature.CRIMINAL), law="人民调解法2"),
    Trial("nature_is_administrative", S.ASSESSED, "bao", "refer_to_reconsideration", ACT,
          ready=marked(nature=Nature.ADMINISTRATIVE), spoil=marked(nature=Nature.CIVIL),
          law="行政复议法2"),
    Trial("nature_is_mixed", S.ASSESSED, "bao", "split", PARTS,
          ready=marked(nature=Nature.MIXED), spoil=marked(nature=Nature.CIVIL)),
    Trial("nature_is_civil_or_open", S.ASSESSED, "he", "settle_on_spot", SETTLE,
          spoil=marked(nature=Nature.ADMINISTRATIVE), law="人民调解法2"),
    Trial("is_not_elsewhere", S.ASSESSED, "bao", "start_mediation_intake", MEDIATOR,
          spoil=marked(elsewhere=True), law="若干规定22"),
    Trial("is_not_elsewhere", S.REGISTERED, "he", "settle_on_spot", SETTLE,
          spoil=marked(elsewhere=True), law="若干规定22"),
    Trial("is_not_elsewhere", S.REFERRED, "bao", "start_mediation_intake", MEDIATOR,
          spoil=told("bao", "acknowledge_referral", answer="accept", note="已立案"), law="若干规定22"),
    Trial("minors_have_guardians", S.REGISTERED, "he", "settle_on_spot", SETTLE,
          ready=both(child_party, party(2, guardian="蔡测宁")), spoil=party(2, guardian=""),
          law="民法典19"),
    Trial("is_not_red", S.REGISTERED, "he", "settle_on_spot", SETTLE,
          spoil=marked(colour=Colour.RED, severity=4), law="人民调解法25"),
    # Colour
    Trial("lowering_has_reason", S.REGISTERED, "bao", "assess",
          {"nature": "CIVIL", "colour": "BLUE", "colour_reason": REASON},
          {"colour_reason": "太高了"},
          ready=marked(colour=Colour.ORANGE, severity=3),
          spoil=marked(colour=Colour.ORANGE, severity=3)),
    Trial("red_is_lowered_by_two", S.REGISTERED, "bao", "assess",
          {"nature": "CIVIL", "colour": "YELLOW", "colour_reason": REASON},
          {"answers": DEADLY}),
    Trial("lowering_has_reason", S.MEDIATING, "bao", "reassess",
          {"colour": "BLUE", "colour_reason": REASON}, {"colour_reason": ""},
          ready=marked(colour=Colour.ORANGE, severity=3),
          spoil=marked(colour=Colour.ORANGE, severity=3)),
    Trial("red_is_lowered_by_two", S.MEDIATING, "ping", "reassess",
          {"colour": "BLUE", "colour_reason": REASON},
          ready=both(marked(colour=Colour.RED, severity=4), granted("lower_red")),
          spoil=row(Approval, state=Approval.State.ASKED)),
    # Consent and people
    Trial("parties_are_known", S.CONSENT_PENDING, "li", "accept", ACCEPT, ready=consented,
          spoil=party(2, kind="unknown"), law="人民调解法17"),
    Trial("nobody_refuses", S.CONSENT_PENDING, "li", "accept", ACCEPT, ready=consented,
          spoil=told("li", "record_consent", **consent(2, "no")), more=("every_party_consents",),
          law="人民调解法17"),
    Trial("every_party_consents", S.CONSENT_PENDING, "li", "accept", ACCEPT, ready=consented,
          spoil=party(1, consent="unasked"), law="人民调解法17"),
    Trial("rights_are_told", S.CONSENT_PENDING, "li", "accept", ACCEPT, ready=consented,
          spoil=party(1, rights_told_on=None), law="人民调解法23"),
    Trial("mediator_is_named", S.CONSENT_PENDING, "bao", "accept", ACCEPT, ready=consented,
          spoil=marked(mediator=None), law="人民调解法19"),
    Trial("minors_have_guardians", S.CONSENT_PENDING, "li", "accept", ACCEPT,
          ready=both(consented, child_party, party(2, guardian="蔡测宁")),
          spoil=party(2, guardian=""), law="民法典19"),
    Trial("mediator_has_no_conflict", S.CONSENT_PENDING, "li", "accept", ACCEPT,
          {"no_conflict": False}, ready=consented, law="SF/T0083"),
    Trial("nobody_refuses", S.ACCEPTED, "li", "begin_session", SESSION,
          spoil=party(1, consent="withdrawn"), law="人民调解法17"),
    # Mediation
    Trial("all_agree_to_extension", S.MEDIATING, "li", "extend",
          {"until": "2026-04-20", "all_agree": True, "agreed_on": "2026-03-03"},
          {"all_agree": False}),
    Trial("period_still_runs", S.MEDIATING, "li", "extend",
          {"until": "2026-05-20", "all_agree": True, "agreed_on": "2026-04-01"},
          {"agreed_on": "2026-04-02"}, when=at("2026-04-02 00:00")),
    Trial("extension_is_later", S.MEDIATING, "li", "extend",
          {"until": "2026-04-02", "all_agree": True, "agreed_on": "2026-03-03"},
          {"until": "2026-04-01"}),
    Trial("nobody_refuses", S.MEDIATING, "li", "reach_agreement", agreement(),
          spoil=told("li", "record_consent", **consent(2, "withdrawn")), law="人民调解法17"),
    Trial("minors_have_guardians", S.MEDIATING, "li", "reach_agreement", agreement(),
          spoil=child_party, law="民法典19"),
    Trial("is_not_about_status", S.MEDIATING, "li", "reach_agreement", agreement(),
          {"about_status": True}, law="民诉法解释355"),
    Trial("amounts_add_up", S.MEDIATING, "li", "reach_agreement", agreement(), {"amount": "4200.01"},
          law="人民调解法29"),
    Trial("no_oral_agreement_binds", S.AGREED, "li", "fall_through",
          {"party": 2, "withdrew_on": "2026-03-03"}, spoil=row(Agreement, form="oral"),
          law="人民调解法30"),
    Trial("no_oral_agreement_binds", S.AGREED, "li", "end_mediation", END,
          spoil=row(Agreement, form="oral"), law="人民调解法30"),
    Trial("no_oral_agreement_binds", S.AGREED, "li", "record_consent", consent(2, "withdrawn"),
          spoil=row(Agreement, form="oral"), law="人民调解法30"),
    Trial("parties_have_signed", S.AGREED, "li", "make_effective", ready=signed,
          spoil=row(Agreement, signatures={"1": "2026-03-02"}), law="人民调解法29"),
    Trial("mediator_has_signed", S.AGREED, "li", "make_effective", ready=signed,
          spoil=row(Agreement, mediator_signed_on=None), law="人民调解法29"),
    Trial("seal_is_put", S.AGREED, "li", "make_effective", ready=signed,
          spoil=row(Agreement, sealed_on=None), law="人民调解法29"),
    Trial("obligations_are_done", S.PERFORMING, "li", "fulfil", ready=performed,
          spoil=lambda case, cast: case.agreements.get().obligations.update(proof=""),
          law="人民调解法31"),
    Trial("is_overdue_or_refused", S.PERFORMING, "li", "declare_breach", BREACH, {"refused": False},
          law="人民调解法31"),
    Trial("is_overdue_or_refused", S.PERFORMING, "li", "declare_breach",
          BREACH | {"refused": False, "contested": True}, {"contested": False}, law="人民调解法32"),
    Trial("remedies_are_told", S.PERFORMING, "li", "declare_breach", BREACH, {"remedies": []},
          law="人民调解法26"),
    Trial("remedies_are_told", S.CONSENT_PENDING, "li", "end_mediation", END, {"remedies": []},
          law="人民调解法26"),
    # Other channels
    Trial("referral_is_lawful", S.ASSESSED, "bao", "refer", PACKAGE, {"consent_on": ""},
          law="个人信息保护法23"),
    Trial("package_has_no_offers", S.MEDIATION_ENDED, "bao", "refer", PACKAGE, {"no_offers": False},
          law="特邀调解规定22"),
    Trial("reply_by_is_ahead", S.ASSESSED, "bao", "refer", PACKAGE | {"reply_by": "2026-03-03"},
          {"reply_by": "2026-03-02"}),
    Trial("referral_was_declined_or_open", S.REFERRED, "bao", "take_back",
          {"reason": "法院不予立案，退回街道。"},
          spoil=told("bao", "acknowledge_referral", answer="accept", note="已立案"),
          law="信访工作条例23"),
    Trial("referral_is_not_declined", S.REFERRED, "bao", "conclude_referral",
          {"answer": "判决支付四千二百元。", "answered_on": "2026-03-03"},
          spoil=told("bao", "acknowledge_referral", answer="decline", note="不属于受案范围")),
    Trial("referral_is_unanswered", S.REFERRED, "bao", "acknowledge_referral",
          {"answer": "accept", "note": "已立案"},
          spoil=told("bao", "acknowledge_referral", answer="accept", note="已立案")),
    Trial("reconsideration_has_ended", S.RECONSIDERING, "bao", "conclude_reconsideration",
          ready=decided_reconsideration, spoil=row(Reconsideration, status="RC_FILED"),
          law="行政复议法75"),
    Trial("suit_window_is_over", S.RECONSIDERING, "bao", "conclude_reconsideration",
          when=at("2026-03-19 09:00"), late=at("2026-03-18 09:00"), ready=refused_reconsideration,
          law="行政诉讼法45"),
    Trial("respondent_owes_nothing", S.RECONSIDERING, "bao", "conclude_reconsideration",
          ready=decided_reconsideration,
          spoil=row(Reconsideration, is_ours=True, opinion_on=date(2026, 3, 3)),
          law="行政复议法76"),
    Trial("no_other_channel_is_wished", S.MEDIATION_ENDED, "li", "send_to_review",
          {"no_other_channel": True, "result": "FAILED"}, {"no_other_channel": False},
          law="人民调解法3"),
    # Closing
    Trial("reviewer_is_not_mediator", S.CLOSE_REVIEW, "si", "close", CLOSE,
          spoil=lambda case, cast: marked(mediator=cast.person("si"))(case, cast), law="人民调解法5"),
    Trial("file_is_complete", S.CLOSE_REVIEW, "si", "close", CLOSE, spoil=no_meetings,
          law="人民调解法27"),
    Trial("file_is_complete", S.CLOSE_REVIEW, "si", "close", CLOSE,
          spoil=party(1, rights_told_on=None), law="人民调解法27"),
    Trial("no_red_alert_is_open", S.CLOSE_REVIEW, "si", "close", CLOSE, spoil=open_red_alert,
          law="人民调解法25"),
    Trial("escalations_are_received", S.CLOSE_REVIEW, "si", "close", CLOSE,
          spoil=unreceived_report, law="未成年人保护法11"),
    Trial("suspicion_is_reported", S.REGISTERED, "bao", "void",
          {"result": "FALSE_ALARM", "reason": "查无此事，系误报。"}, spoil=unreceived_report,
          law="未成年人保护法11"),
    Trial("no_clock_is_unattended", S.CLOSE_REVIEW, "si", "close", CLOSE,
          spoil=open_reconsideration, law="行政复议法20"),
    Trial("result_fits_the_facts", S.CLOSE_REVIEW, "si", "close", CLOSE,
          {"result": "AGREED_CONFIRMED"}),
    Trial("result_fits_the_facts", S.CLOSE_REVIEW, "si", "close", CLOSE,
          spoil=row(Agreement, effective_on=None)),
    Trial("result_fits_the_facts", S.CLOSE_REVIEW, "si", "close", CLOSE,
          spoil=lambda case, cast: case.agreements.get().obligations.update(proof="")),
    Trial("result_fits_the_facts", S.CLOSE_REVIEW, "si", "close", CLOSE,
          {"result": "ORAL_PERFORMED"}),
    Trial("result_fits_the_facts", S.CLOSE_REVIEW, "si", "close", CLOSE,
          {"result": "REFERRED_RC"}),
    Trial("visits_are_done", S.CLOSED, "si", "archive", {"retention": "30", "page_count": 24},
          ready=told("li", "visit", **VISIT), spoil=marked(visits_left=1), law="若干规定37"),
    Trial("leader_agrees_to_reopen", S.CLOSED, "si", "reopen",
          {"ground": "rebound", "reason": "漏水再次发生。"}, ready=granted("reopen"),
          spoil=row(Approval, state=Approval.State.DECLINED)),
    Trial("leader_agrees_to_reopen", S.ARCHIVED, "si", "reopen",
          {"ground": "voided", "reason": "协议被法院撤销。"}, ready=granted("reopen"),
          spoil=row(Approval, state=Approval.State.SPENT)),
    # Beside the main line
    Trial("alert_is_open", S.MEDIATING, "ling", "acknowledge_alert", ready=raised,
          spoil=row(Alert, status="resolved")),
    Trial("alert_is_unacknowledged", S.MEDIATING, "ling", "acknowledge_alert", ready=raised,
          spoil=told("bao", "acknowledge_alert")),
    Trial("alert_is_acknowledged", S.MEDIATING, "ling", "act_on_alert", MEASURE,
          ready=acknowledged, spoil=row(Alert, status="raised")),
    Trial("alert_is_acknowledged", S.MEDIATING, "ling", "resolve_alert", OUTCOME,
          ready=acknowledged, spoil=row(Alert, status="raised")),
    Trial("agreement_is_effective", S.PERFORMING, "li", "file_confirmation", FILING,
          spoil=row(Agreement, effective_on=None), law="人民调解法33"),
    Trial("confirmation_window_is_open", S.PERFORMING, "li", "file_confirmation",
          FILING | {"filed_on": "2026-04-01"}, {"filed_on": "2026-04-02"},
          when=at("2026-04-02 00:00"), law="人民调解法33"),
    Trial("no_confirmation_is_running", S.PERFORMING, "li", "file_confirmation", FILING,
          spoil=filed),
    Trial("no_confirmation_is_running", S.PERFORMING, "li", "file_confirmation", FILING,
          ready=both(filed, told("li", "record_ruling", **(RULING | {"ruling": "withdraw"}))),
          spoil=lambda case, cast: case.agreements.get().confirmations.update(status="refused"),
          law="民事诉讼法206"),
    Trial("confirmation_is_running", S.PERFORMING, "li", "record_ruling", RULING, ready=filed,
          spoil=told("li", "record_ruling", **RULING)),
    Trial("has_obligations", S.PERFORMING, "li", "urge",
          {"obligation": 1, "urged_on": "2026-03-03", "channel": "phone"},
          spoil=lambda case, cast: case.agreements.get().obligations.all().delete()),
    Trial("report_awaits_receipt", S.MEDIATING, "ling", "record_receipt", {"receipt": "110-1"},
          ready=unreceived_report, spoil=row(Escalation, received_at=NEXT_DAY)),
    Trial("no_card_is_open", S.CLOSE_REVIEW, "si", "close", CLOSE,
          spoil=told("ling", "supervise", **PRESS), law="信访工作条例39"),
    Trial("instructions_are_answered", S.CLOSE_REVIEW, "si", "close", CLOSE, spoil=instructed),
    Trial("a_card_awaits_its_answer", S.MEDIATING, "li", "answer_card",
          {"card": 0, "answer": "已约双方见面。"}, ready=told("ling", "supervise", **PRESS),
          spoil=row(Card, state="answered")),
    Trial("a_card_is_there", S.MEDIATING, "ling", "lift_card", {"card": 0, "lift_reason": "已办结"},
          ready=told("ling", "supervise", **PRESS), spoil=row(Card, state="lifted")),
    Trial("an_instruction_waits_unread", S.MEDIATING, "li", "acknowledge_instruction",
          {"instruction": 0}, ready=instructed, spoil=row(Instruction, acknowledged_at=NEXT_DAY)),
    Trial("an_instruction_waits", S.MEDIATING, "li", "answer_instruction",
          {"instruction": 0, "answer": "已办理。"}, ready=instructed,
          spoil=row(Instruction, answered_at=NEXT_DAY)),
    Trial("second_person_is_asked", S.MEDIATING, "ling", "grant_second_person",
          {"step": "lower_red"}, ready=asked, spoil=row(Approval, state=Approval.State.DECLINED)),
    Trial("second_person_is_another", S.MEDIATING, "ling", "decline_second_person",
          {"step": "lower_red"}, ready=asked,
          spoil=lambda case, cast: row(Approval, asked_by=cast.person("ling"))(case, cast)),
    Trial("visits_are_due", S.CLOSED, "li", "visit", VISIT, spoil=told("li", "visit", **VISIT)),
]  # fmt: skip
# Asked through a form that insists on the tick, so that the field itself objects.
BY_ORDER = {
    "police_order_has_consent", "order_is_new", "order_is_accepted", "orders_are_answered",
    "answer_fits_the_agreement", "referred_to_a_court",
    "petition_is_handled", "petitioner_is_told", "petition_is_answered",
}  # fmt: skip
"""Tried in tests/referrals."""
BY_FIELD = {"both_sides_agree_on_spot"}
# Only the machine gives its command; see the engine's tests of split cases.
BY_MACHINE = {"children_are_closed"}


def grid_of(trial):
    return {"grid": "430902006901004"} if trial.who == "he" else {}


def filled(data, case, cast):
    """Keys that are known only once the rows exist."""
    found = {k: cast.id(v) if k == "mediator" else v for k, v in data.items()}
    if "receipt" in data and "escalation" not in data:
        found["escalation"] = case.escalations.latest("pk").pk
    if "card" in data:
        found["card"] = case.cards.latest("pk").pk
    if "instruction" in data:
        found["instruction"] = case.instructions.latest("pk").pk
    if "action" in data:
        found["owner"] = cast.id("li")
    return found


@pytest.mark.parametrize("trial", TRIALS, ids=lambda trial: trial.id)
def test_guard_lets_the_lawful_step_pass(case_in, cast, trial):
    case = case_in(trial.status, **grid_of(trial))
    trial.ready(case, cast)

    outcome = give(
        getattr(cast, trial.who), trial.command, case, trial.when,
        **filled(trial.data, case, cast),
    )  # fmt: skip

    assert outcome.number == case.number
    assert outcome.version > case.version


@pytest.mark.parametrize("trial", TRIALS, ids=lambda trial: trial.id)
def test_guard_refuses_in_its_own_words(case_in, cast, snapshot_rows, trial):
    case = case_in(trial.status, **grid_of(trial))
    trial.ready(case, cast)
    trial.spoil(case, cast)
    rows = snapshot_rows()

    with pytest.raises(Unmet) as refusal:
        give(
            getattr(cast, trial.who), trial.command, case, trial.late or trial.when,
            **filled(trial.data | trial.bad, case, cast),
        )  # fmt: skip

    assert {r.code for r in refusal.value.reasons} == {trial.guard, *trial.more}
    assert all(refusal.value.sentences)
    assert snapshot_rows() == rows


def test_every_guard_is_tried():
    rooms = (guards, channel_guards, pressing)
    known = {g.reason.code for room in rooms for g in vars(room).values() if isinstance(g, Guard)}

    assert known == {trial.guard for trial in TRIALS} | BY_FIELD | BY_MACHINE | BY_ORDER


def test_all_reasons_are_told_at_once(case_in, cast):
    case = case_in(S.AGREED)

    with pytest.raises(Unmet) as refusal:
        give(cast.li, "make_effective", case, NEXT_DAY)

    assert [r.code for r in refusal.value.reasons] == [
        "parties_have_signed",
        "mediator_has_signed",
        "seal_is_put",
    ]


@pytest.mark.parametrize("tick", ["both_consent", "is_civil"])
def test_settling_on_the_spot_needs_both_ticks(case_in, cast, snapshot_rows, tick):
    case = case_in(S.REGISTERED, grid="430902006901004")
    rows = snapshot_rows()

    with pytest.raises(Malformed) as refusal:
        give(cast.he, "settle_on_spot", case, NEXT_DAY, **(SETTLE | {tick: False}))

    assert list(refusal.value.fields) == [tick]
    assert snapshot_rows() == rows
