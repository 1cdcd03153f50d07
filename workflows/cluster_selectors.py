"""What the pages show of clusters and of how well the warnings kept their word."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet

from mediation.accounts.actor import Actor
from mediation.accounts.models import Role
from mediation.areas.models import Area, Level, ancestor_codes
from mediation.areas.selectors import within
from mediation.core.clock import local_day
from mediation.disputes import policy
from mediation.disputes.models import Dispute
from mediation.warning import beginnings
from mediation.warning.calibration import band_rate
from mediation.warning.clusters import counted, normal
from mediation.warning.detect.merge import OPEN_DAYS
from mediation.warning.models import Alert, Cluster, CountedCase, DistrictWatch

READERS = (Role.LEADER, Role.CENTRE_STAFF, Role.JUSTICE_STAFF)
STRIP_DAYS, STRIP_SPAN = 90, 7
CASES_SHOWN = 100


def scope_of(actor: Actor, *, field: str = "area_code") -> Q:
    """Areas that the actor answers for, and the larger ones that his own lies in."""
    scope = Q(pk__in=[])
    for grant in actor.grants:
        if grant.role in READERS:
            scope |= within(grant.area_code, field=field)
            scope |= Q(**{f"{field}__in": ancestor_codes(grant.area_code)})
    return scope


def visible(actor: Actor) -> QuerySet[Cluster]:
    return Cluster.objects.filter(scope_of(actor)).select_related("alert")


def unjudged(actor: Actor, *, now: datetime) -> QuerySet[Cluster]:
    """Clusters with an alarm in the last four weeks that nobody has judged yet."""
    since = local_day(now) - timedelta(days=OPEN_DAYS)
    unresolved = Q(alert__isnull=True) | ~Q(alert__status=Alert.State.RESOLVED)
    return visible(actor).filter(unresolved, latest_day__gte=since)


def open_clusters(actor: Actor, *, now: datetime) -> list[dict[str, Any]]:
    """The unjudged clusters, worst first, as far as a page shows them."""
    rows = unjudged(actor, now=now).annotate(size=Count("cases"))
    found = list(rows.order_by("-severity", "-weeks")[:CASES_SHOWN])
    names = names_of([one.area_code for one in found])
    return [{"cluster": one, "size": one.size, "place": names[one.area_code]} for one in found]


def too_young(actor: Actor, *, now: datetime) -> list[str]:
    """Names of the actor's subdistricts whose past is too short to judge by. Two statements."""
    today = local_day(now)
    able = {sub for state in DistrictWatch.objects.all() for sub in beginnings.ready(state, today)}
    areas = Area.objects.filter(
        scope_of(actor, field="code"), level=Level.SUBDISTRICT, is_active=True
    )
    rows = areas.order_by("code").values_list("code", "name")
    return [name for code, name in rows if code not in able]


def names_of(codes: Sequence[str]) -> dict[str, str]:
    """A grid with its community, any other place alone: one statement."""
    wanted = {code for full in codes for code in (full, full[:12])}
    names = dict(Area.objects.filter(code__in=wanted).values_list("code", "name"))
    return {
        code: f"{names.get(code[:12], '')}{names.get(code, code)}"
        if len(code) == 15
        else names.get(code, code)
        for code in codes
    }


@dataclass(frozen=True, slots=True)
class Tile:
    """One community of the actor: how many cases lately, and its worst open cluster."""

    code: str
    name: str
    cases: int
    expected: float | None
    colour: str


def tiles(actor: Actor, *, now: datetime) -> list[Tile]:
    """Communities side by side, so that a glance finds the loud one."""
    today = local_day(now)
    areas = Area.objects.filter(
        scope_of(actor, field="code"), level=Level.COMMUNITY, is_active=True
    )
    names = dict(areas.order_by("code").values_list("code", "name")[:200])
    since = today - timedelta(days=OPEN_DAYS)
    counted = Counter(
        code[:12]
        for code in CountedCase.objects.filter(
            scope_of(actor), day__gt=since, day__lte=today
        ).values_list("area_code", flat=True)
    )
    worst: dict[str, str] = {}
    for one in reversed(open_clusters(actor, now=now)):
        cluster = one["cluster"]
        if len(cluster.area_code) >= 12:
            worst[cluster.area_code[:12]] = cluster.colour
    usual = normal.in_four_weeks(list(names))
    return [
        Tile(code, name, counted[code], usual.get(code), worst.get(code, ""))
        for code, name in names.items()
    ]


