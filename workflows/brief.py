"""The morning brief: twelve numbers, each with the very list that it counts, told once a morning.

Every line but one is a ``CaseFilter``: number and list read the same condition. Clusters have a list of
their own.
"""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db import IntegrityError, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mediation.accounts.actor import Actor, load_actor
from mediation.accounts.models import Person
from mediation.briefing import services
from mediation.briefing.models import Brief
from mediation.core.clock import local_day
from mediation.core.db import one_moment, write
from mediation.core.errors import Busy
from mediation.disputes.selectors import CaseFilter
from mediation.notifications import services as inbox
from mediation.notifications import wake
from mediation.reports import figures
from workflows import cluster_selectors, selectors

KIND: Final = "morning_brief"
LABEL = _("The morning brief is ready")
BUDGET_SECONDS: Final = 5.0
"""After this long the ticker goes back to the deadlines before it writes another brief."""
DUE_DAYS, IDLE_DAYS = 3, 7
A_DAY = timedelta(days=1)
Text = str | Promise

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Line:
    """One question of the morning. ``rising``: whether more is better (1) or worse (-1)."""

    name: str
    group: str
    label: Text
    meaning: Text
    narrowed: Callable[[CaseFilter, str], CaseFilter] | None
    """Base and the days since yesterday → the list; ``None``: the list of clusters."""
    rising: int = -1


NOW, PRESS, BETTER = "now", "press", "better"
GROUPS: Mapping[str, Text] = {
    NOW: _("Look at first"),
    PRESS: _("To be pressed"),
    BETTER: _("Got better"),
}

LINES: tuple[Line, ...] = (
    Line(
        "reddened", NOW, _("New red"),
        _("Cases whose alert became red since yesterday."),
        lambda base, days: base.but(reddened=days),
    ),
    Line(
        "raised", NOW, _("Alerts unacknowledged"),
        _("Cases with an alert that nobody has acknowledged."),
        lambda base, _days: base.but(alert="raised"),
    ),
    Line(
        "owed", NOW, _("Reports owed"),
        _("Open cases of which a report that the law demands is not made yet."),
        lambda base, _days: base.but(owed=True),
    ),
    Line(
        "clusters", NOW, pgettext_lazy("brief", "Clusters"),
        _("Clusters with an alarm in the last four weeks that nobody has judged."),
        None,
    ),
    Line(
        "rebound", NOW, _("Flared up again"),
        _("Cases that came back after closing, since yesterday."),
        lambda base, days: base.but(rebound=days),
    ),
    Line(
        "overdue", PRESS, pgettext_lazy("brief", "Overdue"),
        _("Open cases whose nearest deadline is over."),
        lambda base, _days: base.but(overdue=True),
    ),
    Line(
        "due", PRESS, _("Due in three days"),
        _("Open cases whose nearest deadline runs out within three days."),
        lambda base, _days: base.but(due=str(DUE_DAYS)),
    ),
    Line(
        "stuck", PRESS, _("Stuck"),
        _("Open cases in which nothing has been done for seven days."),
        lambda base, _days: base.but(idle=str(IDLE_DAYS)),
    ),
    Line(
        "unperformed", PRESS, _("Agreements in default"),
        _("Agreements in effect of which something due is not done."),
        lambda base, _days: base.but(unperformed=True),
    ),
    Line(
        "cards", PRESS, _("Yellow and red cards"),
        _("Cases with a yellow or red card that nobody has lifted."),
        lambda base, _days: base.but(card=("yellow", "red")),
    ),
    Line(
        "settled", BETTER, pgettext_lazy("brief", "Settled"),
        _("Cases closed since yesterday with an agreement, or settled by the parties."),
        lambda base, days: base.but(closed=days, settled=True),
        rising=1,
    ),
    Line(
        "kept", BETTER, _("Agreements kept"),
        _("Agreements performed in full since yesterday."),
        lambda base, days: base.but(kept=days),
        rising=1,
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Counted:
    """A line with its number. ``wanted``: the list of cases that it counts, if it counts cases."""

    line: Line
    number: int
    wanted: CaseFilter | None


def base_of(actor: Actor) -> CaseFilter:
    """All that the actor answers for: his area, or everything he sees when he has several."""
    roots = figures.roots(actor)
    return CaseFilter(area=roots[0]) if len(roots) == 1 else CaseFilter()


def days_since_yesterday(today: date) -> str:
    return f"{today - A_DAY}..{today}"


def count(actor: Actor, *, now: datetime, day: date | None = None) -> list[Counted]:
    """The twelve lines at this moment, from one state of the database: one statement each.

    ``day``: an earlier morning, of which "since yesterday" is meant.
    """
    with one_moment():
        return [_counted(line, actor, now, day or local_day(now)) for line in LINES]


def _counted(line: Line, actor: Actor, now: datetime, day: date) -> Counted:
    if line.narrowed is None:
        return Counted(line, cluster_selectors.unjudged(actor, now=now).count(), None)
    wanted = line.narrowed(base_of(actor), days_since_yesterday(day))
    return Counted(line, selectors.cases(actor, wanted, now=now).order_by().count(), wanted)


# Told once a morning --------------------------------------------------------------------------------


def send(now: datetime, *, halted: Callable[[], bool] = lambda: False) -> int:
    """Write the briefs whose hour has come, for a few seconds at a time. Returns how many."""
    began, sent = time.monotonic(), 0
    for person in services.waiting(now):
        if halted() or time.monotonic() - began > BUDGET_SECONDS:
            break
        sent += _send_one(person, now)
    return sent


def _send_one(person: Person, now: datetime) -> bool:
    """Row and notice in one transaction; of two processes the row lets only one through."""
    today = local_day(now)
    try:
        numbers = count(load_actor(person, today=today), now=now)
        with write(), transaction.atomic():
            Brief.objects.create(
                person=person, day=today, at=now,
                lines={one.line.name: one.number for one in numbers},
            )  # fmt: skip
            _tell(person, today, now)
    except (IntegrityError, Busy):
        return False  # another process was faster, or it comes with the next tick
    except Exception:  # one that fails must not stop the others
        log.exception("The brief of person %d could not be written.", person.pk)
        return False
    return True


def _tell(person: Person, today: date, now: datetime) -> None:
    draft = inbox.Draft(person.pk, KIND)
    wake.tell_after_commit(
        inbox.deliver([draft], dispute=None, version=0, now=now, about=about(today))
    )


def about(day: date) -> str:
    """How a notice names the brief that it announces."""
    return f"brief:{day.isoformat()}"


def day_of(about_text: str) -> str:
    """The day again; empty for a notice about something else."""
    kind, _colon, day = about_text.partition(":")
    return day if kind == "brief" else ""
