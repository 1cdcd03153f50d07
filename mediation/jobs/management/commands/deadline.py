"""Compute one statutory period, or list them all."""

import json
import re
from argparse import ArgumentParser
from datetime import date, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mediation.deadlines import compute, store, table
from mediation.deadlines.daily import DayLine, daily
from mediation.deadlines.period import Period
from mediation.deadlines.words import DeadlineError, Said


class Command(BaseCommand):
    help = "When a statutory period ends, with the derivation and the article of law."
    requires_system_checks: list[str] = []  # no database is asked

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("rule", nargs="?", help="Rule id, as in R06, CONF or MED.")
        parser.add_argument("--from", dest="start", metavar="DAY", help="The day of the event.")
        parser.add_argument(
            "--extend", default="0", metavar="N", help="Extension, in the unit of the period."
        )
        parser.add_argument(
            "--pause",
            action="append",
            default=[],
            metavar="A:B",
            help="Suspended on A, resumed on B. May be repeated.",
        )
        parser.add_argument("--list", action="store_true", help="All rules.")
        parser.add_argument("--json", action="store_true", help="For machines.")
        parser.add_argument("--lang", choices=["zh", "en"], default="zh", help="Of the sentences.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            answer = listing(**options) if options["list"] else computation(**options)
        except DeadlineError as refusal:
            raise CommandError(refusal.in_language(options["lang"]), returncode=2) from refusal
        self.stdout.write(answer)


def listing(*, json: bool, lang: str, **_options: Any) -> str:
    periods = list(table.PERIODS.values())
    if json:
        return dumped([as_json(period) for period in periods])
    return "\n".join(
        f"{period.code:<14} {period.span.in_language(lang)}  {period.names.in_language(lang)}  "
        f"{period.source.in_language(lang)}"
        for period in periods
    )


def computation(
    *,
    rule: str | None,
    start: str | None,
    extend: str,
    pause: list[str],
    json: bool,
    lang: str,
    **_options: Any,
) -> str:
    if not rule or not start:
        raise DeadlineError(
            Said(
                "Name a rule and its day, as in: deadline R06 --from 2026-02-12. "
                "All rules: deadline --list.",
                "请写明规则编号和起始日，例如 deadline R06 --from 2026-02-12；"
                "全部规则见 deadline --list。",
            )
        )
    period = table.find(rule)
    found = compute.due(
        period,
        moment_or_day(start),
        calendar=store.calendar_in_force(),
        extend=whole_number(extend),
        pauses=[pause_between(one) for one in pause],
    )
    return dumped(result_json(found, lang)) if json else result_text(found, lang)


# Reading ----------------------------------------------------------------------------------------


def moment_or_day(text: str) -> date:
    """A date, or a moment when there is a clock time in it. An offset stays as it is given."""
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            return date.fromisoformat(text)
        if re.match(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}", text):
            return datetime.fromisoformat(text)
    except ValueError:
        pass
    raise DeadlineError(
        Said(
            "“{text}” is not a date. Write 2026-05-11, or 2026-05-11T10:00 for hours.",
            "“{text}”不是有效日期，请写作2026-05-11；按小时计算的写作2026-05-11T10:00。",
        ).filled(text=text)
    )


def whole_number(text: str) -> int:
    if re.fullmatch(r"-?\d{1,6}", text):
        return int(text)
    raise DeadlineError(
        Said(
            "“{text}” is not a whole number of units to extend by.",
            "“{text}”不是有效的延长期限，请写整数。",
        ).filled(text=text)
    )


def pause_between(text: str) -> compute.Pause:
    first, _, resumed = text.partition(":")
    if not first or not resumed:
        raise DeadlineError(
            Said(
                "The pause “{text}” has no end or no beginning: write SUSPENDED:RESUMED, "
                "as in 2026-07-06:2026-08-17.",
                "中止“{text}”缺少开始日或者恢复日，请写作 中止日:恢复日，"
                "例如2026-07-06:2026-08-17。",
            ).filled(text=text)
        )
    # A colon separates the two, so neither can carry a clock time.
    return moment_or_day(first), moment_or_day(resumed)


# Answering --------------------------------------------------------------------------------------


def result_text(found: compute.Due, lang: str) -> str:
    head = Said("{code} {title}: {due}{mark}", "{code} {title}：{due}{mark}").filled(
        code=found.period.code,
        title=found.period.names,
        due=found.due,
        mark=Said(" (provisional)", "（暂定）") if found.provisional else "",
    )
    tail = Said("Calendar {version}.", "日历版本 {version}。").filled(
        version=found.calendar_version
    )
    lines = [head.in_language(lang), *found.sentences(lang), tail.in_language(lang)]
    return "\n".join(lines)


def result_json(found: compute.Due, lang: str) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "rule": found.period.code,
        "from": shown(found.start),
        "raw": shown(found.raw),
        "due": shown(found.due),
        "provisional": found.provisional,
        "basis": found.period.source.in_language(lang),
        "derivation": found.sentences(lang),
        "days": [day_json(line, lang) for line in daily(found, calendar=store.calendar_in_force())],
        "calendar_version": found.calendar_version,
    }
    if found.safe:
        answer |= {"latest": shown(found.due), "safe": shown(found.safe)}
    return answer


def day_json(line: DayLine, lang: str) -> dict[str, Any]:
    told: dict[str, Any] = {
        "day": line.day.isoformat(),
        "part": line.part.value,
        "nature": line.nature.in_language(lang),
    }
    return told | ({"number": line.number} if line.number else {})


def as_json(period: Period) -> dict[str, Any]:
    rule = period.may_extend
    return {
        "rule": period.code,
        "title": period.title,
        "title_zh": period.title_zh,
        "length": period.length,
        "unit": period.unit.value,
        "starts": period.starts,
        "starts_zh": period.starts_zh,
        "roll": period.roll,
        "direction": period.direction.value,
        "bound": period.bound.value,
        "pauses": period.stops,
        "pauses_zh": period.stops_zh,
        "may_extend": rule and {"upto": rule.upto, "condition": rule.condition_zh},
        "on_expiry": period.on_expiry,
        "on_expiry_zh": period.on_expiry_zh,
        "basis": period.source.zh,
        "basis_en": period.source.en,
        "valid_from": str(period.valid_from),
    }


def shown(when: date) -> str:
    """ISO form; a moment to the minute unless it has seconds, with the offset it was given."""
    if isinstance(when, datetime):
        return when.isoformat(timespec="seconds" if when.second else "minutes")
    return when.isoformat()


def dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
