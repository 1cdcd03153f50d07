"""Which records count: cases, not entries. A street sweep of one morning is not a cluster."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from mediation.warning.detect.streams import Category, Unit

REPEAT_DAYS = 28
MOST_PER_DAY = 2
SAME_DAY_GROUP = 3


@dataclass(frozen=True, slots=True)
class Record:
    """One registered dispute. ``same`` are its keys: the set of its parties, its address."""

    id: int
    day: int
    grid: Unit
    category: Category
    same: frozenset[str]


def counted(records: Iterable[Record]) -> list[Record]:
    """The records that enter the statistics, in order of day.

    One per party set or address in 28 days, and at most two per grid, category and day.
    """
    latest: dict[str, int] = {}
    today: Counter[tuple[int, Unit, Category]] = Counter()
    kept = []
    for record in sorted(records, key=lambda record: (record.day, record.id)):
        cell = record.day, record.grid, record.category
        repeated = any(
            record.day - latest[key] < REPEAT_DAYS for key in record.same & latest.keys()
        )
        if repeated or today[cell] == MOST_PER_DAY:
            continue
        today[cell] += 1
        latest |= dict.fromkeys(record.same, record.day)
        kept.append(record)
    return kept


def same_day_groups(records: Iterable[Record]) -> dict[tuple[int, Unit, Category], list[int]]:
    """Three or more records of one category in one grid on one day, by ids: a group, not chance."""
    groups: dict[tuple[int, Unit, Category], list[int]] = {}
    for record in records:
        groups.setdefault((record.day, record.grid, record.category), []).append(record.id)
    return {cell: ids for cell, ids in groups.items() if len(ids) >= SAME_DAY_GROUP}
