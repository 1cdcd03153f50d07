"""The clocks of the track on the days of the law, and what happens by itself when they run out."""

from datetime import date

import pytest

from mediation.core.errors import Malformed, Unmet
from mediation.deadlines import calendar, clocks
from mediation.deadlines.compute import roll_forward
from mediation.deadlines.models import Deadline
from mediation.disputes.models import Dispute
from mediation.reconsideration import terms
from mediation.reconsideration.models import Standstill
from mediation.reconsideration.terms import Applying, apply_term
from tests.factories import at
from tests.factories.track import take
from tests.reconsideration.course import SIMPLE, play, running, track
from workflows import ticker
from workflows.models import WorkItem


def test_review_of_the_application_runs_out_and_deems_it_accepted(advised, cast):
    """Golden vector G11: received on Monday 2026-09-28, deemed accepted on Saturday 2026-10-10."""
    case = advised("2026-09-01")
    play(cast, case, ("rc_file", "2026-09-28"))
    before = running(case)

    ticker.sweep(at("2026-10-10 23:59"))
    still = track(case).status
    fired = ticker.sweep(at("2026-10-11 00:01")), ticker.sweep(at("2026-10-11 00:02"))

    found = track(case)
    assert before == {"R06": "2026-10-10"}
    assert still == "RC_FILED"
    assert fired == (1, 0)
    assert (found.status, found.accepted_on, found.deemed_accepted, found.procedure) == (
        "RC_ACCEPTED", date(2026, 10, 10), True, "ordinary",
    )  # fmt: skip
    event = case.events.latest("version")
    assert (event.command, event.door, event.actor_id) == ("rc_deem_accepted", "timer", None)
    assert WorkItem.objects.get(dispute=case).node == "follow_review"
    # Served within seven working days, decided within sixty days of the day of acceptance.
    assert running(case) == {"R11": "2026-10-20", "R16": "2026-12-09"}


def test_corrected_papers_are_reviewed_anew_and_deemed_accepted_too(advised, cast):
    case = advised("2026-04-01")
    play(
        cast, case, ("rc_file", "2026-04-20"), ("rc_ask_correction", "2026-04-22"),
        ("rc_correct", "2026-04-29"),
    )  # fmt: skip

    waiting = running(case)
    ticker.sweep(at("2026-05-10 00:01"))

    assert waiting == {"R09": "2026-05-09"}  # G12: 30, 06, 07, 08, 09 (make-up Saturday)
    assert (track(case).status, track(case).accepted_on) == ("RC_ACCEPTED", date(2026, 5, 9))


def test_correction_runs_out_and_is_extended_for_a_proper_reason(advised, cast):
    case = advised("2026-06-01")
    play(cast, case, ("rc_file", "2026-06-01"), ("rc_ask_correction", "2026-06-02"))
    first = running(case)
    with pytest.raises(Unmet) as early:
        play(cast, case, ("rc_abandon", "2026-06-16"))

    play(cast, case, ("rc_extend_correction", "2026-06-16", {"days": 3}))
    longer = running(case)
    ticker.sweep(at("2026-06-23 00:01"))
    play(cast, case, ("rc_abandon", "2026-06-23"))

    assert first == {"R08": "2026-06-16"}
    assert [reason.code for reason in early.value.reasons] == ["correction_time_is_over"]
    assert longer == {"R08": "2026-06-22"}  # the Dragon Boat Festival lies between
    assert (track(case).status, running(case)) == ("RC_ABANDONED", {})


