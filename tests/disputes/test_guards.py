"""Every guard once refused, in its own words, and once passed; and the unlawful moves of the law."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction

from mediation.agreements.models import Agreement, JudicialConfirmation
from mediation.core.errors import Malformed, Unmet
from mediation.disputes import guards
from mediation.disputes.enums import Colour, Nature
from mediation.disputes.enums import Status as S
from mediation.disputes.models import Approval, Dispute, Party
from mediation.reconsideration.models import Reconsideration
from mediation.referrals.models import Referral
from mediation.sessions.models import Meeting
from mediation.warning.models import Alert, Escalation
from tests.factories import at, give
from tests.factories.cases import (
    ACT,
    BREACH,
    CALM,
    DEADLY,
    DOWNSTAIRS,
    END,
    NEXT_DAY,
    PACKAGE,
    PARTS,
    SESSION,
    SIGNATURES,
    UPSTAIRS,
    VISIT,
    agreement,
    consent,
)


# What stands in the way ---------------------------------------------------------------------------
# The lifecycle never lets most of these arise; so they are put into the rows directly.


def marked(**fields):
    def spoil(case, cast):
        Dispute.objects.filter(pk=case.pk).update(**fields)

    return spoil


def party(ordinal, **fields):
    def spoil(case, cast):
        Party.objects.filter(dispute=case, ordinal=ordinal).update(**fields)

    return spoil


def told(who, command, /, **data):
    def spoil(case, cast):
        give(getattr(cast, who), command, case, NEXT_DAY, **data)

    return spoil


def row(model, **fields):
    def spoil(case, cast):
        model.objects.filter(dispute=case).update(**fields)

    return spoil


def no_meetings(case, cast):
    Meeting.objects.filter(dispute=case).delete()


def child_party(case, cast):
    Party.objects.filter(dispute=case, ordinal=2).update(is_minor=True, plain_name="")


def open_red_alert(case, cast):
    Dispute.objects.filter(pk=case.pk).update(colour=Colour.RED, severity=4)
    Alert.objects.create(
        dispute=case,
        colour=Colour.RED,
        severity=4,
        area_code=case.area_code,
        raised_at=NEXT_DAY,
        acknowledge_by=NEXT_DAY,
    )


def unreceived_report(case, cast):
    Escalation.objects.create(
        dispute=case, receiver="police", content="涉嫌家庭暴力", reported_at=NEXT_DAY
    )


def open_reconsideration(case, cast):
    Reconsideration.objects.create(
        dispute=case,
        act_kind="penalty",
        act="罚款",
        organ="某局",
        competent_body="资阳区人民政府",
        known_on=date(2026, 3, 2),
        apply_by=date(2026, 5, 1),
    )


def decided_reconsideration(case, cast):
    give(cast.bao, "record_reconsideration", case, NEXT_DAY, step="give_up", on="2026-03-03")


def granted(step, *, by="ling"):
    def spoil(case, cast):
        give(
            cast.si,
            "ask_second_person",
            case,
            NEXT_DAY,
            step=step,
            reason="经走访双方已平静十四日。",
        )
        give(getattr(cast, by), "grant_second_person", case, NEXT_DAY, step=step)

    return spoil


def both(*steps):
    def spoil(case, cast):
        for step in steps:
            step(case, cast)

    return spoil


def nothing(case, cast):
    """The case is as it should be."""


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


MEDIATOR = {"mediator": "li"}
ACCEPT = {"accepted_on": "2026-03-03", "no_conflict": True}
DONE_1 = {"obligation": 1, "done_on": "2026-03-03", "proof": "照片"}
DONE_2 = {"obligation": 2, "done_on": "2026-03-03", "proof": "收条"}
CLOSE = {"result": "AGREED_PERFORMED"}
REASON = "经走访双方已平静十四日。"
consented = both(
    told("li", "record_consent", **consent(1)), told("li", "record_consent", **consent(2))
)
signed = told("li", "record_signatures", **SIGNATURES)
performed = both(
    told("li", "record_performance", **DONE_1), told("li", "record_performance", **DONE_2)
)
raised = told("bao", "reassess", answers=DEADLY)
acknowledged = both(raised, told("ling", "acknowledge_alert"))
filed = told(
    "li", "file_confirmation", court="资阳区法院", filed_on="2026-03-03", both_parties=True
)
asked = told("si", "ask_second_person", step="lower_red", reason=REASON)
SETTLE = {
    "is_civil": True, "both_consent": True, "content": "当场赔礼并付清。", "settled_on": "2026-03-03",
}  # fmt: skip
RULING = {"ruling": "confirm", "ruling_number": "(2026)湘0902民特12号", "ruled_on": "2026-03-03"}
FILING = {"court": "资阳区法院", "filed_on": "2026-03-03", "both_parties": True}
MEASURE = {"action": "上门稳控，落实包案。", "action_due": "2026-03-04"}
OUTCOME = {"verdict": "prevented", "outcome": "已化解，双方平静。"}

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
          {"until": "2026-05-20", "all_agree": True, "agreed_on": "2026-03-03"},
          when=at("2026-04-01 23:59"), late=at("2026-04-02 00:00")),
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
    Trial("no_clock_is_unattended", S.CLOSE_REVIEW, "si", "close", CLOSE,
          spoil=open_reconsideration, law="行政复议法20"),
    Trial("result_fits_the_facts", S.CLOSE_REVIEW, "si", "close", CLOSE,
          {"result": "AGREED_CONFIRMED"}),
    Trial("result_fits_the_facts", S.CLOSE_REVIEW, "si", "close", CLOSE,
          spoil=row(Agreement, effective_on=None)),
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
    Trial("confirmation_window_is_open", S.PERFORMING, "li", "file_confirmation", FILING,
          when=at("2026-04-01 23:59"), late=at("2026-04-02 00:00"), law="人民调解法33"),
    Trial("no_confirmation_is_running", S.PERFORMING, "li", "file_confirmation", FILING,
          spoil=filed),
    Trial("confirmation_is_running", S.PERFORMING, "li", "record_ruling", RULING, ready=filed,
          spoil=told("li", "record_ruling", **RULING)),
    Trial("has_obligations", S.PERFORMING, "li", "urge",
          {"obligation": 1, "urged_on": "2026-03-03", "channel": "phone"},
          spoil=lambda case, cast: case.agreements.get().obligations.all().delete()),
    Trial("report_awaits_receipt", S.MEDIATING, "ling", "record_receipt", {"receipt": "110-1"},
          ready=unreceived_report, spoil=row(Escalation, received_at=NEXT_DAY)),
    Trial("second_person_is_asked", S.MEDIATING, "ling", "grant_second_person",
          {"step": "lower_red"}, ready=asked, spoil=row(Approval, state=Approval.State.DECLINED)),
    Trial("second_person_is_another", S.MEDIATING, "ling", "decline_second_person",
          {"step": "lower_red"}, ready=asked,
          spoil=lambda case, cast: row(Approval, asked_by=cast.person("ling"))(case, cast)),
    Trial("visits_are_due", S.CLOSED, "li", "visit", VISIT, spoil=told("li", "visit", **VISIT)),
]  # fmt: skip
# Asked through a form that insists on the tick, so that the field itself objects.
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
    known = {g.reason.code for g in vars(guards).values() if isinstance(g, guards.Guard)}

    assert known == {trial.guard for trial in TRIALS} | BY_FIELD | BY_MACHINE


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
    case = case_in(S.REGISTERED, **{"grid": "430902006901004"})
    rows = snapshot_rows()

    with pytest.raises(Malformed) as refusal:
        give(cast.he, "settle_on_spot", case, NEXT_DAY, **(SETTLE | {tick: False}))

    assert list(refusal.value.fields) == [tick]
    assert snapshot_rows() == rows


# Ways that the law does not know (domain 0.2 and 10.4) -----------------------------------------------


def refused(actor, command, case, when=NEXT_DAY, /, **data):
    """The codes of the refusal; fails when the step is carried out."""
    with pytest.raises(Unmet) as refusal, transaction.atomic():
        give(actor, command, case, when, **data)
    return [reason.code for reason in refusal.value.reasons]


def test_administrative_case_never_reaches_mediation(case_in, cast):
    """行政复议法第二条: an act of an organ is reviewed, not mediated by a people's committee."""
    case = case_in(S.REGISTERED)
    give(cast.bao, "assess", case, NEXT_DAY, nature="ADMINISTRATIVE")
    mediator = {"mediator": cast.id("li")}

    assert refused(cast.bao, "start_mediation_intake", case, **mediator) == ["nature_is_civil"]
    give(cast.bao, "refer_to_reconsideration", case, NEXT_DAY, **ACT)
    assert refused(cast.bao, "start_mediation_intake", case, **mediator) == ["wrong_status"]
    decided_reconsideration(case, cast)
    assert refused(cast.bao, "start_mediation_intake", case, **mediator) == ["wrong_status"]


