"""Review, closing, visits, coming back, and the alerts of a case."""

import pytest

from mediation.accounts.actor import Actor
from mediation.agreements.models import Agreement
from mediation.core.errors import Malformed, NotFound, Unmet
from mediation.disputes.enums import Status as S
from mediation.disputes.models import Approval, Dispute
from mediation.warning.models import Alert
from tests.disputes.obstacles import granted
from tests.factories import at, give
from tests.factories.cases import (
    DEADLY,
    END,
    NEXT_DAY,
    SESSION,
    VISIT,
    agreement,
    consent,
)
from tests.factories.people import SIBLING_GRID
from workflows.models import WorkItem


def fresh(case):
    return Dispute.objects.get(pk=case.pk)


def node(case):
    return WorkItem.objects.values_list("node", flat=True).get(dispute=case)


@pytest.mark.parametrize(
    ("status", "command", "who", "data"),
    [
        (S.PERFORMING, "fulfil", "li", None),
        (S.MEDIATION_ENDED, "send_to_review", "li", {"no_other_channel": True, "result": "FAILED"}),
        (
            S.ASSESSED, "settle_on_spot", "he",
            {"is_civil": True, "both_consent": True, "content": "当场赔礼并付清。",
             "settled_on": "2026-03-03"},
        ),
    ],
    ids=["performing", "mediation_ended", "assessed"],
)  # fmt: skip
def test_review_sends_back_to_where_it_came_from(case_in, cast, status, command, who, data):
    case = case_in(status, grid="430902006901004")
    case = case_in.go(case, S.CLOSE_REVIEW) if data is None else case
    if data is not None:
        give(getattr(cast, who), command, case, NEXT_DAY, **data)

    outcome = give(cast.si, "return_for_correction", case, NEXT_DAY, missing="缺少回执原件。")

    assert (outcome.status, fresh(case).result) == (status, "")


def test_red_case_is_visited_twice(case_in, cast):
    case = case_in(S.CLOSE_REVIEW)
    give(cast.bao, "reassess", case, NEXT_DAY, answers=DEADLY)
    give(cast.ling, "acknowledge_alert", case, NEXT_DAY)
    give(cast.ling, "resolve_alert", case, NEXT_DAY, verdict="prevented", outcome="已平静下来。")
    give(cast.si, "close", case, NEXT_DAY, result="AGREED_PERFORMED")

    left = [(fresh(case).visits_left, node(case))]
    for _ in range(2):
        give(cast.wang, "visit", case, NEXT_DAY, **VISIT)
        left.append((fresh(case).visits_left, node(case)))

    assert left == [(2, "follow_up"), (1, "follow_up"), (0, "archive")]


def test_case_lowered_from_red_is_still_visited_twice(case_in, cast):
    case = case_in(S.CLOSE_REVIEW, answers=DEADLY)
    granted("lower_red")(case, cast)
    give(
        cast.si, "reassess", case, NEXT_DAY,
        colour="YELLOW", colour_reason="双方已平静十四日，无新情况。",
    )  # fmt: skip
    give(cast.ling, "acknowledge_alert", case, NEXT_DAY)
    give(cast.ling, "resolve_alert", case, NEXT_DAY, verdict="prevented", outcome="已平静下来。")

    give(cast.si, "close", case, NEXT_DAY, result="AGREED_PERFORMED")

    assert (fresh(case).colour, fresh(case).visits_left) == ("YELLOW", 2)


@pytest.mark.parametrize("status", [S.CLOSED, S.ARCHIVED])
def test_reopened_case_starts_again_at_triage(case_in, cast, status):
    case = case_in(status)
    granted("reopen")(case, cast)

    give(cast.si, "reopen", case, NEXT_DAY, ground="rebound", reason="漏水再次发生。")

    again = fresh(case)
    assert (again.status, node(case), again.reopened, again.result) == (
        S.ASSESSED,
        "triage",
        1,
        "",
    )
    assert (again.closed_at, again.archived_at, again.visits_left) == (None, None, 0)
    assert Approval.objects.get(dispute=case).state == "spent"


