"""Errands: asked for once, made once, told once; called off, interrupted, taken up again."""

from datetime import timedelta

import pytest

from mediation.core import errors
from mediation.errands import kinds, services
from mediation.errands.kinds import Product
from mediation.errands.models import Errand
from mediation.notifications.models import Notice
from tests.factories.clock import at

NOW = at("2026-03-02 10:00")


@pytest.fixture
def made(monkeypatch, settings, tmp_path):
    """A kind called ``greeting``: three steps, one file; ``made`` counts how often it was run."""
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(services, "BAR_SECONDS", 0.0)
    monkeypatch.setattr(kinds, "KINDS", {})
    monkeypatch.setattr(services, "KINDS", kinds.KINDS)
    runs = []

    @kinds.errand(
        "greeting",
        label="Greeting",
        may_take=lambda w, actor, now: not w.get("secret"),
        rows=kinds.figures_only,
    )
    def make(work):
        runs.append(work)
        for number in range(3):
            if hook := work.wanted.get("hook"):
                HOOKS[hook](number)
            work.step(number, 3)
        path = work.scratch / "a.txt"
        path.write_text("你好")
        return Product(path, "问候.txt", "text/plain")

    return runs


HOOKS = {}


def ask(cast, **wanted):
    return services.ask("greeting", cast.li, now=NOW, wanted=wanted)


def test_errand_is_made_kept_and_told_once(cast, made):
    errand = ask(cast)

    assert services.drain(NOW) == 1
    assert services.drain(NOW) == 0

    errand.refresh_from_db()
    assert (errand.state, errand.file_name, errand.percent) == ("done", "问候.txt", 100)
    assert services.file_of(errand).read_text() == "你好"
    assert services.may_take(errand, cast.li, now=NOW)
    assert not services.may_take(errand, cast.sun, now=NOW)
    notices = Notice.objects.filter(person_id=cast.id("li"), kind="errand_done")
    assert [notice.seq for notice in notices] == [errand.notice_seq]
    assert [path.name for path in services.store().iterdir()] == [errand.stored_as]


def test_asking_again_while_open_answers_the_same(cast, made):
    assert ask(cast).pk == ask(cast).pk
    assert ask(cast, other=1).pk != ask(cast).pk


def test_too_many_open_are_refused(cast, made):
    for number in range(services.MOST_OPEN):
        ask(cast, number=number)

    with pytest.raises(errors.TooMany):
        ask(cast, number=99)


def test_what_one_may_not_take_cannot_be_asked_for(cast, made, snapshot_counts):
    before = snapshot_counts()

    with pytest.raises(errors.Forbidden):
        ask(cast, secret=True)

    assert snapshot_counts() == before


def test_waiting_errand_is_called_off_at_once(cast, made):
    errand = ask(cast)
    services.cancel(errand, now=NOW)

    assert services.drain(NOW) == 0
    errand.refresh_from_db()
    assert errand.state == "cancelled"
    assert not Notice.objects.filter(kind__startswith="errand").exists()


def test_running_errand_is_called_off_at_its_next_step(cast, made):
    errand = ask(cast, hook="cancel")
    HOOKS["cancel"] = lambda number: number == 1 and services.cancel(errand, now=NOW)

    assert services.drain(NOW) == 1
    errand.refresh_from_db()
    assert errand.state == "cancelled"
    assert list(services.store().iterdir()) == []


def test_failure_is_tried_again_and_then_told(cast, made):
    errand = ask(cast, hook="fail")
    HOOKS["fail"] = lambda number: 1 / 0

    for _ in range(services.TRIES + 1):
        services.drain(NOW)

    errand.refresh_from_db()
    assert (errand.state, errand.tries, len(made)) == ("failed", services.TRIES, services.TRIES)
    assert Notice.objects.filter(kind="errand_failed").count() == 1


def test_ending_process_gives_the_errand_back(cast, made):
    errand = ask(cast, hook="halt")
    stop = []
    HOOKS["halt"] = stop.append

    assert services.drain(NOW, halted=lambda: bool(stop)) == 0
    errand.refresh_from_db()
    assert errand.state == "waiting"

    HOOKS["halt"] = lambda number: None
    assert services.drain(NOW) == 1


def test_errand_of_a_killed_process_is_taken_up_when_its_lease_ends(cast, made):
    errand = ask(cast)
    Errand.objects.update(state="running", tries=1, lease_until=NOW + services.LEASE)

    assert services.drain(NOW) == 0
    assert services.drain(NOW + services.LEASE + timedelta(seconds=1)) == 1
    errand.refresh_from_db()
    assert errand.state == "done"


def test_file_goes_after_a_week_and_its_line_stays(cast, made):
    errand = ask(cast)
    services.drain(NOW)

    assert services.clear_away(NOW + services.KEPT + timedelta(hours=1)) == 1

    errand.refresh_from_db()
    assert (errand.state, errand.stored_as) == ("done", "")
    assert list(services.store().iterdir()) == []


def test_file_stays_in_the_house_when_the_right_has_ended(cast, made):
    errand = ask(cast)
    services.drain(NOW)
    errand.refresh_from_db()
    assert services.may_take(errand, cast.li, now=NOW)

    errand.wanted = {"secret": True}

    assert not services.may_take(errand, cast.li, now=NOW)
