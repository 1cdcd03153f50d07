"""A printing plate: all rows of one played case, with marks where the next print differs."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import models

from mediation.accounts.demo import SUBDISTRICT
from mediation.accounts.models import Person
from mediation.agreements.models import (
    Agreement,
    AgreementVersion,
    JudicialConfirmation,
    Obligation,
    Proof,
    Reminder,
    Urging,
    Visit,
)
from mediation.areas.models import Area
from mediation.core.chain import canonical
from mediation.deadlines.models import Deadline
from mediation.disputes.enums import PartyKind
from mediation.disputes.models import Approval, Dispute, Event, Party, Remark
from mediation.jobs.seed.bulk.sink import Sink, Table
from mediation.jobs.seed.tale import SHANGHAI
from mediation.reconsideration.models import Reconsideration, Standstill, StatutoryNotice
from mediation.referrals.models import Order, Referral
from mediation.sessions.models import (
    Appointment,
    Assignment,
    ConsentAnswer,
    MediatorWish,
    Meeting,
    Pause,
    RightsNotice,
)
from mediation.warning.models import Alert, AlertStep, Charge, ChargeNote, Escalation
from workflows import journal
from workflows.models import CaseProcess, Process, Task, WorkItem

# Model → how its rows lead to their case.
COPIED: Mapping[type[models.Model], str] = {
    Dispute: "pk",
    Party: "dispute_id",
    Event: "dispute_id",
    Assignment: "dispute_id",
    ConsentAnswer: "dispute_id",
    RightsNotice: "dispute_id",
    MediatorWish: "dispute_id",
    Meeting: "dispute_id",
    Appointment: "dispute_id",
    Pause: "dispute_id",
    AgreementVersion: "dispute_id",
    Agreement: "dispute_id",
    Obligation: "agreement__dispute_id",
    Proof: "obligation__agreement__dispute_id",
    Reminder: "obligation__agreement__dispute_id",
    Urging: "dispute_id",
    JudicialConfirmation: "agreement__dispute_id",
    Visit: "dispute_id",
    Referral: "dispute_id",
    Order: "dispute_id",
    Reconsideration: "dispute_id",
    Standstill: "track__dispute_id",
    StatutoryNotice: "track__dispute_id",
    Alert: "dispute_id",
    AlertStep: "alert__dispute_id",
    Charge: "dispute_id",
    ChargeNote: "charge__dispute_id",
    Escalation: "dispute_id",
    Approval: "dispute_id",
    Remark: "dispute_id",
    Deadline: "dispute_id",
    Process: "of_case__dispute_id",
    CaseProcess: "dispute_id",
    Task: "process__of_case__dispute_id",
    Task.previous.through: "from_task__process__of_case__dispute_id",
    WorkItem: "dispute_id",
}
FLOW = (Process, CaseProcess, Task, Task.previous.through)
PARTS = {
    "grid_worker": "worker",
    "mediator": "mediator",
    "centre_staff": "centre",
    "justice_staff": "justice",
    "leader": "leader",
    "reconsideration_clerk": "clerk",
}
OF_CASE = frozenset({"uid", "number", "code", "chain", "file_number", "facts", "place"})
OF_PARTY = (
    "uid", "plain_name", "id_sealed", "id_index", "phone_sealed", "phone_index",
    "phone_tail_index", "address_sealed", "no_id_reason", "birth", "sex",
)  # fmt: skip
PERSON_KEYS = frozenset({"mediator", "owner"})
DAY = re.compile(r"^(\d{4}-\d{2}-\d{2})(T.*)?$")
MARK = re.compile(r'"\ue000(\w+:?\w*)\ue001"')


@dataclass(frozen=True, slots=True)
class Script:
    """Text with holes: ``texts`` one longer than ``holes``, which name what fills them."""

    texts: tuple[str, ...]
    holes: tuple[str, ...]

    @classmethod
    def of(cls, text: str, spelt: Callable[[str], str] = str) -> "Script":
        """``spelt`` is how the text between the holes is written."""
        pieces = MARK.split(text)
        return cls(tuple(map(spelt, pieces[::2])), tuple(pieces[1::2]))

    def filled(self, words: Mapping[str, str]) -> str:
        if not self.holes:
            return self.texts[0]
        parts = [self.texts[0]]
        for hole, text in zip(self.holes, self.texts[1:], strict=True):
            parts += (words[hole], text)
        return "".join(parts)


@dataclass(frozen=True, slots=True)
class Line:
    """One row: its cells, where keys are counted on (``keys``), and where words are set in (``words``)."""

    table: Table
    cells: tuple[Any, ...]
    keys: tuple[tuple[int, str, int], ...]
    words: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Plate:
    """One case on one day of the calendar."""

    lines: tuple[Line, ...]
    rows: Mapping[str, int]
    """Table → how many keys one print needs."""
    records: tuple[Script, ...]
    """What the hash of each event covers."""
    payloads: tuple[Script, ...]
    registered_at: datetime
    year: int
    file_year: int | None
    title: str
    parties: tuple[str, ...]
    """The kind of each party that gets a new identity, by its place; empty: printed as it is."""


@dataclass
class Original:
    """The rows of a played case, and how to cut plates from them."""

    dispute: Dispute
    rows: dict[type[models.Model], list[Any]]
    parts: dict[int, str]
    cut: dict[tuple[int, bool], Plate] = field(default_factory=dict)

    @property
    def points(self) -> int:
        return int((self.dispute.risk or {}).get("points") or 0)

    @property
    def alert(self) -> Alert | None:
        """Its alert, if it was judged and can be judged otherwise: nothing was reported because of it."""
        if self.rows[Escalation]:
            return None
        judged = [one for one in self.rows[Alert] if one.verdict]
        return judged[0] if len(judged) == 1 else None

    def judged(self, verdict: str, outcome: str) -> "Original":
        """The same case, whose alert turned out otherwise."""
        said = {"verdict": verdict, "outcome": outcome}
        rows = dict(self.rows)
        rows[Alert] = [_changed(one, said) if one == self.alert else one for one in rows[Alert]]
        rows[AlertStep] = [
            _changed(one, {"text": outcome}) if one.kind == AlertStep.Kind.RESOLVED else one
            for one in rows[AlertStep]
        ]
        rows[Event] = [
            _changed(one, {"payload": one.payload | _known(said, one.payload)})
            if one.command == "resolve_alert"
            else one
            for one in rows[Event]
        ]
        return Original(self.dispute, rows, self.parts)

    @property
    def is_over(self) -> bool:
        """Whether nobody has anything to do with it any more: then it may lie years back."""
        return self.dispute.status in {"archived", "voided"}

    def plate(self, weeks: int, sink: Sink, *, with_flow: bool) -> Plate:
        """The case as it would be ``weeks`` earlier. Cut once, printed many times."""
        key = (weeks, with_flow)
        if key not in self.cut:
            self.cut[key] = _Cutter(self, timedelta(weeks=weeks), sink, with_flow).plate()
        return self.cut[key]


def _changed(row: Any, values: Mapping[str, Any]) -> Any:
    """A copy of the row with other values; the row itself is what was played."""
    other = copy(row)
    for name, value in values.items():
        setattr(other, name, value)
    return other


def _known(values: Mapping[str, str], payload: Mapping[str, Any]) -> dict[str, str]:
    """What of it the record of the step holds: it keeps no free text that is private."""
    return {name: value for name, value in values.items() if name in payload}


def originals() -> list[Original]:
    """Every played case that stands for itself: neither a part of another nor its twin."""
    alone = Dispute.objects.filter(
        area_code__startswith=SUBDISTRICT,  # elsewhere everything is printed
        parent__isnull=True,
        duplicate_of__isnull=True,
        children__isnull=True,
        orders__isnull=True,  # a sender numbers his orders himself
    ).exclude(status="split")
    duties = Person.objects.filter(duties__isnull=False).values_list("pk", "duties__role")
    roles: dict[int, str] = {}
    for pk, role in duties.order_by("pk", "duties__pk"):
        roles.setdefault(pk, PARTS.get(role, "centre"))
    return [_original(dispute, roles) for dispute in alone.order_by("registered_at", "pk")]


def _original(dispute: Dispute, roles: dict[int, str]) -> Original:
    rows = {
        model: list(model._default_manager.filter(**{path: dispute.pk}).order_by("pk"))
        for model, path in COPIED.items()
    }
    parts = dict(roles)
    if dispute.mediator_id is not None:
        parts[dispute.mediator_id] = "mediator"
    return Original(dispute, rows, parts)


@dataclass
class _Cutter:
    """Turns rows into lines. Remembers which key became which count."""

    original: Original
    back: timedelta
    sink: Sink
    with_flow: bool

    def __post_init__(self) -> None:
        self.rows = {
            model: found
            for model, found in self.original.rows.items()
            if self.with_flow or model not in FLOW
        }
        self.counted = {
            (model._meta.db_table, row.pk): number
            for model, found in self.rows.items()
            for number, row in enumerate(found)
        }

    def plate(self) -> Plate:
        dispute = self.original.dispute
        events = self.rows[Event]
        archived = dispute.archived_at
        return Plate(
            lines=tuple(self._lines()),
            rows={model._meta.db_table: len(found) for model, found in self.rows.items() if found},
            records=tuple(self._record(event) for event in events),
            payloads=tuple(self._payload(event) for event in events),
            registered_at=dispute.registered_at - self.back,
            year=_year(dispute.registered_at - self.back),
            file_year=_year(archived - self.back) if archived else None,
            title=dispute.title,
            parties=tuple(map(_new_identity, self.rows[Party])),
        )

    def _lines(self) -> Iterator[Line]:
        for model, found in self.rows.items():
            fields = list(model._meta.concrete_fields)
            table = (model._meta.db_table, tuple(str(f.column) for f in fields))
            for number, row in enumerate(found):
                yield self._line(table, fields, row, number)

    def _line(self, table: Table, fields: Sequence[Any], row: Any, number: int) -> Line:
        cells: list[Any] = []
        keys: list[tuple[int, str, int]] = []
        words: list[tuple[int, str]] = []
        for place, one in enumerate(fields):
            value = getattr(row, one.attname)
            if (word := self._word(row, one, value, number)) is not None:
                words.append((place, word))
                cells.append(None)
            elif (key := self._key(row, one, value)) is not None:
                keys.append((place, *key))
                cells.append(None)
            else:
                cells.append(self.sink.cell(one, self._shifted(one, value)))
        return Line(table, tuple(cells), tuple(keys), tuple(words))

    def _key(self, row: Any, one: Any, value: Any) -> tuple[str, int] | None:
        if value is None:
            return None
        model = one.remote_field.model if one.is_relation else type(row)
        if not (one.primary_key or one.is_relation):
            return None
        table = model._meta.concrete_model._meta.db_table
        return (table, self.counted[table, value]) if (table, value) in self.counted else None

    def _word(self, row: Any, one: Any, value: Any, number: int) -> str | None:
        """The name of what is set in here, or nothing when the cell stays or is a key."""
        name = one.attname
        match row:
            case Dispute() if name in OF_CASE and (value or name != "file_number"):
                return str(name)
            case Event() if name in {"previous", "digest", "payload"}:
                return f"{name}{number}"
            case Event() if name == "actor_name" and row.actor_id is not None:
                return f"name:{self.original.parts[row.actor_id]}"
            case Party() if name in OF_PARTY and _new_identity(row):
                return f"{name}@{number}"
            case WorkItem() if name == "assignee_id":
                part = {"mediator": "mediator", "grid_worker": "worker"}.get(row.role)
                return f"person:{part}" if part else None
        return self._place_or_person(one, value)

    def _place_or_person(self, one: Any, value: Any) -> str | None:
        if one.attname == "area_code":
            return "area_code"
        if not one.is_relation or value is None:
            return None
        if one.remote_field.model is Area:
            return "grid_id"
        if one.remote_field.model is Person:
            return f"person:{self.original.parts[value]}"
        return None

    def _shifted(self, one: Any, value: Any) -> Any:
        if isinstance(value, (datetime, date)):
            return value - self.back
        return _shift_text(value, self.back) if isinstance(one, models.JSONField) else value

    # Events ----------------------------------------------------------------------------------------

    def _record(self, event: Event) -> Script:
        record = journal.record(event, _mark("uid"))
        record |= {
            "at": event.at - self.back,
            "payload": self._marked(event.payload),
        }
        if event.actor_id is not None:
            part = self.original.parts[event.actor_id]
            record |= {"actor": _mark(f"person:{part}"), "actor_name": _mark(f"name:{part}")}
        return Script.of(canonical(record).decode())

    def _payload(self, event: Event) -> Script:
        return Script.of(
            json.dumps(self._marked(event.payload), ensure_ascii=False), self.sink.text
        )

    def _marked(self, payload: Any) -> dict[str, Any]:
        shifted = _shift_text(payload, self.back)
        people = {
            key: _mark(f"person:{self.original.parts[value]}")
            for key, value in shifted.items()
            if key in PERSON_KEYS and value in self.original.parts
        }
        return dict(shifted | people)


def _mark(name: str) -> str:
    return f"\ue000{name}\ue001"


def _new_identity(party: Party) -> str:
    """Grown-ups and companies change from print to print; children and unknown people do not."""
    if party.is_minor or party.kind == PartyKind.UNKNOWN:
        return ""
    return str(party.kind)


def _shift_text(value: Any, back: timedelta) -> Any:
    """The same JSON with every day in it moved."""
    if isinstance(value, dict):
        return {key: _shift_text(item, back) for key, item in value.items()}
    if isinstance(value, list):
        return [_shift_text(item, back) for item in value]
    if isinstance(value, str) and (found := DAY.match(value)):
        return (date.fromisoformat(found[1]) - back).isoformat() + (found[2] or "")
    return value


def _year(moment: datetime) -> int:
    return moment.astimezone(SHANGHAI).year
