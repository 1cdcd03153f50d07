"""What other organs hand over: received, confirmed or sent back, answered; and what is linked to it."""

from importlib import import_module

import pytest
from django.apps import apps

from mediation.core.clock import day_of
from mediation.core.errors import Malformed, NotFound, Unmet
from mediation.deadlines import clocks
from mediation.deadlines.models import Deadline
from mediation.disputes.enums import Source
from mediation.disputes.enums import Status as S
from mediation.disputes.models import Dispute
from mediation.reconsideration.models import Reconsideration
from mediation.referrals.models import Order
from mediation.supervision.models import Card
from tests.factories import at, give
from tests.factories.cases import ACT, NEXT_DAY, PACKAGE, PARTS, consent
from tests.factories.track import take
from workflows import ticker
from workflows.commands.petitions import ReviewForm
from workflows.facts import CaseFacts
from workflows.models import WorkItem
from workflows.proofs import cases as proofs

POLICE = {
    "kind": "police", "organ": "汽车路派出所", "number": "汽公调〔2026〕15号",
    "received_on": "2026-03-03", "reply_by": "2026-03-20", "both_consent": True,
    "repeats": 2, "disposal": "已制作接警登记，双方均表示愿意调解。",
}  # fmt: skip
TAKEN = {"answer": "accept", "on": "2026-03-03", "note": "回执1号"}
ANSWER = {
    "result": "performed", "agreement_number": "资汽调〔2026〕8号", "performed_on": "2026-03-03",
    "on": "2026-03-03", "answer": "已达成协议并当场履行，附协议书副本。",
}  # fmt: skip


def fresh(case):
    return Dispute.objects.get(pk=case.pk)


def running(case):
    rows = (
        Deadline.objects.filter(dispute=case).exclude(state="met").exclude(rule__startswith="CARD")
    )
    return {row.rule: row.due_on.isoformat() for row in rows}


def codes(refusal):
    return [reason.code for reason in refusal.value.reasons]


def test_police_hand_over_a_fight_and_get_the_agreement_back(case_in, cast):
    """治安管理处罚法第九条: an agreement reached and performed spares the punishment."""
    case = case_in(S.REGISTERED, source="police")
    with pytest.raises(Unmet) as without:
        give(cast.bao, "receive_order", case, NEXT_DAY, **(POLICE | {"both_consent": False}))
    give(cast.bao, "receive_order", case, NEXT_DAY, **POLICE)
    begun = running(case)
    with pytest.raises(Unmet) as early:
        give(cast.bao, "answer_order", case, NEXT_DAY, **ANSWER)
    give(cast.bao, "acknowledge_order", case, NEXT_DAY, **TAKEN)
    with pytest.raises(Unmet) as untrue:
        give(cast.bao, "answer_order", case, NEXT_DAY, **ANSWER)

    case_in.go(fresh(case), S.CLOSE_REVIEW)
    with pytest.raises(Unmet) as unanswered:
        give(cast.si, "close", case, NEXT_DAY, result="AGREED_PERFORMED")
    waiting = running(case)
    give(cast.li, "answer_order", case, NEXT_DAY, **ANSWER)
    outcome = give(cast.si, "close", case, NEXT_DAY, result="AGREED_PERFORMED")

    assert codes(without) == ["police_order_has_consent"]
    assert codes(early) == ["order_is_accepted"]
    assert codes(untrue) == ["answer_fits_the_agreement"]
    assert codes(unanswered) == ["orders_are_answered"]
    assert (begun, waiting["ORDER"]) == ({"ORDER": "2026-03-20"}, "2026-03-20")
    assert outcome.status == S.CLOSED
    order = Order.objects.get(dispute=case)
    assert (order.status, order.result, order.agreement_number, str(order.performed_on)) == (
        "answered", "performed", "资汽调〔2026〕8号", "2026-03-03",
    )  # fmt: skip


