"""The safety net: every few seconds the table is asked what a lost wake-up left, and who may stay."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.contrib.sessions.models import Session
from django.db.models import Exists, F, OuterRef, Q

from mediation.accounts.models import Duty, Person
from mediation.accounts.selectors import deputised_on
from mediation.core.clock import local_day
from mediation.realtime.protocol import Close
from mediation.realtime.registry import Socket

DRAIN_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Standing:
    """What holds of a person now."""

    is_active: bool
    access_stamp: int
    password: int
    latest: int
    serves: bool


@dataclass(frozen=True, slots=True)
class Findings:
    standings: Mapping[int, Standing]
    sessions: set[str]

    def verdict(self, socket: Socket) -> Close | None:
        """Why this socket must end, if it must."""
        visitor = socket.visitor
        standing = self.standings.get(visitor.person_id)
        if standing is None or not standing.is_active:
            return Close.NO_RIGHT
        if visitor.session_key not in self.sessions:
            return Close.SIGNED_OUT
        kept = (visitor.access_stamp, visitor.password) == (
            standing.access_stamp,
            standing.password,
        )
        return None if kept and (standing.serves or not visitor.serves) else Close.NO_RIGHT


def look(person_ids: Collection[int], session_keys: Collection[str], *, now: datetime) -> Findings:
    """Two statements, however many are connected."""
    return Findings(_standings(person_ids, now), _living(session_keys, now))


def _standings(person_ids: Collection[int], now: datetime) -> dict[int, Standing]:
    rows = (
        Person.objects.filter(pk__in=person_ids)
        .annotate(latest=F("cursor__latest"), serves=serving(now))
        .values_list("pk", "is_active", "access_stamp", "password", "latest", "serves")
    )
    return {
        pk: Standing(is_active, stamp, hash(password), latest or 0, serves)
        for pk, is_active, stamp, password, latest, serves in rows
    }


def serving(now: datetime) -> Exists:
    """Whether a person has an open duty, his own or one he deputises for."""
    today = local_day(now)
    open_duties = Duty.objects.filter(Q(until__isnull=True) | Q(until__gte=today), since__lte=today)
    stands_in = deputised_on(today) & Q(deputy=OuterRef("pk"), person__is_active=True)
    return Exists(open_duties.filter(Q(person=OuterRef("pk")) | stands_in))


def _living(session_keys: Collection[str], now: datetime) -> set[str]:
    living = Session.objects.filter(session_key__in=session_keys, expire_date__gt=now)
    return set(living.values_list("session_key", flat=True))
