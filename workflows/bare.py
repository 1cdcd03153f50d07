"""A bare viewflow procedure with as many steps as ours: what ``bench command`` compares with.

Stock nodes, a proxy process, the row lock, and no domain work at all. Never used by the product.
"""

from typing import Any

from viewflow import this
from viewflow.workflow import lock
from viewflow.workflow.base import Flow
from viewflow.workflow.models import Process, Task
from viewflow.workflow.nodes.end import End
from viewflow.workflow.nodes.start import StartHandle
from viewflow.workflow.nodes.view import View

STEPS = 16


class BareProcess(Process):
    class Meta:
        proxy = True
        app_label = "bare"  # an app that is not installed: importing this must ask for no migration


def _graph() -> dict[str, Any]:
    nodes: dict[str, Any] = {"start": StartHandle().Next(this.step01)}
    for number in range(1, STEPS + 1):
        follower = f"step{number + 1:02d}" if number < STEPS else "end"
        nodes[f"step{number:02d}"] = View(view=None).Next(getattr(this, follower))
    return nodes | {"end": End()}


BareFlow = type(
    "BareFlow",
    (Flow,),
    {
        "__module__": __name__,
        "__doc__": "Bare procedure",
        "process_class": BareProcess,
        "lock_impl": lock.select_for_update_lock,
        **_graph(),
    },
)


def begin() -> Process:
    """Start one process; its first step is open."""
    flow: Any = BareFlow
    node = flow.instance.node("start")
    activation = node.activation_class.create(node, None, None)
    activation.execute()
    process: Process = activation.process
    return process


def take_step(process: Process, user: Any) -> None:
    """Take the open task, then complete it: each under the lock of its own, as viewflow's views do."""
    task = Task.objects.get(process=process, finished__isnull=True)
    with task.activation() as activation:
        activation.assign(user)
    with task.activation() as activation:
        activation.start(None)
        activation.execute()
