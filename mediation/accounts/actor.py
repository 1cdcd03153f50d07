"""Who acts: a person with duties, the resident without an account, or the system itself."""

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from django.db.models import Q

from mediation.accounts.models import ADMIN_ROLES, Duty, Person, Role
from mediation.core.prepared import Prepared


@dataclass(frozen=True, slots=True)
class Grant:
    """One open duty that the actor may use: his own, or one he deputises for (``of``)."""

    role: Role
    area_code: str
    of: int
    cleared: bool = False


@dataclass(frozen=True)
class Actor:
    """Everything policy needs to know of whoever acts. Load once per request."""

    person_id: int | None
    name: str
    grants: tuple[Grant, ...] = ()
    is_system: bool = False
    is_resident: bool = False
    # The case whose code and phone a resident has proved, and whether his consent carries its mediation.
    party_to: int | None = None
    is_necessary: bool = False
    # The numbers of the parties there whose phone he proved: one, or several who share a phone.
    speaks_for: tuple[int, ...] = ()
    language: str = field(default="", compare=False)

    @cached_property
    def roles(self) -> frozenset[str]:
        return frozenset(grant.role.value for grant in self.grants)

    @cached_property
    def stands_for(self) -> frozenset[int]:
        """The person and everyone he deputises for."""
        own = {self.person_id} if self.person_id is not None else set()
        return frozenset(own | {grant.of for grant in self.grants})

    @cached_property
    def works_on_cases(self) -> bool:
        """Whether he serves at all, in another role than the three administrators'."""
        return any(grant.role not in ADMIN_ROLES for grant in self.grants)

    def holds(self, role: Role, area_code: str) -> bool:
        """Whether the actor serves in ``role`` for an area that covers ``area_code``."""
        return any(g.role == role and area_code.startswith(g.area_code) for g in self.grants)


SYSTEM = Actor(person_id=None, name="系统", is_system=True)
RESIDENT = Actor(person_id=None, name="居民", is_resident=True)


DUTIES = Prepared(
    lambda person, today: (
        Duty.objects.filter(Q(person_id=person) | Q(deputy_id=person, person__is_active=True))
        .filter(Q(until__isnull=True) | Q(until__gte=today), since__lte=today)
        .select_related("area")
    ),
    person=int,
    today=date,
)


def load_actor(person: Person, *, today: date) -> Actor:
    """The actor behind a signed-in person: one query over his duties and deputyships."""
    if not person.is_active:
        return Actor(person_id=person.pk, name=person.name)
    grants = tuple(
        Grant(
            role=Role(duty.role), area_code=duty.area.code, of=duty.person_id, cleared=duty.cleared
        )
        for duty in DUTIES(person=person.pk, today=today)
        if duty.person_id == person.pk
        or (duty.is_deputised_on(today) and duty.role not in ADMIN_ROLES)
    )
    return Actor(person_id=person.pk, name=person.name, grants=grants, language=person.language)
