"""What must hold for the house as a whole: inboxes, owners, triggers, file numbers."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection
from django.db.models import Count, Max, Min
from viewflow.workflow.models import Task

from mediation.accounts.models import Duty, Role
from mediation.areas.models import ancestor_codes
from mediation.core.clock import local_day
from mediation.deadlines.labels import BY_HAND
from mediation.deadlines.models import Deadline
from mediation.deadlines.table import PERIODS
from mediation.disputes import triggers
from mediation.disputes.enums import Status
from mediation.disputes.models import Dispute
from mediation.notifications.models import InboxCursor, Notice
from mediation.reports import summary, summary_triggers, waits_sql
from mediation.search import index
from workflows import alerting, checks
from workflows.models import WorkItem

Found = tuple[int, list[str]]
FIELD_ROLES = frozenset({Role.GRID_WORKER, Role.MEDIATOR})


def inboxes_are_gapless(_now: datetime) -> Found:
    """Numbers of a person run from 1 without a gap, and the cursor stands at the latest."""
    cursors = dict(InboxCursor.objects.values_list("person_id", "latest"))
    rows = (
        Notice.objects.order_by()
        .values("person_id")
        .annotate(count=Count("pk"), low=Min("seq"), high=Max("seq"))
    )
    found = {row["person_id"]: (row["count"], row["low"], row["high"]) for row in rows}
    problems = []
    for person in sorted(cursors.keys() | found.keys()):
        count, low, high = found.get(person, (0, 1, 0))
        if (low, high) != (1, count):
            problems.append(f"person {person}: {count} notices numbered {low} to {high}")
        if cursors.get(person, 0) != high:
            problems.append(f"person {person}: cursor {cursors.get(person, 0)}, latest {high}")
    return len(found), problems


def file_numbers_are_unique(_now: datetime) -> Found:
    twice = (
        Dispute.objects.exclude(file_number="")
        .order_by()
        .values("file_number")
        .annotate(count=Count("pk"))
        .filter(count__gt=1)
        .values_list("file_number", "count")
    )
    return Dispute.objects.exclude(file_number="").count(), [f"{n}: {c} cases" for n, c in twice]


@dataclass(frozen=True, slots=True)
class Staffing:
    """Who serves in which role for which area today."""

    serving: frozenset[tuple[str, str]]
    cleared: frozenset[tuple[str, str]]
    people: frozenset[int]

    @classmethod
    def on(cls, day: date) -> "Staffing":
        rows = list(
            Duty.objects.filter(since__lte=day, person__is_active=True)
            .exclude(until__lt=day)
            .values_list("role", "area__code", "cleared", "person_id")
        )
        return cls(
            frozenset((role, code) for role, code, _, _ in rows),
            frozenset((role, code) for role, code, cleared, _ in rows if cleared),
            frozenset(person for *_, person in rows),
        )

    def holds(self, role: str, area_code: str, *, sensitive: bool) -> bool:
        needs_clearance = sensitive and role not in FIELD_ROLES
        known = self.cleared if needs_clearance else self.serving
        return any((role, code) in known for code in ancestor_codes(area_code))


def nothing_is_stuck(now: datetime) -> Found:
    """Every open case has somebody who can move it: its assignee, or the role in its area."""
    staffing = Staffing.on(local_day(now))
    groups = (
        WorkItem.objects.order_by()
        .values_list("role", "area_code", "is_sensitive", "assignee_id")
        .annotate(count=Count("pk"))
    )
    total, problems = 0, []
    for role, code, sensitive, assignee, count in groups:
        total += count
        if assignee is not None and assignee not in staffing.people:
            problems.append(f"{count} at {code}: person {assignee} serves no longer")
        elif assignee is None and not staffing.holds(role, code, sensitive=sensitive):
            problems.append(f"{count} at {code}: nobody serves there as {role}")
    return total, problems


def triggers_are_in_place(_now: datetime) -> Found:
    """The database refuses what the lifecycle table does not draw, in the words of today's table."""
    present = _present()
    problems = [
        f"{name} is missing" if name not in present else f"{name} differs from the table"
        for name, text in _generated().items()
        if _plain(present.get(name, "")) != _plain(text)
    ]
    return len(_generated()), problems


