"""Ways that the law does not know (domain 0.2 and 10.4), tried one by one."""

from datetime import date, timedelta

import pytest
from django.db import transaction

from mediation.agreements.models import JudicialConfirmation
from mediation.core.errors import Malformed, Unmet
from mediation.deadlines.models import Deadline
from mediation.disputes.enums import Colour, Nature
from mediation.disputes.enums import Status as S
from mediation.disputes.models import Dispute
from mediation.referrals.models import Referral
from tests.disputes.obstacles import (
    ACCEPT,
    CLOSE,
    DONE_1,
    FILING,
    OUTCOME,
    REASON,
    SETTLE,
    consented,
    decided_reconsideration,
    granted,
    marked,
    raised,
)
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
    data = {"until": "2026-05-20", "all_agree": True, "agreed_on": "2026-04-02"}

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


def test_agreement_without_anything_left_to_do_is_performed_at_once(case_in, cast):
    """人民调解法第二十九条: it may name manner and term; an apology and a waiver need neither."""
    case = case_in(S.MEDIATING)
    data = agreement(content="双方当面致歉，互不追究。", manner="当面", amount="", obligations=[])
    give(cast.li, "reach_agreement", case, NEXT_DAY, **data | {"agreed_on": "2026-03-03"})
    signed = [{"party": n, "signed_on": "2026-03-03"} for n in (1, 2)]
    give(
        cast.li, "record_signatures", case, NEXT_DAY,
        parties=signed, mediator_signed_on="2026-03-03", sealed_on="2026-03-03",
    )  # fmt: skip
    give(cast.li, "make_effective", case, NEXT_DAY)

    assert give(cast.li, "fulfil", case, NEXT_DAY).status == S.CLOSE_REVIEW
    assert give(cast.si, "close", case, NEXT_DAY, **CLOSE).status == S.CLOSED


def test_money_is_never_agreed_without_saying_who_owes_it(case_in, cast):
    case = case_in(S.MEDIATING)

    assert refused(cast.li, "reach_agreement", case, **agreement(obligations=[])) == [
        "amounts_add_up"
    ]


def test_every_party_keeps_a_copy_and_the_committee_one(case_in, cast, snapshot_rows):
    """人民调解法第二十九条第三款."""
    case = case_in(S.MEDIATING)
    rows = snapshot_rows()

    with pytest.raises(Malformed) as refusal:
        give(cast.li, "reach_agreement", case, NEXT_DAY, **agreement(copies=2))

    assert list(refusal.value.fields) == ["copies"]
    assert snapshot_rows() == rows


@pytest.mark.parametrize("field", ["parties", "mediator_signed_on", "sealed_on"])
def test_nobody_signs_before_the_agreement_is_reached(case_in, cast, snapshot_rows, field):
    """人民调解法第二十九条: in effect with the last signature or the seal, never before it is agreed."""
    case = case_in(S.AGREED)
    early = [{"party": 1, "signed_on": "2026-03-01"}] if field == "parties" else "2026-03-01"
    rows = snapshot_rows()

    with pytest.raises(Malformed) as refusal:
        give(cast.li, "record_signatures", case, NEXT_DAY, **{field: early})

    assert list(refusal.value.fields) == [field]
    assert snapshot_rows() == rows


def test_breach_by_lapse_needs_an_urging(case_in, cast):
    """人民调解法第三十一条: the committee urges first."""
    case = case_in(S.PERFORMING)
    late = at("2026-04-21 09:00")
    lapse = BREACH | {"refused": False}

    assert refused(cast.li, "declare_breach", case, late, **lapse) == ["is_overdue_or_refused"]
    give(cast.li, "urge", case, late, obligation=2, urged_on="2026-04-21", channel="phone")
    assert give(cast.li, "declare_breach", case, late, **lapse).status == S.BREACHED


def test_who_performs_after_the_holiday_is_in_time(case_in, cast):
    """民法典第二百零三条: due on 4 April, a rest day; the term ends on Tuesday 7 April 2026."""
    case = case_in(S.MEDIATING)
    owed = [{"debtor": 1, "content": "赔偿天花板损失", "amount": "4200", "due_on": "2026-04-04"}]
    give(cast.li, "reach_agreement", case, NEXT_DAY, **agreement(obligations=owed))
    give(cast.li, "record_signatures", case, NEXT_DAY, **SIGNATURES)
    give(cast.li, "make_effective", case, NEXT_DAY)
    lapse = BREACH | {"refused": False}
    urged = at("2026-04-07 09:00")
    give(cast.li, "urge", case, urged, obligation=1, urged_on="2026-04-07", channel="phone")

    assert Deadline.objects.get(dispute=case, rule="OBLIGATION").due_on == date(2026, 4, 7)
    assert refused(cast.li, "declare_breach", case, urged, **lapse) == ["is_overdue_or_refused"]
    late = at("2026-04-08 09:00")
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
