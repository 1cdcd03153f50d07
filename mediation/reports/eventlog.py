"""The events of an area for process mining, and the net that the law declares, as files.

XES (IEEE 1849-2016) holds the moves of every case from status to status; OCEL 2.0 (JSON) every event, with
the case and whoever acted as objects; PNML (ISO/IEC 15909-2) the table of the lifecycle as a Petri net, to
which the XES fits. Nobody is named: cases and people bear pseudonyms with a key that is thrown away.
"""

import json
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from pathlib import Path
from typing import IO, Any, Final
from xml.sax.saxutils import quoteattr

from django.db.models import QuerySet

from mediation.disputes.enums import Status
from mediation.disputes.lifecycle import arrows
from mediation.disputes.models import Dispute, Event

CHUNK: Final = 2000
BEGIN: Final = "register"


@dataclass(frozen=True, slots=True)
class Arrow:
    """A transition of the net. ``name`` is empty for the silent end of a case that is still open."""

    name: str
    source: str
    target: str


def activity(command: str, source: str, target: str) -> str:
    """The name of a move. Source and target belong to it: one command may lead from several to several."""
    return f"{command} [{source} → {target}]" if source else f"{command} [→ {target}]"


def declared_arrows() -> Iterator[Arrow]:
    """The lifecycle as the law draws it; a log may break off anywhere, as open cases do."""
    yield Arrow(activity(BEGIN, "", Status.REGISTERED), "start", Status.REGISTERED)
    for arrow in arrows():
        name = activity(arrow.command, arrow.source, arrow.target)
        yield Arrow(name, str(arrow.source), str(arrow.target))
    for status in Status.values:
        yield Arrow("", status, "end")


def net() -> str:
    """The declared net as PNML: one place a status, a start, an end."""
    places = ["start", *Status.values, "end"]
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<pnml xmlns="http://www.pnml.org/version-2009/grammar/pnml">',
        '<net id="lifecycle" type="http://www.pnml.org/version-2009/grammar/pnmlcoremodel">',
        "<name><text>Lifecycle of a dispute</text></name>",
        '<page id="page">',
    ]
    for place in places:
        marked = "<initialMarking><text>1</text></initialMarking>" if place == "start" else ""
        lines.append(f'<place id="p-{place}"><name><text>{place}</text></name>{marked}</place>')
    for number, arrow in enumerate(declared_arrows()):
        lines.append(_transition(number, arrow))
    lines += [
        "</page>",
        '<finalmarkings><marking><place idref="p-end"><text>1</text></place></marking></finalmarkings>',
        "</net>",
        "</pnml>",
    ]
    return "\n".join(lines) + "\n"


def _transition(number: int, arrow: Arrow) -> str:
    silent = '<toolspecific tool="ProM" version="6.4" activity="$invisible$"/>'
    name = arrow.name or f"open in {arrow.source}"
    return (
        f'<transition id="t-{number}"><name><text>{name}</text></name>'
        f"{'' if arrow.name else silent}</transition>"
        f'<arc id="a-{number}" source="p-{arrow.source}" target="t-{number}"/>'
        f'<arc id="b-{number}" source="t-{number}" target="p-{arrow.target}"/>'
    )


# The log ------------------------------------------------------------------------------------------


@dataclass
class Masks:
    """Pseudonyms that hold together within one export and lead back to nobody."""

    key: bytes = field(default_factory=lambda: secrets.token_bytes(32))

    def __call__(self, kind: str, number: int) -> str:
        digest = blake2b(f"{kind}{number}".encode(), key=self.key, digest_size=8).hexdigest()
        return f"{kind}-{digest}"


COLUMNS = (
    "pk",
    "dispute_id",
    "version",
    "command",
    "actor_id",
    "at",
    "from_status",
    "to_status",
    "door",
)


def events_of(cases: QuerySet[Dispute]) -> Iterator[dict[str, Any]]:
    """Every event of these cases, case by case, in order."""
    found = Event.objects.filter(dispute__in=cases.order_by().values("pk"))
    yield from found.order_by("dispute_id", "version").values(*COLUMNS).iterator(chunk_size=CHUNK)


def write_xes(
    out: IO[str], cases: QuerySet[Dispute], masks: Masks, *, seen: Callable[[int], None]
) -> int:
    """The moves of every case as a log; returns how many traces. ``seen`` gets the count of events."""
    out.write(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<log xes.version="1849-2016" xes.features="" xmlns="http://www.xes-standard.org/">\n'
        '<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>\n'
        '<extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>\n'
        '<extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>\n'
        '<classifier name="Activity" keys="concept:name"/>\n'
    )
    current, traces = None, 0
    for number, event in enumerate(events_of(cases), 1):
        if number % CHUNK == 0:
            seen(number)
        if event["from_status"] == event["to_status"]:
            continue
        if event["dispute_id"] != current:
            out.write("</trace>\n" if current is not None else "")
            current, traces = event["dispute_id"], traces + 1
            out.write(f"<trace>\n{_string('concept:name', masks('case', current))}\n")
        out.write(_xes_event(event, masks))
    out.write("</trace>\n" if current is not None else "")
    out.write("</log>\n")
    return traces