def test_reopened_archive_keeps_its_file_number(case_in, cast):
    case = case_in(S.ARCHIVED)
    number = case.file_number
    granted("reopen")(case, cast)
    give(cast.si, "reopen", case, NEXT_DAY, ground="rebound", reason="漏水再次发生。")

    again = case_in.go(fresh(case), S.ARCHIVED, NEXT_DAY)

    assert (number, again.file_number) == ("(2026)资汽人调字第001号",) * 2


def test_success_of_the_former_round_is_not_claimed_again(case_in, cast):
    case = case_in(S.CLOSED)
    granted("reopen")(case, cast)
    give(cast.si, "reopen", case, NEXT_DAY, ground="voided", reason="协议被法院撤销。")
    case_in.go(fresh(case), S.MEDIATION_ENDED, NEXT_DAY)
    give(cast.li, "send_to_review", case, NEXT_DAY, no_other_channel=True, result="FAILED")

    with pytest.raises(Unmet) as refusal:
        give(cast.si, "close", case, NEXT_DAY, result="AGREED_PERFORMED")

    assert [reason.code for reason in refusal.value.reasons] == ["result_fits_the_facts"]


def test_reopened_case_can_be_settled_on_the_spot(case_in, cast):
    case = case_in(S.CLOSED, grid="430902006901004")
    granted("reopen")(case, cast)
    give(cast.si, "reopen", case, NEXT_DAY, ground="rebound", reason="漏水再次发生。")

    give(
        cast.he, "settle_on_spot", case, NEXT_DAY,
        is_civil=True, both_consent=True, content="当场修好并赔礼。", settled_on="2026-03-03",
    )  # fmt: skip

    assert list(
        Agreement.objects.filter(dispute=case).order_by("pk").values_list("form", "is_current")
    ) == [("written", False), ("oral", True)]


def test_consent_to_reopen_serves_once(case_in, cast):
    case = case_in(S.CLOSED)
    granted("reopen")(case, cast)
    give(cast.si, "reopen", case, NEXT_DAY, ground="rebound", reason="漏水再次发生。")
    case_in.go(fresh(case), S.CLOSED, NEXT_DAY)

    with pytest.raises(Unmet):
        give(cast.si, "reopen", case, NEXT_DAY, ground="rebound", reason="漏水再次发生。")


def test_second_mediation_after_a_breach_ends_well(case_in, cast):
    case = case_in(S.BREACHED)
    later = at("2026-05-06 09:00")
    give(cast.bao, "start_mediation_intake", case, later, mediator=cast.id("sun"))
    for ordinal in (1, 2):
        give(cast.sun, "record_consent", case, later, **consent(ordinal, day="2026-05-06"))
    give(cast.sun, "accept", case, later, accepted_on="2026-05-06", no_conflict=True)
    give(cast.sun, "begin_session", case, later, **SESSION)
    again = agreement(agreed_on="2026-05-06", obligations=[
        {"debtor": 1, "content": "付清余款", "amount": "4200", "due_on": "2026-05-20"},
    ])  # fmt: skip
    give(cast.sun, "reach_agreement", case, later, **(again | {"form": "oral"}))
    give(cast.sun, "make_effective", case, later)
    give(
        cast.sun, "record_performance", case, later,
        obligation=1, done_on="2026-05-06", both_confirm=True,
    )  # fmt: skip
    give(cast.sun, "fulfil", case, later)

    give(cast.si, "close", case, later, result="ORAL_PERFORMED")

    assert fresh(case).mediator_id == cast.id("sun")
    assert Agreement.objects.filter(dispute=case, is_current=True).count() == 1


def test_duplicate_names_the_other_case(case_in, cast, snapshot_rows):
    case, other = case_in(S.REGISTERED), case_in(S.REGISTERED)
    hidden = case_in(S.REGISTERED, by="b_zhong", grid=SIBLING_GRID)
    data = {"result": "DUPLICATE", "reason": "与另一案为同一纠纷。"}
    rows = snapshot_rows()

    for number in ("", case.number, hidden.number, "没有这个编号"):
        with pytest.raises(Malformed) as refusal:
            give(cast.bao, "void", case, NEXT_DAY, **data, duplicate_of=number)
        assert list(refusal.value.fields) == ["duplicate_of"]
    assert snapshot_rows() == rows

    give(cast.bao, "void", case, NEXT_DAY, **data, duplicate_of=other.number)
    assert (fresh(case).status, fresh(case).duplicate_of_id) == (S.VOIDED, other.pk)
    assert not WorkItem.objects.filter(dispute=case).exists()


