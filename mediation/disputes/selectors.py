"""What pages and figures ask about disputes. Every list narrows ``policy.visible_to``.

A ``CaseFilter`` is what an address says: the number on a tile and the list behind it read the same one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http import QueryDict

from mediation.accounts.actor import Actor
from mediation.accounts.models import Duty, Role
from mediation.areas.models import CODE_LENGTHS, ancestor_codes
from mediation.areas.selectors import within
from mediation.core.clock import end_of, local_day
from mediation.core.prepared import Prepared
from mediation.disputes import policy
from mediation.disputes.enums import (
    DONE,
    SEVERITY,
    STAGE_OF,
    SUCCESS,
    Category,
    Colour,
    Stage,
    Status,
)
from mediation.disputes.models import Dispute, Event, Party
from mediation.disputes.numbers import normalise_code

MEDIATOR_IS_ME = "me"
TEXT_LENGTH = 60


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """What is asked for. Unknown words of an address are left out, never guessed."""

    status: tuple[str, ...] = ()
    stage: tuple[str, ...] = ()
    colour: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    area: str = ""
    mediator: str = ""
    node: tuple[str, ...] = ()
    overdue: bool = False
    open: bool = False
    unperformed: bool = False
    settled: bool = False
    """Closed with an agreement, or settled by the parties."""
    performed: bool = False
    new: str = ""
    """Days of registration: 2026-03-02, a month 2026-03, or 2026-03-02..2026-03-20."""
    closed: str = ""
    effective: str = ""
    """Days on which an agreement took effect."""
    rebound: str = ""
    """Days on which the dispute came back."""
    reddened: str = ""
    """Days on which its alert became red, or red once more."""
    kept: str = ""
    """Days on which the agreement was performed in full."""
    card: tuple[str, ...] = ()
    """Supervision cards that nobody has lifted."""
    owed: bool = False
    """Open, and a report that the law demands is not made."""
    open_on: str = ""
    """Open at the end of that day, as the cases stand now."""
    due: str = ""
    """The nearest deadline runs out within so many days."""
    idle: str = ""
    """Open, and nobody has done anything for so many days."""
    alert: str = ""
    """``raised``: nobody has acknowledged it; ``open``: not resolved."""
    stayed: str = ""
    """A stay in a status that ended, as ``StayFilter`` spells it: ``mediating~2026-03~90``."""
    handed: str = ""
    """Days on which the case went to another mediator."""
    astray: bool = False
    """An event of it is off the lawful path."""
    q: str = ""

    @classmethod
    def read(cls, query: QueryDict) -> "CaseFilter":
        """The filter that an address names."""
        known: dict[str, Any] = {
            name: tuple(dict.fromkeys(v for v in query.getlist(name) if v in allowed))
            for name, allowed in CHOICES.items()
        }
        known["node"] = tuple(dict.fromkeys(v for v in query.getlist("node") if _is_node(v)))
        known |= {name: query.get(name) == "1" for name in FLAGS}
        known |= {name: check(query.get(name, "").strip()) for name, check in WORDS.items()}
        return cls(**known)

    @property
    def query(self) -> str:
        """The address again, without the leading question mark."""
        pairs: list[tuple[str, str]] = []
        for entry in fields(self):
            value = getattr(self, entry.name)
            if isinstance(value, tuple):
                pairs += [(entry.name, one) for one in value]
            elif value:
                pairs.append((entry.name, "1" if value is True else value))
        return urlencode(pairs)

    def but(self, **changes: Any) -> "CaseFilter":
        return replace(self, **changes)

    @property
    def is_empty(self) -> bool:
        return self == CaseFilter()


CHOICES: Mapping[str, frozenset[str]] = {
    "status": frozenset(Status.values),
    "stage": frozenset(Stage.values),
    "colour": frozenset(Colour.values),
    "category": frozenset(Category.values),
    "card": frozenset({"reminder", "yellow", "red"}),
}
FLAGS = ("overdue", "open", "unperformed", "settled", "performed", "owed", "astray")
ALERTS = {"raised": ("raised",), "open": ("raised", "acknowledged", "acting")}


def _area(typed: str) -> str:
    return typed if typed.isascii() and typed.isdigit() and len(typed) in CODE_LENGTHS else ""


def _mediator(typed: str) -> str:
    known = typed.isascii() and typed.isdigit() and len(typed) < 10
    return typed if typed == MEDIATOR_IS_ME or known else ""


def _is_node(typed: str) -> bool:
    return len(typed) <= 30 and typed.isascii() and typed.isidentifier()


def _day(typed: str) -> str:
    try:
        return date.fromisoformat(typed).isoformat() if len(typed) == 10 else ""
    except ValueError:
        return ""


def _days(typed: str) -> str:
    """A day, a month, or two days with ``..`` between them; anything else is left out."""
    first, dots, last = typed.partition("..")
    if dots:
        return typed if _day(first) and _day(last) and first <= last else ""
    return typed if _day(typed) or _day(f"{typed}-01") else ""


def _few(typed: str) -> str:
    return typed if typed.isascii() and typed.isdigit() and len(typed) <= 3 else ""


def _alert(typed: str) -> str:
    return typed if typed in ALERTS else ""


@dataclass(frozen=True, slots=True)
class StayFilter:
    """A stay that ended on some day of ``days``, with ``command`` if that is given."""

    status: str
    days: str
    minutes: int = 0
    command: str = ""

    @classmethod
    def read(cls, typed: str) -> "StayFilter | None":
        """``None`` for what means nothing."""
        status, days, minutes, command = (*typed.split("~"), "", "", "")[:4]
        known = (not status or status in Status.values) and _days(days)
        counted = not minutes or (minutes.isascii() and minutes.isdigit() and len(minutes) < 10)
        if not known or not counted or not (not command or _is_node(command)):
            return None
        return cls(status, days, int(minutes or 0), command)

    @property
    def word(self) -> str:
        words = [self.status, self.days, str(self.minutes or ""), self.command]
        return "~".join(words).rstrip("~")


def _stayed(typed: str) -> str:
    wanted = StayFilter.read(typed)
    return wanted.word if wanted else ""


def _text(typed: str) -> str:
    return typed.replace("\x00", "")[:TEXT_LENGTH]


WORDS: Mapping[str, Any] = {
    "area": _area,
    "mediator": _mediator,
    "new": _days,
    "closed": _days,
    "effective": _days,
    "rebound": _days,
    "reddened": _days,
    "kept": _days,
    "open_on": _day,
    "due": _few,
    "idle": _few,
    "alert": _alert,
    "stayed": _stayed,
    "handed": _days,
    "q": _text,
}


# Filters as conditions ---------------------------------------------------------------------------

IS_OPEN = Q(closed_at__isnull=True) & ~Q(status__in=sorted(DONE))
"""Both halves say the same. The first is what the index of open cases promises: SQLite reads a partial index
only for a condition without parameters."""


def condition(wanted: CaseFilter, actor: Actor, *, now: datetime) -> Q:
    """The filter as a condition on disputes; ``node``, ``unperformed`` and what hangs on alerts, cards
    and reports belong to higher rooms."""
    found = Q()
    statuses = set(wanted.status) | {s for s in Status if STAGE_OF[s] in wanted.stage}
    if wanted.status and wanted.stage:
        statuses = {s for s in wanted.status if STAGE_OF[s] in wanted.stage}
    if wanted.status or wanted.stage:
        found &= Q(status__in=sorted(statuses))
    if wanted.colour:
        # The number that is painted with the colour: the index of open cases is by it.
        found &= Q(severity__in=sorted(SEVERITY[Colour(colour)] for colour in wanted.colour))
    if wanted.category:
        found &= Q(category__in=wanted.category)
    if wanted.area:
        found &= within(wanted.area)
    if wanted.mediator:
        me = wanted.mediator == MEDIATOR_IS_ME
        found &= Q(mediator_id__in=sorted(actor.stands_for) if me else [int(wanted.mediator)])
    return found & _in_time(wanted, now) & _by_text(wanted.q, actor)


def _in_time(wanted: CaseFilter, now: datetime) -> Q:
    found = _in_days(wanted)
    if wanted.open or wanted.overdue or wanted.due or wanted.idle or wanted.owed:
        found &= IS_OPEN
    if wanted.overdue:
        found &= Q(due_at__lte=now)
    if wanted.due:
        until = end_of(local_day(now) + timedelta(days=int(wanted.due)))
        found &= Q(due_at__gt=now, due_at__lte=until)
    if wanted.idle:
        found &= Q(updated_at__lt=now - timedelta(days=int(wanted.idle)))
    if wanted.open_on:
        night = end_of(date.fromisoformat(wanted.open_on))
        found &= Q(registered_at__lt=night) & (IS_OPEN | Q(closed_at__gte=night))
    return found


def _in_days(wanted: CaseFilter) -> Q:
    found = Q()
    if wanted.new:
        found &= between("registered_at", wanted.new)
    if wanted.closed:
        found &= Q(status__in=[Status.CLOSED, Status.ARCHIVED])
        found &= between("closed_at", wanted.closed)
    if wanted.effective:
        found &= Q(effective_on__range=days_of(wanted.effective))
    if wanted.rebound:
        found &= Q(rebound_on__range=days_of(wanted.rebound))
    if wanted.kept:
        found &= Q(performed_on__range=days_of(wanted.kept))
    if wanted.settled:
        found &= Q(status__in=[Status.CLOSED, Status.ARCHIVED], result__in=sorted(SUCCESS))
    if wanted.performed:
        found &= Q(performed_on__isnull=False)
    return found


def days_of(word: str) -> tuple[date, date]:
    """First and last day of what an address says (``new``, ``closed``, …)."""
    first, dots, last = word.partition("..")
    if dots:
        return date.fromisoformat(first), date.fromisoformat(last)
    if len(word) == 10:
        return date.fromisoformat(word), date.fromisoformat(word)
    begin = date.fromisoformat(f"{word}-01")
    return begin, (begin + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def between(field: str, word: str) -> Q:
    """Moments from the first to the end of the last day of what an address says."""
    first, last = days_of(word)
    return Q(**{f"{field}__gte": _start(first), f"{field}__lt": end_of(last)})


def _start(day: date) -> datetime:
    return end_of(day - timedelta(days=1))


def _by_text(typed: str, actor: Actor) -> Q:
    """Number, lookup code, title or place; a party by full name where the actor reads names."""
    if not typed:
        return Q()
    if typed.isascii() and typed.isdigit() and len(typed) <= 5:
        return Q(number__endswith=f"〕{typed.zfill(5)}号")
    code = normalise_code(typed)
    found = Q(code=code) | Q(number=typed) | Q(title__icontains=typed) | Q(place__icontains=typed)
    if any(mark in typed for mark in "〔〕号"):
        found |= Q(number__contains=typed)
    named = Party.objects.filter(plain_name=typed).values("dispute_id")
    return found | (Q(pk__in=named) & names_known_to(actor))


def names_known_to(actor: Actor) -> Q:
    """``policy.may_see_names`` as a condition: nobody finds by name what he may not read."""
    known = policy.registered_by(actor)
    for grant in actor.grants:
        if grant.role in {Role.GRID_WORKER, Role.CENTRE_STAFF, Role.JUSTICE_STAFF}:
            known |= within(grant.area_code)
        elif grant.role == Role.MEDIATOR:
            known |= within(grant.area_code) & Q(mediator_id=grant.of)
    return known


# One case ----------------------------------------------------------------------------------------


def journal(dispute: Dispute) -> list[Event]:
    """Every event of a case, oldest first, with ``role``: what its actor was there on that day."""
    return _JOURNAL(case=dispute.pk, areas=ancestor_codes(dispute.area_code))


def _events(case: int, areas: Any) -> QuerySet[Event, Any]:
    duty = (
        Duty.objects.filter(
            person_id=OuterRef("actor_id"),
            area__code__among=areas,
            since__lte=OuterRef("at__date"),
        )
        .filter(Q(until__isnull=True) | Q(until__gte=OuterRef("at__date")))
        .order_by("-area__level", "role")
    )
    return (
        Event.objects.filter(dispute_id=case)
        .annotate(role=Subquery(duty.values("role")[:1]))
        .order_by("version")
    )


_JOURNAL = Prepared(_events, case=int, areas=list)


@dataclass(slots=True)
class Stay:
    """How long a case was in a stage, all its stays together."""

    stage: Stage
    spent: timedelta = field(default_factory=timedelta)


def stays(events: Sequence[Event], *, now: datetime) -> dict[Stage, Stay]:
    """Time spent by stage, read from the journal; the clock of a finished case has stopped."""
    found: dict[Stage, Stay] = {}
    for event, following in zip(events, [*events[1:], None], strict=True):
        stage = STAGE_OF[event.to_status]
        until = following.at if following else now
        if following is None and event.to_status in {Status.ARCHIVED, Status.VOIDED}:
            until = event.at
        found.setdefault(stage, Stay(stage)).spent += until - event.at
    return found


def came_by(events: Iterable[Event]) -> frozenset[str]:
    """The commands that a case has seen: what no event speaks of need not be looked for."""
    return frozenset(event.command for event in events)
