"""Signs that need no statistics: many on one day, one cause for many, a settled matter that flares up
again; and one that does: a grid that is silent for longer than chance allows."""

from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from datetime import date, datetime, timedelta

from django.db.models import Max

from mediation.areas.models import Area
from mediation.areas.models import Level as AreaLevel
from mediation.areas.selectors import community_code, subdistrict_code, within
from mediation.disputes.enums import Category, Colour, Side, Status
from mediation.disputes.models import Dispute, Party
from mediation.screening.services import zero_since
from mediation.warning import history
from mediation.warning import services as warning
from mediation.warning.alerts import Matter
from mediation.warning.clusters import counted
from mediation.warning.detect.counting import SAME_DAY_GROUP
from mediation.warning.models import Alert, Baseline, CountedCase

# Kinds in which many people quarrel with one: unpaid wages, property management.
SHARED_CAUSE = (Category.LABOUR, Category.PROPERTY)
GROUP_DAYS, GROUP_LEAST, GROUP_PEOPLE = 60, 3, 10
FLARES_UP_WITHIN = timedelta(days=180)
ENDED = (Status.CLOSED, Status.ARCHIVED)
SILENT_LEAST_DAYS = 28
SILENCE_BY_CHANCE = 0.01
"""Shared among the grids of a subdistrict: how often one of them would be silent so long by chance."""


def look(cases: Sequence[CountedCase], now: datetime) -> Iterator[Matter]:
    """The signs that new cases of one day give."""
    for case in _firsts(cases):
        yield from _same_day(case)
    keys = [case.pk for case in cases]
    for dispute in Dispute.objects.filter(pk__in=keys).prefetch_related("parties"):
        yield from _shared_cause(dispute, now)
        yield from _flared_up(dispute, now)


def _firsts(cases: Iterable[CountedCase]) -> Iterator[CountedCase]:
    seen = set()
    for case in cases:
        if (case.area_code, case.kind) not in seen:
            seen.add((case.area_code, case.kind))
            yield case


def _same_day(case: CountedCase) -> Iterator[Matter]:
    """Three or more of one kind in one grid on one day, counted or not; perhaps one person's typing."""
    rows = CountedCase.objects.filter(
        district=case.district, day=case.day, area_code=case.area_code, kind=case.kind
    )
    recorders = list(rows.values_list("dispute__registered_by", flat=True))
    if len(recorders) < SAME_DAY_GROUP:
        return
    batch = len(set(recorders)) == 1 and recorders[0] is not None
    count, day = len(recorders), case.day
    zh = f"同一网格{day.month}月{day.day}日同类纠纷{count}起。"
    en = f"{count} disputes of one kind in one grid on {day.isoformat()}."
    if batch:
        zh += "均由一人录入，疑似集中录入，请核实。"
        en += " All were entered by one person: perhaps a backlog; please check."
    key = f"day:{case.area_code}:{case.kind}:{day.isoformat()}"
    words = {"zh-hans": zh, "en": en}
    yield Matter(Alert.Kind.SAME_DAY, case.area_code, Colour.YELLOW, words, key)


def _shared_cause(dispute: Dispute, now: datetime) -> Iterator[Matter]:
    """Several disputes of wages or property management against the same one within sixty days."""
    if dispute.category not in SHARED_CAUSE:
        return
    home = subdistrict_code(dispute.area_code)
    for party in dispute.parties.all():
        if party.side != Side.RESPONDENT or not (party.id_index or party.plain_name):
            continue
        same = {"id_index": party.id_index} if party.id_index else {"plain_name": party.plain_name}
        rows = Party.objects.filter(
            within(home, field="dispute__area_code"),
            side=Side.RESPONDENT,
            dispute__category=dispute.category,
            dispute__registered_at__gt=now - timedelta(days=GROUP_DAYS),
            **same,
        ).exclude(dispute__status=Status.VOIDED)
        sizes = dict(rows.values_list("dispute_id", "dispute__people_count"))
        if len(sizes) >= GROUP_LEAST:
            people = sum(sizes.values())
            colour = Colour.ORANGE if people >= GROUP_PEOPLE else Colour.YELLOW
            what_zh = "欠薪" if dispute.category == Category.LABOUR else "物业"
            what_en = "wage" if dispute.category == Category.LABOUR else "property"
            words = {
                "zh-hans": f"60天内针对同一对象的{what_zh}纠纷{len(sizes)}起，"
                f"涉及约{people}人，有群体化苗头。",
                "en": f"{len(sizes)} {what_en} disputes against the same side within 60 days, about "
                f"{people} people: a group may be forming.",
            }
            mark = party.id_index[:16] or counted.mark(party.plain_name)
            yield Matter(Alert.Kind.GROUP, home, colour, words, f"group:{home}:{mark}")


