"""Take in the area tree of a real place from a file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mediation.areas import lists
from mediation.core.tables import BadFile, read_rows
from mediation.jobs.files import content_of


class Command(BaseCommand):
    help = (
        "Import areas from CSV or JSON with the columns code, name, short_name, households "
        "(代码, 名称, 简称, 户数). All or nothing; safe to repeat."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="Only say what would change.")

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        content = content_of(file)
        try:
            found = lists.plan(read_rows(content, is_json=file.suffix.lower() == ".json"))
        except BadFile as refusal:
            raise CommandError(str(refusal)) from refusal
        for problem in found.problems:
            self.stderr.write(problem)
        if found.problems:
            raise CommandError(f"{len(found.problems)} problems; nothing was imported.")
        if not options["dry_run"]:
            lists.carry_out(found)
        self.stdout.write(
            f"{len(found.new)} new, {len(found.changed)} changed, {found.same} unchanged. "
            + ("Nothing was written." if options["dry_run"] else "Imported.")
        )
