"""Earlier disputes of other people close by: a note on the case, never an alarm."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

SAME_ADDRESS_METRES, SAME_ADDRESS_DAYS = 15.0, 90
NEAR_METRES, NEAR_DAYS, NEAR_LEAST = 100.0, 14, 2

Kind = Literal["same_address", "near_repeat"]


@dataclass(frozen=True, slots=True)
class Incident:
    """One dispute on the map, in metres. An address is compared as normalised by the caller."""

    day: int
    x: float
    y: float
    category: int | str
    parties: frozenset[str]
    address: str = ""


def near_repeat(new: Incident, past: Mapping[int, Incident]) -> tuple[Kind | None, tuple[int, ...]]:
    """Which earlier disputes of others ``new`` repeats, by id: at its address, else nearby.

    Nearby counts only in the same category and from two on; beyond that no effect was measured.
    """
    others = {id_: old for id_, old in past.items() if not old.parties & new.parties}
    if found := _matching(others, lambda old: _same_address(new, old)):
        return "same_address", found
    found = _matching(others, lambda old: _nearby(new, old))
    return ("near_repeat", found) if len(found) >= NEAR_LEAST else (None, ())


def _matching(past: Mapping[int, Incident], fits: Callable[[Incident], bool]) -> tuple[int, ...]:
    return tuple(id_ for id_, old in past.items() if fits(old))


def _same_address(new: Incident, old: Incident) -> bool:
    same = bool(new.address) and new.address == old.address
    return (same or _metres(new, old) <= SAME_ADDRESS_METRES) and _within(
        new, old, SAME_ADDRESS_DAYS
    )


def _nearby(new: Incident, old: Incident) -> bool:
    close = _metres(new, old) <= NEAR_METRES and _within(new, old, NEAR_DAYS)
    return close and new.category == old.category


def _metres(new: Incident, old: Incident) -> float:
    return math.hypot(new.x - old.x, new.y - old.y)


def _within(new: Incident, old: Incident, days: int) -> bool:
    return 0 <= new.day - old.day <= days