@dataclass(frozen=True, slots=True)
class Strip:
    """Ninety days: for each the cases of the seven days that end with it, against what is normal."""

    days: list[date]
    counts: list[int]
    expected: float | None


def strip(cluster: Cluster, *, now: datetime) -> Strip:
    today = local_day(now)
    daily = counted.history(
        cluster.area_code, cluster.kind, until=today, days=STRIP_DAYS + STRIP_SPAN - 1
    )
    usual = normal.per_day(cluster.area_code, cluster.kind)
    return Strip(
        [today - timedelta(days=STRIP_DAYS - 1 - n) for n in range(STRIP_DAYS)],
        [sum(daily[n : n + STRIP_SPAN]) for n in range(STRIP_DAYS)],
        usual * STRIP_SPAN if usual is not None else None,
    )


def cases_of(cluster: Cluster, actor: Actor, *, now: datetime) -> tuple[list[Dispute], int]:
    """The cases that the actor may see, and how many there are in all."""
    seen = policy.visible_to(actor, now=now).filter(clusters=cluster).order_by("-registered_at")
    return list(seen.select_related("grid")[:CASES_SHOWN]), cluster.cases.count()


# How well the warnings kept their word ---------------------------------------------------------------

LEAST_ALERTS, LEAST_CASES, LEAST_EVENTS = 20, 30, 30
RED_SHARE = 0.04
"""More red than that for eight weeks: the table is to be revised, not the people."""
COLOURS = ("RED", "ORANGE", "YELLOW", "BLUE")
HARM = {"report_escalation"}
"""What counts as an escalation: a report to police or another organ, or an alert that proved true."""


def verdicts(actor: Actor, *, since: datetime) -> list[dict[str, Any]]:
    """By kind and colour of alert: how many were judged, and what they turned out to be."""
    rows = (
        Alert.objects.filter(
            scope_of(actor), status=Alert.State.RESOLVED, raised_at__gte=since,
            folded_into__isnull=True,
        )
        .values("kind", "colour", "severity")
        .annotate(
            judged=Count("pk"),
            true=Count("pk", filter=Q(verdict=Alert.Verdict.TRUE)),
            prevented=Count("pk", filter=Q(verdict=Alert.Verdict.PREVENTED)),
            false=Count("pk", filter=Q(verdict=Alert.Verdict.FALSE)),
        )
        .order_by("kind", "-severity")
    )  # fmt: skip
    return [
        row
        | {
            "enough": row["judged"] >= LEAST_ALERTS,
            "precision": (row["true"] + row["prevented"]) / row["judged"],
        }
        for row in rows
    ]


def rated(actor: Actor, *, since: datetime, until: datetime) -> list[tuple[Any, ...]]:
    """Points, colour and rules of every case of the period, and whether it escalated."""
    rows = (
        Dispute.objects.filter(scope_of(actor), registered_at__gte=since, registered_at__lt=until)
        .annotate(
            reports=Count(
                "escalations", filter=Q(escalations__reported_at__isnull=False), distinct=True
            ),
            proved=Count(
                "alerts",
                filter=Q(alerts__verdict__in=[Alert.Verdict.TRUE, Alert.Verdict.PREVENTED]),
                distinct=True,
            ),
        )
        .values_list("risk", "reports", "proved", "registered_at")
    )
    return [
        (risk, bool(reports or proved), at)
        for risk, reports, proved, at in rows.iterator(chunk_size=1000)
        if risk
    ]


