"""What the house knows by itself reaches the level of a dispute; what is old falls away."""

from datetime import timedelta

import pytest
from django.db import connection

from mediation.core.errors import Unmet
from mediation.core.prepared import _bound
from mediation.disputes.enums import Colour
from mediation.disputes.enums import Status as S
from mediation.disputes.models import Dispute
from mediation.warning import history
from mediation.warning import services as warning
from mediation.warning.models import Escalation
from tests.factories import at, give, register
from tests.factories.cases import CALM, CHILD, DAY_ONE, DEADLY, DOWNSTAIRS, NEXT_DAY, UPSTAIRS

pytestmark = pytest.mark.django_db

AFFECTED_CHILD = CHILD | {"guardian": "蔡测宁", "is_affected_only": True}
PUSHED = CALM | {"conduct": "push"}
OTHER = {"name": "彭测远", "side": "applicant", "id_number": "439999196503070059"}


def known(case, name):
    return Dispute.objects.get(pk=case.pk).risk["known"][name]


def rules(case):
    return [one["rule"] for one in Dispute.objects.get(pk=case.pk).risk["reasons"]]


def test_same_pair_counts_within_a_year(cast):
    register(cast.wang, at("2025-02-20 10:00"))
    register(cast.wang, at("2025-12-20 10:00"))

    again = register(cast.wang, DAY_ONE)

    assert (known(again, "same_party_prior_365d"), known(again, "same_party_last_days")) == (1, 72)
    assert {"A1", "A2"} <= set(rules(again))


def test_repetition_with_pushing_is_orange(cast):
    register(cast.wang, at("2025-12-20 10:00"))

    again = register(cast.wang, DAY_ONE, answers=PUSHED)

    assert (again.colour, "F1" in rules(again)) == (Colour.ORANGE, True)


@pytest.mark.parametrize(
    "parties",
    [
        pytest.param([UPSTAIRS, OTHER], id="one-person-with-somebody-else"),
        pytest.param([UPSTAIRS], id="one-person-alone"),
        pytest.param(
            [UPSTAIRS | {"id_number": "439999196503070059"}, DOWNSTAIRS], id="namesake-with-number"
        ),
    ],
)
def test_other_pair_is_no_repetition(cast, parties):
    register(cast.wang, at("2026-01-20 10:00"))

    other = register(cast.wang, DAY_ONE, parties=parties)

    assert known(other, "same_party_prior_365d") == 0


def test_void_case_is_no_repetition(cast, case_in):
    case_in(S.VOIDED)

    again = register(cast.wang, NEXT_DAY)

    assert known(again, "same_party_prior_365d") == 0


def test_failed_mediation_counts_in_the_next_dispute(cast, case_in):
    case_in(S.MEDIATION_ENDED)

    again = register(cast.wang, NEXT_DAY)

    assert (known(again, "failed_mediations"), "A4" in rules(again)) == (1, True)


def test_failed_mediation_moves_the_case_itself(cast, case_in):
    before, after = case_in(S.MEDIATING), case_in(S.MEDIATION_ENDED)

    assert "A4" not in rules(before)
    assert "A4" in rules(after)


def test_police_transfer_is_a_call(cast):
    called = register(cast.bao, DAY_ONE, source="police")

    assert (known(called, "police_calls_90d"), "A3" in rules(called)) == (1, True)


def test_neighbour_at_the_same_address_counts(cast):
    people = [{"name": "赵测一", "side": "applicant"}, {"name": "钱测二", "side": "respondent"}]
    register(cast.wang, at("2026-02-20 10:00"), parties=people, place="汽车路 12 号")

    case = register(cast.wang, DAY_ONE)

    assert (known(case, "near_repeat_90d"), "E3" in rules(case)) == (1, True)


@pytest.mark.parametrize(
    ("day", "floor"),
    [("2026-01-01", False), ("2026-01-10", True), ("2026-02-10", True), ("2026-02-20", False)],
)
def test_wages_before_spring_festival_are_orange(cast, day, floor):
    case = register(
        cast.wang, at(f"{day} 10:00"), category="10", people_count=6, occurred_at=f"{day}T09:00"
    )

    assert ("F6" in rules(case)) == floor


# Time ---------------------------------------------------------------------------------------------


def test_answer_runs_out_and_is_unknown_again(cast, case_in):
    case = case_in(answers=CALM | {"self_harm": "yes"})
    case.refresh_from_db()

    warning.refresh(case, case.parties.all(), now=DAY_ONE + timedelta(days=91))

    assert "self_harm" in case.risk["expired"]
    assert (case.risk["triggers"], case.risk["colour"]) == ([], "YELLOW")
    assert case.colour == Colour.RED  # lowering red takes two people


def test_colour_falls_by_itself_below_red(cast, case_in):
    case = case_in(answers=CALM | {"conduct": "push"}, people_count=5)
    assert case.colour == Colour.YELLOW

    warning.refresh(case, case.parties.all(), now=DAY_ONE + timedelta(days=20))
    Dispute.objects.filter(pk=case.pk).update(people_count=2)
    case.people_count = 2
    moved = warning.refresh(case, case.parties.all(), now=DAY_ONE + timedelta(days=20))

    assert (moved, case.colour) == (True, Colour.BLUE)


def test_lowered_colour_holds_a_week(cast, case_in):
    case = case_in(people_count=6)
    give(
        cast.bao, "assess", case, DAY_ONE, nature="CIVIL", colour="BLUE",
        colour_reason="六人均为同一家庭成员，已核实。",
    )  # fmt: skip
    case.refresh_from_db()

    colours = []
    for days in (6, 8):
        warning.refresh(case, case.parties.all(), now=DAY_ONE + timedelta(days=days))
        colours.append(case.colour)

    assert colours == ["BLUE", "YELLOW"]


