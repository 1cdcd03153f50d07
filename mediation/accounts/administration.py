"""What administrators do to accounts, duties and areas: allowed, done and recorded in one transaction."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from mediation.accounts import devices, keys, policy, services
from mediation.accounts.actor import Actor
from mediation.accounts.models import ADMIN_ROLES, AccessChange, Change, Duty, Person, Role
from mediation.accounts.policy import Subject
from mediation.accounts.selectors import unfinished_duties
from mediation.areas import lists, outlines
from mediation.areas import services as areas
from mediation.areas.models import Area
from mediation.core import clock
from mediation.core.db import write
from mediation.core.errors import Malformed, NotFound, Reason, Unmet

HandOver = Callable[[Sequence[Duty]], None]

# Without what is easily taken for something else when read aloud or from paper.
LOWER, UPPER, DIGITS = "abcdefghjkmnpqrstuvwxyz", "ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789"


@dataclass(frozen=True, slots=True)
class Act:
    """Who does it, when, and why: what every record of access carries besides the change."""

    by: Actor
    now: datetime
    reason: str = ""

    def record(
        self,
        what: Change,
        *,
        person: Person | None = None,
        area: Area | None = None,
        before: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
    ) -> None:
        """Write the record. Policy has kept away whoever is no person."""
        self.entry(what, person=person, area=area, before=before, after=after).save()

    def entry(
        self,
        what: Change,
        *,
        person: Person | None = None,
        area: Area | None = None,
        before: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
    ) -> AccessChange:
        """The record, not yet written: many are written together."""
        return AccessChange(
            at=self.now,
            by_id=self.by.person_id or 0,
            by_name=self.by.name,
            what=what,
            person=person,
            area=area,
            before=dict(before or {}),
            after=dict(after or {}),
            reason=self.reason,
        )


# Accounts -----------------------------------------------------------------------------------------


def open_account(
    act: Act, *, username: str, name: str, post: str = "", phone: str = ""
) -> tuple[Person, str]:
    """Make an account; returns it with its first password, which nobody can ask for again."""
    wanted = {"username": username, "name": name, "post": post, "phone": phone}
    return open_accounts(act, [wanted])[0]


def open_accounts(act: Act, wanted: Sequence[Mapping[str, str]]) -> list[tuple[Person, str]]:
    """Make several, all or none, as above."""
    policy.require(act.by, "open_account", Subject())
    raws = [first_password() for _one in wanted]
    made = [services.new_account(**one, raw=raw) for one, raw in zip(wanted, raws, strict=True)]
    with write():
        for person in made:
            services.keep_account(person)
            act.record(Change.ACCOUNT_OPENED, person=person, after=account_of(person))
    return list(zip(made, raws, strict=True))


def change_account(act: Act, *, person_id: int, name: str, post: str, phone: str) -> Person:
    with write():
        person = _locked_person(act.by, person_id)
        policy.require(act.by, "change_account", subject_of(person, today=_day(act)))
        before = account_of(person)
        services.describe(person=person, name=name, post=post, phone=phone)
        act.record(Change.ACCOUNT_CHANGED, person=person, before=before, after=account_of(person))
    return person


def renew_password(act: Act, *, person_id: int) -> tuple[Person, str]:
    """Give a new first password to somebody who forgot his; every session of his ends."""
    raw = first_password()
    with write():
        person = _locked_person(act.by, person_id)
        policy.require(act.by, "renew_password", subject_of(person, today=_day(act)))
        services.set_password(person=person, raw=raw, now=act.now, first=True)
        act.record(Change.PASSWORD_RENEWED, person=person)
    return person, raw


def end_sessions(act: Act, *, person_id: int) -> int:
    """Sign somebody out on every device at once; returns on how many he was signed in."""
    with write():
        person = _locked_person(act.by, person_id)
        policy.require(act.by, "end_sessions", subject_of(person, today=_day(act)))
        ended = devices.end_all(person_id=person.pk, now=act.now)
        act.record(Change.SESSIONS_ENDED, person=person, after={"sessions": ended})
    return ended


def issue_key(act: Act, *, person_id: int) -> tuple[Person, str]:
    """A bearer key with which a program acts as this person; nobody can ask for it again."""
    with write():
        person = _locked_person(act.by, person_id)
        policy.require(act.by, "issue_key", subject_of(person, today=_day(act)))
        if not person.is_active:
            raise Unmet(Reason("closed", _("This account is closed.")))
        key = keys.issue(person, now=act.now)
        act.record(Change.KEY_ISSUED, person=person, after={"key": keys.prefix_of(key)})
    return person, key


def revoke_key(act: Act, *, person_id: int, prefix: str) -> None:
    """Make a key useless from the next request on. Raises ``NotFound`` for one that is not open."""
    with write():
        person = _locked_person(act.by, person_id)
        policy.require(act.by, "revoke_key", subject_of(person, today=_day(act)))
        if not keys.open_keys(person.pk).filter(prefix=prefix).exists():
            raise NotFound
        keys.revoke(prefix, now=act.now)
        act.record(Change.KEY_REVOKED, person=person, after={"key": prefix})


def close_account(act: Act, *, person_id: int, hand_over: HandOver) -> Person:
    """Shut somebody out at once. His duties stay written down; they give him nothing any more.

    ``hand_over`` gets these duties in the same transaction, to let others see his work.
    """
    with write():
        person = _switch(act, person_id, "close_account", Change.ACCOUNT_CLOSED, active=False)
        hand_over(unfinished_duties(person_id, today=_day(act)))
    return person


def reopen_account(act: Act, *, person_id: int) -> Person:
    return _switch(act, person_id, "reopen_account", Change.ACCOUNT_REOPENED, active=True)


def _switch(act: Act, person_id: int, name: str, what: Change, *, active: bool) -> Person:
    with write():
        person = _locked_person(act.by, person_id)
        policy.require(act.by, name, subject_of(person, today=_day(act)))
        if person.is_active == active:
            raise Unmet(Reason("already", _("This account already is as you want it.")))
        services.set_active(person=person, active=active)
        act.record(
            what, person=person, before={"is_active": not active}, after={"is_active": active}
        )
    return person


# Duties -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DeputyWish:
    """Who stands in, and when; without days whenever the duty is open."""

    person: Person
    since: date | None = None
    until: date | None = None


def give_duty(
    act: Act,
    *,
    person_id: int,
    role: Role,
    area: Area,
    since: date,
    until: date | None = None,
    cleared: bool = False,
    deputy: DeputyWish | None = None,
) -> Duty:
    """Let somebody serve. Raises ``Malformed`` by field for duties that clash."""
    with write():
        person = _locked_person(act.by, person_id)
        subject = Subject(areas=(area.code,), person_id=person_id)
        policy.require(act.by, "give_duty", subject)
        if not area.is_active:
            raise Malformed({"area": [_("This area is closed.")]})
        if deputy is not None:
            _require_deputy(act, deputy, of=person_id, role=role, area=area)
        duty = services.give_duty(
            person=person, role=role, area=area, since=since, until=until, cleared=cleared
        )
        if deputy is not None:
            duty = _appoint(duty, deputy)
        act.record(Change.DUTY_GIVEN, person=person, after=duty_of(duty))
    return duty


def give_duties(act: Act, wanted: Sequence[Mapping[str, Any]]) -> None:
    """Give several, all or none: each as ``give_duty`` takes it."""
    with write():
        for one in wanted:
            give_duty(act, **one)


def end_duty(act: Act, *, duty_id: int, until: date | None = None, hand_over: HandOver) -> Duty:
    """Take a duty away at once, or make ``until`` its last day; ``hand_over`` as above."""
    with write():
        duty = _locked_duty(act, duty_id, "end_duty")
        before = duty_of(duty)
        if until is None:
            services.withdraw_duty(duty_id=duty_id, today=_day(act))
            after = before | {"until": "at_once"}
        else:
            after = duty_of(services.end_duty(duty_id=duty_id, until=until))
        hand_over([duty])
        act.record(Change.DUTY_ENDED, person=duty.person, before=before, after=after)
    return duty


def set_clearance(act: Act, *, duty_id: int, cleared: bool) -> Duty:
    with write():
        duty = _locked_duty(act, duty_id, "set_clearance")
        before = duty_of(duty)
        after = duty_of(services.set_clearance(duty_id=duty_id, cleared=cleared))
        act.record(Change.CLEARANCE_CHANGED, person=duty.person, before=before, after=after)
    return duty


def appoint_deputy(act: Act, *, duty_id: int, deputy: DeputyWish) -> Duty:
    """Let somebody stand in. Nobody appoints himself: that would be giving himself rights."""
    with write():
        duty = _locked_duty(act, duty_id, "appoint_deputy")
        before = duty_of(duty)
        _require_deputy(act, deputy, of=duty.person_id, role=duty.role, area=duty.area)
        after = _appoint(duty, deputy)
        act.record(Change.DEPUTY_CHANGED, person=duty.person, before=before, after=duty_of(after))
    return duty


def remove_deputy(act: Act, *, duty_id: int) -> Duty:
    with write():
        duty = _locked_duty(act, duty_id, "remove_deputy")
        before = duty_of(duty)
        after = duty_of(services.remove_deputy(duty_id=duty_id))
        act.record(Change.DEPUTY_CHANGED, person=duty.person, before=before, after=after)
    return duty


def choose_deputy(act: Act, *, duty_id: int, deputy: DeputyWish | None) -> Duty:
    """Name or dismiss (``None``) the deputy of one's own duty; on record like any other change of rights."""
    with write():
        own = Duty.objects.select_for_update(of=("self",)).select_related(
            "person", "area", "deputy"
        )
        duty = own.filter(pk=duty_id, person_id=act.by.person_id or 0).first()
        if duty is None or duty.role in ADMIN_ROLES:
            raise NotFound
        before = duty_of(duty)
        after = _appoint(duty, deputy) if deputy else services.remove_deputy(duty_id=duty_id)
        act.record(Change.DEPUTY_CHANGED, person=duty.person, before=before, after=duty_of(after))
    return duty


