"""Raising an alert, and what people do with it. The flow and the notices are made by ``workflows``."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.timezone import localtime

from mediation.areas.selectors import community_code
from mediation.core import rows
from mediation.core.clock import end_of
from mediation.disputes.enums import SEVERITY, Colour
from mediation.disputes.models import Dispute
from mediation.warning import office
from mediation.warning.models import Alert, AlertStep
from mediation.warning.settings import Settings

ALERTED_FROM = SEVERITY[Colour.ORANGE]
CALM_CLIMB = timedelta(hours=4)
"""After the last rung the same people are told again, at least this far apart."""


@dataclass(frozen=True, slots=True)
class Matter:
    """What an area should be alarmed about. One ``key`` is one matter until its alert is resolved."""

    kind: str
    area_code: str
    colour: str
    words: Mapping[str, str]
    key: str


# Raising -------------------------------------------------------------------------------------------


def raise_for_case(dispute: Dispute, now: datetime, *, settings: Settings | None = None) -> Alert:
    """Open the alert of a red or orange case, or bring the open one up to the present colour.

    Leaves the row as ``dispute.raised_alert`` for whoever opens its task and tells people of it.
    """
    table = settings or office.settings_of(dispute.area_code)
    alert = Alert.objects.filter(dispute=dispute).exclude(status=Alert.State.RESOLVED).first()
    if alert is None:
        alert = _of_case(dispute, now, table)
        dispute.raised_alert = alert  # type: ignore[attr-defined]  # handed over within the command
    else:
        raise_again(alert, dispute.colour, dispute.risk.get("explain", {}), now=now, table=table)
    return alert


def open_by_key(keys: Iterable[str]) -> dict[str, Alert]:
    """The open alerts of these matters, locked."""
    found = Alert.objects.select_for_update().filter(fold_key__in=set(keys))
    return {alert.fold_key: alert for alert in found.exclude(status=Alert.State.RESOLVED)}


def raise_for_areas(
    matters: Sequence[Matter], now: datetime, tables: Mapping[str, Settings]
) -> list[Alert]:
    """Open an alert for each matter, none of which has an open one. ``tables``: by area."""
    fresh = [_of_area(matter, now, tables[matter.area_code]) for matter in matters]
    rows.insert_all(fresh)
    rows.insert_all([step(alert, AlertStep.Kind.RAISED, now) for alert in fresh])
    return fresh


def _of_area(matter: Matter, now: datetime, table: Settings) -> Alert:
    alert = Alert(
        kind=matter.kind,
        colour=matter.colour,
        severity=SEVERITY[matter.colour],
        reasons=dict(matter.words),
        area_code=matter.area_code,
        fold_key=matter.key,
        raised_at=now,
    )
    _limit(alert, now, table)
    if alert.colour == Colour.BLUE:
        alert.next_at = after_quiet(now, table)
    return alert


def raise_again(
    alert: Alert, colour: str, reasons: Mapping[str, str], *, now: datetime, table: Settings
) -> bool:
    """The same matter again: counted, and brought up when it got worse. Returns whether it did."""
    alert.count += 1
    worse = SEVERITY[colour] > alert.severity
    if worse:
        alert.colour, alert.severity = colour, SEVERITY[colour]
        alert.reasons = dict(reasons)
        _limit(alert, now, table)
    alert.save(
        update_fields=["count", "colour", "severity", "reasons", "acknowledge_by", "next_at"]
    )
    note(alert, AlertStep.Kind.REPEATED, now)
    return worse


def _of_case(dispute: Dispute, now: datetime, table: Settings) -> Alert:
    """Stored, and folded into the open one that tells of the same matter."""
    alert = Alert(
        kind=Alert.Kind.DISPUTE,
        dispute=dispute,
        colour=dispute.colour,
        severity=SEVERITY[dispute.colour],
        reasons=dict(dispute.risk.get("explain", {})),
        area_code=dispute.area_code,
        fold_key=_case_key(dispute),
        raised_at=now,
    )
    head = _head(alert, now - timedelta(minutes=table.fold_minutes))
    if head is None:
        _limit(alert, now, table)
    else:
        alert.folded_into, alert.acknowledge_by = head, head.acknowledge_by
    rows.insert(alert)
    note(alert, AlertStep.Kind.RAISED, now)
    if head is not None:
        Alert.objects.filter(pk=head.pk).update(count=head.count + 1)
        note(head, AlertStep.Kind.FOLDED, now)
    return alert


def _head(alert: Alert, since: datetime) -> Alert | None:
    """The open alert that nobody has seen yet and that tells of the same matter, at least as grave."""
    if not alert.fold_key:
        return None
    return (
        Alert.objects.select_for_update()
        .filter(
            fold_key=alert.fold_key,
            status=Alert.State.RAISED,
            folded_into__isnull=True,
            raised_at__gte=since,
            severity__gte=alert.severity,
        )
        .order_by("-pk")
        .first()
    )


def _case_key(dispute: Dispute) -> str:
    """Orange cases of one kind in one community fold. A red one is a life and stands for itself."""
    if dispute.colour == Colour.RED:
        return ""
    return f"case:{community_code(dispute.area_code)}:{dispute.category}"


def _limit(alert: Alert, now: datetime, table: Settings) -> None:
    """Until when it must be seen, and when silence climbs next. Never later than it was."""
    limit = table.acknowledge_within(alert.colour)
    if limit is None:
        alert.acknowledge_by = alert.next_at = None
        return
    alert.acknowledge_by = min(filter(None, (alert.acknowledge_by, now + limit)))
    if alert.status == Alert.State.RAISED:
        rungs = [now + wait for wait in table.rungs(alert.colour)[alert.rung :]]
        alert.next_at = min([*filter(None, (alert.next_at,)), *rungs[:1]], default=None)


def after_quiet(now: datetime, table: Settings) -> datetime:
    """When a calm word may be spoken: now, or at the end of the quiet hours."""
    return table.quiet_ends(localtime(now)) or now


def note(
    alert: Alert,
    kind: str,
    now: datetime,
    *,
    actor_id: int | None = None,
    told: int = 0,
    text: str = "",
) -> None:
    rows.insert(step(alert, kind, now, actor_id=actor_id, told=told, text=text))


def step(
    alert: Alert,
    kind: str,
    now: datetime,
    *,
    actor_id: int | None = None,
    told: int = 0,
    text: str = "",
) -> AlertStep:
    return AlertStep(alert=alert, kind=kind, at=now, actor_id=actor_id, told=told, text=text)


# What people do -----------------------------------------------------------------------------------


def see(alert: Alert, *, actor_id: int | None, now: datetime, settings: Settings) -> None:
    """Acknowledge: nothing climbs any more, of this one and of all that are folded into it."""
    alert.acknowledge()
    alert.acknowledged_by_id, alert.acknowledged_at = actor_id, now
    alert.next_at = now + timedelta(hours=settings.remind_hours)
    alert.save(update_fields=["status", "acknowledged_by", "acknowledged_at", "next_at"])
    note(alert, AlertStep.Kind.ACKNOWLEDGED, now, actor_id=actor_id)
    for one in Alert.objects.filter(folded_into=alert, status=Alert.State.RAISED):
        one.acknowledge()
        one.acknowledged_by_id, one.acknowledged_at = actor_id, now
        one.save(update_fields=["status", "acknowledged_by", "acknowledged_at"])


def set_measure(
    alert: Alert, *, owner_id: int, action: str, due: date, actor_id: int | None, now: datetime
) -> None:
    alert.act()
    alert.owner_id, alert.action, alert.action_due = owner_id, action, due
    alert.next_at = end_of(due)
    alert.save(update_fields=["status", "owner", "action", "action_due", "next_at"])
    note(alert, AlertStep.Kind.ACTING, now, actor_id=actor_id, text=action)


def resolve(
    alert: Alert, *, verdict: str, outcome: str, actor_id: int | None, now: datetime
) -> None:
    """The verdict holds for the folded ones too that have been seen with this one."""
    alert.resolve()
    alert.verdict, alert.outcome = verdict, outcome
    alert.resolved_at, alert.next_at = now, None
    alert.save(update_fields=["status", "verdict", "outcome", "resolved_at", "next_at"])
    note(alert, AlertStep.Kind.RESOLVED, now, actor_id=actor_id, text=outcome)
    for one in Alert.objects.filter(folded_into=alert, status=Alert.State.ACKNOWLEDGED):
        one.resolve()
        one.verdict, one.outcome, one.resolved_at = verdict, outcome, now
        one.save(update_fields=["status", "verdict", "outcome", "resolved_at"])


def about(alert: Alert) -> str:
    """How a notice names an alert that has no case."""
    return f"alert:{alert.pk}"


def pk_of(about_text: str) -> int | None:
    kind, _, number = about_text.partition(":")
    return int(number) if kind == "alert" and number.isdigit() else None
