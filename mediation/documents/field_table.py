"""The table of fields: what each is called, where in the case it comes from, and how it is read."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from mediation.documents.casefile import Slip

Value = str | list[dict[str, str]] | list[str]
Getter = Callable[[Slip], Value]


@dataclass(frozen=True, slots=True)
class Field:
    """``source``: model and column, or the act that carries it. A list is repeated in the paper."""

    key: str
    label: str
    source: str
    read: Getter


FIELDS: dict[str, Field] = {}


G = TypeVar("G", bound=Getter)


def field(key: str, label: str, source: str) -> Callable[[G], G]:
    def register(read: G) -> G:
        FIELDS[key] = Field(key, label, source, read)
        return read

    return register


def simple(key: str, label: str, source: str, read: Getter) -> None:
    FIELDS[key] = Field(key, label, source, read)


def name_of(person: Any) -> str:
    return person.name if person is not None else ""