def test_order_is_one_case_only(case_in, cast, snapshot_rows):
    first, second = case_in(S.REGISTERED), case_in(S.REGISTERED)
    give(cast.bao, "receive_order", first, NEXT_DAY, **POLICE)
    rows = snapshot_rows()

    with pytest.raises(Malformed) as refusal:
        give(cast.bao, "receive_order", second, NEXT_DAY, **POLICE)
    with pytest.raises(NotFound):
        give(cast.b_zhong, "receive_order", second, NEXT_DAY, **POLICE)

    assert list(refusal.value.fields) == ["number"]
    assert snapshot_rows() == rows


@pytest.mark.parametrize(("day", "lawful"), [("2026-03-10", True), ("2026-03-11", False)])
def test_wrong_petition_goes_back_within_five_working_days(case_in, cast, day, lawful):
    """信访工作条例第二十三条."""
    case = case_in(S.REGISTERED, source="petition")
    petition = POLICE | {"kind": "petition", "organ": "资阳区信访局", "reply_by": "2026-05-02"}
    give(cast.bao, "receive_order", case, NEXT_DAY, **petition)
    begun = running(case)
    back = {"answer": "decline", "on": day, "note": "不属于本街道职责范围。"}

    if lawful:
        give(cast.bao, "acknowledge_order", case, at(f"{day} 10:00"), **back)
        assert running(case) == {}
    else:
        with pytest.raises(Malformed):
            give(cast.bao, "acknowledge_order", case, at(f"{day} 10:00"), **back)
        give(
            cast.bao, "acknowledge_order", case, at(f"{day} 10:00"), **(back | {"answer": "accept"})
        )
        # Sixty days from the acceptance end on Sunday 10 May; 9 May had been made a working day.
        assert running(case) == {"ORDER": "2026-05-02", "X05": "2026-05-11"}

    assert begun == {"X04": "2026-03-10", "X03": "2026-03-18", "ORDER": "2026-05-02"}


@pytest.mark.parametrize(
    ("kind", "days"),
    [("COURT_PRE", "2026-04-02"), ("COURT_POST", "2026-03-18"), ("COURT_SUMMARY", "2026-03-10")],
)  # fmt: skip
def test_court_term_runs_from_the_signed_receipt(case_in, cast, kind, days):
    """特邀调解规定第二十七条: thirty, fifteen, seven days; accepting later changes nothing."""
    case = case_in(S.CONSENT_PENDING, source="court")
    order = POLICE | {"kind": kind, "organ": "资阳区人民法院", "reply_by": ""}
    give(cast.bao, "receive_order", case, NEXT_DAY, **order)
    for ordinal in (1, 2):
        give(cast.li, "record_consent", case, NEXT_DAY, **consent(ordinal))

    give(
        cast.li, "accept", case, at("2026-03-06 09:00"), accepted_on="2026-03-06", no_conflict=True
    )

    assert running(case) == {"ORDER": days, kind: days}


def test_petition_without_a_day_of_its_sender_is_due_in_sixty(case_in, cast):
    """信访工作条例第三十四条; 2 May is a holiday, so it is the 6th."""
    case = case_in(S.REGISTERED, source="petition")
    petition = POLICE | {"kind": "petition", "organ": "资阳区信访局", "reply_by": ""}

    give(cast.bao, "receive_order", case, NEXT_DAY, **petition)

    assert running(case)["ORDER"] == "2026-05-06"


def test_other_senders_say_by_when(case_in, cast, snapshot_rows):
    case = case_in(S.REGISTERED, source="police")
    rows = snapshot_rows()

    with pytest.raises(Malformed) as refusal:
        give(cast.bao, "receive_order", case, NEXT_DAY, **(POLICE | {"reply_by": ""}))

    assert list(refusal.value.fields) == ["reply_by"]
    assert snapshot_rows() == rows


