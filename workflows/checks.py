"""System checks: the two machines fit together before anything is served."""

import sys
from collections.abc import Iterable, Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError, connection

from mediation.core.sqlite_engine import MINIMUM
from mediation.disputes import lifecycle, policy
from mediation.disputes.enums import Status
from workflows.commands import catalog
from workflows.flows import FLOWS, DisputeFlow, ReconsiderationFlow
from workflows.lock import DisputeLock
from workflows.mapping import NODE_OF, RC_NODE_OF, ROLE_OF
from workflows.nodes import HumanNode, is_human

Messages = Iterable[CheckMessage]


@register()
def every_command_has_policy_and_place(app_configs: Any, **kwargs: Any) -> Messages:
    """A command without a rule is denied to everybody; one without a status can never run."""
    named = {spec.name for spec in catalog.all_specs()}
    steps = {arrow.command for arrow in lifecycle.arrows()}
    for name in sorted((named - {"register"}) ^ policy.COMMANDS.keys()):
        yield Error(f"{name}: command and policy table disagree.", id="fengqiao.E001")
    for name in sorted(steps - named):
        yield Error(f"{name}: a transition without a command.", id="fengqiao.E002")
    for spec in catalog.all_specs():
        if spec.name != "register" and not catalog.statuses(spec):
            yield Error(f"{spec.name}: possible in no status.", id="fengqiao.E003")


@register()
def no_status_is_a_dead_end(app_configs: Any, **kwargs: Any) -> Messages:
    """Every status has an owner and a way out, until the archive."""
    leaving = {arrow.source for arrow in lifecycle.arrows()}
    ends = {Status.ARCHIVED, Status.VOIDED}
    for status in Status:
        if status not in ends and status not in leaving:
            yield Error(f"{status}: no way out.", id="fengqiao.E004")
        if status not in ends | {Status.CLOSED} and status not in NODE_OF:
            yield Error(f"{status}: nobody acts next.", id="fengqiao.E005")


@register()
def flow_draws_every_arrow(app_configs: Any, **kwargs: Any) -> Messages:
    """For every lawful move that changes the node, the flow has an edge."""
    for arrow in lifecycle.arrows():
        source, target = NODE_OF.get(arrow.source), NODE_OF.get(arrow.target)
        if source is None or source == target:
            continue
        node = DisputeFlow.instance.node(source)
        if arrow.target.value not in node._routes:
            yield Error(
                f"{source} draws no edge for {arrow.target} ({arrow.command}).", id="fengqiao.E006"
            )


@register()
def flows_are_locked_and_owned(app_configs: Any, **kwargs: Any) -> Messages:
    for flow in FLOWS:
        if not isinstance(flow.lock_impl, DisputeLock):
            yield Error(f"{flow.__name__} runs without the dispute lock.", id="fengqiao.E007")
        for node in flow.instance.nodes():
            if is_human(node) and node.name not in ROLE_OF:
                yield Error(f"{node.name}: no role is asked.", id="fengqiao.E008")
    known = {n.name for n in ReconsiderationFlow.instance.nodes() if isinstance(n, HumanNode)}
    for name in sorted(set(RC_NODE_OF.values()) - known):
        yield Error(f"{name}: no such node in the reconsideration flow.", id="fengqiao.E009")


@register()
def one_process_without_bus(app_configs: Any, **kwargs: Any) -> Messages:
    if settings.SERVER_PROCESSES > 1 and not settings.REDIS_URL:
        yield Error(
            "Several server processes need REDIS_URL: the in-process bus reaches only its own.",
            id="fengqiao.E010",
        )


@register(Tags.database)
def sqlite_is_safe(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None, **kwargs: Any
) -> Messages:
    """The engine must not have the WAL-reset bug, and transactions must begin as writers."""
    if not databases or connection.vendor != "sqlite":
        return
    version = connection.Database.sqlite_version_info  # type: ignore[attr-defined] # set by the SQLite backend
    if version < MINIMUM:
        yield Error(
            f"SQLite {version} can lose committed pages; 3.51.3 or later is required.",
            id="fengqiao.E011",
        )
    if connection.settings_dict["OPTIONS"].get("transaction_mode") != "IMMEDIATE":
        yield Error("SQLite must use IMMEDIATE transactions.", id="fengqiao.E012")


@register(Tags.database)
def stored_nodes_exist(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None, **kwargs: Any
) -> Messages:
    """Node names are stored in rows; a renamed node would strand its open tasks."""
    if not databases:
        return
    from viewflow.workflow.models import Task  # after the apps are loaded

    try:
        names = set(
            Task.objects.filter(finished__isnull=True)
            .order_by()
            .values_list("flow_task", flat=True)
            .distinct()
        )
    except DatabaseError:
        if "migrate" not in sys.argv:  # which is about to change that
            yield checks.Warning("The tables are not migrated yet.", id="fengqiao.W001")
        return
    if None in names:
        yield Error("Open tasks point to a node that no longer exists.", id="fengqiao.E013")