def test_administrative_case_sent_elsewhere_and_back_still_is_not_mediated(case_in, cast):
    case = case_in(S.REGISTERED)
    give(cast.bao, "assess", case, NEXT_DAY, nature="ADMINISTRATIVE")
    give(cast.bao, "refer", case, NEXT_DAY, **PACKAGE)
    mediator = {"mediator": cast.id("li")}

    assert refused(cast.bao, "start_mediation_intake", case, **mediator) == ["nature_is_civil"]


def test_civil_case_never_reaches_reconsideration(case_in, cast):
    case = case_in(S.ASSESSED)

    assert refused(cast.bao, "refer_to_reconsideration", case, **ACT) == [
        "nature_is_administrative"
    ]
    for status in (S.CONSENT_PENDING, S.MEDIATION_ENDED):
        failed = case_in(status)
        assert refused(cast.bao, "refer_to_reconsideration", failed, **ACT) == ["wrong_status"]


def test_nature_is_fixed_once_a_channel_is_chosen(case_in, cast, snapshot_rows):
    case = case_in(S.CONSENT_PENDING)
    rows = snapshot_rows()

    with pytest.raises(Malformed) as refusal:
        give(cast.bao, "reassess", case, NEXT_DAY, nature="ADMINISTRATIVE")

    assert list(refusal.value.fields) == ["nature"]
    assert snapshot_rows() == rows


