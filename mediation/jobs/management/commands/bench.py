"""``bench NAME --json``: measure in a scratch database that is made and dropped again."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.test.utils import setup_databases, teardown_databases

from mediation.jobs.bench import command

BENCHES = {"command": (command.run, {"cases": 30})}


class Command(BaseCommand):
    help = "Measure beside the bare engine and hand-written SQL. Ratios within one run are what counts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", choices=sorted(BENCHES))
        parser.add_argument("--json", action="store_true")
        parser.add_argument("--cases", type=int, default=None, help="How many cases to run through.")

    def handle(self, *args: Any, **options: Any) -> None:
        bench, defaults = BENCHES[options["name"]]
        wanted = {name: options[name] for name in defaults if options.get(name) is not None}
        scratch = setup_databases(verbosity=0, interactive=False)
        try:
            report = bench(**(defaults | wanted))
        finally:
            teardown_databases(scratch, verbosity=0)
        if options["json"]:
            self.stdout.write(json.dumps(report, ensure_ascii=False, indent=2))
            return
        for name, value in report.items():
            self.stdout.write(f"{name}: {value}")
