"""Walking a long list by the sort values of its rows.

A place is what a row is sorted by, not how many stand before it: no page costs more than the first, and what
is added or worked off meanwhile pushes no row over the edge of a page.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Generic, TypeVar

from django.db.models import F, Q, QuerySet

Row = TypeVar("Row")
Place = tuple[Any, ...]
"""The sort values of one row. The last of them is unique."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
GREATEST = 2**62
NOTHING = Q(pk__in=[])


@dataclass(frozen=True, slots=True)
class Column:
    """One of the values that a list is sorted by. Where it may be empty, empty ones stand last."""

    name: str
    falling: bool = False
    may_be_empty: bool = False
    is_moment: bool = False

    def order(self, *, up: bool) -> Any:
        """``up``: the list read from its end."""
        empty = {("nulls_first" if up else "nulls_last"): True} if self.may_be_empty else {}
        value = F(self.name)
        return value.desc(**empty) if self.falling != up else value.asc(**empty)

    def behind(self, value: Any, *, up: bool) -> Q:
        """What stands below ``value``; walking up, what stands above it."""
        if value is None:
            return Q((f"{self.name}__isnull", False)) if up else NOTHING
        found = Q((f"{self.name}__{'lt' if self.falling != up else 'gt'}", value))
        return found | Q((f"{self.name}__isnull", True)) if self.may_be_empty and not up else found

    def same(self, value: Any) -> Q:
        return Q((f"{self.name}__isnull", True)) if value is None else Q((self.name, value))

    def of(self, row: Any) -> Any:
        return row[self.name] if isinstance(row, Mapping) else getattr(row, self.name)

    def spelt(self, value: Any) -> str:
        if value is None:
            return ""
        return str((value - EPOCH) // MICROSECOND if self.is_moment else value)

    def read(self, typed: str) -> Any:
        """Raises ``ValueError`` or ``OverflowError`` for what this column never says."""
        if not typed and self.may_be_empty:
            return None
        if not (typed.isascii() and typed.isdigit()):
            raise ValueError(typed)
        number = min(int(typed[:20]), GREATEST)
        return EPOCH + number * MICROSECOND if self.is_moment else number


Order = Sequence[Column]


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some rows, and the places from which the list goes on in both directions."""

    rows: Sequence[Row]
    above: Place | None = None
    below: Place | None = None


def ordering(order: Order, *, up: bool = False) -> list[Any]:
    return [column.order(up=up) for column in order]


def page(
    rows: QuerySet[Any, Row],
    order: Order,
    size: int,
    *,
    above: Place | None = None,
    below: Place | None = None,
    shown: QuerySet[Any, Row] | None = None,
) -> Page[Row]:
    """The first page, or the one right above or below a place.

    When so little is left there that it would not fill the page upwards, or nothing below, it is the first.
    ``shown``: what is read of the rows once they are found, if it is not the rows themselves. What it joins
    is then joined to a page, not to all that is sorted for it.
    """
    # One more than a page is asked for, so that it is known whether another follows.
    some = partial(_some, rows, order, size + 1, shown)
    if above is not None:
        kept = some(above, up=True)
        if len(kept) >= size:
            return _page(kept[:size][::-1], order, above=len(kept) > size, below=True)
    elif below is not None and (kept := some(below)):
        return _page(kept[:size], order, above=True, below=len(kept) > size)
    kept = some()
    return _page(kept[:size], order, above=False, below=len(kept) > size)


def _page(rows: Sequence[Row], order: Order, *, above: bool, below: bool) -> Page[Row]:
    first = place_of(rows[0], order) if above else None
    return Page(rows, first, place_of(rows[-1], order) if below else None)


def _some(
    rows: QuerySet[Any, Row],
    order: Order,
    most: int,
    shown: QuerySet[Any, Row] | None,
    place: Place | None = None,
    *,
    up: bool = False,
) -> list[Row]:
    sorting = ordering(order, up=up)
    found = rows if place is None else rows.filter(beyond(order, place, up=up))
    first = found.order_by(*sorting)[:most]
    if shown is None:
        return list(first)
    return list(shown.filter(pk__found_first=first.values("pk")).order_by(*sorting))


def place_of(row: Any, order: Order) -> Place:
    return tuple(column.of(row) for column in order)


def beyond(order: Order, place: Place, *, up: bool = False) -> Q:
    """Rows that stand below the place; walking up, above it."""
    found, same = NOTHING, Q()
    for column, value in zip(order, place, strict=True):
        found |= same & column.behind(value, up=up)
        same &= column.same(value)
    # Says nothing new, but is the one bound from which an index can start.
    first = order[0]
    start = "lte" if first.falling != up else "gte"
    return Q((f"{first.name}__{start}", place[0])) & found


# Places in addresses ------------------------------------------------------------------------------


def spelt(order: Order, place: Place) -> str:
    return "-".join(column.spelt(value) for column, value in zip(order, place, strict=True))


def read(order: Order, typed: str) -> Place | None:
    """The place that an address names; ``None`` for anything else."""
    parts = typed.split("-")
    if len(parts) != len(order):
        return None
    try:
        return tuple(column.read(part) for column, part in zip(order, parts, strict=True))
    except (ValueError, OverflowError):
        return None
