"""What people do with an alert that concerns an area and no single case. One transaction each."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from mediation.accounts.actor import Actor
from mediation.accounts.models import Duty, Role
from mediation.areas.models import ancestor_codes
from mediation.core import errors
from mediation.core.clock import local_day
from mediation.core.db import write
from mediation.core.errors import Malformed, Reason, Unmet
from mediation.warning import addressees
from mediation.warning.models import Alert
from workflows import alerting
from workflows.commands.alerts import ActForm, ResolveForm
from workflows.commands.fields import CommandForm

SEEN_BEFORE = Reason("alert_is_unacknowledged", _("The alert has been acknowledged already."))
NOT_SEEN = Reason("alert_is_acknowledged", _("Acknowledge the alert first."))
ENDED = Reason("alert_is_open", _("This alert has been resolved already."))
MOVED = "alert_moved"


class MeasureForm(ActForm):
    """Owner and measure, the owner among those who serve over the area."""

    def __init__(self, data: Any = None, *, alert: Alert, day: Any, **kw: Any) -> None:
        self.alert, self.day = alert, day
        super().__init__(data, **kw)

    def prepare(self) -> None:
        duties = (
            Duty.objects.filter(area__code__in=ancestor_codes(self.alert.area_code))
            .filter(since__lte=self.day, person__is_active=True)
            .exclude(until__lt=self.day)
            .exclude(role__in=[Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR])
            .select_related("person")
            .order_by("-area__level", "person__name")
        )
        names = {d.person_id: f"{d.person.name} · {d.get_role_display()}" for d in duties}
        self.offer("owner", list(names.items()))


def form_for(step: str, alert: Alert, data: Any = None, *, now: datetime) -> CommandForm:
    """The form of a step. Raises ``NotFound`` for a step that there is not."""
    if step == "act":
        return MeasureForm(data, alert=alert, day=local_day(now))
    if step == "resolve":
        return ResolveForm(data)
    if step == "acknowledge":
        return CommandForm(data)
    raise errors.NotFound


def handle(key: int, step: str, raw: Mapping[str, Any], actor: Actor, *, now: datetime) -> Alert:
    """Take one step. Raises ``NotFound``, ``Unmet`` or ``Malformed``; nothing is written then."""
    with write():
        alert = alerting.find_locked(key, actor)
        form = form_for(step, alert, raw, now=now)
        _require_possible(alert, step)
        if not form.is_valid():
            raise Malformed(
                {
                    ("" if name == "__all__" else name): [str(problem) for problem in found]
                    for name, found in form.errors.items()
                }
            )
        _take(alert, step, form.cleaned_data, actor, now)
        posts = addressees.posts_of(alert, today=local_day(now))
        others = set(addressees.everybody(alert, posts, alert.rung)) - {actor.person_id}
        alerting.tell_people(
            others, MOVED, now, dispute=None, level=alert.colour, about=f"alert:{alert.pk}",
            asks=False,
        )  # fmt: skip
    return alert


def _require_possible(alert: Alert, step: str) -> None:
    if alert.status == Alert.State.RESOLVED:
        raise Unmet(ENDED)
    if step == "acknowledge" and alert.status != Alert.State.RAISED:
        raise Unmet(SEEN_BEFORE)
    if step != "acknowledge" and alert.status == Alert.State.RAISED:
        raise Unmet(NOT_SEEN)


def _take(alert: Alert, step: str, data: Mapping[str, Any], actor: Actor, now: datetime) -> None:
    if step == "acknowledge":
        alerting.acknowledge(alert, actor_id=actor.person_id, now=now)
    elif step == "act":
        alerting.act(
            alert, owner_id=data["owner"], action=data["action"], due=data["action_due"],
            actor=actor, now=now,
        )  # fmt: skip
    else:
        alerting.resolve(
            alert, verdict=data["verdict"], outcome=data["outcome"], actor_id=actor.person_id,
            now=now,
        )  # fmt: skip
