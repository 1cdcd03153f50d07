"""The ladder of what is overdue, cards by hand, and the instructions of leaders."""

from datetime import date, timedelta

import pytest

from mediation.accounts.actor import SYSTEM
from mediation.core.clock import day_of
from mediation.core.errors import Forbidden, Malformed, Unmet
from mediation.deadlines import clocks
from mediation.deadlines.models import Deadline
from mediation.disputes.enums import Status as S
from mediation.disputes.models import Dispute, Event
from mediation.notifications.models import Notice
from mediation.supervision.models import Card, Instruction
from tests.factories import at, give
from tests.factories.cases import END, NEXT_DAY, agreement
from workflows import ticker
from workflows.engine import Command, execute

pytestmark = pytest.mark.django_db

OVER = at("2026-04-02 00:00")  # MED from 2026-03-02 ends on 2026-04-01


def cards(case):
    return [
        (card.level, card.state, card.answer_by.isoformat())
        for card in Card.objects.filter(dispute=case).order_by("pk")
    ]


def told(case, kind):
    return set(
        Notice.objects.filter(dispute=case, kind=kind).values_list("person__username", flat=True)
    )


def fresh(case):
    return Dispute.objects.get(pk=case.pk)


def test_what_is_overdue_climbs_from_reminder_to_red_each_with_its_own_clock(case_in, cast):
    """2026-04-04 to 06 is Qingming: three working days after 04-02 are 04-08."""
    case = case_in(S.MEDIATING)

    counts = [ticker.sweep(OVER), ticker.sweep(OVER)]
    assert counts == [1, 0]
    assert cards(case) == [("reminder", "open", "2026-04-08")]

    early = ticker.sweep(at("2026-04-08 23:59"))
    ticker.sweep(at("2026-04-09 00:00"))
    assert early == 0
    assert cards(case)[1:] == [("yellow", "open", "2026-04-14")]

    ticker.sweep(at("2026-04-15 00:00"))
    assert cards(case) == [
        ("reminder", "raised", "2026-04-08"),
        ("yellow", "raised", "2026-04-14"),
        ("red", "open", "2026-04-22"),
    ]
    assert [ticker.sweep(at("2026-04-23 00:00")), ticker.sweep(at("2027-06-01 00:00"))] == [1, 0]

    commands = (
        Event.objects.filter(dispute=case).order_by("version").values_list("command", flat=True)
    )
    assert list(commands)[-4:] == ["fire_deadline", "yellow_card", "red_card", "fire_deadline"]
    username = {
        person: cast.person(person).username for person in ("li", "zhong", "si", "ling", "ping")
    }
    assert username["ling"] not in told(case, "yellow_card")
    assert {username["li"], username["zhong"], username["si"]} <= told(case, "yellow_card")
    assert {username["ling"], username["ping"]} <= told(case, "red_card")  # though the case is blue


def test_long_absence_sets_one_card_and_not_the_whole_ladder(case_in):
    case = case_in(S.MEDIATING)

    ticker.sweep(OVER + timedelta(days=400))

    assert [level for level, _, _ in cards(case)] == ["reminder"]


def test_doing_what_is_due_stops_the_ladder_and_the_case_is_late_no_more(case_in, cast):
    case = case_in(S.MEDIATING)
    ticker.sweep(OVER)
    late = fresh(case).due_at

    give(cast.li, "end_mediation", case, at("2026-04-02 09:00"), **END)

    assert day_of(late) == date(2026, 4, 1)
    assert fresh(case).due_at is None
    assert ticker.sweep(at("2026-05-01 00:00")) == 0
    assert len(cards(case)) == 1


def out_again(case, when):
    """The mediation period of the case runs out once more, as one that was lengthened does."""
    again = {"rule": "MED", "subject": "", "due_on": day_of(when - timedelta(days=1)).isoformat()}
    execute(Command("fire_deadline", dispute=case.number, data=again), SYSTEM, now=when)


