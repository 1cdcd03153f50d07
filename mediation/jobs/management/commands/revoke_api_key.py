"""Take a bearer key away from a program."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mediation.accounts import keys
from mediation.core import clock


class Command(BaseCommand):
    help = "Revoke an API key by its prefix: the twelve characters after fq_."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("prefix", help="As create_api_key --json printed it.")

    def handle(self, *args: Any, **options: Any) -> None:
        if not keys.revoke(options["prefix"], now=clock.now()):
            raise CommandError("There is no such key, or it was revoked before.", returncode=2)
        self.stdout.write("Revoked.")
