"""The calendar in force: the shipped years, overridden by those imported later."""

import json
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from mediation.deadlines.calendar import WorkCalendar, load
from mediation.deadlines.yearplan import YearPlan


def imported_years() -> Path:
    return Path(settings.DATA_DIR) / "workdays"


def calendar_in_force() -> WorkCalendar:
    """The working days as known now. Every process sees an import at its next question."""
    directory = imported_years()
    files = sorted(directory.glob("*.json"))
    stamps = tuple((file.name, file.stat().st_mtime_ns, file.stat().st_size) for file in files)
    return _loaded(directory, stamps)


@lru_cache(maxsize=4)
def _loaded(directory: Path, _stamps: tuple[tuple[str, int, int], ...]) -> WorkCalendar:
    return load(directory)


def keep_year(plan: YearPlan) -> Path:
    """Write ``plan`` where every process finds it; it takes the place of an earlier one.

    The caller has checked it. Written aside and renamed, so nobody reads half a file.
    """
    directory = imported_years()
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / f"{plan.year}.json"
    draft = path.with_suffix(".draft")
    text = json.dumps(plan.as_json, ensure_ascii=False, indent=2)
    draft.write_text(text + "\n", encoding="utf-8")
    draft.replace(path)
    return path