def card_clocks(case):
    rows = Deadline.objects.filter(dispute=case, rule__startswith="CARD_").order_by("pk")
    return [(row.rule, row.subject, row.state, row.due_on.isoformat()) for row in rows]


def test_clock_that_runs_out_again_presses_on_with_the_card_that_waits(case_in):
    """Its three working days go on from the first time; then it is raised once."""
    case = case_in(S.MEDIATING)
    ticker.sweep(OVER)

    out_again(case, at("2026-04-03 00:00"))

    assert cards(case) == [("reminder", "open", "2026-04-08")]
    assert card_clocks(case) == [("CARD_REMINDER", "MED/", "armed", "2026-04-08")]
    assert Event.objects.filter(dispute=case, command="fire_deadline").count() == 2
    ticker.sweep(at("2026-04-09 00:00"))
    out_again(case, at("2026-04-10 00:00"))
    assert cards(case) == [("reminder", "raised", "2026-04-08"), ("yellow", "open", "2026-04-14")]
    ticker.sweep(at("2026-04-15 00:00"))
    ticker.sweep(at("2026-04-23 00:00"))
    out_again(case, at("2026-04-24 00:00"))  # a red card that is overdue stays overdue
    assert [level for level, state, _ in cards(case) if state == "open"] == ["red"]
    assert card_clocks(case)[-1] == ("CARD_RED", "MED/", "fired", "2026-04-22")


def test_card_whose_clock_was_stopped_asks_anew_when_its_cause_is_back(case_in, cast):
    """An agreement stops the ladder; it falls through, and the period that was over is over again."""
    case = case_in(S.MEDIATING)
    ticker.sweep(OVER)
    owed = [{"debtor": 1, "content": "付款", "amount": "4200", "due_on": "2026-05-20"}]
    settled = agreement(agreed_on="2026-04-02", obligations=owed)
    give(cast.li, "reach_agreement", case, at("2026-04-02 09:00"), **settled)
    stopped = card_clocks(case)
    give(cast.li, "fall_through", case, at("2026-04-07 09:00"), party=2, withdrew_on="2026-04-07")

    ticker.sweep(at("2026-04-07 09:01"))

    assert stopped == [("CARD_REMINDER", "MED/", "met", "2026-04-08")]
    assert cards(case) == [("reminder", "open", "2026-04-10")]
    assert card_clocks(case)[1:] == [("CARD_REMINDER", "MED/", "armed", "2026-04-10")]
    assert day_of(fresh(case).due_at) == date(2026, 4, 1)  # as late as it was


def test_card_that_was_answered_does_not_speak_for_a_second_time(case_in, cast):
    case = case_in(S.MEDIATING)
    ticker.sweep(OVER)
    card = Card.objects.get(dispute=case)
    give(
        cast.li,
        "answer_card",
        case,
        at("2026-04-02 09:00"),
        card=card.pk,
        answer="已约双方周一见面。",
    )

    out_again(case, at("2026-04-07 00:00"))

    assert [(level, state) for level, state, _ in cards(case)] == [
        ("reminder", "answered"), ("reminder", "open"),
    ]  # fmt: skip


def test_right_of_a_party_lapses_without_a_card_and_without_lateness(case_in):
    """R01 is the applicant's clock: 60 days from 2026-03-02, over with the working day after Labour Day."""
    case = case_in(S.RECONSIDERING)

    ticker.sweep(at("2026-06-01 00:00"))

    assert cards(case) == []
    assert Deadline.objects.get(dispute=case, rule="R01").state == Deadline.State.FIRED
    assert fresh(case).due_at is None


def test_answer_stops_the_ladder_and_only_another_of_the_level_lifts(case_in, cast):
    case = case_in(S.MEDIATING)
    ticker.sweep(OVER)
    ticker.sweep(at("2026-04-09 00:00"))
    card = Card.objects.get(dispute=case, level="yellow")

    give(
        cast.bao,
        "answer_card",
        case,
        at("2026-04-10 09:00"),
        card=card.pk,
        answer="已约双方周一见面。",
    )
    assert ticker.sweep(at("2026-06-01 00:00")) == 0

    with pytest.raises(Malformed) as refusal:  # who answered does not lift
        give(
            cast.bao, "lift_card", case, at("2026-04-10 10:00"), card=card.pk, lift_reason="已办。"
        )
    assert list(refusal.value.fields) == ["card"]
    give(cast.zhong, "lift_card", case, at("2026-04-10 10:00"), card=card.pk, lift_reason="已办。")
    assert cards(case)[-1][1] == "lifted"


