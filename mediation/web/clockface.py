"""Clocks of a case in words: what runs, until when, how much is left."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from mediation.core.clock import day_of, local_day
from mediation.deadlines.calendar import WorkCalendar
from mediation.deadlines.compute import working_days_left
from mediation.deadlines.labels import rule_label
from mediation.deadlines.models import Deadline
from mediation.deadlines.period import Bound
from mediation.deadlines.table import PERIODS
from mediation.supervision.models import Card

STATE_OF = {Deadline.State.PAUSED: "paused", Deadline.State.MET: "done"}


@dataclass(frozen=True, slots=True)
class Face:
    """One clock as the tag ``due`` shows it."""

    due: date
    left: int
    unit: str
    state: str = ""
    rule: str | Promise = ""
    source: str = ""
    law: str = ""
    starts: date | None = None
    provisional: bool = False


@lru_cache(maxsize=2048)  # counted day by day, and a list shows the same days again and again
def face(due: date, *, today: date, calendar: WorkCalendar) -> Face:
    """Working days while it runs; plain days on a weekend before a rest day, and once it is over."""
    left = working_days_left(today=today, due=due, calendar=calendar) if due > today else 0
    if left:
        return Face(due, left, "workdays")
    return Face(due, (due - today).days, "days")


def face_of_moment(
    due_at: datetime | None, *, now: datetime, calendar: WorkCalendar
) -> Face | None:
    """The nearest deadline of a case, stored as the end of its last day."""
    if due_at is None:
        return None
    return face(day_of(due_at), today=local_day(now), calendar=calendar)


def faces(deadlines: Iterable[Deadline], *, now: datetime, calendar: WorkCalendar) -> list[Face]:
    """Running clocks first, the nearest on top; then those that ran out, then those that were met."""
    today = local_day(now)
    return [clock_face(row, today=today, calendar=calendar) for row in in_order(deadlines)]


def in_order(deadlines: Iterable[Deadline]) -> list[Deadline]:
    order = ["armed", "paused", "fired", "dead", "met"]
    return sorted(deadlines, key=lambda row: (order.index(row.state), row.due_on))


def countdown(until: datetime, *, now: datetime) -> str:
    """“还剩 12 分钟”, “已超时 3 小时”: for limits of minutes and hours."""
    minutes = int((until - now).total_seconds()) // 60
    late = until <= now
    if late:
        minutes = int((now - until).total_seconds()) // 60
    span = _span(minutes)
    return _("%(span)s too late") % {"span": span} if late else _("%(span)s left") % {"span": span}


def _span(minutes: int) -> str:
    if minutes >= 48 * 60:
        return ngettext("%(n)d day", "%(n)d days", minutes // 1440) % {"n": minutes // 1440}
    if minutes >= 120:
        return ngettext("%(n)d hour", "%(n)d hours", minutes // 60) % {"n": minutes // 60}
    return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}


def clock_face(row: Deadline, *, today: date, calendar: WorkCalendar) -> Face:
    plain = face(row.due_on, today=today, calendar=calendar)
    return Face(
        due=plain.due,
        left=plain.left,
        unit=plain.unit,
        state="lapsed" if _has_lapsed(row, today) else STATE_OF.get(Deadline.State(row.state), ""),
        rule=rule_words(row.rule, row.subject),
        source=_source(row.rule),
        law=law_url(row),
        starts=row.starts_on,
        provisional=row.provisional,
    )


def _has_lapsed(row: Deadline, today: date) -> bool:
    """A right of a party that he did not use in time: it is over, and nobody here is late."""
    period = PERIODS.get(row.rule)
    ended = row.state in {Deadline.State.FIRED, Deadline.State.ARMED} and row.due_on < today
    return ended and period is not None and period.bound is Bound.PARTY


def law_url(row: Deadline) -> str:
    """The page of the rule; of a computed clock with its own days, so that it shows how they were counted."""
    if row.rule not in PERIODS:
        return ""
    page = reverse("deadline_rule", args=[row.rule])
    if not row.calendar_version:
        return page
    asked = {"start": str(row.starts_on)} | ({"extend": str(row.extended)} if row.extended else {})
    for number, (first, resumed) in enumerate(row.pauses, 1):
        asked |= {f"first_{number}": first, f"resumed_{number}": resumed}
    return f"{page}?{urlencode(asked)}"


def rule_words(rule: str, subject: str = "") -> str:
    """What a clock stands for, in the language of the page."""
    if period := PERIODS.get(rule):
        return period.names.in_language(_language())
    if rule == "OBLIGATION":
        return _("Obligation %(number)s") % {"number": subject}
    return rule_label(rule, _language())


def clock_words(rule: str, subject: str) -> str:
    """A clock of a card names what the card presses for: its subject is that clock, as “OBLIGATION/1”."""
    pressed, of_card, part = subject.partition("/")
    if not of_card:
        return rule_words(rule, subject)
    about = "" if pressed == "HAND" else rule_words(pressed, part)
    words = {"clock": rule_words(rule), "about": about}
    return _("%(clock)s (%(about)s)") % words if about else words["clock"]


def about(card: Card) -> str:
    """What the card presses for: the clock that ran out, or that a person asked for it."""
    if not card.rule:
        return _("set by hand")
    return _("%(clock)s overdue") % {"clock": rule_words(card.rule, card.subject)}


def _source(rule: str) -> str:
    period = PERIODS.get(rule)
    return period.source.in_language(_language()) if period else ""


def article_of(rule: str) -> str:
    """The first article behind a clock, for lists; empty for one that was agreed or ordered."""
    period = PERIODS.get(rule)
    return period.basis[0].said.in_language(_language()) if period else ""


def _language() -> str:
    return get_language() or "zh-hans"
