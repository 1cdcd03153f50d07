"""Which command starts, moves and stops which clock, with the days of the law."""

from datetime import date

import pytest

from mediation.agreements.models import Agreement
from mediation.core.clock import day_of
from mediation.core.errors import Malformed
from mediation.deadlines.models import Deadline
from mediation.disputes.enums import Status as S
from mediation.disputes.models import Dispute
from tests.factories import at, give
from tests.factories.cases import END, NEXT_DAY, PACKAGE, SESSION, agreement, consent
from workflows import ticker

EXTEND = {"until": "2026-04-20", "all_agree": True, "agreed_on": "2026-03-03"}


def accepted(case_in, *, channel="", category="02"):
    case = case_in(S.CONSENT_PENDING, category=category)
    for ordinal in (1, 2):
        give(case_in.cast.li, "record_consent", case, NEXT_DAY, **consent(ordinal))
    give(
        case_in.cast.li, "accept", case, NEXT_DAY,
        accepted_on="2026-03-02", no_conflict=True, channel=channel,
    )  # fmt: skip
    return case


def clocks_of(case):
    """Every clock of the case as rule, subject, last day, state; and the nearest as lists show it."""
    rows = Deadline.objects.filter(dispute=case).order_by("pk")
    case = Dispute.objects.get(pk=case.pk)
    nearest = day_of(case.due_at).isoformat() if case.due_at else None
    return [(r.rule, r.subject, r.due_on.isoformat(), r.state) for r in rows], nearest


def due(case):
    return Dispute.objects.get(pk=case.pk).mediation_due


@pytest.mark.parametrize(
    ("channel", "rule", "last_day"),
    [
        ("", "MED", "2026-04-01"),  # 人民调解工作若干规定第三十三条
        ("MED", "MED", "2026-04-01"),
        ("L01", "L01", "2026-03-17"),  # 劳动争议调解仲裁法第十四条: 15 days
        ("MEDICAL", "MEDICAL", "2026-04-14"),  # 医疗纠纷预防和处理条例第三十八条: 30 working days
        ("COURT_PRE", "COURT_PRE", "2026-04-01"),  # 特邀调解规定第二十七条: 30 days
        ("COURT_POST", "COURT_POST", "2026-03-17"),  # 15 days
        ("COURT_SUMMARY", "COURT_SUMMARY", "2026-03-09"),  # 7 days
    ],
)
def test_accepting_starts_the_period_of_the_channel(case_in, channel, rule, last_day):
    case = accepted(case_in, channel=channel)

    assert clocks_of(case) == ([(rule, "", last_day, "armed")], last_day)
    assert due(case) == date.fromisoformat(last_day)


def test_pause_stops_the_clock_and_resuming_adds_its_days(case_in, cast):
    """Ten days of appraisal are ten days more: 2026-04-11, a Saturday, so the Monday after it."""
    case = case_in(S.MEDIATING)

    give(cast.li, "pause", case, at("2026-03-10 09:00"), ground="appraisal", since="2026-03-10")
    paused = clocks_of(case)
    give(cast.li, "resume", case, at("2026-03-20 09:00"), resumed_on="2026-03-20")

    assert paused == ([("MED", "", "2026-04-01", "paused")], None)
    assert clocks_of(case) == ([("MED", "", due(case).isoformat(), "armed")], due(case).isoformat())
    assert due(case) == date(2026, 4, 13)


def test_two_pauses_add_up(case_in, cast):
    case = case_in(S.MEDIATING)

    for first, end in (("2026-03-10", "2026-03-12"), ("2026-03-20", "2026-03-25")):
        give(cast.li, "pause", case, at(f"{first} 09:00"), ground="illness", since=first)
        give(cast.li, "resume", case, at(f"{end} 09:00"), resumed_on=end)

    assert due(case) == date(2026, 4, 8)


def test_pause_of_no_day_changes_nothing(case_in, cast):
    case = case_in(S.MEDIATING)

    give(cast.li, "pause", case, NEXT_DAY, ground="other", since="2026-03-03")
    give(cast.li, "resume", case, NEXT_DAY, resumed_on="2026-03-03")

    assert clocks_of(case) == ([("MED", "", "2026-04-01", "armed")], "2026-04-01")


