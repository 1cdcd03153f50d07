"""Workbooks for spreadsheet programs: real numbers, frozen heads, ready to print.

Drawn by XlsxWriter. Text is written as text, so that no program takes it for a formula. The same sheets and
moment give the same bytes.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any, Final

from xlsxwriter import Workbook

MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PLAIN, TITLE, HEAD, WHOLE, TENTH, DAY, NOTE, MONEY = range(1, 9)
"""Styles of a cell."""

Value = str | int | float | Decimal | date | None


@dataclass(frozen=True, slots=True)
class Cell:
    """A value that needs another style than its type has, several columns, or several rows.

    The rows below leave an empty cell where one reaches ``down`` into them.
    """

    value: Value
    style: int = PLAIN
    across: int = 1
    down: int = 1


@dataclass(frozen=True, slots=True)
class Sheet:
    """``frozen``: rows above and columns before what scrolls; the rows are printed on every page.

    ``widths``: of the columns, in characters; a Chinese one counts two.
    """

    name: str
    rows: Sequence[Sequence[Cell | Value]]
    widths: Sequence[float] = ()
    frozen: tuple[int, int] = (0, 0)
    landscape: bool = True


def write(sheets: Sequence[Sheet], *, title: str, at: datetime) -> bytes:
    """The workbook. ``at``: the moment that the file bears, in UTC."""
    out = BytesIO()
    book = Workbook(out, _AS_TYPED)
    book.set_properties({"title": _UNPRINTABLE.sub("", title), "created": at.replace(tzinfo=None)})
    looks = {style: book.add_format(_FONT | look) for style, look in _LOOKS.items()}
    for name, sheet in zip(_names(sheets), sheets, strict=True):
        page = book.add_worksheet(name)
        _set_up(page, sheet)
        for number, row in enumerate(sheet.rows):
            _write_row(page, number, row, looks)
    book.close()
    return out.getvalue()


_AS_TYPED = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_UNPRINTABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_FONT = {"font_name": "等线", "font_size": 11}
_BOX = {"border": 1, "valign": "vcenter", "text_wrap": True}
_LOOKS: dict[int, dict[str, Any]] = {
    PLAIN: _BOX,
    TITLE: {"bold": True, "font_size": 16},
    HEAD: _BOX | {"bold": True, "bg_color": "#E9EEF5"},
    WHOLE: {"border": 1, "num_format": "#,##0"},
    TENTH: {"border": 1, "num_format": "#,##0.0"},
    DAY: {"border": 1, "num_format": "yyyy-mm-dd"},
    NOTE: {"font_size": 10, "font_color": "#515C6B"},
    MONEY: {"border": 1, "num_format": "#,##0.00"},
}


def _set_up(page: Any, sheet: Sheet) -> None:
    """What scrolls, and how it is printed: one page wide, with its heads and numbers."""
    for number, width in enumerate(sheet.widths):
        page.set_column(number, number, width)
    page.freeze_panes(*sheet.frozen)
    if sheet.frozen[0]:
        page.repeat_rows(0, sheet.frozen[0] - 1)
    if sheet.landscape:
        page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)
    page.set_footer("&C&P / &N")


def _write_row(page: Any, number: int, row: Sequence[Cell | Value], looks: dict[int, Any]) -> None:
    column = 0
    for given in row:
        cell = given if isinstance(given, Cell) else Cell(given, _style_of(given))
        look = looks[cell.style]
        if cell.across > 1 or cell.down > 1:
            last = number + cell.down - 1, column + cell.across - 1
            page.merge_range(number, column, *last, "", look)
        _write_value(page, number, column, cell.value, look)
        column += cell.across


def _write_value(page: Any, number: int, column: int, value: Value, look: Any) -> None:
    """By its type, never by what it looks like."""
    if value is None:
        if (number, column) not in page.merged_cells:
            page.write_blank(number, column, None, look)
    elif isinstance(value, str):
        page.write_string(number, column, _UNPRINTABLE.sub("", value), look)
    elif isinstance(value, date):
        page.write_datetime(number, column, value, look)
    else:
        page.write_number(number, column, value, look)


def _style_of(value: Cell | Value) -> int:
    if isinstance(value, int):
        return WHOLE
    if isinstance(value, (float, Decimal)):
        return TENTH
    return DAY if isinstance(value, date) else PLAIN


def _names(sheets: Sequence[Sheet]) -> list[str]:
    """At most 31 characters, none of which a program refuses, and none twice."""
    found: list[str] = []
    for sheet in sheets:
        name = re.sub(r"[\\/?*\[\]:']", " ", sheet.name).strip()[:28] or "-"
        found.append(f"{name} {len(found) + 1}" if name in found else name)
    return found
