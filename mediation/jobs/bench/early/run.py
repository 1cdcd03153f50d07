"""``bench warning``: stated against realised intervals, detection beside other methods, and what it costs."""

import time
from collections import defaultdict
from pathlib import Path
from random import Random
from statistics import mean, median
from typing import Any

from django.conf import settings

from mediation.jobs.bench.early import real
from mediation.jobs.bench.early.methods import METHODS
from mediation.jobs.bench.early.play import (
    OURS,
    Scores,
    episodes,
    false_alarms,
    found,
    play,
    threshold,
)
from mediation.jobs.bench.early.world import (
    KINDS,
    RECIPES,
    SMALL,
    Shape,
    calm,
    disturbed,
    tree_of,
)
from mediation.warning.detect.recurrence import TIER_WEEKS
from mediation.warning.detect.streams import LEVELS, Level
from mediation.warning.detect.watch import Watch

WATCHED: tuple[Level, ...] = LEVELS[:3]
COMPARED = 2
"""In so many worlds the other methods are tuned and compared."""
SHUFFLES = 3
"""How often the dates of real records are shuffled: of the rarest tier one shuffle shows too few."""
STATED = 12
"""Weeks between two false alerts of yellow or higher in one subdistrict."""


def run(*, worlds: int, seed: int, data: str) -> dict[str, Any]:
    begun = time.process_time()
    shape = Shape()
    plain = [calm(shape, seed=seed + n) for n in range(worlds)]
    quiet = [
        # The other methods are slow and need only a part of the worlds to be tuned.
        play(world, range(KINDS), others=n < COMPARED, from_day=world.first_judged)
        for n, world in enumerate(plain)
    ]
    report = {
        "seed": seed,
        "worlds": worlds,
        "simulated": _intervals(quiet, subdistricts=shape.subdistricts * worlds, weeks=52),
        "detection": _detection(plain[:COMPARED], quiet[:COMPARED], seed),
        "real": _real(_folder(data), seed),
        "cost": _cost(),
    }
    return report | {"cpu_seconds": round(time.process_time() - begun, 1)}


def _folder(data: str) -> Path:
    return Path(data) if data else settings.BASE_DIR.parent / "shared" / "data"


# Stated and realised --------------------------------------------------------------------------------


def _intervals(played: list[Scores], *, subdistricts: float, weeks: float) -> dict[str, Any]:
    """By tier: the stated weeks between false alerts of one subdistrict, and those that came true."""
    told = {}
    for colour, stated in TIER_WEEKS.items():
        count = sum(false_alarms(scores, weeks=stated) for scores in played)
        realised = subdistricts * weeks / count if count else None
        told[colour] = {
            "stated_weeks": stated,
            "realised_weeks": round(realised, 1) if realised else None,
            "ratio": round(realised / stated, 2) if realised else None,
            "false_alerts": count,
        }
    yellow = told["yellow"]["ratio"]
    return {"by_tier": told, "yellow_within_bar": yellow is not None and 0.7 <= yellow <= 1.4}


def _real(folder: Path, seed: int) -> dict[str, Any]:
    """Each file of records with its dates shuffled: in no tier more often than stated."""
    told = {}
    for path in real.files(folder):
        world = real.world_of(path)
        played = [
            play(
                real.shuffled(world, seed=seed + n),
                range(KINDS),
                others=False,
                from_day=world.first_judged,
            )
            for n in range(SHUFFLES)
        ]
        weeks = (world.days - world.first_judged) / 7
        subdistricts = len(set(world.tree.sub_of.values())) * SHUFFLES
        found_here = _intervals(played, subdistricts=subdistricts, weeks=weeks)
        ratios = [tier["ratio"] for tier in found_here["by_tier"].values()]
        found_here["yellow_within_bar"] = _kept(found_here["by_tier"]["yellow"]["ratio"])
        found_here["every_tier_within_bar"] = all(map(_kept, ratios))
        told[path.name] = {"cases": len(world.cases), **found_here}
    return told


def _kept(ratio: float | None) -> bool:
    """Whether alarms come no more often than stated."""
    return ratio is None or ratio >= 1


# Detection ------------------------------------------------------------------------------------------


