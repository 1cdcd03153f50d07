"""``restore``: a backup in place of what is there."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mediation.core import clock
from mediation.jobs.backup.archive import Damaged, KeyMissing
from mediation.jobs.backup.database import Unable
from mediation.jobs.backup.restore import Occupied, restore
from mediation.jobs.management.commands.backup import KEY_MISSING
from workflows import proofs
from workflows.proofs import audit


class Command(BaseCommand):
    help = "Put a backup in place of what is there, and verify its records. Stop the server first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--force", action="store_true", help="Also over existing cases.")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            manifest = restore(options["file"], now=clock.now(), force=options["force"])
        except Occupied:
            raise CommandError(
                "There are cases here already. To replace them by the backup, add --force."
            ) from None
        except KeyMissing as error:
            raise CommandError(KEY_MISSING.format(error)) from None
        except (Unable, Damaged, OSError) as error:
            raise CommandError(str(error)) from None
        found = audit.verify(proofs.batches())
        if options["json"]:
            told = {"ok": found.ok, "cases": found.cases, "events": found.events}
            self.stdout.write(json.dumps(told | asdict(manifest), ensure_ascii=False))
        else:
            verdict = "every record holds" if found.ok else f"{found.broken} records are broken"
            self.stdout.write(
                f"Restored the state of {manifest.at}: {found.cases} cases, {verdict}."
            )
        if not found.ok:
            raise SystemExit(1)
