"""``retention``: what is over and would go, and the acts on single files."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mediation.accounts.models import Person
from mediation.core import clock
from mediation.core.errors import Refusal
from mediation.disputes.models import Dispute
from workflows import retention

SHORTEST_REASON = 5


class Command(BaseCommand):
    help = (
        "Show what has reached the end of its retention period; --run ends it (the ticker does so every "
        "night). Bound files are only listed: --dispose strips one after its appraisal by two people. "
        "--hold freezes a file, --release lets it go."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        act = parser.add_mutually_exclusive_group()
        act.add_argument(
            "--run", action="store_true", help="End what is over. Else nothing is touched."
        )
        act.add_argument("--hold", metavar="NUMBER", help="Freeze the file of this case.")
        act.add_argument("--release", metavar="NUMBER", help="End the freeze.")
        act.add_argument("--dispose", metavar="NUMBER", help="Strip this file of personal details.")
        parser.add_argument("--by", default="", help="User name of whoever decides.")
        parser.add_argument(
            "--second", default="", help="User name of the second person (--dispose)."
        )
        parser.add_argument("--reason", default="", help="Why, as it stands in the record.")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, **options: Any) -> None:
        for name in ("hold", "release", "dispose"):
            if options[name]:
                self._act(name, options)
                return
        now = clock.now()
        told: dict[str, Any] = {
            "ended" if options["run"] else "over": (
                retention.run(now) if options["run"] else retention.count(now)
            ),
            "to_be_appraised": [case.number for case in retention.due(now)],
        }
        if options["as_json"]:
            self.stdout.write(json.dumps(told, ensure_ascii=False))
            return
        [(word, counts), (_name, files)] = told.items()
        for rule in retention.RULES:
            line = f"{rule.name:10} {counts[rule.name]:6} {word}  {rule.what} · {rule.kept} · {rule.source}"
            self.stdout.write(line)
        self.stdout.write(f"{len(files)} bound files are to be appraised: {' '.join(files) or '–'}")

    def _act(self, name: str, options: dict[str, Any]) -> None:
        case = Dispute.objects.filter(number=options[name]).first()
        if case is None:
            raise CommandError(f"There is no case {options[name]}.")
        if len(options["reason"].strip()) < SHORTEST_REASON:
            raise CommandError("Give a --reason of at least five characters.")
        people = {"by": _person(options["by"])}
        if name == "dispose":
            people["second"] = _person(options["second"])
        try:
            getattr(retention, name)(case, reason=options["reason"], now=clock.now(), **people)
        except Refusal as refusal:
            raise CommandError(" ".join(refusal.sentences)) from None
        self.stdout.write(f"{name}: {case.number}")


def _person(username: str) -> Person:
    person = Person.objects.filter(username=username, is_active=True).first()
    if person is None:
        raise CommandError(f"There is no open account {username!r} (--by, --second).")
    return person
