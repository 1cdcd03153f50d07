"""Moves viewflow along with the case. Reads the case, never writes to it."""

from collections.abc import Sequence
from typing import Any

from viewflow.workflow.models import Process, Task
from viewflow.workflow.status import STATUS

from mediation.core import rows
from mediation.core.prepared import Prepared
from mediation.disputes.models import Dispute
from workflows.flows import DisputeFlow
from workflows.mapping import open_nodes
from workflows.models import CaseProcess, Lane, WorkItem
from workflows.nodes import Case, ChildFlow, link, new_task


class Mismatch(AssertionError):
    """Open tasks and status disagree: the transaction must not commit."""


def start(case: Case) -> list[Task]:
    """Begin a process for a new or reopened case. Returns the open tasks."""
    node = DisputeFlow.instance.node("start")
    activation = node.activation_class.create(node, None, None)
    activation.process.case = case
    activation.execute()
    CaseProcess.objects.create(
        process_id=activation.process.pk, dispute=case.dispute, lane=Lane.MAIN
    )
    return case.trail.open_after([])


def start_many(flow: Any, cases: Sequence[Any]) -> list[Process]:
    """Begin a process for each case and open its first task: four statements, however many cases.

    The rows are those that the activations write one by one; a test holds both side by side.
    """
    node = flow.instance.node("start")
    processes = [flow.process_class(flow_class=flow, created=case.now) for case in cases]
    rows.insert_all(processes)
    together = list(zip(cases, processes, strict=True))
    begun = [_begun(node, process, case) for case, process in together]
    rows.insert_all(begun)
    waiting = [
        new_task(node.successor(case), process, start.token, case.now)
        for (case, process), start in zip(together, begun, strict=True)
    ]
    rows.insert_all(waiting)
    rows.insert_all([link(*pair) for pair in zip(waiting, begun, strict=True)])
    return processes


def _begun(node: Any, process: Process, case: Any) -> Task:
    done = {"started": case.now, "finished": case.now, "status": STATUS.DONE}
    token = Task._meta.get_field("token").get_default()
    return new_task(node, process, token, case.now, owner_id=case.actor_id, **done)


OPEN_TASKS = Prepared(
    lambda dispute: (
        Task.objects.filter(
            process__of_case__dispute_id=dispute,
            process__of_case__alert__isnull=True,
            finished__isnull=True,
        )
        .select_related("process")
        .order_by("pk")
    ),
    dispute=int,
)


def open_tasks(dispute: Dispute) -> list[Task]:
    """The unfinished tasks of all processes of the case, with their process: one query."""
    return OPEN_TASKS(dispute=dispute.pk)


def advance(case: Case) -> list[Task]:
    """Finish the human task whose node no longer fits the status, and open the next one.

    Returns the tasks that are open then: those that were, without what finished, and what opened.
    """
    tasks = open_tasks(case.dispute)
    if not tasks:
        return start(case)  # a reopened case whose process had ended
    # The child's task comes before the waiting parent: finishing the child finishes the parent.
    task = next(task for task in reversed(tasks) if not isinstance(task.flow_task, ChildFlow))
    activation = task.flow_task.activation_class(task)
    activation.process.case = case
    if task.process.parent_task_id:
        # The parent waits in the same transaction; hand it the same case.
        task.process.case = case
    activation.finish()
    activation.activate_next()
    return case.trail.open_after(tasks)


def check(dispute: Dispute, rc_status: str | None, tasks: Sequence[Task]) -> Task | None:
    """Refuse to commit when open ``tasks`` and status disagree. Returns the open human task."""
    found = sorted(task.flow_task.name for task in tasks)
    wanted = sorted(open_nodes(dispute, rc_status).values())
    if found != wanted:
        raise Mismatch(f"{dispute.number} is {dispute.status}: open {found}, wanted {wanted}.")
    return next((t for t in reversed(tasks) if not isinstance(t.flow_task, ChildFlow)), None)


def sync_work(dispute: Dispute, task: Task | None, *, role: str, assignee_id: int | None) -> None:
    """Bring the read model in line with the one open human task."""
    if task is None:
        WorkItem.objects.filter(dispute=dispute).delete()
        return
    item = WorkItem(
        dispute=dispute,
        task=task,
        node=task.flow_task.name,
        role=role,
        assignee_id=assignee_id,
        area_code=dispute.area_code,
        severity=dispute.severity,
        is_sensitive=dispute.is_sensitive,
        due_at=dispute.due_at,
        opened_at=task.created,
    )
    rows.upsert(item)


def touch_work(dispute: Dispute, *, assignee_id: int | None) -> None:
    """The same task stays open; only what lists sort and filter by has moved."""
    changed = {
        "severity": dispute.severity,
        "is_sensitive": dispute.is_sensitive,
        "due_at": dispute.due_at,
        "assignee_id": assignee_id,
    }
    rows.update(WorkItem, changed, where={"dispute_id": dispute.pk})
