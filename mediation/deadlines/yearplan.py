"""The holidays of one year as the State Council announces them: read, check, write."""

import csv
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from mediation.deadlines.words import DeadlineError, Said

DAY = timedelta(days=1)
# What the CSV of an office may say, and what it means.
COLUMNS = {"date": "日期", "kind": "类型", "name": "名称"}
KINDS = {"rest": True, "休": True, "放假": True, "work": False, "班": False, "上班": False}


@dataclass(frozen=True, slots=True)
class Rest:
    """Consecutive days off under one name (National Day and Mid-Autumn may share them)."""

    name: str
    first: date
    last: date

    @property
    def days(self) -> list[date]:
        return [self.first + n * DAY for n in range((self.last - self.first).days + 1)]


@dataclass(frozen=True, slots=True)
class YearPlan:
    """Days off and make-up working days of one year, and the notices that say so.

    Days of the December before belong to the plan whose notice names them.
    """

    year: int
    notices: tuple[str, ...]
    rests: tuple[Rest, ...]
    work: tuple[date, ...]

    @property
    def rest_days(self) -> dict[date, str]:
        return {day: rest.name for rest in self.rests for day in rest.days}

    @property
    def as_json(self) -> dict[str, Any]:
        return {
            "year": self.year,
            "notices": list(self.notices),
            "rest": [
                {"name": rest.name, "from": str(rest.first), "to": str(rest.last)}
                for rest in self.rests
            ],
            "work": [str(day) for day in self.work],
        }


def read(content: bytes, *, is_csv: bool, notices: Iterable[str]) -> YearPlan:
    """A file as an office has it: JSON or CSV, in UTF-8 or in the encoding of Chinese office programs.

    ``notices``: what the reader names stands before what the file says. Raises ``DeadlineError``.
    """
    text = _decoded(content)
    if is_csv:
        return from_csv(text, notices=notices)
    plan = from_json(text)
    return YearPlan(plan.year, tuple(notices) or plan.notices, plan.rests, plan.work)


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return content.decode("gb18030")
    except UnicodeDecodeError as problem:
        raise DeadlineError(
            Said("The file cannot be read: {problem}", "无法读取文件：{problem}").filled(
                problem=problem
            )
        ) from problem


def from_json(text: str) -> YearPlan:
    """Read our own form, or the list of days that public holiday files use (``isOffDay``)."""
    try:
        data = json.loads(text)
        return _from_day_list(data) if "days" in data else _from_ranges(data)
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        raise DeadlineError(
            Said(
                "The file is not a calendar of one year: {problem}.",
                "文件不是某一年度的放假安排：{problem}。",
            ).filled(problem=repr(problem))
        ) from problem


def from_csv(text: str, *, notices: Iterable[str]) -> YearPlan:
    """Read rows of ``date,kind,name`` (日期,类型,名称); the latest date says the year."""
    rest: dict[date, str] = {}
    work: list[date] = []
    for line, row in enumerate(csv.DictReader(text.splitlines()), 2):
        day, is_rest, name = _csv_row(line, row)
        if is_rest:
            rest[day] = name
        else:
            work.append(day)
    if not rest:
        raise DeadlineError(Said("The file names no day off.", "文件中没有放假日。"))
    year = max(*rest, *work).year if work else max(rest).year
    return YearPlan(year, tuple(notices), grouped(rest), tuple(sorted(work)))


def _csv_row(line: int, row: Mapping[str, Any]) -> tuple[date, bool, str]:
    day, kind, name = (
        str(row.get(head) or row.get(word) or "").strip() for head, word in COLUMNS.items()
    )
    try:
        return _csv_day(day), KINDS[kind.lower()], name
    except (ValueError, KeyError):
        raise DeadlineError(
            Said(
                "Line {line} is not “date,kind,name” with kind rest or work: {row}",
                "第{line}行不符合“日期,类型,名称”格式（类型为放假或上班）：{row}",
            ).filled(line=line, row=", ".join(str(value) for value in row.values()))
        ) from None


