"""How a case comes into being: by itself, or as a part of another. Only the engine calls here."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from django.db import IntegrityError

from mediation.accounts.actor import Actor
from mediation.core import errors, rows
from mediation.core.db import write
from mediation.disputes import policy
from mediation.disputes.models import Dispute
from mediation.search import index
from workflows import alerting, flow_engine, intake, journal, replay, telling
from workflows.commands import catalog
from workflows.commands.spec import Part, Spec
from workflows.exchange import Answerer, Command, Outcome, outcome_of
from workflows.facts import CaseFacts
from workflows.mapping import ROLE_OF
from workflows.nodes import Case


def register(
    command: Command, actor: Actor, *, now: datetime, answerer: Answerer | None
) -> Outcome:
    """The steps of ``engine.execute`` for a case that cannot be locked yet."""
    spec = catalog.find("register")
    if not policy.may_register.test(actor):
        raise errors.Forbidden(policy.NOT_YOURS)
    if (known := replay.find(command, actor)) is not None:
        return known
    facts = intake.clean(spec, command.data, actor=actor, now=now)
    try:
        with write():
            dispute = _enter(spec, facts, door=command.door)
            outcome = outcome_of(dispute, answerer)
            replay.keep(command, actor, outcome, now=now)
    except replay.Raced:
        return _first(command, actor, facts)
    except IntegrityError:
        if intake.is_taken(facts):
            return _first(command, actor, facts)
        raise
    return outcome


def register_parts(parent: Dispute, facts: CaseFacts, parts: Iterable[Part]) -> None:
    """The linked cases that come of a step of ``parent``, in its transaction."""
    spec = catalog.find("register")
    for part in parts:
        _enter(spec, intake.part_facts(parent, facts, part), door="timer")


def _first(command: Command, actor: Actor, facts: CaseFacts) -> Outcome:
    """The same record under the same key came a moment earlier; under another key it is a mistake."""
    if replay.find(command, actor) is None and intake.is_taken(facts):
        raise errors.Malformed({"client_id": [catalog.RECORD_TAKEN]})
    return replay.first(command, actor)


def _enter(spec: Spec, facts: CaseFacts, *, door: str) -> Dispute:
    """Insert the case, its parties, its first event, its process and its notices."""
    if intake.is_taken(facts):
        raise replay.Raced
    dispute = intake.build(facts)
    facts.dispute, dispute.known = dispute, facts
    event = journal.first_event(dispute, spec, facts, door=door)
    rows.insert(dispute)
    event.dispute = dispute
    rows.insert(event)
    spec.effect(dispute, facts)
    index.write(dispute, facts.parties)
    alert = alerting.open_raised(dispute, facts.now)
    if alert is not None and alert.folded_into_id is not None:
        spec = _without_leaders(spec)
    tasks = flow_engine.start(Case(dispute, facts.now, facts.actor.person_id))
    task = flow_engine.check(dispute, None, tasks)
    role = ROLE_OF["assess"]
    flow_engine.sync_work(dispute, task, role=role, assignee_id=None)
    told = telling.listeners(dispute, spec, facts)
    telling.tell(dispute, spec, facts, told=told, asked=role)
    return dispute


def _without_leaders(spec: Spec) -> Spec:
    """A storm of similar alerts rings once; who is told of the first sees how many there are."""
    return replace(spec, tells=tuple(word for word in spec.tells if word != "leader"))
