"""Clusters over grid, community, subdistrict and district: counted, judged, merged, and told of.

Runs beside the registrations, never inside them. What is normal is kept per place, so that a new case is
judged with one read of the last 28 days of its district and one of its four places.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import blake2b
from typing import Any

from django.db.models import Max, Q

from mediation.areas.models import LENGTH_OF, Area
from mediation.areas.models import Level as AreaLevel
from mediation.areas.selectors import within
from mediation.core.clock import local_day
from mediation.core.prepared import Prepared
from mediation.disputes.enums import SEVERITY, Colour, Status
from mediation.disputes.models import Dispute, Party
from mediation.warning.beginnings import begun_in, monday_of, ready, tree_of
from mediation.warning.detect import counting, recurrence
from mediation.warning.detect.baseline import GUARD_DAYS, Rate
from mediation.warning.detect.merge import LEAST_SHARED, OPEN_DAYS
from mediation.warning.detect.push import Notice, may_push
from mediation.warning.detect.scan import WINDOWS, Finding, Surroundings, scan
from mediation.warning.detect.streams import ALL, Level, Tree
from mediation.warning.detect.watch import HOUSE, Watch
from mediation.warning.history import keys_of_parties, place_key
from mediation.warning.models import Baseline, Cluster, CountedCase, DistrictWatch
from mediation.warning.settings import Settings

DISTRICT, SUBDISTRICT = LENGTH_OF[AreaLevel.DISTRICT], LENGTH_OF[AreaLevel.SUBDISTRICT]
LEVEL_OF: dict[int, Level] = {6: "county", 9: "sub", 12: "comm", 15: "grid"}
# The kinds that are watched apart; the rest is one kind.
WATCHED = ("01", "02", "03", "04", "06", "08", "10", "14", "15")
REST = "99"
KINDS = (*WATCHED, REST)
LONGEST = WINDOWS[-1]
PAST_YEARS = 3
BATCH = 500
ANEW = 1000
"""So many keys below the latest are looked at again: transactions commit out of order."""


# Counting ----------------------------------------------------------------------------------------


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


# What is normal ----------------------------------------------------------------------------------


def refresh(district: str, today: date) -> DistrictWatch:
    """Write down what is normal in ``district`` as of this Monday, from its counted past alone."""
    monday = monday_of(today)
    tree = tree_of(district)
    since = monday - timedelta(days=365 * PAST_YEARS)
    past = CountedCase.objects.filter(district=district, counts=True, day__gte=since)
    rows = list(past.order_by("day").values_list("day", "area_code", "kind"))
    earliest = rows[0][0] if rows else monday
    begun = begun_in(rows, until=monday - timedelta(days=GUARD_DAYS))
    watch = Watch(
        tree,
        KINDS,
        earliest=earliest.toordinal(),
        begun={sub: first.toordinal() for sub, (first, _cases) in begun.items()},
    )
    for day, grid, kind in rows:
        if grid in tree.comm_of:
            watch.add(day.toordinal(), grid, kind)
    watch.refresh(monday.toordinal())
    watch.measure_scatter(monday.toordinal())
    _store(district, monday, tree, watch)
    state, _made = DistrictWatch.objects.update_or_create(
        district=district,
        defaults={
            "earliest": earliest,
            "monday": monday,
            "begun": {sub: [first.isoformat(), cases] for sub, (first, cases) in begun.items()},
            "scatter": {
                f"{level}:{int(whole)}:{window}": round(value, 4)
                for (level, whole, window), value in watch.factors.items()
            },
        },
    )
    return state


def _store(district: str, monday: date, tree: Tree, watch: Watch) -> None:
    rates: defaultdict[str, dict[str, list[float]]] = defaultdict(dict)
    for stream, rate in watch.rates.items():
        kind = "" if stream.category == ALL else str(stream.category)
        rates[str(stream.unit)][kind] = [rate.per_day, rate.shape]
    Baseline.objects.filter(district=district).delete()
    Baseline.objects.bulk_create(
        [
            Baseline(
                district=district, area_code=unit, monday=monday,
                grids=tree.grids_in(LEVEL_OF[len(unit)], unit), rates=kinds,
            )
            for unit, kinds in rates.items()
        ],
        batch_size=BATCH,
    )  # fmt: skip


# Judging -----------------------------------------------------------------------------------------


@dataclass
class District:
    """The last four weeks of a district in memory, and what is normal in the places that are asked."""

    code: str
    today: date
    state: DistrictWatch
    cases: list[CountedCase]
    ready: set[str]
    baselines: dict[str, Baseline] = field(default_factory=dict)
    around: dict[tuple[str, str], Surroundings] = field(default_factory=dict)

    @classmethod
    def open(cls, code: str, today: date, units: Iterable[str]) -> "District | None":
        """Two statements. None while the district has too little past to judge by."""
        state = DistrictWatch.objects.filter(district=code).first()
        if state is None or state.monday != monday_of(today) or not state.begun:
            state = refresh(code, today)
        able = ready(state, today)
        if not able:
            return None
        since = today - timedelta(days=LONGEST)
        rows = CountedCase.objects.filter(district=code, day__gt=since, day__lte=today)
        wanted = {code, *units, *(unit[:9] for unit in units), *(unit[:12] for unit in units)}
        normal = Baseline.objects.filter(area_code__in=wanted)
        return cls(code, today, state, list(rows), able, {row.area_code: row for row in normal})

    def counts(self, unit: str, kind: str) -> dict[int, int]:
        inside = [
            case.day
            for case in self.cases
            if case.counts
            and case.area_code.startswith(unit)
            and kind in ("", case.kind)
            and case.area_code[:SUBDISTRICT] in self.ready
        ]
        return {w: sum(day > self.today - timedelta(days=w) for day in inside) for w in WINDOWS}

    def rate(self, unit: str, kind: str) -> Rate | None:
        row = self.baselines.get(unit)
        return Rate(*row.rates[kind]) if row is not None and kind in row.rates else None

    def judge(self, unit: str, kind: str) -> Finding | None:
        """None also where the past is too short: an office that begins is not a cluster."""
        if len(unit) >= SUBDISTRICT and unit[:SUBDISTRICT] not in self.ready:
            return None
        level, rate = LEVEL_OF[len(unit)], self.rate(unit, kind)
        if rate is None:
            return None
        return scan(
            self.counts(unit, kind),
            rate=rate,
            exposure={window: float(window) for window in WINDOWS},
            dispersion={window: self._scatter(level, kind, window) for window in WINDOWS},
            around=self._around(unit, kind),
        )

    def _around(self, unit: str, kind: str) -> Surroundings | None:
        """What happens around the place, and around that: the subdistrict and the district."""
        larger = _surroundings(unit)
        rate = self.rate(larger, kind) if larger else None
        if rate is None:
            return None
        if (larger, kind) not in self.around:
            self.around[larger, kind] = Surroundings(
                self.counts(larger, kind), rate.per_day, beyond=self._around(larger, kind)
            )
        return self.around[larger, kind]

    def _scatter(self, level: Level, kind: str, window: int) -> float:
        stored = self.state.scatter.get(f"{level}:{int(kind == '')}:{window}")
        return float(stored) if stored else HOUSE[level, kind == "", window]

    def members(self, unit: str, kind: str, window: int) -> list[CountedCase]:
        """All cases of the window, also those that are not counted: the reader sees the whole list."""
        since = self.today - timedelta(days=window)
        return [
            case
            for case in self.cases
            if case.day > since and case.area_code.startswith(unit) and kind in ("", case.kind)
        ]

    def extent(self, unit: str) -> tuple[int, int]:
        """How many grids, and units of this level, the area has whose people are alarmed."""
        home = unit[:SUBDISTRICT] if len(unit) >= SUBDISTRICT else self.code
        row = self.baselines.get(home)
        grids = row.grids if row else 1
        if len(unit) == 15:
            return grids, grids
        if len(unit) == 12:
            return grids, max(1, _communities(home))
        return grids, 1


def _surroundings(unit: str) -> str:
    """The place whose present trend is taken for normal: the subdistrict, or the district."""
    return {15: unit[:9], 12: unit[:9], 9: unit[:6]}.get(len(unit), "")


def _communities(subdistrict: str) -> int:
    return Area.objects.filter(within(subdistrict, field="code"), level=AreaLevel.COMMUNITY).count()


@dataclass(frozen=True, slots=True)
class Judged:
    """One stream that is rarer than the office wants to overlook."""

    unit: str
    kind: str
    finding: Finding
    weeks: float
    colour: str
    cases: tuple[int, ...]


def streams_of(cases: Iterable[CountedCase]) -> list[tuple[str, str]]:
    """Place and kind of every stream in which these cases count, each once."""
    found: dict[tuple[str, str], None] = {}
    for case in cases:
        for length in sorted(LEVEL_OF, reverse=True):
            found[case.area_code[:length], ""] = None
            found[case.area_code[:length], case.kind] = None
    return list(found)


def judge(
    district: District, streams: Iterable[tuple[str, str]], table: Settings, red: frozenset[int]
) -> list[Judged]:
    """Every stream that reaches a tier, the rarest first."""
    found = []
    for unit, kind in streams:
        finding = district.judge(unit, kind)
        if finding is None or finding.chance > 0.05:
            continue
        cases = tuple(case.pk for case in district.members(unit, kind, finding.window))
        grids, units = district.extent(unit)
        level = LEVEL_OF[len(unit)]
        weeks = recurrence.recurrence_weeks(level, finding.chance, grids=grids, units=units)
        colour = tier(weeks, table, has_red=bool(red & set(cases)))
        if colour:
            found.append(Judged(unit, kind, finding, weeks, colour, cases))
    return sorted(found, key=lambda one: -one.weeks)


def tier(weeks: float, table: Settings, *, has_red: bool) -> str:
    """The colour of an alarm of that rarity. The office says what yellow means; the rest keeps pace."""
    scale = table.false_alarm_weeks / recurrence.TIER_WEEKS["yellow"]
    reached = [c for c, least in recurrence.TIER_WEEKS.items() if weeks >= least * scale]
    if not reached:
        return ""
    names = list(recurrence.TIER_WEEKS)
    return names[min(names.index(reached[-1]) + has_red, len(names) - 1)].upper()


# Clusters ----------------------------------------------------------------------------------------


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


def districts() -> list[str]:
    """Every district in which anything was ever counted."""
    return list(CountedCase.objects.order_by().values_list("district", flat=True).distinct())


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


def normal(unit: str, kind: str) -> float | None:
    """Cases per day that are normal there."""
    row = Baseline.objects.filter(area_code=unit).first()
    return float(row.rates[kind][0]) if row and kind in row.rates else None


def normal_of(units: Sequence[str]) -> dict[str, float]:
    """Cases of every kind in four weeks that are normal in each of these places."""
    rows = Baseline.objects.filter(area_code__in=units).values_list("area_code", "rates")
    return {code: rates[""][0] * LONGEST for code, rates in rows if "" in rates}