def _flared_up(dispute: Dispute, now: datetime) -> Iterator[Matter]:
    """The same people again within half a year after their matter was closed."""
    people = history.keys_of_parties(dispute.parties.all())
    closed = [
        one.pk for one in history.earlier(dispute, people, now) if one.shared >= history.SAME_PAIR
    ]
    last = (
        Dispute.objects.filter(
            pk__in=closed, status__in=ENDED, closed_at__gt=now - FLARES_UP_WITHIN
        )
        .order_by("-closed_at")
        .first()
    )
    if last is None or last.closed_at is None:
        return
    days = (now - last.closed_at).days
    words = {
        "zh-hans": f"{last.number}结案{days}天后，同一当事人再次发生纠纷"
        f"（{dispute.number}），请核查是否反弹。",
        "en": f"The same people have a dispute again ({dispute.number}) {days} days after "
        f"{last.number} was closed: it may have flared up.",
    }
    place = community_code(dispute.area_code)
    yield Matter(Alert.Kind.REIGNITION, place, Colour.YELLOW, words, f"again:{dispute.pk}")


# Silence -----------------------------------------------------------------------------------------


def silent_grids(district: str, today: date) -> Iterator[Matter]:
    """Grids that have reported nothing for longer than their own past makes believable."""
    rows = CountedCase.objects.filter(district=district).order_by().values("area_code")
    latest = dict(rows.annotate(last=Max("day")).values_list("area_code", "last"))
    normal = Baseline.objects.filter(district=district, area_code__in=list(latest))
    sizes = _grids_by_subdistrict(district)
    zeros = zero_since(district, latest)
    for row in normal:
        days = (today - latest[row.area_code]).days
        rate, shape = row.rates[""]
        if days < SILENT_LEAST_DAYS or not rate:
            continue
        mean = rate * days
        chance = (shape / (shape + mean)) ** shape
        if chance * sizes.get(row.area_code[:9], 1) > SILENCE_BY_CHANCE:
            continue
        said_zh, said_en = _zeros_in_words(zeros.get(row.area_code, 0))
        words = {
            "zh-hans": f"该网格已连续{days}天零登记，按以往水平同期约应{mean:.0f}起，"
            f"{said_zh}请核实是否漏报。",
            "en": f"This grid has registered nothing for {days} days, where its past suggests about "
            f"{mean:.0f}; {said_en} Please check whether something is kept back.",
        }
        key = f"silent:{row.area_code}:{latest[row.area_code].isoformat()}"
        yield Matter(Alert.Kind.SILENCE, row.area_code, Colour.YELLOW, words, key)


def _zeros_in_words(count: int) -> tuple[str, str]:
    """What the grid worker said meanwhile: somebody who reports zero may be asked for what he saw."""
    if count:
        times = "once" if count == 1 else f"{count} times"
        return f"其间作零报告{count}次，", f"its worker reported {times} that nothing happened."
    return "其间也无零报告，", "its worker has not reported that nothing happened."


def _grids_by_subdistrict(district: str) -> dict[str, int]:
    sizes: dict[str, int] = {}
    rows = Area.objects.filter(within(district, field="code"), level=AreaLevel.GRID, is_active=True)
    for code in rows.values_list("code", flat=True):
        sizes[code[:9]] = sizes.get(code[:9], 0) + 1
    return sizes


# The level of one case -----------------------------------------------------------------------------


def has_moved(dispute: Dispute, now: datetime) -> bool:
    """Whether the rules would say something else today. Nothing is written."""
    trial = copy(dispute)
    trial.risk = dict(dispute.risk)
    return warning.would_move(trial, list(dispute.parties.all()), now=now)
