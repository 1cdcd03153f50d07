"""The periods that reports are made for: a month, a quarter, half a year, a year."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.functional import Promise
from django.utils.translation import pgettext, pgettext_lazy

from mediation.core.clock import end_of
from mediation.reports.periods import DAY, Span

KINDS: dict[str, tuple[int, str | Promise]] = {
    "M": (1, pgettext_lazy("filing", "Month")),
    "Q": (3, pgettext_lazy("filing", "Quarter")),
    "H": (6, pgettext_lazy("filing", "Half-year")),
    "Y": (12, pgettext_lazy("filing", "Year")),
}
"""Kind → months in it, and its name."""
FIRST_YEAR, LAST_YEAR = 2000, 2100
_WORD = re.compile(r"(\d{4})(?:([MQH])(\d{1,2}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Term:
    """``number`` counts from 1 within the year: 2026Q2 is April to June."""

    kind: str
    year: int
    number: int = 1

    @property
    def months(self) -> int:
        return KINDS[self.kind][0]

    @property
    def span(self) -> Span:
        first = (self.number - 1) * self.months
        return Span(date(self.year, first + 1, 1), _first(self.year, first + self.months) - DAY)

    @property
    def word(self) -> str:
        """As an address says it."""
        return str(self.year) if self.kind == "Y" else f"{self.year}{self.kind}{self.number}"

    @property
    def begin(self) -> datetime:
        """The first moment."""
        return end_of(self.span.first - DAY)

    @property
    def end(self) -> datetime:
        """The first moment after it."""
        return end_of(self.span.last)

    @property
    def before(self) -> "Term":
        """The one right before (环比)."""
        if self.number > 1:
            return Term(self.kind, self.year, self.number - 1)
        return Term(self.kind, self.year - 1, 12 // self.months)

    @property
    def year_ago(self) -> "Term":
        """The same one of the year before (同比)."""
        return Term(self.kind, self.year - 1, self.number)

    @property
    def label(self) -> str:
        told = {"year": self.year, "n": self.number}
        if self.kind == "M":
            return pgettext("filing", "%(year)d-%(n)02d") % told
        if self.kind == "Q":
            return pgettext("filing", "Quarter %(n)d of %(year)d") % told
        if self.kind == "H":
            half = {
                1: pgettext("filing", "First half of %(year)d"),
                2: pgettext("filing", "Second half of %(year)d"),
            }
            return half[self.number] % told
        return pgettext("filing", "Year %(year)d") % told


def _first(year: int, months: int) -> date:
    """The first day of the month that lies ``months`` after January."""
    return date(year + months // 12, months % 12 + 1, 1)


def read(word: str) -> Term | None:
    """The term that an address names; ``None`` when it names none."""
    found = _WORD.fullmatch(word)
    if not found:
        return None
    year, kind, number = int(found[1]), found[2] or "Y", int(found[3] or 1)
    known = FIRST_YEAR <= year <= LAST_YEAR and 1 <= number <= 12 // KINDS[kind][0]
    return Term(kind, year, number) if known else None


def of(day: date, kind: str) -> Term:
    """The term of a kind in which a day lies."""
    return Term(kind, day.year, (day.month - 1) // KINDS[kind][0] + 1)


def latest(today: date, kind: str) -> Term:
    """The last one that is over."""
    return of(today, kind).before


def recent(today: date, kind: str, count: int) -> list[Term]:
    """The running one and those before it, the newest first."""
    found = [of(today, kind)]
    while len(found) < count:
        found.append(found[-1].before)
    return found