def _csv_day(written: str) -> date:
    """2027-01-01, or as spreadsheet programs write it: 2027/1/1, 2027年1月1日. Raises ``ValueError``."""
    found = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", written)
    if found is None:
        raise ValueError(written)
    return date(*map(int, found.groups()))


def _from_ranges(data: Mapping[str, Any]) -> YearPlan:
    rests = tuple(
        Rest(rest["name"], date.fromisoformat(rest["from"]), date.fromisoformat(rest["to"]))
        for rest in data["rest"]
    )
    work = tuple(sorted(date.fromisoformat(day) for day in data["work"]))
    return YearPlan(int(data["year"]), tuple(data.get("notices", ())), rests, work)


def _from_day_list(data: Mapping[str, Any]) -> YearPlan:
    days = [(date.fromisoformat(day["date"]), day) for day in data["days"]]
    rest = {day: facts["name"] for day, facts in days if facts["isOffDay"]}
    work = sorted(day for day, facts in days if not facts["isOffDay"])
    return YearPlan(int(data["year"]), tuple(data.get("papers", ())), grouped(rest), tuple(work))


def grouped(rest: Mapping[date, str]) -> tuple[Rest, ...]:
    """Single days off joined into ranges of one name."""
    rests: list[Rest] = []
    for day in sorted(rest):
        if rests and rests[-1].last + DAY == day and rests[-1].name == rest[day]:
            rests[-1] = Rest(rest[day], rests[-1].first, day)
        else:
            rests.append(Rest(rest[day], day, day))
    return tuple(rests)


def check(plan: YearPlan, *, statutory: Mapping[date, str]) -> None:
    """Raise ``DeadlineError`` with everything that cannot be right about ``plan``.

    ``statutory``: the days of that year which the holiday regulation itself makes free.
    """
    problems = [*_form_problems(plan), *_day_problems(plan), *_missing(plan, statutory)]
    if problems:
        raise DeadlineError(*problems)


def _form_problems(plan: YearPlan) -> Iterable[Said]:
    if not any(notice.strip() for notice in plan.notices):
        yield Said(
            "Say which State Council notice this is.",
            "请注明国务院办公厅通知文号。",
        )
    for rest in plan.rests:
        if rest.last < rest.first or not rest.name:
            yield Said(
                "A range of days off needs a name and must not end before it begins: {day}.",
                "放假区间须有名称，且结束日不得早于开始日：{day}。",
            ).filled(day=rest.first)
    for one, other in pairwise(sorted(plan.rests, key=lambda rest: rest.first)):
        if other.first <= one.last:
            yield Said("Two ranges of days off overlap at {day}.", "放假区间在{day}重叠。").filled(
                day=other.first
            )


def _day_problems(plan: YearPlan) -> Iterable[Said]:
    rest_days = plan.rest_days
    for day in [*rest_days, *plan.work]:
        if day.year != plan.year and (day.year, day.month) != (plan.year - 1, 12):
            yield Said("{day} is not in {year}.", "{day}不在{year}年内。").filled(
                day=day, year=plan.year
            )
    for day in plan.work:
        if day in rest_days or day.weekday() < 5:
            yield Said(
                "{day} cannot be a make-up working day: it is a weekday or a day off.",
                "{day}不能是调休上班日：它是平日或者放假日。",
            ).filled(day=day)
    if len(set(plan.work)) < len(plan.work):
        yield Said("A make-up working day is named twice.", "调休上班日重复。")


def _missing(plan: YearPlan, statutory: Mapping[date, str]) -> Iterable[Said]:
    for day, name in statutory.items():
        if day not in plan.rest_days:
            yield Said(
                "{day} ({name}) is a statutory holiday but not a day off in this file.",
                "{day}（{name}）为法定节日，但文件未列为放假日。",
            ).filled(day=day, name=name)