def _detection(plain: list[Any], quiet: list[Scores], seed: int) -> dict[str, Any]:
    """Part of the outbreaks that each method finds when all give the same false alarms per level."""
    budgets = {level: _budget(quiet, level) for level in WATCHED}
    limits = {
        (name, level): _limit(quiet, name, level, budgets[level])
        for name in (OURS, *METHODS)
        for level in WATCHED
    }
    hits: defaultdict[str, defaultdict[str, list[int | None]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for n, world in enumerate(plain):
        sick = disturbed(world, each=10, seed=seed + 100 + n)
        scores = play(sick, range(KINDS), others=True, from_day=world.first_judged)
        for name in (OURS, *METHODS):
            rows = [row for level in WATCHED for row in scores.rows[name, level]]
            outcome = found(sick, rows, lambda level, name=name: limits[name, level])  # type: ignore[misc]
            for one, delay in outcome.items():
                hits[name][one.name].append(delay)
    table = {
        name: {cell: _cell(delays) for cell, delays in cells.items()}
        for name, cells in hits.items()
    }
    return {"false_alarms_by_level": budgets, "table": table, **_verdict(table)}


def _budget(quiet: list[Scores], level: Level) -> int:
    """The false alarms of our own yellow tier on this level, over all calm worlds."""
    return sum(
        len(
            episodes(
                (day, stream)
                for stream, day, weeks in scores.weeks
                if weeks >= STATED and stream.level == level
            )
        )
        for scores in quiet
    )


def _limit(quiet: list[Scores], name: str, level: Level, budget: int) -> float:
    apart = 10**6  # days between two worlds, so that no episode spans them
    rows = [
        (score, day + n * apart, stream)
        for n, scores in enumerate(quiet)
        for score, day, stream in scores.rows[name, level]
    ]
    return threshold(sorted(rows, key=lambda row: row[1]), budget=budget)


def _cell(delays: list[int | None]) -> dict[str, Any]:
    seen = [delay for delay in delays if delay is not None]
    return {
        "detected": round(len(seen) / len(delays), 3),
        "median_delay_days": median(seen) if seen else None,
        "outbreaks": len(delays),
    }


def _verdict(table: dict[str, dict[str, dict[str, Any]]]) -> dict[str, Any]:
    """Best mean detection, and how far anybody is ahead in a cell of small counts."""
    means = {
        name: round(mean(c["detected"] for c in cells.values()), 3) for name, cells in table.items()
    }
    small = [name for name, level, _cases, _span in RECIPES if level in SMALL]
    ahead = {
        cell: round(
            max(table[n][cell]["detected"] for n in METHODS) - table[OURS][cell]["detected"], 3
        )
        for cell in small
    }
    return {
        "mean_detected": means,
        "best": max(means, key=lambda name: means[name]),
        "others_ahead_by_in_small_cells": ahead,
        "within_bar": means[OURS] == max(means.values()) and max(ahead.values()) <= 0.05,
    }


# Cost -----------------------------------------------------------------------------------------------


def _cost() -> dict[str, Any]:
    """Processor time of one new case, and of a night of 20,000 grids in 200 subdistricts."""
    shape = Shape(subdistricts=10, communities=12, grids=8)
    watch, dice = _year_of(shape)
    updates = []
    for n in range(400):
        started = time.process_time()
        touched = watch.add(364, dice.randrange(960), n % KINDS)
        watch.alarms(364, touched, at_most=0.05)
        updates.append((time.process_time() - started) * 1000)
    province = Shape(subdistricts=200, communities=10, grids=10)
    night, _dice = _year_of(province)
    started = time.process_time()
    night.refresh(378)
    for day in range(351, 379):
        cases = dict.fromkeys(stream for case in _day(night, day) for stream in case)
        night.alarms(day, cases, at_most=0.05)
    return {
        "update_ms_median": round(median(updates), 3),
        "update_ms_p95": round(sorted(updates)[int(len(updates) * 0.95)], 3),
        "night_grids": 20_000,
        "night_streams": len(night.rates),
        "night_seconds": round(time.process_time() - started, 1),
    }


_FED: dict[int, dict[int, list[Any]]] = {}


def _day(watch: Watch, day: int) -> list[Any]:
    return _FED[id(watch)].get(day, [])


def _year_of(shape: Shape) -> tuple[Watch, Random]:
    """A watch fed with a year of cases at the density of a Chinese grid."""
    dice = Random(4)  # noqa: S311 -- a simulation
    watch = Watch(tree_of(shape), range(KINDS), earliest=0, scatter=False)
    grids = shape.subdistricts * shape.communities * shape.grids
    fed: dict[int, list[Any]] = {}
    for day in range(364):
        fed[day] = [
            watch.add(day, dice.randrange(grids), dice.randrange(KINDS))
            for _ in range(round(grids * 0.25 / 7))
        ]
    _FED[id(watch)] = fed
    watch.refresh(364)
    return watch, dice