def test_agreed_extension_survives_a_pause(case_in, cast):
    case = case_in(S.MEDIATING)
    give(cast.li, "extend", case, NEXT_DAY, **EXTEND)

    give(cast.li, "pause", case, at("2026-03-10 09:00"), ground="appraisal", since="2026-03-10")
    give(cast.li, "resume", case, at("2026-03-20 09:00"), resumed_on="2026-03-20")

    assert due(case) == date(2026, 4, 30)


def test_extension_after_a_pause_stands_as_agreed(case_in, cast):
    case = case_in(S.MEDIATING)
    give(cast.li, "pause", case, at("2026-03-10 09:00"), ground="appraisal", since="2026-03-10")
    give(cast.li, "resume", case, at("2026-03-20 09:00"), resumed_on="2026-03-20")

    give(cast.li, "extend", case, at("2026-03-21 09:00"), **EXTEND)

    assert clocks_of(case) == ([("MED", "", "2026-04-20", "armed")], "2026-04-20")


def test_extension_agreed_in_time_and_written_down_late_revives_the_clock(case_in, cast):
    """SF/T 0083-2020: the day on which all agree decides, not the day of the entry."""
    case = case_in(S.MEDIATING)
    ticker.sweep(at("2026-04-02 00:01"))
    ran_out = clocks_of(case)[0]

    give(cast.li, "extend", case, at("2026-04-02 09:00"), **(EXTEND | {"agreed_on": "2026-04-01"}))

    assert ran_out[0] == ("MED", "", "2026-04-01", "fired")
    assert clocks_of(case)[1] == "2026-04-20"
    assert [row for row in clocks_of(case)[0] if row[3] == "armed"] == [
        ("MED", "", "2026-04-20", "armed")
    ]


def test_pause_that_began_in_time_and_is_written_down_late_counts(case_in, cast):
    """Appraisal from 20 March to 3 April: fourteen days more, 15 April."""
    case = case_in(S.MEDIATING)
    ticker.sweep(at("2026-04-02 00:01"))

    give(cast.li, "pause", case, at("2026-04-02 09:00"), ground="appraisal", since="2026-03-20")
    standing = clocks_of(case)[1]
    give(cast.li, "resume", case, at("2026-04-03 09:00"), resumed_on="2026-04-03")

    assert standing is None
    assert (due(case), clocks_of(case)[1]) == (date(2026, 4, 15), "2026-04-15")


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"agreed_on": "2026-03-01"}, "agreed_on"),  # before the period began
        ({"agreed_on": "2026-03-04"}, "agreed_on"),  # tomorrow
    ],
)
def test_extension_has_a_day_within_the_period(case_in, cast, snapshot_rows, data, field):
    case = case_in(S.MEDIATING)
    rows = snapshot_rows()

    with pytest.raises(Malformed) as refusal:
        give(cast.li, "extend", case, NEXT_DAY, **(EXTEND | data))

    assert list(refusal.value.fields) == [field]
    assert snapshot_rows() == rows


@pytest.mark.parametrize(
    ("since", "why"), [("2026-03-01", "before the period"), ("2026-03-11", "inside another pause")]
)
def test_pause_that_could_never_end_is_refused(case_in, cast, snapshot_rows, since, why):
    case = case_in(S.MEDIATING)
    give(cast.li, "pause", case, at("2026-03-10 09:00"), ground="appraisal", since="2026-03-10")
    give(cast.li, "resume", case, at("2026-03-12 09:00"), resumed_on="2026-03-12")
    rows = snapshot_rows()

    with pytest.raises(Malformed) as refusal:
        give(cast.li, "pause", case, at("2026-03-13 09:00"), ground="illness", since=since)

    assert list(refusal.value.fields) == ["since"]
    assert snapshot_rows() == rows


