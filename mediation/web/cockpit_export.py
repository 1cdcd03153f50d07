"""The view of the cockpit as a file: PDF, one picture, or a workbook, for the address that is looked at."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from mediation.core import xlsx
from mediation.core.clock import local_day
from mediation.core.xlsx import HEAD, NOTE, TITLE, Cell, Sheet
from mediation.disputes.enums import Category
from mediation.documents import press
from mediation.reports.figures import BY_NAME
from mediation.web import cockpit
from mediation.web.cockpit import Reading
from mediation.web.templatetags import fq

FORM: Final = "cockpit.typ"
SHARP: Final = 144
"""Dots per inch of the picture: 1,684 across."""


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows, as the files repeat it. ``at``: the moment of its numbers."""

    reading: Reading
    at: datetime

    @property
    def place(self) -> str:
        return self.reading.names[self.reading.asked.area]

    @property
    def filters(self) -> str:
        asked = self.reading.asked
        words = [_days(asked.period.now), _("compared with") + " " + _days(asked.period.before)]
        if asked.category:
            words.append(str(Category(asked.category).label))
        return " · ".join(words)

    @property
    def asof(self) -> str:
        return _("Data as of %(at)s") % {"at": f"{timezone.localtime(self.at):%Y-%m-%d %H:%M:%S}"}

    @property
    def tables(self) -> Iterable[tuple[str, str, Sequence[dict[str, Any]]]]:
        """Title, head of the first column, rows."""
        yield _("By area"), _("Area"), cockpit.areas(self.reading)
        yield _("By kind of dispute"), _("Kind of dispute"), cockpit.kinds(self.reading)
        yield _("Twelve months"), _("Month"), cockpit.months(self.reading)


def _days(span: Any) -> str:
    first, last = str(fq.day(span.first)), str(fq.day(span.last))
    return first if span.days == 1 else f"{first} – {last}"


# Printed --------------------------------------------------------------------------------------------


def pdf(view: View) -> bytes:
    """Raises ``press.NoPdf``."""
    return press.pdf(_data(view, paged=True), on=local_day(view.at), form=FORM)


def png(view: View) -> bytes:
    """Everything in one picture. Raises ``press.NoPdf``."""
    [made] = press.images(_data(view, paged=False), on=local_day(view.at), ppi=SHARP, form=FORM)
    return made


def _data(view: View, *, paged: bool) -> dict[str, Any]:
    months = cockpit.months(view.reading)
    pairs = [(m["name"], m["cells"][0].number or 0, m["cells"][2].number or 0) for m in months]
    return {
        "paged": paged,
        "title": _("Situation"),
        "place": view.place,
        "filters": view.filters,
        "asof": view.asof,
        "note": _("Sensitive cases are counted only for those who may open them."),
        "tiles": [_tile(tile) for tile in cockpit.tiles(view.reading)],
        "chart": {
            "title": _("Twelve months"),
            "first": str(BY_NAME["new"].label),
            "second": _("Closed"),
            "top": max([1, *(max(new, closed) for _name, new, closed in pairs)]),
            "months": [{"name": name, "first": a, "second": b} for name, a, b in pairs],
        },
        "sheets": [
            {
                "title": title,
                "head": [head, *(_headed(cell) for cell in rows[0]["cells"])],
                "rows": [[str(row["name"]), *(cell.text for cell in row["cells"])] for row in rows],
            }
            for title, head, rows in view.tables
            if rows
        ],
    }


def _tile(tile: Mapping[str, Any]) -> dict[str, str]:
    cell, change = tile["cell"], tile["change"]
    note = ""
    if change:
        sign = {"up": "↑ ", "down": "↓ "}.get(change["direction"], "")
        word = sign + change["word"] if sign else _("no change")
        note = f"{word} · {_('period before')} {change['earlier']}"
    elif not tile["figure"].compared:
        note = _("at present")
    return {"label": str(cell.label), "value": cell.text, "unit": str(cell.unit), "note": note}


def _headed(cell: Any) -> str:
    unit = str(BY_NAME[cell.name].unit) if cell.name in BY_NAME else ""
    return f"{cell.label} ({unit})" if unit else str(cell.label)


# As a workbook --------------------------------------------------------------------------------------


def workbook(view: View) -> bytes:
    """Four sheets of real numbers, each with the area, the days and the moment above it."""
    sheets = [Sheet(_("Figures"), _figures(view), (22, 12, 10, 12, 12, 14, 60), (4, 1))]
    for title, head, rows in view.tables:
        if rows:
            cells = rows[0]["cells"]
            table: list[list[Any]] = [
                *_head(view, title),
                [Cell(word, HEAD) for word in (head, *(_headed(cell) for cell in cells))],
                *([str(row["name"]), *(cell.number for cell in row["cells"])] for row in rows),
            ]
            sheets.append(Sheet(title, table, (24, *(14 for _cell in cells)), (4, 1)))
    title = f"{view.place} {_('Situation')}"
    return xlsx.write(sheets, title=title, at=view.at.astimezone(UTC))


def _head(view: View, title: str) -> list[list[Any]]:
    return [
        [Cell(f"{view.place} {title}", TITLE)],
        [Cell(view.filters, NOTE)],
        [Cell(view.asof, NOTE)],
    ]


def _figures(view: View) -> list[list[Any]]:
    words = (
        _("Figure"), _("Value"), _("Unit"), pgettext("figures", "Part"), pgettext("figures", "Whole"),
        _("period before"), _("How it is computed"),
    )  # fmt: skip
    rows = [*_head(view, _("Figures")), [Cell(word, HEAD) for word in words]]
    for tile in cockpit.tiles(view.reading):
        cell, change = tile["cell"], tile["change"]
        rows.append(
            [
                str(cell.label),
                cell.number,
                str(cell.unit),
                _number(cell.part),
                _number(cell.whole),
                _number(change["earlier"]) if change else None,
                str(tile["figure"].formula),
            ]
        )
    return rows


def _number(text: str) -> int | float | None:
    """The number behind a grouped text; none for none."""
    bare = text.replace(",", "")
    return None if not bare else float(bare) if "." in bare else int(bare)


MAKERS: Mapping[str, tuple[Callable[[View], bytes], str]] = {
    "pdf": (pdf, "application/pdf"),
    "png": (png, "image/png"),
    "xlsx": (workbook, xlsx.MEDIA_TYPE),
}
"""Kind of file → who makes it, and its media type."""