@pytest.mark.parametrize(
    ("category", "rule", "due"),
    [("10", "L01", "2026-03-17"), ("13", "MEDICAL", "2026-04-14"), ("02", "MED", "2026-04-01")],
)  # fmt: skip
def test_kind_of_dispute_sets_the_usual_term(case_in, cast, category, rule, due):
    """劳动争议调解仲裁法第十四条; 医疗纠纷预防和处理条例第三十八条."""
    case = case_in(S.ACCEPTED, category=category)

    assert running(case) == {rule: due}


def test_court_delegation_is_a_case_of_its_own(case_in, cast):
    parent = case_in(S.REFERRED)
    delegation = {
        "kind": "COURT_PRE",
        "number": "(2026)湘0902诉前调7号",
        "received_on": "2026-03-03",
    }
    give(cast.bao, "receive_delegation", parent, NEXT_DAY, **delegation)
    child = Dispute.objects.get(parent=parent)
    began = running(child)

    case_in.go(child, S.ACCEPTED, NEXT_DAY)
    term = running(child)["COURT_PRE"]
    give(cast.bao, "acknowledge_order", child, NEXT_DAY, **TAKEN)
    case_in.go(fresh(child), S.CLOSE_REVIEW, NEXT_DAY)
    give(cast.li, "answer_order", child, NEXT_DAY, **ANSWER)
    give(cast.si, "close", child, NEXT_DAY, result="AGREED_PERFORMED")
    told = parent.events.latest("version")
    give(
        cast.bao, "conclude_referral", parent, NEXT_DAY,
        answer="法院准予撤诉，委派调解已履行。", answered_on="2026-03-03",
    )  # fmt: skip

    assert (child.source, child.status, child.due_at is not None) == (
        Source.COURT,
        S.REGISTERED,
        True,
    )
    assert (began, term) == ({"ORDER": "2026-04-02"}, "2026-04-02")
    assert (told.command, told.payload["part"], told.payload["result"]) == (
        "take_part_answer", child.number, "performed",
    )  # fmt: skip
    assert fresh(parent).status == S.CLOSE_REVIEW


def test_only_a_court_delegates(case_in, cast, snapshot_rows):
    case = case_in(S.ASSESSED)
    give(cast.bao, "refer", case, NEXT_DAY, **(PACKAGE | {"target": "petition", "organ": "信访局"}))
    rows = snapshot_rows()

    with pytest.raises(Unmet) as refusal:
        give(
            cast.bao, "receive_delegation", case, NEXT_DAY,
            kind="COURT_PRE", number="1", received_on="2026-03-03",
        )  # fmt: skip

    assert codes(refusal) == ["referred_to_a_court"]
    assert snapshot_rows() == rows


@pytest.mark.parametrize(
    ("target", "receipt", "handling"),
    [
        ("court", {"COURT_DOCKET": "2026-03-10"}, {}),
        ("labour_arbitration", {"L06": "2026-03-10"}, {"L08": "2026-04-17"}),
        ("petition", {"X01": "2026-03-18"}, {"X05A": "2026-05-06"}),
        ("payment_order", {}, {"L12": "2026-03-18"}),  # 民事诉讼法第二百二十七条: fifteen days
        ("department", {}, {}),
    ],
)
def test_other_channel_has_its_own_terms(case_in, cast, target, receipt, handling):
    case = case_in(S.ASSESSED)
    give(cast.bao, "refer", case, NEXT_DAY, **(PACKAGE | {"target": target}))
    sent = running(case)

    give(
        cast.bao,
        "acknowledge_referral",
        case,
        NEXT_DAY,
        answer="accept",
        note="收文7号",
        on="2026-03-03",
    )

    assert sent == {"REPLY": "2026-04-02"} | receipt
    assert running(case) == {"REPLY": "2026-04-02"} | handling


