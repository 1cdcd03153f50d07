"""Founding, renaming and closing committees, and which of them a case belongs to.

People's Mediation Law arts. 8, 9, 34: a committee stands in a community, a township or subdistrict, an
enterprise or a trade. Each has a series of file numbers of its own for every year.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.db.models.functions import Length
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mediation.accounts.actor import Actor
from mediation.accounts.models import Role
from mediation.areas.models import Area, Level
from mediation.areas.selectors import subdistrict_code, within
from mediation.core.clock import local_day
from mediation.core.db import write
from mediation.core.errors import Forbidden, Malformed, NotFound, Reason
from mediation.disputes.models import Dispute
from mediation.sessions.models import Committee, RosterChange, RosterEntry

FOUNDERS = (Role.JUSTICE_STAFF, Role.SYSTEM_ADMIN)
NOT_YOURS = Reason(
    "not_yours", gettext_lazy("Committees are set up by the justice office and the administrator.")
)
SUFFIX = "人民调解委员会"
KIND_OF = {Level.SUBDISTRICT: Committee.Kind.TOWNSHIP, Level.COMMUNITY: Committee.Kind.COMMUNITY}


def places(actor: Actor) -> list[Area]:
    """Subdistricts and communities in which the actor may set up a committee."""
    scope = Q(pk__in=[])
    for grant in actor.grants:
        if grant.role in FOUNDERS:
            scope |= within(grant.area_code, field="code")
    rows = Area.objects.filter(scope, level__in=sorted(KIND_OF), is_active=True)
    return list(rows.order_by("code"))


def may_found(actor: Actor, area_code: str = "") -> bool:
    if not area_code:
        return bool(actor.roles & set(FOUNDERS))
    return any(actor.holds(role, area_code) for role in FOUNDERS)


def found(actor: Actor, area: Area, data: Mapping[str, Any], *, now: datetime) -> Committee:
    """Set up a committee. Without a name it is called after its area. Raises ``Malformed``."""
    if not may_found(actor, area.code):
        raise Forbidden(NOT_YOURS)
    committee = Committee(area=area, kind=data["kind"], founded_on=data["founded_on"])
    _name(committee, data)
    if data["founded_on"] > local_day(now):
        raise Malformed({"founded_on": [_("This lies in the future.")]})
    with write():
        committee.save()
        _note(actor, committee, "founded", now)
    return committee


def rename(actor: Actor, committee: Committee, data: Mapping[str, Any], *, now: datetime) -> None:
    """Papers that were issued keep the old name. Raises ``Malformed``."""
    before = committee.name
    _name(committee, data)
    with write():
        committee.save(update_fields=["name", "short_name"])
        _note(actor, committee, "renamed", now, detail=before)


def close(actor: Actor, committee: Committee, *, reason: str, now: datetime) -> None:
    """Nobody sits on it any more, and it takes no new file; what it did stays in its name."""
    day = local_day(now)
    with write():
        sitting = RosterEntry.objects.filter(committee=committee, left_on__isnull=True)
        sitting.update(left_on=day)
        Committee.objects.filter(pk=committee.pk).update(is_active=False, closed_on=day)
        _note(actor, committee, "closed", now, detail=reason)


def to_change(actor: Actor, pk: int) -> Committee:
    """Raises ``NotFound`` for one outside the actor's areas, ``Forbidden`` inside without the right."""
    committee = Committee.objects.select_related("area").filter(pk=pk, is_active=True).first()
    if committee is None or not any(
        committee.area.code.startswith(grant.area_code) for grant in actor.grants
    ):
        raise NotFound
    if not may_found(actor, committee.area.code):
        raise Forbidden(NOT_YOURS)
    return committee


def _name(committee: Committee, data: Mapping[str, Any]) -> None:
    committee.name = data["name"] or f"{committee.area.name}{SUFFIX}"
    committee.short_name = data["short_name"]
    others = Committee.objects.exclude(pk=committee.pk).select_related("area")
    if others.filter(area=committee.area, name=committee.name).exists():
        raise Malformed({"name": [_("There is a committee of this name already.")]})
    code = subdistrict_code(committee.area.code)
    near = others.filter(area__code__startswith=code, is_active=True)
    if short_of(committee) in {short_of(other) for other in near}:
        raise Malformed(
            {"short_name": [_("Another committee has this short name in its file numbers.")]}
        )


def _note(
    actor: Actor, committee: Committee, what: str, now: datetime, *, detail: str = ""
) -> None:
    RosterChange.objects.create(
        committee=committee, at=now, by_id=actor.person_id, what=what, detail=detail[:200]
    )


def changes(committees: Sequence[Committee], *, limit: int = 50) -> list[RosterChange]:
    """The latest changes of all of them, for the county bureau (art. 10). One query."""
    rows = RosterChange.objects.filter(committee__in=committees)
    return list(rows.select_related("committee", "by", "person")[:limit])


# Whose case it is --------------------------------------------------------------------------------


def of_case(dispute: Dispute) -> Committee | None:
    """The committee on whose list the mediator of the case stands; of several, the highest.

    ``None`` where nobody keeps a list: then the committee of the subdistrict is meant.
    """
    if dispute.mediator_id is None:
        return None
    code = dispute.area_code
    above = [code[:length] for length in (*range(6, len(code)), len(code))]
    rows = Committee.objects.filter(
        area__code__in=above,
        is_active=True,
        entries__person_id=dispute.mediator_id,
        entries__left_on__isnull=True,
    )
    return rows.select_related("area").order_by(Length("area__code"), "pk").first()


def short_of(committee: Committee) -> str:
    """“资汽”, as it stands in file numbers: its own, its area's, or the subdistrict's with its name."""
    if committee.short_name or committee.area.short_name:
        return committee.short_name or committee.area.short_name
    own = plain(committee.area.name)
    if committee.area.level == Level.SUBDISTRICT:
        return own
    code = subdistrict_code(committee.area.code)
    office = Area.objects.only("name", "short_name").get(code=code)
    return f"{office.short_name or plain(office.name)}{own}"


def plain(name: str) -> str:
    """The name of an area without its kind."""
    for kind in ("街道", "社区", "镇", "乡", "村"):
        name = name.removesuffix(kind)
    return name


def series_of(committee: Committee) -> str:
    """The key of its series, which begins with the subdistrict's code; its own committee's is that code."""
    code = subdistrict_code(committee.area.code)
    is_office = committee.kind == Committee.Kind.TOWNSHIP and committee.area.code == code
    return code if is_office else f"{code}c{committee.pk:x}"
