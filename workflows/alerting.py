"""The life of an alert: its task in viewflow, who is told, how silence climbs, what is reminded of.

An alert changes only here. Row, task, log and notices are one transaction; the ticker claims each turn
under the lock of the row, so that it happens once however many tickers run.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from mediation.accounts.actor import Actor
from mediation.accounts.models import Role
from mediation.areas.selectors import within
from mediation.core import errors, rows
from mediation.core.clock import local_day
from mediation.core.db import write
from mediation.core.errors import Busy
from mediation.disputes import policy
from mediation.disputes.models import Dispute
from mediation.notifications import services as inbox
from mediation.notifications import wake
from mediation.notifications.recipients import recipients
from mediation.warning import addressees, alerts, office
from mediation.warning.models import Alert, AlertStep, Charge, Escalation
from mediation.warning.settings import Settings
from workflows import flow_engine
from workflows.flows import AlertFlow
from workflows.models import CaseProcess, Lane, Task
from workflows.nodes import Trail

log = logging.getLogger(__name__)
BATCH = 200
CLIMBED, REMINDED, RAISED = "alert_climbed", "alert_reminder", "alert_raised"
REPORT_OWED, CHARGE_NOTE = "report_owed", "charge_reminder"
AGAIN = timedelta(hours=4)
A_DAY = timedelta(days=1)


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


def climb(now: datetime) -> int:
    """Every alert whose turn has come: silence goes one rung up, a forgotten one is reminded of."""
    due = Alert.objects.filter(next_at__lte=now).order_by("next_at", "pk")
    return _each(due.values_list("pk", flat=True)[:BATCH], _turn, now)


def _turn(key: int, now: datetime) -> bool:
    alert = (
        Alert.objects.select_for_update(of=("self",))
        .filter(pk=key, next_at__lte=now)
        .exclude(status=Alert.State.RESOLVED)
        .first()
    )
    if alert is None:
        return False  # acknowledged, or done by another process since it was listed
    table = office.settings_of(alert.area_code)
    if alert.status == Alert.State.RAISED:
        _climb(alert, table, now)
    else:
        _remind(alert, table, now)
    return True


RUNGS = {
    addressees.DEPUTY: AlertStep.Kind.DEPUTY,
    addressees.ONE_UP: AlertStep.Kind.ONE_UP,
    addressees.TWO_UP: AlertStep.Kind.TWO_UP,
}


def _climb(alert: Alert, table: Settings, now: datetime) -> None:
    """One rung; a rung without a person is noted and passed at once. At the top all are told again."""
    posts = addressees.posts_of(alert, today=local_day(now))
    if not table.rungs(alert.colour):
        _first_word(alert, posts, now)
        return
    if alert.rung >= addressees.TWO_UP:
        told = _tell(alert, addressees.everybody(alert, posts, alert.rung), CLIMBED, now)
        alerts.note(alert, AlertStep.Kind.REMINDED, now, told=told)
        alert.next_at = now + alerts.CALM_CLIMB
    else:
        alert.rung += 1
        told = _tell(alert, addressees.at_rung(alert, posts, alert.rung), CLIMBED, now)
        alerts.note(alert, RUNGS[alert.rung], now, told=told)
        alert.next_at = _next_rung(alert, table, now)
    alert.save(update_fields=["rung", "next_at"])


def _next_rung(alert: Alert, table: Settings, now: datetime) -> datetime:
    """Counted from when the present limit began, so that a late ticker does not stretch the ladder."""
    if alert.rung >= addressees.TWO_UP:
        return now + alerts.CALM_CLIMB
    limit = table.acknowledge_within(alert.colour) or timedelta()
    begun = (alert.acknowledge_by or now) - limit
    return max(begun + table.rungs(alert.colour)[alert.rung], now)


def _first_word(alert: Alert, posts: Any, now: datetime) -> None:
    """A blue alert that the quiet hours held back: told once, and nothing climbs."""
    people = [post.person_id for post in posts if post.role == Role.CENTRE_STAFF]
    told = _tell(alert, people, RAISED, now)
    alerts.note(alert, AlertStep.Kind.REMINDED, now, told=told)
    alert.next_at = None
    alert.save(update_fields=["next_at"])


def _remind(alert: Alert, table: Settings, now: datetime) -> None:
    """Seen and forgotten: whoever saw it, and whoever owns the measure, hears of it once a day."""
    people = {pk for pk in (alert.acknowledged_by_id, alert.owner_id) if pk}
    told = _tell(alert, people, REMINDED, now)
    alerts.note(alert, AlertStep.Kind.REMINDED, now, told=told)
    alert.next_at = now + timedelta(hours=table.remind_hours)
    alert.save(update_fields=["next_at"])


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
    return sum(_one(key, job, now) for key in list(keys))


def _one(key: int, job: Callable[[int, datetime], bool], now: datetime) -> bool:
    try:
        with write():
            return job(key, now)
    except Busy:
        return False  # the next tick comes soon
    except Exception:
        log.exception("%s %d could not take its turn.", job.__name__, key)
        return False


def visible(actor: Actor, *, now: datetime) -> QuerySet[Alert]:
    """Alerts of cases within view, and those of areas that the actor answers for."""
    # Asked alert by alert: the open ones are few, the cases of a county are not.
    scope = Q(Exists(policy.visible_to(actor, now=now).filter(pk=OuterRef("dispute_id"))))
    for grant in actor.grants:
        if grant.role in {Role.LEADER, Role.CENTRE_STAFF, Role.JUSTICE_STAFF}:
            scope |= Q(dispute__isnull=True) & within(grant.area_code)
    return Alert.objects.filter(scope)
