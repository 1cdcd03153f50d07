"""Deadlines run out by themselves, each exactly once (P6)."""

import json
import threading
from datetime import datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, connections

from mediation.deadlines import clocks
from mediation.deadlines.models import Deadline
from mediation.disputes.models import Dispute, Event
from mediation.notifications.models import Notice
from mediation.supervision.models import Card
from tests.factories import CaseMaker, at
from workflows import ticker

pytestmark = pytest.mark.django_db

LAST_DAY = at("2026-03-20 00:00").date()
OVER = at("2026-03-21 00:00")  # 24:00 of the last day (Civil Code art. 203)
S = Deadline.State


def arm(case: Dispute, rule: str = "REPLY", *, subject: str = "") -> Deadline:
    clocks.arm_by_hand(case, rule, LAST_DAY, start=at("2026-03-02 00:00").date(), subject=subject)
    return Deadline.objects.get(dispute=case, rule=rule, subject=subject)


def firings(case: Dispute) -> list[Event]:
    return list(Event.objects.filter(dispute=case, command="fire_deadline").order_by("version"))


@pytest.mark.parametrize(
    ("now", "expected"),
    [(OVER - timedelta(microseconds=1), 0), (OVER, 1), (OVER + timedelta(days=400), 1)],
    ids=["last day art. 203", "24:00 of the last day", "after a long absence"],
)
def test_clock_fires_when_its_last_day_is_over_and_not_before(
    case_in: CaseMaker, now: datetime, expected: int
) -> None:
    arm(case_in())

    fired = ticker.sweep(now)

    assert fired == expected


def test_firing_leaves_an_event_a_notice_and_a_mark(case_in: CaseMaker) -> None:
    case = case_in()
    clock = arm(case)

    ticker.sweep(OVER)

    [event] = firings(case)
    clock.refresh_from_db()
    assert event.payload == {"rule": "REPLY", "subject": "", "due_on": "2026-03-20"}
    assert (event.actor_id, event.door, event.at) == (None, "timer", OVER)
    assert (clock.state, clock.fired_at, clock.tries) == (S.FIRED, OVER, 0)
    assert Notice.objects.filter(dispute=case, kind="fire_deadline").exists()


def test_second_sweep_finds_nothing(case_in: CaseMaker) -> None:
    case = case_in()
    arm(case)

    counts = [ticker.sweep(OVER), ticker.sweep(OVER), ticker.sweep(OVER + timedelta(days=1))]

    assert counts == [1, 0, 0]
    assert len(firings(case)) == 1


def test_clock_set_back_does_not_fire_again(case_in: CaseMaker) -> None:
    case = case_in()
    arm(case)
    ticker.sweep(OVER)

    ticker.sweep(OVER - timedelta(days=2))
    ticker.sweep(OVER)

    assert len(firings(case)) == 1


@pytest.mark.parametrize("state", [S.PAUSED, S.MET, S.DEAD])
def test_clock_that_does_not_run_does_not_fire(case_in: CaseMaker, state: str) -> None:
    case = case_in()
    Deadline.objects.filter(pk=arm(case).pk).update(state=state)

    assert ticker.sweep(OVER) == 0
    assert firings(case) == []


def test_clock_that_was_moved_fires_at_its_new_end(case_in: CaseMaker) -> None:
    case = case_in()
    arm(case)
    clocks.move(case, ["REPLY"], LAST_DAY + timedelta(days=7))

    counts = [ticker.sweep(OVER), ticker.sweep(OVER + timedelta(days=7))]

    assert counts == [0, 1]


def test_backlog_of_two_hundred_fires_wholly_and_in_order(case_in: CaseMaker) -> None:
    """More than one batch, of one case: nothing is left for the next tick."""
    case = case_in()
    for number in range(ticker.BATCH + 5):
        arm(case, "OBLIGATION", subject=str(number))

    fired = ticker.sweep(OVER + timedelta(days=30))

    assert fired == ticker.BATCH + 5
    assert [event.payload["subject"] for event in firings(case)] == [
        str(number) for number in range(ticker.BATCH + 5)
    ]
    assert not Deadline.objects.filter(rule="OBLIGATION", state=S.ARMED).exists()


def test_clocks_of_many_cases_cost_an_update_each_and_little_more(
    case_in: CaseMaker, django_assert_num_queries
) -> None:
    """Events, cards and their clocks of a batch are inserted together, and the cases fetched once."""
    for _ in range(10):
        clock = arm(case_in())
        Dispute.objects.filter(pk=clock.dispute_id).update(due_at=clock.due_at)

    # Notices take one statement more on SQLite.
    with django_assert_num_queries(10 + (12 if connection.vendor == "sqlite" else 11)):
        ticker.sweep(OVER)

    assert Event.objects.filter(command="fire_deadline").count() == Card.objects.count() == 10


