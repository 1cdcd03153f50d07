"""以案定补: closed, performed, complete cases by degree, with what the office's standard pays."""

from typing import Any

from django.db.models import (
    Case,
    CharField,
    DecimalField,
    F,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.utils.translation import pgettext_lazy

from mediation.accounts.models import Person
from mediation.agreements.models import Agreement
from mediation.areas.selectors import within
from mediation.disputes.enums import SUCCESS, Nature, Status
from mediation.disputes.models import Dispute
from mediation.filings import standards
from mediation.filings.forms.cases import CASES, YUAN
from mediation.filings.forms.common import BY_AREA, same, sums_to_total
from mediation.filings.measures import Ask, Form, Measure, Row, Rows, Section

_AGREEMENT = Agreement.objects.filter(
    dispute_id=OuterRef("pk"), effective_on__isnull=False, is_current=True
)
DEGREE = pgettext_lazy("filing", "By degree")
AGREED = pgettext_lazy("filing", "By form")
PAYS = pgettext_lazy("filing", "Subsidy")
UNRATED = "unrated"


def eligible(ask: Ask) -> Rows:
    """Closed in the term with success and performed; closing has already asked for complete papers."""
    rows = Dispute.objects.filter(
        status__in=[Status.CLOSED, Status.ARCHIVED],
        result__in=sorted(SUCCESS),
        closed_at__gte=ask.term.begin,
        closed_at__lt=ask.term.end,
        performed_on__isnull=False,
        mediator__isnull=False,
    )
    rows = rows.exclude(nature=Nature.ADMINISTRATIVE)
    agreed: Rows = rows.annotate(
        agreed_amount=Subquery(_AGREEMENT.values("amount")[:1]),
        agreed_form=Subquery(_AGREEMENT.values("form")[:1]),
    )
    return agreed.filter(agreed_form__isnull=False)


def _rated(ask: Ask) -> Rows:
    """With the degree of each case, and what is paid for it."""
    degrees, pays = [], []
    for rate in standards.in_force(ask.area, ask.term.span.last):
        here = within(rate.area_code)
        for degree in standards.DEGREES:
            reaches = here & rate.reaches(degree)
            degrees.append(When(reaches, then=Value(degree)))
            pays += [
                When(reaches & Q(agreed_form=form), then=Value(rate.amount(degree, form)))
                for form in standards.FORMS
            ]
    money = DecimalField(max_digits=14, decimal_places=2)
    rated: Rows = eligible(ask).annotate(
        degree=Case(*degrees, default=Value(UNRATED), output_field=CharField()),
        pays=Case(*pays, default=Value(0), output_field=money),
    )
    return rated


def _people(_ask: Ask, keys: frozenset[Any]) -> list[Row]:
    named = Person.objects.filter(pk__in=[key for key in keys if key is not None])
    pairs = named.order_by("name", "pk").values_list("pk", "name")
    return [Row(str(key), name, frozenset({key})) for key, name in pairs]


BY_MEDIATOR = Section("mediator", pgettext_lazy("filing", "By mediator"), "mediator", _people)

DEGREES = (
    ("ordinary", pgettext_lazy("filing", "Ordinary")),
    ("hard", pgettext_lazy("filing", "Hard")),
    ("major", pgettext_lazy("filing", "Major")),
    (UNRATED, pgettext_lazy("filing", "No standard set")),
)


def _of_degree(degree: str) -> Any:
    return lambda ask: _rated(ask).filter(degree=degree)


MEASURES = (
    Measure(
        "eligible",
        pgettext_lazy("filing", "Eligible"),
        eligible,
        pgettext_lazy(
            "filing", "Closed in the term with success and performed; not administrative; mediated."
        ),
        unit=CASES,
    ),
    *(
        Measure(
            name,
            label,
            _of_degree(name),
            pgettext_lazy("filing", "Of them, by the degrees of the standard in force."),
            unit=CASES,
            group=DEGREE,
        )
        for name, label in DEGREES
    ),
    Measure(
        "oral",
        pgettext_lazy("filing", "Oral"),
        lambda ask: eligible(ask).filter(agreed_form=Agreement.Form.ORAL),
        pgettext_lazy("filing", "Of them, with an oral agreement."),
        unit=CASES,
        group=AGREED,
    ),
    Measure(
        "written",
        pgettext_lazy("filing", "Written"),
        lambda ask: eligible(ask).filter(agreed_form=Agreement.Form.WRITTEN),
        pgettext_lazy("filing", "Of them, with a written agreement."),
        unit=CASES,
        group=AGREED,
    ),
    Measure(
        "pays",
        pgettext_lazy("filing", "Subsidy due"),
        _rated,
        pgettext_lazy("filing", "What the standard in force on the last day of the term pays."),
        value=F("pays"),
        unit=YUAN,
        group=PAYS,
    ),
)

FORM = Form(
    "subsidy",
    pgettext_lazy("filing", "Subsidy by case"),
    pgettext_lazy("filing", "Cases for which mediators are paid, by degree and mediator."),
    MEASURES,
    (BY_MEDIATOR, BY_AREA),
    (
        same(
            pgettext_lazy("filing", "Sum of the degrees = eligible"),
            [name for name, _label in DEGREES],
            ("eligible",),
        ),
        same(
            pgettext_lazy("filing", "Oral + written = eligible"), ("oral", "written"), ("eligible",)
        ),
        sums_to_total(
            BY_MEDIATOR, "pays", pgettext_lazy("filing", "Sum by mediator = subsidy due")
        ),
        sums_to_total(BY_AREA, "pays", pgettext_lazy("filing", "Sum by area = subsidy due")),
    ),
    notes=(
        pgettext_lazy(
            "filing",
            "Without a standard of the office nothing is paid; the cases stand under “no standard set”.",
        ),
        pgettext_lazy(
            "filing", "A case that was reopened and closed again counts when closed last."
        ),
    ),
)
