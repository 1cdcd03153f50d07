"""Take in where the areas of a real place lie, for the map of figures."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mediation.areas import outlines
from mediation.core import clock
from mediation.core.tables import BadFile
from mediation.jobs.files import content_of


class Command(BaseCommand):
    help = (
        "Import outlines of areas from a GeoJSON FeatureCollection of polygons with the property code "
        "(adcode, 代码, 区划代码). All or nothing; safe to repeat."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--coordinates", required=True, choices=tuple(outlines.SYSTEMS),
            help="In which system they are.",
        )  # fmt: skip
        parser.add_argument(
            "--source", required=True, help="Who supplied it, with its map number (审图号)."
        )
        parser.add_argument("--dry-run", action="store_true", help="Only say what would change.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["coordinates"] not in outlines.LAWFUL_SYSTEMS:
            raise CommandError(str(outlines.SHIFTED))
        content = content_of(options["file"])
        try:
            made = outlines.plan(outlines.features(content))
        except BadFile as refusal:
            raise CommandError(str(refusal)) from refusal
        for problem in made.problems:
            self.stderr.write(problem)
        if made.problems:
            raise CommandError(f"{len(made.problems)} problems; nothing was imported.")
        if not options["dry_run"]:
            outlines.carry_out(made, source=options["source"][:120], now=clock.now())
        self.stdout.write(
            f"{len(made.new)} new, {len(made.changed)} changed, {made.same} unchanged. "
            + ("Nothing was written." if options["dry_run"] else "Imported.")
        )
