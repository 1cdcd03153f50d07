"""The one way through: every change of a dispute is one ``execute`` in one transaction.

Pages, JSON, timers, imports and sockets end here. The eleven steps: 1 lock, 2 replay of the same key,
3 version, 4 policy, 5 guards, 6 transition, 7 event, 8 flow, 9 work and clocks, 10 inbox, 11 invariant.
Whatever fails, nothing is written.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q

from mediation.accounts.actor import SYSTEM, Actor
from mediation.core import errors
from mediation.core.db import write
from mediation.core.plain import plain
from mediation.core.prepared import Prepared
from mediation.disputes import lifecycle, policy
from mediation.disputes.enums import Status
from mediation.disputes.models import Dispute
from mediation.notifications.recipients import Recipient
from mediation.search import index
from mediation.warning import services as warning
from workflows import alerting, clocks, flow_engine, journal, registration, replay, telling
from workflows.commands import catalog
from workflows.commands.spec import Spec
from workflows.exchange import Answerer, Command, Outcome, outcome_of
from workflows.facts import PARTIES, CaseFacts
from workflows.lock import held_row
from workflows.mapping import ROLE_OF, open_nodes
from workflows.nodes import Case

__all__ = ["Answerer", "Command", "Outcome", "execute"]

CHANGES_FACTS = frozenset(
    {
        "add_party", "end_mediation", "declare_breach", "fall_through", "make_effective", "fulfil",
        "report_escalation", "return_for_correction", "recompute_risk",
    }
)  # fmt: skip
"""Steps after which the rules are asked again: each changes a fact that they count."""


def execute(
    command: Command, actor: Actor, *, now: datetime, answerer: Answerer | None = None
) -> Outcome:
    """Carry out ``command`` for ``actor`` as of ``now``, wholly or not at all.

    ``answerer`` writes the door's answer inside the transaction, so that the key keeps it too.
    Raises a ``core.errors.Refusal``: ``NotFound``, ``Stale``, ``Forbidden``, ``Unmet``, ``Malformed``,
    ``KeyReused`` or ``Busy``; nothing is written then.
    """
    if command.name == "register":
        return registration.register(command, actor, now=now, answerer=answerer)
    spec = catalog.find(command.name)
    try:
        with write():
            dispute = _locked(command, actor, now)
            if (known := replay.find(command, actor)) is not None:
                return known
            _require_version(dispute, command)
            facts = _require_possible(dispute, spec, actor, now, command)
            _apply(dispute, spec, facts, command)
            outcome = outcome_of(dispute, answerer)
            replay.keep(command, actor, outcome, now=now)
    except replay.Raced:
        return replay.first(command, actor)
    return outcome


BY_KEY = Prepared(lambda pk: Dispute.objects.select_for_update(of=("self",)).filter(pk=pk), pk=int)
BY_NAME = Prepared(
    lambda ref: Dispute.objects.select_for_update(of=("self",)).filter(Q(number=ref) | Q(code=ref)),
    ref=str,
)


def _locked(command: Command, actor: Actor, now: datetime) -> Dispute:
    """Step 1. A case that the actor may not see is answered like one that does not exist."""
    ref = command.dispute
    dispute = _by_key(ref) if isinstance(ref, int) else _by_name(ref or "")
    if dispute is None or not policy.may_view(actor, dispute, now=now):
        raise errors.NotFound
    return dispute


def _by_key(key: int) -> Dispute | None:
    return held_row(key) or (BY_KEY.first(pk=key) if 0 < key < 2**63 else None)


def _by_name(name: str) -> Dispute | None:
    # Neither number nor code is longer; PostgreSQL takes no NUL in a parameter.
    return BY_NAME.first(ref=name) if len(name) <= 40 and name.isprintable() else None


def _require_version(dispute: Dispute, command: Command) -> None:
    """Step 3. Tells the slower one who was faster. What the clock noted by itself overtakes nobody."""
    seen = command.version
    if seen is None or seen == dispute.version:
        return
    is_behind = seen < dispute.version  # else it is a version that never was
    latest = journal.overtaken_by(dispute, seen) if is_behind else journal.latest(dispute)
    if latest is None:
        return
    raise errors.Stale(
        version=dispute.version,
        who=latest.actor_name,
        what=catalog.done_label(latest.command),
        when=latest.at,
    )


def _require_possible(
    dispute: Dispute, spec: Spec, actor: Actor, now: datetime, command: Command
) -> CaseFacts:
    """Steps 4 and 5: role and area, then the law, then the input, then the law about the input."""
    if not policy.may(actor, spec.name, dispute):
        raise errors.Forbidden(policy.NOT_YOURS)
    facts = CaseFacts(dispute, actor=actor, now=now)
    dispute.known = facts
    catalog.require_status(spec, dispute)
    _require_guards(spec, dispute)
    facts.data = catalog.clean(spec, command.data, dispute=dispute, facts=facts)
    if facts.data:
        _require_guards(spec, dispute)
    return facts


def _require_guards(spec: Spec, dispute: Dispute) -> None:
    if reasons := catalog.unmet(spec, dispute):
        raise errors.Unmet(*reasons)


def _apply(dispute: Dispute, spec: Spec, facts: CaseFacts, command: Command) -> None:
    """Steps 6 to 11. The dispute is locked and everything was allowed."""
    before = journal.snapshot(dispute)
    source = dispute.status
    nodes_before = open_nodes(dispute, _rc_status(dispute, facts))
    if lifecycle.sources(spec.name):
        if source != Status.CLOSE_REVIEW:
            dispute.status_before_review = source
        getattr(dispute, spec.name)()
    spec.effect(dispute, facts)
    if spec.name in CHANGES_FACTS and dispute.is_open:
        parties = PARTIES(dispute=dispute.pk)  # anew: the step may have added one
        warning.refresh(dispute, parties, now=facts.now, step=spec.name)
    alerting.open_raised(dispute, facts.now)
    clocks.plan(spec.name, dispute, facts)
    dispute.version += 1
    dispute.updated_at = facts.now
    journal.append(dispute, spec, facts, source=source, door=command.door)
    journal.save_changes(dispute, before)
    if _words_changed(dispute, spec, before):
        index.write(dispute, facts.parties)
    if spec.parts is not None:
        registration.register_parts(dispute, facts, spec.parts(dispute, facts))
    told = telling.listeners(dispute, spec, facts)
    asked = _move_flow(dispute, facts, nodes_before, told, before)
    telling.tell(dispute, spec, facts, told=told, asked=asked)
    _conclude_parent(dispute, facts.now)
    if spec.name == "answer_order":
        _tell_parent(dispute, facts)


def _words_changed(dispute: Dispute, spec: Spec, before: Mapping[str, Any]) -> bool:
    """Whether the index must hear of it: a text, a name, or whether names may stand there at all."""
    return spec.name == "add_party" or any(
        dispute.__dict__[name] != before[name] for name in index.WATCHED
    )


def _rc_status(dispute: Dispute, facts: CaseFacts) -> str | None:
    """Where the linked track stands, while it matters."""
    if dispute.status != Status.RECONSIDERING or facts.reconsideration is None:
        return None
    return facts.reconsideration.position


def _move_flow(
    dispute: Dispute,
    facts: CaseFacts,
    nodes_before: dict[str, str],
    told: list[Recipient],
    before: Mapping[str, Any],
) -> str:
    """Steps 8, 9 and 11. Returns the role that is asked to act next, if the work changed hands."""
    rc_status = _rc_status(dispute, facts)
    nodes = open_nodes(dispute, rc_status)
    node = nodes.get("rc") or nodes.get("main")
    role = ROLE_OF[node] if node else ""
    assignee = _assignee(dispute, role, told)
    if nodes == nodes_before:
        if _lists_differ(dispute, before):
            flow_engine.touch_work(dispute, assignee_id=assignee)
        return ""
    case = Case(
        dispute, facts.now, facts.actor.person_id, facts.reconsideration if rc_status else None
    )
    task = flow_engine.check(dispute, rc_status, flow_engine.advance(case))
    flow_engine.sync_work(dispute, task, role=role, assignee_id=assignee)
    return role


def _lists_differ(dispute: Dispute, before: Mapping[str, Any]) -> bool:
    """Whether anything changed that the work lists sort or filter by."""
    return any(
        dispute.__dict__[name] != before[name]
        for name in ("severity", "sensitivity", "due_at", "mediator_id")
    )


def _assignee(dispute: Dispute, role: str, told: list[Recipient]) -> int | None:
    """Mediators' work is the named mediator's; the grid's is its worker's; offices share theirs."""
    if role == "mediator":
        return dispute.mediator_id
    if role == "grid_worker":
        workers = [r.person_id for r in told if "grid_worker" in r.roles]
        return workers[0] if len(workers) == 1 else None
    return None


def _conclude_parent(dispute: Dispute, now: datetime) -> None:
    """The last part that closes brings its split parent to review, in the same transaction."""
    if dispute.parent_id is None or dispute.is_open:
        return
    parent = Dispute.objects.only("status").get(pk=dispute.parent_id)
    siblings = Dispute.objects.filter(parent_id=dispute.parent_id)
    if parent.status == Status.SPLIT and not any(s.is_open for s in siblings.only("status")):
        execute(
            Command("conclude_children", dispute=dispute.parent_id, door="timer"), SYSTEM, now=now
        )


def _tell_parent(dispute: Dispute, facts: CaseFacts) -> None:
    """What a linked part answers reaches the case that handed it over, in the same transaction."""
    if dispute.parent_id is None:
        return
    parent = Dispute.objects.only("status").get(pk=dispute.parent_id)
    if parent.status in {Status.RECONSIDERING, Status.REFERRED}:
        data = {name: plain(facts.data[name]) for name in ANSWER} | {"part": dispute.number}
        command = Command("take_part_answer", dispute=dispute.parent_id, data=data, door="timer")
        execute(command, SYSTEM, now=facts.now)


ANSWER = ("result", "agreement_number", "performed_on", "on")
