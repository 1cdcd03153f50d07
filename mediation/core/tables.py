"""Tables as offices hand them in: a workbook, CSV of any Chinese spreadsheet program, or JSON."""

import csv
import io
import json
import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Final

from django.utils.translation import gettext as _

WORKBOOK: Final = b"PK\x03\x04"
OLD_WORKBOOK: Final = b"\xd0\xcf\x11\xe0"
MOST_COLUMNS: Final = 50
MOST_ROWS: Final = 20_000
_ROUNDED: Final = re.compile(r"\d(\.\d+)?E\+\d+", re.IGNORECASE)
"""How a spreadsheet program shows a code of fifteen digits, and saves it as CSV."""


class BadFile(Exception):
    """The file cannot be read as a table; says why, in a sentence."""


def read_rows(content: bytes, *, is_json: bool) -> list[dict[str, Any]]:
    """The rows of a workbook's first sheet or of a CSV, each with a head, or of a JSON list of objects.

    Raises ``BadFile``.
    """
    if is_json:
        rows = read_json(content)
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise BadFile(_("The JSON must be a list of objects."))
        return rows
    if content.startswith(OLD_WORKBOOK):
        raise BadFile(_("This is a workbook of the old kind (.xls). Save it as .xlsx first."))
    if content.startswith(WORKBOOK):
        return _of_workbook(content)
    try:
        rows = [dict(row) for row in csv.DictReader(io.StringIO(_text(content)))]
    except csv.Error as problem:
        raise BadFile(_("This is no CSV: %(problem)s") % {"problem": problem}) from problem
    if rounded := _rounded(rows):
        raise BadFile(
            _(
                "“%(value)s”: the spreadsheet program has rounded the codes. Hand in the workbook (.xlsx)"
                " itself, or make the column text before saving."
            )
            % {"value": rounded}
        )
    return rows


def _rounded(rows: Iterable[dict[str, Any]]) -> str:
    values = (value for row in rows for value in row.values() if isinstance(value, str))
    return next((value for value in values if _ROUNDED.fullmatch(value.strip())), "")


def _of_workbook(content: bytes) -> list[dict[str, Any]]:
    from openpyxl import load_workbook  # a large library that few processes ever need

    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        lines = book.worksheets[0].iter_rows(
            values_only=True, max_row=MOST_ROWS, max_col=MOST_COLUMNS
        )
        filled = [[_as_written(value) for value in line] for line in lines if any(line)]
    except Exception as problem:  # archives and sheets fail in many ways
        raise BadFile(_("The workbook is damaged and cannot be opened.")) from problem
    if not filled:
        return []
    head, *rows = filled
    return [{name: value for name, value in zip(head, row, strict=False) if name} for row in rows]


def _as_written(value: Any) -> str:
    """A cell as somebody would have typed it: days without their midnight, whole numbers without a point."""
    match value:
        case None:
            return ""
        case datetime():
            return value.date().isoformat()
        case date():
            return value.isoformat()
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return str(value).strip()


def read_json(content: bytes) -> Any:
    """What a JSON file holds. Raises ``BadFile``."""
    try:
        return json.loads(_text(content))
    except (json.JSONDecodeError, RecursionError) as problem:
        raise BadFile(_("This is no JSON: %(problem)s") % {"problem": problem}) from problem


def _text(content: bytes) -> str:
    """UTF-8 with or without its mark, or the encoding of Chinese office programs."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadFile(_("The file is no text in UTF-8 or GB 18030. Save the sheet as CSV first."))
