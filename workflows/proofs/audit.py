"""The chains of events, record by record: for the auditor, and for whoever does not trust the house."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TextIO

from mediation.core.chain import GENESIS, link
from mediation.disputes.models import Dispute, Event
from workflows import journal
from workflows.proofs.cases import first_bad_event
from workflows.proofs.snapshot import snapshot


@dataclass(frozen=True, slots=True)
class Broken:
    """The first record of a case that does not hold."""

    dispute: str
    detail: str


@dataclass
class Audit:
    """``seal``: one hash over the ends of all chains. Kept elsewhere, it shows a later loss of cases."""

    cases: int = 0
    events: int = 0
    broken: int = 0
    first: Broken | None = None
    seal: str = GENESIS

    @property
    def ok(self) -> bool:
        return self.broken == 0


def verify(batches: Iterable[list[int]], *, export: TextIO | None = None) -> Audit:
    """Recompute every chain, oldest case first, and write the records out if asked to."""
    audit = Audit()
    for keys in batches:
        with snapshot():
            for dispute, events in _chains(keys):
                _verify_one(audit, dispute, events, export)
    if export is not None:
        _write(export, {"cases": audit.cases, "events": audit.events, "seal": audit.seal})
    return audit


def _chains(keys: list[int]) -> Iterator[tuple[Dispute, list[Event]]]:
    by_case: dict[int, list[Event]] = {key: [] for key in keys}
    for event in Event.objects.filter(dispute_id__in=keys).order_by("dispute_id", "version"):
        by_case[event.dispute_id].append(event)
    columns = Dispute.objects.only("uid", "number", "chain", "status").filter(pk__in=keys)
    for dispute in columns.order_by("pk"):
        yield dispute, by_case[dispute.pk]


def _verify_one(audit: Audit, dispute: Dispute, events: list[Event], export: TextIO | None) -> None:
    audit.cases += 1
    audit.events += len(events)
    audit.seal = link(audit.seal, {"dispute": str(dispute.uid), "end": dispute.chain})
    detail = first_bad_event(dispute, events)
    if detail is not None:
        audit.broken += 1
        audit.first = audit.first or Broken(dispute.number, detail)
    if export is not None:
        for event in events:
            record = journal.record(event, str(dispute.uid)) | {"at": event.at.isoformat()}
            chained = {"previous": event.previous, "digest": event.digest}
            _write(export, {"number": dispute.number, **record, **chained})


def _write(export: TextIO, line: dict[str, Any]) -> None:
    export.write(json.dumps(line, ensure_ascii=False, sort_keys=True) + "\n")
