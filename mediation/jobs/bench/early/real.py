"""Real records as a null: dates shuffled inside each kind and half, so that places and totals stay as they
are and every local cluster is gone. Any file with the same columns is read."""

import csv
import gzip
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import TextIO

from mediation.jobs.bench.early.world import World
from mediation.warning.detect.counting import Record, counted
from mediation.warning.detect.streams import Tree, Unit

COLUMNS = {"day", "grid", "comm", "sub", "cat"}
MOST_KINDS = 9
JUDGED = 364


def files(folder: Path) -> Iterator[Path]:
    """The files of ``folder`` that hold records of this shape."""
    for path in sorted(folder.glob("*.csv*")) if folder.is_dir() else []:
        with _open(path) as lines:
            head = next(csv.reader(lines), [])
        if set(head) >= COLUMNS:
            yield path


def _open(path: Path) -> TextIO:
    return (
        gzip.open(path, "rt", encoding="utf-8")
        if path.suffix == ".gz"
        else path.open(encoding="utf-8")
    )


def world_of(path: Path) -> World:
    """The counted cases of a file: one per address in 28 days, at most two per grid, kind and day."""
    comm_of: dict[Unit, Unit] = {}
    sub_of: dict[Unit, Unit] = {}
    rows = []
    with _open(path) as lines:
        for n, row in enumerate(csv.DictReader(lines)):
            grid, comm, sub = int(row["grid"]), int(row["comm"]), int(row["sub"])
            comm_of.setdefault(grid, comm)
            sub_of.setdefault(comm_of[grid], sub)
            same = frozenset([row["addr_id"]]) if row.get("addr_id") else frozenset()
            rows.append(Record(n, int(row["day"]), grid, row["cat"], same))
    common = [kind for kind, _ in Counter(row.category for row in rows).most_common(MOST_KINDS - 1)]
    kept = counted(rows)
    first = min(row.day for row in kept)
    numbers = {kind: n for n, kind in enumerate(common)}
    cases = sorted(
        (row.day - first, int(row.grid), numbers.get(row.category, MOST_KINDS - 1)) for row in kept
    )
    days = cases[-1][0] + 1
    tree = Tree(comm_of, sub_of, dict.fromkeys(sub_of.values(), 0))
    return World(tree, cases, max(days - JUDGED, days // 2), days)


def shuffled(world: World, *, seed: int) -> World:
    dice = Random(seed)  # noqa: S311 -- a draw, not a secret
    half = world.days // 2
    days: defaultdict[tuple[int, bool], list[int]] = defaultdict(list)
    for day, _grid, kind in world.cases:
        days[kind, day >= half].append(day)
    for group in days.values():
        dice.shuffle(group)
    cases = [(days[kind, day >= half].pop(), grid, kind) for day, grid, kind in world.cases]
    return World(world.tree, sorted(cases), world.first_judged, world.days)
