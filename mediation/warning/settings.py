"""The numbers that an office may set: from which points a colour starts, how long an alert may wait.

Plain Python. What a stored table does not say keeps the house's value, so that an old table stays valid
when the house learns a new number.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from typing import Any

from mediation.warning.rules import CURRENT
from mediation.warning.ruleset import COLOURS, RuleSet, Weight

MOST_POINTS = 200
MOST_CHANGE = 3
"""So many points a weight may move at once; more would not be learning but replacing."""


@dataclass(frozen=True, slots=True)
class Settings:
    """``version``: 0 stands for the house's own table."""

    version: int = 0
    red_from: int = 50
    orange_from: int = 30
    yellow_from: int = 15
    red_minutes: int = 30
    orange_minutes: int = 4 * 60
    yellow_minutes: int = 24 * 60
    # Parts of the time allowed, in percent, after which silence climbs.
    deputy_percent: int = 50
    one_up_percent: int = 100
    two_up_percent: int = 200
    remind_hours: int = 24
    fold_minutes: int = 60
    quiet_from: str = "22:00"
    quiet_until: str = "07:00"
    false_alarm_weeks: int = 12
    weights: Mapping[str, list[int]] = field(default_factory=dict)

    def rules(self, base: RuleSet = CURRENT) -> RuleSet:
        """The rule set with this office's bands and weights; ``base`` itself when it changes nothing."""
        if not self.version:
            return base
        cuts = dict(zip(reversed(COLOURS), self.cuts, strict=True))
        return replace(
            base,
            version=f"{base.version}-{self.version}",
            cuts=tuple((least, colour) for colour, least in cuts.items()),
            weights=tuple(self._weighed(weight) for weight in base.weights),
        )

    @property
    def cuts(self) -> tuple[int, int, int, int]:
        return self.red_from, self.orange_from, self.yellow_from, 0

    def _weighed(self, weight: Weight) -> Weight:
        points = self.weights.get(weight.id)
        if points is None or len(points) != len(weight.steps):
            return weight
        whens = [when for _points, when in weight.steps]
        return replace(weight, steps=tuple(zip(points, whens, strict=True)))

    def acknowledge_within(self, colour: str) -> timedelta | None:
        """How long an alert of ``colour`` may stay unseen; blue has no limit."""
        minutes = {
            "red": self.red_minutes,
            "orange": self.orange_minutes,
            "yellow": self.yellow_minutes,
        }.get(colour.lower())
        return None if minutes is None else timedelta(minutes=minutes)

    def rungs(self, colour: str) -> list[timedelta]:
        """After how long silence climbs: to the deputy, one level up, two levels up."""
        limit = self.acknowledge_within(colour)
        if limit is None:
            return []
        percents = (self.deputy_percent, self.one_up_percent, self.two_up_percent)
        return [limit * percent / 100 for percent in percents]

    def quiet_ends(self, local: datetime) -> datetime | None:
        """When the quiet hours end in which ``local`` lies; none outside of them."""
        begin, end = time.fromisoformat(self.quiet_from), time.fromisoformat(self.quiet_until)
        clock = local.time()
        if begin == end:
            return None
        night = begin > end  # over midnight
        inside = (clock >= begin or clock < end) if night else begin <= clock < end
        if not inside:
            return None
        day = local.date() + timedelta(days=1 if night and clock >= begin else 0)
        return local.replace(
            year=day.year, month=day.month, day=day.day,
            hour=end.hour, minute=end.minute, second=0, microsecond=0,
        )  # fmt: skip


HOUSE = Settings()


def read(content: Mapping[str, Any], *, version: int) -> Settings:
    """The settings of a stored table. Unknown names are passed over."""
    known = {name: content[name] for name in Settings.__slots__ if name in content}
    return replace(HOUSE, **known | {"version": version})