def test_terms_that_a_petition_office_owes_make_nobody_here_late(case_in, cast):
    """信访工作条例第二十二条、第三十四条: the receiver owes them; ours is to ask for the answer."""
    case = case_in(S.ASSESSED)
    sent = PACKAGE | {"target": "petition", "organ": "资阳区信访局", "reply_by": "2026-07-01"}
    give(cast.bao, "refer", case, NEXT_DAY, **sent)

    ticker.sweep(at("2026-03-19 00:00"))
    give(cast.bao, "acknowledge_referral", case, at("2026-03-20 09:00"),
         answer="accept", note="收文7号", on="2026-03-19")  # fmt: skip
    ticker.sweep(at("2026-06-01 00:00"))

    ran_out = Deadline.objects.filter(dispute=case, state__in=["fired", "met"])
    assert sorted(ran_out.exclude(fired_at=None).values_list("rule", flat=True)) == ["X01", "X05A"]
    assert not Card.objects.filter(dispute=case).exists()
    assert str(day_of(fresh(case).due_at)) == "2026-07-01"  # the answer, which is ours to press for
    assert not Deadline.objects.filter(dispute=case, rule__in=["X03", "X05"]).exists()


def test_answer_of_the_receiver_leaves_the_terms_of_an_order_alone(case_in, cast):
    """A petition that came to the office and was passed on: either side keeps its own clock."""
    case = case_in(S.ASSESSED, source="petition")
    petition = POLICE | {"kind": "petition", "organ": "资阳区信访局", "reply_by": "2026-05-02"}
    give(cast.bao, "refer", case, NEXT_DAY, **(PACKAGE | {"target": "petition"}))
    give(cast.bao, "receive_order", case, NEXT_DAY, **petition)

    give(cast.bao, "acknowledge_referral", case, NEXT_DAY,
         answer="accept", note="收文7号", on="2026-03-03")  # fmt: skip
    after_theirs = running(case)
    give(cast.bao, "acknowledge_order", case, NEXT_DAY, **TAKEN)

    assert {"X03", "X04", "X05A"} <= after_theirs.keys()
    assert running(case).keys() == {"REPLY", "ORDER", "X05", "X05A"}


def test_terms_that_ran_before_the_receiver_had_its_own_are_given_to_it(case_in, cast):
    rename = import_module("mediation.deadlines.migrations.0003_terms_of_the_receiver")
    sent, taken = case_in(S.REFERRED), accepted_petition(case_in, cast)
    start = NEXT_DAY.date()
    clocks.arm(sent, "X03", start)
    before = running(taken)

    rename.give_away(apps, None)
    given = running(sent), running(taken)
    rename.take_back(apps, None)

    assert given[0]["X01"] == "2026-03-18"
    assert given[1] == before
    assert running(sent)["X03"] == "2026-03-18"


