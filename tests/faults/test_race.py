"""One command happens once, however many ask for it at the same moment (promises P2, P3).

On PostgreSQL a sleep in a trigger widens the window between reading and writing; on SQLite the queue of
writers is what is tried.
"""

import threading
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections

from mediation.core.errors import Refusal
from mediation.disputes.enums import Status as S
from mediation.disputes.models import Dispute, Event
from mediation.notifications.models import InboxCursor, Notice
from mediation.sessions.models import Meeting
from tests.factories import give
from tests.factories.cases import END, NEXT_DAY, SESSION, application, consent
from workflows.engine import Command, Outcome, execute
from workflows.models import WorkItem

THREADS = 8

pytestmark = pytest.mark.django_db(transaction=True)

SLOW_DOWN = """
CREATE OR REPLACE FUNCTION fengqiao_slow() RETURNS trigger AS $$
BEGIN PERFORM pg_sleep(0.03); RETURN NEW; END $$ LANGUAGE plpgsql;
CREATE TRIGGER slow BEFORE INSERT OR UPDATE ON disputes_dispute
FOR EACH ROW EXECUTE FUNCTION fengqiao_slow();
"""


@pytest.fixture
def wide_window(transactional_db):
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(SLOW_DOWN)
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER slow ON disputes_dispute")


def at_once(*attempts):
    """Every attempt in a thread of its own, all behind one barrier. An error is its own answer."""
    barrier = threading.Barrier(len(attempts))

    def run(attempt):
        try:
            barrier.wait(timeout=10)
            return attempt()
        except Refusal as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(attempts)) as pool:
        return list(pool.map(run, attempts))


def kinds(answers):
    return Counter(type(answer).__name__ for answer in answers)


def ready_to_accept(case_in):
    case = case_in(S.CONSENT_PENDING)
    for ordinal in (1, 2):
        give(case_in.cast.li, "record_consent", case, NEXT_DAY, **consent(ordinal))
    return Dispute.objects.get(pk=case.pk)


def giving(actor, name, case, **more):
    return lambda: execute(Command(name, case.number, **more), actor, now=NEXT_DAY)


ACCEPT = {"accepted_on": "2026-03-03", "no_conflict": True}


