"""``flow_export``: print the process model for other tools."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import translation

from workflows import bpmn


class Command(BaseCommand):
    help = "Print the flows of a dispute as a BPMN 2.0 document."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--language", default="zh-hans", help="language of the names")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override(options["language"]):
            self.stdout.write(bpmn.export(), ending="")
