"""What a statutory period is: its length, its unit, the event that starts it, and its source."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from mediation.deadlines.words import Said, listed


class Unit(StrEnum):
    WORKING_DAY = "working_day"
    CALENDAR_DAY = "calendar_day"
    MONTH = "month"
    YEAR = "year"
    HOUR = "hour"


class Bound(StrEnum):
    """Who must act, or loses something, when the period ends."""

    US = "us"  # the committee, its centre, or the subdistrict as the organ: late means supervised
    PARTY = "party"  # a right of a party: it lapses, and nobody here is late
    ORGAN = "organ"  # a court, an arbitration body or another organ


BOUND_WORDS = {
    Bound.US: Said("committee, centre or subdistrict", "调解组织、中心或者街道"),
    Bound.PARTY: Said("party", "当事人"),
    Bound.ORGAN: Said("court or other organ", "法院或者其他机关"),
}


class Direction(StrEnum):
    FORWARD = "forward"
    BACKWARD = "backward"  # counted back from an event: "at least five days before the hearing"


# unit → (English singular, Chinese with its measure word)
UNIT_WORDS = {
    Unit.WORKING_DAY: ("working day", "个工作日"),
    Unit.CALENDAR_DAY: ("calendar day", "日"),
    Unit.MONTH: ("month", "个月"),
    Unit.YEAR: ("year", "年"),
    Unit.HOUR: ("hour", "小时"),
}


def quantity(count: int, unit: Unit) -> Said:
    """“30 calendar days”, “30日”."""
    english, chinese = UNIT_WORDS[unit]
    return Said(f"{count} {english}{'' if count == 1 else 's'}", f"{count}{chinese}")


@dataclass(frozen=True, slots=True)
class Law:
    """A law, regulation or judicial interpretation, in the text that is cited."""

    name: str
    name_zh: str
    in_force: date | None

    def art(
        self, number: int, *, paragraph: int | None = None, item: int | None = None
    ) -> "Article":
        return Article(self, number, paragraph, item)

    @property
    def whole(self) -> "Article":
        return Article(self)


@dataclass(frozen=True, slots=True)
class Article:
    law: Law
    number: int | None = None
    paragraph: int | None = None
    item: int | None = None

    @property
    def said(self) -> Said:
        if self.number is None:
            return Said(self.law.name, f"《{self.law.name_zh}》")
        inner = [part for part in (self.paragraph, self.item) if part]
        english = f"art. {self.number}" + "".join(f"({part})" for part in inner)
        chinese = f"第{self.number}条"
        chinese += f"第{self.paragraph}款" if self.paragraph else ""
        chinese += f"第{self.item}项" if self.item else ""
        return Said(f"{self.law.name}, {english}", f"《{self.law.name_zh}》{chinese}")


@dataclass(frozen=True, slots=True)
class Extension:
    """How far a period may be extended, and on what condition. ``upto=None``: no fixed limit."""

    upto: int | None
    condition: str
    condition_zh: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """One clock of the law. ``length`` and ``may_extend.upto`` are in ``unit``."""

    code: str
    title: str
    title_zh: str
    length: int
    unit: Unit
    starts: str  # the event; its own day is not counted
    starts_zh: str
    basis: tuple[Article, ...]
    roll: bool = True  # a last day on a rest day moves to the next working day
    direction: Direction = Direction.FORWARD
    may_extend: Extension | None = None
    granted: bool = False  # the length is the most that may be granted; a case may be given less
    bound: Bound = Bound.ORGAN
    stops: str = ""  # what takes days out of the count; a pause on any other ground is an error
    stops_zh: str = ""
    on_expiry: str = ""
    on_expiry_zh: str = ""

    @property
    def valid_from(self) -> date:
        """Since when the cited text applies. Earlier cases need the text of their own time."""
        return next(article.law.in_force for article in self.basis if article.law.in_force)

    @property
    def names(self) -> Said:
        return Said(self.title, self.title_zh)

    @property
    def span(self) -> Said:
        return quantity(self.length, self.unit)

    @property
    def source(self) -> Said:
        return listed([article.said for article in self.basis])