def reliability(cases: Sequence[tuple[Any, ...]]) -> list[dict[str, Any]]:
    """Bands of points: how many cases, and what part of them escalated, smoothed and with its doubt."""
    bands: dict[int, list[bool]] = {}
    for risk, harmed, _at in cases:
        bands.setdefault(min(int(risk.get("points") or 0) // 10 * 10, 60), []).append(harmed)
    return [
        {
            "from": low,
            "cases": len(harmed),
            "events": sum(harmed),
            "rate": band_rate(events=sum(harmed), cases=len(harmed)),
            "enough": len(harmed) >= LEAST_CASES,
        }
        for low, harmed in sorted(bands.items())
    ]


def by_rule(cases: Sequence[tuple[Any, ...]]) -> list[dict[str, Any]]:
    """Each rule that spoke: in how many cases, and how many of them escalated."""
    spoke: Counter[str] = Counter()
    harmed: Counter[str] = Counter()
    for risk, harm, _at in cases:
        rules = {one["rule"] for one in risk.get("reasons") or []}
        spoke.update(rules)
        harmed.update(rules if harm else ())
    return [
        {
            "rule": rule,
            "cases": count,
            "events": harmed[rule],
            "precision": harmed[rule] / count,
            "enough": count >= LEAST_CASES,
        }
        for rule, count in spoke.most_common()
    ]


def drift(cases: Sequence[tuple[Any, ...]], *, now: datetime) -> dict[str, Any]:
    """The share of red and orange in the last eight weeks beside that of the year before."""
    border = now - timedelta(weeks=8)
    shares = {}
    for name, wanted in (("recent", True), ("before", False)):
        part = [risk for risk, _harm, at in cases if (at >= border) == wanted]
        grave = sum(risk.get("colour") in {"RED", "ORANGE"} for risk in part)
        red = sum(risk.get("colour") == "RED" for risk in part)
        shares[name] = {"cases": len(part), "grave": grave, "red": red}
    recent, before = shares["recent"], shares["before"]
    enough = recent["cases"] >= LEAST_CASES and before["cases"] >= LEAST_CASES
    warns = False
    if enough:
        rates = [part["grave"] / part["cases"] for part in (recent, before)]
        pooled = (recent["grave"] + before["grave"]) / (recent["cases"] + before["cases"])
        spread = (pooled * (1 - pooled) * (1 / recent["cases"] + 1 / before["cases"])) ** 0.5
        warns = bool(spread) and abs(rates[0] - rates[1]) > 3 * spread
    return {**shares, "enough": enough, "warns": warns, "too_red": is_too_red(**recent)}


def is_too_red(*, cases: int, red: int, **_other: int) -> bool:
    """Whether more are red than a share of four percent explains: two of thirty are chance, not drift."""
    usual = cases * RED_SHARE
    return cases >= LEAST_CASES and red > usual + 3 * (usual * (1 - RED_SHARE)) ** 0.5


def false_alarms(actor: Actor, *, now: datetime, promised: int) -> dict[str, Any]:
    """Judged cluster alerts of yellow and above: false ones a week and subdistrict, and the promise."""
    since = now - timedelta(days=364)
    rows = Alert.objects.filter(
        scope_of(actor), kind=Alert.Kind.CLUSTER, severity__gte=2, raised_at__gte=since
    )
    judged = rows.filter(status=Alert.State.RESOLVED).count()
    false = rows.filter(verdict=Alert.Verdict.FALSE).count()
    subdistricts = max(
        1,
        Area.objects.filter(scope_of(actor, field="code"), level=Level.SUBDISTRICT).count(),
    )
    first = beginnings.earliest_day()
    weeks = min(52.0, (local_day(now) - first).days / 7) if first else 0.0
    expected = subdistricts * weeks / promised
    return {
        "judged": judged,
        "false": false,
        "open": rows.exclude(status=Alert.State.RESOLVED).count(),
        "promised_weeks": promised,
        "weeks": round(weeks),
        "expected": round(expected, 1),
        "realised_weeks": round(subdistricts * weeks / false, 1) if false else None,
        "enough": expected >= 3,
        "too_many": false > expected + 3 * expected**0.5 + 1,
    }


def effect_of(cases: Sequence[tuple[Any, ...]], weigh: Any) -> Mapping[str, Any]:
    """What another table would have made of the cases of the last year: colours before and after."""
    moved: Counter[tuple[str, str]] = Counter()
    caught: Counter[str] = Counter()
    for risk, harmed, _at in cases:
        before, after = risk["colour"], weigh(risk)
        moved[before, after] += 1
        if harmed and after in {"RED", "ORANGE"}:
            caught["after"] += 1
        if harmed and before in {"RED", "ORANGE"}:
            caught["before"] += 1
    before = Counter({c: sum(n for (b, _a), n in moved.items() if b == c) for c in COLOURS})
    after = Counter({c: sum(n for (_b, a), n in moved.items() if a == c) for c in COLOURS})
    return {
        "rows": [(colour, before[colour], after[colour]) for colour in COLOURS],
        "moved": sum(n for (b, a), n in moved.items() if b != a),
        "cases": len(cases),
        "harmed": sum(harm for _risk, harm, _at in cases),
        "caught_before": caught["before"],
        "caught_after": caught["after"],
    }
