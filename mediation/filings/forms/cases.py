"""人民调解案件情况表: what the committees took up, what became of it, and what was prevented."""

from typing import Any

from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils.translation import pgettext_lazy

from mediation.agreements.models import Agreement, JudicialConfirmation, Visit
from mediation.disputes.enums import Colour
from mediation.disputes.models import Dispute
from mediation.filings.forms.common import (
    BEGINS,
    BY_AREA,
    BY_CATEGORY,
    BY_HOST,
    BY_SOURCE,
    FAILS,
    SUCCEEDS,
    at_most,
    days,
    events,
    in_mediation,
    same,
    sums_to_total,
)
from mediation.filings.measures import AGREED, EVENT, LINKED, Ask, Form, Measure, Rows
from mediation.warning.models import Alert

COURSE = pgettext_lazy("filing", "Mediation")
RESULT = pgettext_lazy("filing", "Agreements")
AFTER = pgettext_lazy("filing", "Afterwards")
PREVENTED = pgettext_lazy("filing", "Prevented")
CASES, PEOPLE, YUAN = (
    pgettext_lazy("filing", "cases"),
    pgettext_lazy("filing", "people"),
    pgettext_lazy("filing", "yuan"),
)

# Tied to the joined case and not to the event: PostgreSQL then looks for agreements of the area alone.
_AGREEMENT = Agreement.objects.filter(
    dispute__uid=OuterRef("dispute__uid"), effective_on__isnull=False
).order_by("-pk")


def _succeeded(ask: Ask, form: str = "") -> Rows:
    rows = events(ask, SUCCEEDS)
    if not form:
        return rows
    latest = Subquery(_AGREEMENT.values("form")[:1])
    chosen: Rows = rows.annotate(agreed_form=latest).filter(agreed_form=form)
    return chosen


def _confirmations(ask: Ask, day: str) -> Rows:
    return JudicialConfirmation.objects.filter(**{f"{day}__range": days(ask)})


def _prevented(ask: Ask, *answers: str) -> Rows:
    """Cases in which an alert of the term ended with the verdict “prevented”, by what was feared."""
    judged = Alert.objects.filter(
        dispute_id=OuterRef("pk"),
        verdict=Alert.Verdict.PREVENTED,
        resolved_at__gte=ask.term.begin,
        resolved_at__lt=ask.term.end,
    )
    feared = Q()
    for answer in answers:
        feared |= Q(**{f"risk__answers__{answer}": "yes"})
    return Dispute.objects.filter(feared, Exists(judged))


FEARED: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
    ("crime", pgettext_lazy("filing", "from turning into crime"), ("death_threat", "weapon_used")),
    ("suicide", pgettext_lazy("filing", "from suicide"), ("self_harm",)),
    ("crowd", pgettext_lazy("filing", "from a collective petition"), ("organising_group",)),
    ("fight", pgettext_lazy("filing", "from a fight of groups"), ("ongoing_mass_event",)),
)


def _feared() -> tuple[Measure, ...]:
    found = []
    for name, label, answers in FEARED:

        def rows(ask: Ask, answers: tuple[str, ...] = answers) -> Rows:
            return _prevented(ask, *answers)

        formula = pgettext_lazy(
            "filing", "Cases with an alert that ended in the term with the verdict “prevented”."
        )
        found.append(Measure(f"{name}_cases", label, rows, formula, unit=CASES, group=PREVENTED))
        found.append(
            Measure(
                f"{name}_people", label, rows, formula,
                value=F("people_count"), unit=PEOPLE, group=PREVENTED,
            )
        )  # fmt: skip
    return tuple(found)