def _xes_event(event: dict[str, Any], masks: Masks) -> str:
    name = activity(event["command"], event["from_status"], event["to_status"])
    who = _actor(event, masks)
    return (
        f"<event>{_string('concept:name', name)}{_string('org:resource', who)}"
        f'<date key="time:timestamp" value="{_moment(event["at"])}"/></event>\n'
    )


def _string(key: str, value: str) -> str:
    return f'<string key="{key}" value={quoteattr(value)}/>'


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds")


def _actor(event: dict[str, Any], masks: Masks) -> str:
    """Whoever acted, masked; the system acts under its own name, residents have no account."""
    if event["actor_id"] is not None:
        return masks("person", event["actor_id"])
    return "system" if event["door"] == "timer" else "resident"


EVENT_ATTRIBUTES = ("from", "to", "door")
CASE_ATTRIBUTES = ("category", "colour", "nature", "status")


def write_ocel(
    out: IO[str], cases: QuerySet[Dispute], masks: Masks, *, seen: Callable[[int], None]
) -> None:
    """Every event with its case and whoever acted; parts of a split case point to the whole."""
    commands = Event.objects.filter(dispute__in=cases.order_by().values("pk"))
    types = sorted(commands.order_by().values_list("command", flat=True).distinct())
    head = {
        "objectTypes": [
            {"name": "dispute", "attributes": _typed(CASE_ATTRIBUTES)},
            {"name": "person", "attributes": []},
        ],
        "eventTypes": [{"name": name, "attributes": _typed(EVENT_ATTRIBUTES)} for name in types],
    }
    out.write(json.dumps(head, ensure_ascii=False)[:-1] + ',\n"events": [')
    people: set[str] = set()
    for number, event in enumerate(events_of(cases), 1):
        if number % CHUNK == 0:
            seen(number)
        who = _actor(event, masks)
        people.add(who)
        out.write((",\n" if number > 1 else "\n") + json.dumps(_ocel_event(event, who, masks)))
    out.write('],\n"objects": [')
    for number, one in enumerate(_objects(cases, sorted(people), masks)):
        out.write((",\n" if number else "\n") + json.dumps(one))
    out.write("]}\n")


def _typed(names: tuple[str, ...]) -> list[dict[str, str]]:
    return [{"name": name, "type": "string"} for name in names]


def _ocel_event(event: dict[str, Any], who: str, masks: Masks) -> dict[str, Any]:
    values = (event["from_status"], event["to_status"], event["door"])
    return {
        "id": masks("event", event["pk"]),
        "type": event["command"],
        "time": _moment(event["at"]),
        "attributes": [
            {"name": name, "value": value}
            for name, value in zip(EVENT_ATTRIBUTES, values, strict=True)
        ],
        "relationships": [
            {"objectId": masks("case", event["dispute_id"]), "qualifier": "case"},
            {"objectId": who, "qualifier": "by"},
        ],
    }


def _objects(cases: QuerySet[Dispute], people: list[str], masks: Masks) -> Iterator[dict[str, Any]]:
    rows = cases.order_by("pk").values("pk", "parent_id", "registered_at", *CASE_ATTRIBUTES)
    there = set(cases.order_by().values_list("pk", flat=True))
    for row in rows.iterator(chunk_size=CHUNK):
        whole = [row["parent_id"]] if row["parent_id"] in there else []
        yield {
            "id": masks("case", row["pk"]),
            "type": "dispute",
            "attributes": [
                {"name": name, "time": _moment(row["registered_at"]), "value": str(row[name])}
                for name in CASE_ATTRIBUTES
            ],
            "relationships": [
                {"objectId": masks("case", pk), "qualifier": "part of"} for pk in whole
            ],
        }
    for who in people:
        yield {"id": who, "type": "person", "attributes": [], "relationships": []}


def write_all(folder: Path, cases: QuerySet[Dispute], *, seen: Callable[[int], None]) -> list[Path]:
    """The three files, in ``folder``."""
    masks = Masks()
    paths = [folder / "events.xes", folder / "events.ocel.json", folder / "lifecycle.pnml"]
    with paths[0].open("w", encoding="utf-8") as out:
        write_xes(out, cases, masks, seen=seen)
    with paths[1].open("w", encoding="utf-8") as out:
        write_ocel(out, cases, masks, seen=seen)
    paths[2].write_text(net(), encoding="utf-8")
    return paths
