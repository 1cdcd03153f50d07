"""Alarms that share their cases are one cluster, and somebody hears of it when it has grown."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q

from mediation.core.clock import local_day
from mediation.core.prepared import Prepared
from mediation.disputes.enums import SEVERITY, Colour
from mediation.disputes.models import Dispute
from mediation.warning.clusters.counted import kind_of
from mediation.warning.clusters.judging import District, Judged
from mediation.warning.detect.merge import LEAST_SHARED, OPEN_DAYS
from mediation.warning.detect.push import Notice, may_push
from mediation.warning.models import Cluster


@dataclass(frozen=True, slots=True)
class Change:
    """A cluster that is new or has grown, and whether somebody must hear of it now."""

    cluster: Cluster
    push: bool
    why: str


def merge(district: District, alarms: Sequence[Judged], red: frozenset[int]) -> list[Change]:
    """Put each alarm into the open cluster that shares most of its cases, or begin one with it."""
    since = district.today - timedelta(days=OPEN_DAYS)
    open_ones = list(
        Cluster.objects.select_for_update()
        .filter(district=district.code, latest_day__gte=since)
        .order_by("pk")
    )
    members = {one.pk: set(one.cases.values_list("pk", flat=True)) for one in open_ones}
    touched: dict[int, Cluster] = {}
    for alarm in alarms:
        cluster = _kin(alarm, open_ones, members)
        if cluster is None:
            cluster = _begun(district, alarm)
            open_ones.append(cluster)
            members[cluster.pk] = set()
        elif alarm.weeks > cluster.weeks:
            _show(cluster, alarm)
        cluster.latest_day = district.today
        cluster.first_day = min(cluster.first_day, _first_day(district, alarm))
        cluster.save()
        fresh = set(alarm.cases) - members[cluster.pk]
        cluster.cases.add(*fresh)
        members[cluster.pk] |= fresh
        touched[cluster.pk] = cluster
    return [_change(cluster, members[key], district.today, red) for key, cluster in touched.items()]


def _kin(alarm: Judged, clusters: list[Cluster], members: dict[int, set[int]]) -> Cluster | None:
    cases = set(alarm.cases)

    def shared(one: Cluster) -> float:
        own = members[one.pk]
        return len(own & cases) / max(1, min(len(own), len(cases)))

    best = max(clusters, key=shared, default=None)
    return best if best is not None and shared(best) >= LEAST_SHARED else None


def _begun(district: District, alarm: Judged) -> Cluster:
    cluster = Cluster(
        district=district.code, first_day=_first_day(district, alarm), latest_day=district.today
    )
    _show(cluster, alarm)
    cluster.save()
    return cluster


def _show(cluster: Cluster, alarm: Judged) -> None:
    finding = alarm.finding
    cluster.area_code, cluster.kind = alarm.unit, alarm.kind
    cluster.window, cluster.observed = finding.window, finding.count
    cluster.expected, cluster.factor = finding.mean, finding.factor
    cluster.chance, cluster.weeks = finding.chance, alarm.weeks
    if SEVERITY[alarm.colour] >= (cluster.severity or 0):
        cluster.colour, cluster.severity = alarm.colour, SEVERITY[alarm.colour]


def _first_day(district: District, alarm: Judged) -> date:
    wanted = set(alarm.cases)
    return min(case.day for case in district.cases if case.pk in wanted)


def _change(cluster: Cluster, members: set[int], today: date, red: frozenset[int]) -> Change:
    now = Notice(
        cluster.colour.lower(),  # type: ignore[arg-type]  # one of the four
        len(members),
        today.toordinal(),
        len(members & red),
    )
    before = Notice(**cluster.told) if cluster.told else None
    push, why = may_push(now, pushed=before)
    if push:
        cluster.told = {
            "tier": now.tier, "cases": now.cases, "day": now.day, "red_disputes": now.red_disputes,
        }  # fmt: skip
        cluster.save(update_fields=["told"])
    return Change(cluster, push, why)


def reds(keys: Iterable[int]) -> frozenset[int]:
    rows = Dispute.objects.filter(pk__in=list(keys), colour=Colour.RED)
    return frozenset(rows.values_list("pk", flat=True))


def tier_of(dispute: Dispute, now: datetime) -> str | None:
    """The worst open cluster whose own stream the dispute lies in, as the risk rules name it.

    What a wider alarm brought to its list, of another kind or community, is no graver for it.
    """
    if not dispute.pk:
        return None
    since = local_day(now) - timedelta(days=OPEN_DAYS)
    own = ("", kind_of(dispute.category))
    found = AROUND.tuples(dispute=dispute.pk, since=since)
    levels = (n for n, unit, kind in found if kind in own and dispute.area_code.startswith(unit))
    worst = max(levels, default=None)
    names = {level: colour for colour, level in SEVERITY.items() if colour}
    return names[worst].lower() if worst else None


AROUND = Prepared(
    lambda dispute, since: (
        Cluster.objects.filter(
            Q(alert__isnull=True) | ~Q(alert__status="resolved"),
            cases=dispute,
            latest_day__gte=since,
        )
        .order_by()
        .values_list("severity", "area_code", "kind")
    ),
    dispute=int,
    since=date,
)
