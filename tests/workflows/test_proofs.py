"""Each promise of the data is broken once by raw SQL; the check must name it, the repair mend what it can."""

import json
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection

from mediation.accounts.models import Duty, Person
from mediation.areas.models import Area
from mediation.disputes import triggers
from mediation.disputes.enums import Status as S
from mediation.disputes.models import Dispute, Event
from mediation.jobs import schema
from tests.factories import CaseMaker, Cast, at, give
from tests.factories.cases import DEADLY
from workflows import proofs, repair
from workflows.models import WorkItem

NOW = at("2026-03-02 12:00")
STATUSES = list(S)
Sql = Callable[..., None]


@pytest.fixture
def sql(db: None) -> Sql:
    """Raw SQL behind the back of triggers and ORM; the triggers are put back."""

    def run(statement: str, *params: Any) -> None:
        with connection.cursor() as cursor:
            _drop_triggers(cursor)
            cursor.execute(statement, params)
        triggers.install()

    return run


def _drop_triggers(cursor: Any) -> None:
    if connection.vendor == "postgresql":
        for table in ("disputes_dispute", "disputes_event"):
            cursor.execute(f"DROP TRIGGER IF EXISTS fengqiao_moves ON {table}")
            cursor.execute(f"DROP TRIGGER IF EXISTS fengqiao_append_only ON {table}")
        return
    for name in ("fengqiao_first", "fengqiao_moves", "fengqiao_no_update", "fengqiao_no_delete"):
        cursor.execute(f"DROP TRIGGER IF EXISTS {name}")


def broken() -> set[str]:
    return set(proofs.run(now=NOW).broken)


def mend() -> list[str]:
    return [one.what for one in repair.run(now=NOW)]


@pytest.mark.parametrize("status", STATUSES)
def test_selfcheck_of_a_case_in_any_status_finds_nothing(case_in: CaseMaker, status: S) -> None:
    case_in(status)

    report = proofs.run(now=NOW)

    assert report.offenders == []
    assert report.checked["cases"] >= 1


@pytest.mark.parametrize("status", STATUSES)
def test_reconcile_of_a_sound_case_changes_nothing(
    case_in: CaseMaker, snapshot_rows: Callable[[], dict[str, list[Any]]], status: S
) -> None:
    case_in(status)
    before = snapshot_rows()

    mended = mend()

    assert mended == []
    assert snapshot_rows() == before


BREAKAGES = {
    "chain-payload": ("chain", "UPDATE disputes_event SET payload = '{}' WHERE version = 2"),
    "chain-actor": ("chain", "UPDATE disputes_event SET actor_name = '某' WHERE version = 2"),
    "chain-end": ("chain", "UPDATE disputes_dispute SET chain = 'f'"),
    "version": ("version", "UPDATE disputes_dispute SET version = version + 1"),
    "status": ("status", "UPDATE disputes_dispute SET status = 'mediating'"),
    "transitions": (
        "transitions",
        "UPDATE disputes_event SET to_status = 'archived' WHERE command = 'make_effective'",
    ),
    "parties": ("parties", "UPDATE disputes_party SET ordinal = 7 WHERE ordinal = 2"),
    "due": ("due_at", "UPDATE disputes_dispute SET due_at = NULL"),
    "deadlines": ("deadlines", "UPDATE deadlines_deadline SET rule = 'VISIT' WHERE rule = 'CONF'"),
    "agreements": ("agreements", "UPDATE agreements_agreement SET effective_on = '2026-03-05'"),
    "numbers": ("numbers", "UPDATE disputes_numberseries SET latest = 0"),
    "work-severity": ("work_items", "UPDATE workflows_workitem SET severity = 4"),
    "work-role": ("work_items", "UPDATE workflows_workitem SET role = 'leader'"),
    "work-gone": ("work_items", "DELETE FROM workflows_workitem"),
    "task-closed": (
        "open_tasks",
        "UPDATE viewflow_task SET finished = created WHERE finished IS NULL",
    ),
    "inbox-gap": ("inbox", "UPDATE notifications_notice SET seq = seq + 100 WHERE seq = 2"),
    "inbox-cursor": ("inbox", "UPDATE notifications_inboxcursor SET latest = latest + 1"),
}


