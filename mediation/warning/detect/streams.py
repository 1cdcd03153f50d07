"""The places and kinds of dispute that are watched, and how they contain each other."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Level = Literal["grid", "comm", "sub", "county"]
Unit = int | str
Category = int | str

LEVELS: tuple[Level, ...] = ("grid", "comm", "sub", "county")
ALL: Category = "ALL"
"""The stream of a unit that counts every category."""


class Stream(NamedTuple):
    level: Level
    unit: Unit
    category: Category


@dataclass(frozen=True)
class Tree:
    """Which community a grid lies in, which subdistrict a community, which county a subdistrict."""

    comm_of: Mapping[Unit, Unit]
    sub_of: Mapping[Unit, Unit]
    county_of: Mapping[Unit, Unit]
    _grids: Mapping[tuple[Level, Unit], int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        grids = Counter(place for grid in self.comm_of for place in self.places(grid))
        object.__setattr__(self, "_grids", grids)

    def places(self, grid: Unit) -> list[tuple[Level, Unit]]:
        """The grid and everything around it, from the smallest to the largest."""
        comm = self.comm_of[grid]
        sub = self.sub_of[comm]
        return [("grid", grid), ("comm", comm), ("sub", sub), ("county", self.county_of[sub])]

    def all_places(self) -> list[tuple[Level, Unit]]:
        """Every place once, a parent always before its children."""
        return sorted(self._grids, key=lambda place: (-LEVELS.index(place[0]), str(place[1])))

    def grids_in(self, level: Level, unit: Unit) -> int:
        return self._grids[level, unit]

    def parent(self, level: Level, unit: Unit) -> tuple[Level, Unit]:
        """The next larger place. A county has none: ``KeyError``."""
        step: dict[Level, tuple[Level, Mapping[Unit, Unit]]] = {
            "grid": ("comm", self.comm_of),
            "comm": ("sub", self.sub_of),
            "sub": ("county", self.county_of),
        }
        above, of = step[level]
        return above, of[unit]

    def subdistrict(self, level: Level, unit: Unit) -> Unit | None:
        """The subdistrict in which the place lies; none for a county."""
        match level:
            case "grid":
                return self.sub_of[self.comm_of[unit]]
            case "comm":
                return self.sub_of[unit]
            case "sub":
                return unit
            case _:
                return None

    def surroundings(self, level: Level, unit: Unit) -> tuple[Level, Unit] | None:
        """The place whose present trend is taken for normal: the subdistrict, or the county."""
        if level == "county":
            return None
        above = self.parent(level, unit)
        return self.parent(*above) if level == "grid" else above

    def streams(self, grid: Unit, category: Category) -> Iterator[Stream]:
        """Every stream in which one case of ``category`` in ``grid`` counts."""
        for level, unit in self.places(grid):
            yield Stream(level, unit, ALL)
            yield Stream(level, unit, category)
