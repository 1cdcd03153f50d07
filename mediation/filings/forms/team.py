"""人民调解组织队伍表: committees, their people, as of the last day of the term."""

from functools import partial
from typing import Any

from django.db.models import Q
from django.utils.translation import pgettext_lazy

from mediation.filings.forms.common import BY_AREA, at_most, same, sums_to_total
from mediation.filings.measures import Ask, Base, Form, Measure, Row, Rows, Section
from mediation.sessions.models import Committee, RosterEntry

Post = RosterEntry.Post
COMMITTEES = Base("area__code", None, {"kind": "kind"}, "pk", shows="committee")
PLACES = Base("committee__area__code", None, {"kind": "committee__kind"}, "pk", shows="entry")
ORGANISATIONS = pgettext_lazy("filing", "committees")
MEDIATORS = pgettext_lazy("filing", "mediators")


def _kinds(_ask: Ask, _keys: frozenset[Any]) -> list[Row]:
    return [Row(value, label, frozenset({value})) for value, label in Committee.Kind.choices]


BY_KIND = Section("kind", pgettext_lazy("filing", "By kind of committee"), "kind", _kinds)


def _serving(ask: Ask, **narrower: Any) -> Rows:
    """Places on the list that were held on the last day of the term."""
    day = ask.term.span.last
    rows = RosterEntry.objects.filter(
        Q(left_on__isnull=True) | Q(left_on__gt=day), term_from__lte=day, term_until__gte=day
    )
    return rows.filter(committee__is_active=True, **narrower)


MEASURES = (
    Measure(
        "committees",
        pgettext_lazy("filing", "Committees"),
        lambda _ask: Committee.objects.filter(is_active=True),
        pgettext_lazy("filing", "Committees that exist now."),
        base=COMMITTEES,
        unit=ORGANISATIONS,
    ),
    Measure(
        "mediators",
        pgettext_lazy("filing", "Mediators"),
        _serving,
        pgettext_lazy("filing", "Places on the lists on the last day of the term."),
        base=PLACES,
        unit=MEDIATORS,
    ),
    *(
        Measure(
            name,
            label,
            partial(_serving, **narrower),
            formula,
            base=PLACES,
            unit=MEDIATORS,
            group=group,
        )
        for name, label, formula, narrower, group in (
            (
                "directors",
                pgettext_lazy("filing", "Directors"),
                pgettext_lazy("filing", "Of them, directors."),
                {"post": Post.DIRECTOR},
                pgettext_lazy("filing", "By post"),
            ),
            (
                "members",
                pgettext_lazy("filing", "Members"),
                pgettext_lazy("filing", "Of them, members."),
                {"post": Post.MEMBER},
                pgettext_lazy("filing", "By post"),
            ),
            (
                "appointed",
                pgettext_lazy("filing", "Appointed mediators"),
                pgettext_lazy("filing", "Of them, appointed mediators."),
                {"post": Post.APPOINTED},
                pgettext_lazy("filing", "By post"),
            ),
            (
                "women",
                pgettext_lazy("filing", "Women"),
                pgettext_lazy("filing", "Of them, women."),
                {"is_woman": True},
                pgettext_lazy("filing", "By sex"),
            ),
            (
                "men",
                pgettext_lazy("filing", "Men"),
                pgettext_lazy("filing", "Of them, men."),
                {"is_woman": False},
                pgettext_lazy("filing", "By sex"),
            ),
            (
                "full_time",
                pgettext_lazy("filing", "Full time"),
                pgettext_lazy("filing", "Of them, full time."),
                {"is_full_time": True},
                pgettext_lazy("filing", "By working time"),
            ),
            (
                "part_time",
                pgettext_lazy("filing", "Part time"),
                pgettext_lazy("filing", "Of them, part time."),
                {"is_full_time": False},
                pgettext_lazy("filing", "By working time"),
            ),
        )
    ),
)

FORM = Form(
    "team",
    pgettext_lazy("filing", "Organisation of people's mediation"),
    pgettext_lazy("filing", "Committees and mediators on the last day of the term."),
    MEASURES,
    (BY_KIND, BY_AREA),
    (
        same(
            pgettext_lazy("filing", "Directors + members + appointed = mediators"),
            ("directors", "members", "appointed"),
            ("mediators",),
        ),
        same(pgettext_lazy("filing", "Women + men = mediators"), ("women", "men"), ("mediators",)),
        same(
            pgettext_lazy("filing", "Full time + part time = mediators"),
            ("full_time", "part_time"),
            ("mediators",),
        ),
        at_most(pgettext_lazy("filing", "Directors ≤ committees"), ("directors",), ("committees",)),
        sums_to_total(BY_KIND, "mediators", pgettext_lazy("filing", "Sum by kind = mediators")),
    ),
    notes=(
        pgettext_lazy(
            "filing", "Who serves on two committees holds two places and is counted in both."
        ),
        pgettext_lazy(
            "filing",
            "Committees of the subdistrict itself belong to no community and stand in the whole only.",
        ),
        pgettext_lazy(
            "filing",
            "Party membership, schooling, training and funds are not kept here; enter them by hand.",
        ),
    ),
)
