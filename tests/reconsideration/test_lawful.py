"""What the law refuses a step of the track, what it lets pass, and who is bound or competent."""

from datetime import date

import pytest

from mediation.core.errors import Unmet
from mediation.reconsideration import law
from mediation.supervision.models import Card
from tests.factories import at
from tests.factories.track import take
from tests.reconsideration.course import play, running, track
from workflows import ticker


def test_late_reply_counts_as_none(advised, cast):
    """Art. 70 asks for a reply as art. 48 wants it: within ten working days, here until 2026-06-23."""
    case = advised("2026-06-01")
    play(
        cast, case, ("rc_file", "2026-06-02"), ("rc_accept", "2026-06-05"),
        ("rc_serve_copy", "2026-06-08"), ("rc_reply", "2026-06-24"), ("rc_hear", "2026-06-25"),
    )  # fmt: skip
    with pytest.raises(Unmet) as refusal:
        play(cast, case, ("rc_decide", "2026-06-26", {"decision": "D6"}))

    play(cast, case, ("rc_decide", "2026-06-26", {"decision": "D8"}))

    assert [r.code for r in refusal.value.reasons] == ["missing_reply_has_its_consequence"]
    assert track(case).status == "RC_DECIDED"


def test_late_reply_is_healed_by_the_evidence_of_a_third_party(advised, cast):
    case = advised("2026-06-01")
    play(
        cast, case, ("rc_file", "2026-06-02"), ("rc_accept", "2026-06-05"),
        ("rc_serve_copy", "2026-06-08"), ("rc_reply", "2026-06-24"), ("rc_hear", "2026-06-25"),
        ("rc_decide", "2026-06-26", {"decision": "D6", "third_party_evidence": True}),
    )  # fmt: skip

    assert track(case).decision == "D6"


@pytest.mark.parametrize("kind", ["licence", "other", "disclosure"])
def test_silence_about_a_licence_or_a_benefit_may_have_been_no_failure(advised, cast, kind):
    """Arts. 11, 69: what was not answered or not paid is a duty too, and may have been done before."""
    case = advised("2026-06-01", act_kind=kind)
    play(
        cast, case, ("rc_file", "2026-06-02"), ("rc_accept", "2026-06-05"),
        ("rc_serve_copy", "2026-06-08"), ("rc_reply", "2026-06-12"), ("rc_hear", "2026-06-15"),
        ("rc_decide", "2026-06-16", {"decision": "D7"}),
    )  # fmt: skip

    assert track(case).decision == "D7"


@pytest.mark.parametrize(
    ("kind", "may"), [("spot_penalty", True), ("penalty", True), ("licence", False)]
)
def test_only_penalties_are_applied_against_through_their_organ(
    advised, cast, snapshot_rows, kind, may
):
    """Art. 32(1)."""
    case = advised("2026-06-01", act_kind=kind)
    rows = snapshot_rows()
    filing = ("rc_file", "2026-06-02", {"via_acting_organ": True})
    if may:
        play(cast, case, filing)
        assert running(case) == {"R10": "2026-06-09"}
        return

    with pytest.raises(Unmet) as refusal:
        play(cast, case, filing)

    assert [r.code for r in refusal.value.reasons] == ["acting_organ_may_receive"]
    assert snapshot_rows() == rows


def test_what_is_posted_is_in_time_and_reviewed_from_its_receipt(advised, cast):
    """Civil Procedure Law art. 85(4): posted on the last day; five working days from receipt (art. 30)."""
    case = advised("2026-06-01")  # sixty days: 2026-07-31
    take(cast.fu, case, "rc_file", at("2026-08-03 09:00"), on="2026-07-31", filed_by="post")
    waiting = running(case)
    with pytest.raises(Unmet) as early:
        play(cast, case, ("rc_accept", "2026-08-03"))
    play(cast, case, ("rc_forward", "2026-08-05"))
    reviewed = running(case)
    play(cast, case, ("rc_accept", "2026-08-12"))

    assert waiting == {}
    assert [r.code for r in early.value.reasons] == ["organ_has_received"]
    assert reviewed == {"R06": "2026-08-12"}
    assert track(case).accepted_on == date(2026, 8, 12)