MEASURES = (
    Measure(
        "carried",
        pgettext_lazy("filing", "Carried over"),
        lambda ask: in_mediation(ask.term.begin),
        pgettext_lazy("filing", "In mediation when the term began."),
        unit=CASES,
        group=COURSE,
    ),
    Measure(
        "accepted",
        pgettext_lazy("filing", "Accepted"),
        lambda ask: events(ask, BEGINS),
        pgettext_lazy("filing", "Accepted for mediation in the term, or settled on the spot."),
        base=EVENT,
        unit=CASES,
        group=COURSE,
    ),
    Measure(
        "people",
        pgettext_lazy("filing", "People involved"),
        lambda ask: events(ask, BEGINS),
        pgettext_lazy("filing", "People involved in the accepted cases."),
        base=EVENT,
        value=F("dispute__people_count"),
        unit=PEOPLE,
        group=COURSE,
    ),
    Measure(
        "hard",
        pgettext_lazy("filing", "Hard cases"),
        lambda ask: events(
            ask, BEGINS & Q(dispute__colour__in=[Colour.RED.value, Colour.ORANGE.value])
        ),
        pgettext_lazy("filing", "Accepted cases that are red or orange."),
        base=EVENT,
        unit=CASES,
        group=COURSE,
    ),
    Measure(
        "ended",
        pgettext_lazy("filing", "Concluded"),
        lambda ask: events(ask, SUCCEEDS | FAILS),
        pgettext_lazy("filing", "Mediation came to an end in the term, with or without success."),
        base=EVENT,
        unit=CASES,
        group=COURSE,
    ),
    Measure(
        "succeeded",
        pgettext_lazy("filing", "Successful"),
        _succeeded,
        pgettext_lazy("filing", "An agreement took effect in the term."),
        base=EVENT,
        unit=CASES,
        group=COURSE,
    ),
    Measure(
        "failed",
        pgettext_lazy("filing", "Unsuccessful"),
        lambda ask: events(ask, FAILS),
        pgettext_lazy("filing", "Mediation ended in the term without agreement."),
        base=EVENT,
        unit=CASES,
        group=COURSE,
    ),
    Measure(
        "left",
        pgettext_lazy("filing", "Left over"),
        lambda ask: in_mediation(ask.term.end),
        pgettext_lazy("filing", "In mediation when the term ended."),
        unit=CASES,
        group=COURSE,
    ),
    Measure(
        "oral",
        pgettext_lazy("filing", "Oral"),
        lambda ask: _succeeded(ask, Agreement.Form.ORAL),
        pgettext_lazy("filing", "Successful with an oral agreement."),
        base=EVENT,
        unit=CASES,
        group=RESULT,
    ),
    Measure(
        "written",
        pgettext_lazy("filing", "Written"),
        lambda ask: _succeeded(ask, Agreement.Form.WRITTEN),
        pgettext_lazy("filing", "Successful with a written agreement."),
        base=EVENT,
        unit=CASES,
        group=RESULT,
    ),
    Measure(
        "amount",
        pgettext_lazy("filing", "Amount agreed"),
        lambda ask: _succeeded(ask).annotate(agreed=Subquery(_AGREEMENT.values("amount")[:1])),
        pgettext_lazy("filing", "Money that the successful agreements are about."),
        base=EVENT,
        value=F("agreed"),
        unit=YUAN,
        group=RESULT,
    ),
    Measure(
        "performed",
        pgettext_lazy("filing", "Performed"),
        lambda ask: Dispute.objects.filter(performed_on__range=days(ask)),
        pgettext_lazy("filing", "Performed in full in the term."),
        unit=CASES,
        group=AFTER,
    ),
    Measure(
        "confirm_filed",
        pgettext_lazy("filing", "Confirmation applied for"),
        lambda ask: _confirmations(ask, "filed_on"),
        pgettext_lazy("filing", "Judicial confirmation applied for in the term."),
        base=AGREED,
        unit=CASES,
        group=AFTER,
    ),
    Measure(
        "confirmed",
        pgettext_lazy("filing", "Confirmed"),
        lambda ask: _confirmations(ask, "ruled_on").filter(
            status=JudicialConfirmation.State.CONFIRMED
        ),
        pgettext_lazy("filing", "Confirmed by a ruling of the term."),
        base=AGREED,
        unit=CASES,
        group=AFTER,
    ),
    Measure(
        "visits",
        pgettext_lazy("filing", "Follow-up visits"),
        lambda ask: Visit.objects.filter(
            visited_at__gte=ask.term.begin, visited_at__lt=ask.term.end
        ),
        pgettext_lazy("filing", "Visits of the term after closing."),
        base=LINKED,
        unit=pgettext_lazy("filing", "times"),
        group=AFTER,
    ),
    *_feared(),
)

FORM = Form(
    "cases",
    pgettext_lazy("filing", "Cases of people's mediation"),
    pgettext_lazy(
        "filing", "Accepted, concluded, agreed and performed, by kind, source, committee and area."
    ),
    MEASURES,
    (BY_CATEGORY, BY_SOURCE, BY_HOST, BY_AREA),
    (
        same(
            pgettext_lazy("filing", "Carried over + accepted = concluded + left over"),
            ("carried", "accepted"),
            ("ended", "left"),
        ),
        same(
            pgettext_lazy("filing", "Successful + unsuccessful = concluded"),
            ("succeeded", "failed"),
            ("ended",),
        ),
        same(
            pgettext_lazy("filing", "Oral + written = successful"),
            ("oral", "written"),
            ("succeeded",),
        ),
        at_most(
            pgettext_lazy("filing", "Successful ≤ carried over + accepted"),
            ("succeeded",),
            ("carried", "accepted"),
        ),
        at_most(pgettext_lazy("filing", "Accepted cases ≤ people"), ("accepted",), ("people",)),
        *(
            sums_to_total(section, "accepted", label)
            for section, label in (
                (BY_CATEGORY, pgettext_lazy("filing", "Sum by kind = accepted")),
                (BY_SOURCE, pgettext_lazy("filing", "Sum by source = accepted")),
                (BY_HOST, pgettext_lazy("filing", "Sum by committee = accepted")),
                (BY_AREA, pgettext_lazy("filing", "Sum by area = accepted")),
            )
        ),
    ),
    notes=(
        pgettext_lazy(
            "filing",
            "Events count on the day on which they were recorded, so that a past term changes only when "
            "a record is corrected. A case that is accepted twice counts twice.",
        ),
        pgettext_lazy(
            "filing", "“Prevented” counts cases whose alert a person closed with that verdict."
        ),
    ),
)