def test_suspension_adds_its_days_exactly(advised, cast):
    """Golden vector G35: accepted 2026-06-05, suspended 07-06, resumed 08-17: due 2026-09-15."""
    case = advised("2026-06-01")
    play(
        cast, case, ("rc_file", "2026-06-03"), ("rc_accept", "2026-06-05"),
        ("rc_serve_copy", "2026-06-12"), ("rc_reply", "2026-06-20"),
    )  # fmt: skip
    before = running(case)

    play(cast, case, ("rc_suspend", "2026-07-06", {"ground": "S7"}))
    held, due = running(case), Dispute.objects.get(pk=case.pk).due_at
    play(cast, case, ("rc_resume", "2026-08-17"))

    assert before == {"R16": "2026-08-04"}
    assert (held, due) == ({"R16": "2026-08-04 paused"}, None)
    assert running(case) == {"R16": "2026-09-15"}
    assert (track(case).status, track(case).phase) == ("RC_RESUMED", "RC_REPLIED")


def test_suspension_stops_the_reply_of_the_respondent_too(advised, cast):
    """Ten working days from 2026-06-08: 06-23 with the holiday of 06-19; five of them stand still."""
    case = advised("2026-06-01")
    play(
        cast, case, ("rc_file", "2026-06-02"), ("rc_accept", "2026-06-05"),
        ("rc_serve_copy", "2026-06-08"),
    )  # fmt: skip
    before = running(case)

    play(cast, case, ("rc_suspend", "2026-06-10"), ("rc_resume", "2026-06-17"))

    assert before == {"R12": "2026-06-23", "R16": "2026-08-04"}
    assert running(case) == {"R12": "2026-06-30", "R16": "2026-08-11"}
    assert WorkItem.objects.get(dispute=case).node == "answer_copy"


def test_extension_counts_from_the_raw_day(advised, cast):
    """Golden vectors G18 and G19: accepted 2026-09-30, due Monday 11-30; extended 30 days: 12-29."""
    case = advised("2026-09-01")
    play(
        cast, case, ("rc_file", "2026-09-29"), ("rc_accept", "2026-09-30"),
        ("rc_serve_copy", "2026-09-30"), ("rc_reply", "2026-10-08"),
    )  # fmt: skip
    before = running(case)

    play(cast, case, ("rc_extend", "2026-11-25", {"days": 30}))

    assert before == {"R16": "2026-11-30"}
    assert running(case) == {"R17": "2026-12-29"}
    assert track(case).status == "RC_EXTENDED"


def test_simplified_case_is_converted_before_its_term_ends(advised, cast):
    case = advised("2026-07-01")
    play(
        cast, case, ("rc_file", "2026-07-20"), ("rc_accept", "2026-07-22", SIMPLE),
        ("rc_serve_copy", "2026-07-24"),
    )  # fmt: skip
    before = running(case)
    with pytest.raises(Unmet) as refusal:
        play(cast, case, ("rc_extend", "2026-07-25"))

    play(cast, case, ("rc_convert", "2026-07-27"))

    assert before == {"R14": "2026-07-31", "R18": "2026-08-21"}
    assert [reason.code for reason in refusal.value.reasons] == ["only_ordinary_is_extended"]
    # 2026-09-20 is a make-up working Sunday.
    assert running(case) == {"R12": "2026-08-07", "R16": "2026-09-20"}


def test_appraisal_does_not_count(advised, cast):
    case = advised("2026-06-01")
    play(
        cast, case, ("rc_file", "2026-06-03"), ("rc_accept", "2026-06-05"),
        ("rc_serve_copy", "2026-06-08"), ("rc_reply", "2026-06-12"),
    )  # fmt: skip

    take(
        cast.fu, case, "rc_exclude_time", at("2026-07-20 10:00"),
        on="2026-07-01", until="2026-07-15", kind="appraisal",
    )  # fmt: skip

    assert running(case) == {"R16": "2026-08-18"}


