"""Write the reference pages that are generated from code, or tell which are stale."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from mediation.jobs import reference


class Command(BaseCommand):
    help = "Generate docs/reference/. With --check write nothing and fail on a difference."
    requires_system_checks: list[str] = []  # no database is asked

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("page", nargs="*", help="Only these: " + ", ".join(reference.PAGES))
        parser.add_argument("--check", action="store_true", help="Show what is stale.")

    def handle(self, *args: Any, **options: Any) -> None:
        names = options["page"] or list(reference.PAGES)
        if unknown := sorted(set(names) - set(reference.PAGES)):
            raise CommandError(f"There is no page {', '.join(unknown)}.", returncode=2)
        directory = Path(settings.BASE_DIR) / "docs" / "reference"
        if options["check"]:
            self._check(directory, names)
            return
        for name in reference.write(directory, names=names):
            self.stdout.write(f"docs/reference/{reference.file_of(name)}")

    def _check(self, directory: Path, names: list[str]) -> None:
        stale = [found for name in names if (found := reference.difference(directory, name))]
        for found in stale:
            self.stdout.write(found)
        if stale:
            raise CommandError(f"{len(stale)} reference pages are stale: run manage.py reference.")