def test_eight_clicks_on_one_version_have_one_winner(case_in, cast, wide_window):
    case = ready_to_accept(case_in)
    actors = [cast.li, cast.zhong] * (THREADS // 2)

    answers = at_once(
        *(giving(actor, "accept", case, version=case.version, data=ACCEPT) for actor in actors)
    )

    assert kinds(answers) == {"Outcome": 1, "Stale": THREADS - 1}
    assert Event.objects.filter(dispute=case, command="accept").count() == 1
    assert Dispute.objects.get(pk=case.pk).version == case.version + 1
    stale = next(answer for answer in answers if not isinstance(answer, Outcome))
    assert stale.who in {"李测和", "钟测中"}


def test_eight_clicks_without_a_version_still_have_one_winner(case_in, cast, wide_window):
    case = ready_to_accept(case_in)

    answers = at_once(*[giving(cast.li, "accept", case, data=ACCEPT)] * THREADS)

    assert kinds(answers) == {"Outcome": 1, "Unmet": THREADS - 1}


def test_one_key_eight_times_is_one_command_and_one_answer(case_in, cast, wide_window):
    case = ready_to_accept(case_in)
    begin = giving(cast.li, "begin_session", case, data=SESSION, key="one")
    execute(Command("accept", case.number, data=ACCEPT), cast.li, now=NEXT_DAY)

    answers = at_once(*[begin] * THREADS)

    assert len(set(answers)) == 1
    assert kinds(answers) == {"Outcome": THREADS}
    assert Meeting.objects.filter(dispute=case).count() == 1


def test_accept_and_end_never_both_happen(case_in, cast, wide_window):
    case = ready_to_accept(case_in)
    version = case.version
    end = giving(
        cast.li, "end_mediation", case, version=version, data=END | {"told_on": "2026-03-03"}
    )

    answers = at_once(
        *[giving(cast.zhong, "accept", case, version=version, data=ACCEPT), end] * (THREADS // 2)
    )

    assert kinds(answers) == {"Outcome": 1, "Stale": THREADS - 1}
    assert Dispute.objects.get(pk=case.pk).version == version + 1
    assert WorkItem.objects.filter(dispute=case).count() == 1


def test_one_key_registers_one_case(cast, wide_window):
    command = Command("register", data=application(), key="phone")

    answers = at_once(*[lambda: execute(command, cast.wang, now=NEXT_DAY)] * THREADS)

    assert len(set(answers)) == 1
    assert kinds(answers) == {"Outcome": THREADS}
    assert Dispute.objects.count() == Event.objects.count() == WorkItem.objects.count() == 1


def test_one_draft_under_eight_keys_registers_one_case(cast, wide_window):
    """Two phones hold the same offline draft."""
    data = application(client_id=str(uuid.uuid4()))

    answers = at_once(
        *(
            lambda key=n: execute(
                Command("register", data=data, key=f"k{key}"), cast.wang, now=NEXT_DAY
            )
            for n in range(THREADS)
        )
    )

    assert kinds(answers) == {"Outcome": 1, "Malformed": THREADS - 1}
    assert Dispute.objects.count() == 1


def test_one_draft_under_one_key_is_answered_eight_times(cast, wide_window):
    """The key of a phone is the id of its draft; no retry may be told that the draft is taken."""
    draft = str(uuid.uuid4())
    command = Command("register", data=application(client_id=draft), key=draft)

    answers = at_once(*[lambda: execute(command, cast.wang, now=NEXT_DAY)] * THREADS)

    assert kinds(answers) == {"Outcome": THREADS}
    assert len(set(answers)) == Dispute.objects.count() == 1


def test_one_key_on_two_cases_serves_one(case_in, cast, wide_window):
    cases = [ready_to_accept(case_in) for _ in range(2)]

    answers = at_once(*(giving(cast.li, "accept", c, data=ACCEPT, key="k") for c in cases * 4))

    statuses = sorted(Dispute.objects.values_list("status", flat=True))
    assert statuses == [S.ACCEPTED, S.CONSENT_PENDING]
    assert kinds(answers) == {"Outcome": 4, "KeyReused": 4}


def test_eight_registrations_get_eight_numbers_and_gapless_notices(cast, wide_window):
    actors = [cast.wang, cast.zhong] * (THREADS // 2)

    answers = at_once(
        *(
            lambda actor=actor: execute(
                Command("register", data=application()), actor, now=NEXT_DAY
            )
            for actor in actors
        )
    )

    assert kinds(answers) == {"Outcome": THREADS}
    assert {answer.number[-6:-1] for answer in answers} == {f"{n:05d}" for n in range(1, 9)}
    for cursor in InboxCursor.objects.all():
        seqs = Notice.objects.filter(person_id=cursor.person_id).order_by("seq")
        assert list(seqs.values_list("seq", flat=True)) == list(range(1, cursor.latest + 1))
    assert InboxCursor.objects.filter(latest__gte=THREADS).exists()


@pytest.mark.postgres
def test_case_that_stays_locked_is_busy_not_broken(case_in, cast):
    """lock_timeout is three seconds: the second one is told to try again, and nothing is written."""
    case = ready_to_accept(case_in)
    locked, done = threading.Event(), threading.Event()

    def hold():
        try:
            connections["default"].set_autocommit(False)
            Dispute.objects.select_for_update().get(pk=case.pk)
            locked.set()
            done.wait(timeout=10)
            connections["default"].rollback()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(hold)
        locked.wait(timeout=10)
        (answer,) = at_once(giving(cast.li, "accept", case, data=ACCEPT))
        done.set()

    assert type(answer).__name__ == "Busy"
    assert Dispute.objects.get(pk=case.pk).version == case.version