def test_criminal_suspicion_is_only_referred(case_in, cast):
    case = case_in(S.REGISTERED)
    give(cast.bao, "assess", case, NEXT_DAY, nature="CRIMINAL")
    mediator = {"mediator": cast.id("li")}

    assert refused(cast.bao, "start_mediation_intake", case, **mediator) == ["nature_is_civil"]
    assert refused(cast.bao, "refer_to_reconsideration", case, **ACT)
    assert refused(cast.bao, "split", case, **PARTS)
    outcome = give(
        cast.bao, "refer", case, NEXT_DAY,
        **(PACKAGE | {"target": "police", "organ": "公安分局", "ground": "duty", "consent_on": ""}),
    )  # fmt: skip
    assert outcome.status == S.REFERRED


def test_refusal_of_one_party_ends_it_with_remedies(case_in, cast):
    """人民调解法第十七条、第二十六条."""
    case = case_in(S.CONSENT_PENDING)
    give(cast.li, "record_consent", case, NEXT_DAY, **consent(1))
    give(cast.li, "record_consent", case, NEXT_DAY, **consent(2, "no"))

    assert "nobody_refuses" in refused(cast.li, "accept", case, **ACCEPT)
    outcome = give(cast.li, "end_mediation", case, NEXT_DAY, **(END | {"reason": "REFUSED"}))
    assert outcome.status == S.MEDIATION_ENDED


