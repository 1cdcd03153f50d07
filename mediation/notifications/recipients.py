"""Who is told about a command: the responsible grid worker always, others by role and colour."""

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Q, When

from mediation.accounts.models import Duty, Role
from mediation.accounts.selectors import deputised_on
from mediation.areas.models import ancestor_codes
from mediation.core.prepared import Prepared
from mediation.disputes.models import Dispute

ROLE_OF_WORD = {
    "centre": Role.CENTRE_STAFF,
    "justice": Role.JUSTICE_STAFF,
    "leader": Role.LEADER,
    "leader_always": Role.LEADER,
    "clerk": Role.RECONSIDERATION_CLERK,
}
LEADERS_FROM_SEVERITY = 3
"""Leaders hear of orange and red cases; calmer ones reach them as figures."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """``roles``: everything he is told it as; one person may be grid worker and mediator."""

    person_id: int
    roles: frozenset[str]


def recipients(dispute: Dispute, tells: Iterable[str], *, today: date) -> list[Recipient]:
    """Everyone who must learn of it, deputies included, each once, in the order of person id.

    One query. The grid worker hears of every step; of a sensitive case the offices hear only through
    people who are cleared for it.
    """
    words = set(tells)
    roles: set[str] = {Role.GRID_WORKER} | {
        ROLE_OF_WORD[word] for word in words & ROLE_OF_WORD.keys()
    }
    if dispute.severity < LEADERS_FROM_SEVERITY and "leader_always" not in words:
        roles.discard(Role.LEADER)
    with_mediator = "mediator" in words and dispute.mediator_id is not None
    if with_mediator:
        roles.add(Role.MEDIATOR)
    found: dict[int, set[str]] = {}
    for person_id, role, cleared, deputy_id in _duties(dispute, today):
        if role not in roles or (role == Role.MEDIATOR and person_id != dispute.mediator_id):
            continue
        in_office = role not in {Role.GRID_WORKER, Role.MEDIATOR}
        if in_office and dispute.is_sensitive and not cleared:
            continue
        found.setdefault(person_id, set()).add(role)
        if deputy_id is not None:
            found.setdefault(deputy_id, set()).add(role)
    return [Recipient(person_id, frozenset(roles)) for person_id, roles in sorted(found.items())]


# Every duty that may ever be told, of the six areas on the way down to the grid; roles are chosen from it.
# The deputy is named only while he stands in.
TOLD_ROLES = [Role.GRID_WORKER, Role.MEDIATOR, *ROLE_OF_WORD.values()]
DUTIES = Prepared(
    lambda a, b, c, d, e, f, today: (
        Duty.objects.filter(
            area__code__in=[a, b, c, d, e, f],
            role__in=[role.value for role in TOLD_ROLES],
            since__lte=today,
            person__is_active=True,
        )
        .exclude(until__lt=today)
        # Leaders of districts and above hear of a case when silence has climbed to them.
        .exclude(role=Role.LEADER.value, area__code__in=[a, b, c])
        .values_list(
            "person_id",
            "role",
            "cleared",
            Case(
                When(deputised_on(today) & Q(deputy__is_active=True), then="deputy_id")
            ),
        )
    ),
    a=str, b=str, c=str, d=str, e=str, f=str, today=date,
)  # fmt: skip


def _duties(dispute: Dispute, today: date) -> list[tuple[Any, ...]]:
    """Rows of person, role, clearance and the deputy who stands in, if any."""
    known: dict[tuple[str, date], list[tuple[Any, ...]]] | None = getattr(_local, "known", None)
    found = known.get((dispute.area_code, today)) if known is not None else None
    if found is None:
        codes = dict(zip("abcdef", ancestor_codes(dispute.area_code), strict=True))
        found = DUTIES.tuples(**codes, today=today)
        if known is not None:
            known[dispute.area_code, today] = found
    return found


_local = threading.local()


@contextmanager
def remembered() -> Iterator[None]:
    """Ask for the duties of an area once, however many commands of one transaction need them."""
    _local.known = {}
    try:
        yield
    finally:
        _local.known = None
