"""Large exports need a second person (OWASP ASVS 5.0, 2.3.5): who asked, what for, who agreed.

Whoever takes more than ``ROWS_ALONE`` rows within a day, in one piece or in many, says what for; somebody
else who answers for the same area agrees or refuses with a reason. Each step is on record with the changes
of access, which are append-only and sealed.
"""

from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from mediation.accounts.actor import Actor
from mediation.accounts.models import AccessChange, Change, Duty, Role
from mediation.accounts.selectors import open_on
from mediation.areas.models import ancestor_codes
from mediation.core import text
from mediation.core.clock import local_day
from mediation.core.db import write
from mediation.core.errors import Malformed, NotFound, Reason, Unmet
from mediation.errands.models import Errand
from mediation.notifications import services as inbox
from mediation.notifications import wake

ROWS_ALONE: Final = 1_000
WITHIN: Final = timedelta(days=1)
PATIENCE: Final = timedelta(days=7)
"""After so long without an answer a request is void."""
REASON_LENGTH: Final = (5, 200)
DECIDERS: Final = (Role.LEADER, Role.JUSTICE_STAFF)

State = Errand.State

TOO_LARGE = Reason(
    "export_too_large",
    _("This would be more than 1,000 rows. Choose a smaller area."),
    "OWASP ASVS 5.0, 2.3.5",
)
NOBODY_TO_ASK = Reason(
    "nobody_to_ask",
    _("Nobody else answers for this area, so nobody could agree. Choose a smaller area."),
)


def require_small(rows: int) -> None:
    """For what is handed out at once and cannot wait for anybody. Raises ``Unmet``."""
    if rows > ROWS_ALONE:
        raise Unmet(TOO_LARGE)


def is_held(errand: Errand, *, rows: int, now: datetime) -> bool:
    """Whether a second person must agree first: by what it holds and what else was taken that day."""
    if errand.decided_by_id is not None or not rows:
        return False
    taken = Errand.objects.filter(
        person_id=errand.person_id, pk__lt=errand.pk, asked_at__gt=now - WITHIN
    )
    never = [State.CANCELLED, State.REFUSED, State.FAILED, State.HELD]
    lately: int = taken.exclude(state__in=never).aggregate(sum=Sum("rows"))["sum"] or 0
    return rows + lately > ROWS_ALONE


def explain(errand: Errand, actor: Actor, reason: str, *, now: datetime) -> None:
    """Say what a held export is for, and put it before those who may agree.

    Raises ``Malformed`` (``reason``), ``Unmet`` when there is nobody, ``NotFound``.
    """
    reason = _clean(reason, "reason")
    with write():
        mine = Errand.objects.select_for_update(of=("self",)).filter(
            pk=errand.pk, person_id=actor.person_id or 0, state=State.HELD, purpose=""
        )
        held = mine.first()
        if held is None:
            raise NotFound
        told = deciders(held, now=now)
        if not told:
            raise Unmet(NOBODY_TO_ASK)
        held.purpose = reason
        held.save(update_fields=["purpose"])
        _record(Change.EXPORT_ASKED, held, by=actor, now=now, reason=reason)
        _tell([inbox.Draft(pk, "export_asked", asks=True) for pk in told], now=now)


def decide(key: int, actor: Actor, *, agrees: bool, remark: str, now: datetime) -> Errand:
    """Agree, and it is made; or refuse with a reason. Raises ``NotFound`` or ``Malformed`` (``remark``)."""
    with write():
        held = waiting_for(actor, now=now).select_for_update(of=("self",)).filter(pk=key).first()
        if held is None:
            raise NotFound
        held.remark = _clean(remark, "remark") if remark.strip() or not agrees else ""
        held.decided_by_id, held.decided_at = actor.person_id, now
        held.state = State.WAITING if agrees else State.REFUSED
        held.ended_at = None if agrees else now
        held.save(update_fields=["remark", "decided_by", "decided_at", "state", "ended_at"])
        what = Change.EXPORT_AGREED if agrees else Change.EXPORT_REFUSED
        _record(what, held, by=actor, now=now, reason=held.remark)
        if not agrees:
            _tell([inbox.Draft(held.person_id, "export_refused")], now=now)
    return held


def waiting_for(actor: Actor, *, now: datetime) -> QuerySet[Errand]:
    """The exports that this actor may decide about: of areas he answers for, never his own."""
    here = Q(pk__in=[])
    for grant in actor.grants:
        if grant.role in DECIDERS:
            here |= Q(area_code__startswith=grant.area_code)
    found = Errand.objects.filter(here, state=State.HELD, asked_at__gt=now - PATIENCE)
    asked = found.exclude(purpose="").exclude(person_id__in=actor.stands_for)
    return asked.select_related("person").order_by("pk")


def deciders(errand: Errand, *, now: datetime) -> list[int]:
    """Who answers for the area today, without the one who asks."""
    day = local_day(now)
    duties = Duty.objects.filter(
        open_on(day),
        role__in=DECIDERS,
        person__is_active=True,
        area__code__in=ancestor_codes(errand.area_code),
    )
    found = set(duties.values_list("person_id", flat=True))
    return sorted(found - {errand.person_id})


def lapse(now: datetime) -> int:
    """Requests that nobody has answered in time are void."""
    old = Errand.objects.filter(state=State.HELD, asked_at__lte=now - PATIENCE)
    return old.update(state=State.CANCELLED, ended_at=now)


def note_taken(errand: Errand, actor: Actor, *, now: datetime) -> None:
    """Put on record that a file with many rows has left the house: who took it, and when."""
    if errand.rows and errand.decided_by_id is not None:
        with write():
            _record(Change.EXPORT_TAKEN, errand, by=actor, now=now, reason=errand.purpose)


def _record(what: Change, errand: Errand, *, by: Actor, now: datetime, reason: str) -> None:
    after = {
        "errand": errand.pk,
        "kind": errand.kind,
        "area": errand.area_code,
        "rows": errand.rows,
    }
    AccessChange.objects.create(
        at=now, by_id=by.person_id or 0, by_name=by.name, what=what, person_id=errand.person_id,
        after=after, reason=reason[:200],
    )  # fmt: skip


def _tell(drafts: list[inbox.Draft], *, now: datetime) -> None:
    wake.tell_after_commit(inbox.deliver(drafts, dispute=None, version=0, now=now))


def _clean(typed: str, name: str) -> str:
    try:
        cleaned = text.clean(typed)
    except text.BadText as error:
        raise Malformed({name: [_(error.reason)]}) from None
    shortest, longest = REASON_LENGTH
    if not shortest <= len(cleaned) <= longest:
        raise Malformed({name: [_("Give a reason of 5 to 200 characters.")]})
    return cleaned
