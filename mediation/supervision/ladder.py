"""The ladder of what is overdue, as data: how long each level waits, and who may lift it."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from mediation.accounts.actor import Actor
from mediation.accounts.models import Role
from mediation.deadlines.compute import working_days_later
from mediation.deadlines.store import calendar_in_force
from mediation.supervision.models import Card

Level, Owner = Card.Level, Card.Owner

ANSWER_IN: Final[Mapping[str, int]] = {Level.REMINDER: 3, Level.YELLOW: 3, Level.RED: 5}
"""Working days within which a card asks for its answer; then the next level takes over."""

NEXT: Final[Mapping[str, str]] = {Level.REMINDER: Level.YELLOW, Level.YELLOW: Level.RED}

# The offices of the subdistrict press those who handle a case; its leaders press the offices.
OFFICES = frozenset({Role.CENTRE_STAFF, Role.JUSTICE_STAFF})
ROLES_OF: Final[Mapping[str, frozenset[Role]]] = {
    Owner.OFFICE: OFFICES,
    Owner.LEADER: frozenset({Role.LEADER}),
}
OWNER_OF: Final[Mapping[str, str]] = {
    Level.REMINDER: Owner.OFFICE,
    Level.YELLOW: Owner.OFFICE,
    Level.RED: Owner.LEADER,
}
RULE_OF: Final[Mapping[str, str]] = {
    Level.REMINDER: "CARD_REMINDER",
    Level.YELLOW: "CARD_YELLOW",
    Level.RED: "CARD_RED",
}
"""The clock by which a card of that level is to be answered."""


def answer_day(level: str, today: date) -> date:
    """The last day for the answer to a card that is set ``today``."""
    return working_days_later(today, ANSWER_IN[level], calendar=calendar_in_force())


def owner_at(actor: Actor, area_code: str) -> str:
    """As which level the actor sets a card there; empty when he may not."""
    for owner in (Owner.LEADER, Owner.OFFICE):
        if any(actor.holds(role, area_code) for role in ROLES_OF[owner]):
            return owner
    return ""


def levels_for(owner: str) -> list[str]:
    """The levels that an office or a leader may set: a red card is a leader's."""
    every = list(Level.values)
    return every if owner == Owner.LEADER else [one for one in every if one != Level.RED]


def may_lift(actor: Actor, card: Card, area_code: str) -> bool:
    """The level that set it, and nobody who answered it himself."""
    own_answer = card.answered_by_id is not None and card.answered_by_id == actor.person_id
    of_level = any(actor.holds(role, area_code) for role in ROLES_OF[card.owner])
    return of_level and not own_answer
