"""A fact is not recorded before it happened: only what is planned may lie ahead."""

import datetime as dt

import pytest

from mediation.core.errors import Malformed
from tests.disputes.test_guards import TRIALS, filled, grid_of
from tests.factories.cases import NEXT_DAY
from workflows.commands import catalog
from workflows.commands.fields import Day, Moment
from workflows.engine import Command, execute

PLANNED = {
    "act_on_alert": {"action_due"},
    "begin_session": {"next_at"},
    "extend": {"until"},
    "fire_deadline": {"due_on"},
    "instruct": {"answer_by"},
    "lend_file": {"due_on"},
    "move_deadline": {"was", "due_on"},
    "rc_decide": {"perform_by"},
    "rc_deem_accepted": {"due_on"},
    "rc_mediate": {"perform_by"},
    "rc_plan_hearing": {"hearing_on"},
    "rc_to_mediation": {"return_by"},
    "receive_order": {"reply_by"},
    "record_session": {"next_at"},
    "red_card": {"due_on"},
    "refer": {"reply_by"},
    "schedule_session": {"starts_at"},
    "supervise": {"answer_by"},
    "yellow_card": {"due_on"},
}
"""The days of each command that may lie ahead. All others are of the past."""

TRIED = {trial.command: trial for trial in reversed(TRIALS)}
TOMORROW = NEXT_DAY + dt.timedelta(days=1)


def days(name: str, *, past: bool) -> set[str]:
    fields = catalog.find(name).form.base_fields.items()
    return {key for key, f in fields if isinstance(f, (Day, Moment)) and f.past is past}


def test_only_what_is_planned_may_lie_ahead():
    ahead = {spec.name: days(spec.name, past=False) for spec in catalog.all_specs()}

    assert {name: planned for name, planned in ahead.items() if planned} == PLANNED


@pytest.mark.parametrize("name", [name for name in TRIED if days(name, past=True)])
def test_day_of_tomorrow_is_refused_at_its_field(case_in, cast, snapshot_rows, name):
    trial = TRIED[name]
    case = case_in(trial.status, **grid_of(trial))
    trial.ready(case, cast)
    late = {
        key: TOMORROW.date()
        if isinstance(catalog.find(name).form.base_fields[key], Day)
        else TOMORROW
        for key in days(name, past=True)
    }
    command = Command(name, case.number, data=filled(trial.data, case, cast) | late)
    before = snapshot_rows()

    with pytest.raises(Malformed) as refusal:
        execute(command, getattr(cast, trial.who), now=NEXT_DAY)

    assert late.keys() <= refusal.value.fields.keys()
    assert snapshot_rows() == before
