"""Places in addresses: what is written is read again, and nothing else is believed."""

from datetime import UTC, datetime

import pytest

from mediation.core import keyset
from mediation.core.keyset import Column

ORDER = (
    Column("severity", falling=True),
    Column("due_at", may_be_empty=True, is_moment=True),
    Column("pk"),
)
DUE = datetime(2026, 3, 2, 16, 0, 0, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("place", "word"), [((30, DUE, 17), "30-1772467200000007-17"), ((0, None, 1), "0--1")]
)
def test_place_is_read_as_it_was_written(place: keyset.Place, word: str) -> None:
    assert keyset.spelt(ORDER, place) == word
    assert keyset.read(ORDER, word) == place


STRANGE = "30 30-1-2-3 --1 30-1- x-1-1 30-١-1 30--1x 30-99999999999999999999-1"


@pytest.mark.parametrize("word", ["", *STRANGE.split()])
def test_anything_else_is_no_place(word: str) -> None:
    assert keyset.read(ORDER, word) is None