# Alerts -----------------------------------------------------------------------------------------------


def test_danger_raises_one_alert_that_somebody_answers_for(case_in, cast):
    case = case_in(S.REGISTERED, answers=DEADLY)
    raised = Alert.objects.get(dispute=case)
    limit = raised.acknowledge_by - raised.raised_at

    give(cast.bao, "assess", case, NEXT_DAY, nature="CIVIL")
    give(cast.ling, "acknowledge_alert", case, NEXT_DAY)
    give(
        cast.ling, "act_on_alert", case, NEXT_DAY,
        owner=cast.id("li"), action="上门稳控，落实包案。", action_due="2026-03-04",
    )  # fmt: skip
    give(cast.ling, "resolve_alert", case, NEXT_DAY, verdict="true", outcome="已处置，移送公安。")

    alert = Alert.objects.get(dispute=case)
    assert limit.total_seconds() == 30 * 60
    assert (alert.status, alert.colour, alert.owner_id, alert.verdict) == (
        "resolved",
        "RED",
        cast.id("li"),
        "true",
    )


def test_alert_grows_with_the_colour_and_comes_again(case_in, cast):
    case = case_in(S.ASSESSED)

    give(cast.bao, "reassess", case, NEXT_DAY, colour="ORANGE")
    orange = list(Alert.objects.values_list("colour", "status"))
    give(cast.bao, "reassess", case, NEXT_DAY, answers=DEADLY)
    red = list(Alert.objects.values_list("colour", "status"))
    give(cast.ling, "acknowledge_alert", case, NEXT_DAY)
    give(cast.ling, "resolve_alert", case, NEXT_DAY, verdict="false", outcome="误报，已核实。")
    give(cast.bao, "reassess", case, NEXT_DAY, answers=DEADLY)

    assert (orange, red) == ([("ORANGE", "raised")], [("RED", "raised")])
    assert sorted(Alert.objects.values_list("colour", "status")) == [
        ("RED", "raised"),
        ("RED", "resolved"),
    ]


def test_resident_ends_only_his_own_mediation(case_in, cast):
    mine, other = case_in(S.MEDIATING), case_in(S.MEDIATING)
    resident = Actor(
        None, "居民", is_resident=True, party_to=mine.pk, is_necessary=True, speaks_for=(2,)
    )
    data = {
        "reason": "WITHDRAWN",
        "remedies": ["COURT"],
        "told_on": "2026-03-03",
        "channel": "online",
    }

    with pytest.raises(NotFound):
        give(resident, "end_mediation", other, NEXT_DAY, **data)

    for_another = give(resident, "end_mediation", mine, NEXT_DAY, **data, party=1)
    assert for_another.status == S.MEDIATION_ENDED
    assert mine.events.latest("version").payload["party"] == 2  # his own, whatever was sent


@pytest.mark.parametrize(
    ("answer", "reason", "named", "told"),
    [
        ("withdrawn", "WITHDRAWN", None, 2),  # as was recorded
        ("withdrawn", "WITHDRAWN", 1, 1),  # as the mediator says
        (None, "WITHDRAWN", None, None),
        ("no", "REFUSED", None, 2),
        ("withdrawn", "DEADLOCK", 1, None),  # nobody's doing
    ],
)
def test_end_of_mediation_says_who_would_not_go_on(case_in, cast, answer, reason, named, told):
    """人民调解法第十七条、第二十三条."""
    case = case_in(S.MEDIATING)
    if answer:
        give(cast.li, "record_consent", case, NEXT_DAY, **consent(2, answer, day="2026-03-03"))

    party = {} if named is None else {"party": named}
    give(cast.li, "end_mediation", case, NEXT_DAY, **(END | {"reason": reason} | party))

    assert case.events.latest("version").payload.get("party") == told


def test_end_of_mediation_names_a_party_that_there_is(case_in, cast, snapshot_rows):
    case = case_in(S.MEDIATING)
    rows = snapshot_rows()

    with pytest.raises(Malformed) as refusal:
        give(cast.li, "end_mediation", case, NEXT_DAY, **(END | {"reason": "REFUSED", "party": 3}))

    assert list(refusal.value.fields) == ["party"]
    assert snapshot_rows() == rows
