"""Periods of figures: what a word like “this month” means today, and what it is compared with."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """Days, both ends included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def word(self) -> str:
        """As an address says it."""
        if self.first == self.last:
            return self.first.isoformat()
        return f"{self.first.isoformat()}..{self.last.isoformat()}"

    def shifted(self, days: int) -> "Span":
        return Span(self.first + days * DAY, self.last + days * DAY)


WORDS: Mapping[str, str | Promise] = {
    "today": _("Today"),
    "week": _("Last 7 days"),
    "month": _("This month"),
    "last_month": _("Last month"),
    "quarter": _("This quarter"),
    "year": _("This year"),
    "last_year": _("Last year"),
}
DEFAULT = "month"


@dataclass(frozen=True, slots=True)
class Period:
    """``now`` is shown, ``before`` is what it is compared with."""

    name: str
    now: Span
    before: Span


def named(name: str, today: date) -> Period:
    """The period of a word of ``WORDS``; an unknown word means the default."""
    name = name if name in WORDS else DEFAULT
    if name == "today":
        return Period(name, Span(today, today), Span(today - DAY, today - DAY))
    if name == "week":
        now = Span(today - 6 * DAY, today)
        return Period(name, now, now.shifted(-7))
    if name == "last_month":
        last = today.replace(day=1) - DAY
        return Period(name, _month(last), _month(last.replace(day=1) - DAY))
    if name == "last_year":
        return Period(name, _year(today.year - 1), _year(today.year - 2))
    first = {
        "month": today.replace(day=1),
        "quarter": today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1),
        "year": today.replace(month=1, day=1),
    }[name]
    back = {"month": 1, "quarter": 3, "year": 12}[name]
    return Period(name, Span(first, today), Span(_back(first, back), _back(today, back)))


def custom(span: Span) -> Period:
    """Any days, compared with as many right before."""
    return Period("", span, span.shifted(-span.days))


def _month(day: date) -> Span:
    return Span(day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1]))


def _year(year: int) -> Span:
    return Span(date(year, 1, 1), date(year, 12, 31))


def _back(day: date, months: int) -> date:
    """The same day so many months earlier; the last of the month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def months_until(today: date, count: int) -> list[Span]:
    """The last ``count`` months, the present one up to ``today``."""
    spans = [_month(_back(today.replace(day=1), n)) for n in range(count - 1, -1, -1)]
    return [*spans[:-1], Span(spans[-1].first, today)]


@dataclass(frozen=True, slots=True)
class Segment:
    """Days or whole months that lie in one piece."""

    grain: str
    first: date
    last: date


def segments(span: Span) -> list[Segment]:
    """A span in as few cells as possible: whole months, and single days at its edges."""
    first = span.first if span.first.day == 1 else _back(span.first.replace(day=1), -1)
    after = span.last + DAY
    end = after if after.day == 1 else after.replace(day=1)
    if first >= end:
        return [Segment("d", span.first, span.last)]
    found = [Segment("m", first, _back(end, 1))]
    if span.first < first:
        found.append(Segment("d", span.first, first - DAY))
    if end < after:
        found.append(Segment("d", end, span.last))
    return found
