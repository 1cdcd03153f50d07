"""What the detection finds is what the method as written down finds, on pasts of every odd shape."""

from random import Random

import pytest

from mediation.warning.detect.panel import Case, Panel
from mediation.warning.detect.streams import Tree
from tests.warning.detect.book import Book

KINDS = (1, 2, 3)
TREE = Tree(
    comm_of={grid: grid // 2 for grid in range(8)},
    sub_of={comm: comm // 2 for comm in range(4)},
    county_of={0: 0, 1: 0},
)
CLUMPING = 1.2


@pytest.mark.parametrize(
    ("span", "past", "burst"),
    [(7, 0, 3), (7, 8, 0), (29, 10, 4), (35, 12, 90), (366, 60, 5), (371, 40, 0)],
    ids=["empty history", "one week", "guard alone", "great burst", "leap year", "53 weeks"],
)
def test_panel_says_what_the_book_says(span, past, burst):
    dice, day = Random(span + burst), span - 1
    cases = [Case(dice.randrange(span), dice.randrange(8), dice.choice(KINDS)) for _ in range(past)]
    cases += [Case(day, 0, 1)] * (burst + 1)
    monday = day - day % 7

    panel = Panel(TREE, cases, categories=KINDS, dispersion=lambda _stream, _window: CLUMPING)
    found = panel.findings(day=day, rates=panel.rates(earliest=0, refreshed=monday))

    book = Book(TREE, cases, kinds=KINDS, day=day, monday=monday, clumping=CLUMPING).findings()
    told = {
        tuple(stream): (one.chance, one.window, one.count, one.mean, one.factor)
        for stream, one in found.items()
    }
    assert told == {stream: pytest.approx(numbers, rel=1e-7) for stream, numbers in book.items()}
