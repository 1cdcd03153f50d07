"""The records, one by one: every chain, and every seal over them.

What is asked of the database can as well be asked of an export of it: ``read_export`` needs neither a server
nor a database.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TextIO

from mediation.core import evidence
from mediation.core.chain import GENESIS, link
from mediation.core.models import House
from mediation.core.plain import plain
from mediation.disputes.models import Dispute, Event
from workflows import journal, seals
from workflows.proofs.cases import first_bad_event
from workflows.proofs.snapshot import snapshot

LISTED = 100


@dataclass(frozen=True, slots=True)
class Broken:
    """A record that does not hold. ``dispute``: a case number, or the stream when no case is known."""

    dispute: str
    detail: str


@dataclass
class Audit:
    """``seal``: one hash over the ends of all chains. ``latest``: that of the latest seal in the file."""

    cases: int = 0
    events: int = 0
    broken: int = 0
    first: Broken | None = None
    others: list[Broken] = field(default_factory=list)
    seal: str = GENESIS
    seals: int = 0
    latest: str = GENESIS
    sealed_at: str = ""
    sealed: int = 0
    unsealed: int = 0
    remarks: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return self.broken == 0

    def note(self, dispute: str, detail: str) -> None:
        self.broken += 1
        if self.first is None:
            self.first = Broken(dispute, detail)
        elif len(self.others) < LISTED:
            self.others.append(Broken(dispute, detail))


class _Examination:
    """The leaves of what was read so far, and where each event belongs."""

    def __init__(self) -> None:
        self.audit = Audit()
        self.leaves: evidence.Leaves = {stream: {} for stream in seals.STREAMS}
        self._numbers: list[str] = []
        self._case_of: dict[int, int] = {}
        self._blamed: set[str] = set()

    def case(self, uid: str, number: str, end: str, bad: str | None) -> None:
        self.audit.cases += 1
        self.audit.seal = link(self.audit.seal, {"dispute": uid, "end": end})
        self._numbers.append(number)
        if bad is not None:
            self._blamed.add(number)
            self.audit.note(number, bad)

    def event(self, key: int, digest: str) -> None:
        self.audit.events += 1
        self._case_of[key] = len(self._numbers)
        self.leaves["event"][key] = evidence.leaf("event", key, digest)

    def hold(
        self, lines: Iterable[Mapping[str, Any]], keys: evidence.Keys, *, upto: int | None = None
    ) -> None:
        """Compare everything with the seals. A case whose chain is broken was named already."""
        found = evidence.compare(lines, self.leaves, keys=keys, upto=upto)
        audit = self.audit
        audit.seals, audit.latest, audit.sealed_at = found.seals, found.latest, found.at
        audit.sealed, audit.unsealed, audit.remarks = found.records, found.unsealed, found.remarks
        for finding in found.findings:
            where, detail = self._said(finding)
            if where not in self._blamed:
                audit.note(where, detail)

    def _said(self, finding: evidence.Finding) -> tuple[str, str]:
        if not finding.key:
            return finding.stream, finding.detail
        index = self._case_of.get(finding.key) if finding.stream == "event" else None
        where = self._numbers[index] if index is not None else finding.stream
        return where, f"{finding.stream} record {finding.key} {finding.detail}"


# The database -------------------------------------------------------------------------------------


def verify(batches: Iterable[list[int]], *, export: TextIO | None = None) -> Audit:
    """Recompute every chain, oldest case first, hold all records against the seals, and export them."""
    lines = _lines_of_house()
    found = _Examination()
    for keys in batches:
        with snapshot():
            for dispute, events in _chains(keys):
                _verify_one(found, dispute, events, export)
    for stream in seals.STREAMS:
        if stream != "event":
            _take_rows(found, stream, export)
    found.hold(lines, seals.keys())
    audit = found.audit
    if export is not None:
        total = {"cases": audit.cases, "events": audit.events, "seal": audit.seal}
        _write(export, total | ({"seals": audit.seals} if audit.seals else {}))
    return audit


def _lines_of_house() -> list[dict[str, Any]]:
    """The seals so far, read before the records: whatever they cover is there to be read."""
    return seals.stored(seals.file()) if House.objects.exists() else []


def _chains(keys: list[int]) -> Iterator[tuple[Dispute, list[Event]]]:
    by_case: dict[int, list[Event]] = {key: [] for key in keys}
    for event in Event.objects.filter(dispute_id__in=keys).order_by("dispute_id", "version"):
        by_case[event.dispute_id].append(event)
    columns = Dispute.objects.only("uid", "number", "chain", "status").filter(pk__in=keys)
    for dispute in columns.order_by("pk"):
        yield dispute, by_case[dispute.pk]


def _verify_one(
    found: _Examination, dispute: Dispute, events: list[Event], export: TextIO | None
) -> None:
    uid = str(dispute.uid)
    for event in events:
        found.event(event.pk, event.digest)
    found.case(uid, dispute.number, dispute.chain, first_bad_event(dispute, events))
    if export is not None:
        for event in events:
            record = journal.record(event, uid) | {"at": event.at.isoformat()}
            chained = {"previous": event.previous, "digest": event.digest}
            place = {"stream": "event", "id": event.pk, "number": dispute.number}
            _write(export, place | record | chained)


def _take_rows(found: _Examination, stream: str, export: TextIO | None) -> None:
    """Records outside the chains: who was given which right, who looked behind a mask."""
    for row in seals.STREAMS[stream]._default_manager.order_by("pk").iterator():
        record = seals.plain_record(row)
        digest = evidence.digest_of(record)
        found.leaves[stream][row.pk] = evidence.leaf(stream, row.pk, digest)
        if export is not None:
            told = {name: plain(value) for name, value in record.items()}
            _write(export, {"stream": stream, "id": row.pk, "record": told})


def _write(export: TextIO, line: dict[str, Any]) -> None:
    export.write(json.dumps(line, ensure_ascii=False, sort_keys=True) + "\n")


# An export ----------------------------------------------------------------------------------------


CHAINED = ("dispute", "version", "command", "actor", "actor_name", "from", "to", "payload", "door")


def read_export(lines: Iterable[str], sealed: Iterable[str], keys: evidence.Keys) -> Audit:
    """The same from an export and the file of seals alone. A line that is no record is a finding."""
    found = _Examination()
    total: dict[str, Any] = {}
    case: list[dict[str, Any]] = []
    for number, line in enumerate(lines, 1):
        try:
            said = json.loads(line)
            if said.get("stream") == "event":
                if case and case[0]["dispute"] != said["dispute"]:
                    _close(found, case)
                    case = []
                case.append(said)
            elif "stream" in said:
                _take_line(found, said)
            else:
                total = said
        except (ValueError, KeyError, TypeError, AttributeError):
            found.audit.note(f"line {number}", "is no record")
    if case:
        _close(found, case)
    found.hold(evidence.read(sealed), keys, upto=total.get("seals"))
    _require_total(found.audit, total)
    return found.audit


def _close(found: _Examination, case: list[dict[str, Any]]) -> None:
    """All events of one case, in the order of the export."""
    for event in case:
        found.event(event["id"], event["digest"])
    found.case(case[0]["dispute"], case[0]["number"], case[-1]["digest"], _first_bad(case))


def _first_bad(case: list[dict[str, Any]]) -> str | None:
    previous = GENESIS
    for number, event in enumerate(case, 1):
        if event["version"] != number:
            return f"event {number} is missing (found version {event['version']})"
        if event["previous"] != previous:
            return f"event {number} does not follow the one before"
        if link(previous, _chained(event)) != event["digest"]:
            return f"event {number} was changed"
        previous = event["digest"]
    return None


def _chained(event: Mapping[str, Any]) -> dict[str, Any]:
    """What the hash of an exported event covers: ``journal.record`` read back."""
    record = {name: event[name] for name in CHAINED}
    return record | {"at": datetime.fromisoformat(event["at"])}


def _take_line(found: _Examination, said: Mapping[str, Any]) -> None:
    stream, key = said["stream"], said["id"]
    record = dict(said["record"])
    for name in ("at", "until"):
        if isinstance(record.get(name), str) and "T" in record[name]:
            record[name] = datetime.fromisoformat(record[name])
    digest = evidence.digest_of(record)
    found.leaves[stream][key] = evidence.leaf(stream, key, digest)


def _require_total(audit: Audit, total: Mapping[str, Any]) -> None:
    """The last line counts the others: what was cut off at the end is missed here."""
    told = {name: total.get(name) for name in ("cases", "events", "seal")}
    if told != {"cases": audit.cases, "events": audit.events, "seal": audit.seal}:
        audit.note("export", "is not complete: the last line does not fit the others")
