"""The watch of the past year: what the detection would have found week by week, and what came of it.

The printed past is judged as every Monday would have judged it, and whoever leads the subdistrict takes the
steps that the page of an alert offers. What was planted turns out true, what chance drew a false alarm.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from heapq import heappop, heappush
from typing import Any

from mediation.accounts.actor import Actor, load_actor
from mediation.accounts.models import Person
from mediation.jobs.seed.bulk.past import WEEKS
from mediation.jobs.seed.repertoire import PAST_TROUBLE, Trouble
from mediation.jobs.seed.tale import SHANGHAI
from mediation.notifications import services as inbox
from mediation.warning.models import Alert, Cluster
from workflows import cluster_watch
from workflows.area_alerts import handle

LEADER, OWNER = "lingdao", "zhongxin"
CALM_WEEKS = 5
"""What lies nearer is the present, and is judged as such."""
TERM = timedelta(days=14)
IN_TIME = timedelta(minutes=9)
CHANCE = "经实地核查，各起纠纷当事人、起因均不相干，无共同诱因，系偶然集中。"
CHECK = "安排社区和网格逐户核实，查明有无共同诱因。"


@dataclass(frozen=True, order=True, slots=True)
class Turn:
    """A step that the leader will take on an alert."""

    at: datetime
    alert: int
    step: str = field(compare=False)
    data: dict[str, Any] = field(compare=False)


def relive(*, today: date) -> None:
    """Judge the past Monday by Monday; answer each alert in its days. Nobody's bell rings for it."""
    monday = today - timedelta(days=today.weekday())
    leader = load_actor(Person.objects.get(username=LEADER), today=today)
    owner = Person.objects.get(username=OWNER).pk
    waiting: list[Turn] = []
    with inbox.withheld():
        for district in cluster_watch.count_all():
            for week in range(WEEKS, CALM_WEEKS, -1):
                day = monday - timedelta(weeks=week)
                _answer(waiting, leader, until=_at(day, 0))
                night = _at(day, cluster_watch.NIGHT_HOUR)
                for change in cluster_watch.judge_week(district, day, night):
                    _plan(change.cluster, waiting, owner)
        _answer(waiting, leader, until=_at(today, 0))


def _plan(cluster: Cluster, waiting: list[Turn], owner: int) -> None:
    """What the leader will do about the alert of a cluster; nothing new where he is at it already."""
    alert = cluster.alert
    if alert is None or alert.status != Alert.State.RAISED:
        return
    if any(turn.alert == alert.pk for turn in waiting):
        return
    raised = alert.raised_at.astimezone(SHANGHAI)
    trouble = _behind(cluster)
    measure = {
        "owner": owner,
        "action": trouble.measure if trouble else CHECK,
        "action_due": (raised + TERM).date().isoformat(),
    }
    verdict = trouble.verdict if trouble else Alert.Verdict.FALSE
    found = {"verdict": verdict, "outcome": trouble.outcome if trouble else CHANCE}
    morning = raised.replace(hour=8, minute=5 + alert.pk * 7 % 50)
    # Red and orange ring at night; they are seen in time.
    seen = min(filter(None, (morning, alert.acknowledge_by and alert.acknowledge_by - IN_TIME)))
    closed = morning + timedelta(days=13 if trouble else 4, hours=7)
    for at, step, data in (
        (seen, "acknowledge", {}),
        (morning + timedelta(hours=1), "act", measure),
        (closed, "resolve", found),
    ):
        heappush(waiting, Turn(at, alert.pk, step, data))


def _behind(cluster: Cluster) -> Trouble | None:
    """What was planted there, if most of these cases are its doing."""
    total = cluster.cases.count()
    for trouble in PAST_TROUBLE:
        own = cluster.cases.filter(
            area_code__startswith=trouble.community, category=trouble.kind
        ).count()
        if own * 2 >= total:
            return trouble
    return None


def _answer(waiting: list[Turn], leader: Actor, *, until: datetime) -> None:
    while waiting and waiting[0].at < until:
        turn = heappop(waiting)
        handle(turn.alert, turn.step, turn.data, leader, now=turn.at)


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), SHANGHAI)
