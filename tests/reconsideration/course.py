"""Going the way of a track step by step, and looking at its clocks."""

from mediation.deadlines.models import Deadline
from mediation.reconsideration.models import Reconsideration
from tests.factories import at
from tests.factories.track import take

SIMPLE = {"procedure": "simplified", "simplified_ground": "spot"}


def play(cast, case, *steps):
    """Steps as name and day, with changes."""
    for name, day, *more in steps:
        take(cast.fu, case, name, at(f"{day} 10:00"), **dict(*more))


def track(case):
    return Reconsideration.objects.get(dispute=case)


def running(case):
    """Rule → last day of every clock that runs, and how it stands if it does not simply run."""
    rows = (
        Deadline.objects.filter(dispute=case).exclude(state="met").exclude(rule__startswith="CARD")
    )
    return {
        row.rule: row.due_on.isoformat() + ("" if row.state == "armed" else f" {row.state}")
        for row in rows
    }
