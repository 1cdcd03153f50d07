"""Answer what an ID number says about itself."""

import json
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext

from mediation.core import clock
from mediation.core.identity import IdCheck, check_id


class Command(BaseCommand):
    help = (
        "Check a resident ID number (GB 11643): form, area, birth date and last character. "
        "Demonstration numbers (area 439999) are accepted unless --strict is given. An invalid "
        "number is an answer too: the exit code is 0."
    )
    # Arithmetic alone: the answer does not wait for a database or a complete installation.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("number", help="15 or 18 characters; x and full-width digits will do.")
        parser.add_argument("--json", action="store_true", help="One JSON object on one line.")
        parser.add_argument("--strict", action="store_true", help="Refuse demonstration numbers.")
        parser.add_argument("--today", type=date.fromisoformat, help="Pretend it is this day.")

    def handle(self, *args: Any, **options: Any) -> None:
        today = options["today"] or clock.today()
        check = check_id(options["number"], today=today, allow_demo=not options["strict"])
        self.stdout.write(_as_json(check) if options["json"] else _as_text(check))


def _as_json(check: IdCheck) -> str:
    answer = {
        "number": check.number,
        "valid": check.valid,
        "sex": check.sex,
        "birth": check.birth.isoformat() if check.birth else None,
        "age": check.age,
        "reason": gettext(check.reason) if check.reason else "",
        "warnings": [gettext(warning) for warning in check.warnings],
    }
    return json.dumps(answer, ensure_ascii=False)


def _as_text(check: IdCheck) -> str:
    if not check.valid:
        return gettext("%(number)s is not valid. %(reason)s") % {
            "number": check.number,
            "reason": gettext(check.reason),
        }
    told = gettext("%(number)s is valid: %(sex)s, born on %(birth)s, %(age)s years old.") % {
        "number": check.number,
        "sex": gettext("male") if check.sex == "M" else gettext("female"),
        "birth": check.birth,
        "age": check.age,
    }
    return "\n".join([told, *map(gettext, check.warnings)])