def test_missing_reply_loses_by_law(advised, cast):
    """Art. 70: after ten working days without a reply only D8 can be decided."""
    case = advised("2026-06-01")
    play(
        cast, case, ("rc_file", "2026-06-02"), ("rc_accept", "2026-06-05"),
        ("rc_serve_copy", "2026-06-08"),
    )  # fmt: skip
    ticker.sweep(at("2026-06-24 00:01"))
    late = running(case)
    play(cast, case, ("rc_hear", "2026-06-24"))
    with pytest.raises(Unmet) as refusal:
        play(cast, case, ("rc_decide", "2026-06-25", {"decision": "D6"}))

    play(cast, case, ("rc_decide", "2026-06-25", {"decision": "D8", "redo": True}))
    play(cast, case, ("rc_serve_decision", "2026-06-29"))

    assert late == {"R12": "2026-06-23 fired", "R16": "2026-08-04"}
    assert [r.code for r in refusal.value.reasons] == ["missing_reply_has_its_consequence"]
    assert running(case) == {"R26": "2026-07-14", "R29": "2026-08-28"}
    assert WorkItem.objects.get(dispute=case).node == "perform_decision"


@pytest.mark.parametrize(
    ("appraisal", "due"),
    [
        # Within the suspension, over its beginning, before it, and after it.
        (("2026-06-20", "2026-06-25"), "2026-08-24"),
        (("2026-06-10", "2026-06-20"), "2026-08-29"),
        (("2026-06-10", "2026-06-15"), "2026-08-29"),
        (("2026-07-05", "2026-07-10"), "2026-08-29"),
    ],
)
def test_day_that_stands_still_twice_is_left_out_once(advised, cast, appraisal, due):
    """Sixty days from 2026-06-05: 08-04; twenty days of suspension from 06-15: 08-24. Implementing
    Regulation art. 37: what the appraisal takes besides is left out too, also when it is recorded later."""
    case = advised("2026-06-01")
    play(
        cast, case, ("rc_file", "2026-06-03"), ("rc_accept", "2026-06-05"),
        ("rc_suspend", "2026-06-15"), ("rc_resume", "2026-07-05"),
    )  # fmt: skip
    take(
        cast.fu, case, "rc_exclude_time", at("2026-07-20 10:00"),
        on=appraisal[0], until=appraisal[1], kind="appraisal",
    )  # fmt: skip

    found = terms.review_due(track(case), Standstill.objects.filter(track__dispute=case))

    assert clocks.last_day("R16", date(2026, 6, 5)).due == date(2026, 8, 4)
    raw = date.fromisoformat(due)
    assert found == roll_forward(raw, calendar=calendar.load())
    assert running(case)["R16"] == found.isoformat()


def test_unresolved_death_of_the_applicant_ends_the_case_after_sixty_days(advised, cast):
    case = advised("2026-06-01")
    play(
        cast, case, ("rc_file", "2026-06-02"), ("rc_accept", "2026-06-05"),
        ("rc_suspend", "2026-06-10", {"ground": "S1"}),
    )  # fmt: skip
    armed = running(case)
    with pytest.raises(Unmet):
        play(cast, case, ("rc_terminate", "2026-08-10", {"ground": "T5"}))

    play(cast, case, ("rc_terminate", "2026-08-11", {"ground": "T5"}))

    assert armed["R24"] == "2026-08-10"  # raw 08-09 is a Sunday
    assert (track(case).status, track(case).termination, running(case)) == (
        "RC_TERMINATED",
        "T5",
        {},
    )


def test_no_decision_in_time_opens_the_way_to_court(advised, cast):
    case = advised("2026-06-01")
    play(cast, case, ("rc_file", "2026-06-02"), ("rc_accept", "2026-06-05", SIMPLE))
    with pytest.raises(Unmet):
        play(cast, case, ("rc_sue", "2026-07-06"))

    ticker.sweep(at("2026-07-07 00:01"))
    opened = running(case)
    play(cast, case, ("rc_sue", "2026-07-21"))

    assert (opened["R18"], opened["R27"]) == ("2026-07-06 fired", "2026-07-21")
    assert (track(case).status, running(case)) == ("RC_LITIGATION", {})


