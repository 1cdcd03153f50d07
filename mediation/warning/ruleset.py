"""The shapes of a rule set: what lifts a grade, what counts, and what a colour asks of people.

Plain Python. Evidence: A measured, or published repeatedly; B consistent literature or case
studies; C expert judgement or policy.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from mediation.deadlines.words import Said
from mediation.warning.conditions import AtLeast, Condition, Yes

Colour = Literal["blue", "yellow", "orange", "red"]
Evidence = Literal["A", "B", "C"]

COLOURS: tuple[Colour, ...] = ("blue", "yellow", "orange", "red")
COLOUR_WORDS: Mapping[Colour, tuple[str, str]] = {
    "blue": ("蓝色", "Blue"),
    "yellow": ("黄色", "Yellow"),
    "orange": ("橙色", "Orange"),
    "red": ("红色", "Red"),
}


@dataclass(frozen=True, slots=True)
class Factor:
    """A fact that alone lifts the grade to ``colour``, whatever the points say."""

    id: str
    zh: str
    en: str
    colour: Colour
    when: Condition
    evidence: Evidence
    basis: tuple[Said, ...] = ()
    """The articles of law that call for it."""


@dataclass(frozen=True, slots=True)
class Weight:
    """A factor that counts. The first of its ``steps`` (points, condition) that holds is taken."""

    id: str
    zh: str
    en: str
    steps: tuple[tuple[int, Condition], ...]
    evidence: Evidence


def flagged(id_: str, fact: str, points: int, evidence: Evidence, *, zh: str, en: str) -> Weight:
    """Points for one yes."""
    return Weight(id_, zh, en, ((points, Yes(fact)),), evidence)


def counted(
    id_: str, fact: str, steps: Mapping[float, int], evidence: Evidence, *, zh: str, en: str
) -> Weight:
    """Points that grow with a number: least value → points."""
    falling = sorted(steps.items(), reverse=True)
    return Weight(
        id_, zh, en, tuple((pts, AtLeast(fact, least)) for least, pts in falling), evidence
    )


@dataclass(frozen=True, slots=True)
class Reaction:
    """What a colour asks of people. ``confirm_within`` is empty where nobody has to confirm."""

    confirm_within: timedelta | None
    first_contact: timedelta
    lead_zh: str
    lead_en: str
    follow_up_zh: str
    follow_up_en: str


@dataclass(frozen=True, slots=True)
class RuleSet:
    version: str
    effective_from: date
    hard: Mapping[str, str]
    """The questions that must be answered: trigger → flag."""
    flags: frozenset[str]
    """Every yes/no fact that may be given."""
    triggers: tuple[Factor, ...]
    floors: tuple[Factor, ...]
    weights: tuple[Weight, ...]
    cuts: tuple[tuple[int, Colour], ...]
    """Points from which a colour starts, highest first."""
    reactions: Mapping[Colour, Reaction]
    call_now: frozenset[str]
    """Triggers on which the reporter is shown “call 110 or 120 now” at once."""
