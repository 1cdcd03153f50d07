"""What the house itself knows about a dispute: what was before, what lies around it, what day it is.

Facts are counted about the same *pair* of people, never about one person: whoever quarrels with many
others, or asks for his rights often, is not a risk by that.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from mediation.areas.models import code_range
from mediation.areas.selectors import subdistrict_code
from mediation.core.clock import local_day
from mediation.core.prepared import Prepared
from mediation.core.text import search_key
from mediation.disputes.enums import PartyKind, ResultCode, Source, Status
from mediation.disputes.models import Dispute, Event, Party
from mediation.warning.festival import days_to_spring_festival
from mediation.warning.models import Escalation

YEAR, QUARTER = timedelta(days=365), timedelta(days=90)
SAME_PAIR = 2
"""So many of the same people must meet again for a dispute to be the same people's."""
FAILING = ("end_mediation", "declare_breach", "fall_through")
AGREED = frozenset({ResultCode.AGREED_PERFORMED, ResultCode.AGREED_CONFIRMED})

Keys = frozenset[tuple[str, str]]
"""How one person is found again: by the keyed hash of a number or a phone, else by name nearby."""


def keys_of_rows(rows: Iterable[Mapping[str, Any]]) -> list[Keys]:
    """The people of a registration that is not stored yet."""
    return [
        frozenset(
            [("id", key) for key in Party.id_number.indexes_of(row.get("id_number") or "")]
            + [("phone", key) for key in Party.phone.indexes_of(row.get("phone") or "")]
            + ([("name", row["name"])] if row.get("name") and not row.get("is_minor") else [])
        )
        for row in rows
        if row.get("kind") != PartyKind.UNKNOWN
    ]


def keys_of_parties(parties: Iterable[Party]) -> list[Keys]:
    return [_keys(p.id_index, p.phone_index, p.plain_name) for p in parties]


def _keys(id_index: str, phone_index: str, name: str) -> Keys:
    found = (("id", id_index), ("phone", phone_index), ("name", name))
    return frozenset(pair for pair in found if pair[1])


@dataclass(frozen=True, slots=True)
class Earlier:
    """Another dispute, and how many of the present people stood in it."""

    pk: int
    at: datetime
    source: str
    shared: int


def known(
    dispute: Dispute, people: list[Keys], *, now: datetime, cluster_tier: str | None = None
) -> dict[str, Any]:
    """Facts by name, as ``questions.facts_from_answers`` takes them. Two to four statements."""
    others = earlier(dispute, people, now)
    same = [one for one in others if one.shared >= SAME_PAIR]
    files = [one.pk for one in same] + ([dispute.pk] if dispute.version > 1 else [])
    calls = sorted(_police_calls(dispute, same, files, now))
    return {
        "same_party_prior_365d": len(same),
        "same_party_last_days": min((max(0, (now - one.at).days) for one in same), default=None),
        "police_calls_365d": len(calls),
        "police_calls_90d": sum(at > now - QUARTER for at in calls),
        "failed_mediations": _failures(files),
        "unresolved_days": max(0, (now - dispute.occurred_at).days),
        "days_to_spring_festival": days_to_spring_festival(today=local_day(now)),
        "near_repeat_90d": _near(dispute, {one.pk for one in others}, now),
        "cluster_tier": cluster_tier,
        "flags": _settlement(dispute),
    }


def earlier(dispute: Dispute, people: list[Keys], now: datetime) -> list[Earlier]:
    """Every dispute of the last year in which somebody of ``people`` stood."""
    wanted = {kind: [key for one in people for k, key in one if k == kind] for kind in _COLUMNS}
    if not any(wanted.values()):
        return []
    first, end = code_range(subdistrict_code(dispute.area_code)) if dispute.area_code else ("", "")
    rows = STOOD_IN.tuples(
        ids=wanted["id"],
        phones=wanted["phone"],
        names=wanted["name"],
        first=first,
        end=end,
        since=now - YEAR,
        own=dispute.pk or 0,
        parent=dispute.parent_id or 0,
    )
    met: dict[int, set[int]] = {}
    files: dict[int, tuple[datetime, str]] = {}
    for pk, id_index, phone_index, name, at, source, parent in rows:
        if parent is not None and parent in (dispute.pk, dispute.parent_id):
            continue  # a part of the same matter is no repetition of it
        files[pk] = at, source
        found = _keys(id_index, phone_index, name)
        met.setdefault(pk, set()).update(n for n, one in enumerate(people) if _same(one, found))
    return [Earlier(pk, *files[pk], shared=len(who)) for pk, who in met.items() if who]


