"""The kinds of node that our flows are made of. Written against viewflow's core API; nothing patched.

A ``HumanNode`` knows, for each status of the case, which node comes next. It replaces the pair "task plus
gateway": one row less per step, and the condition on the edge is the status itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.dispatch import receiver
from viewflow import this
from viewflow.workflow.activation import Activation
from viewflow.workflow.base import Edge, Node
from viewflow.workflow.nodes.handle import HandleActivation
from viewflow.workflow.nodes.start import StartHandle, StartHandleActivation
from viewflow.workflow.nodes.view import View, ViewActivation
from viewflow.workflow.signals import flow_finished
from viewflow.workflow.status import STATUS

from mediation.core import rows
from mediation.disputes.models import Dispute


@dataclass(frozen=True, slots=True)
class Trail:
    """The tasks that one move of a flow opened and finished, in order."""

    opened: list[Any] = field(default_factory=list)
    finished: set[int] = field(default_factory=set)

    def open_after(self, before: list[Any]) -> list[Any]:
        """What is open now, given what was open before."""
        return [task for task in (*before, *self.opened) if task.pk not in self.finished]


@dataclass(frozen=True, slots=True)
class Case:
    """The locked rows a flow may read while it moves: the gateway's whole world."""

    dispute: Dispute
    now: datetime
    actor_id: int | None = None
    reconsideration: Any = None
    trail: Trail = field(default_factory=Trail)


def status_of_dispute(case: Case) -> str:
    return str(case.dispute.status)


def status_of_reconsideration(case: Case) -> str:
    """The position of the linked track, or the status once the case has left reconsideration."""
    if case.dispute.status != "reconsidering":
        return str(case.dispute.status)
    return str(case.reconsideration.position)


def status_of_alert(case: Any) -> str:
    return str(case.alert.status)


def new_task(flow_task: Any, process: Any, token: Any, now: datetime, **more: Any) -> Any:
    """A row of viewflow's, not stored yet."""
    return flow_task.flow_class.task_class(
        process=process,
        flow_task=flow_task,
        flow_task_type=flow_task.task_type,
        token=token,
        created=now,
        **more,
    )


def link(task: Any, previous: Any) -> Any:
    """The row that says what a task follows; ``previous.add`` would ask the database first what is there."""
    return type(task).previous.through(from_task_id=task.pk, to_task_id=previous.pk)


def _open_task(flow_task: Any, prev_activation: Any, token: Any) -> Any:
    """Insert the task and its link to the one before: two statements."""
    process = prev_activation.process
    task = new_task(flow_task, process, token, process.case.now)
    rows.insert(task)
    rows.insert(link(task, prev_activation.task))
    process.case.trail.opened.append(task)
    return task


class CaseActivation(ViewActivation):
    """Opens and finishes one human task with two narrow statements."""

    @classmethod
    def create(
        cls, flow_task: Any, prev_activation: Any, token: Any, data: Any = None, seed: Any = None
    ) -> "CaseActivation":
        return cls(_open_task(flow_task, prev_activation, token))

    @Activation.status.transition(source=[STATUS.NEW, STATUS.ASSIGNED], target=STATUS.DONE)
    def finish(self) -> None:
        """Whoever gave the command did this task; it ends now."""
        case = self.process.case
        self.task.owner_id = case.actor_id
        self.task.started = self.task.finished = case.now
        # viewflow sets the status after this body; it must be part of the narrow UPDATE.
        self.task.status = STATUS.DONE
        rows.update(
            type(self.task),
            {
                "status": STATUS.DONE,
                "owner_id": case.actor_id,
                "started": case.now,
                "finished": case.now,
            },
            where={"id": self.task.pk},
        )
        case.trail.finished.add(self.task.pk)

    @Activation.status.transition(source=STATUS.DONE)
    def create_next(self) -> Iterator[Any]:
        yield self.flow_task.successor(self.process.case)._create(self, self.task.token)