def test_second_attempt_has_a_period_and_pauses_of_its_own(case_in, cast):
    case = case_in(S.MEDIATING)
    give(cast.li, "pause", case, at("2026-03-03 09:00"), ground="appraisal", since="2026-03-03")
    give(cast.li, "resume", case, at("2026-03-13 09:00"), resumed_on="2026-03-13")
    give(cast.li, "end_mediation", case, at("2026-03-14 09:00"), **END)
    later = at("2026-04-01 09:00")
    give(cast.bao, "start_mediation_intake", case, later, mediator=cast.id("sun"))
    for ordinal in (1, 2):
        give(cast.sun, "record_consent", case, later, **consent(ordinal, day="2026-04-01"))
    give(cast.sun, "accept", case, later, accepted_on="2026-04-01", no_conflict=True)
    give(cast.sun, "begin_session", case, later, **SESSION)

    give(cast.sun, "pause", case, at("2026-04-10 09:00"), ground="illness", since="2026-04-10")
    give(cast.sun, "resume", case, at("2026-04-12 09:00"), resumed_on="2026-04-12")

    assert due(case) == date(2026, 5, 6)  # raw 2026-05-03 lies in the holiday to 05-05


def test_ending_while_paused_ends_the_pause(case_in, cast):
    case = case_in(S.PAUSED)

    give(cast.li, "end_mediation", case, NEXT_DAY, **END)

    assert clocks_of(case) == ([("MED", "", "2026-04-01", "met")], None)
    assert case.pauses.get().until == date(2026, 3, 3)


def test_agreement_stops_the_period_and_falling_through_restores_it(case_in, cast):
    case = case_in(S.AGREED)
    agreed = clocks_of(case)

    give(cast.li, "fall_through", case, NEXT_DAY, party=2, withdrew_on="2026-03-03")

    assert agreed == ([("MED", "", "2026-04-01", "met")], None)
    assert clocks_of(case) == (
        [("MED", "", "2026-04-01", "met"), ("MED", "", "2026-04-01", "armed")],
        "2026-04-01",
    )
    assert not Agreement.objects.filter(dispute=case, is_current=True).exists()
    give(cast.li, "reach_agreement", case, NEXT_DAY, **agreement())
    assert Agreement.objects.filter(dispute=case, is_current=True).count() == 1


def test_restored_period_keeps_its_rule(case_in, cast):
    """A labour dispute has fifteen days also after an agreement fell through."""
    case = accepted(case_in, channel="L01", category="10")
    give(cast.li, "begin_session", case, NEXT_DAY, **SESSION)
    give(cast.li, "reach_agreement", case, NEXT_DAY, **agreement())
    give(cast.li, "fall_through", case, NEXT_DAY, party=2, withdrew_on="2026-03-03")

    give(cast.li, "pause", case, at("2026-03-10 09:00"), ground="appraisal", since="2026-03-10")
    give(cast.li, "resume", case, at("2026-03-13 09:00"), resumed_on="2026-03-13")

    assert due(case) == date(2026, 3, 20)  # 2026-03-17 plus three days


# When an agreement takes effect (人民调解法第二十九条、第三十条; G36) ---------------------------------

MARCH = "2026-03-{:02d}".format


@pytest.mark.parametrize(
    ("one", "two", "mediator", "seal", "effect", "confirm_by"),
    [
        (12, 12, 12, 13, 13, "2026-04-13"),  # G36: the seal comes last; the 12th of April is Sunday
        (12, 13, 12, 12, 13, "2026-04-13"),  # a party signs last
        (12, 12, 14, 13, 14, "2026-04-13"),  # the mediator signs last
        (12, 12, 12, 12, 12, "2026-04-13"),  # all on one day: 2026-04-11 is Saturday
        (9, 10, 11, 16, 16, "2026-04-15"),
    ],
)
def test_written_agreement_takes_effect_with_its_latest_element(
    case_in, cast, one, two, mediator, seal, effect, confirm_by
):
    case = case_in(S.AGREED)
    now = at("2026-03-20 09:00")

    give(
        cast.li, "record_signatures", case, now,
        parties=[{"party": 1, "signed_on": MARCH(one)}, {"party": 2, "signed_on": MARCH(two)}],
        mediator_signed_on=MARCH(mediator), sealed_on=MARCH(seal),
    )  # fmt: skip
    give(cast.li, "make_effective", case, now)

    found = Agreement.objects.get(dispute=case)
    assert found.effective_on == date(2026, 3, effect)
    armed = {(r, s): d for r, s, d, state in clocks_of(case)[0] if state == "armed"}
    assert armed == {
        ("CONF", ""): confirm_by,
        ("OBLIGATION", "1"): "2026-03-31",
        ("OBLIGATION", "2"): "2026-04-20",
    }


