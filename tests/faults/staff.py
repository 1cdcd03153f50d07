"""Engages the cast of the suite on an empty database, outside the suite, and says what it holds.

``python -m tests.faults.staff engage|numbers|go_back ROOM:MIGRATION …``; prints JSON.
"""

import json
import os
import sys

from mediation.core import sqlite_engine

sqlite_engine.install()

import django  # noqa: E402 -- the engine must be chosen before Django opens a database

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mediation.config.settings")
django.setup()

from django.core.management import call_command  # noqa: E402 -- after django.setup

from mediation.accounts import keys  # noqa: E402 -- see above
from mediation.core import clock  # noqa: E402 -- see above
from mediation.disputes.models import Dispute  # noqa: E402 -- see above
from tests.factories import build_cast  # noqa: E402 -- see above
from tests.realtime.talk import sign_in  # noqa: E402 -- see above

PEOPLE = ("wang", "zhong", "bao", "ling")


def engage() -> dict[str, dict[str, str]]:
    call_command("migrate", verbosity=0)
    cast = build_cast()
    return {
        "keys": {name: keys.issue(cast.person(name), now=clock.now()) for name in PEOPLE},
        "sessions": {name: sign_in(cast.person(name)) for name in PEOPLE},
    }


def numbers() -> list[str]:
    return list(Dispute.objects.values_list("number", flat=True))


def go_back(*leaves: str) -> int:
    """Take the tables back to these migrations, the last that each room is to have."""
    for leaf in leaves:
        room, _, name = leaf.partition(":")
        call_command("migrate", room, name, verbosity=0, without_backup=True)
    return len(leaves)


VERBS = {"engage": engage, "numbers": numbers, "go_back": go_back}

if __name__ == "__main__":
    verb, *words = sys.argv[1:]
    print(json.dumps(VERBS[verb](*words)))  # noqa: T201 -- its answer