def test_day_of_receipt_may_come_with_the_posted_application(advised, cast):
    case = advised("2026-06-01")
    play(
        cast, case,
        ("rc_file", "2026-06-10", {"filed_by": "post", "on": "2026-06-03", "received_on": "2026-06-08"}),
    )  # fmt: skip

    assert running(case) == {"R06": "2026-06-15"}


def test_suit_of_the_last_day_may_be_written_down_later(advised, cast):
    """Administrative Litigation Law art. 45: fifteen days from the refusal of 2026-06-04, until 06-22."""
    case = advised("2026-06-01")
    play(cast, case, ("rc_file", "2026-06-02"), ("rc_refuse", "2026-06-04", {"condition": "scope"}))
    with pytest.raises(Unmet):
        play(cast, case, ("rc_sue", "2026-06-23"))

    take(cast.fu, case, "rc_sue", at("2026-06-24 09:00"), on="2026-06-22")

    assert track(case).status == "RC_LITIGATION"


def test_nothing_was_decided_before_the_time_for_the_reply_was_over(advised, cast):
    """Art. 70: ten working days until 2026-06-23; an earlier day on the paper cannot be right."""
    case = advised("2026-06-01")
    play(
        cast, case, ("rc_file", "2026-06-02"), ("rc_accept", "2026-06-05"),
        ("rc_serve_copy", "2026-06-08"),
    )  # fmt: skip
    decided = {"decision": "D8", "unheard_reason": "当事人下落不明"}

    with pytest.raises(Unmet) as refusal:
        take(cast.fu, case, "rc_decide", at("2026-06-25 09:00"), on="2026-06-23", **decided)

    assert [r.code for r in refusal.value.reasons] == ["reply_is_in_or_overdue"]


@pytest.mark.parametrize(("land", "last"), [(False, "2026-03-10"), (True, "2026-04-27")])
def test_no_obstacle_moves_the_outer_limit(advised, cast, land, last):
    """Arts. 20(2), 21: fifty days of obstacle bring 6 March to 25 April, a Saturday; but five years from an
    act of 10 March 2021 are over before, twenty of one about land are not."""
    case = advised("2026-01-05", act_on="2021-03-10", about_land=land)
    play(
        cast, case,
        ("rc_file", "2026-04-01", {
            "obstacle_from": "2026-01-10", "obstacle_until": "2026-03-01", "obstacle": "住院隔离",
        }),
    )  # fmt: skip

    assert str(track(case).apply_by) == last
    if land:
        play(cast, case, ("rc_accept", "2026-04-02"))
        return
    with pytest.raises(Unmet) as refusal:
        play(cast, case, ("rc_accept", "2026-04-02"))
    assert [r.code for r in refusal.value.reasons] == ["application_is_in_time"]


def test_who_may_sue_directly_may_leave_the_reconsideration(advised, cast):
    """Art. 23 names the acts for which reconsideration comes first; an ordinary penalty is none."""
    case = advised("2026-06-01", act_kind="penalty")

    play(cast, case, ("rc_give_up", "2026-06-02", {"reason": "court"}))

    assert track(case).status == "RC_NOT_PURSUED"


def test_opinion_letter_may_come_while_the_case_is_handled(advised, cast):
    """Art. 76: in the course of handling; sixty days for the report."""
    case = advised("2026-06-01")
    play(
        cast, case, ("rc_file", "2026-06-02"), ("rc_accept", "2026-06-05"),
        ("rc_serve_copy", "2026-06-08"), ("rc_opinion", "2026-06-10"),
    )  # fmt: skip
    asked = running(case)
    play(cast, case, ("rc_report", "2026-06-12"))

    assert asked["R25"] == "2026-08-10"  # raw 08-09 is a Sunday
    assert "R25" not in running(case)