def test_case_with_clocks_of_two_kinds_knows_its_nearest_moment(case_in: CaseMaker) -> None:
    """What is ours stays due until it is done; a right that lapsed is due no more."""
    case = case_in()
    arm(case, "R26")
    arm(case, "REPLY")

    ticker.sweep(OVER)

    case.refresh_from_db()
    clocks_now = dict(Deadline.objects.filter(dispute=case).values_list("rule", "state"))
    assert case.due_at == OVER
    assert clocks_now == {"R26": S.FIRED, "REPLY": S.FIRED, "CARD_REMINDER": S.ARMED}


def test_end_of_the_process_stops_a_backlog_between_two_clocks(
    case_in: CaseMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = case_in()
    for number in range(3):
        arm(case, "OBLIGATION", subject=str(number))

    monkeypatch.setattr(ticker, "halt", threading.Event())
    ticker.halt.set()
    stopped = ticker.sweep(OVER)
    ticker.halt.clear()

    assert (stopped, ticker.sweep(OVER)) == (0, 3)


@pytest.mark.django_db(transaction=True)  # a failure rolls its transaction back
def test_clock_that_fails_holds_no_other_up_and_is_tried_again(case_in: CaseMaker) -> None:
    """A clock without a rule cannot become an event; the one behind it fires all the same."""
    broken, sound = arm(case_in(), ""), arm(case_in())

    assert ticker.sweep(OVER) == 1
    broken.refresh_from_db()
    sound.refresh_from_db()
    assert (broken.state, broken.tries) == (S.ARMED, 1)
    assert broken.next_try_at == OVER + timedelta(minutes=1)
    assert sound.state == S.FIRED
    assert firings(broken.dispute) == []


@pytest.mark.django_db(transaction=True)  # a failure rolls its transaction back
def test_clock_that_keeps_failing_waits_longer_and_is_given_up(case_in: CaseMaker) -> None:
    clock = arm(case_in(), "")
    now, waits = OVER, []

    for _ in range(ticker.TRIES):
        ticker.sweep(now)
        clock.refresh_from_db()
        waits.append((clock.next_try_at - now) // timedelta(minutes=1))
        now = clock.next_try_at

    assert waits == [1, 2, 4, 8, 16, 32, 64, 128]
    assert clock.state == S.DEAD
    assert ticker.given_up() == 1
    assert ticker.sweep(now + timedelta(days=1)) == 0


@pytest.mark.django_db(transaction=True)  # a failure rolls its transaction back
def test_waiting_clock_is_not_tried_before_its_time(case_in: CaseMaker) -> None:
    clock = arm(case_in(), "")
    ticker.sweep(OVER)

    ticker.sweep(OVER + timedelta(seconds=59))

    clock.refresh_from_db()
    assert clock.tries == 1


def test_lateness_is_that_of_the_oldest_due_clock(case_in: CaseMaker) -> None:
    arm(case_in())

    assert ticker.lateness(OVER - timedelta(seconds=1)) == 0
    assert ticker.lateness(OVER + timedelta(seconds=90)) == 90


def test_job_that_fails_stops_no_other(case_in: CaseMaker, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(now: datetime) -> int:
        raise RuntimeError

    arm(case_in())
    monkeypatch.setattr(ticker, "JOBS", {"broken": broken, **ticker.JOBS})

    done = ticker.tick(OVER)

    assert "broken" not in done
    assert done["deadlines"] == 1


def test_tick_leaves_a_sign_of_life(case_in: CaseMaker) -> None:
    before = ticker.last_beat() or 0

    ticker.tick(OVER)

    assert (ticker.last_beat() or 0) >= before > -1


def test_command_fires_once_and_says_so(case_in: CaseMaker) -> None:
    arm(case_in())  # its last day lies behind the clock of this machine

    out = StringIO()
    call_command("tick", "--once", "--json", stdout=out)

    assert json.loads(out.getvalue())["deadlines"] == 1


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_fire_each_clock_once(case_in: CaseMaker) -> None:
    cases = [case_in() for _ in range(3)]
    for case in cases:
        for number in range(10):
            arm(case, "OBLIGATION", subject=str(number))
    barrier, counts = threading.Barrier(3), []

    def run() -> None:
        barrier.wait()
        try:
            counts.append(ticker.sweep(OVER))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(counts) == 30
    assert [len(firings(case)) for case in cases] == [10, 10, 10]
