"""Rebuild work items, due dates and open tasks from what happened."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from mediation.core import clock
from workflows import repair


class Command(BaseCommand):
    help = "Bring lists and open tasks in line with the status of each case. Safe to repeat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Only say what would change.")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        mended = repair.run(now=clock.now(), dry=options["dry_run"])
        if options["json"]:
            answer = {"dry_run": options["dry_run"], "mended": [asdict(one) for one in mended]}
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
            return
        for one in mended:
            self.stdout.write(f"{one.dispute}  {one.what}")
        cases = len({one.dispute for one in mended})
        verb = "would be mended" if options["dry_run"] else "mended"
        self.stdout.write(f"{cases} cases {verb}." if cases else "Nothing to mend.")