@pytest.mark.parametrize(
    ("organ", "rules", "cards"),
    [
        ("汽车路街道办事处", ("R12", "R29", "R25"), ["R12", "R29", "R25"]),
        ("资阳区市场监督管理局", ("R12A", "R29A", "R25A"), []),
    ],
    ids=["the office itself", "another organ"],
)
def test_delay_of_another_organ_is_nobodys_here(advised, cast, organ, rules, cards):
    """Arts. 48, 76, implementing regulation art. 49: the respondent is bound, whoever it is."""
    case = advised("2026-06-01", organ=organ)
    play(
        cast, case, ("rc_file", "2026-06-02"), ("rc_accept", "2026-06-05"),
        ("rc_serve_copy", "2026-06-08"),
    )  # fmt: skip
    served = running(case)
    ticker.sweep(at("2026-06-24 00:01"))
    play(
        cast, case, ("rc_hear", "2026-06-24"), ("rc_decide", "2026-06-25", {"decision": "D8", "redo": True}),
        ("rc_serve_decision", "2026-06-29"), ("rc_opinion", "2026-06-29"),
    )  # fmt: skip
    decided = running(case)
    ticker.sweep(at("2026-09-01 00:01"))

    assert served[rules[0]] == "2026-06-23"
    assert {rule: decided[rule] for rule in rules[1:]} == dict.fromkeys(rules[1:], "2026-08-28")
    found = Card.objects.filter(dispute=case).order_by("pk").values_list("rule", flat=True)
    assert sorted(set(found)) == sorted(cards)


@pytest.mark.parametrize(
    ("organ", "bodies"),
    [
        ("汽车路街道办事处", ("资阳区人民政府",)),  # 第二十四条: a dispatched organ of the district
        ("资阳区城市管理和综合执法局", ("资阳区人民政府",)),
        ("资阳区人民政府", ("益阳市人民政府",)),
        ("资阳区司法局", ("资阳区人民政府", "益阳市司法局")),  # 第二十八条
        ("国家税务总局益阳市资阳区税务局", ()),  # 第二十七条: the department above, to be named
        ("益阳市资阳区城市管理和综合执法局", ("资阳区人民政府",)),
        ("益阳市资阳区司法局", ("资阳区人民政府", "益阳市司法局")),
        ("资阳区长春镇人民政府", ("资阳区人民政府",)),  # 第二十四条第一款第二项
        # Of the city, on the streets of the district: its own government (第二十四条第一款第一项) …
        ("益阳市公安局交通警察支队", ("益阳市人民政府",)),
        ("益阳市生态环境局", ("益阳市人民政府",)),
        # … and a branch by districts by that of the district too (第二十四条第四款).
        ("益阳市公安局资阳分局", ("益阳市人民政府", "资阳区人民政府")),
        # Further up the law must be read.
        ("益阳市人民政府", ()),
        ("益阳市司法局", ()),
        ("湖南省生态环境厅", ()),
    ],
)
def test_competent_body_follows_from_the_organ(organ, bodies):
    kind = law.organ_kind(organ)

    assert law.competent_bodies(kind, district="资阳区", city="益阳市", organ=organ) == bodies


@pytest.mark.parametrize(
    ("changes", "ours", "body"),
    [
        ({"competent_body": ""}, True, "资阳区人民政府"),
        ({"competent_body": "", "organ": "大码头街道办事处"}, False, "资阳区人民政府"),
        ({"competent_body": "", "organ": "资阳区人民政府"}, False, "益阳市人民政府"),
        ({"competent_body": "益阳市资阳区人民政府"}, True, "益阳市资阳区人民政府"),
        ({"competent_body": "", "organ": "益阳市公安局交通警察支队"}, False, "益阳市人民政府"),
    ],
)
def test_advice_finds_the_body_and_knows_its_own_acts(advised, changes, ours, body):
    case = advised(**changes)

    assert (track(case).is_ours, track(case).competent_body) == (ours, body)


@pytest.mark.parametrize(
    ("kind", "first"),
    [
        ("spot_penalty", True), ("resources", True), ("duty", True), ("disclosure", True),
        ("penalty", False), ("expropriation", False), ("contract", False),
    ],
)  # fmt: skip
def test_reconsideration_comes_first_for_the_acts_of_article_23(advised, kind, first):
    assert track(advised(act_kind=kind)).is_first is first
