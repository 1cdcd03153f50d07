"""A command as data, and the registry of all of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mediation.core.errors import Text
from mediation.disputes.enums import Status
from mediation.disputes.guard import Guard
from mediation.disputes.models import Dispute
from workflows.commands.fields import CommandForm
from workflows.facts import CaseFacts

EVERYWHERE = frozenset(Status)
Effect = Callable[[Dispute, CaseFacts], None]


@dataclass(frozen=True, slots=True)
class Part:
    """A linked case to be registered: what is added to the title, its facts, and what differs."""

    suffix: str
    facts: str
    more: Mapping[str, Any] = field(default_factory=dict)


Parts = Callable[[Dispute, CaseFacts], list[Part]]


@dataclass(frozen=True, slots=True)
class Spec:
    """``name``: the verb; ``label``: on the button; ``done``: in the timeline and in notices.

    ``statuses`` holds for commands that record a fact without moving the status; those that move it
    have their sources in the lifecycle table. ``tells``: who is told besides the grid worker.
    ``phases``: where the linked reconsideration must stand. ``basis``: the article behind the step.
    ``parts``: the linked cases that are registered with it. ``primary``: what the procedure expects next,
    in the statuses of ``expected`` where these are named.
    """

    name: str
    label: Text
    done: Text
    form: type[CommandForm]
    effect: Effect
    tells: tuple[str, ...] = ()
    statuses: frozenset[str] = frozenset()
    guards: tuple[Guard, ...] = ()
    primary: bool = False
    hidden: bool = False
    phases: frozenset[str] = frozenset()
    basis: str = ""
    parts: Parts | None = None
    expected: frozenset[str] = frozenset()

    def comes_next(self, status: str) -> bool:
        return self.primary and (not self.expected or status in self.expected)


REGISTRY: dict[str, Spec] = {}


def command(
    name: str,
    *,
    label: Text,
    done: Text,
    form: type[CommandForm] = CommandForm,
    tells: tuple[str, ...] = (),
    statuses: Any = (),
    guards: tuple[Guard, ...] = (),
    primary: bool = False,
    hidden: bool = False,
    phases: Any = (),
    basis: str = "",
    parts: Parts | None = None,
    expected: Any = (),
) -> Callable[[Effect], Effect]:
    """Register the decorated function as the effect of a command."""

    def register(effect: Effect) -> Effect:
        if name in REGISTRY:
            raise ValueError(f"Two commands are called {name}.")
        REGISTRY[name] = Spec(
            name, label, done, form, effect, tells, frozenset(statuses), guards, primary, hidden,
            frozenset(phases), basis, parts, frozenset(expected),
        )  # fmt: skip
        return effect

    return register
