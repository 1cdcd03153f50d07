"""A person's deadlines as a calendar that his phone subscribes to, by an address that only he knows."""

import hashlib
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from mediation.accounts.models import Person
from mediation.deadlines.models import CalendarFeed

LINE = 75
"""Octets of a line; longer ones are folded (RFC 5545, 3.1)."""


def open_feed(person: Person, *, now: datetime) -> str:
    """A fresh secret for the address; the one before stops working. It is told once and never kept."""
    secret = secrets.token_urlsafe(32)
    CalendarFeed.objects.update_or_create(
        person=person, defaults={"digest": _digest(secret), "created_at": now, "read_at": None}
    )
    return secret


def close_feed(person: Person) -> None:
    CalendarFeed.objects.filter(person=person).delete()


def owner(secret: str, *, now: datetime) -> Person | None:
    """Whose feed it is. Nobody's, when the account is closed or the address was given up."""
    found = (
        CalendarFeed.objects.filter(digest=_digest(secret), person__is_active=True)
        .select_related("person")
        .first()
    )
    if found is None:
        return None
    CalendarFeed.objects.filter(pk=found.pk).update(read_at=now)
    return found.person


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


# iCalendar -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Entry:
    """One day in the calendar. Names the case and the clock, never a person."""

    key: int
    day: date
    title: str
    text: str
    url: str


def render(entries: Iterable[Entry], *, name: str, now: datetime) -> str:
    """The calendar in iCalendar form (RFC 5545)."""
    lines = [
        *("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Fengqiao//Deadlines//EN"),
        *("CALSCALE:GREGORIAN", "METHOD:PUBLISH", f"X-WR-CALNAME:{_text(name)}"),
    ]
    for entry in entries:
        lines += _event(entry, now)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _event(entry: Entry, now: datetime) -> list[str]:
    return [
        "BEGIN:VEVENT",
        f"UID:deadline-{entry.key}@fengqiao",
        f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{entry.day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{entry.day + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_text(entry.title)}",
        f"DESCRIPTION:{_text(entry.text)}",
        f"URL:{entry.url}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _text(value: str) -> str:
    value = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return value.replace("\r", "").replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """Pieces of at most 75 octets, never cut within a character."""
    piece, room = "", LINE
    for letter in line:
        size = len(letter.encode())
        if size > room:
            yield piece
            piece, room = " ", LINE - 1
        piece, room = piece + letter, room - size
    yield piece