@pytest.mark.parametrize(("check", "statement"), BREAKAGES.values(), ids=BREAKAGES)
def test_selfcheck_of_a_broken_promise_names_it(
    case_in: CaseMaker, sql: Sql, check: str, statement: str
) -> None:
    case_in(S.PERFORMING)

    sql(statement)

    assert check in broken()


MENDABLE = ["due", "work-severity", "work-role", "work-gone", "task-closed"]


@pytest.mark.parametrize("name", MENDABLE)
def test_reconcile_of_what_can_be_rebuilt_mends_it_and_then_rests(
    case_in: CaseMaker, sql: Sql, name: str
) -> None:
    case = case_in(S.PERFORMING)
    sql(BREAKAGES[name][1])
    events = list(Event.objects.values())

    mended = mend()

    assert mended != []
    assert proofs.run(now=NOW).offenders == []
    assert mend() == []
    assert list(Event.objects.values()) == events
    assert Dispute.objects.get(pk=case.pk).status == S.PERFORMING


@pytest.mark.parametrize("status", [s for s in STATUSES if s not in {S.ARCHIVED, S.VOIDED}])
def test_reconcile_after_all_tasks_were_lost_opens_the_right_ones(
    case_in: CaseMaker, cast: Cast, sql: Sql, status: S
) -> None:
    case_in(status)
    sql("DELETE FROM workflows_workitem")
    sql("DELETE FROM viewflow_task_previous")
    sql("UPDATE viewflow_process SET parent_task_id = NULL")
    sql("DELETE FROM viewflow_task")

    mend()

    assert proofs.run(now=NOW).offenders == []


def test_a_case_whose_tasks_were_rebuilt_goes_on_to_the_archive(
    case_in: CaseMaker, sql: Sql
) -> None:
    case = case_in(S.PERFORMING)
    sql("UPDATE viewflow_task SET finished = created WHERE finished IS NULL")
    mend()

    done = case_in.go(case, S.ARCHIVED)

    assert done.status == S.ARCHIVED
    assert proofs.run(now=NOW).offenders == []


def test_a_rebuilt_reconsideration_resumes_its_parent(
    case_in: CaseMaker, cast: Cast, sql: Sql
) -> None:
    case = case_in(S.RECONSIDERING)
    sql("DELETE FROM workflows_workitem")
    sql("UPDATE viewflow_process SET parent_task_id = NULL")
    sql("DELETE FROM viewflow_task_previous")
    sql("DELETE FROM viewflow_task")
    mend()

    give(cast.bao, "rc_give_up", case, NOW, reason="unwilling", on="2026-03-02")
    give(cast.bao, "conclude_reconsideration", case, NOW)

    assert Dispute.objects.get(pk=case.pk).status == S.CLOSE_REVIEW
    assert proofs.run(now=NOW).offenders == []


def test_reconcile_of_a_second_open_task_cancels_it(case_in: CaseMaker, sql: Sql) -> None:
    case = case_in(S.CONSENT_PENDING)
    with connection.cursor() as cursor:
        cursor.execute("SELECT MIN(id) FROM viewflow_task")
        [first] = cursor.fetchone()
    sql("UPDATE viewflow_task SET finished = NULL WHERE id = %s", first)
    assert "open_tasks" in broken()

    mended = mend()

    assert mended == [f"task {first} (start) cancelled"]
    assert broken() == set()
    assert Dispute.objects.get(pk=case.pk).status == S.CONSENT_PENDING


def test_reconcile_as_a_rehearsal_tells_the_same_and_writes_nothing(
    case_in: CaseMaker, sql: Sql, snapshot_rows: Callable[[], dict[str, list[Any]]]
) -> None:
    case_in(S.PERFORMING)
    sql("DELETE FROM workflows_workitem")
    before = snapshot_rows()

    rehearsed = [one.what for one in repair.run(now=NOW, dry=True)]

    assert snapshot_rows() == before
    assert mend() == rehearsed == ["work item rebuilt"]


