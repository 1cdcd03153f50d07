"""Fill an empty database with a believable subdistrict, for a demonstration or a trial."""

import json
import sys
from argparse import ArgumentParser
from datetime import date, timedelta
from time import monotonic
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from mediation.accounts.demo import CAST, PASSWORD
from mediation.accounts.models import Person
from mediation.core import clock
from mediation.core.db import write
from mediation.disputes.models import Dispute
from mediation.jobs.seed import stage, wipe
from mediation.jobs.seed.bulk import country, press, sink
from mediation.jobs.seed.tale import Progress

SMALL = 120
PAST = 640
"""A little over a year of a town of 40 grids (13 disputes per 1,000 people and year)."""
# How many disputes: on SQLite, on PostgreSQL.
SCALES = {
    "small": (SMALL, SMALL),
    "district": (12_000, 12_000),
    "province": (200_000, 10_000_000),
}
WEEKS = {"district": 52, "province": 156}


class Command(BaseCommand):
    help = "Load invented areas, people and disputes. Running it again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--scale", choices=[*SCALES], default="small")
        parser.add_argument("--seed", type=int, default=7, help="Another number, another town.")
        parser.add_argument("--today", type=date.fromisoformat, help="Pretend it is this day.")
        parser.add_argument("--disputes", type=int, help="How many there shall be.")
        parser.add_argument("--past", type=int, help="How many closed ones before the town's own.")
        parser.add_argument("--wipe", action="store_true", help="Empty the demonstration first.")
        parser.add_argument("--force", action="store_true", help="Also without DEMO=1.")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        self._require_demo(forced=options["force"])
        if options["wipe"]:
            self._wipe(quiet=options["json"])
        if Person.objects.filter(username=CAST[0].username).exists():
            self._say(options, {"seeded": False, **stage.figures()}, "The demonstration is there.")
            return
        if Dispute.objects.exists():
            raise CommandError("There are disputes here already; the demonstration needs its own.")
        begun = monotonic()
        figures = self._load(options)
        seconds = round(monotonic() - begun, 1)
        self._say(
            options,
            {"seeded": True, "seconds": seconds, **figures},
            f"{figures['disputes']} disputes, {figures['people']} people in {seconds} s. "
            + (f"{figures['disk_mb']} MB on disk. " if "disk_mb" in figures else "")
            + f"Everybody's password: {PASSWORD}",
        )

    def _load(self, options: dict[str, Any]) -> dict[str, Any]:
        """The played town always comes first: it is what districts and provinces are printed from."""
        scale, today, seed = options["scale"], options["today"] or _today(), options["seed"]
        progress = self._progress(quiet=options["json"] or options["verbosity"] < 1)
        wanted = options["disputes"] or SCALES[scale][connection.vendor == "postgresql"]
        played = wanted if scale == "small" else SMALL
        figures = stage.play_small(
            seed=seed,
            today=today,
            disputes=played,
            past_cases=_past(options),
            progress=progress,
        )
        if scale == "small":
            return figures
        sink.take_time()
        places = country.district() if scale == "district" else country.province()
        with write():
            country.plant(places)
            country.hire(today=today)
        size = press.Size(max(wanted - played, 0), WEEKS[scale], thin=scale == "province")
        printed = press.fill(size, seed=seed, today=today, progress=progress)
        return stage.figures() | printed

    def _require_demo(self, *, forced: bool) -> None:
        if not (settings.DEMO or forced):
            raise CommandError("Invented people belong into a demonstration: set DEMO=1.")

    def _wipe(self, *, quiet: bool) -> None:
        if not settings.DEMO:
            raise CommandError("Only a demonstration (DEMO=1) may be emptied.")
        try:
            rows = sum(wipe.wipe().values())
        except wipe.NotOnlyDemo as refusal:
            raise CommandError(
                "There are cases of real communities here; nothing was deleted."
            ) from refusal
        if not quiet:
            self.stdout.write(f"{rows} rows deleted.")

    def _say(self, options: dict[str, Any], answer: dict[str, Any], sentence: str) -> None:
        self.stdout.write(json.dumps(answer, ensure_ascii=False) if options["json"] else sentence)

    def _progress(self, *, quiet: bool) -> Progress:
        live = sys.stderr.isatty() and not quiet

        def show(done: int, total: int) -> None:
            if live and (done % 20 == 0 or done == total):
                self.stderr.write(f"\r  {done}/{total}", ending="\n" if done == total else "")

        return show


def _past(options: dict[str, Any]) -> int:
    """A town of another size, and the districts that are printed around it, have none unless asked."""
    if options["past"] is not None:
        return int(options["past"])
    return PAST if options["scale"] == "small" and not options["disputes"] else 0


def _today() -> date:
    """The present day, or the day before while its morning has not yet happened."""
    return clock.local_day(clock.now() - timedelta(hours=9))