def test_new_attempt_asks_everybody_anew(case_in, cast):
    case = case_in(S.MEDIATION_ENDED)

    give(cast.bao, "start_mediation_intake", case, NEXT_DAY, mediator=cast.id("sun"))

    answers = set(case.parties.values_list("consent", "consent_on", "consent_channel"))
    assert answers == {("unasked", None, "")}
    assert "every_party_consents" in refused(cast.sun, "accept", case, **ACCEPT)


def test_red_case_is_not_settled_on_the_spot(case_in, cast):
    case = case_in(S.REGISTERED, grid="430902006901004", answers=DEADLY)

    assert Dispute.objects.get(pk=case.pk).colour == Colour.RED
    assert refused(cast.he, "settle_on_spot", case, **SETTLE) == ["is_not_red"]


def test_nobody_lowers_red_alone(case_in, cast):
    case = case_in(S.ASSESSED, answers=DEADLY)
    lower = {"answers": CALM, "colour": "YELLOW", "colour_reason": REASON}

    assert refused(cast.si, "reassess", case, **lower) == ["red_is_lowered_by_two"]
    give(cast.si, "ask_second_person", case, NEXT_DAY, step="lower_red", reason=REASON)
    assert refused(cast.si, "reassess", case, **lower) == ["red_is_lowered_by_two"]
    with pytest.raises(Unmet):
        give(cast.si, "grant_second_person", case, NEXT_DAY, step="lower_red")
    give(cast.ling, "grant_second_person", case, NEXT_DAY, step="lower_red")
    # The second person decided; lowering it himself would be one person again.
    assert refused(cast.ling, "reassess", case, **lower) == ["red_is_lowered_by_two"]
    give(cast.si, "reassess", case, NEXT_DAY, **lower)
    assert Dispute.objects.get(pk=case.pk).colour == Colour.YELLOW


def test_consent_to_lower_serves_once(case_in, cast):
    case = case_in(S.ASSESSED, answers=DEADLY)
    lower = {"answers": CALM, "colour": "YELLOW", "colour_reason": REASON}
    granted("lower_red")(case, cast)
    give(cast.si, "reassess", case, NEXT_DAY, **lower)
    give(cast.si, "reassess", case, NEXT_DAY, answers=DEADLY)

    assert refused(cast.si, "reassess", case, **lower) == ["red_is_lowered_by_two"]


def test_elsewhere_stays_until_somebody_says_otherwise(case_in, cast):
    """A leader who only changes the colour must not open the way to mediation by silence."""
    case = case_in(S.REGISTERED)
    give(cast.bao, "assess", case, NEXT_DAY, nature="CIVIL", elsewhere=True)

    give(cast.ling, "reassess", case, NEXT_DAY, colour="ORANGE")

    assert refused(cast.bao, "start_mediation_intake", case, mediator=cast.id("li")) == [
        "is_not_elsewhere"
    ]


def test_former_mediator_does_not_review_either(case_in, cast):
    """人民调解法第五条: whoever mediated cannot review, also when another has finished it."""
    cast.serve("si", "mediator", "430902006901")
    case = case_in(S.MEDIATING)
    give(
        cast.bao, "assign_mediator", case, NEXT_DAY,
        mediator=cast.id("si"), chosen_by="committee", reason="原调解员请假",
    )  # fmt: skip
    give(cast.si, "record_session", case, NEXT_DAY, **SESSION)
    give(
        cast.bao, "assign_mediator", case, NEXT_DAY,
        mediator=cast.id("li"), chosen_by="committee", reason="原调解员返岗",
    )  # fmt: skip
    case_in.go(Dispute.objects.get(pk=case.pk), S.CLOSE_REVIEW, NEXT_DAY)

    assert refused(cast.si, "close", case, **CLOSE) == ["reviewer_is_not_mediator"]
    assert give(cast.lu, "close", case, NEXT_DAY, **CLOSE).status == S.CLOSED


