"""``make demo``: migrate, load a believable subdistrict, say where to look, and serve."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from mediation.accounts.demo import CAST, PASSWORD
from mediation.core.assets import collect_if_changed


class Command(BaseCommand):
    help = "Set up the demonstration and serve it. Running it again starts in seconds."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=settings.PORT)
        parser.add_argument("--prepare-only", action="store_true", help="Do not serve.")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The demonstration needs DEMO=1.")
        call_command("migrate", verbosity=0, interactive=False)
        collect_if_changed()
        call_command("seed_demo", scale="small", stdout=self.stdout)
        self._greet(options["port"])
        if not options["prepare_only"]:
            sys.stdout.flush()
            call_command("serve", port=options["port"])

    def _greet(self, port: int) -> None:
        lines = [
            "",
            f"  枫桥 Fengqiao is ready: http://127.0.0.1:{port}/",
            "",
            f"  One click per role on the sign-in page, or by name (password {PASSWORD}):",
            *(f"    {member.username:<10} {member.role_words}" for member in CAST),
            "",
            "  Try: sign in as the grid worker in one window and as the centre in another;",
            "  register a dispute (登记), assess it in the other window, watch the first one follow.",
            f"  Residents without an account: http://127.0.0.1:{port}/p/",
            f"  The interface for programs:   http://127.0.0.1:{port}/api/v1/docs",
            "",
            "  Stop with Ctrl+C. All people are invented.",
        ]
        self.stdout.write("\n".join(lines))
