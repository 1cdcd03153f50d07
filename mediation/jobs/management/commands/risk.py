"""Grade one dispute from a file of facts."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import get_language, gettext

from mediation.warning.known_facts import BadFacts
from mediation.warning.score import Risk, assess_risk


class Command(BaseCommand):
    help = (
        "Grade one dispute: colour, points and every factor that led to them. What the file does "
        "not say is unknown, which is not “no”. Facts that do not fit end with exit code 2."
    )
    # Arithmetic alone: the answer does not wait for a database or a complete installation.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--facts", required=True, metavar="FILE", help="JSON object; - reads standard input."
        )
        parser.add_argument("--json", action="store_true", help="One JSON object on one line.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            risk = assess_risk(_read(options["facts"]))
        except BadFacts as refusal:
            raise CommandError(_told(refusal), returncode=2) from None
        self.stdout.write(_as_json(risk) if options["json"] else _as_text(risk))


def _read(name: str) -> Any:
    try:
        content = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        return json.loads(content.decode("utf-8-sig"))
    except OSError as problem:
        raise CommandError(
            gettext("%(file)s cannot be read: %(problem)s.")
            % {"file": name, "problem": problem.strerror},
            returncode=2,
        ) from None
    except (ValueError, RecursionError):
        # Not UTF-8, not JSON, a number of thousands of digits, or brackets without end.
        raise CommandError(
            gettext("%(file)s is not JSON text in UTF-8.") % {"file": name}, returncode=2
        ) from None


def _told(refusal: BadFacts) -> str:
    lines = [(name, gettext(sentence)) for name, sentence in refusal.fields.items()]
    return "\n".join(f"{name}: {sentence}" if name else sentence for name, sentence in lines)


def _as_json(risk: Risk) -> str:
    answer = {
        "version": risk.version,
        "colour": risk.colour,
        "base_colour": risk.base_colour,
        "points": risk.points,
        "triggers": risk.triggers,
        "floors": risk.floors,
        "contributions": risk.contributions,
        "unknown": risk.unknown,
        "needs_verification": risk.needs_verification,
        "explain": risk.explain_zh,
        "explain_en": risk.explain_en,
    }
    return json.dumps(answer, ensure_ascii=False)


def _as_text(risk: Risk) -> str:
    return risk.explain_zh if (get_language() or "").startswith("zh") else risk.explain_en