def test_whoever_settled_on_the_spot_does_not_review(case_in, cast):
    cast.serve("he", "justice_staff", "430902006")
    case = case_in(S.REGISTERED, grid="430902006901004")
    give(cast.he, "settle_on_spot", case, NEXT_DAY, **SETTLE)

    assert refused(cast.he, "close", case, result="ORAL_PERFORMED") == ["reviewer_is_not_mediator"]


def test_closing_waits_for_the_open_red_alert(case_in, cast):
    case = case_in(S.CLOSE_REVIEW)
    raised(case, cast)
    give(cast.ling, "acknowledge_alert", case, NEXT_DAY)

    assert refused(cast.si, "close", case, **CLOSE) == ["no_red_alert_is_open"]
    give(cast.ling, "resolve_alert", case, NEXT_DAY, **OUTCOME)
    assert give(cast.si, "close", case, NEXT_DAY, **CLOSE).status == S.CLOSED


def test_archive_waits_for_the_visits_of_a_red_case(case_in, cast):
    case = case_in(S.CLOSE_REVIEW)
    raised(case, cast)
    give(cast.ling, "acknowledge_alert", case, NEXT_DAY)
    give(cast.ling, "resolve_alert", case, NEXT_DAY, **OUTCOME)
    give(cast.si, "close", case, NEXT_DAY, **CLOSE)
    paper = {"retention": "30", "page_count": 24}

    assert refused(cast.si, "archive", case, **paper) == ["visits_are_done"]
    give(cast.li, "visit", case, NEXT_DAY, **VISIT)
    assert refused(cast.si, "archive", case, **paper) == ["visits_are_done"]
    give(cast.wang, "visit", case, NEXT_DAY, **VISIT)
    assert give(cast.si, "archive", case, NEXT_DAY, **paper).status == S.ARCHIVED


def test_reopening_is_decided_by_a_leader_alone(case_in, cast, snapshot_rows):
    case = case_in(S.CLOSED)
    give(cast.si, "ask_second_person", case, NEXT_DAY, step="reopen", reason=REASON)
    rows = snapshot_rows()

    with pytest.raises(Malformed):
        give(cast.lu, "grant_second_person", case, NEXT_DAY, step="reopen")

    assert snapshot_rows() == rows
    assert refused(cast.si, "reopen", case, ground="rebound", reason="漏水再次发生。") == [
        "leader_agrees_to_reopen"
    ]


def test_extension_needs_a_period_that_still_runs(case_in, cast):
    case = case_in(S.MEDIATING)
    last_day = case.mediation_due
    data = {"until": "2026-05-20", "all_agree": True, "agreed_on": "2026-03-03"}

    assert refused(cast.li, "extend", case, NEXT_DAY.replace(month=4, day=2), **data) == [
        "period_still_runs"
    ]
    assert last_day == date(2026, 4, 1)


def test_confirmation_is_for_both_parties_within_thirty_days(case_in, cast, snapshot_rows):
    """人民调解法第三十三条."""
    case = case_in(S.PERFORMING)
    rows = snapshot_rows()

    with pytest.raises(Malformed) as refusal:
        give(cast.li, "file_confirmation", case, NEXT_DAY, **(FILING | {"both_parties": False}))

    assert list(refusal.value.fields) == ["both_parties"]
    assert snapshot_rows() == rows


def test_breach_by_lapse_needs_an_urging(case_in, cast):
    """人民调解法第三十一条: the committee urges first."""
    case = case_in(S.PERFORMING)
    late = at("2026-04-21 09:00")
    lapse = BREACH | {"refused": False}

    assert refused(cast.li, "declare_breach", case, late, **lapse) == ["is_overdue_or_refused"]
    give(cast.li, "urge", case, late, obligation=2, urged_on="2026-04-21", channel="phone")
    assert give(cast.li, "declare_breach", case, late, **lapse).status == S.BREACHED