def test_document_review_suspends_with_its_own_clocks(advised, cast):
    """Arts. 56 to 58: thirty days with power, seven working days to forward without."""
    mine, other = advised("2026-06-01"), advised("2026-06-01")
    for case, power in ((mine, True), (other, False)):
        play(
            cast, case, ("rc_file", "2026-06-02"), ("rc_accept", "2026-06-05"),
            ("rc_suspend", "2026-06-08", {"ground": "S9", "own_power": power}),
        )  # fmt: skip

    assert running(mine) == {
        "R11": "2026-06-16 paused", "R16": "2026-08-04 paused", "R19": "2026-07-08",
        "R21": "2026-06-11",
    }  # fmt: skip
    assert running(other) == {
        "R11": "2026-06-16 paused", "R16": "2026-08-04 paused", "R20": "2026-06-17",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("power", "passing", "waiting"),
    [
        (True, {"R19": "2026-07-08", "R21": "2026-06-11"}, {"R19": "2026-07-08", "R22": "2026-06-24"}),
        (False, {"R20": "2026-06-17"}, {"R23": "2026-08-10"}),
    ],
    ids=["maker told, art. 58", "passed on, art. 60"],
)  # fmt: skip
def test_document_is_passed_on_and_answered_in_its_own_terms(
    advised, cast, power, passing, waiting
):
    """Ten working days for its maker (19 to 21 June rest); sixty days for the organ with the power, of
    which the last is Saturday 8 August."""
    case = advised("2026-06-01")
    held = {"R11": "2026-06-16 paused", "R16": "2026-08-04 paused"}
    play(
        cast, case, ("rc_file", "2026-06-02"), ("rc_accept", "2026-06-05"),
        ("rc_suspend", "2026-06-08", {"ground": "S9", "own_power": power}),
    )  # fmt: skip
    first = running(case)
    with pytest.raises(Unmet) as early:
        play(cast, case, ("rc_answer_document", "2026-06-09"))
    with pytest.raises(Malformed) as before:
        play(cast, case, ("rc_pass_document", "2026-06-09", {"on": "2026-06-05"}))

    play(cast, case, ("rc_pass_document", "2026-06-09", {"on": "2026-06-09"}))
    second = running(case)
    play(cast, case, ("rc_answer_document", "2026-06-24"))
    answered = running(case)
    play(cast, case, ("rc_resume", "2026-06-25"))

    assert first == held | passing
    assert second == held | waiting
    assert [reason.code for reason in early.value.reasons] == ["document_was_passed_on"]
    assert list(before.value.fields) == ["on"]
    assert answered == held | ({"R19": "2026-07-08"} if power else {})
    # Seventeen days of suspension are added to the decision; serving goes on where it stood.
    assert running(case)["R16"] == "2026-08-21"


@pytest.mark.parametrize(("days", "due"), [(30, "2026-10-08"), (10, "2026-09-14")])
def test_extension_is_a_clock_of_its_own_for_as_long_as_was_granted(advised, cast, days, due):
    """Art. 62(1): accepted 2026-07-04, sixty days end on 2 September; thirty more on 2 October, a holiday;
    ten more on Saturday 12 September."""
    case = advised("2026-07-01")
    play(
        cast, case, ("rc_file", "2026-07-02"), ("rc_accept", "2026-07-04"),
        ("rc_serve_copy", "2026-07-06"), ("rc_reply", "2026-07-10"),
        ("rc_extend", "2026-08-20", {"days": days}),
    )  # fmt: skip
    extended = running(case)
    clock = Deadline.objects.get(dispute=case, rule="R17")
    found = clocks.recomputed(clock)
    play(cast, case, ("rc_suspend", "2026-09-03"), ("rc_resume", "2026-09-10"))

    assert extended == {"R17": due}
    assert (str(clock.starts_on), clock.extended, str(found.due)) == ("2026-09-02", days, due)
    later = {30: "2026-10-09", 10: "2026-09-20"}[
        days
    ]  # seven days; the 19th is Saturday, the 20th works
    assert running(case) == {"R17": later}


