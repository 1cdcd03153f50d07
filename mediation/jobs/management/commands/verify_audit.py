"""Recompute the chain of every case and name the first record that was changed, dropped or moved."""

import json
from argparse import ArgumentParser
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from workflows import proofs
from workflows.proofs import audit


class Command(BaseCommand):
    help = "Verify the records of what happened. Ends with 1 when one does not hold."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--export", type=Path, help="Write every record there, one a line.")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path | None = options["export"]
        with file.open("w", encoding="utf-8") if file else nullcontext() as export:
            found = audit.verify(proofs.batches(), export=export)
        if options["json"]:
            self.stdout.write(json.dumps({"ok": found.ok, **asdict(found)}, ensure_ascii=False))
        else:
            self._tell(found)
        if not found.ok:
            raise SystemExit(1)

    def _tell(self, found: audit.Audit) -> None:
        if found.first is not None:
            self.stdout.write(f"{found.first.dispute}: {found.first.detail}")
        verdict = "every record holds" if found.ok else f"{found.broken} broken"
        self.stdout.write(f"{found.cases} cases, {found.events} records: {verdict}.")
        self.stdout.write(f"Seal {found.seal}")
