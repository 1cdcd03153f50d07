"""The ticker's part in the detection of clusters: count, judge, merge, and raise the alerts.

Nothing here runs inside a registration. Each district is one transaction under the lock of its row; what
is missed is found by the nightly pass, which judges every stream of the last four weeks again.
"""

import logging
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils.timezone import localtime

from mediation.accounts.actor import SYSTEM
from mediation.areas.models import Area
from mediation.core.clock import local_day
from mediation.core.db import write
from mediation.core.errors import Busy, Refusal
from mediation.disputes.enums import Colour
from mediation.disputes.models import Dispute
from mediation.warning import office, signs
from mediation.warning.alerts import Matter
from mediation.warning.clusters import counted, judging, merging, normal
from mediation.warning.clusters.judging import District
from mediation.warning.clusters.merging import Change
from mediation.warning.detect.sentence import sentence_en, sentence_zh
from mediation.warning.models import Alert, Cluster, CountedCase, DistrictWatch
from workflows.engine import Command, execute
from workflows.raising import raise_areas

log = logging.getLogger(__name__)
NIGHT_HOUR = 2
JUDGED_DAYS = 7
"""What is entered later than this is counted; nobody is alarmed by what an import tells of last year."""


def watch(now: datetime) -> int:
    """Count what was registered since the last tick and judge the streams it touched."""
    try:
        with write():
            fresh = counted.take_in()
    except Busy:
        return 0
    since = local_day(now) - timedelta(days=JUDGED_DAYS)
    for district, cases in fresh.items():
        _judge_district(district, [case for case in cases if case.day > since], now)
    return sum(map(len, fresh.values()))


def begin(now: datetime) -> None:
    """Count all that is there without a word about days gone by, then judge as a night does."""
    with write():
        for district in count_all():
            normal.refresh(district, local_day(now))
    night(now)


def count_all() -> list[str]:
    """Count what is not counted yet, however much; returns its districts. Nobody is told of anything."""
    found: set[str] = set()
    with write():
        while fresh := counted.take_in():
            found |= fresh.keys()
    return sorted(found)


def judge_week(district: str, day: date, now: datetime) -> list[Change]:
    """Every stream that a case of the week before ``day`` touched."""
    since = day - timedelta(days=JUDGED_DAYS)
    cases = CountedCase.objects.filter(district=district, day__gt=since, day__lte=day)
    with write():
        return _judge_day(district, day, list(cases), now)


def _judge_district(district: str, cases: Sequence[CountedCase], now: datetime) -> None:
    """Days in order: a late tick must not mix two days."""
    moved: list[Change] = []
    try:
        for day in sorted({case.day for case in cases}):
            today = [case for case in cases if case.day == day]
            with write():
                moved += _judge_day(district, day, today, now)
                raise_areas(signs.look(today, now), now)
    except Busy:
        log.warning("District %s is judged again in the night.", district)
    _tell_cases(moved, now)


def _judge_day(
    district: str, day: date, cases: Iterable[CountedCase], now: datetime
) -> list[Change]:
    streams = judging.streams_of(cases)
    DistrictWatch.objects.select_for_update().filter(district=district).first()
    room = District.open(district, day, [unit for unit, _kind in streams])
    if room is None:
        return []
    red = merging.reds(case.pk for case in room.cases)
    table = office.settings_of(district)
    alarms = judging.judge(room, streams, table, red)
    changes = merging.merge(room, alarms, red)
    _alert(changes, now)
    return changes


def _alert(changes: Iterable[Change], now: datetime) -> None:
    """Raise the alerts of clusters, or bring them up. Blue waits for the end of the quiet hours."""
    due = [change.cluster for change in changes if change.push or change.cluster.alert is None]
    for cluster, alert in zip(due, raise_areas(map(_matter, due), now), strict=True):
        cluster.alert = alert
        cluster.save(update_fields=["alert"])


def _matter(cluster: Cluster) -> Matter:
    return Matter(
        Alert.Kind.CLUSTER,
        cluster.area_code,
        cluster.colour,
        in_words(cluster),
        f"cluster:{cluster.pk}",
    )


def in_words(cluster: Cluster) -> dict[str, str]:
    """The cluster as a sentence that a leader can repeat, in both languages."""
    place = place_of(cluster.area_code)
    said = {}
    for language, sentence, kinds in (
        ("zh-hans", sentence_zh, KINDS_ZH),
        ("en", sentence_en, KINDS_EN),
    ):
        said[language] = sentence(
            place,
            kinds.get(cluster.kind, ""),
            window=cluster.window,
            count=cluster.observed,
            mean=cluster.expected,
            weeks=cluster.weeks,
        )
    return said


KINDS_ZH = {
    "01": "婚姻家庭", "02": "邻里", "03": "房屋宅基地", "04": "合同", "06": "损害赔偿", "08": "征地拆迁",
    "10": "劳动报酬", "14": "交通事故", "15": "物业", "99": "其他",
}  # fmt: skip
KINDS_EN = {
    "01": "family", "02": "neighbour", "03": "housing", "04": "contract", "06": "damages",
    "08": "demolition", "10": "wage", "14": "traffic", "15": "property", "99": "other",
}  # fmt: skip


def place_of(code: str) -> str:
    """“红旗社区第3网格”: a grid with its community, else the place alone."""
    names = dict(Area.objects.filter(code__in=[code, code[:12]]).values_list("code", "name"))
    own = names.get(code, code)
    return f"{names.get(code[:12], '')}{own}" if len(code) == 15 else own


def _tell_cases(changes: Iterable[Change], now: datetime) -> None:
    """The level of a case counts the cluster it lies in."""
    keys = {
        pk
        for change in changes
        if change.cluster.colour != Colour.BLUE
        for pk in change.cluster.cases.values_list("pk", flat=True)
    }
    for pk in sorted(keys):
        recompute(pk, now)


def recompute(pk: int, now: datetime) -> bool:
    """Compute the level of one open case anew; a step only when something moved."""
    dispute = Dispute.objects.filter(pk=pk).first()
    if dispute is None or not dispute.is_open or not dispute.risk:
        return False
    if not signs.has_moved(dispute, now):
        return False
    try:
        execute(Command("recompute_risk", dispute=pk, door="timer"), SYSTEM, now=now)
    except Refusal:
        return False  # closed in the meantime, or busy: the night comes again
    return True


# The night ---------------------------------------------------------------------------------------


def night(now: datetime) -> int:
    """Once a day and district: every stream of the last four weeks, silent grids, and old answers."""
    today = local_day(now)
    if localtime(now).hour < NIGHT_HOUR:
        return 0
    due = DistrictWatch.objects.filter(Q(night__isnull=True) | Q(night__lt=today))
    return sum(_one_night(row.district, today, now) for row in due.order_by("district")[:5])


def _one_night(district: str, today: date, now: datetime) -> bool:
    try:
        with write():
            row = (
                DistrictWatch.objects.select_for_update()
                .filter(Q(night__isnull=True) | Q(night__lt=today), district=district)
                .first()
            )
            if row is None:
                return False
            changes = judge_week(district, today, now)
            raise_areas(signs.silent_grids(district, today), now)
            DistrictWatch.objects.filter(district=district).update(night=today)
    except Busy:
        return False
    _tell_cases(changes, now)
    _age(district, now)
    return True


def _age(district: str, now: datetime) -> None:
    """Open cases whose level time alone may have moved."""
    rows = Dispute.objects.filter(
        area_code__startswith=district, severity__gte=1, closed_at__isnull=True
    ).values_list("pk", flat=True)
    for pk in rows.order_by("pk").iterator(chunk_size=500):
        recompute(pk, now)