def test_mixed_case_with_a_suspension_for_its_civil_part(case_in, cast):
    """Split; the administrative part is suspended while its civil side is mediated, and comes back."""
    whole = case_in(S.REGISTERED)
    give(cast.bao, "assess", whole, NEXT_DAY, nature="MIXED")
    give(cast.bao, "split", whole, NEXT_DAY, **PARTS)
    civil, act = whole.children.order_by("pk")
    give(cast.bao, "assess", act, NEXT_DAY, nature="ADMINISTRATIVE")
    give(cast.bao, "refer_to_reconsideration", act, NEXT_DAY, **ACT)
    for name in ("rc_file", "rc_accept", "rc_serve_copy", "rc_reply", "rc_hear"):
        take(cast.fu, act, name)
    with pytest.raises(Unmet) as alone:
        take(cast.fu, act, "rc_to_mediation", at("2026-03-10 09:00"), both_consent=False)
    take(cast.fu, act, "rc_to_mediation", at("2026-03-10 09:00"))
    part = Dispute.objects.get(parent=act)
    held = running(act)

    give(
        cast.bao,
        "acknowledge_order",
        part,
        at("2026-03-10 10:00"),
        **(TAKEN | {"on": "2026-03-10"}),
    )
    case_in.go(fresh(part), S.CLOSE_REVIEW, at("2026-03-20 09:00"))
    give(cast.li, "answer_order", part, at("2026-03-20 09:30"), **(ANSWER | {"on": "2026-03-20"}))
    answered = running(act)
    take(cast.fu, act, "rc_resume", at("2026-03-24 09:00"))
    resumed = running(act)
    take(cast.fu, act, "rc_settle", at("2026-03-25 09:00"))
    give(cast.bao, "conclude_reconsideration", act, at("2026-03-25 10:00"))
    give(cast.si, "close", act, at("2026-03-26 09:00"), result="REFERRED_RC")
    give(cast.bao, "void", civil, at("2026-03-26 10:00"), result="DUPLICATE", duplicate_of=part.number,
         reason="民事部分已在另案调解。")  # fmt: skip

    assert codes(alone) == ["both_sides_consent"]
    assert part.facts == "摊主与邻店之间的赔偿问题。"
    assert held == {"R16": "2026-05-06", "RC_RETURN": "2026-04-15"}
    assert answered == {"R16": "2026-05-06"}
    assert resumed == {"R16": "2026-05-18"}  # raw 05-02 and fourteen days, a Saturday
    assert Reconsideration.objects.get(dispute=act).decision == "D12"
    assert (fresh(whole).status, WorkItem.objects.get(dispute=whole).node) == (
        S.CLOSE_REVIEW, "review_closure",
    )  # fmt: skip


def accepted_petition(case_in, cast, status=S.REGISTERED):
    case = case_in(status, source="petition")
    petition = POLICE | {"kind": "petition", "organ": "资阳区信访局", "reply_by": "2026-05-02"}
    give(cast.bao, "receive_order", case, NEXT_DAY, **petition)
    give(cast.bao, "acknowledge_order", case, NEXT_DAY, **TAKEN)
    return case


REPLY = {"result": "other", "on": "2026-05-06", "answer": "已依法作出书面处理意见。"}
LONGER = {"days": 30, "approved_by": "胡测长", "reason": "涉及三个部门", "told": True}


def test_petition_is_handled_in_sixty_days_and_extended_once(case_in, cast, snapshot_rows):
    """信访工作条例第三十四条: accepted on 3 March; due on 2 May, a holiday, so 6 May; extended to 1 June."""
    case = accepted_petition(case_in, cast)
    first = running(case)
    with pytest.raises(Unmet) as silent:
        give(
            cast.bao, "extend_petition", case, at("2026-04-20 09:00"), **(LONGER | {"told": False})
        )

    give(cast.bao, "extend_petition", case, at("2026-04-20 09:00"), **LONGER)
    longer = running(case)
    rows = snapshot_rows()
    with pytest.raises(Malformed):
        give(cast.bao, "extend_petition", case, at("2026-04-21 09:00"), **LONGER)

    assert first == {"ORDER": "2026-05-02", "X05": "2026-05-06"}
    assert codes(silent) == ["petitioner_is_told"]
    assert longer == {"ORDER": "2026-05-02", "X06": "2026-06-01"}
    assert snapshot_rows() == rows


def test_petition_that_nobody_accepted_has_no_term_to_extend(case_in, cast, snapshot_rows):
    case = case_in(S.MEDIATING)
    rows = snapshot_rows()

    with pytest.raises(Unmet) as refusal:
        give(cast.bao, "extend_petition", case, at("2026-04-20 09:00"), **LONGER)

    assert codes(refusal) == ["petition_is_handled"]
    assert snapshot_rows() == rows


def test_no_step_of_the_case_ends_the_terms_of_a_petition(case_in, cast):
    case = accepted_petition(case_in, cast)

    case_in.go(fresh(case), S.MEDIATING)

    assert running(case)["X05"] == "2026-05-06"


