"""Ask whether everything is as it must be. Changes nothing."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mediation.core import clock
from mediation.jobs import schema
from workflows import nightly, proofs

NOT_MIGRATED = (
    "数据表与本版本不符，请先运行 manage.py migrate。",
    "The tables are not those of this version: run “manage.py migrate” first.",
)


class Command(BaseCommand):
    help = "Check every promise of the data. Ends with 1 and a list when one is broken."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--sample", type=int, help="So many cases instead of all.")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if schema.is_behind():
            raise CommandError(f"{NOT_MIGRATED[0]} {NOT_MIGRATED[1]}", returncode=2)
        report = proofs.run(now=clock.now(), sample=options["sample"])
        if options["json"]:
            answer = {
                "ok": report.ok,
                "checked": dict(report.checked),
                "broken": dict(report.broken),
                "offenders": [asdict(offender) for offender in report.offenders],
                "nightly": nightly.latest(),
            }
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        else:
            self._tell(report)
        if not report.ok:
            raise SystemExit(1)

    def _tell(self, report: proofs.Report) -> None:
        for offender in report.offenders:
            where = offender.dispute or "-"
            self.stdout.write(f"{offender.check}  {where}  {offender.detail}")
        broken = sum(report.broken.values())
        self.stdout.write(
            f"{report.checked['cases']} cases checked in {len(report.checked) - 1} ways: "
            + (f"{broken} broken promises." if broken else "everything holds.")
        )
