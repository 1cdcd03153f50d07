"""超期与预警表: clocks that ran out, cards, alerts and the reports that the law demands."""

from typing import Any

from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from mediation.deadlines.models import Deadline
from mediation.disputes.enums import Colour
from mediation.filings.forms.common import BY_AREA, BY_CATEGORY, at_most, days, same, sums_to_total
from mediation.filings.measures import LINKED, Ask, Form, Measure, Rows
from mediation.supervision.models import Card
from mediation.warning.models import Alert, Escalation

CLOCKS = pgettext_lazy("filing", "Clocks")
CARDS = pgettext_lazy("filing", "Cards")
ALERTS = pgettext_lazy("filing", "Alerts")
REPORTS = pgettext_lazy("filing", "Statutory reports")
TIMES = pgettext_lazy("filing", "times")
S = Deadline.State


def _clocks(ask: Ask, *states: str) -> Rows:
    rows = Deadline.objects.filter(due_on__range=days(ask))
    return rows.filter(state__in=states) if states else rows


def _within(ask: Ask, rows: Rows, moment: str) -> Rows:
    return rows.filter(**{f"{moment}__gte": ask.term.begin, f"{moment}__lt": ask.term.end})


def _cards(ask: Ask, **narrower: Any) -> Rows:
    return _within(ask, Card.objects.filter(**narrower), "set_at")


def _alerts(ask: Ask, which: Q | None = None) -> Rows:
    rows = Alert.objects.filter(which or Q(), dispute__isnull=False)
    return _within(ask, rows, "raised_at")


def _escalations(ask: Ask, **narrower: Any) -> Rows:
    rows = Escalation.objects.filter(lapsed_at__isnull=True, **narrower)
    return _within(ask, rows, "demanded_at")


IN_TIME = Q(acknowledged_at__lte=F("acknowledge_by"))
COLUMNS: tuple[tuple[str, Any, Any, Any, Any], ...] = (
    (
        "due", CLOCKS, pgettext_lazy("filing", "Due"), _clocks,
        pgettext_lazy("filing", "Clocks whose last day lay in the term."),
    ),
    (
        "met", CLOCKS, pgettext_lazy("filing", "Met"), lambda ask: _clocks(ask, S.MET),
        pgettext_lazy("filing", "Of them, met in time."),
    ),
    (
        "ran_out", CLOCKS, pgettext_lazy("filing", "Ran out"), lambda ask: _clocks(ask, S.FIRED, S.DEAD),
        pgettext_lazy("filing", "Of them, run out without being met."),
    ),
    (
        "running", CLOCKS, pgettext_lazy("filing", "Still running"),
        lambda ask: _clocks(ask, S.ARMED, S.PAUSED),
        pgettext_lazy("filing", "Of them, running or paused."),
    ),
    (
        "reminders", CARDS, pgettext_lazy("filing", "Reminders"),
        lambda ask: _cards(ask, level=Card.Level.REMINDER),
        pgettext_lazy("filing", "Reminders set in the term."),
    ),
    (
        "yellow", CARDS, pgettext_lazy("filing", "Yellow cards"),
        lambda ask: _cards(ask, level=Card.Level.YELLOW),
        pgettext_lazy("filing", "Yellow cards set in the term."),
    ),
    (
        "red", CARDS, pgettext_lazy("filing", "Red cards"),
        lambda ask: _cards(ask, level=Card.Level.RED),
        pgettext_lazy("filing", "Red cards set in the term."),
    ),
    (
        "lifted", CARDS, pgettext_lazy("filing", "Lifted"),
        lambda ask: _cards(ask, state=Card.State.LIFTED),
        pgettext_lazy("filing", "Of the cards of the term, those lifted by now."),
    ),
    (
        "alerts", ALERTS, pgettext_lazy("filing", "Raised"), _alerts,
        pgettext_lazy("filing", "Alerts about single cases raised in the term."),
    ),
    (
        "alerts_red", ALERTS, pgettext_lazy("filing", "of them red"),
        lambda ask: _alerts(ask, Q(colour=Colour.RED)),
        pgettext_lazy("filing", "Of them, red."),
    ),
    (
        "in_time", ALERTS, pgettext_lazy("filing", "Acknowledged in time"),
        lambda ask: _alerts(ask, IN_TIME),
        pgettext_lazy("filing", "Acknowledged before the limit."),
    ),
    (
        "late", ALERTS, pgettext_lazy("filing", "Late or never"),
        lambda ask: _alerts(ask).exclude(pk__in=_alerts(ask, IN_TIME).values("pk")),
        pgettext_lazy("filing", "Acknowledged after the limit, or not by now."),
    ),
    (
        "resolved", ALERTS, pgettext_lazy("filing", "Resolved"),
        lambda ask: _alerts(ask, Q(status=Alert.State.RESOLVED)),
        pgettext_lazy("filing", "Of the alerts of the term, those resolved by now."),
    ),
    (
        "demanded", REPORTS, pgettext_lazy("filing", "Demanded"), _escalations,
        pgettext_lazy("filing", "Reports that the law demanded since a day in the term."),
    ),
    (
        "reported", REPORTS, pgettext_lazy("filing", "Made"),
        lambda ask: _escalations(ask, reported_at__isnull=False),
        pgettext_lazy("filing", "Of them, made by now."),
    ),
)  # fmt: skip

FORM = Form(
    "overdue",
    pgettext_lazy("filing", "Overdue and warnings"),
    pgettext_lazy("filing", "Clocks, cards, alerts and statutory reports of the term."),
    tuple(
        Measure(name, label, rows, formula, base=LINKED, unit=TIMES, group=group)
        for name, group, label, rows, formula in COLUMNS
    ),
    (BY_AREA, BY_CATEGORY),
    (
        same(
            pgettext_lazy("filing", "Met + ran out + still running = due"),
            ("met", "ran_out", "running"),
            ("due",),
        ),
        same(pgettext_lazy("filing", "In time + late = raised"), ("in_time", "late"), ("alerts",)),
        at_most(pgettext_lazy("filing", "Resolved ≤ raised"), ("resolved",), ("alerts",)),
        at_most(pgettext_lazy("filing", "Made ≤ demanded"), ("reported",), ("demanded",)),
        sums_to_total(BY_CATEGORY, "due", pgettext_lazy("filing", "Sum by kind = due")),
        sums_to_total(BY_AREA, "alerts", pgettext_lazy("filing", "Sum by area = raised")),
    ),
    notes=(
        pgettext_lazy(
            "filing",
            "Met, lifted, resolved and made are counted as they stand at the moment of counting.",
        ),
    ),
)