def _require_deputy(act: Act, wish: DeputyWish, *, of: int, role: str, area: Area) -> None:
    """Asked before anything is written."""
    subject = Subject(areas=(area.code,), person_id=wish.person.pk)
    policy.require(act.by, "appoint_deputy", subject)
    if wish.person.pk == of:
        raise Malformed({"deputy": [_("The deputy must be another person.")]})
    if role in ADMIN_ROLES:
        raise Malformed({"deputy": [_("Nobody stands in for an administrator.")]})
    if wish.since and wish.until and wish.until < wish.since:
        raise Malformed({"deputy_until": [_("This day lies before the first one.")]})


def _appoint(duty: Duty, wish: DeputyWish) -> Duty:
    return services.appoint_deputy(
        duty_id=duty.pk, deputy=wish.person, since=wish.since, until=wish.until
    )


# Areas --------------------------------------------------------------------------------------------


def create_area(
    act: Act,
    *,
    parent_code: str,
    code: str,
    name: str,
    short_name: str = "",
    households: int | None = None,
) -> Area:
    policy.require_view(act.by, "change_area", Subject(areas=(parent_code,)))
    with write():
        area = areas.create_child(
            parent_code=parent_code,
            code=code,
            name=name,
            short_name=short_name,
            households=households,
        )
        act.record(Change.AREA_CREATED, area=area, after=area_of(area))
    return area


