"""The nightly proof over the data: once a night, in whichever process ticks first after two o'clock."""

import logging
from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils import timezone

from mediation.core import vitals
from mediation.core.clock import local_day
from mediation.core.db import write
from workflows import proofs
from workflows.models import NightlyProof

AFTER: Final = time(2, 0)
DRAWN: Final = 2000
"""So many cases a night, drawn over the whole life of the house, besides what concerns it as a whole."""
GIVEN_UP_AFTER: Final = timedelta(hours=1)
"""A proof without an end was interrupted with its process; somebody else runs it."""
KEPT: Final = 100

log = logging.getLogger(__name__)
broken = vitals.counter(
    "fengqiao_nightly_broken_total", "Broken promises that a nightly proof found."
)


def prove(now: datetime) -> int:
    """Run tonight's proof if nobody has. Returns 1 when it ran here."""
    day = local_day(now)
    if now < timezone.make_aware(datetime.combine(day, AFTER)) or not _claim(day, now):
        return 0
    report = proofs.run(now=now, sample=DRAWN)
    found = [asdict(offender) for offender in report.offenders[:KEPT]]
    with write():
        NightlyProof.objects.filter(day=day).update(
            ended_at=now, ok=report.ok, broken=dict(report.broken), offenders=found
        )
    if not report.ok:
        broken.add(sum(report.broken.values()))
        log.error("The nightly proof found broken promises: %s", dict(report.broken))
    return 1


def _claim(day: date, now: datetime) -> bool:
    """Whether this process runs the proof of ``day``. One insert decides between many."""
    known = NightlyProof.objects.filter(day=day).first()
    if known is not None:
        stuck = known.ended_at is None and known.began_at <= now - GIVEN_UP_AFTER
        return stuck and bool(
            NightlyProof.objects.filter(day=day, began_at=known.began_at).update(began_at=now)
        )
    try:
        with transaction.atomic():
            NightlyProof.objects.create(day=day, began_at=now)
    except IntegrityError:
        return False
    return True


def latest() -> dict[str, Any] | None:
    """What the latest nightly proof found, for ``selfcheck``."""
    row = NightlyProof.objects.exclude(ended_at=None).order_by("-day").first()
    if row is None:
        return None
    return {
        "day": row.day.isoformat(),
        "ok": row.ok,
        "broken": row.broken,
        "offenders": row.offenders,
    }
