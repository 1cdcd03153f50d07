"""Urgent access to sensitive cases, and the record of looks at them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mediation.accounts.actor import Actor
from mediation.accounts.models import AccessChange, Change, Duty, Role
from mediation.areas.models import ancestor_codes
from mediation.core import text
from mediation.core.clock import local_day
from mediation.core.db import write
from mediation.core.errors import Forbidden, Malformed, NotFound, Reason, TooMany, Unmet
from mediation.disputes import policy
from mediation.disputes.enums import Sensitivity
from mediation.disputes.models import CaseGrant, Dispute
from mediation.notifications import services as inbox
from mediation.notifications import wake
from mediation.oversight.models import Look, UrgentAccess

LASTS: Final = timedelta(hours=4)
PER_DAY: Final = 3
LOOK_AGAIN: Final = timedelta(minutes=15)
REASON_LENGTH: Final = (10, 300)
MAY_OPEN: Final = (Role.CENTRE_STAFF, Role.JUSTICE_STAFF, Role.LEADER, Role.MEDIATOR)
REVIEWERS: Final = (Role.LEADER, Role.JUSTICE_STAFF)

NOTICES: Final[Mapping[str, Promise]] = {
    "urgent_access": _("Somebody opened a sensitive case in urgency; please look it over"),
}

NOBODY_TO_TELL = Reason(
    "nobody_to_tell",
    _("Nobody else may handle sensitive cases here, so nobody could be told. Ask for clearance."),
)
ALREADY_OPEN = Reason("already", _("This case is open to you already."))


def open_urgently(actor: Actor, reference: str, reason: str, *, now: datetime) -> UrgentAccess:
    """Open one sensitive case of one's own area for four hours, and tell who must look it over.

    Raises ``NotFound`` also for a case of another area; ``Malformed`` (``reason``), ``Unmet``, ``Forbidden``
    or ``TooMany``.
    """
    if actor.person_id is None or not actor.roles & set(MAY_OPEN):
        raise Forbidden(policy.NOT_YOURS)
    reason = _clean(reason)
    with write():
        _require_moderation(actor.person_id, now)
        dispute = _of_own_area(actor, reference)
        if policy.may_view(actor, dispute, now=now):
            raise Unmet(ALREADY_OPEN)
        told = [pk for pk in reviewers(dispute, now=now) if pk != actor.person_id]
        if not told:
            raise Unmet(NOBODY_TO_TELL)
        access = UrgentAccess.objects.create(
            dispute=dispute, person_id=actor.person_id, reason=reason, at=now, until=now + LASTS
        )
        _grant(access)
        _record(Change.URGENT_ACCESS, access, by=actor, now=now, reason=reason)
        drafts = [inbox.Draft(person_id=pk, kind="urgent_access", asks=True) for pk in told]
        wake.tell_after_commit(
            inbox.deliver(drafts, dispute=dispute, version=dispute.version, now=now)
        )
    return access


def review(actor: Actor, key: int, *, finding: str, remark: str, now: datetime) -> UrgentAccess:
    """Say whether it was necessary. Where it was not, what is left of the access ends at once."""
    with write():
        access = waiting_for(actor).select_for_update(of=("self",)).filter(pk=key).first()
        if access is None:
            raise NotFound
        if finding not in UrgentAccess.Finding.values:
            raise Malformed({"finding": [_("Please choose one of the offered answers.")]})
        access.reviewed_by_id, access.reviewed_at = actor.person_id, now
        access.finding, access.remark = finding, _line(remark, "remark")[:300]
        access.save()
        if finding == UrgentAccess.Finding.UNJUSTIFIED:
            CaseGrant.objects.filter(
                dispute=access.dispute, person=access.person, until__gt=now
            ).update(until=now)
        _record(Change.URGENT_REVIEWED, access, by=actor, now=now, reason=access.remark)
    return access


def waiting_for(actor: Actor) -> QuerySet[UrgentAccess]:
    """What this actor may look over and nobody has yet: never his own, only where he is cleared."""
    here = Q(pk__in=[])
    for grant in actor.grants:
        if grant.role in REVIEWERS and grant.cleared:
            here |= Q(dispute__area_code__startswith=grant.area_code)
    found = UrgentAccess.objects.filter(here, reviewed_at__isnull=True)
    return found.exclude(person_id__in=actor.stands_for).select_related("dispute", "person")


def own(actor: Actor) -> QuerySet[UrgentAccess]:
    rows = UrgentAccess.objects.filter(person_id=actor.person_id or 0)
    return rows.select_related("dispute", "reviewed_by").order_by("-pk")


def reviewers(dispute: Dispute, *, now: datetime) -> list[int]:
    """Cleared leaders and justice officers of the case's area."""
    day = local_day(now)
    duties = Duty.objects.filter(
        Q(until__isnull=True) | Q(until__gte=day),
        since__lte=day,
        role__in=REVIEWERS,
        cleared=True,
        person__is_active=True,
        area__code__in=ancestor_codes(dispute.area_code),
    )
    return sorted(set(duties.values_list("person_id", flat=True)))


def _of_own_area(actor: Actor, reference: str) -> Dispute:
    """By number or code, whole. What is not in one's area does not exist."""
    typed = reference.strip()[:40]
    if not typed.isprintable():
        raise NotFound
    rows = Dispute.objects.exclude(sensitivity=Sensitivity.NORMAL)
    dispute = rows.filter(Q(number=typed) | Q(code=typed.upper())).first()
    if dispute is None or not any(actor.holds(role, dispute.area_code) for role in MAY_OPEN):
        raise NotFound
    return dispute


def _grant(access: UrgentAccess) -> None:
    """The explicit right that policy asks for. A longer one that is there stays."""
    CaseGrant.objects.update_or_create(
        dispute=access.dispute,
        person=access.person,
        defaults={
            "reason": access.reason[:200],
            "granted_by": access.person,
            "granted_at": access.at,
            "until": access.until,
        },
    )


def _record(what: Change, access: UrgentAccess, *, by: Actor, now: datetime, reason: str) -> None:
    """Append-only, and sealed with the other records of access. Names the case by its number alone."""
    after = {"case": access.dispute.number, "until": access.until.isoformat()}
    if access.finding:
        after["finding"] = access.finding
    AccessChange.objects.create(
        at=now, by_id=by.person_id or 0, by_name=by.name, what=what, person=access.person,
        after=after, reason=reason[:200],
    )  # fmt: skip


def _clean(reason: str) -> str:
    reason = _line(reason, "reason")
    shortest, longest = REASON_LENGTH
    if not shortest <= len(reason) <= longest:
        raise Malformed({"reason": [_("Give a reason of 10 to 300 characters.")]})
    return reason


def _line(typed: str, name: str) -> str:
    try:
        return text.clean(typed)
    except text.BadText as error:
        raise Malformed({name: [_(error.reason)]}) from None


def _require_moderation(person_id: int, now: datetime) -> None:
    today = UrgentAccess.objects.filter(person_id=person_id, at__gt=now - timedelta(days=1))
    if today.count() >= PER_DAY:
        raise TooMany


# Looks --------------------------------------------------------------------------------------------


def note_look(dispute: Dispute, actor: Actor, *, now: datetime) -> None:
    """Put on record that somebody opened a sensitive case. Ordinary cases leave no trace of readers."""
    if not dispute.is_sensitive or actor.person_id is None:
        return
    recent = Look.objects.filter(
        dispute=dispute, person_id=actor.person_id, at__gt=now - LOOK_AGAIN
    )
    if not recent.exists():
        with write():
            Look.objects.create(dispute=dispute, person_id=actor.person_id, at=now)
