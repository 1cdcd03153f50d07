"""The small language in which the risk rules are written, so that a table can be read and run.

Plain Python. Every condition answers ``holds(facts)`` and prints itself for the reference page.
A fact that is missing or ``None`` is unknown: it fulfils nothing but ``Unknown``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

Facts = Mapping[str, Any]


class Condition(Protocol):
    def holds(self, facts: Facts) -> bool: ...


@dataclass(frozen=True, slots=True)
class Yes:
    fact: str

    def holds(self, facts: Facts) -> bool:
        return facts.get(self.fact) is True

    def __str__(self) -> str:
        return f"`{self.fact}`"


@dataclass(frozen=True, slots=True)
class Unknown:
    fact: str

    def holds(self, facts: Facts) -> bool:
        return facts.get(self.fact) is None

    def __str__(self) -> str:
        return f"`{self.fact}` unknown"


@dataclass(frozen=True, slots=True)
class AtLeast:
    fact: str
    least: float

    def holds(self, facts: Facts) -> bool:
        value = facts.get(self.fact)
        return value is not None and bool(value >= self.least)

    def __str__(self) -> str:
        return f"`{self.fact}` ≥ {self.least:g}"


@dataclass(frozen=True, slots=True)
class Between:
    fact: str
    least: int
    most: int

    def holds(self, facts: Facts) -> bool:
        value = facts.get(self.fact)
        return value is not None and bool(self.least <= value <= self.most)

    def __str__(self) -> str:
        return f"{self.least} ≤ `{self.fact}` ≤ {self.most}"


@dataclass(frozen=True, slots=True)
class OneOf:
    fact: str
    values: tuple[str, ...]

    def holds(self, facts: Facts) -> bool:
        return facts.get(self.fact) in self.values

    def __str__(self) -> str:
        return f"`{self.fact}` is {' or '.join(f'`{value}`' for value in self.values)}"


@dataclass(frozen=True, slots=True)
class Every:
    parts: tuple[Condition, ...]

    def holds(self, facts: Facts) -> bool:
        return all(part.holds(facts) for part in self.parts)

    def __str__(self) -> str:
        # Only the alternatives need brackets: "and" binds what stands beside it.
        return " and ".join(f"({p})" if isinstance(p, Either) else str(p) for p in self.parts)


@dataclass(frozen=True, slots=True)
class Either:
    parts: tuple[Condition, ...]

    def holds(self, facts: Facts) -> bool:
        return any(part.holds(facts) for part in self.parts)

    def __str__(self) -> str:
        return " or ".join(str(part) for part in self.parts)
