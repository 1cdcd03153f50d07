"""Tables as offices hand them in: CSV of any Chinese spreadsheet program, or JSON."""

import csv
import io
import json
from typing import Any

from django.utils.translation import gettext as _


class BadFile(Exception):
    """The file cannot be read as a table; says why, in a sentence."""


def read_rows(content: bytes, *, is_json: bool) -> list[dict[str, Any]]:
    """The rows of a CSV with a header line, or of a JSON list of objects. Raises ``BadFile``."""
    if is_json:
        rows = read_json(content)
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise BadFile(_("The JSON must be a list of objects."))
        return rows
    try:
        return [dict(row) for row in csv.DictReader(io.StringIO(_text(content)))]
    except csv.Error as problem:
        raise BadFile(_("This is no CSV: %(problem)s") % {"problem": problem}) from problem


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