def test_urging_before_the_day_does_not_make_a_breach(case_in, cast):
    case = case_in(S.PERFORMING)
    give(cast.li, "urge", case, NEXT_DAY, obligation=2, urged_on="2026-03-03", channel="phone")
    on_the_day = at("2026-03-31 23:59")

    assert refused(
        cast.li, "declare_breach", case, on_the_day, **(BREACH | {"refused": False})
    ) == ["is_overdue_or_refused"]


def test_referral_of_a_failed_mediation_keeps_offers_out(case_in, cast):
    case = case_in(S.MEDIATION_ENDED)

    assert refused(
        cast.bao, "refer", case, **(PACKAGE | {"no_offers": False, "consent_on": ""})
    ) == ["referral_is_lawful", "package_has_no_offers"]
    assert not Referral.objects.exists()


def test_success_needs_an_agreement(case_in, cast):
    case = case_in(S.MEDIATION_ENDED)
    give(cast.li, "send_to_review", case, NEXT_DAY, no_other_channel=True, result="FAILED")

    for result in ("AGREED_PERFORMED", "AGREED_CONFIRMED", "ORAL_PERFORMED"):
        assert refused(cast.si, "close", case, result=result) == ["result_fits_the_facts"]
    assert not JudicialConfirmation.objects.exists()


def test_facts_are_not_recorded_before_they_happen(case_in, cast, snapshot_rows):
    tomorrow = (NEXT_DAY + timedelta(days=1)).date().isoformat()
    noon = f"{tomorrow}T12:00"
    settled = case_in(S.REGISTERED, grid="430902006901004")
    pending, mediating = case_in(S.CONSENT_PENDING), case_in(S.MEDIATING)
    performing, agreed = case_in(S.PERFORMING), case_in(S.AGREED)
    closed = case_in(S.CLOSED)
    attempts = [
        (cast.he, "settle_on_spot", settled, SETTLE | {"settled_on": tomorrow}, "settled_on"),
        (cast.li, "record_consent", pending, consent(1, day=tomorrow), "answered_on"),
        (cast.li, "accept", pending, ACCEPT | {"accepted_on": tomorrow}, "accepted_on"),
        (cast.li, "record_session", mediating, SESSION | {"held_at": noon}, "held_at"),
        (cast.li, "pause", mediating, {"ground": "illness", "since": tomorrow}, "since"),
        (cast.li, "reach_agreement", mediating, agreement(agreed_on=tomorrow), "agreed_on"),
        (cast.li, "end_mediation", mediating, END | {"told_on": tomorrow}, "told_on"),
        (cast.li, "record_signatures", agreed, {"sealed_on": tomorrow}, "sealed_on"),
        (cast.li, "record_performance", performing, DONE_1 | {"done_on": tomorrow}, "done_on"),
        (cast.li, "declare_breach", performing, BREACH | {"told_on": tomorrow}, "told_on"),
        (cast.li, "file_confirmation", performing, FILING | {"filed_on": tomorrow}, "filed_on"),
        (cast.li, "visit", closed, VISIT | {"visited_at": noon}, "visited_at"),
    ]  # fmt: skip
    marked(nature=Nature.CIVIL)(settled, cast)
    for case in (pending, mediating):
        case.parties.update(consent="yes", rights_told_on=date(2026, 3, 2))
    rows = snapshot_rows()

    found = {}
    for actor, command, case, data, _field in attempts:
        with pytest.raises(Malformed) as refusal:
            give(actor, command, case, NEXT_DAY, **data)
        found[command] = list(refusal.value.fields)

    assert found == {command: [field] for _who, command, _case, _data, field in attempts}
    assert snapshot_rows() == rows


def test_party_cannot_be_both_sides(case_in, cast):
    """Two names on one side are still one side (人民调解法第十七条)."""
    case = case_in(S.CONSENT_PENDING, parties=[UPSTAIRS, DOWNSTAIRS | {"side": "respondent"}])
    consented(case, cast)

    assert refused(cast.li, "accept", case, **ACCEPT) == ["parties_are_known"]