def test_who_answers_what_was_open_lowers_nothing(cast, case_in):
    case = case_in(answers={"conduct": "calm"})
    assert case.colour == Colour.YELLOW  # the questions about danger were not asked

    give(cast.bao, "assess", case, DAY_ONE, nature="CIVIL", answers=CALM)

    case.refresh_from_db()
    assert (case.colour, case.risk["set"]["colour"]) == (Colour.BLUE, Colour.BLUE)


@pytest.mark.parametrize("stood", ["said", "set"])
def test_who_takes_an_answer_back_or_lowers_a_persons_colour_says_why(
    cast, case_in, snapshot_rows, stood
):
    if stood == "said":
        case = case_in(answers={"conduct": "both"})
    else:
        case = case_in(answers={"conduct": "calm"})
        give(cast.bao, "assess", case, DAY_ONE, nature="CIVIL", answers={})
    step = "assess" if stood == "said" else "reassess"
    rows = snapshot_rows()

    with pytest.raises(Unmet) as refusal:
        give(cast.bao, step, case, DAY_ONE, nature="CIVIL", answers=CALM)

    assert [reason.code for reason in refusal.value.reasons] == ["lowering_has_reason"]
    assert snapshot_rows() == rows


def test_red_asks_for_a_persons_confirmation(cast, case_in):
    case = case_in(answers=DEADLY)
    assert not warning.is_confirmed(case)

    give(cast.bao, "assess", case, DAY_ONE, nature="CIVIL")

    case.refresh_from_db()
    assert warning.is_confirmed(case)
    assert case.risk["set"]["by"] == cast.bao.name


# Reports that the law demands ----------------------------------------------------------------------


def owed(case):
    return {
        row.receiver: (row.due_at - row.demanded_at, [one["zh-hans"] for one in row.basis])
        for row in Escalation.objects.filter(dispute=case)
    }


def test_danger_demands_a_report_to_the_police(cast, case_in):
    case = case_in(answers=DEADLY)

    assert owed(case) == {"police": (timedelta(minutes=30), ["《中华人民共和国人民调解法》第25条"])}


def test_child_in_violent_home_demands_two_reports(cast, case_in):
    case = case_in(
        category="01", answers=CALM | {"injury": "yes"}, parties=[UPSTAIRS, DOWNSTAIRS, CHILD]
    )

    found = owed(case)

    assert set(found) == {"police", "civil_affairs"}
    assert found["civil_affairs"][1] == ["《中华人民共和国未成年人保护法》第11条"]
    assert "《中华人民共和国反家庭暴力法》第14条" in found["police"][1]


def test_case_of_a_hurt_child_is_not_closed_before_the_reports(cast, case_in):
    hurt = {"category": "01", "answers": CALM | {"injury": "yes"}}
    case = case_in(S.CLOSE_REVIEW, parties=[UPSTAIRS, DOWNSTAIRS, AFFECTED_CHILD], **hurt)

    with pytest.raises(Unmet) as refused:
        give(cast.si, "close", case, NEXT_DAY, result="AGREED_PERFORMED")

    assert "escalations_are_received" in [reason.code for reason in refused.value.reasons]


def test_calm_case_demands_nothing(cast, case_in):
    assert owed(case_in()) == {}


def test_made_report_fills_the_demanded_one(cast, case_in):
    case = case_in(answers=DEADLY)
    give(
        cast.wang, "report_escalation", case, NEXT_DAY, receiver="police", content="持刀威胁，已报110。",
        reported_at="2026-03-03T08:50", receipt="110-1",
    )  # fmt: skip

    (row,) = Escalation.objects.filter(dispute=case)
    assert (row.is_owed, row.is_pending, row.receipt) == (False, False, "110-1")


def test_corrected_facts_let_the_demand_lapse(cast, case_in):
    case = case_in(answers=DEADLY)
    case.refresh_from_db()
    give(
        cast.bao,
        "ask_second_person",
        case,
        NEXT_DAY,
        step="lower_red",
        reason="现场核实系误报，无刀具。",
    )
    give(cast.ling, "grant_second_person", case, NEXT_DAY, step="lower_red")
    give(
        cast.bao, "assess", case, NEXT_DAY, nature="CIVIL", answers=CALM, colour="BLUE",
        colour_reason="现场核实系误报，无刀具，无威胁。",
    )  # fmt: skip

    (row,) = Escalation.objects.filter(dispute=case)
    assert (row.lapsed_at, row.is_pending) == (NEXT_DAY, False)


def test_the_same_people_are_found_by_their_indexes():
    """A registration must not read a year of cases: each way to a person has an index of its own."""
    question = history.STOOD_IN._plan()
    values = {"ids": ["a"], "phones": ["b"], "names": ["c"], "first": "43", "end": "44"}
    bound = _bound(question.params, values | {"since": DAY_ONE, "own": 0, "parent": 0})
    word = "EXPLAIN QUERY PLAN"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            word = "EXPLAIN"
            cursor.execute(
                "SET LOCAL enable_seqscan = off"
            )  # an empty table is read whole otherwise
        cursor.execute(f"{word} {question.sql}", bound)
        plan = " ".join(str(row[-1]) for row in cursor.fetchall())

    assert {"party_id", "party_phone", "party_name"} <= set(plan.split())
    assert "SCAN disputes_dispute" not in plan
