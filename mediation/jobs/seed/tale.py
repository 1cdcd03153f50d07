"""One dispute as it will be told: who does what when. Nothing is written here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from mediation.jobs.seed.topics import Topic
from mediation.warning.questions import QUESTIONS

SHANGHAI = ZoneInfo("Asia/Shanghai")
RESIDENT = "居民"
Progress = Callable[[int, int], None]
"""Told after each step how many of how many are done."""


@dataclass(frozen=True, slots=True)
class Step:
    """One command to come. ``case`` names a tale; ``<key>/1`` is the first part of a split one."""

    at: datetime
    case: str
    who: str
    command: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class NumberOf:
    """Stands in a step's data for the number that another tale will have been given."""

    case: str


@dataclass(frozen=True, slots=True)
class Team:
    """The people responsible in one grid, by user name. ``mediator_id``: as forms name him."""

    grid: str
    worker: str
    mediator: str
    mediator_id: int
    centre: str
    justice: str
    leader: str
    clerk: str
    leader_id: int


@dataclass
class Tale:
    """A dispute on its way. ``now`` only ever moves forward."""

    key: str
    rng: Random
    team: Team
    topic: Topic
    colour: str
    now: datetime
    nature: str = "CIVIL"
    parties: list[dict[str, Any]] = field(default_factory=list)
    people_count: int | None = None
    amount: int | None = None
    twin: str = ""
    fresh: bool = False
    steps: list[Step] = field(default_factory=list)
    alert: str = "resolved"
    verdict: str = ""
    target: str = "court"
    agreement: str = "written"
    obligations: int = 1
    accepted_on: date | None = None
    by_request: bool = False
    filed: bool = False
    """Whether its papers are issued and its evidence lies in the file."""

    @property
    def end(self) -> datetime:
        return self.steps[-1].at

    @property
    def today(self) -> date:
        return self.now.date()

    @property
    def is_alarming(self) -> bool:
        return self.colour in {"RED", "ORANGE"}

    @property
    def asked(self) -> list[int]:
        """The ordinals of the parties whose consent is needed."""
        return [
            n for n, row in enumerate(self.parties, 1) if not row.get("is_affected_only", False)
        ]

    def do(self, who: str, command: str, *, case: str = "", **data: Any) -> None:
        self.steps.append(Step(self.now, case or self.key, who, command, data))
        self.now += timedelta(minutes=self.rng.randint(4, 25))

    def aside(self, who: str, command: str, /, **data: Any) -> None:
        """Do it in the same minute as the next step: a word on the way."""
        self.steps.append(Step(self.now, self.key, who, command, data))

    def minutes(self, low: int, high: int) -> None:
        self.now += timedelta(minutes=self.rng.randint(low, high))

    def days(self, low: int, high: int) -> None:
        """Go on some days later, on a weekday within office hours."""
        self.office(self.today + timedelta(days=self.rng.randint(low, high)))

    def office(self, day: date | None = None) -> None:
        """Move into office hours of ``day`` (today) or of the next weekday."""
        day = day or self.today
        if day == self.today and self.now.time() > time(16, 30):
            day += timedelta(days=1)
        while day.weekday() >= 5:
            day += timedelta(days=1)
        opened = datetime.combine(day, time(8, 40), SHANGHAI)
        self.now = max(self.now, opened + timedelta(minutes=self.rng.randint(0, 420)))

    def evening(self) -> None:
        """Move to the evening of the same day: people quarrel after work."""
        late = datetime.combine(self.today, time(18, 50), SHANGHAI)
        self.now = max(self.now, late + timedelta(minutes=self.rng.randint(0, 150)))

    def answers(self) -> dict[str, str]:
        """Answers that lead the rules to the colour of this tale."""
        return CALM | self.rng.choice(MOOD[self.colour])

    def further(self) -> dict[str, str]:
        """What the centre adds when it assesses."""
        return {
            "unavoidable_contact": self.rng.choice(("yes", "no")),
            "alcohol": self.rng.choice(("no", "no", "unknown")),
            "failed_mediations": "0",
        }


CALM: dict[str, str] = {
    question.key: "no"
    for question in QUESTIONS
    if any(choice.value == "no" for choice in question.choices)
} | {"conduct": "calm", "earlier_disputes": "0", "police_calls": "0"}
MOOD: dict[str, tuple[dict[str, str], ...]] = {
    "BLUE": ({}, {}, {"conduct": "threat"}, {"earlier_disputes": "1"}),
    "YELLOW": (
        {"conduct": "threat", "earlier_disputes": "1", "police_calls": "1"},
        {"conduct": "threat", "earlier_disputes": "2"},
        {"dangerous_goods": "unknown"},
    ),
    "ORANGE": (
        {"conduct": "push", "earlier_disputes": "1"},
        {"conduct": "both", "earlier_disputes": "2", "police_calls": "1"},
    ),
    "RED": (
        {"conduct": "both", "death_threat": "yes", "earlier_disputes": "2", "police_calls": "2"},
        {"conduct": "both", "weapon_used": "yes", "earlier_disputes": "1"},
        {"conduct": "both", "injury": "yes", "police_calls": "1"},
    ),
}
