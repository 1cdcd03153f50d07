"""The journal of a case in words: who did what, from where to where, and what was entered."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from mediation.accounts.models import Role
from mediation.disputes.enums import Status
from mediation.disputes.models import Event
from mediation.web.clockface import clock_words
from mediation.web.templatetags import fq
from workflows.commands import catalog
from workflows.commands.fields import Day, Moment, Money, Text
from workflows.commands.spec import REGISTRY

# Chosen by key; the page shows the people themselves elsewhere.
PEOPLE = frozenset({"mediator", "owner", "escalation", "addressee", "card", "instruction"})
CLOCK = frozenset({"rule", "subject"})
"""The fields that say together which clock a step was about."""
CLOCKS = frozenset({"fire_deadline", "yellow_card", "red_card", "move_deadline"})
ICONS = {
    "register": "plus-circle",
    "assess": "gauge",
    "reassess": "gauge",
    "reach_agreement": "handshake",
    "make_effective": "seal",
    "record_signatures": "edit",
    "close": "check-circle",
    "archive": "archive",
    "comment": "chat",
    "pause": "pause",
    "refer": "branch",
    "split": "branch",
    "report_escalation": "siren",
    "acknowledge_alert": "siren",
    "act_on_alert": "siren",
    "resolve_alert": "siren",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line as ``components/_timeline.html`` shows it."""

    when: datetime
    title: str
    who: str
    role: str | Promise
    text: str
    kind: str
    icon: str


def entries(
    events: Iterable[Any], *, reads_text: bool, names: Mapping[int, str] | None = None
) -> list[Entry]:
    """Newest first. Free text that somebody typed is for those who may read names.

    ``names``: of the parties by number, as the reader may see them.
    """
    told = [_entry(event, reads_text=reads_text, names=names or {}) for event in events]
    return list(reversed(told))


def _entry(event: Any, *, reads_text: bool, names: Mapping[int, str]) -> Entry:
    return Entry(
        when=event.at,
        title=str(catalog.done_label(event.command)),
        who=event.actor_name,
        role=_role(event),
        text="\n".join(
            line
            for line in (_move(event), _told(event, reads_text=reads_text, names=names))
            if line
        ),
        kind=_kind(event),
        icon=ICONS.get(event.command, ""),
    )


def _role(event: Any) -> str | Promise:
    role = getattr(event, "role", None)
    return Role(role).label if role else ""


def _kind(event: Event) -> str:
    if event.command in CLOCKS:
        return "clock"
    return "person" if event.actor_id else "system"


def _move(event: Event) -> str:
    """“Assessed → Seeking consent”; nothing when the case stayed where it was."""
    if not event.from_status or event.from_status == event.to_status:
        return ""
    return f"{Status(event.from_status).label} → {Status(event.to_status).label}"


def _told(event: Event, *, reads_text: bool, names: Mapping[int, str]) -> str:
    """What was entered, on one line. What the page itself shows of the registration stays out."""
    if event.command == "register":
        return ""
    said = _details(event, reads_text=reads_text, names=names)
    return "；".join(
        _("%(label)s: %(words)s") % {"label": k, "words": v} if v else k for k, v in said
    )


def _details(
    event: Event, *, reads_text: bool, names: Mapping[int, str]
) -> Iterator[tuple[str, Any]]:
    spec = REGISTRY.get(event.command)
    declared: Mapping[str, forms.Field] = spec.form.base_fields if spec else {}
    about_clock = declared.keys() >= CLOCK
    if about_clock and (rule := event.payload.get("rule")):
        yield str(declared["rule"].label), clock_words(rule, event.payload.get("subject") or "")
    for name, value in event.payload.items():
        known = declared.get(name)
        if about_clock and name in CLOCK:
            continue
        if (
            known is None or not known.label or name in PEOPLE
        ):  # without a label: for programs alone
            continue
        if value in (None, "", [], {}, False):
            continue
        if type(known) is Text and not reads_text:
            continue
        if isinstance(known, forms.BooleanField):
            yield str(known.label), ""
        elif name == "party" and (who := names.get(value)):
            yield str(known.label), f"{_numbers([value])} {who}"
        elif words := _words(name, known, value):
            yield str(known.label), words


def _words(name: str, known: forms.Field, value: Any) -> Any:
    if name in NUMBERS:
        return _numbers(value if isinstance(value, list) else [value])
    for kind, writer in WRITERS:
        if isinstance(known, kind):
            return writer(known, value)
    return value if isinstance(value, (str, int)) else ""


def _numbers(ordinals: list[int]) -> str:
    """Parties stand in the journal by number; the page says who that is to this reader."""
    return "、".join(_("No. %(number)s") % {"number": number} for number in ordinals)


def _chosen(known: Any, value: Any) -> str:
    labels = {str(key): label for key, label in known.choices}
    chosen = value if isinstance(value, list) else [value]
    return "、".join(str(labels.get(str(one), one)) for one in chosen)


NUMBERS = frozenset({"party", "replaces", "attended"})
WRITERS: tuple[tuple[type[forms.Field], Callable[[Any, Any], Any]], ...] = (
    (Day, lambda _known, value: fq.day(date.fromisoformat(value))),
    (Moment, lambda _known, value: fq.full(datetime.fromisoformat(value))),
    (Money, lambda _known, value: fq.money(value)),
    (forms.ChoiceField, _chosen),
)
