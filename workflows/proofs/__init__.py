"""Is everything as it must be? Questions only; what they find amiss, ``workflows.repair`` mends.

Each invariant has a name. ``run`` asks all of them, of all cases or of a sample, and lists offenders.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any

from django.db.models import Max, Min

from mediation.disputes.models import Dispute
from workflows.proofs import cases, whole
from workflows.proofs.snapshot import snapshot

BATCH = 500
LISTED = 1000
"""So many offenders are told in full; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Offender:
    """One broken promise. ``dispute``: a case number, or empty when it concerns the whole."""

    check: str
    dispute: str
    detail: str


@dataclass
class Report:
    checked: Counter[str] = field(default_factory=Counter)
    broken: Counter[str] = field(default_factory=Counter)
    offenders: list[Offender] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.broken

    def note(self, check: str, dispute: str, details: Iterable[str]) -> None:
        for detail in details:
            self.broken[check] += 1
            if len(self.offenders) < LISTED:
                self.offenders.append(Offender(check, dispute, detail))


def run(*, now: datetime, sample: int | None = None) -> Report:
    """Ask every question as of ``now``. ``sample``: so many cases drawn over the whole life of the house."""
    report = Report()
    with snapshot():
        for name, check in whole.CHECKS:
            count, details = check(now)
            report.checked[name] += count
            report.note(name, "", details)
    for keys in batches(sample):
        with snapshot():
            for case in cases.load(keys, now=now):
                _ask(case, report)
    return report


def _ask(case: cases.CaseFile, report: Report) -> None:
    report.checked["cases"] += 1
    for name, check in cases.CHECKS:
        report.checked[name] += 1
        report.note(name, case.dispute.number, check(case))


def batches(sample: int | None = None) -> Iterator[list[int]]:
    """Keys of all disputes, or of a fixed draw of ``sample``, in their order."""
    drawn = sorted(_drawn(sample)) if sample is not None else None
    if drawn is not None:
        for start in range(0, len(drawn), BATCH):
            yield drawn[start : start + BATCH]
        return
    latest = 0
    while keys := _keys().filter(pk__gt=latest).order_by("pk")[:BATCH]:
        found = list(keys)
        yield found
        latest = found[-1]


def _keys() -> Any:
    return Dispute.objects.values_list("pk", flat=True)


def _drawn(sample: int) -> Iterator[int]:
    """The same draw every time, so that two runs can be compared."""
    span = Dispute.objects.aggregate(first=Min("pk"), last=Max("pk"))
    if span["first"] is None:
        return
    numbers = range(span["first"], span["last"] + 1)
    yield from Random(1).sample(numbers, min(sample, len(numbers)))  # noqa: S311 -- a draw, not a secret
