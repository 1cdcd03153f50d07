"""What is known of a case that does not exist yet, and the row made of it."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from mediation.accounts.actor import Actor
from mediation.areas.models import Area, Level
from mediation.core import errors
from mediation.core.prepared import Prepared
from mediation.disputes import numbers
from mediation.disputes.enums import Category, PartyKind, Sensitivity
from mediation.disputes.models import Dispute
from mediation.warning import services as warning
from workflows.commands import catalog, numbering
from workflows.commands.spec import Part, Spec
from workflows.facts import CaseFacts


def clean(spec: Spec, raw: Mapping[str, Any], *, actor: Actor, now: datetime) -> CaseFacts:
    """The facts of a case that does not exist yet. Raises ``Malformed``."""
    facts = CaseFacts(None, actor=actor, now=now)
    facts.data = dict(catalog.clean(spec, raw, dispute=None, facts=facts))
    facts.data["grid_area"] = _grid(facts.data["grid"], actor)
    return facts


def is_taken(facts: CaseFacts) -> bool:
    """Whether the client's own record has become a dispute before."""
    client_id: uuid.UUID | None = facts.data.get("client_id")
    return client_id is not None and Dispute.objects.filter(uid=client_id).exists()


def _grid(code: str, actor: Actor) -> Area:
    """The grid by code. Staff register in their own area; a resident anywhere he lives."""
    grid = GRID.first(code=code)
    if grid is None:
        raise errors.Malformed({"grid": [catalog.NO_SUCH_GRID]})
    bound = not (actor.is_system or actor.is_resident)
    if bound and not any(code.startswith(grant.area_code) for grant in actor.grants):
        raise errors.Malformed({"grid": [catalog.GRID_NOT_YOURS]})
    return grid


GRID = Prepared(
    lambda code: Area.objects.filter(code=code, level=Level.GRID.value, is_active=True), code=str
)


def build(facts: CaseFacts) -> Dispute:
    """The unsaved row. Its colour is the rule's until a person assesses it."""
    data = facts.data
    grid: Area = data["grid_area"]
    dispute = Dispute(
        uid=data.get("client_id") or uuid.uuid4(),
        number=numbering.next_case_number(grid.code, facts.today.year),
        code=numbers.lookup_code(),
        title=data["title"] or default_title(data, grid),
        category=data["category"],
        facts=data["facts"],
        claim=data["claim"],
        amount=data["amount"],
        place=data["place"],
        people_count=data["people_count"],
        source=data["source"],
        occurred_at=data["occurred_at"] or facts.now,
        registered_at=facts.now,
        updated_at=facts.now,
        grid=grid,
        area_code=grid.code,
        registered_by_id=facts.actor.person_id,
        parent=data.get("parent"),
    )
    beside = warning.around_rows(data["parties"], grid.code)
    answers = warning.answered(data["answers"] or {})
    dispute.risk = warning.rate(dispute, answers, beside, now=facts.now)
    dispute.paint(dispute.risk["colour"])
    dispute.sensitivity = _sensitivity(data)
    return dispute


def _sensitivity(data: Mapping[str, Any]) -> str:
    """A part of a split case is as sensitive as the whole was."""
    if data.get("sensitivity", Sensitivity.NORMAL) != Sensitivity.NORMAL:
        return str(data["sensitivity"])
    if any(row["is_minor"] for row in data["parties"]):
        return Sensitivity.MINOR
    return Sensitivity.NORMAL


def default_title(data: Mapping[str, Any], grid: Area) -> str:
    """“第3网格邻里纠纷”: no name, no fact, so that it may stand in any list."""
    return f"{grid.name}{Category(data['category']).label}"[:80]


def part_facts(parent: Dispute, facts: CaseFacts, part: Part) -> CaseFacts:
    """The facts of a linked case under ``parent``, with the same parties."""
    known = CaseFacts(None, actor=facts.actor, now=facts.now)
    title = f"{parent.title}{part.suffix}"[:80]
    known.data = _part_data(parent, facts, title=title, text=part.facts) | dict(part.more)
    return known


def _part_data(parent: Dispute, facts: CaseFacts, *, title: str, text: str) -> dict[str, Any]:
    return {
        "category": parent.category,
        "title": title,
        "facts": text,
        "claim": "",
        "amount": None,
        "place": parent.place,
        "people_count": parent.people_count,
        "source": parent.source,
        "occurred_at": parent.occurred_at,
        "answers": parent.risk.get("answers", {}),
        "grid_area": parent.grid,
        "sensitivity": parent.sensitivity,
        "parent": parent,
        "parties": [_party_row(party) for party in facts.parties],
    }


def _party_row(party: Any) -> dict[str, Any]:
    return {
        "name": party.name if party.kind != PartyKind.UNKNOWN else "",
        "side": party.side,
        "kind": party.kind,
        "phone": party.phone,
        "id_number": party.id_number,
        "no_id_reason": party.no_id_reason,
        "address": party.address,
        "relation": party.relation,
        "is_minor": party.is_minor,
        "lives_on_own_work": party.lives_on_own_work,
        "guardian": party.guardian,
        "ethnicity": party.ethnicity,
        "occupation": party.occupation,
        "representative": party.representative,
        "is_affected_only": not party.is_necessary,
    }
