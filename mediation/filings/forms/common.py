"""Sections and rows that several forms share."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils.translation import pgettext_lazy

from mediation.areas.models import Area, Level, level_of
from mediation.disputes.enums import Category, Source, Status
from mediation.disputes.models import Dispute, Event
from mediation.filings.measures import Ask, Identity, Numbers, Row, Rows, Section
from mediation.sessions.models import Committee, RosterEntry

# Events ------------------------------------------------------------------------------------------

ACCEPT, ON_SPOT, EFFECT, END = "accept", "settle_on_spot", "make_effective", "end_mediation"
UNDER_MEDIATION = sorted({Status.ACCEPTED, Status.MEDIATING, Status.PAUSED, Status.AGREED}, key=str)
SUCCEEDS = Q(command__in=[EFFECT, ON_SPOT])
FAILS = Q(command=END, from_status__in=UNDER_MEDIATION)
"""Consent refused before acceptance ends nothing: nothing had begun."""
BEGINS = Q(command__in=[ACCEPT, ON_SPOT])


def events(ask: Ask, which: Q) -> Rows:
    """What happened within the term, by the day on which it was recorded.

    A settlement on the spot that the review sent back did not happen; the next one counts.
    """
    return _standing(journal(ask, which))


def journal(ask: Ask, which: Q) -> Rows:
    """Every step of the term, also one that was taken back later."""
    return Event.objects.filter(which, at__gte=ask.term.begin, at__lt=ask.term.end)


def _standing(rows: Rows) -> Rows:
    # Tied to the joined case, so that PostgreSQL looks only for those of the area.
    sent_back = Event.objects.filter(
        dispute__uid=OuterRef("dispute__uid"),
        version__gt=OuterRef("version"),
        command="return_for_correction",
        to_status__in=[Status.REGISTERED, Status.ASSESSED],
    )
    return rows.exclude(Q(command=ON_SPOT) & Exists(sent_back))


def days(ask: Ask) -> tuple[date, date]:
    """First and last day of the term, for a ``range``."""
    return ask.term.span.first, ask.term.span.last


def in_mediation(moment: Any) -> Rows:
    """Cases whose mediation had begun and not ended at a moment: the latest of both was a beginning."""
    marks = Event.objects.filter(dispute_id=OuterRef("pk"), at__lt=moment)
    latest = marks.filter(BEGINS | SUCCEEDS | FAILS).order_by("-version").values("command")[:1]
    rows = Dispute.objects.filter(registered_at__lt=moment)
    return rows.annotate(latest_mark=Subquery(latest)).filter(latest_mark=ACCEPT)


def registered(ask: Ask) -> Rows:
    """Cases registered in the term that were not void in the end."""
    rows = Dispute.objects.exclude(status=Status.VOIDED)
    return rows.filter(registered_at__gte=ask.term.begin, registered_at__lt=ask.term.end)


# Sections ----------------------------------------------------------------------------------------


def _categories(_ask: Ask, _keys: frozenset[Any]) -> list[Row]:
    return [Row(value, label, frozenset({value})) for value, label in Category.choices]


SOURCES: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
    ("active", pgettext_lazy("filing", "Found and taken up by the committee"), (Source.GRID,)),
    (
        "applied",
        pgettext_lazy("filing", "On application of a party"),
        (Source.APPLICATION, Source.VISIT, Source.ONLINE),
    ),
    ("court", pgettext_lazy("filing", "Entrusted: court"), (Source.COURT,)),
    ("procurator", pgettext_lazy("filing", "Transferred: procuratorate"), (Source.PROCURATOR,)),
    ("police", pgettext_lazy("filing", "Transferred: police"), (Source.POLICE,)),
    ("petition", pgettext_lazy("filing", "Transferred: petition office"), (Source.PETITION,)),
    (
        "others",
        pgettext_lazy("filing", "Transferred: other departments"),
        (Source.DEPARTMENT, Source.HOTLINE),
    ),
)


def _sources(_ask: Ask, _keys: frozenset[Any]) -> list[Row]:
    return [Row(name, label, frozenset(map(str, values))) for name, label, values in SOURCES]


def _hosts(_ask: Ask, keys: frozenset[Any]) -> list[Row]:
    """By the committee on whose list the mediator stands; his oldest place if he has several."""
    people = [key for key in keys if key is not None]
    places = RosterEntry.objects.filter(person_id__in=people).order_by("-term_from", "-pk")
    kinds = dict(places.values_list("person_id", "committee__kind"))
    unlisted = frozenset(key for key in keys if key not in kinds)
    rows = [
        Row(kind, label, frozenset(p for p in people if kinds.get(p) == kind))
        for kind, label in Committee.Kind.choices
    ]
    return [*rows, Row("none", pgettext_lazy("filing", "Mediator on no list"), unlisted)]


def _areas(ask: Ask, _keys: frozenset[Any]) -> list[Row]:
    if level_of(ask.area) == Level.GRID:
        return []
    below = Area.objects.filter(parent__code=ask.area).order_by("code")
    return [Row(code, name, frozenset({code})) for code, name in below.values_list("code", "name")]


BY_CATEGORY = Section("category", pgettext_lazy("filing", "By kind"), "category", _categories)
BY_SOURCE = Section("source", pgettext_lazy("filing", "By source"), "source", _sources)
BY_HOST = Section("host", pgettext_lazy("filing", "By committee"), "mediator", _hosts)
BY_AREA = Section("area", pgettext_lazy("filing", "By area"), "area", _areas)

# Identities --------------------------------------------------------------------------------------


def sums_to_total(section: Section, measure: str, label: Any) -> Identity:
    """The lines of a section add up to the whole."""
    name = section.name

    def left(numbers: Numbers) -> Any:
        return numbers.summed(name, measure)

    def right(numbers: Numbers) -> Any:
        return numbers.total(measure) if numbers.cells.get(name) else numbers.summed(name, measure)

    return Identity(label, left, right)


def same(label: Any, left: Iterable[str], right: Iterable[str]) -> Identity:
    """The sum of some columns equals the sum of others."""
    return Identity(label, _adding(left), _adding(right))


def at_most(label: Any, left: Iterable[str], right: Iterable[str]) -> Identity:
    return Identity(label, _adding(left), _adding(right), equal=False)


def _adding(names: Iterable[str]) -> Any:
    chosen = tuple(names)
    return lambda numbers: sum(numbers.total(name) for name in chosen)
