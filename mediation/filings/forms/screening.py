"""矛盾纠纷排查情况表: what was found in the term, how large it was, and how much of it was dealt with."""

from typing import Any

from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import pgettext_lazy

from mediation.disputes.enums import SUCCESS, Source, Status
from mediation.disputes.models import Dispute, Event
from mediation.filings.forms.cases import CASES, PEOPLE
from mediation.filings.forms.common import (
    BY_AREA,
    BY_CATEGORY,
    BY_SOURCE,
    SUCCEEDS,
    at_most,
    registered,
    same,
    sums_to_total,
)
from mediation.filings.measures import Ask, Base, Form, Measure, Ratio, Rows
from mediation.filings.terms import Term
from mediation.screening.models import ZeroReport

FOUND = pgettext_lazy("filing", "Found")
SIZE = pgettext_lazy("filing", "By people involved")
DONE = pgettext_lazy("filing", "Dealt with")
TAKES_UP = ("accept", "settle_on_spot", "refer", "refer_to_reconsideration", "split")
"""Commands with which somebody begins to deal with a case."""


def _since_new_year(ask: Ask) -> Rows:
    year = Term("Y", ask.term.year)
    rows = Dispute.objects.exclude(status=Status.VOIDED)
    return rows.filter(registered_at__gte=year.begin, registered_at__lt=ask.term.end)


def _happened(ask: Ask, which: Q) -> Any:
    """Something happened to the case before the term ended."""
    return Exists(
        Event.objects.filter(which, dispute_id=OuterRef("pk"), at__lt=ask.term.end).only("pk")
    )


def _handled(ask: Ask) -> Rows:
    return registered(ask).filter(_happened(ask, Q(command__in=TAKES_UP)))


def _settled(ask: Ask) -> Rows:
    """An agreement took effect, or the case was closed as settled, before the term ended."""
    closed = Q(result__in=sorted(SUCCESS), closed_at__lt=ask.term.end)
    return _handled(ask).filter(_happened(ask, SUCCEEDS) | closed)


def _sized(least: int, below: int | None) -> Any:
    def rows(ask: Ask) -> Rows:
        found = registered(ask).filter(people_count__gte=least)
        return found if below is None else found.filter(people_count__lt=below)

    return rows


ZERO = Base("area_code", None, {}, "pk", shows="zero")
BANDS: tuple[tuple[str, Any, int, int | None], ...] = (
    ("to50", pgettext_lazy("filing", "under 50"), 0, 50),
    ("to100", pgettext_lazy("filing", "50 to 99"), 50, 100),
    ("to500", pgettext_lazy("filing", "100 to 499"), 100, 500),
    ("from500", pgettext_lazy("filing", "500 and more"), 500, None),
)

MEASURES = (
    Measure(
        "found",
        pgettext_lazy("filing", "Disputes found"),
        registered,
        pgettext_lazy("filing", "Cases registered in the term, without void ones."),
        unit=CASES,
        group=FOUND,
    ),
    Measure(
        "by_grid",
        pgettext_lazy("filing", "by the grids"),
        lambda ask: registered(ask).filter(source=Source.GRID),
        pgettext_lazy("filing", "Of them, found by grid workers."),
        unit=CASES,
        group=FOUND,
    ),
    Measure(
        "people",
        pgettext_lazy("filing", "People involved"),
        registered,
        pgettext_lazy("filing", "People involved in the cases found."),
        value=F("people_count"),
        unit=PEOPLE,
        group=FOUND,
    ),
    *(
        Measure(
            name,
            label,
            _sized(least, below),
            pgettext_lazy("filing", "Of the cases found, by people involved."),
            unit=CASES,
            group=SIZE,
        )
        for name, label, least, below in BANDS
    ),
    Measure(
        "handled",
        pgettext_lazy("filing", "Dealt with"),
        _handled,
        pgettext_lazy(
            "filing",
            "Of the cases found, those accepted, settled or referred before the term ended.",
        ),
        unit=CASES,
        group=DONE,
    ),
    Measure(
        "settled",
        pgettext_lazy("filing", "Settled"),
        _settled,
        pgettext_lazy("filing", "Of those dealt with, settled before the term ended."),
        unit=CASES,
        group=DONE,
    ),
    Measure(
        "zero",
        pgettext_lazy("filing", "Zero reports"),
        lambda ask: ZeroReport.objects.filter(at__gte=ask.term.begin, at__lt=ask.term.end),
        pgettext_lazy("filing", "How often grids reported in the term that nothing had happened."),
        base=ZERO,
        unit=pgettext_lazy("filing", "times"),
        group=FOUND,
    ),
    Measure(
        "year",
        pgettext_lazy("filing", "Found since New Year"),
        _since_new_year,
        pgettext_lazy("filing", "Cases registered from 1 January to the end of the term."),
        unit=CASES,
        group=FOUND,
    ),
)

FORM = Form(
    "screening",
    pgettext_lazy("filing", "Screening for disputes"),
    pgettext_lazy("filing", "What was found, how large it was, and how much was dealt with."),
    MEASURES,
    (BY_CATEGORY, BY_SOURCE, BY_AREA),
    (
        at_most(pgettext_lazy("filing", "Settled ≤ dealt with"), ("settled",), ("handled",)),
        at_most(pgettext_lazy("filing", "Dealt with ≤ found"), ("handled",), ("found",)),
        at_most(pgettext_lazy("filing", "Found ≤ found since New Year"), ("found",), ("year",)),
        at_most(pgettext_lazy("filing", "Cases found ≤ people"), ("found",), ("people",)),
        same(
            pgettext_lazy("filing", "Sum of the bands = found"),
            [name for name, *_ in BANDS],
            ("found",),
        ),
        *(
            sums_to_total(section, "found", label)
            for section, label in (
                (BY_CATEGORY, pgettext_lazy("filing", "Sum by kind = found")),
                (BY_SOURCE, pgettext_lazy("filing", "Sum by source = found")),
                (BY_AREA, pgettext_lazy("filing", "Sum by area = found")),
            )
        ),
    ),
    (
        Ratio(
            "handled_rate",
            pgettext_lazy("filing", "Rate dealt with"),
            "handled",
            "found",
            pgettext_lazy("filing", "Dealt with, of those found."),
            DONE,
        ),
        Ratio(
            "settled_rate",
            pgettext_lazy("filing", "Rate settled"),
            "settled",
            "handled",
            pgettext_lazy("filing", "Settled, of those dealt with."),
            DONE,
        ),
    ),
)