def test_selfcheck_of_a_red_case_without_alert_names_it(case_in: CaseMaker, sql: Sql) -> None:
    case_in(S.REGISTERED, answers=DEADLY)

    its = "SELECT c.process_id FROM workflows_caseprocess c WHERE alert_id IS NOT NULL"
    tasks = f"SELECT id FROM viewflow_task WHERE process_id IN ({its})"
    sql(f"DELETE FROM viewflow_task_previous WHERE from_task_id IN ({tasks})")
    sql(f"DELETE FROM viewflow_task WHERE process_id IN ({its})")
    sql("DELETE FROM workflows_caseprocess WHERE alert_id IS NOT NULL")
    sql("DELETE FROM warning_alertstep")
    sql("DELETE FROM warning_alert")

    assert broken() == {"alerts"}


def test_selfcheck_of_an_alert_below_the_case_names_it(case_in: CaseMaker, sql: Sql) -> None:
    case_in(S.REGISTERED, answers=DEADLY)

    sql("UPDATE warning_alert SET severity = 3, colour = 'ORANGE'")

    assert broken() == {"alerts"}


def test_selfcheck_of_an_area_without_centre_staff_calls_its_cases_stuck(
    case_in: CaseMaker,
) -> None:
    case_in(S.REGISTERED)

    Duty.objects.filter(role="centre_staff").delete()

    assert broken() == {"stuck"}


def test_selfcheck_of_a_mediator_who_left_calls_his_cases_stuck(case_in: CaseMaker) -> None:
    case = case_in(S.MEDIATING)

    Person.objects.filter(pk=case.mediator_id).update(is_active=False)

    assert broken() == {"stuck"}


def test_selfcheck_of_a_missing_trigger_names_it(case_in: CaseMaker) -> None:
    with connection.cursor() as cursor:
        table = " ON disputes_dispute" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER fengqiao_moves{table}")

    [offender] = proofs.run(now=NOW).offenders

    assert (offender.check, offender.detail) == (
        "triggers",
        "fengqiao_moves on disputes_dispute is missing",
    )


def test_selfcheck_of_a_trigger_that_allows_more_names_it(case_in: CaseMaker) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "CREATE OR REPLACE FUNCTION fengqiao_dispute_moves() RETURNS trigger AS "
                "$$ BEGIN RETURN NEW; END $$ LANGUAGE plpgsql"
            )
        else:
            cursor.execute("DROP TRIGGER fengqiao_moves")
            cursor.execute(
                "CREATE TRIGGER fengqiao_moves BEFORE UPDATE OF status ON disputes_dispute "
                "FOR EACH ROW WHEN 0 BEGIN SELECT 1; END"
            )

    assert broken() == {"triggers"}


def test_selfcheck_of_a_sample_looks_at_so_many_cases(case_in: CaseMaker) -> None:
    for _ in range(3):
        case_in(S.REGISTERED)

    report = proofs.run(now=NOW, sample=2)

    assert report.checked["cases"] == 2


def test_selfcheck_of_the_same_file_number_twice_names_it(case_in: CaseMaker, sql: Sql) -> None:
    case_in(S.ARCHIVED)
    case_in(S.ARCHIVED)

    sql("UPDATE disputes_dispute SET file_number = '(2026)资汽人调字第001号'")

    assert broken() == {"file_numbers", "search"}


# The commands --------------------------------------------------------------------------------------


def answer(command: str, *args: str) -> tuple[dict[str, Any], int]:
    out, code = StringIO(), 0
    try:
        call_command(command, "--json", *args, stdout=out)
    except SystemExit as stop:
        code = int(str(stop.code))
    return json.loads(out.getvalue()), code


@time_machine.travel(NOW, tick=False)
def test_selfcheck_command_of_a_sound_house_answers_ok(case_in: CaseMaker) -> None:
    case_in(S.MEDIATING)

    said, code = answer("selfcheck")

    assert (said["ok"], said["broken"], said["offenders"], code) == (True, {}, [], 0)


def test_selfcheck_before_migrating_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "is_behind", lambda: True)

    with pytest.raises(CommandError, match="migrate"):
        call_command("selfcheck")


def test_selfcheck_command_of_a_broken_house_lists_offenders_and_ends_with_one(
    case_in: CaseMaker, sql: Sql
) -> None:
    case = case_in(S.REGISTERED)
    sql("UPDATE workflows_workitem SET severity = 4")

    said, code = answer("selfcheck")

    assert code == 1
    assert said["offenders"] == [
        {
            "check": "work_items",
            "dispute": case.number,
            "detail": "work item: severity is 4, wanted 1",
        }
    ]