def test_petitioner_asks_for_review_and_re_review(case_in, cast, snapshot_rows):
    """信访工作条例第三十五条、第三十六条. Reply 6 May; asked 5 June; opinion 3 July; asked 3 August, for
    2 August is a Sunday; opinion due 2 September."""
    case = accepted_petition(case_in, cast)
    with pytest.raises(Unmet) as early:
        review(cast, case, "ask_review", "2026-04-01")
    give(cast.bao, "answer_order", case, at("2026-05-06 09:00"), **REPLY)
    seen = [running(case)]
    with pytest.raises(Malformed) as out_of_turn:
        review(cast, case, "review_opinion", "2026-05-20")

    for step, day in (
        ("ask_review", "2026-06-05"), ("review_opinion", "2026-07-03"),
        ("ask_rereview", "2026-08-03"), ("rereview_opinion", "2026-08-28"),
    ):  # fmt: skip
        review(cast, case, step, day)
        seen.append(running(case))
    rows = snapshot_rows()
    with pytest.raises(Malformed):  # X11: the same facts are not accepted again
        review(cast, case, "ask_review", "2026-09-01")

    assert codes(early) == ["petition_is_answered"]
    assert list(out_of_turn.value.fields) == ["step"]
    assert seen == [
        {"X07": "2026-06-05"}, {"X08": "2026-07-06"}, {"X09": "2026-08-03"},
        {"X10": "2026-09-02"}, {},
    ]  # fmt: skip
    assert snapshot_rows() == rows


def reviewed(case_in, cast, *, until="ask_rereview"):
    """A petition that was answered, reviewed, and asked to be reviewed again on 3 August."""
    case = accepted_petition(case_in, cast)
    give(cast.bao, "answer_order", case, at("2026-05-06 09:00"), **REPLY)
    for step, day in (
        ("ask_review", "2026-06-05"), ("review_opinion", "2026-07-03"), ("ask_rereview", "2026-08-03"),
    ):  # fmt: skip
        review(cast, case, step, day)
        if step == until:
            break
    return case


def test_hearing_is_not_counted_within_the_re_review(case_in, cast):
    """信访工作条例第三十六条: asked on 3 August, heard from the 10th to the 14th: five days later than the
    2nd of September, the 7th. A second hearing of one day makes it the 8th."""
    case = reviewed(case_in, cast)

    review(cast, case, "hearing_begins", "2026-08-10")
    standing, due_at = Deadline.objects.get(dispute=case, rule="X10"), fresh(case).due_at
    fired = ticker.sweep(at("2026-09-03 00:00"))
    review(cast, case, "hearing_ends", "2026-08-14", at("2026-09-03 09:00"))
    once = running(case)
    review(cast, case, "hearing_begins", "2026-09-04")
    review(cast, case, "hearing_ends", "2026-09-04")
    twice = Deadline.objects.get(dispute=case, rule="X10")

    assert (standing.state, str(standing.held_since), due_at) == ("paused", "2026-08-10", None)
    assert fired == 0
    assert once == {"X10": "2026-09-07"}
    assert (twice.state, twice.held_since, str(twice.due_on)) == ("armed", None, "2026-09-08")
    assert twice.pauses == [["2026-08-10", "2026-08-15"], ["2026-09-04", "2026-09-05"]]
    assert [one for one in clocks.recomputed(twice).sentences("zh") if "中止" in one] == [
        "2026年8月10日（星期一）中止，2026年8月15日（星期六）恢复，顺加5日，届满日变为2026年9月7日（星期一）。",
        "2026年9月4日（星期五）中止，2026年9月5日（星期六）恢复，顺加1日，届满日变为2026年9月8日（星期二）。",
    ]
    review(cast, case, "rereview_opinion", "2026-09-08")
    assert running(case) == {}


