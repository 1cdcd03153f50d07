"""``tick``: fire what is due, once or for ever. Safe beside a server that ticks by itself."""

import json
import signal
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import close_old_connections

from mediation.core import clock
from workflows import ticker

PAUSE_SECONDS = 5.0


class Command(BaseCommand):
    help = "Fire the deadlines that have run out. Runs until stopped, or one round with --once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="One round, then end.")
        parser.add_argument(
            "--only", choices=sorted(ticker.JOBS), default="", help="One job alone."
        )
        parser.add_argument("--json", action="store_true", help="Print each round as JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        ticker.halt.clear()
        if not options["once"]:
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: ticker.halt.set())
        while not ticker.halt.is_set():
            self._report(
                ticker.tick(ticker.believed(clock.now()), only=options["only"]),
                as_json=options["json"],
            )
            if options["once"]:
                return
            close_old_connections()
            ticker.halt.wait(PAUSE_SECONDS)

    def _report(self, done: dict[str, int], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(done))
        elif any(done.values()):
            self.stdout.write(", ".join(f"{name}: {count}" for name, count in done.items()))
