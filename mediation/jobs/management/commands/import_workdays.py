"""Take in the days off of a year as announced by the State Council."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mediation.core import clock
from mediation.deadlines import store, yearplan
from mediation.deadlines.calendar import Change, changes, statutory_days
from mediation.deadlines.words import DeadlineError, Said
from mediation.deadlines.yearplan import YearPlan
from workflows import calendar_change

MOVED = Said(
    "{count} running deadlines get another last day; those concerned are told.",
    "{count}项正在计算的期限届满日变动，仅通知相关人员。",
)


class Command(BaseCommand):
    help = "Import the days off and make-up working days of one year from JSON or CSV."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="JSON, or CSV with the columns date,kind,name.")
        parser.add_argument(
            "--notice", action="append", default=[], help="The State Council notice it comes from."
        )
        parser.add_argument("--dry-run", action="store_true", help="Show the difference only.")
        parser.add_argument("--lang", choices=["zh", "en"], default="zh", help="Of the sentences.")

    def handle(self, *args: Any, **options: Any) -> None:
        lang = options["lang"]
        try:
            plan = read(options["file"], notices=options["notice"])
            yearplan.check(plan, statutory=statutory_days(plan.year))
        except DeadlineError as refusal:
            raise CommandError(refusal.in_language(lang), returncode=2) from refusal
        before = store.calendar_in_force()
        differences = changes(before, before.with_plan(plan), year=plan.year)
        *lines, summary = report(plan, differences, dry_run=options["dry_run"])
        if options["dry_run"]:
            moved = calendar_change.would_move(before.with_plan(plan))
        else:
            store.keep_year(plan)
            moved = calendar_change.follow(clock.now())
        if moved:
            lines.append(MOVED.filled(count=moved))
        for line in [*lines, summary]:
            self.stdout.write(line.in_language(lang))


def read(file: Path, *, notices: list[str]) -> YearPlan:
    try:
        content = file.read_bytes()
    except OSError as problem:
        raise DeadlineError(
            Said("{file} cannot be read: {problem}", "无法读取{file}：{problem}").filled(
                file=file, problem=problem
            )
        ) from problem
    return yearplan.read(content, is_csv=file.suffix.lower() == ".csv", notices=notices)


def report(plan: YearPlan, differences: list[Change], *, dry_run: bool) -> list[Said]:
    changed = Said("{day}: {before} → {after}", "{day}：{before} → {after}")
    lines = [changed.filled(day=one.day, before=one.before, after=one.after) for one in differences]
    summary = Said(
        "{year}: {rest} days off, {work} make-up working days; {count} days differ. {end}",
        "{year}年：放假{rest}天，调休上班{work}天，与原日历相差{count}天。{end}",
    ).filled(
        year=plan.year,
        rest=len(plan.rest_days),
        work=len(plan.work),
        count=len(differences),
        end=Said("Nothing was written.", "未写入。") if dry_run else Said("Imported.", "已导入。"),
    )
    return [*lines, summary]
