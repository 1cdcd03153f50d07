"""The life of an alert: its task in viewflow, who is told, how silence climbs, what is reminded of.

An alert changes only here. Row, task, log and notices are one transaction; the ticker claims each turn
under the lock of the row, so that it happens once however many tickers run.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from mediation.accounts.actor import Actor
from mediation.accounts.models import Role
from mediation.areas.selectors import within
from mediation.core import errors, rows
from mediation.core.clock import local_day
from mediation.disputes import policy
from mediation.disputes.models import Dispute
from mediation.notifications import services as inbox
from mediation.notifications import wake
from mediation.notifications.recipients import recipients
from mediation.warning import addressees, alerts, office
from mediation.warning.models import Alert, AlertStep, Charge, Escalation
from mediation.warning.settings import Settings
from workflows import flow_engine, turns
from workflows.flows import AlertFlow
from workflows.lock import lock_free
from workflows.models import CaseProcess, Lane, Task
from workflows.nodes import Trail

log = logging.getLogger(__name__)
BATCH = 200
TOGETHER, BATCHES = 100, 20
"""So many alerts share a transaction, and so many transactions a tick: a registration waits for one."""
CLIMBED, REMINDED, RAISED = "alert_climbed", "alert_reminder", "alert_raised"
REPORT_OWED, CHARGE_NOTE = "report_owed", "charge_reminder"
AGAIN = timedelta(hours=4)
A_DAY = timedelta(days=1)
Posts = Sequence[addressees.Post]
Listed = tuple[int, int | None]
"""An alert and its case, if it has one."""


@dataclass(frozen=True, slots=True)
class AlertCase:
    """What the flow of an alert may read while it moves."""

    alert: Alert
    now: datetime
    actor_id: int | None = None
    trail: Trail = field(default_factory=Trail)


# The task ----------------------------------------------------------------------------------------


def open_tasks(fresh: Iterable[Alert], now: datetime) -> None:
    """Begin the flows of new alerts. One that is folded into another is followed through that one."""
    cases = [AlertCase(alert, now) for alert in fresh if alert.folded_into_id is None]
    processes = flow_engine.start_many(AlertFlow, cases)
    rows.insert_all(
        [
            CaseProcess(
                process_id=process.pk,
                dispute_id=case.alert.dispute_id,
                alert=case.alert,
                lane=Lane.ALERT,
            )
            for case, process in zip(cases, processes, strict=True)
        ]
    )


def open_raised(dispute: Dispute, now: datetime) -> Alert | None:
    """Begin the task of an alert that this very step has raised."""
    fresh: Alert | None = dispute.__dict__.pop("raised_alert", None)
    if fresh is not None:
        open_tasks([fresh], now)
    return fresh


def move_task(alert: Alert, now: datetime, actor_id: int | None) -> None:
    """Finish the open task of the alert and open the one that its state asks for."""
    task = (
        Task.objects.filter(process__of_case__alert=alert, finished__isnull=True)
        .select_related("process")
        .first()
    )
    if task is None:
        return
    activation = task.flow_task.activation_class(task)
    activation.process.case = AlertCase(alert, now, actor_id)
    activation.finish()
    activation.activate_next()


def tasks_fit(_now: datetime) -> tuple[int, list[str]]:
    """Every open alert that is not folded has exactly the task of its state; a resolved one has none."""
    wanted = {"raised": "see_alert", "acknowledged": "set_measure", "acting": "carry_out"}
    rows = Task.objects.filter(process__of_case__alert__isnull=False, finished__isnull=True)
    found: dict[int, list[str]] = {}
    for alert_id, task in rows.values_list("process__of_case__alert_id", "flow_task"):
        found.setdefault(alert_id, []).append(str(getattr(task, "name", task)).rpartition(".")[2])
    problems = []
    heads = Alert.objects.filter(folded_into__isnull=True).exclude(status=Alert.State.RESOLVED)
    count = 0
    for pk, status in heads.values_list("pk", "status"):
        count += 1
        open_nodes = found.pop(pk, [])
        if open_nodes != [wanted[status]]:
            problems.append(f"alert {pk} is {status}: open {open_nodes}")
    problems += [f"alert {pk} has ended: open {nodes}" for pk, nodes in found.items()]
    return count, problems


# What people do ----------------------------------------------------------------------------------


def acknowledge(alert: Alert, *, actor_id: int | None, now: datetime) -> None:
    alerts.see(alert, actor_id=actor_id, now=now, settings=office.settings_of(alert.area_code))
    move_task(alert, now, actor_id)


def act(alert: Alert, *, owner_id: int, action: str, due: Any, actor: Actor, now: datetime) -> None:
    first = alert.status == Alert.State.ACKNOWLEDGED
    alerts.set_measure(
        alert, owner_id=owner_id, action=action, due=due, actor_id=actor.person_id, now=now
    )
    if first:
        move_task(alert, now, actor.person_id)


def resolve(
    alert: Alert, *, verdict: str, outcome: str, actor_id: int | None, now: datetime
) -> None:
    alerts.resolve(alert, verdict=verdict, outcome=outcome, actor_id=actor_id, now=now)
    move_task(alert, now, actor_id)


def may_handle(actor: Actor, alert: Alert) -> bool:
    """Leaders and offices of the place of an alert that has no case."""
    return any(
        actor.holds(role, alert.area_code)
        for role in (Role.LEADER, Role.CENTRE_STAFF, Role.JUSTICE_STAFF)
    )


def find_locked(key: int, actor: Actor) -> Alert:
    """An alert without a case, locked, if the actor may handle it. Raises ``NotFound``."""
    alert = Alert.objects.select_for_update().filter(pk=key, dispute__isnull=True).first()
    if alert is None or not may_handle(actor, alert):
        raise errors.NotFound
    return alert


# Who is told -------------------------------------------------------------------------------------


def announce(news: Sequence[Alert], now: datetime, *, kind: str = RAISED) -> None:
    """Tell the addressees of alerts that no command tells anybody of."""
    roll = addressees.roll_of((alert.area_code for alert in news), today=local_day(now))
    with inbox.gathered():
        for alert in news:
            posts = addressees.posts_on(roll, alert)
            _tell(alert, addressees.addressed(alert, posts), kind, now)


def _tell(alert: Alert, people: Iterable[int], kind: str, now: datetime) -> int:
    return tell_people(
        people, kind, now, dispute=alert.dispute, level=alert.colour, about=alerts.about(alert)
    )


def tell_people(
    people: Iterable[int],
    kind: str,
    now: datetime,
    *,
    dispute: Dispute | None,
    level: str | None = None,
    about: str = "",
    asks: bool = True,
) -> int:
    """One notice each; nothing personal goes with it."""
    drafts = [inbox.Draft(person_id=pk, kind=kind, asks=asks) for pk in sorted(set(people))]
    wake.tell_after_commit(
        inbox.deliver(
            drafts,
            dispute=dispute,
            version=dispute.version if dispute else 0,
            now=now,
            level=level,
            about=about,
        )
    )
    return len(drafts)


# What happens by itself ----------------------------------------------------------------------------


def climb(now: datetime, *, halted: Callable[[], bool] = lambda: False) -> int:
    """Every alert whose turn has come: silence goes one rung up, a forgotten one is reminded of.

    A storm raises thousands together, and their silence climbs together: a hundred share a transaction.
    What is due again by then waits for the next tick, as does the rest once ``halted``.
    """
    due = Alert.objects.filter(next_at__lte=now).order_by("next_at", "pk")
    listed = list(due.values_list("pk", "dispute_id")[: TOGETHER * BATCHES])
    batches = (listed[n : n + TOGETHER] for n in range(0, len(listed), TOGETHER))
    return sum(
        turns.take(batch, lambda few: _take_turns(few, now), name=lambda one: f"Alert {one[0]}")
        for batch in takewhile(lambda _: not halted(), batches)
    )


def _claimed(batch: Sequence[Listed], now: datetime) -> list[Alert]:
    """The alerts of the batch that are still due, locked after their cases, in the order of every command.

    One on which somebody works comes later; what was seen or taken elsewhere since it was listed never.
    """
    free: dict[int | None, Dispute | None] = {None: None}
    free |= {case.pk: case for case in lock_free(key for _, key in batch if key is not None)}
    skip = connection.features.has_select_for_update_skip_locked
    due = (
        Alert.objects.select_for_update(skip_locked=skip)
        .filter(pk__in=[key for key, case in batch if case in free], next_at__lte=now)
        .exclude(status=Alert.State.RESOLVED)
        .order_by("pk")
    )
    found = list(due)
    for alert in found:
        alert.dispute = free[alert.dispute_id]
    return found


def _take_turns(batch: Sequence[Listed], now: datetime) -> int:
    """One statement per table, however many alerts. Raises whatever one of them raises."""
    due = _claimed(batch, now)
    if not due:
        return 0
    places = [alert.area_code for alert in due]
    tables = office.settings_of_all(places)
    roll = addressees.roll_of(places, today=local_day(now))
    steps: list[AlertStep] = []
    with inbox.gathered():
        for alert in due:
            turn = _climb if alert.status == Alert.State.RAISED else _remind
            posts = addressees.posts_on(roll, alert)
            steps.append(turn(alert, posts, tables[alert.area_code], now))
    rows.insert_all(steps)
    Alert.objects.bulk_update(due, ["rung", "next_at"])
    return len(due)


RUNGS = {
    addressees.DEPUTY: AlertStep.Kind.DEPUTY,
    addressees.ONE_UP: AlertStep.Kind.ONE_UP,
    addressees.TWO_UP: AlertStep.Kind.TWO_UP,
}


def _climb(alert: Alert, posts: Posts, table: Settings, now: datetime) -> AlertStep:
    """One rung; a rung without a person is noted and passed at once. At the top all are told again."""
    if not table.rungs(alert.colour):
        return _first_word(alert, posts, now)
    if alert.rung >= addressees.TWO_UP:
        told = _tell(alert, addressees.everybody(alert, posts, alert.rung), CLIMBED, now)
        alert.next_at = now + alerts.CALM_CLIMB
        return alerts.step(alert, AlertStep.Kind.REMINDED, now, told=told)
    alert.rung += 1
    told = _tell(alert, addressees.at_rung(alert, posts, alert.rung), CLIMBED, now)
    alert.next_at = _next_rung(alert, table, now)
    return alerts.step(alert, RUNGS[alert.rung], now, told=told)


def _next_rung(alert: Alert, table: Settings, now: datetime) -> datetime:
    """Counted from when the present limit began, so that a late ticker does not stretch the ladder."""
    if alert.rung >= addressees.TWO_UP:
        return now + alerts.CALM_CLIMB
    limit = table.acknowledge_within(alert.colour) or timedelta()
    begun = (alert.acknowledge_by or now) - limit
    return max(begun + table.rungs(alert.colour)[alert.rung], now)


def _first_word(alert: Alert, posts: Posts, now: datetime) -> AlertStep:
    """A blue alert that the quiet hours held back: told once, and nothing climbs."""
    people = [post.person_id for post in posts if post.role == Role.CENTRE_STAFF]
    alert.next_at = None
    return alerts.step(alert, AlertStep.Kind.REMINDED, now, told=_tell(alert, people, RAISED, now))


def _remind(alert: Alert, _posts: Posts, table: Settings, now: datetime) -> AlertStep:
    """Seen and forgotten: whoever saw it, and whoever owns the measure, hears of it once a day."""
    people = {pk for pk in (alert.acknowledged_by_id, alert.owner_id) if pk}
    alert.next_at = now + timedelta(hours=table.remind_hours)
    return alerts.step(
        alert, AlertStep.Kind.REMINDED, now, told=_tell(alert, people, REMINDED, now)
    )


def press_reports(now: datetime) -> int:
    """Reports that the law demands and nobody has made in time: told again every four hours."""
    late = Escalation.objects.filter(
        Q(reminded_at__isnull=True) | Q(reminded_at__lte=now - AGAIN),
        due_at__lte=now,
        reported_at__isnull=True,
        lapsed_at__isnull=True,
    )
    return _each(late.order_by("due_at").values_list("pk", flat=True)[:BATCH], _press, now)


def _press(key: int, now: datetime) -> bool:
    report = (
        Escalation.objects.select_for_update(of=("self",))
        .filter(Q(reminded_at__isnull=True) | Q(reminded_at__lte=now - AGAIN), pk=key)
        .filter(reported_at__isnull=True, lapsed_at__isnull=True)
        .select_related("dispute")
        .first()
    )
    if report is None:
        return False
    told = recipients(report.dispute, ("centre", "leader"), today=local_day(now))
    tell_people([one.person_id for one in told], REPORT_OWED, now, dispute=report.dispute)
    report.reminded_at = now
    report.save(update_fields=["reminded_at"])
    return True


def press_charges(now: datetime) -> int:
    """Leaders in charge of a case who have written nothing for a day."""
    due = Charge.objects.filter(next_at__lte=now, ended_at__isnull=True).order_by("next_at")
    return _each(due.values_list("pk", flat=True)[:BATCH], _press_charge, now)


def _press_charge(key: int, now: datetime) -> bool:
    charge = (
        Charge.objects.select_for_update(of=("self",))
        .filter(pk=key, next_at__lte=now, ended_at__isnull=True)
        .select_related("dispute")
        .first()
    )
    if charge is None:
        return False
    tell_people([charge.leader_id], CHARGE_NOTE, now, dispute=charge.dispute)
    charge.next_at = now + A_DAY
    charge.save(update_fields=["next_at"])
    return True


def _each(keys: Iterable[int], job: Callable[[int, datetime], bool], now: datetime) -> int:
    """Each in a transaction of its own; one that fails does not stop the others."""
    return sum(
        turns.take([key], lambda one: job(one[0], now), name=lambda one: f"{job.__name__} {one}")
        for key in list(keys)
    )


def visible(actor: Actor, *, now: datetime) -> QuerySet[Alert]:
    """Alerts of cases within view, and those of areas that the actor answers for."""
    scope = Q(policy.case_in_sight(actor, now=now))
    for grant in actor.grants:
        if grant.role in {Role.LEADER, Role.CENTRE_STAFF, Role.JUSTICE_STAFF}:
            scope |= Q(dispute__isnull=True) & within(grant.area_code)
    return Alert.objects.filter(scope)
