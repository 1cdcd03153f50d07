"""工作量: what each person did in the term, by what the journal of the cases says."""

from typing import Any

from django.db.models import Q
from django.utils.translation import pgettext_lazy

from mediation.accounts.models import Person
from mediation.filings.forms.common import (
    ACCEPT,
    EFFECT,
    END,
    ON_SPOT,
    journal,
    same,
    sums_to_total,
)
from mediation.filings.measures import EVENT, Ask, Form, Measure, Row, Section

NOBODY = "0"
TIMES = pgettext_lazy("filing", "times")


def _people(_ask: Ask, keys: frozenset[Any]) -> list[Row]:
    names = dict(
        Person.objects.filter(pk__in=[key for key in keys if key is not None])
        .order_by("name", "pk")
        .values_list("pk", "name")
    )
    rows = [Row(str(key), name, frozenset({key})) for key, name in names.items()]
    if None in keys:
        label = pgettext_lazy("filing", "Residents and the system")
        rows.append(Row(NOBODY, label, frozenset({None})))
    return rows


BY_PERSON = Section("person", pgettext_lazy("filing", "By person"), "person", _people)

STEPS: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
    ("registered", pgettext_lazy("filing", "Registered"), ("register",)),
    ("on_spot", pgettext_lazy("filing", "Settled on the spot"), (ON_SPOT,)),
    ("assessed", pgettext_lazy("filing", "Assessed"), ("assess", "reassess")),
    ("accepted", pgettext_lazy("filing", "Accepted"), (ACCEPT,)),
    ("sessions", pgettext_lazy("filing", "Sessions held"), ("begin_session", "record_session")),
    ("effective", pgettext_lazy("filing", "Agreements in effect"), (EFFECT,)),
    ("ended", pgettext_lazy("filing", "Mediation ended"), (END,)),
    ("urged", pgettext_lazy("filing", "Urged"), ("urge", "remind")),
    ("visited", pgettext_lazy("filing", "Follow-up visits"), ("visit",)),
    ("closed", pgettext_lazy("filing", "Closed"), ("close",)),
    ("archived", pgettext_lazy("filing", "Archived"), ("archive",)),
)
NAMED = sorted({command for _n, _l, commands in STEPS for command in commands})
FORMULA = pgettext_lazy("filing", "Steps of this kind that the person took in the term.")


def _measure(name: str, label: Any, which: Q, formula: Any = FORMULA) -> Measure:
    return Measure(name, label, lambda ask: journal(ask, which), formula, base=EVENT, unit=TIMES)


MEASURES = (
    *(_measure(name, label, Q(command__in=commands)) for name, label, commands in STEPS),
    _measure(
        "other",
        pgettext_lazy("filing", "Other steps"),
        ~Q(command__in=NAMED),
        pgettext_lazy("filing", "Every other step that the journal holds."),
    ),
    _measure(
        "all",
        pgettext_lazy("filing", "All steps"),
        Q(),
        pgettext_lazy("filing", "Every step that the journal holds for the term."),
    ),
)

FORM = Form(
    "workload",
    pgettext_lazy("filing", "Workload"),
    pgettext_lazy("filing", "Steps that each person took on cases of the area."),
    MEASURES,
    (BY_PERSON,),
    (
        same(
            pgettext_lazy("filing", "Sum of the kinds of steps = all steps"),
            [m.name for m in MEASURES[:-1]],
            ("all",),
        ),
        sums_to_total(BY_PERSON, "all", pgettext_lazy("filing", "Sum by person = all steps")),
    ),
    notes=(pgettext_lazy("filing", "Counts what was done, not how well; it ranks nobody."),),
)
