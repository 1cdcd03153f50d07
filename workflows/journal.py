"""The chain of events, and the narrow UPDATE of the dispute that goes with each."""

from collections.abc import Mapping
from typing import Any

from django.db.models import F

from mediation.core import rows
from mediation.core.chain import GENESIS, link
from mediation.core.plain import plain
from mediation.disputes.models import Dispute, Event
from workflows.commands.spec import Spec
from workflows.facts import CaseFacts

_COLUMNS = [f.attname for f in Dispute._meta.concrete_fields if not f.primary_key]


class LostUpdate(AssertionError):
    """The locked row was changed behind the lock: the transaction must not commit."""


def snapshot(dispute: Dispute) -> dict[str, Any]:
    return {name: dispute.__dict__[name] for name in _COLUMNS}


def save_changes(dispute: Dispute, before: Mapping[str, Any]) -> None:
    """Write only the columns that changed, and only onto the version that was read."""
    changed = {
        name: dispute.__dict__[name] for name in _COLUMNS if dispute.__dict__[name] != before[name]
    }
    where = {"id": dispute.pk, "version": before["version"]}
    if rows.update(Dispute, changed, where=where) != 1:
        raise LostUpdate(dispute.number)


def append(dispute: Dispute, spec: Spec, facts: CaseFacts, *, source: str, door: str) -> None:
    """Step 7: one row, linked to the one before by its hash. ``dispute.chain`` moves along."""
    event = _event(dispute, spec, facts, source=source, door=door)
    event.dispute = dispute
    rows.insert_later(event)


def first_event(dispute: Dispute, spec: Spec, facts: CaseFacts, *, door: str) -> Event:
    """The event of registration; the dispute is not inserted yet, its uid is known."""
    dispute.chain = GENESIS
    return _event(dispute, spec, facts, source="", door=door)


def _event(dispute: Dispute, spec: Spec, facts: CaseFacts, *, source: str, door: str) -> Event:
    event = Event(
        version=dispute.version,
        command=spec.name,
        actor_id=facts.actor.person_id,
        actor_name=facts.actor.name,
        at=facts.now,
        from_status=source,
        to_status=dispute.status,
        payload=public_part(facts.data, private=spec.form.private, quiet=spec.form.quiet),
        door=door,
        previous=dispute.chain,
    )
    event.digest = dispute.chain = link(event.previous, record(event, str(dispute.uid)))
    return event


def record(event: Event, uid: str) -> dict[str, Any]:
    """What the hash of an event covers."""
    return {
        "dispute": uid,
        "version": event.version,
        "command": event.command,
        "actor": event.actor_id,
        "actor_name": event.actor_name,
        "at": event.at,
        "from": event.from_status,
        "to": event.to_status,
        "payload": event.payload,
        "door": event.door,
    }


def public_part(
    data: Mapping[str, Any], *, private: frozenset[str], quiet: frozenset[str] = frozenset()
) -> dict[str, Any]:
    """The input without its private and its empty quiet fields, in plain JSON values."""
    return {
        name: plain(value)
        for name, value in data.items()
        if name not in private and (value or name not in quiet)
    }


def latest(dispute: Dispute) -> Event:
    return Event.objects.filter(dispute=dispute).order_by("-version")[0]


def overtaken_by(dispute: Dispute, seen: int) -> Event | None:
    """The last step after version ``seen`` that somebody took, or that moved the case; none for mere notes.

    A level that the night computed anew must not cost a person what he has just typed: policy, guards and
    the law are asked on the present facts anyway.
    """
    later = Event.objects.filter(dispute=dispute, version__gt=seen)
    return later.exclude(door="timer", from_status=F("to_status")).order_by("-version").first()
