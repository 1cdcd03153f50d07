"""Recompute the chain of every case, hold all records against the seals, and name the first bad one."""

import json
from argparse import ArgumentParser
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from workflows import proofs, seals
from workflows.proofs import audit


class Command(BaseCommand):
    help = (
        "Verify the records of what happened. Ends with 1 when one does not hold. With --records "
        "and --seals it reads two files and asks no database."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--export", type=Path, help="Write every record there, one a line.")
        parser.add_argument("--records", type=Path, help="Verify this export, not the database.")
        parser.add_argument(
            "--seals", "--anchor", type=Path, help="The file of seals that belongs to --records."
        )
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        found = (
            self._from_files(**options) if options["records"] else self._from_database(**options)
        )
        if options["json"]:
            self.stdout.write(json.dumps({"ok": found.ok, **asdict(found)}, ensure_ascii=False))
        else:
            self._tell(found)
        if not found.ok:
            raise SystemExit(1)

    def _from_database(self, *, export: Path | None, **_options: Any) -> audit.Audit:
        with export.open("w", encoding="utf-8") if export else nullcontext() as file:
            return audit.verify(proofs.batches(), export=file)

    def _from_files(self, *, records: Path, seals: Path | None, **_options: Any) -> audit.Audit:
        if seals is None:
            raise CommandError("--records needs --seals: the file of seals that belongs to it.")
        try:
            with records.open(encoding="utf-8") as lines, seals.open(encoding="utf-8") as sealed:
                return audit.read_export(lines, sealed, _keys())
        except OSError as error:
            raise CommandError(str(error)) from None

    def _tell(self, found: audit.Audit) -> None:
        for one in [found.first, *found.others] if found.first else []:
            self.stdout.write(f"{one.dispute}: {one.detail}")
        for remark in found.remarks:
            self.stdout.write(f"Note: {remark}.")
        verdict = "every record holds" if found.ok else f"{found.broken} broken"
        self.stdout.write(f"{found.cases} cases, {found.events} records: {verdict}.")
        self.stdout.write(
            f"{found.seals} seals over {found.sealed} records, {found.unsealed} wait for theirs. "
            f"Latest seal {found.latest}"
        )
        self.stdout.write(f"Ends of all chains {found.seal}")


def _keys() -> dict[int, str]:
    return seals.keys()
