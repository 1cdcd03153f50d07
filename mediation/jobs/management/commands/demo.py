"""``make demo``: migrate, load a believable subdistrict, say where to look, and serve."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from mediation.accounts.demo import CAST, PASSWORD
from mediation.accounts.models import Person
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
        if not Person.objects.exists():
            self.stdout.write(
                "正在载入示范街道，约一至三分钟。Loading a subdistrict: one to three minutes."
            )
            self.stdout.flush()
        call_command("seed_demo", scale="small", stdout=self.stdout)
        self._greet(options["port"])
        if not options["prepare_only"]:
            sys.stdout.flush()
            call_command("serve", port=options["port"])

    def _greet(self, port: int) -> None:
        lines = [
            "",
            f"  枫桥已就绪 Fengqiao is ready: http://127.0.0.1:{port}/",
            "",
            f"  登录页上每个角色一张卡片，一点即入；也可用账号登录，密码 {PASSWORD}",
            "  One click per role on the sign-in page, or by name and password:",
            *(f"    {member.username:<10} {member.role_words}" for member in CAST),
            "",
            "  试试看：一个窗口登录网格员，另一个窗口登录综治中心；登记一件纠纷，在另一个窗口研判，",
            "  第一个窗口会自动更新。",
            "  Try: sign in as the grid worker in one window and as the centre in another;",
            "  register a dispute, assess it in the other window, watch the first one follow.",
            "",
            f"  居民（无需账号） residents without an account: http://127.0.0.1:{port}/p/",
            f"  接口说明 the interface for programs:           http://127.0.0.1:{port}/api/v1/docs",
            "",
            "  按 Ctrl+C 停止。人员均为虚构。 Stop with Ctrl+C. All people are invented.",
        ]
        self.stdout.write("\n".join(lines))
