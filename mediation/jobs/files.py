"""Tables as offices hand them in: CSV of any Chinese spreadsheet program, or JSON."""

import csv
import io
import json
from pathlib import Path
from typing import Any


class BadFile(Exception):
    """The file cannot be read as a table; says why, in a sentence."""


def read_rows(file: Path) -> list[dict[str, Any]]:
    """The rows of a CSV with a header line, or of a JSON list of objects. Raises ``BadFile``."""
    text = _text(file)
    if file.suffix.lower() == ".json":
        return _json_rows(text)
    return [dict(row) for row in csv.DictReader(io.StringIO(text))]


def _text(file: Path) -> str:
    """UTF-8 with or without its mark, or the encoding of Chinese office programs."""
    try:
        content = file.read_bytes()
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError:
            return content.decode("gb18030")
    except (OSError, UnicodeDecodeError) as problem:
        raise BadFile(f"{file} cannot be read: {problem}") from problem


def _json_rows(text: str) -> list[dict[str, Any]]:
    try:
        rows = json.loads(text)
    except json.JSONDecodeError as problem:
        raise BadFile(f"This is no JSON: {problem}") from problem
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise BadFile("The JSON must be a list of objects.")
    return rows