def change_area(act: Act, *, code: str, name: str, short_name: str, households: int | None) -> Area:
    with write():
        area = _locked_area(act, code)
        before = area_of(area)
        areas.change(area=area, name=name, short_name=short_name, households=households)
        act.record(Change.AREA_CHANGED, area=area, before=before, after=area_of(area))
    return area


def close_area(act: Act, *, code: str, hindrances: areas.Hindrances) -> Area:
    """Raises ``Unmet`` while ``hindrances`` names open cases or duties, or areas below are open."""
    with write():
        area = _locked_area(act, code)
        areas.close(area=area, hindrances=hindrances)
        act.record(Change.AREA_CLOSED, area=area, after={"is_active": False})
    return area


def reopen_area(act: Act, *, code: str) -> Area:
    with write():
        area = _locked_area(act, code)
        areas.reopen(area=area)
        act.record(Change.AREA_REOPENED, area=area, after={"is_active": True})
    return area


def take_areas(act: Act, found: lists.Plan) -> None:
    """Write a list of areas that was looked at, each with its record. Raises ``NotYourPart``."""
    policy.require(act.by, "change_area", Subject(areas=tuple(row.code for row in found.touched)))
    before = {code: area_of(area) for code, area in found.known.items()}
    with write():
        AccessChange.objects.bulk_create(
            act.entry(
                Change.AREA_CHANGED if area.code in before else Change.AREA_CREATED,
                area=area,
                before=before.get(area.code),
                after=area_of(area),
            )
            for area in lists.carry_out(found)
        )


