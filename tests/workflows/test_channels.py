"""Other lawful channels, and the parts of a split case."""

import pytest

from mediation.core.errors import Unmet
from mediation.disputes import policy
from mediation.disputes.enums import Status as S
from mediation.disputes.models import Dispute
from mediation.referrals.models import Referral
from tests.factories import at, give
from tests.factories.cases import (
    NEXT_DAY,
    PACKAGE,
    PARTS,
)
from tests.factories.track import bring, take
from workflows.models import CaseProcess, WorkItem


def fresh(case):
    return Dispute.objects.get(pk=case.pk)


def node(case):
    return WorkItem.objects.values_list("node", flat=True).get(dispute=case)


# Referral ---------------------------------------------------------------------------------------------


def test_referral_is_accepted_and_answered(case_in, cast):
    case = case_in(S.REFERRED)

    give(cast.bao, "acknowledge_referral", case, NEXT_DAY, answer="accept", note="已立案")
    give(
        cast.bao, "conclude_referral", case, NEXT_DAY,
        answer="判决支付四千二百元。", answered_on="2026-03-03",
    )  # fmt: skip

    referral = Referral.objects.get(dispute=case)
    assert (referral.status, referral.answer, str(referral.answered_on)) == (
        "answered",
        "判决支付四千二百元。",
        "2026-03-03",
    )
    assert (fresh(case).status, fresh(case).result) == (S.CLOSE_REVIEW, "REFERRED_COURT")


@pytest.mark.parametrize(
    ("target", "result"),
    [
        ("court", "REFERRED_COURT"),
        ("payment_order", "REFERRED_COURT"),
        ("labour_arbitration", "REFERRED_ARB"),
        ("police", "REFERRED_POLICE"),
        ("petition", "REFERRED_PETITION"),
        ("department", "REFERRED_DEPT"),
        ("discipline", "REFERRED_DEPT"),
    ],
)
def test_channel_decides_the_result(case_in, cast, target, result):
    case = case_in(S.ASSESSED)
    give(cast.bao, "refer", case, NEXT_DAY, **(PACKAGE | {"target": target}))

    give(
        cast.bao, "conclude_referral", case, NEXT_DAY,
        answer="已办理完毕并答复。", answered_on="2026-03-03",
    )  # fmt: skip

    assert fresh(case).result == result


def test_declined_referral_is_taken_back_and_sent_again(case_in, cast):
    case = case_in(S.REFERRED)

    give(cast.bao, "acknowledge_referral", case, NEXT_DAY, answer="decline", note="不属于受案范围")
    give(cast.bao, "take_back", case, NEXT_DAY, reason="不属于法院受案范围。")
    back = (fresh(case).status, node(case))
    give(
        cast.bao, "refer", case, NEXT_DAY, **(PACKAGE | {"target": "department", "organ": "住建局"})
    )

    assert back == (S.ASSESSED, "triage")
    assert list(Referral.objects.values_list("organ", "status")) == [
        ("资阳区人民法院", "declined"),
        ("住建局", "sent"),
    ]


def test_referral_sent_back_by_the_review_is_answered_anew(case_in, cast):
    case = case_in(S.REFERRED)
    answer = {"answer": "判决支付四千元。", "answered_on": "2026-03-03"}
    give(cast.bao, "conclude_referral", case, NEXT_DAY, **answer)
    give(cast.si, "return_for_correction", case, NEXT_DAY, missing="判决金额与判决书不符。")
    returned = (fresh(case).status, fresh(case).result, node(case))

    give(
        cast.bao, "conclude_referral", case, NEXT_DAY,
        **(answer | {"answer": "判决支付四千二百元。"}),
    )  # fmt: skip

    assert returned == (S.REFERRED, "", "handle_referral")
    assert Referral.objects.get(dispute=case).answer == "判决支付四千二百元。"
    assert fresh(case).status == S.CLOSE_REVIEW


def test_court_sends_a_civil_case_back_to_mediation(case_in, cast):
    """人民调解法第十八条: a court may point the parties to mediation."""
    case = case_in(S.REFERRED)

    give(cast.bao, "start_mediation_intake", case, NEXT_DAY, mediator=cast.id("li"))

    assert (fresh(case).status, node(case)) == (S.CONSENT_PENDING, "seek_consent")


