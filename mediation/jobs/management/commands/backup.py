"""``backup``: the house in one encrypted file, while people go on working."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mediation.core import clock
from mediation.jobs.backup import make
from mediation.jobs.backup.archive import Damaged, KeyMissing
from mediation.jobs.backup.database import Unable


class Command(BaseCommand):
    help = (
        "Write database, files and seals into one encrypted file and read it back. "
        "The keys (SECRET_KEY, FIELD_KEYS, SEAL_KEYS) are not in it: keep them elsewhere."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, help="Where to; else DATA_DIR/backups.")
        parser.add_argument("--check", type=Path, metavar="FILE", help="Only read this backup.")
        parser.add_argument(
            "--keep", type=int, metavar="N", help="Afterwards delete all but the latest N there."
        )
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["check"]:
                path, manifest = options["check"], make.check(options["check"])
            else:
                path, manifest = make.make(options["file"], now=clock.now())
        except KeyMissing as error:
            raise CommandError(KEY_MISSING.format(error)) from None
        except (Unable, Damaged, OSError) as error:
            raise CommandError(str(error)) from None
        if options["keep"]:
            _thin_out(path.parent, options["keep"])
        if options["json"]:
            told = {"file": str(path), "bytes": path.stat().st_size, **asdict(manifest)}
            self.stdout.write(json.dumps(told, ensure_ascii=False))
            return
        rows, files = sum(manifest.counts.values()), len(manifest.members)
        self.stdout.write(
            f"{path}: {path.stat().st_size} bytes, {rows} rows, {files} files; whole."
        )


KEY_MISSING = (
    "The backup is sealed with key {} of FIELD_KEYS, which is not here. Set FIELD_KEYS, or put the "
    "field_keys.txt of that house into DATA_DIR."
)


def _thin_out(directory: Path, keep: int) -> None:
    found = sorted(directory.glob(f"*{make.SUFFIX}"), key=lambda path: path.stat().st_mtime)
    for path in found[:-keep]:
        path.unlink()
