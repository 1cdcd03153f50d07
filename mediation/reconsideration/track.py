"""The legal life of a reconsideration: one table of steps, owned by django-fsm.

Only commands of ``workflows`` take these steps. ``RC_RESUMED`` and ``RC_EXTENDED`` are states in which the
case stands in the phase that it was in before; ``phase`` names it, and steps ask for the phase.
"""

from collections.abc import Callable, Sequence
from typing import Any

from django.db import models
from django_fsm import transition

from mediation.reconsideration.states import BEFORE_ACCEPTANCE, PASSING, RUNNING, SUABLE
from mediation.reconsideration.states import State as S


def stands_in(phases: Sequence[S]) -> Callable[[Any], bool]:
    """Whether the case stands in one of ``phases``, also when it was resumed or extended there."""

    def condition(track: Any) -> bool:
        return track.phase in phases

    return condition


def step(phases: Sequence[S], target: S) -> Any:
    """A transition out of ``phases``. Thin, so that the table below reads as one."""
    passing = PASSING if set(phases) & set(RUNNING) else ()
    return transition(
        field="status", source=[*phases, *passing], target=target, conditions=[stands_in(phases)]
    )


class Track(models.Model):
    """The steps. Mixed into ``Reconsideration``; holds no fields of its own."""

    status: Any
    stood_at: str

    class Meta:
        abstract = True

    @property
    def phase(self) -> str:
        """Where the review stands: behind “resumed” and “extended” the state before."""
        return self.stood_at if self.status in PASSING else str(self.status)

    # Before acceptance (arts. 20 to 32)
    @step([S.ADVISED], S.FILED)
    def file(self) -> None: ...

    @step(BEFORE_ACCEPTANCE, S.NOT_PURSUED)
    def give_up(self) -> None: ...

    @step([S.FILED], S.CORRECTION)
    def ask_correction(self) -> None: ...

    @step([S.CORRECTION], S.FILED)
    def correct(self) -> None: ...

    @step([S.CORRECTION], S.ABANDONED)
    def abandon(self) -> None: ...

    @step([S.FILED], S.ACCEPTED)
    def accept(self) -> None: ...

    @step([S.FILED], S.NOT_ACCEPTED)
    def refuse(self) -> None: ...

    # Review (arts. 36 to 62)
    @step([S.ACCEPTED], S.SERVED)
    def serve_copy(self) -> None: ...

    @step([S.SERVED], S.REPLIED)
    def reply(self) -> None: ...

    @step([S.SERVED, S.REPLIED, S.HEARING], S.HEARING)
    def hear(self) -> None: ...

    @step(RUNNING, S.SUSPENDED)
    def suspend(self) -> None:
        self.stood_at = self.phase

    @step([S.SUSPENDED], S.RESUMED)
    def resume(self) -> None: ...

    @step(RUNNING, S.EXTENDED)
    def extend(self) -> None:
        self.stood_at = self.phase

    # Results (arts. 33, 41, 63 to 74)
    @step(RUNNING, S.REJECTED)
    def reject(self) -> None: ...

    @step([S.SERVED, S.REPLIED, S.HEARING], S.DECIDED)
    def decide(self) -> None: ...

    @step([*RUNNING, S.SUSPENDED], S.MEDIATED)
    def mediate(self) -> None: ...

    @step([*RUNNING, S.SUSPENDED], S.TERMINATED)
    def terminate(self) -> None: ...

    # Effect (arts. 75 to 78)
    @step([S.DECIDED], S.EFFECTIVE)
    def serve_decision(self) -> None: ...

    @step([S.EFFECTIVE, S.MEDIATED], S.PERFORMED)
    def perform(self) -> None: ...

    @step([*RUNNING, *sorted(SUABLE)], S.LITIGATION)
    def sue(self) -> None: ...
