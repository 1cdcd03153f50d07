"""What goes into ``engine.execute``, and what comes out of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from mediation.disputes.models import Dispute

Answerer = Callable[[Dispute], str]


@dataclass(frozen=True, slots=True)
class Command:
    """What somebody wants. ``dispute`` is a case number, lookup code or key; empty for ``register``."""

    name: str
    dispute: str | int | None = None
    version: int | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    key: str = ""
    door: str = "page"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What happened. The same key gets the same outcome again.

    ``answer``: what the door told its caller, word for word, when it asked to have that kept.
    """

    number: str
    code: str
    version: int
    status: str
    answer: str = ""


def outcome_of(dispute: Dispute, answerer: Answerer | None = None) -> Outcome:
    """How ``dispute`` stands now, with the answer that the door writes of it, if it wants one kept."""
    outcome = Outcome(dispute.number, dispute.code, dispute.version, dispute.status)
    return replace(outcome, answer=answerer(dispute)) if answerer else outcome
