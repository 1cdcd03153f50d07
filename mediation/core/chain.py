"""A chain of records: who changes, drops or moves one breaks every link after it. Plain Python."""

import hashlib
import json
import math
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

GENESIS = "0" * 64


def canonical(record: Mapping[str, Any]) -> bytes:
    """Return the one spelling of ``record`` that is hashed.

    The spelling survives a round trip through either database's JSON and time columns: moments
    are UTC, whole numbers carry no fraction. What cannot survive it raises ``TypeError`` or
    ``ValueError`` here, before it is written.
    """
    text = json.dumps(
        _plain(record), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )
    return text.encode()


def link(previous: str, record: Mapping[str, Any]) -> str:
    """Return the SHA-256 (hex) that ties ``record`` to everything before it."""
    return link_spelt(previous, canonical(record))


def link_spelt(previous: str, spelt: bytes) -> str:
    """The same for a record in its one spelling."""
    return hashlib.sha256(previous.encode() + b"\n" + spelt).hexdigest()


def verify(
    records: Iterable[tuple[Mapping[str, Any], str]], *, end: str | None = None
) -> int | None:
    """Return the index of the first bad record, or None when all of them hold.

    Each record comes with its stored link, oldest first. ``end`` is the last link as it was noted
    elsewhere: with it a cut-off tail is found too, at the index where the next record is missing.
    """
    previous, count = GENESIS, 0
    for index, (record, stored) in enumerate(records):
        if link(previous, record) != stored:
            return index
        previous, count = stored, index + 1
    return None if end is None or end == previous else count


def _plain(value: Any) -> Any:
    match value:
        case Mapping():
            return {_key(key): _plain(item) for key, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
        case None | bool():
            return value
        case int() | float():
            return _number(value)
    return _spelt(value)


def _spelt(value: Any) -> str:
    match value:
        case str():
            return str.__str__(value)  # a member of an enumeration stands for its value
        case datetime():
            return _moment(value)
        case date():
            return value.isoformat()
        case Decimal():
            return _decimal(value)
        case UUID():
            return str(value)
    raise TypeError(f"A record in a chain cannot hold a {type(value).__name__}.")


def _moment(value: datetime) -> str:
    if value.tzinfo is None:
        raise ValueError("A record in a chain needs a moment with a time zone.")
    return value.astimezone(UTC).isoformat(timespec="microseconds")


def _key(key: Any) -> str:
    if not isinstance(key, str):
        raise TypeError("The keys of a record in a chain are text.")
    return str.__str__(key)


def _number(value: float) -> float:
    # PostgreSQL gives 1e22 back as a whole number and -0.0 without its sign.
    return int(value) if math.isfinite(value) and value == int(value) else value


def _decimal(value: Decimal) -> str:
    """A column with two places returns 2800.00 for what was given as 2800."""
    if not value.is_finite():
        raise ValueError("A record in a chain needs a finite number.")
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in {"-0", ""} else text