# Split ------------------------------------------------------------------------------------------------


def test_split_registers_both_parts_with_their_people(case_in):
    parent = case_in(S.SPLIT)
    civil, administrative = parent.children.order_by("pk")

    assert [civil.status, administrative.status] == [S.REGISTERED, S.REGISTERED]
    assert [civil.facts, administrative.facts] == [
        PARTS["civil_facts"],
        PARTS["administrative_facts"],
    ]
    assert (civil.grid_id, civil.area_code, civil.colour, civil.category) == (
        parent.grid_id,
        parent.area_code,
        parent.colour,
        parent.category,
    )
    for part in (civil, administrative):
        assert [(p.ordinal, p.name, p.id_number) for p in part.parties.all()] == [
            (p.ordinal, p.name, p.id_number) for p in parent.parties.all()
        ]
    assert node(parent) == "await_children"


@pytest.mark.parametrize("sensitivity", ["violence", "minor", "sealed"])
def test_parts_are_as_sensitive_as_the_whole(case_in, cast, sensitivity):
    case = case_in(S.REGISTERED)
    give(cast.bao, "assess", case, NEXT_DAY, nature="MIXED", sensitivity=sensitivity)

    give(cast.bao, "split", case, NEXT_DAY, **PARTS)

    assert {part.sensitivity for part in fresh(case).children.all()} == {sensitivity}
    assert not policy.visible_to(cast.zhong, now=NEXT_DAY).exists()


def test_last_closed_part_brings_the_whole_to_review(case_in, cast):
    parent = case_in(S.SPLIT)
    civil, administrative = parent.children.order_by("pk")

    give(cast.bao, "assess", civil, NEXT_DAY, nature="CIVIL")
    case_in.go(fresh(civil), S.CLOSED, NEXT_DAY)
    after_one = fresh(parent).status
    give(cast.bao, "void", administrative, NEXT_DAY, result="FALSE_ALARM", reason="并无行政行为。")

    assert after_one == S.SPLIT
    assert (fresh(parent).status, node(parent)) == (S.CLOSE_REVIEW, "review_closure")
    concluded = parent.events.latest("version")
    assert (concluded.command, concluded.actor_id, concluded.door) == (
        "conclude_children",
        None,
        "timer",
    )


def test_whole_cannot_be_concluded_before_its_parts(case_in, cast):
    parent = case_in(S.SPLIT)

    with pytest.raises(Unmet) as refusal:
        give(cast.bao, "conclude_children", parent, NEXT_DAY)

    assert [reason.code for reason in refusal.value.reasons] == ["children_are_closed"]


def test_whole_sent_back_by_the_review_is_concluded_again(case_in, cast):
    """No part will close a second time; the centre brings it back to review."""
    parent = case_in(S.SPLIT)
    for part in parent.children.all():
        give(cast.bao, "void", part, NEXT_DAY, result="FALSE_ALARM", reason="并无此事，误报。")
    give(cast.si, "return_for_correction", parent, NEXT_DAY, missing="缺少分案说明。")

    outcome = give(cast.bao, "conclude_children", parent, NEXT_DAY)

    assert outcome.status == S.CLOSE_REVIEW


# Reconsideration: see tests/reconsideration -----------------------------------------------------------


def test_returned_reconsideration_goes_on_where_it_was(case_in, cast):
    """The parent process is tied to a second child, which opens where the track stands."""
    case = case_in(S.RECONSIDERING)
    bring(cast.bao, case, "RC_MEDIATED")
    begun = node(case)
    give(cast.bao, "conclude_reconsideration", case, NEXT_DAY)
    give(cast.si, "return_for_correction", case, NEXT_DAY, missing="缺少履行凭证。")
    returned = (fresh(case).status, node(case))

    take(cast.bao, case, "rc_perform")
    outcome = give(cast.bao, "conclude_reconsideration", case, at("2026-03-19 09:00"))

    assert begun == "wind_up"
    assert returned == (S.RECONSIDERING, "wind_up")
    assert outcome.status == S.CLOSE_REVIEW
    assert sorted(
        CaseProcess.objects.filter(dispute=case).values_list("lane", "process__status")
    ) == [("main", "NEW"), ("rc", "DONE"), ("rc", "DONE")]
