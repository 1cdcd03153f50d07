"""Walking a long list from address to address."""

from collections.abc import Sequence
from typing import Any, TypeVar

from django.db.models import QuerySet
from django.http import QueryDict

from mediation.core import keyset

Row = TypeVar("Row")


class Walk:
    """The page of a list that an address asks for, and the addresses of its neighbours."""

    def __init__(self, order: keyset.Order, query: QueryDict, *, size: int) -> None:
        self.order, self.query, self.size = order, query, size
        self.previous = self.next = ""

    def page(
        self, rows: QuerySet[Any, Row], *, shown: QuerySet[Any, Row] | None = None
    ) -> Sequence[Row]:
        above, below = self._asked("above"), self._asked("below")
        found = keyset.page(rows, self.order, self.size, above=above, below=below, shown=shown)
        self.previous = self._address("above", found.above)
        self.next = self._address("below", found.below)
        return found.rows

    def _asked(self, name: str) -> keyset.Place | None:
        return keyset.read(self.order, self.query.get(name, ""))

    def _address(self, name: str, place: keyset.Place | None) -> str:
        """What else the address asks for stays; of a form, what was filled in."""
        if place is None:
            return ""
        kept = QueryDict(mutable=True)
        for key, values in self.query.lists():
            if key not in {"above", "below"} and (said := [value for value in values if value]):
                kept.setlist(key, said)
        kept[name] = keyset.spelt(self.order, place)
        return f"?{kept.urlencode()}"
