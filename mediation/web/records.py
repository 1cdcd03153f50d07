"""Records of access as a time line: what moved, in the words of the forms."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mediation.accounts.models import AccessChange, Change, Role
from mediation.web.templatetags.fq import day

LABELS: dict[str, str | Promise] = {
    "username": _("User name"),
    "name": _("Name"),
    "post": _("Post"),
    "phone": _("Office phone"),
    "role": _("Role"),
    "area": _("Area"),
    "since": _("From"),
    "until": _("Until"),
    "cleared": _("May handle sensitive cases"),
    "deputy": _("Deputy"),
    "deputy_since": _("Deputy from"),
    "deputy_until": _("Deputy until"),
    "case": _("Case number"),
    "finding": _("Finding"),
    "code": _("Code"),
    "area_name": _("Area name"),
    "short_name": _("Short name in file numbers"),
    "households": _("Households"),
    "outline": _("Outline"),
    "key": _("Key of a program"),
    "sessions": _("Devices signed out"),
}
# Says which duty it is about, also when only its deputy moved.
ALWAYS = ("role", "area")
ICONS: dict[str, str] = {
    Change.ACCOUNT_OPENED: "plus",
    Change.ACCOUNT_CLOSED: "lock",
    Change.ACCOUNT_REOPENED: "refresh",
    Change.PASSWORD_RENEWED: "lock",
    Change.SESSIONS_ENDED: "logout",
    Change.DUTY_GIVEN: "shield",
    Change.DUTY_ENDED: "minus",
    Change.DEPUTY_CHANGED: "users",
    Change.URGENT_ACCESS: "lock",
    Change.URGENT_REVIEWED: "eye",
    Change.AREA_CREATED: "plus",
    Change.AREA_CLOSED: "lock",
    Change.AREA_REOPENED: "refresh",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One record, as ``components/_timeline.html`` shows it."""

    when: datetime
    title: str
    who: str
    text: str
    icon: str
    details: list[tuple[str | Promise, str]]


def entries(records: Iterable[AccessChange]) -> list[Entry]:
    return [
        Entry(
            when=record.at,
            title=str(Change(record.what).label),
            who=record.by_name,
            text=record.reason,
            icon=ICONS.get(record.what, "edit"),
            details=_details(record.before, record.after),
        )
        for record in records
    ]


def _details(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[str | Promise, str]]:
    """What moved, as old → new; what was set, when there was nothing before."""
    shown = []
    for key, label in LABELS.items():
        old, new = before.get(key), after.get(key)
        moved = old != new and (old or new) not in (None, "", False)
        if moved and before:
            shown.append((label, f"{_words(key, old)} → {_words(key, new)}"))
        elif moved or (key in ALWAYS and new):
            shown.append((label, _words(key, new)))
    return shown


def _words(key: str, value: Any) -> str:
    if value in (None, ""):
        return "–"
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if value == "at_once":
        return str(_("at once"))
    if key == "role" and value in Role.values:
        return str(Role(value).label)
    if key in {"since", "until", "deputy_since", "deputy_until"}:
        return day(date.fromisoformat(value))
    return str(value)
