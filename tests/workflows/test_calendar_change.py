"""A new announcement of days off moves computed days, and tells those alone whose day moved."""

import json
from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command

from mediation.core.clock import day_of
from mediation.deadlines import clocks
from mediation.deadlines.models import Deadline
from mediation.disputes.enums import Status as S
from mediation.disputes.models import Dispute, Event
from mediation.notifications.models import Notice
from tests.deadlines.test_yearplan import RANGES
from tests.factories import at, give
from workflows import calendar_change, ticker

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_calendar(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data"
    calendar_change._followed.clear()
    yield
    calendar_change._followed.clear()


@pytest.fixture
def announced(tmp_path):
    """2027, with a Spring Festival from 02-05 to 02-11 and 02-14 worked."""
    path = tmp_path / "2027.json"
    path.write_text(json.dumps(RANGES), encoding="utf-8")
    return path


def restart(case, start):
    """Let the mediation period of the case begin anew on ``start``, as it would have been computed."""
    Deadline.objects.filter(dispute=case).delete()
    case = Dispute.objects.get(pk=case.pk)
    day = clocks.arm(case, "MED", start)
    Dispute.objects.filter(pk=case.pk).update(mediation_due=day, due_at=clocks.next_due(case))
    return Deadline.objects.get(dispute=case)


def run(*args):
    out = StringIO()
    call_command("import_workdays", *args, stdout=out)
    return out.getvalue()


def test_only_the_day_that_moved_is_told(case_in, cast, announced):
    """Raw 2027-02-09 (Tuesday) is worked by the statutory festivals, but announced as rest."""
    moves, stays = case_in(S.MEDIATING), case_in(S.MEDIATING)
    moving, staying = restart(moves, date(2027, 1, 10)), restart(stays, date(2027, 1, 20))
    assert (moving.due_on, moving.provisional) == (date(2027, 2, 9), True)

    dry = run(announced, "--dry-run")
    assert "1项" in dry
    assert "1项" in run(announced)

    moving.refresh_from_db()
    staying.refresh_from_db()
    moved = Dispute.objects.get(pk=moves.pk)
    assert moving.due_on > date(2027, 2, 9)
    assert (moving.provisional, staying.provisional) == (False, False)
    assert moved.mediation_due == moving.due_on == day_of(moved.due_at)
    assert moving.calendar_version == staying.calendar_version
    told = Notice.objects.filter(kind="move_deadline")
    assert {notice.dispute_id for notice in told} == {moves.pk}
    assert told.filter(person_id=cast.id("li")).exists()
    [event] = Event.objects.filter(command="move_deadline")
    assert (event.payload["was"], event.payload["due_on"]) == ("2027-02-09", str(moving.due_on))


def test_ticker_follows_once_what_an_import_left(case_in, announced, monkeypatch):
    moving = restart(case_in(S.MEDIATING), date(2027, 1, 10))
    monkeypatch.setattr(calendar_change, "follow", lambda *_a, **_k: 0)
    run(announced)
    monkeypatch.undo()
    calendar_change._followed.clear()

    early = ticker.tick(at("2027-02-10 00:00"))  # the old last day is over, the new one is not

    moving.refresh_from_db()
    assert (early["calendar"], early["deadlines"]) == (1, 0)
    assert moving.state == Deadline.State.ARMED
    assert ticker.follow_calendar(at("2027-02-10 00:01")) == 0


def test_pauses_and_agreed_days_survive_a_new_calendar(case_in, cast, announced):
    """A pause is computed again; a day that the parties agreed on is nobody's to move."""
    paused, agreed = case_in(S.MEDIATING), case_in(S.MEDIATING)
    give(cast.li, "pause", paused, at("2026-03-10 09:00"), ground="appraisal", since="2026-03-10")
    give(cast.li, "resume", paused, at("2026-03-20 09:00"), resumed_on="2026-03-20")
    give(
        cast.li, "extend", agreed, at("2026-03-03 09:00"),
        until="2027-02-09", all_agree=True, agreed_on="2026-03-03",
    )  # fmt: skip

    run(announced)

    rows = {row.dispute_id: row for row in Deadline.objects.all()}
    assert rows[paused.pk].due_on == date(2026, 4, 13)
    assert rows[paused.pk].pauses == [["2026-03-10", "2026-03-20"]]
    assert rows[agreed.pk].due_on == date(2027, 2, 9)
    assert not Event.objects.filter(command="move_deadline").exists()