def test_red_card_is_lifted_by_a_leader_alone(case_in, cast):
    case = case_in(S.MEDIATING)
    give(
        cast.ling, "supervise", case, NEXT_DAY,
        level="red", demand="三日内拿出方案。", answer_by="2026-03-06",
    )  # fmt: skip
    card = Card.objects.get(dispute=case)
    give(cast.li, "answer_card", case, NEXT_DAY, card=card.pk, answer="方案已报。")

    with pytest.raises(Malformed) as refusal:
        give(cast.bao, "lift_card", case, NEXT_DAY, card=card.pk, lift_reason="已办。")
    assert "领导" in str(refusal.value.fields["card"])

    give(cast.ping, "lift_card", case, NEXT_DAY, card=card.pk, lift_reason="已办。")
    assert cards(case) == [("red", "lifted", "2026-03-06")]


@pytest.mark.parametrize("who", ["zhong", "si"])
def test_office_sets_no_red_card(case_in, cast, who, snapshot_rows):
    case = case_in(S.MEDIATING)
    rows = snapshot_rows()

    with pytest.raises(Malformed) as refusal:
        give(
            getattr(cast, who), "supervise", case, NEXT_DAY,
            level="red", demand="请尽快办理。", answer_by="2026-03-06",
        )  # fmt: skip

    assert list(refusal.value.fields) == ["level"]
    assert snapshot_rows() == rows


def test_card_by_hand_waits_for_its_answer_whatever_the_procedure_does(case_in, cast):
    case = case_in(S.MEDIATING)
    give(
        cast.bao, "supervise", case, NEXT_DAY,
        level="reminder", demand="请尽快约双方。", answer_by="2026-03-06",
    )  # fmt: skip

    give(cast.li, "end_mediation", case, NEXT_DAY, **END)
    ticker.sweep(at("2026-03-07 00:00"))

    assert [(level, state) for level, state, _ in cards(case)] == [
        ("reminder", "raised"), ("yellow", "open"),
    ]  # fmt: skip


def test_case_with_an_open_card_or_instruction_is_not_closed(case_in, cast):
    case = case_in(S.CLOSE_REVIEW)
    give(
        cast.ling, "supervise", case, NEXT_DAY,
        level="yellow", demand="核实履行情况。", answer_by="2026-03-06",
    )  # fmt: skip
    give(
        cast.ling, "instruct", case, NEXT_DAY,
        addressee=cast.id("li"), instruction="注意回访。", answer_by="2026-03-06",
    )  # fmt: skip

    with pytest.raises(Unmet) as refusal:
        give(cast.si, "close", case, NEXT_DAY, result="AGREED_PERFORMED")

    assert {reason.code for reason in refusal.value.reasons} == {
        "no_card_is_open", "instructions_are_answered",
    }  # fmt: skip


