"""The house's server with a storm in it: serves as ``serve`` does, and raises alerts when told to.

``python -m mediation.jobs.bench.storm_server PORT``: a line
``{"places": [codes], "alerts": 5000, "seconds": 10}`` on the standard input begins; one line of JSON answers
at the end. The ticker raises alerts in this very way, in a thread of the serving process.
"""

import json
import os
import sys
import threading
import time
from collections.abc import Sequence
from typing import Any, Final, TextIO

from mediation.core import sqlite_engine

AT_ONCE: Final = 100
"""Alerts in one transaction: a tenth of a second, which is how long a registration may wait for SQLite's one
writer. It comes next then, however many alerts are left."""


def pour(*, places: Sequence[str], alerts: int, seconds: float) -> dict[str, Any]:
    """Raise ``alerts`` orange alerts of different matters, at best within ``seconds``."""
    begun = time.monotonic()
    busy = 0
    for start in range(0, alerts, AT_ONCE):
        numbers = range(start, min(start + AT_ONCE, alerts))
        while not _raise(numbers, places):
            busy += 1
        ahead = begun + seconds * (numbers.stop / alerts) - time.monotonic()
        if ahead > 0:
            time.sleep(ahead)
    return {"raised_in_s": round(time.monotonic() - begun, 1), "busy": busy}


def _raise(numbers: Sequence[int], places: Sequence[str]) -> bool:
    """One transaction. ``False``: the database could not be had, nothing was written."""
    from mediation.core import clock
    from mediation.core.db import write
    from mediation.core.errors import Busy
    from mediation.disputes.enums import Colour
    from mediation.warning.alerts import Matter
    from mediation.warning.models import Alert
    from workflows.raising import raise_areas

    words = {"zh-hans": "测量用的预警", "en": "An alert for measuring"}
    matters = [
        Matter(Alert.Kind.SAME_DAY, place, Colour.ORANGE, words, f"storm:{number}")
        for number, place in ((number, places[number % len(places)]) for number in numbers)
    ]
    try:
        with write():
            raise_areas(matters, clock.now())
    except Busy:
        return False
    return True


def _listen(answers: TextIO) -> None:
    for line in sys.stdin:
        answers.write(json.dumps(pour(**json.loads(line))) + "\n")
        answers.flush()


def main(port: int) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mediation.config.settings")
    sqlite_engine.install()
    # The log goes to the standard output, which here is for answers alone.
    answers, sys.stdout = sys.stdout, sys.stderr
    import django
    from django.core.management import call_command

    django.setup()
    threading.Thread(target=_listen, args=[answers], daemon=True).start()
    call_command("serve", port=port)


if __name__ == "__main__":
    main(int(sys.argv[1]))