_COLUMNS = ("id", "phone", "name")
STOOD_IN = Prepared(
    lambda ids, phones, names, first, end, since, own, parent: (
        Party.objects.filter(
            Q(id_index__among=ids)
            | Q(phone_index__among=phones)
            | Q(
                plain_name__among=names,
                dispute__area_code__gte=first,
                dispute__area_code__lt=end,
            ),
            dispute__registered_at__gt=since,
        )
        .exclude(dispute__status=Status.VOIDED.value)
        .exclude(dispute_id=own)
        .exclude(dispute_id=parent)
        .values_list(
            "dispute_id", "id_index", "phone_index", "plain_name", "dispute__registered_at",
            "dispute__source", "dispute__parent_id",
        )
    ),
    ids=list, phones=list, names=list, first=str, end=str, since=datetime, own=int, parent=int,
)  # fmt: skip
"""Hashed numbers count everywhere; a name only in the subdistrict."""


def _same(one: Keys, other: Keys) -> bool:
    """Numbers decide where both have one; a name alone is only the last resort."""
    numbers = [{key for kind, key in keys if kind == "id"} for keys in (one, other)]
    if all(numbers):
        return bool(numbers[0] & numbers[1])
    return bool(one & other)


def _police_calls(
    dispute: Dispute, same: list[Earlier], files: list[int], now: datetime
) -> Iterator[datetime]:
    """Transfers from the police, and reports to them, in this matter and the same people's earlier ones."""
    yield from (one.at for one in same if one.source == Source.POLICE)
    if dispute.source == Source.POLICE:
        yield dispute.registered_at
    if files:
        yield from (at for (at,) in POLICE_TOLD.tuples(files=files, since=now - YEAR))


POLICE_TOLD = Prepared(
    lambda files, since: Escalation.objects.filter(
        dispute__among=files,
        receiver=Escalation.Receiver.POLICE.value,
        reported_at__gt=since,
    ).values_list("reported_at"),
    files=list,
    since=datetime,
)


def _failures(files: list[int]) -> int:
    """How often mediation ended without a settlement, or a settlement was not kept."""
    if not files:
        return 0
    return len(FAILED.tuples(files=files))


FAILED = Prepared(
    lambda files: Event.objects.filter(dispute__among=files, command__in=FAILING).values_list("pk"),
    files=list,
)


def _near(dispute: Dispute, same_people: set[int], now: datetime) -> int:
    """Disputes of others at the same place within 90 days."""
    place = place_key(dispute.place)
    if not place or not dispute.area_code:
        return 0
    rows = IN_GRID.tuples(area=dispute.area_code, since=now - QUARTER)
    own = {dispute.pk, dispute.parent_id} - {None}
    return sum(
        place_key(text) == place and pk not in same_people | own and parent not in own
        for pk, text, parent in rows
    )


IN_GRID = Prepared(
    lambda area, since: (
        Dispute.objects.filter(area_code=area, registered_at__gt=since)
        .exclude(status=Status.VOIDED.value)
        .values_list("pk", "place", "parent_id")
    ),
    area=str,
    since=datetime,
)


def place_key(text: str) -> str:
    """A place as equal ones are found: without spaces and signs."""
    return re.sub(r"[\W_]+", "", search_key(text))


def _settlement(dispute: Dispute) -> dict[str, bool]:
    signed = dispute.status == Status.PERFORMING or dispute.result in AGREED
    return {
        "signed_agreement": signed,
        "performed": dispute.status == Status.CLOSE_REVIEW
        and dispute.status_before_review in {Status.PERFORMING, Status.BREACHED},
    }