def test_what_begins_on_the_rest_days_of_the_ordinary_term_stops_its_extension(advised, cast):
    """Accepted 2026-03-02: sixty days end on 1 May, a holiday; thirty more on 31 May. Suspended on 6 May for
    twenty-four days: 24 June."""
    case = advised("2026-03-02")
    play(
        cast, case, ("rc_file", "2026-03-02"), ("rc_accept", "2026-03-02"),
        ("rc_serve_copy", "2026-03-03"), ("rc_reply", "2026-03-10"), ("rc_extend", "2026-04-28"),
        ("rc_suspend", "2026-05-06"), ("rc_resume", "2026-05-30"),
    )  # fmt: skip

    assert running(case) == {"R17": "2026-06-24"}


# Until when one may apply -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "rule", "due"),
    [
        (Applying(date(2026, 8, 3)), "R01", "2026-10-08"),  # golden vector G08
        (Applying(date(2026, 7, 10)), "R01", "2026-09-08"),  # story C
        # Art. 20(3): nobody told the remedy, so one year at most; sixty days once it was told.
        (Applying(date(2025, 9, 1), told=False), "R02", "2026-09-01"),
        (Applying(date(2025, 9, 1), told=False, told_on=date(2026, 3, 2)), "R01", "2026-05-06"),
        (Applying(date(2025, 9, 1), told=False, told_on=date(2026, 8, 20)), "R02", "2026-09-01"),
        # Art. 21: five years from the act, twenty for immovable property.
        (Applying(date(2026, 3, 2), act_on=date(2021, 3, 10)), "R05", "2026-03-10"),
        (Applying(date(2026, 3, 2), act_on=date(2021, 3, 10), is_land=True), "R01", "2026-05-06"),
        # Art. 20(2): ten days of quarantine stop the clock.
        (Applying(date(2026, 6, 1), obstacle=[(date(2026, 6, 10), date(2026, 6, 20))]), "R01",
         "2026-08-10"),
        # The outer limits know no obstacle (arts. 20(3), 21).
        (Applying(date(2025, 9, 1), told=False, obstacle=[(date(2026, 1, 10), date(2026, 3, 10))]),
         "R02", "2026-09-01"),
        (Applying(date(2026, 3, 2), act_on=date(2021, 3, 10),
                  obstacle=[(date(2026, 3, 3), date(2026, 5, 3))]), "R05", "2026-03-10"),
        # Implementing Regulation art. 16: sixty days to perform the duty come first.
        (Applying(date(2026, 3, 2), requested_on=date(2026, 3, 2)), "R01", "2026-07-06"),
    ],
)  # fmt: skip
def test_last_day_for_applying(db, facts, rule, due):
    assert (apply_term(facts)[0], apply_term(facts)[2].isoformat()) == (rule, due)


def test_late_application_is_not_accepted(advised, cast):
    case = advised("2026-06-01")
    play(cast, case, ("rc_file", "2026-08-03"))

    with pytest.raises(Unmet) as refusal:
        play(cast, case, ("rc_accept", "2026-08-04"))
    play(cast, case, ("rc_refuse", "2026-08-04", {"condition": "late"}))

    assert [reason.code for reason in refusal.value.reasons] == ["application_is_in_time"]
    assert (track(case).decision, running(case)) == ("D14", {"R26": "2026-08-19"})


def test_obstacle_saves_a_late_application(advised, cast):
    case = advised("2026-06-01")
    play(
        cast, case,
        ("rc_file", "2026-08-06", {
            "obstacle_from": "2026-06-10", "obstacle_until": "2026-06-20", "obstacle": "住院隔离",
        }),
        ("rc_accept", "2026-08-07"),
    )  # fmt: skip

    assert (track(case).apply_by, track(case).status) == (date(2026, 8, 10), "RC_ACCEPTED")