def test_effect_is_unset_until_the_seal(case_in):
    assert Agreement.objects.get(dispute=case_in(S.AGREED)).effective_on is None


def test_oral_agreement_takes_effect_the_day_it_is_reached(case_in, cast):
    """人民调解法第三十条."""
    case = case_in(S.MEDIATING)
    give(cast.li, "reach_agreement", case, NEXT_DAY, **agreement(form="oral"))

    give(cast.li, "make_effective", case, at("2026-03-09 09:00"))

    assert Agreement.objects.get(dispute=case).effective_on == date(2026, 3, 2)


def test_signatures_come_one_by_one(case_in, cast):
    case = case_in(S.AGREED)
    signed = [{"parties": [{"party": n, "signed_on": "2026-03-02"}]} for n in (1, 2)]

    for part in (*signed, {"mediator_signed_on": "2026-03-03"}, {"sealed_on": "2026-03-03"}):
        give(cast.li, "record_signatures", case, NEXT_DAY, **part)

    give(cast.li, "make_effective", case, NEXT_DAY)
    assert Agreement.objects.get(dispute=case).effective_on == date(2026, 3, 3)


# Performance, channels, closing ----------------------------------------------------------------------


def test_each_obligation_has_its_clock(case_in, cast):
    case = case_in(S.PERFORMING)

    give(
        cast.li, "record_performance", case, NEXT_DAY,
        obligation=1, done_on="2026-03-03", proof="照片",
    )  # fmt: skip

    states = {(rule, subject): state for rule, subject, _day, state in clocks_of(case)[0]}
    assert states == {
        ("MED", ""): "met",
        ("CONF", ""): "armed",
        ("OBLIGATION", "1"): "met",
        ("OBLIGATION", "2"): "armed",
    }


def test_filing_stops_the_window_of_confirmation(case_in, cast):
    case = case_in(S.PERFORMING)

    give(
        cast.li, "file_confirmation", case, NEXT_DAY,
        court="资阳区人民法院", filed_on="2026-03-03", both_parties=True,
    )  # fmt: skip

    assert ("CONF", "", "2026-04-01", "met") in clocks_of(case)[0]


def test_confirmation_filed_on_the_last_day_may_be_written_down_later(case_in, cast):
    """人民调解法第三十三条: thirty days until the court is asked; the rest is paper work."""
    case = case_in(S.BREACHED)
    ticker.sweep(at("2026-04-02 00:01"))

    give(
        cast.li, "file_confirmation", case, at("2026-04-03 09:00"),
        court="资阳区人民法院", filed_on="2026-04-01", both_parties=True,
    )  # fmt: skip

    assert ("CONF", "", "2026-04-01", "met") in clocks_of(case)[0]


@pytest.mark.parametrize(
    ("command", "data"),
    [
        ("record_ruling", {"ruling": "withdraw", "ruled_on": "2026-03-10"}),
        ("record_docket", {"docketed": "reject", "docketed_on": "2026-03-10", "ground": "scope"}),
    ],
)
def test_what_the_court_has_not_judged_may_be_filed_again(case_in, cast, command, data):
    """人民调解法第三十三条: the rest of the thirty days is watched again."""
    case = case_in(S.PERFORMING)
    filing = {"court": "资阳区人民法院", "filed_on": "2026-03-03", "both_parties": True}
    give(cast.li, "file_confirmation", case, NEXT_DAY, **filing)

    give(cast.li, command, case, at("2026-03-10 09:00"), **data)

    assert ("CONF", "", "2026-04-01", "armed") in clocks_of(case)[0]
    again = filing | {"filed_on": "2026-03-11"}
    give(cast.li, "file_confirmation", case, at("2026-03-11 09:00"), **again)


@pytest.mark.parametrize(
    ("command", "data", "field"),
    [
        ("record_docket", {"docketed": "docket", "docketed_on": "2026-03-02"}, "docketed_on"),
        ("record_ruling", {"ruling": "confirm", "ruling_number": "1", "ruled_on": "2026-03-02"},
         "ruled_on"),
    ],
)  # fmt: skip
def test_court_judges_nothing_before_it_is_asked(
    case_in, cast, snapshot_rows, command, data, field
):
    case = case_in(S.PERFORMING)
    filing = {"court": "资阳区人民法院", "filed_on": "2026-03-03", "both_parties": True}
    give(cast.li, "file_confirmation", case, NEXT_DAY, **filing)
    rows = snapshot_rows()

    with pytest.raises(Malformed) as refusal:
        give(cast.li, command, case, NEXT_DAY, **data)

    assert list(refusal.value.fields) == [field]
    assert snapshot_rows() == rows


