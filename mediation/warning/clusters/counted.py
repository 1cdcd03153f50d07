"""Which cases count: each dispute once, whatever is registered again."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from hashlib import blake2b
from typing import Any

from django.db.models import Max

from mediation.areas.models import LENGTH_OF
from mediation.areas.models import Level as AreaLevel
from mediation.areas.selectors import within
from mediation.core.clock import local_day
from mediation.disputes.enums import Status
from mediation.disputes.models import Dispute, Party
from mediation.warning.detect import counting
from mediation.warning.detect.scan import WINDOWS
from mediation.warning.history import keys_of_parties, place_key
from mediation.warning.models import CountedCase

DISTRICT = LENGTH_OF[AreaLevel.DISTRICT]
# The kinds that are watched apart; the rest is one kind.
WATCHED = ("01", "02", "03", "04", "06", "08", "10", "14", "15")
REST = "99"
KINDS = (*WATCHED, REST)
LONGEST = WINDOWS[-1]
BATCH = 500
ANEW = 1000
"""So many keys below the latest are looked at again: transactions commit out of order."""


def kind_of(category: str) -> str:
    return category if category in WATCHED else REST


def take_in(*, limit: int = BATCH) -> dict[str, list[CountedCase]]:
    """Count the disputes that are not counted yet; returns them by district, oldest first."""
    rows = list(_uncounted()[:limit])
    if not rows:
        return {}
    people = _people([row.pk for row in rows])
    found: dict[str, list[CountedCase]] = {}
    for district, group in _by_district(rows).items():
        cases = [_case(row, people.get(row.pk, [])) for row in group]
        first = min(case.day for case in cases) - timedelta(days=LONGEST)
        known = list(CountedCase.objects.filter(district=district, day__gte=first))
        keep = {record.id for record in counting.counted(map(_record, [*known, *cases]))}
        for case in cases:
            case.counts = case.pk in keep
        found[district] = CountedCase.objects.bulk_create(cases, ignore_conflicts=True)
    return found


def _uncounted() -> Any:
    latest = CountedCase.objects.aggregate(top=Max("pk"))["top"] or 0
    return (
        Dispute.objects.filter(counted__isnull=True, parent__isnull=True, pk__gt=latest - ANEW)
        .exclude(status=Status.VOIDED)
        .only("pk", "registered_at", "area_code", "category", "place")
        .order_by("pk")
    )


def _people(keys: Sequence[int]) -> dict[int, list[Party]]:
    found: defaultdict[int, list[Party]] = defaultdict(list)
    for party in Party.objects.filter(dispute_id__in=keys).only(
        "dispute_id", "id_index", "phone_index", "plain_name"
    ):
        found[party.dispute_id].append(party)
    return found


def _by_district(rows: Iterable[Dispute]) -> dict[str, list[Dispute]]:
    found: defaultdict[str, list[Dispute]] = defaultdict(list)
    for row in rows:
        found[row.area_code[:DISTRICT]].append(row)
    return found


def _case(row: Dispute, parties: list[Party]) -> CountedCase:
    return CountedCase(
        dispute_id=row.pk,
        day=local_day(row.registered_at),
        district=row.area_code[:DISTRICT],
        area_code=row.area_code,
        kind=kind_of(row.category),
        same=sorted(_same(row, parties)),
    )


def _same(row: Dispute, parties: list[Party]) -> Iterator[str]:
    """The set of its people and its address, as short marks that tell nothing by themselves."""
    if place := place_key(row.place):
        yield mark(f"place:{row.area_code}:{place}")
    people = sorted(min(keys) for keys in keys_of_parties(parties) if keys)
    if len(people) > 1:
        yield mark(f"people:{people}")


def mark(text: str) -> str:
    return blake2b(text.encode(), digest_size=8).hexdigest()


def _record(case: CountedCase) -> counting.Record:
    return counting.Record(
        case.pk, case.day.toordinal(), case.area_code, case.kind, frozenset(case.same)
    )


def history(unit: str, kind: str, *, until: date, days: int) -> list[int]:
    """Counted cases of each of the last ``days`` days, the oldest first."""
    since = until - timedelta(days=days - 1)
    rows = CountedCase.objects.filter(
        within(unit), district=unit[:DISTRICT], counts=True, day__gte=since, day__lte=until
    )
    if kind:
        rows = rows.filter(kind=kind)
    found = [0] * days
    for day in rows.values_list("day", flat=True):
        found[(day - since).days] += 1
    return found
