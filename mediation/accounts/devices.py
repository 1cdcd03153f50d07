"""The devices on which a person is signed in: one session each, recorded by the login library.

Ending one takes its session away and closes its sockets at once; the library alone does only the first.
"""

from datetime import datetime

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.http import HttpRequest

from mediation.accounts import access
from mediation.accounts.models import Person
from mediation.core.db import write
from mediation.core.errors import NotFound


def of(person_id: int, *, now: datetime) -> QuerySet[UserSession]:
    """Where somebody is signed in now, the latest first. Ended and expired sessions are left out."""
    living = Session.objects.filter(expire_date__gt=now).values("session_key")
    rows: QuerySet[UserSession] = UserSession.objects.filter(
        user_id=person_id, session_key__in=living
    )
    return rows.order_by("-created_at", "-pk")


def end(*, person_id: int, device_id: int, now: datetime) -> str:
    """End one of somebody's sessions and return its key. Raises ``NotFound`` for another's."""
    with write():
        found = of(person_id, now=now).filter(pk=device_id)
        keys = _end(found)
        if not keys:
            raise NotFound
    return keys[0]


def end_others(*, person_id: int, session_key: str, now: datetime) -> int:
    """End every session of somebody but this one; returns how many."""
    with write():
        return len(_end(of(person_id, now=now).exclude(session_key=session_key)))


def end_all(*, person_id: int, now: datetime) -> int:
    """End every session of somebody; returns how many."""
    with write():
        return len(_end(of(person_id, now=now)))


def forget(*, person_id: int) -> None:
    """Take out the records of sessions that a new password has ended."""
    UserSession.objects.filter(user_id=person_id).delete()


def enter(request: HttpRequest, *, person_id: int, now: datetime) -> None:
    """Record who has just signed in, and end his oldest sessions beyond ``SESSIONS_KEPT`` (0: any number).

    The number is ours: OWASP ASVS 5.0, 7.1.2 asks that there be one and that it be written down.
    """
    with write():
        # Two sign-ins at once wait for each other: both would find room.
        person = Person.objects.select_for_update().get(pk=person_id)
        UserSession.objects.create_from_request(request)
        key = request.session.session_key
        devices = of(person.pk, now=now)
        others = list(devices.exclude(session_key=key).values_list("pk", flat=True))
        if settings.SESSIONS_KEPT:
            _end(devices.filter(pk__in=others[settings.SESSIONS_KEPT - 1 :]))


def _end(devices: QuerySet[UserSession]) -> list[str]:
    keys = list(devices.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    UserSession.objects.filter(session_key__in=keys).delete()
    for key in keys:
        access.session_ended(key)
    return keys
