"""Brings open tasks, work items and due dates back in line with the status. Never the other way round.

Status, version and events are what happened; nothing here writes them. Running it again changes nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from viewflow.workflow.models import Process, Task
from viewflow.workflow.status import STATUS

from mediation.core.clock import local_day
from mediation.core.db import write
from mediation.deadlines import clocks
from mediation.disputes.models import Dispute, Party
from mediation.reconsideration.models import Reconsideration
from mediation.reports import summary, waits_sql
from mediation.search import index
from workflows import flow_engine
from workflows.flows import DisputeFlow, ReconsiderationFlow
from workflows.mapping import ROLE_OF, open_nodes
from workflows.models import CaseProcess, Lane, WorkItem
from workflows.nodes import Case, ChildFlow
from workflows.proofs import batches, cases
from workflows.proofs.snapshot import snapshot

FLOW_OF: dict[str, Any] = {Lane.MAIN: DisputeFlow, Lane.RECONSIDERATION: ReconsiderationFlow}


@dataclass(frozen=True, slots=True)
class Mended:
    """What was put right in one case."""

    dispute: str
    what: str


def run(*, now: datetime, dry: bool = False) -> list[Mended]:
    """Mend every case that needs it, each in a transaction of its own. ``dry``: only say what would be."""
    if not dry:
        index.catch_up()
        index.drop(index.orphans())
    cases_mended = [
        mended
        for keys in batches()
        for key in _suspects(keys, now)
        for mended in _mend_locked(key, now=now, dry=dry)
    ]
    return cases_mended + _mend_summaries(dry=dry) + _mend_waits(dry=dry)


def _mend_summaries(*, dry: bool) -> list[Mended]:
    """Wrong sums are not corrected one by one: everything is counted anew."""
    with snapshot():
        _, wrong = summary.differences()
    if wrong and not dry:
        summary.rebuild()
    return [Mended("-", f"summary {one}") for one in wrong]


def _mend_waits(*, dry: bool) -> list[Mended]:
    with snapshot():
        _, wrong = waits_sql.differences()
    if wrong and not dry:
        waits_sql.rebuild()
    return [Mended("-", one) for one in wrong]


MENDABLE = (
    cases.open_work_matches,
    cases.work_item_matches,
    cases.due_is_the_nearest,
    cases.words_are_indexed,
)


def _suspects(keys: Sequence[int], now: datetime) -> list[int]:
    """Read without locks; what looks wrong is looked at again under its lock."""
    return [
        case.dispute.pk
        for case in cases.load(keys, now=now)
        if any(True for question in MENDABLE for _ in question(case))
    ]


def _mend_locked(key: int, *, now: datetime, dry: bool) -> list[Mended]:
    with write(), transaction.atomic():
        dispute = Dispute.objects.select_for_update(of=("self",)).get(pk=key)
        mended = [Mended(dispute.number, what) for what in _mend(dispute, now)]
        if dry:
            transaction.set_rollback(True)
    return mended


def _mend(dispute: Dispute, now: datetime) -> Iterator[str]:
    yield from _mend_due(dispute)
    if index.behind([dispute.pk]):
        index.write(dispute, Party.objects.filter(dispute=dispute).order_by("ordinal"))
        yield "search index rebuilt"
    track = Reconsideration.objects.filter(dispute=dispute).order_by("-pk").first()
    rc_status = track.position if dispute.status == "reconsidering" and track else None
    wanted = open_nodes(dispute, rc_status)
    yield from _mend_tasks(Case(dispute, now, None, track if rc_status else None), wanted)
    yield from _mend_work(
        dispute, flow_engine.check(dispute, rc_status, flow_engine.open_tasks(dispute)), now
    )


def _mend_due(dispute: Dispute) -> Iterator[str]:
    due_at = clocks.next_due(dispute)
    if dispute.due_at != due_at:
        yield f"due_at {dispute.due_at} → {due_at}"
        Dispute.objects.filter(pk=dispute.pk).update(due_at=due_at)
        dispute.due_at = due_at


# Tasks ---------------------------------------------------------------------------------------------


def _mend_tasks(case: Case, wanted: dict[str, str]) -> Iterator[str]:
    """Cancel what should not be open, open what should: in the main lane first, its child after."""
    waiting = None
    for lane in (Lane.MAIN, Lane.RECONSIDERATION):
        node = wanted.get(lane)
        kept = None
        for task in _open_in(case.dispute, lane):
            if kept is None and _name(task) == node:
                kept = task
            else:
                yield f"task {task.pk} ({_name(task) or 'unknown node'}) cancelled"
                _cancel(task, case.now)
        if node is not None and kept is None:
            kept = _open(case, lane, node)
            yield f"task {kept.pk} ({node}) opened"
        if lane == Lane.RECONSIDERATION and kept is not None:
            yield from _tie_to_parent(kept, waiting)
        waiting = kept


def _open_in(dispute: Dispute, lane: str) -> list[Task]:
    return list(
        Task.objects.filter(
            process__of_case__dispute=dispute, process__of_case__lane=lane, finished__isnull=True
        )
        .select_related("process")
        .order_by("pk")
    )


def _name(task: Task) -> str:
    return task.flow_task.name if task.flow_task is not None else ""


def _cancel(task: Task, now: datetime) -> None:
    Task.objects.filter(pk=task.pk).update(status=STATUS.CANCELED, finished=now)


def _open(case: Case, lane: str, node: str) -> Task:
    """Open ``node`` after the latest task of the lane, or in a new process when there is none."""
    flow_task = FLOW_OF[lane].instance.node(node)
    latest = next((task for task in _past(case.dispute, lane) if task.flow_task), None)
    before = _activation(latest) if latest is not None else _start(case, lane)
    before.process.case = case
    _revive(before.process)
    task: Task = flow_task._create(before, before.task.token).task
    if isinstance(flow_task, ChildFlow):
        # As its own activation would park it, but without starting a second child.
        task.status, task.started = STATUS.SCHEDULED, case.now
        task.save(update_fields=["status", "started"])
    return task


def _past(dispute: Dispute, lane: str) -> Iterator[Task]:
    """Every task of the lane, the latest of the latest process first."""
    yield from (
        Task.objects.filter(process__of_case__dispute=dispute, process__of_case__lane=lane)
        .select_related("process")
        .order_by("-process_id", "-pk")
    )


def _activation(task: Task) -> Any:
    return task.flow_task.activation_class(task)


def _start(case: Case, lane: str) -> Any:
    """A process whose start is done; where it leads is decided by the status, not by the start."""
    node = FLOW_OF[lane].instance.node("start")
    activation = node.activation_class.create(node, None, None)
    activation.process.created = case.now
    activation.process.save(force_insert=True)
    activation.task.process = activation.process
    activation.task.created = activation.task.started = activation.task.finished = case.now
    activation.complete()
    CaseProcess.objects.create(
        process_id=activation.process.pk, dispute_id=case.dispute.pk, lane=lane
    )
    return activation


def _revive(process: Process) -> None:
    """An ended process that is to go on counts as running again."""
    if process.finished is not None:
        process.finished, process.status = None, STATUS.NEW
        process.save(update_fields=["finished", "status"])


def _tie_to_parent(task: Task, waiting: Task | None) -> Iterator[str]:
    """The end of the child must find the node that waits for it."""
    parent = waiting.pk if waiting is not None else None
    if task.process.parent_task_id != parent:
        yield f"process {task.process_id} waits for task {parent}"
        Process.objects.filter(pk=task.process_id).update(parent_task_id=parent)


# Work items ----------------------------------------------------------------------------------------


def _mend_work(dispute: Dispute, task: Task | None, now: datetime) -> Iterator[str]:
    before = WorkItem.objects.filter(dispute=dispute).first()
    role = ROLE_OF[task.flow_task.name] if task is not None else ""
    possible = cases.assignees(dispute, role, today=local_day(now))
    assignee = before.assignee_id if before and before.assignee_id in possible else possible[0]
    flow_engine.sync_work(dispute, task, role=role, assignee_id=assignee)
    after = WorkItem.objects.filter(dispute=dispute).first()
    if _columns(before) != _columns(after):
        yield "work item " + ("removed" if after is None else "rebuilt")


def _columns(item: WorkItem | None) -> dict[str, Any] | None:
    if item is None:
        return None
    return {f.attname: getattr(item, f.attname) for f in WorkItem._meta.concrete_fields}