def test_period_never_runs_from_before_all_have_agreed(case_in, cast, snapshot_rows):
    """人民调解法第十七条."""
    case = case_in(S.CONSENT_PENDING)
    for ordinal, day in ((1, "2026-03-02"), (2, "2026-03-03")):
        give(cast.li, "record_consent", case, NEXT_DAY, **consent(ordinal, day=day))
    rows = snapshot_rows()

    with pytest.raises(Malformed) as refusal:
        give(cast.li, "accept", case, NEXT_DAY, accepted_on="2026-03-02", no_conflict=True)

    assert list(refusal.value.fields) == ["accepted_on"]
    assert snapshot_rows() == rows


def test_nothing_is_confirmed_before_it_takes_effect(case_in, cast, snapshot_rows):
    case = case_in(S.PERFORMING)
    rows = snapshot_rows()

    with pytest.raises(Malformed) as refusal:
        give(
            cast.li, "file_confirmation", case, NEXT_DAY,
            court="资阳区人民法院", filed_on="2026-03-01", both_parties=True,
        )  # fmt: skip

    assert list(refusal.value.fields) == ["filed_on"]
    assert snapshot_rows() == rows


def test_referral_waits_for_its_answer_and_the_docket(case_in, cast):
    case = case_in(S.BREACHED)

    give(cast.bao, "refer", case, NEXT_DAY, **PACKAGE)
    waiting = [row for row in clocks_of(case)[0] if row[3] == "armed"]
    give(cast.bao, "take_back", case, NEXT_DAY, reason="法院不予立案，退回街道。")

    assert waiting == [
        ("REPLY", "", "2026-04-02", "armed"),
        ("COURT_DOCKET", "", "2026-03-10", "armed"),  # 民事诉讼法第一百二十六条: seven days
    ]
    assert clocks_of(case)[1] is None


@pytest.mark.parametrize(
    ("known_on", "apply_by"),
    [
        ("2026-03-02", "2026-05-06"),  # raw 2026-05-01 lies in the holiday to 05-05
        ("2026-01-05", "2026-03-06"),
    ],
    ids=["行政复议法第二十条 (holiday)", "行政复议法第二十条"],
)
def test_reconsideration_clock_is_shown_and_stops_with_the_application(
    case_in, cast, known_on, apply_by
):
    case = case_in(S.REGISTERED)
    give(cast.bao, "assess", case, NEXT_DAY, nature="ADMINISTRATIVE")

    give(
        cast.bao, "refer_to_reconsideration", case, NEXT_DAY,
        act_kind="penalty", act="罚款决定", organ="街道办事处", competent_body="资阳区人民政府",
        known_on=known_on, clock_told=True,
    )  # fmt: skip
    running = clocks_of(case)
    give(cast.fu, "rc_give_up", case, NEXT_DAY, reason="unwilling", on="2026-03-03")

    assert running == ([("R01", "", apply_by, "armed")], apply_by)
    assert clocks_of(case) == ([("R01", "", apply_by, "met")], None)


def test_closing_leaves_the_visit_and_the_archive_nothing(case_in, cast):
    closed, archived = case_in(S.CLOSED), case_in(S.ARCHIVED)

    assert [row for row in clocks_of(closed)[0] if row[3] == "armed"] == [
        ("VISIT", "", "2026-04-01", "armed")
    ]
    assert [row for row in clocks_of(archived)[0] if row[3] == "armed"] == []


@pytest.mark.parametrize("status", S)
def test_nearest_clock_stands_in_every_list(case_in, status):
    case = case_in(status)
    armed = Deadline.objects.filter(dispute=case, state="armed").order_by("due_at")

    nearest = armed.values_list("due_at", flat=True).first()

    assert case.due_at == nearest
    assert getattr(getattr(case, "work", None), "due_at", None) == nearest
