"""When a cluster may interrupt somebody, and when silence climbs to the next level."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from mediation.warning.ruleset import COLOURS, Colour

Why = Literal["new", "tier_up", "new_red_dispute", "growth", "digest_only", "suppressed"]

GROWTH, GROWTH_CASES = 1.5, 2

ACKNOWLEDGE_WITHIN: Mapping[Colour, timedelta] = {
    "red": timedelta(minutes=30),
    "orange": timedelta(hours=4),
    "yellow": timedelta(hours=24),
}


@dataclass(frozen=True, slots=True)
class Notice:
    """A cluster as it stands, or as it was when it was last pushed."""

    tier: Colour
    cases: int
    day: int
    red_disputes: int = 0


def may_push(now: Notice, *, pushed: Notice | None) -> tuple[bool, Why]:
    """Whether ``now`` is pushed after ``pushed``, and why. Blue waits for the weekly list."""
    if now.tier == "blue":
        return False, "digest_only"
    if pushed is None:
        return True, "new"
    if COLOURS.index(now.tier) > COLOURS.index(pushed.tier):
        return True, "tier_up"
    if now.red_disputes > pushed.red_disputes:
        return True, "new_red_dispute"
    if now.day > pushed.day and _has_grown(now.cases, pushed.cases):
        return True, "growth"
    return False, "suppressed"


def _has_grown(now: int, before: int) -> bool:
    return now >= GROWTH * before and now >= before + GROWTH_CASES


def levels_up(tier: Colour, *, waited: timedelta) -> int:
    """How many levels up an alarm goes that nobody has acknowledged: one, at twice the limit two."""
    limit = ACKNOWLEDGE_WITHIN.get(tier)
    if limit is None or waited < limit:
        return 0
    return 2 if waited >= 2 * limit else 1
