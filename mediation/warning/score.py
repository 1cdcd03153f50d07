"""The grade of one dispute: the worst of its grave signs, its floors and its points.

Plain Python. The grade belongs to the dispute and its facts, never to a person, and a person
confirms it. The same facts under the same rules give the same grade for ever.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mediation.warning import known_facts
from mediation.warning.conditions import Facts
from mediation.warning.known_facts import BadFacts
from mediation.warning.rules import CURRENT
from mediation.warning.ruleset import COLOUR_WORDS, COLOURS, Colour, Factor, RuleSet, Weight

__all__ = ["BadFacts", "Risk", "assess_risk"]

MAIN_FACTORS = 3


@dataclass(frozen=True, slots=True)
class Risk:
    """One grade with everything that led to it. Factors are named by their id in the rules."""

    version: str
    colour: Colour
    base_colour: Colour
    """What the points alone would give."""
    points: int
    triggers: tuple[str, ...]
    floors: tuple[str, ...]
    contributions: tuple[tuple[str, int], ...]
    """Factor and points, the weightiest first."""
    unknown: tuple[str, ...]
    """The grave signs that nobody has verified yet, by trigger."""
    explain_zh: str
    explain_en: str

    @property
    def needs_verification(self) -> bool:
        return bool(self.unknown)


def assess_risk(facts: Mapping[str, Any], *, rules: RuleSet = CURRENT) -> Risk:
    """Grade ``facts``. What is missing or ``None`` is unknown, which is not “no”.

    Raises ``BadFacts`` when a fact is not one that the rules know, or has an impossible value.
    """
    known = known_facts.read(facts, flags=rules.flags)
    triggers = [factor for factor in rules.triggers if factor.when.holds(known)]
    floors = [factor for factor in rules.floors if factor.when.holds(known)]
    counted = _contributions(rules.weights, known)
    points = max(0, sum(pts for _, pts in counted))
    base = next(colour for least, colour in rules.cuts if points >= least)
    colour = max((base, *(f.colour for f in (*triggers, *floors))), key=COLOURS.index)
    return Risk(
        version=rules.version,
        colour=colour,
        base_colour=base,
        points=points,
        triggers=tuple(factor.id for factor in triggers),
        floors=tuple(factor.id for factor in floors),
        contributions=tuple((weight.id, pts) for weight, pts in counted),
        unknown=tuple(id_ for id_, flag in rules.hard.items() if known.get(flag) is None),
        explain_zh=_explain_zh(colour, points, triggers, floors, counted),
        explain_en=_explain_en(colour, points, triggers, floors, counted),
    )


def _contributions(weights: Sequence[Weight], known: Facts) -> list[tuple[Weight, int]]:
    counted = [(weight, points) for weight in weights if (points := _points(weight, known))]
    return sorted(counted, key=lambda pair: (-pair[1], pair[0].id))


def _points(weight: Weight, known: Facts) -> int:
    return next((points for points, when in weight.steps if when.holds(known)), 0)


def _explain_zh(
    colour: Colour,
    points: int,
    triggers: Sequence[Factor],
    floors: Sequence[Factor],
    counted: Sequence[tuple[Weight, int]],
) -> str:
    main = [f"{weight.zh}({pts:+d})" for weight, pts in counted[:MAIN_FACTORS]]
    parts = {
        "红线情形": [factor.zh for factor in triggers],
        "保底规则": [factor.zh for factor in floors],
        "主要因素": main,
    }
    said = [f"{head}:{'、'.join(words)}。" for head, words in parts.items() if words]
    return f"{COLOUR_WORDS[colour][0]}({points}分)。{''.join(said)}"


def _explain_en(
    colour: Colour,
    points: int,
    triggers: Sequence[Factor],
    floors: Sequence[Factor],
    counted: Sequence[tuple[Weight, int]],
) -> str:
    main = [f"{weight.en} ({pts:+d})" for weight, pts in counted[:MAIN_FACTORS]]
    parts = {
        "Grave signs": [factor.en for factor in triggers],
        "Floors": [factor.en for factor in floors],
        "Main factors": main,
    }
    said = [f" {head}: {'; '.join(words)}." for head, words in parts.items() if words]
    return f"{COLOUR_WORDS[colour][1]} ({points} point{'' if points == 1 else 's'}).{''.join(said)}"
