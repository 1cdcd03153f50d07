"""The morning brief as the page and the paper show it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from mediation.accounts.actor import Actor
from mediation.briefing import services
from mediation.briefing.models import Brief
from mediation.core.clock import local_day
from mediation.core.errors import NotFound, Text
from mediation.documents import press
from mediation.reports import figures
from mediation.web.cockpit import list_url
from mediation.web.templatetags import fq
from workflows import brief, selectors
from workflows.brief import GROUPS, Counted, Line


@dataclass(frozen=True, slots=True)
class Row:
    """One line. ``then``: as it was told on an earlier morning; ``number``: as it is now."""

    line: Line
    number: int
    url: str
    then: int | None
    change: int | None
    good: bool | None

    @property
    def shown(self) -> int:
        return self.number if self.then is None else self.then

    @property
    def change_size(self) -> int:
        return abs(self.change or 0)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The whole brief. ``at``: the moment of the numbers in front."""

    day: date
    at: datetime
    is_today: bool
    place: str
    groups: Sequence[tuple[Text, Sequence[Row]]]
    compared: date | None


def sheet(actor: Actor, *, now: datetime, day: date | None = None) -> Sheet:
    """The brief of this moment, or of an earlier morning. Raises ``NotFound`` when none was kept."""
    today = local_day(now)
    person = actor.person_id or 0
    told = services.kept(person, day) if day is not None and day != today else None
    if day is not None and day != today and told is None:
        raise NotFound
    earlier = services.before(person, day or today)
    rows = [_row(one, told, earlier) for one in brief.count(actor, now=now, day=day)]
    return Sheet(
        day or today,
        told.at if told else now,
        told is None,
        _place(actor),
        [
            (title, [row for row in rows if row.line.group == name])
            for name, title in GROUPS.items()
        ],
        earlier.day if earlier else None,
    )


def _row(one: Counted, told: Brief | None, earlier: Brief | None) -> Row:
    name = one.line.name
    then = told.lines.get(name, 0) if told else None
    shown = one.number if then is None else then
    change = shown - earlier.lines[name] if earlier and name in earlier.lines else None
    good = change * one.line.rising > 0 if change else None
    url = list_url(one.wanted) if one.wanted is not None else reverse("clusters")
    return Row(one.line, one.number, url, then, change, good)


def _place(actor: Actor) -> str:
    codes = figures.roots(actor)
    names = selectors.area_names(codes)
    return _(", ").join(names.get(code, code) for code in codes)


# On paper -------------------------------------------------------------------------------------------


def pdf(made: Sheet) -> bytes:
    """The brief on one page. Raises ``press.NoPdf``."""
    return press.pdf(data(made), on=made.day)


def data(made: Sheet) -> dict[str, Any]:
    """What the template of papers is given."""
    at = timezone.localtime(made.at)
    blocks: list[Mapping[str, Any]] = [
        {"t": "title", "text": _("Morning brief")},
        {"t": "subtitle", "text": f"{made.place}　{fq.day(made.day)} {fq.weekday(made.day)}"},
        {
            "t": "rows",
            "head": [
                "", _("Item"), pgettext("brief", "Number"), pgettext("brief", "Change"),
                _("What is counted"),
            ],
            "widths": [5, 7, 3, 3, 14],
            "left": [1, 4],
            "rows": [
                [
                    "" if number else str(title), str(row.line.label), f"{row.shown:,}",
                    _signed(row), str(row.line.meaning),
                ]
                for title, rows in made.groups
                for number, row in enumerate(rows)
            ],
        },
        {"t": "gap", "mm": 3},
        {"t": "note", "text": _("Data as of %(at)s") % {"at": f"{at:%Y-%m-%d %H:%M:%S}"}},
    ]  # fmt: skip
    return {
        "title": _("Morning brief"),
        "organisation": made.place,
        "blocks": blocks,
        "draft": False,
        "draft_word": "",
        "page_numbers": False,
        "qr": "",
        "qr_alt": "",
        "code_label": "",
        "code": "",
        "print_label": "",
        "fingerprint": "",
    }


def _signed(row: Row) -> str:
    return "–" if row.change is None else f"{row.change:+d}" if row.change else "0"