_TRIGGER = re.compile(r"CREATE TRIGGER (\w+) .*? ON (?:\w+\.)?(\w+)", re.DOTALL)
_FUNCTION = re.compile(r"CREATE OR REPLACE FUNCTION (\w+)\(\).*?\$\$(.*)\$\$", re.DOTALL)


def _generated() -> dict[str, str]:
    """Name (on PostgreSQL with its table) → definition; of functions their body."""
    made = (triggers, summary_triggers, waits_sql)
    return dict(_definitions([line for room in made for line in room.statements()]))


def _definitions(statements: list[str]) -> Iterator[tuple[str, str]]:
    for statement in statements:
        if function := _FUNCTION.search(statement):
            yield function[1], function[2]
        elif trigger := _TRIGGER.search(statement):
            yield f"{trigger[1]} on {trigger[2]}", statement


def _present() -> dict[str, str]:
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger'")
            return dict(_definitions([row[0] for row in cursor.fetchall()]))
        cursor.execute(
            "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
        )
        found = dict(_definitions([row[0] for row in cursor.fetchall()]))
        cursor.execute("SELECT proname, prosrc FROM pg_proc WHERE proname LIKE 'fengqiao%%'")
        return found | dict(cursor.fetchall())


def _plain(definition: str) -> str:
    """Without what databases add or drop when they store it: blanks, the schema, a word order."""
    text = " ".join(definition.replace("public.", "").split())
    return text.replace("UPDATE OR DELETE", "DELETE OR UPDATE").replace(";", "")


def summaries_are_exact(_now: datetime) -> Found:
    """What figures are read from is what the cases say, cell by cell at every level."""
    return summary.differences()


def waits_are_exact(_now: datetime) -> Found:
    """Stays in a status and events off the lawful path are what the events say."""
    return waits_sql.differences()


def index_has_no_orphans(_now: datetime) -> Found:
    """Every row of the search index belongs to a case."""
    lost = index.orphans()
    return 1, [f"{len(lost)} rows of the search index belong to no case"] if lost else []


def statuses_lead_on(_now: datetime) -> Found:
    """The proof of start-up once more: every status has an owner and a way out."""
    found = [message.msg for message in checks.no_status_is_a_dead_end(None)]
    return len(Status), found


def deadlines_resolve(now: datetime) -> Found:
    """Every stored clock has a rule that the house knows, runs out in time, and was not given up."""
    rules = list(Deadline.objects.order_by().values_list("rule", flat=True).distinct())
    known = {*PERIODS, *BY_HAND}
    problems = [f"{rule}: no such rule" for rule in rules if rule not in known]
    given_up = Deadline.objects.filter(state=Deadline.State.DEAD).count()
    if given_up:
        problems.append(f"{given_up} deadlines failed too often and were given up")
    late = Deadline.objects.filter(state=Deadline.State.ARMED, due_at__lt=now - LATE).count()
    if late:
        problems.append(f"{late} deadlines ran out more than {LATE} ago and have not fired")
    return len(rules), problems


def nodes_exist(_now: datetime) -> Found:
    """Every open task stands at a node that the flows still have."""
    nodes = (
        Task.objects.filter(finished__isnull=True).order_by().values_list("flow_task", flat=True)
    )
    found = list(nodes.distinct())
    return len(found), ["open tasks at a node that no longer exists"] if None in found else []


LATE = timedelta(hours=1)
Check = Callable[[datetime], Found]
CHECKS: tuple[tuple[str, Check], ...] = (
    ("inbox", inboxes_are_gapless),
    ("file_numbers", file_numbers_are_unique),
    ("stuck", nothing_is_stuck),
    ("triggers", triggers_are_in_place),
    ("statuses", statuses_lead_on),
    ("rules", deadlines_resolve),
    ("nodes", nodes_exist),
    ("summaries", summaries_are_exact),
    ("waits", waits_are_exact),
    ("search_rows", index_has_no_orphans),
    ("alert_tasks", alerting.tasks_fit),
)
