"""Whose turn it is in the morning, and what he has chosen."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from mediation.accounts.models import Duty, Person, Role
from mediation.accounts.selectors import deputised_on
from mediation.areas.models import Area, ancestor_codes
from mediation.briefing.models import Brief, BriefHour, BriefRefusal
from mediation.core.clock import local_day
from mediation.core.db import write

USUAL: Final = time(7, 30)
"""The hour of an office that has set none."""


# Whose turn it is -----------------------------------------------------------------------------------


def waiting(now: datetime) -> Iterator[Person]:
    """Leaders, and who stands in for one, whose hour has come and who have no brief of today yet."""
    clock, today = timezone.localtime(now).time(), local_day(now)
    hours = dict(BriefHour.objects.values_list("area__code", "at"))
    if clock < min([USUAL, *hours.values()]):
        return
    for person in _unserved(today):
        if clock >= _hour(hours, _first_area(person, today)):
            yield person


def _unserved(today: date) -> QuerySet[Person]:
    me = OuterRef("pk")
    mine = Duty.objects.filter(
        Q(person=me) | (Q(deputy=me, person__is_active=True) & deputised_on(today))
    )
    return (
        Person.objects.filter(Exists(mine.filter(_open(today))), is_active=True)
        .exclude(Exists(Brief.objects.filter(person=me, day=today)))
        .exclude(Exists(BriefRefusal.objects.filter(person=me)))
        .order_by("pk")
    )


def _open(today: date) -> Q:
    return Q(role=Role.LEADER, since__lte=today) & (Q(until__isnull=True) | Q(until__gte=today))


def _first_area(person: Person, today: date) -> str:
    """The area by whose clock he gets up: the first that he leads, or stands in for."""
    duties = Duty.objects.filter(_open(today)).filter(Q(person=person) | Q(deputy=person))
    return duties.order_by("area__code").values_list("area__code", flat=True).first() or ""


def _hour(hours: dict[str, time], code: str) -> time:
    """The hour of the nearest area that has one, from ``code`` up to the province."""
    known = [hours[one] for one in ancestor_codes(code) if one in hours]
    return known[-1] if known else USUAL


def hour_of(code: str) -> time:
    """When the leaders of the area get their brief."""
    found = BriefHour.objects.filter(area__code__in=ancestor_codes(code))
    return _hour(dict(found.values_list("area__code", "at")), code)


# Choices --------------------------------------------------------------------------------------------


def set_hour(code: str, at: time, *, author_id: int, now: datetime) -> None:
    with write():
        BriefHour.objects.update_or_create(
            area=Area.objects.get(code=code),
            defaults={"at": at, "author_id": author_id, "set_at": now},
        )


def wants(person_id: int) -> bool:
    return not BriefRefusal.objects.filter(person_id=person_id).exists()


def choose(person_id: int, *, wanted: bool, now: datetime) -> None:
    """Twice changes nothing."""
    with write():
        if wanted:
            BriefRefusal.objects.filter(person_id=person_id).delete()
        else:
            BriefRefusal.objects.get_or_create(person_id=person_id, defaults={"since": now})


# Kept briefs ----------------------------------------------------------------------------------------


def kept(person_id: int, day: date) -> Brief | None:
    return Brief.objects.filter(person_id=person_id, day=day).first()


def before(person_id: int, day: date) -> Brief | None:
    """The latest one before ``day`` that is at most a week old: what a change is measured against."""
    earlier = Brief.objects.filter(person_id=person_id, day__lt=day, day__gte=day - timedelta(7))
    return earlier.order_by("-day").first()


def days(person_id: int, *, before: date, limit: int) -> list[date]:
    """The earlier mornings of which there is a brief, the latest first."""
    found = Brief.objects.filter(person_id=person_id, day__lt=before).order_by("-day")
    return list(found.values_list("day", flat=True)[:limit])
