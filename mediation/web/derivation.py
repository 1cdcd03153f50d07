"""A statutory period for people: the question, the answer, and the answer day by day."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from mediation.deadlines import compute
from mediation.deadlines.calendar import WorkCalendar
from mediation.deadlines.daily import DayLine, daily
from mediation.deadlines.period import BOUND_WORDS, Direction, Period, Unit, quantity
from mediation.deadlines.words import DeadlineError
from mediation.deadlines.yearplan import DAY
from workflows.commands.fields import Day, Moment

PAUSES = 3
EARLIEST, LATEST_EXTENSION = date(1949, 10, 1), 9999


def language() -> str:
    return get_language() or "zh-hans"


class QuestionForm(forms.Form):
    """When it began, how much it was extended, and when it stood still."""

    def __init__(self, period: Period, data: Any = None, *, today: date) -> None:
        super().__init__(data)
        self.period = period
        event = period.starts_zh if language().startswith("zh") else period.starts
        by_hour = period.unit is Unit.HOUR
        kind = Moment if by_hour else Day
        self.fields["start"] = kind(
            label=_("Moment of the event") if by_hour else _("Day of the event"),
            help_text=event,
            initial=datetime.combine(today, datetime.min.time()) if by_hour else today,
        )
        if period.may_extend:
            most = period.may_extend.upto
            self.fields["extend"] = forms.IntegerField(
                label=_("Extension"),
                required=False,
                min_value=0,
                max_value=most or LATEST_EXTENSION,
                help_text=_extension_words(period),
            )
        if period.granted:
            self.fields["extend"] = forms.IntegerField(
                label=_("Days granted"),
                required=False,
                min_value=1,
                max_value=period.length,
                help_text=_("Empty: the most that may be granted, %(span)s.")
                % {"span": period.span.in_language(language())},
            )
        if not by_hour and period.direction is Direction.FORWARD:
            for number in range(1, PAUSES + 1):
                self.fields[f"first_{number}"] = Day(label=_("Stopped on"), required=False)
                self.fields[f"resumed_{number}"] = Day(label=_("Resumed on"), required=False)

    @property
    def pause_rows(self) -> list[tuple[Any, Any]]:
        names = [name for name in self.fields if name.startswith("first_")]
        return [(self[name], self[name.replace("first", "resumed")]) for name in names]

    @property
    def has_pauses(self) -> bool:
        return any(first.value() or end.value() for first, end in self.pause_rows)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for number in range(1, PAUSES + 1):
            first, end = data.get(f"first_{number}"), data.get(f"resumed_{number}")
            if bool(first) != bool(end):
                missing = f"resumed_{number}" if first else f"first_{number}"
                if missing not in self.errors:
                    self.add_error(missing, _("A pause needs both days."))
        return data

    def answer(self, calendar: WorkCalendar) -> compute.Due | None:
        """The end of the period. A question without a lawful answer becomes an error of the form."""
        if not self.is_valid():
            return None
        data = self.cleaned_data
        rows = [(data.get(f"first_{n}"), data.get(f"resumed_{n}")) for n in range(1, PAUSES + 1)]
        pauses = [(first, end) for first, end in rows if first and end]
        try:
            return compute.due(
                self.period,
                data["start"],
                calendar=calendar,
                extend=data.get("extend") or 0,
                pauses=pauses,
            )
        except DeadlineError as refusal:
            self.add_error(None, refusal.in_language(language()))
            return None


def _extension_words(period: Period) -> str:
    rule = period.may_extend
    if rule is None:
        return ""
    condition = rule.condition_zh if language().startswith("zh") else rule.condition
    if rule.upto is None:
        return condition
    most = quantity(rule.upto, period.unit).in_language(language())
    return str(_("At most %(span)s: %(condition)s") % {"span": most, "condition": condition})


# One rule and its answer ---------------------------------------------------------------------------


def rule_line(period: Period) -> dict[str, Any]:
    """One line of the table of law, in the language of the page."""
    lang = language()
    zh = lang.startswith("zh")
    return {
        "code": period.code,
        "title": period.names.in_language(lang),
        "span": period.span.in_language(lang),
        "before": period.direction is Direction.BACKWARD,
        "starts": period.starts_zh if zh else period.starts,
        "stops": period.stops_zh if zh else period.stops,
        "extension": _extension_words(period),
        "expiry": period.on_expiry_zh if zh else period.on_expiry,
        "bound": BOUND_WORDS[period.bound].in_language(lang),
        "basis": period.source.in_language(lang),
        "rolls": period.roll and period.unit is not Unit.WORKING_DAY,
        "since": period.valid_from,
    }


def answer(found: compute.Due, *, calendar: WorkCalendar) -> dict[str, Any]:
    """The due date with its derivation in sentences and in months."""
    lines = daily(found, calendar=calendar)
    return {
        "due": found.due,
        "by_hour": isinstance(found.due, datetime),
        "safe": found.safe,
        "moved": found.raw != found.due,
        "raw": found.raw,
        "provisional": found.provisional,
        "sentences": found.sentences(language()),
        "version": found.calendar_version,
        "months": list(_months(lines)),
    }


@dataclass(frozen=True, slots=True)
class Cell:
    """One field of a month; ``part`` is empty for a day outside the period."""

    day: date
    part: str = ""
    nature: str = ""
    number: int | None = None


def _months(lines: Iterable[DayLine]) -> Iterator[dict[str, Any]]:
    """The months that the period touches, in weeks from Monday to Sunday."""
    ordered = sorted(lines, key=lambda line: line.day)
    for (year, month), rows in groupby(ordered, lambda line: (line.day.year, line.day.month)):
        known = {line.day: line for line in rows}
        days = list(_days_of(year, month))
        cells: list[Cell | None] = [None] * days[0].weekday()
        cells += [_cell(day, known.get(day)) for day in days]
        weeks = [cells[n : n + 7] for n in range(0, len(cells), 7)]
        yield {"first": days[0], "weeks": [week for week in weeks if _is_touched(week)]}


def _is_touched(week: list[Cell | None]) -> bool:
    return any(cell is not None and cell.part for cell in week)


def _days_of(year: int, month: int) -> Iterator[date]:
    day = date(year, month, 1)
    while day.month == month:
        yield day
        day += DAY


def _cell(day: date, line: DayLine | None) -> Cell:
    if line is None:
        return Cell(day)
    return Cell(day, line.part.value, line.nature.in_language(language()), line.number)