class HumanNode(View):
    """A step that waits for a person. ``When(status, node)`` says where each status leads."""

    activation_class = CaseActivation

    def __init__(self, *, title: Any, reads: Any = status_of_dispute) -> None:
        super().__init__(view=None)
        self._routes: dict[str, Any] = {}
        self._reads = reads
        self.Annotation(title=title)

    def When(self, statuses: Any, node: Any) -> "HumanNode":  # noqa: N802 -- viewflow's chain style
        for status in [statuses] if isinstance(statuses, str) else statuses:
            self._routes[str(status)] = node
        return self

    def _resolve(self, instance: Any) -> None:
        super()._resolve(instance)
        self._routes = {
            status: this.resolve(instance, node) for status, node in self._routes.items()
        }

    def _outgoing(self) -> Iterator[Edge]:
        seen: list[Any] = []
        for node in self._routes.values():
            if node not in seen:
                seen.append(node)
                yield Edge(src=self, dst=node, edge_class="cond_true", label=self.edge_label(node))

    def edge_label(self, node: Any) -> str:
        return " / ".join(status for status, target in self._routes.items() if target is node)

    def successor(self, case: Case) -> Any:
        """The node that the present status leads to. Raises ``LookupError`` when none is drawn."""
        status = self._reads(case)
        try:
            return self._routes[status]
        except KeyError:
            raise LookupError(f"The flow draws no way from {self.name} for {status}.") from None


class StartCaseActivation(StartHandleActivation):
    """Creates the process. The dispute row is already locked (or new), so no second lock."""

    @Activation.status.transition(source=STATUS.NEW)
    def execute(self) -> None:
        case = self.process.case
        self.process.created = case.now
        self.process.save(force_insert=True)
        self.task.process = self.process
        self.task.created = self.task.started = self.task.finished = case.now
        self.task.owner_id = case.actor_id
        self.complete()
        self.activate_next()

    @Activation.status.transition(source=STATUS.NEW, target=STATUS.DONE)
    def complete(self) -> None:
        self.task.status = STATUS.DONE
        self.task.save(force_insert=True)

    @Activation.status.transition(source=STATUS.DONE)
    def create_next(self) -> Iterator[Any]:
        yield self.flow_task.successor(self.process.case)._create(self, self.task.token)


class StartCase(HumanNode):
    """Where a process begins; reads the status like every other node (a reopened case starts later)."""

    activation_class = StartCaseActivation
    task_type = "START"
    bpmn_element = StartHandle.bpmn_element
    shape = StartHandle.shape


class ChildActivation(HandleActivation):
    """Waits, parked as SCHEDULED, until the process that it started has ended.

    STARTED would be completed at once: ``_activate_next`` finishes whatever can finish.
    """

    @classmethod
    def create(
        cls, flow_task: Any, prev_activation: Any, token: Any, data: Any = None, seed: Any = None
    ) -> "ChildActivation":
        return cls(_open_task(flow_task, prev_activation, token))

    @Activation.status.transition(source=STATUS.NEW, target=STATUS.SCHEDULED)
    def activate(self) -> None:
        self.task.started = self.process.case.now
        self.task.status = STATUS.SCHEDULED
        self.task.save(update_fields=["status", "started"])
        self.flow_task.start_child(self)

    @Activation.status.transition(source=STATUS.SCHEDULED, target=STATUS.DONE)
    def finish(self) -> None:
        self.task.finished = self.process.case.now
        self.task.status = STATUS.DONE
        self.task.save(update_fields=["status", "finished"])
        self.process.case.trail.finished.add(self.task.pk)

    @Activation.status.transition(source=STATUS.NEW, target=STATUS.CANCELED)
    def complete(self) -> None:
        """Never by itself; only the end of the child finishes this task."""
        raise AssertionError("A waiting child node is finished by its child.")

    @Activation.status.transition(source=STATUS.DONE)
    def create_next(self) -> Iterator[Any]:
        yield self.flow_task.successor(self.process.case)._create(self, self.task.token)


class ChildFlow(HumanNode):
    """Runs another flow for the same case and goes on when that one has ended."""

    activation_class = ChildActivation
    task_type = "SUBPROCESS"
    bpmn_element = "task"

    def __init__(self, *, title: Any, flow: Any, on_start: Any) -> None:
        super().__init__(title=title)
        self._flow, self._on_start = flow, on_start

    def start_child(self, activation: ChildActivation) -> None:
        self._on_start(activation.process.case, parent_task=activation.task)


@receiver(flow_finished)
def _resume_parent(sender: Any, process: Any, task: Any, **kwargs: Any) -> None:
    """The end of a child finishes the waiting node of its parent, in the same transaction."""
    waiting = process.parent_task
    if waiting is None or not isinstance(waiting.flow_task, ChildFlow):
        return
    assert transaction.get_connection().in_atomic_block  # noqa: S101 -- a programmer's error
    activation = waiting.flow_task.activation_class(waiting)
    activation.process.case = process.case
    activation.finish()
    activation.activate_next()


def is_human(node: Node) -> bool:
    return isinstance(node, HumanNode) and not isinstance(node, (StartCase, ChildFlow))
