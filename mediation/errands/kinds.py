"""What can be asked for, registered by the rooms that make it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from mediation.accounts.actor import Actor
from mediation.core.errors import Text


@dataclass(frozen=True, slots=True)
class Product:
    """The finished file in the scratch directory, and the name under which the reader gets it."""

    path: Path
    name: str
    media_type: str


class Cancelled(Exception):
    """Raised out of ``Work.step``: the person does not want it any more."""


class Interrupted(Exception):
    """Raised out of ``Work.step``: the process ends; somebody else begins anew."""


class Held(Exception):
    """It has grown so large that a second person must agree first."""


@dataclass
class Work:
    """What a maker gets: the arguments, for whom, the moment, a directory of its own, and the bar.

    Call ``step(done, of)`` at least every few seconds; let what it raises pass through.
    """

    wanted: dict[str, Any]
    actor: Actor
    now: datetime
    scratch: Path
    step: Callable[[int, int], None] = field(repr=False)


Maker = Callable[[Work], Product]
Permit = Callable[[dict[str, Any], Actor, datetime], bool]
Count = Callable[[dict[str, Any], Actor, datetime], int]


def figures_only(wanted: dict[str, Any], actor: Actor, now: datetime) -> int:  # noqa: ARG001
    """The rows of what holds sums, or the papers of one case that the reader can open anyway: none."""
    return 0


@dataclass(frozen=True, slots=True)
class Kind:
    """``may_take`` is asked when it is made and again at every download: rights end.

    ``rows``: how many single records it would hold; many of them need a second person (``gate``).
    """

    name: str
    label: Text
    make: Maker
    may_take: Permit
    rows: Count


KINDS: dict[str, Kind] = {}


def errand(name: str, *, label: Text, may_take: Permit, rows: Count) -> Callable[[Maker], Maker]:
    """Register the decorated function as the maker of a kind."""

    def register(make: Maker) -> Maker:
        KINDS[name] = Kind(name, label, make, may_take, rows)
        return make

    return register


def label_of(name: str) -> Text:
    return KINDS[name].label if name in KINDS else name