def test_reconcile_command_says_what_it_mended(case_in: CaseMaker) -> None:
    case = case_in(S.REGISTERED)
    WorkItem.objects.all().delete()

    said, code = answer("reconcile")

    assert said == {
        "dry_run": False,
        "mended": [{"dispute": case.number, "what": "work item rebuilt"}],
    }
    assert code == 0
    assert answer("reconcile")[0]["mended"] == []


TAMPERS = {
    "a word changed": "UPDATE disputes_event SET payload = '{\"x\": 1}' WHERE version = 2",
    "another hand": "UPDATE disputes_event SET actor_name = '某' WHERE version = 2",
    "another hour": "UPDATE disputes_event SET at = '2020-01-01 00:00:00+00:00' WHERE version = 2",
    "one taken out": "DELETE FROM disputes_event WHERE version = 2",
    "the tail cut off": "DELETE FROM disputes_event WHERE version > 3",
    "the end rewritten": "UPDATE disputes_dispute SET chain = '0'",
    "a link rewritten": "UPDATE disputes_event SET previous = '0' WHERE version = 2",
    "the hash rewritten too": "UPDATE disputes_event SET payload = '{}', digest = '0' WHERE version = 2",
}


@pytest.mark.parametrize("statement", TAMPERS.values(), ids=TAMPERS)
def test_verify_audit_of_a_tampered_record_names_the_first_bad_one(
    case_in: CaseMaker, sql: Sql, statement: str
) -> None:
    case_in(S.REGISTERED)
    case = case_in(S.MEDIATING)
    sound, _ = answer("verify_audit")
    key = "dispute_id" if "disputes_event" in statement else "id"
    joint = " AND " if "WHERE" in statement else " WHERE "

    sql(f"{statement}{joint}{key} = {case.pk}")

    said, code = answer("verify_audit")
    assert (sound["ok"], said["ok"], code) == (True, False, 1)
    assert said["first"]["dispute"] == case.number
    assert said["broken"] == 1


def test_verify_audit_of_events_that_changed_places_names_them(
    case_in: CaseMaker, sql: Sql
) -> None:
    case = case_in(S.CONSENT_PENDING)

    sql("UPDATE disputes_event SET version = 99 WHERE version = 2")
    sql("UPDATE disputes_event SET version = 2 WHERE version = 3")
    sql("UPDATE disputes_event SET version = 3 WHERE version = 99")

    said, _ = answer("verify_audit")
    assert said["first"] == {
        "dispute": case.number,
        "detail": "event 2 does not follow the one before",
    }


def test_verify_audit_export_holds_every_record_and_the_seal(
    case_in: CaseMaker, tmp_path: Any
) -> None:
    case_in(S.ASSESSED)
    file = tmp_path / "audit.jsonl"

    said, code = answer("verify_audit", "--export", str(file))

    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert [line.get("command") for line in lines] == ["register", "assess", None]
    assert lines[0]["digest"] == lines[1]["previous"]
    assert lines[-1] == {"cases": 1, "events": 2, "seal": said["seal"]}
    assert code == 0


def test_the_seal_shows_that_a_whole_case_was_taken_away(case_in: CaseMaker, sql: Sql) -> None:
    case_in(S.REGISTERED)
    lost = case_in(S.REGISTERED)
    before, _ = answer("verify_audit")

    for table in (
        "disputes_event", "disputes_party", "notifications_notice", "reports_wait", "workflows_workitem",
    ):  # fmt: skip
        sql(f"DELETE FROM {table} WHERE dispute_id = {lost.pk}")
    sql("DELETE FROM search_entry")
    sql(f"DELETE FROM workflows_caseprocess WHERE dispute_id = {lost.pk}")
    sql(f"DELETE FROM disputes_dispute WHERE id = {lost.pk}")

    after, _ = answer("verify_audit")
    assert (before["ok"], after["ok"]) == (True, True)
    assert before["seal"] != after["seal"]
    assert Area.objects.exists()
