"""``bench NAME --json``: measure in a scratch database that is made and dropped again.

``bench reads`` asks the present database instead, and so does ``bench lists --present``; neither leaves
a trace.
"""

import json
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from django.core.management.base import BaseCommand
from django.test.utils import setup_databases, teardown_databases

from mediation.jobs.bench import command, deadlines, documents, fanout, lists, reads, search, storm
from mediation.jobs.bench.early import run as early

BENCHES: dict[str, tuple[Callable[..., dict[str, Any]], dict[str, Any]]] = {
    "command": (command.run, {"cases": 30}),
    "deadlines": (deadlines.run, {"deadlines": 10_000}),
    "documents": (documents.run, {}),
    "fanout": (fanout.run, {"sockets": 2000}),
    "search": (search.run, {"cases": 100_000}),
    "reads": (reads.run, {"runs": 25}),
    "lists": (lists.run, {"sizes": [10_000, 100_000], "present": False}),
    "storm": (storm.run, {"alerts": 5000, "leaders": 200, "patience": 60.0}),
    "warning": (early.run, {"worlds": 3, "seed": 1, "data": ""}),
}
ON_PRESENT_DATABASE = frozenset({"reads"})


class Command(BaseCommand):
    help = "Measure beside the bare engine and hand-written SQL. Ratios within one run are what counts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", choices=sorted(BENCHES))
        parser.add_argument("--json", action="store_true")
        parser.add_argument("--cases", type=int, help="command, search: how many cases.")
        parser.add_argument("--deadlines", type=int, help="deadlines: how many have run out.")
        parser.add_argument("--sockets", type=int, help="fanout: how many are connected.")
        parser.add_argument("--alerts", type=int, help="storm: how many are raised.")
        parser.add_argument("--leaders", type=int, help="storm: how many are connected.")
        parser.add_argument(
            "--patience", type=float, help="storm: seconds to wait for the end of stalled sockets."
        )
        parser.add_argument("--worlds", type=int, help="warning: how many districts to simulate.")
        parser.add_argument("--runs", type=int, help="reads: how often each question is asked.")
        parser.add_argument("--seed", type=int, help="warning: the same seed, the same districts.")
        parser.add_argument("--data", help="warning: folder of records to shuffle.")
        parser.add_argument("--sizes", type=_sizes, help="lists: how many cases, as 10000,100000.")
        parser.add_argument("--present", action="store_true", help="lists: of this database, once.")

    def handle(self, *args: Any, **options: Any) -> None:
        bench, defaults = BENCHES[options["name"]]
        wanted = {name: options[name] for name in defaults if options.get(name) is not None}
        present = options["name"] in ON_PRESENT_DATABASE or wanted.get("present", False)
        with nullcontext() if present else _scratch_database():
            report = bench(**(defaults | wanted))
        if options["json"]:
            self.stdout.write(json.dumps(report, ensure_ascii=False, indent=2))
            return
        for name, value in report.items():
            self.stdout.write(f"{name}: {value}")


@contextmanager
def _scratch_database() -> Iterator[None]:
    scratch = setup_databases(verbosity=0, interactive=False)
    try:
        yield
    finally:
        teardown_databases(scratch, verbosity=0)


def _sizes(typed: str) -> list[int]:
    return [int(size) for size in typed.split(",")]
