"""What is told of waiting times: suppression, intervals and places, by table."""

import pytest

from mediation.reports.spread import Spread, overlaps, placed


def spread(stays: int, low: int, high: int) -> Spread:
    return Spread(stays, stays, (low + high) // 2, high, high, low, high)


@pytest.mark.parametrize(
    ("stays", "shown"), [(0, False), (1, False), (4, False), (5, True), (9, True)]
)
def test_fewer_than_five_are_not_shown(stays: int, *, shown: bool) -> None:
    assert spread(stays, 10, 20).is_shown is shown


@pytest.mark.parametrize(
    ("one", "other", "answer"),
    [
        ((10, 20), (21, 30), False), ((10, 20), (20, 30), True), ((10, 40), (20, 30), True),
        ((20, 30), (10, 40), True), ((21, 30), (10, 20), False), ((10, 10), (10, 10), True),
    ],
)  # fmt: skip
def test_intervals_that_touch_overlap(
    one: tuple[int, int], other: tuple[int, int], *, answer: bool
) -> None:
    assert overlaps(spread(9, *one), spread(9, *other)) is answer


@pytest.mark.parametrize(
    ("groups", "places"),
    [
        ([], []),
        ([(9, 10, 20)], [None]),
        ([(9, 10, 20), (9, 30, 40)], [2, 1]),
        ([(9, 10, 20), (9, 20, 40)], [None, None]),
        ([(9, 10, 20), (9, 15, 40), (9, 50, 60)], [None, None, 1]),
        ([(9, 50, 60), (9, 10, 20), (9, 30, 40)], [1, 3, 2]),
        # Too few neither take a place nor stand in the way of one.
        ([(4, 15, 35), (9, 10, 20), (9, 30, 40)], [None, 2, 1]),
        ([(9, 10, 20), (4, 30, 40)], [None, None]),
    ],
)
def test_places_are_given_only_to_who_is_apart(
    groups: list[tuple[int, int, int]], places: list[int | None]
) -> None:
    found = placed([(str(n), spread(*group)) for n, group in enumerate(groups)])

    assert [row.place for row in found] == places
    assert [row.key for row in found] == [str(n) for n in range(len(groups))]