def test_instruction_is_acknowledged_and_answered_by_its_addressee(case_in, cast):
    case = case_in(S.MEDIATING)
    give(
        cast.ling, "instruct", case, NEXT_DAY,
        addressee=cast.id("zhong"), instruction="请中心牵头会商。", answer_by="2026-03-06",
    )  # fmt: skip
    given = Instruction.objects.get(dispute=case)

    notice = Notice.objects.get(dispute=case, kind="instruct", person_id=cast.id("zhong"))
    assert notice.asks
    assert day_of(fresh(case).due_at) == date(2026, 3, 6)
    with pytest.raises(Unmet):  # it is not his
        give(cast.bao, "answer_instruction", case, NEXT_DAY, instruction=given.pk, answer="好的。")

    give(cast.zhong, "acknowledge_instruction", case, NEXT_DAY, instruction=given.pk)
    give(cast.zhong, "answer_instruction", case, NEXT_DAY, instruction=given.pk, answer="已会商。")

    given.refresh_from_db()
    assert (given.acknowledged_at, given.answered_at) == (NEXT_DAY, NEXT_DAY)
    assert Notice.objects.filter(person_id=cast.id("ling"), kind="answer_instruction").exists()
    assert day_of(fresh(case).due_at) == date(2026, 4, 1)
    # What was written stays out of the journal.
    payloads = Event.objects.filter(dispute=case, command="instruct").values_list(
        "payload", flat=True
    )
    assert "请中心牵头会商。" not in str(list(payloads))


def test_unanswered_instruction_climbs_the_ladder_too(case_in, cast):
    case = case_in(S.MEDIATING)
    give(
        cast.ling, "instruct", case, NEXT_DAY,
        addressee=cast.id("zhong"), instruction="请中心牵头会商。", answer_by="2026-03-06",
    )  # fmt: skip

    ticker.sweep(at("2026-03-07 00:00"))
    [card] = Card.objects.filter(dispute=case)
    give(
        cast.zhong, "answer_instruction", case, at("2026-03-07 09:00"),
        instruction=Instruction.objects.get(dispute=case).pk, answer="已会商。",
    )  # fmt: skip

    assert (card.rule, card.level) == ("INSTRUCTION", "reminder")
    assert ticker.sweep(at("2026-03-31 00:00")) == 0


def test_only_a_leader_instructs(case_in, cast):
    case = case_in(S.MEDIATING)

    with pytest.raises(Forbidden):
        give(cast.bao, "instruct", case, NEXT_DAY)


def test_day_that_has_passed_is_no_term(case_in, cast):
    case = case_in(S.MEDIATING)

    with pytest.raises(Malformed) as refusal:
        give(
            cast.ling, "instruct", case, NEXT_DAY,
            addressee=cast.id("li"), instruction="请办理。", answer_by="2026-03-01",
        )  # fmt: skip

    assert list(refusal.value.fields) == ["answer_by"]


def test_reminders_are_told_once_each_and_not_before_their_morning(case_in, cast):
    """MED ends on 2026-04-01: three working days before are 03-27, one is 03-31."""
    case = case_in(S.MEDIATING)

    counts = [
        ticker.remind(at(moment))
        for moment in ("2026-03-27 08:29", "2026-03-27 08:30", "2026-03-27 08:31",
                       "2026-03-31 08:30", "2026-03-31 09:00")
    ]  # fmt: skip

    assert counts == [0, 1, 0, 1, 0]
    assert Notice.objects.filter(kind="remind_deadline", person_id=cast.id("li")).count() == 2
    assert Deadline.objects.get(dispute=case).remind_at is None


def test_reminders_that_were_missed_are_told_as_one(case_in, cast):
    case_in(S.MEDIATING)

    assert [ticker.remind(at("2026-04-01 12:00")), ticker.remind(at("2026-04-01 13:00"))] == [1, 0]


def test_clock_that_was_met_reminds_nobody(case_in, cast):
    case = case_in(S.MEDIATING)
    give(cast.li, "end_mediation", case, NEXT_DAY, **END)

    assert ticker.remind(at("2026-03-31 12:00")) == 0


def test_reconsideration_clock_is_told_of_five_times(case_in):
    """R01 from 2026-03-02 to 2026-05-06 (raw 05-01): at 30, 15, 7, 3 and 1 days (domain 3.7)."""
    case_in(S.RECONSIDERING)
    first = date(2026, 3, 3)

    days = [
        first + timedelta(days=n)
        for n in range(70)
        if ticker.remind(at(f"{first + timedelta(days=n)} 09:00"))
    ]

    due = clocks.last_day("R01", date(2026, 3, 2)).due
    assert [(due - day).days for day in days] == [30, 15, 7, 3, 1]