def take_outlines(act: Act, made: outlines.Plan, *, source: str) -> None:
    """Write outlines that were looked at, each with its record. Raises ``NotYourPart``."""
    policy.require(act.by, "change_area", Subject(areas=tuple(made.touched)))
    with write():
        outlines.carry_out(made, source=source, now=act.now)
        AccessChange.objects.bulk_create(
            act.entry(Change.AREA_CHANGED, area=made.areas[code], after={"outline": source})
            for code in made.touched
        )


# Common -------------------------------------------------------------------------------------------


def first_password() -> str:
    """Twelve characters that can be read aloud: about 66 bits, and every class that a rule may ask."""
    while True:
        drawn = [secrets.choice(LOWER + UPPER + DIGITS) for _place in range(12)]
        if all(set(kind) & set(drawn) for kind in (LOWER, UPPER, DIGITS)):
            return "-".join("".join(drawn[start : start + 4]) for start in (0, 4, 8))


def subject_of(person: Person, *, today: date) -> Subject:
    """Somebody with everything he serves in from today on."""
    duties = unfinished_duties(person.pk, today=today)
    return subject_from(person, duties)


def subject_from(person: Person, duties: list[Duty]) -> Subject:
    return Subject(
        areas=tuple(duty.area.code for duty in duties),
        person_id=person.pk,
        is_administrator=any(duty.role in ADMIN_ROLES for duty in duties),
    )


def _day(act: Act) -> date:
    return clock.local_day(act.now)


def _locked_person(by: Actor, person_id: int) -> Person:
    policy.require(by, "view_people", Subject())
    person = policy.people_in_reach(by).select_for_update(of=("self",)).filter(pk=person_id).first()
    if person is None:
        raise NotFound
    return person


def _locked_duty(act: Act, duty_id: int, name: str) -> Duty:
    policy.require(act.by, "view_people", Subject())
    duty = (
        Duty.objects.select_for_update(of=("self",))
        .select_related("person", "area", "deputy")
        .filter(pk=duty_id, person__in=policy.people_in_reach(act.by))
        .first()
    )
    if duty is None:
        raise NotFound
    policy.require(act.by, name, Subject(areas=(duty.area.code,), person_id=duty.person_id))
    return duty


def _locked_area(act: Act, code: str) -> Area:
    policy.require_view(act.by, "change_area", Subject(areas=(code,)))
    return areas.locked(code)


def account_of(person: Person) -> dict[str, Any]:
    return {
        "username": person.username,
        "name": person.name,
        "post": person.post,
        "phone": person.phone,
    }


def duty_of(duty: Duty) -> dict[str, Any]:
    return {
        "role": duty.role,
        "area": f"{duty.area.name} {duty.area.code}",
        "since": _iso(duty.since),
        "until": _iso(duty.until),
        "cleared": duty.cleared,
        "deputy": duty.deputy.name if duty.deputy else "",
        "deputy_since": _iso(duty.deputy_since),
        "deputy_until": _iso(duty.deputy_until),
    }


def area_of(area: Area) -> dict[str, Any]:
    return {
        "code": area.code,
        "area_name": area.name,
        "short_name": area.short_name,
        "households": area.households,
    }


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
