"""Give a program a bearer key that acts as a person."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mediation.accounts import keys
from mediation.accounts.models import Person
from mediation.core import clock


class Command(BaseCommand):
    help = "Create an API key that acts as USERNAME. It is printed once and cannot be shown again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", help="The person whose rights the key has.")
        parser.add_argument("--json", action="store_true", help="One JSON object on one line.")

    def handle(self, *args: Any, **options: Any) -> None:
        person = Person.objects.filter(username=options["username"], is_active=True).first()
        if person is None:
            raise CommandError(f"There is no active person {options['username']}.", returncode=2)
        key = keys.issue(person, now=clock.now())
        answer = {"username": person.username, "prefix": keys.prefix_of(key), "key": key}
        self.stdout.write(json.dumps(answer) if options["json"] else key)
