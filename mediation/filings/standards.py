"""What an office pays for a case (以案定补): the standard in force on a day, and a new version of it.

``content``: amounts in yuan as text, by degree and form of the agreement; from how many people, from which
amount and from which colour a case is hard or major. What is empty plays no part.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django.db.models import Max, Q
from django.utils.translation import pgettext_lazy

from mediation.accounts.actor import Actor
from mediation.accounts.models import Role
from mediation.areas.models import LENGTH_OF, Level, ancestor_codes
from mediation.areas.selectors import within
from mediation.core.db import write
from mediation.core.errors import Forbidden, Reason, Unmet
from mediation.disputes.enums import SEVERITY
from mediation.filings import terms
from mediation.filings.models import STANDING, Filing, Standard

SETTERS = (Role.JUSTICE_STAFF, Role.LEADER)
DEGREES: Final = ("major", "hard", "ordinary")
"""The first that fits counts."""
FORMS: Final = ("written", "oral")
SUBDISTRICT: Final = LENGTH_OF[Level.SUBDISTRICT]
NOT_YOURS = Reason(
    "not_yours",
    pgettext_lazy("filing", "The standard is set by the justice office or a leader of the area."),
)
FILED = Reason(
    "filed",
    pgettext_lazy("filing", "A term after that day has been filed by the standard in force."),
)


@dataclass(frozen=True, slots=True)
class Rate:
    """The standard of one office as the counting uses it."""

    area_code: str
    content: Mapping[str, Any]

    def amount(self, degree: str, form: str) -> Decimal:
        return Decimal(str(self.content.get(f"{degree}_{form}") or "0"))

    def reaches(self, degree: str) -> Q:
        """Cases of this degree or above; ``agreed_amount`` stands beside each case."""
        if degree == "ordinary":
            return Q(pk__isnull=False)
        found = Q(pk__in=[])
        if people := self.content.get(f"{degree}_people"):
            found |= Q(people_count__gte=int(people))
        if amount := self.content.get(f"{degree}_amount"):
            found |= Q(agreed_amount__gte=Decimal(str(amount)))
        if colour := self.content.get(f"{degree}_colour"):
            found |= Q(severity__gte=SEVERITY[colour])
        return found


def office_of(area: str) -> str:
    """The office whose standard counts for an area: its subdistrict, or the area itself above it."""
    return area[:SUBDISTRICT]


def in_force(area: str, day: date) -> list[Rate]:
    """Every standard that may count for a case of the area on a day, the most special first."""
    rows = Standard.objects.filter(
        Q(area_code__in=ancestor_codes(area)) | within(area),
        kind=Standard.Kind.SUBSIDY,
        in_force_from__lte=day,
    )
    latest: dict[str, Rate] = {}
    for code, content in rows.order_by("in_force_from", "number").values_list(
        "area_code", "content"
    ):
        latest[code] = Rate(code, content)
    return sorted(latest.values(), key=lambda rate: -len(rate.area_code))


def versions(area: str) -> list[Standard]:
    rows = Standard.objects.filter(area_code=area, kind=Standard.Kind.SUBSIDY)
    return list(rows.select_related("author").order_by("-number"))


def adopt(
    actor: Actor,
    area: str,
    content: Mapping[str, Any],
    *,
    in_force_from: date,
    reason: str,
    now: datetime,
) -> Standard:
    """A new version. Raises ``Forbidden``, or ``Unmet`` when a filed term rests on the old one."""
    if actor.person_id is None or not any(actor.holds(role, area) for role in SETTERS):
        raise Forbidden(NOT_YOURS)
    with write():
        filed = Filing.objects.filter(within(area), form="subsidy", state__in=STANDING)
        for word in filed.values_list("term", flat=True):
            term = terms.read(word)
            if term is not None and term.span.last >= in_force_from:
                raise Unmet(FILED)
        rows = Standard.objects.filter(area_code=area, kind=Standard.Kind.SUBSIDY)
        return Standard.objects.create(
            kind=Standard.Kind.SUBSIDY,
            area_code=area,
            number=(rows.aggregate(n=Max("number"))["n"] or 0) + 1,
            in_force_from=in_force_from,
            content=dict(content),
            reason=reason,
            author_id=actor.person_id,
            at=now,
        )
