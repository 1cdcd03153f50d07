"""The chapter on disputes of the yearly report on law-based government (法治政府建设年度报告).

Its numbers are columns of the other forms, this term and the one of the year before: the same rows, the
same lists. ``mediation.filings.narrative`` puts them into sentences.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.utils.translation import pgettext_lazy

from mediation.filings.forms import cases, overdue, screening, team
from mediation.filings.forms.common import BY_AREA, days, same, sums_to_total
from mediation.filings.measures import LINKED, Ask, Form, Measure, Rows
from mediation.reconsideration.models import Reconsideration
from mediation.reconsideration.states import State

TRACKS = pgettext_lazy("filing", "Reconsideration")
FROM: tuple[tuple[Form, tuple[str, ...]], ...] = (
    (screening.FORM, ("found", "by_grid", "people", "zero", "handled", "settled")),
    (overdue.FORM, ("alerts", "alerts_red", "in_time", "due", "ran_out", "demanded", "reported")),
    (team.FORM, ("committees", "mediators", "full_time")),
    (
        cases.FORM,
        (
            "carried", "accepted", "ended", "succeeded", "failed", "left", "oral", "written",
            "amount", "performed", "confirm_filed", "confirmed", "visits", "crime_cases",
            "suicide_cases", "crowd_cases", "fight_cases",
        ),
    ),
)  # fmt: skip
COMPARED = (
    "screening_found",
    "cases_accepted",
    "cases_succeeded",
    "cases_amount",
    "overdue_alerts",
)
"""Columns that are set against the year before."""


def _applied(ask: Ask, **narrower: Any) -> Rows:
    return Reconsideration.objects.filter(filed_on__range=days(ask), **narrower)


def _ended(ask: Ask, **narrower: Any) -> Rows:
    return Reconsideration.objects.filter(ended_on__range=days(ask), **narrower)


def _picked() -> Iterator[Measure]:
    for form, names in FROM:
        for name in names:
            measure = form.measure(name)
            if measure is not None:
                yield replace(measure, name=f"{form.name}_{name}", group=form.title)


RECONSIDERATIONS = tuple(
    Measure(name, label, rows, formula, base=LINKED, unit=cases.CASES, group=TRACKS)
    for name, label, rows, formula in (
        (
            "rc_applied",
            pgettext_lazy("filing", "Applied for"),
            _applied,
            pgettext_lazy("filing", "Applications for reconsideration filed in the term."),
        ),
        (
            "rc_ours",
            pgettext_lazy("filing", "against this office"),
            lambda ask: _applied(ask, is_ours=True),
            pgettext_lazy("filing", "Of them, those in which the office is the respondent."),
        ),
        (
            "rc_ended",
            pgettext_lazy("filing", "Ended"),
            _ended,
            pgettext_lazy("filing", "Reconsiderations that ended in the term."),
        ),
        (
            "rc_mediated",
            pgettext_lazy("filing", "by mediation"),
            lambda ask: _ended(ask, status=State.MEDIATED),
            pgettext_lazy("filing", "Of them, those that ended with a mediation agreement."),
        ),
    )
)
NOW = (*_picked(), *RECONSIDERATIONS)


def _year_ago(measure: Measure) -> Measure:
    def rows(ask: Ask) -> Rows:
        return measure.rows(replace(ask, term=ask.term.year_ago))

    return replace(
        measure,
        name=f"ago_{measure.name}",
        rows=rows,
        group=pgettext_lazy("filing", "The year before"),
        formula=pgettext_lazy("filing", "The same, counted for the same term of the year before."),
    )


FORM = Form(
    "chapter",
    pgettext_lazy("filing", "Chapter for the law-based government report"),
    pgettext_lazy(
        "filing", "The yearly chapter on disputes, as an editable document with its data."
    ),
    (*NOW, *(_year_ago(measure) for measure in NOW if measure.name in COMPARED)),
    (BY_AREA,),
    (
        same(
            pgettext_lazy("filing", "Carried over + accepted = concluded + left over"),
            ("cases_carried", "cases_accepted"),
            ("cases_ended", "cases_left"),
        ),
        same(
            pgettext_lazy("filing", "Oral + written = successful"),
            ("cases_oral", "cases_written"),
            ("cases_succeeded",),
        ),
        sums_to_total(BY_AREA, "screening_found", pgettext_lazy("filing", "Sum by area = found")),
        sums_to_total(BY_AREA, "cases_accepted", pgettext_lazy("filing", "Sum by area = accepted")),
    ),
    notes=(
        pgettext_lazy(
            "filing",
            "The Word file holds the chapter in sentences; what only people know is left open.",
        ),
    ),
)