def test_hearing_that_is_known_late_lets_the_term_run_again(case_in, cast):
    """The clock ran out before anybody here heard of the hearing within it."""
    case = reviewed(case_in, cast)
    ticker.sweep(at("2026-09-03 00:00"))

    review(cast, case, "hearing_begins", "2026-08-31", at("2026-09-03 09:00"))
    review(cast, case, "hearing_ends", "2026-09-01", at("2026-09-03 09:01"))
    again = ticker.sweep(at("2026-09-05 00:00"))

    rows = Deadline.objects.filter(dispute=case, rule="X10").order_by("pk")
    assert [(row.state, str(row.due_on)) for row in rows] == [
        ("met", "2026-09-02"), ("fired", "2026-09-04"),
    ]  # fmt: skip
    assert again == 1
    assert list(Card.objects.filter(dispute=case)) == []


def test_hearing_on_the_day_of_the_receipt_takes_no_day_out(case_in, cast):
    case = reviewed(case_in, cast)

    review(cast, case, "hearing_begins", "2026-08-03")
    review(cast, case, "hearing_ends", "2026-08-03")

    assert running(case) == {"X10": "2026-09-02"}


@pytest.mark.parametrize(
    ("until", "done", "step", "day", "field"),
    [
        ("ask_review", [], "hearing_begins", "2026-06-10", "step"),  # art. 36, not art. 35
        ("ask_rereview", [], "hearing_ends", "2026-08-10", "step"),
        ("ask_rereview", [], "hearing_begins", "2026-08-02", "on"),
        ("ask_rereview", [], "hearing_begins", "2026-09-03", ""),  # the term was over
        ("ask_rereview", [("hearing_begins", "2026-08-10")], "hearing_begins", "2026-08-11", "step"),
        ("ask_rereview", [("hearing_begins", "2026-08-10")], "rereview_opinion", "2026-08-11", "step"),
        ("ask_rereview", [("hearing_begins", "2026-08-10")], "hearing_ends", "2026-08-09", "on"),
        ("ask_rereview", [("hearing_begins", "2026-08-10"), ("hearing_ends", "2026-08-12")],
         "hearing_begins", "2026-08-12", "on"),
    ],
)  # fmt: skip
def test_hearing_out_of_its_place_is_refused(
    case_in, cast, snapshot_rows, until, done, step, day, field
):
    case = reviewed(case_in, cast, until=until)
    for earlier in done:
        review(cast, case, *earlier, at("2026-08-20 09:00"))
    rows = snapshot_rows()

    with pytest.raises(Malformed) as refusal:
        review(cast, case, step, day, at("2026-09-04 09:00"))

    assert list(refusal.value.fields) == [field]
    assert snapshot_rows() == rows


def test_form_proposes_what_comes_next_in_the_re_review(case_in, cast):
    case = reviewed(case_in, cast)

    def proposed():
        facts = CaseFacts(fresh(case), actor=cast.bao, now=at("2026-08-20 09:00"))
        return ReviewForm(dispute=fresh(case), facts=facts).initial["step"]

    before = proposed()
    review(cast, case, "hearing_begins", "2026-08-10")

    assert (before, proposed()) == ("rereview_opinion", "hearing_ends")


def test_clock_that_a_hearing_holds_passes_the_nightly_proof(case_in, cast):
    case = reviewed(case_in, cast)
    review(cast, case, "hearing_begins", "2026-08-10")

    [file] = proofs.load([case.pk], now=at("2026-08-11 03:00"))

    assert list(proofs.clocks_run_where_they_may(file)) == []


def test_review_asked_too_late_is_refused_with_the_day(case_in, cast, snapshot_rows):
    case = accepted_petition(case_in, cast)
    give(cast.bao, "answer_order", case, at("2026-05-06 09:00"), **REPLY)
    rows = snapshot_rows()

    with pytest.raises(Malformed) as late:
        review(cast, case, "ask_review", "2026-06-08")

    assert "2026" in str(late.value.fields[""])
    assert snapshot_rows() == rows


def review(cast, case, step, day, when=None):
    data = {"step": step, "on": day, "organ": "资阳区人民政府"}
    give(cast.bao, "record_petition_review", case, when or at(f"{day} 15:00"), **data)
