"""``who_saw``: who saw what since when, for the report of an incident."""

import sys
from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from mediation.core import clock
from mediation.oversight import sightings
from mediation.oversight.sightings import Question


class Command(BaseCommand):
    help = (
        "Write as CSV who revealed personal details, opened sensitive cases, acted on cases or changed "
        "rights. The file names people and cases: handle it as evidence."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--since", required=True, help="A day or a moment: 2026-03-01T08:00.")
        parser.add_argument("--until", help="Up to, without; else now.")
        parser.add_argument("--case", default="", help="Only this case number.")
        parser.add_argument("--person", default="", help="Only this user name.")
        parser.add_argument("--output", type=Path, help="Else to the screen.")

    def handle(self, *args: Any, **options: Any) -> None:
        until = _moment(options["until"]) if options["until"] else clock.now()
        asked = Question(_moment(options["since"]), until, options["case"], options["person"])
        found = sightings.answer(asked)
        if options["output"] is None:
            sightings.write(found, self.stdout)  # type: ignore[arg-type]  # has write()
            return
        with options["output"].open("w", encoding="utf-8-sig", newline="") as file:
            options["output"].chmod(0o600)
            count = sightings.write(found, file)
        sys.stderr.write(f"{count} sightings in {options['output']}\n")


def _moment(typed: str) -> datetime:
    try:
        found = parse_datetime(typed)
        day = None if found else parse_date(typed)
    except ValueError as error:
        raise CommandError(str(error)) from None
    if found is None and day is not None:
        found = datetime(day.year, day.month, day.day)  # noqa: DTZ001 -- made aware below
    if found is None:
        raise CommandError(f"{typed} is no day and no moment (2026-03-01, 2026-03-01T08:00).")
    return found if timezone.is_aware(found) else timezone.make_aware(found)
