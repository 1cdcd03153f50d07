"""Changes of accounts, duties and deputies. Each one ends what its person has open.

``administration`` asks who may do this and records who did; what is here only does it.
"""

from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mediation.accounts import access, devices
from mediation.accounts.models import ADMIN_ROLES, Duty, FormerPassword, Person, Role
from mediation.accounts.passwords import FORMER_KEPT
from mediation.areas.models import Area
from mediation.core.db import write
from mediation.core.errors import Malformed, NotFound


def give_duty(
    *,
    person: Person,
    role: Role,
    area: Area,
    since: date,
    until: date | None = None,
    cleared: bool = False,
) -> Duty:
    """Let ``person`` serve in ``role`` for ``area``. Raises ``Malformed`` when duties would clash."""
    duty = Duty(
        person=person, role=role, area=area, since=since, until=until, cleared=cleared
    )  # fmt: skip
    return _keep(duty, person.pk)


def end_duty(*, duty_id: int, until: date) -> Duty:
    """Make ``until`` the last day of a duty; its deputy loses it on the same day."""
    with write():
        duty = _locked(duty_id)
        duty.until = until
        return _keep(duty, duty.person_id, duty.deputy_id)


def withdraw_duty(*, duty_id: int, today: date) -> None:
    """Take a duty away at once: yesterday was its last day. One that had no full day is removed."""
    with write():
        duty = _locked(duty_id)
        if duty.since < today:
            duty.until = today - timedelta(days=1)
            _keep(duty, duty.person_id, duty.deputy_id)
            return
        duty.delete()
        access.changed(*_known(duty.person_id, duty.deputy_id))


def set_clearance(*, duty_id: int, cleared: bool) -> Duty:
    """Grant or withdraw the right to handle minors', violence and sealed cases."""
    with write():
        duty = _locked(duty_id)
        duty.cleared = cleared
        return _keep(duty, duty.person_id, duty.deputy_id)


def appoint_deputy(
    *, duty_id: int, deputy: Person, since: date | None = None, until: date | None = None
) -> Duty:
    """Let ``deputy`` stand in; without dates whenever the duty itself is open."""
    with write():
        duty = _locked(duty_id)
        before = duty.deputy_id
        duty.deputy, duty.deputy_since, duty.deputy_until = deputy, since, until
        return _keep(duty, before, deputy.pk)


def remove_deputy(*, duty_id: int) -> Duty:
    with write():
        duty = _locked(duty_id)
        before = duty.deputy_id
        duty.deputy = duty.deputy_since = duty.deputy_until = None
        return _keep(duty, before)


def new_account(*, username: str, name: str, post: str, phone: str, raw: str) -> Person:
    """An account with a first password, not yet kept. Hashing is slow on purpose: not in a transaction."""
    person = Person(username=username, name=name, post=post, phone=phone, password_is_first=True)
    person.set_password(raw)
    return person


def keep_account(person: Person) -> None:
    """Raises ``Malformed`` when the name is taken."""
    with write():
        _require_valid(person)
        person.save()


def describe(*, person: Person, name: str, post: str, phone: str) -> None:
    """Correct how a person is called and reached. Rights do not move."""
    person.name, person.post, person.phone = name, post, phone
    person.save(update_fields=["name", "post", "phone"])


def set_password(*, person: Person, raw: str, now: datetime, first: bool = False) -> None:
    """Replace the password. Every session of the person ends with its old one.

    ``first``: somebody else chose it, so its owner must change it before anything else.
    """
    with write():
        _remember_password(person)
        person.set_password(raw)
        person.password_is_first, person.password_since = first, now
        person.save(update_fields=["password", "password_is_first", "password_since"])
        devices.forget(person_id=person.pk)
        access.changed(person.pk)
    person.refresh_from_db(fields=["access_stamp"])


def _remember_password(person: Person) -> None:
    """Keep the hash that is about to go, and with it no more than the rule needs."""
    FormerPassword.objects.create(person=person, encoded=person.password)
    rows = FormerPassword.objects.filter(person=person).order_by("-pk")
    kept = list(rows.values_list("pk", flat=True)[:FORMER_KEPT])
    rows.exclude(pk__in=kept).delete()


def set_active(*, person: Person, active: bool) -> None:
    """Close an account or open it again. A closed one keeps its history and loses everything else."""
    with write():
        person.is_active = active
        person.save(update_fields=["is_active"])
        access.changed(person.pk)
    person.refresh_from_db(fields=["access_stamp"])


def _locked(duty_id: int) -> Duty:
    duty = Duty.objects.select_for_update().filter(pk=duty_id).first()
    if duty is None:
        raise NotFound
    return duty


def _keep(duty: Duty, *person_ids: int | None) -> Duty:
    """Check against the rules of the table, save, and tell everyone whose rights have moved."""
    with write():
        _require_valid(duty)
        _require_one_admin_role(duty)
        duty.save()
        access.changed(*_known(*person_ids))
    return duty


def _known(*person_ids: int | None) -> list[int]:
    return sorted({pk for pk in person_ids if pk is not None})


def _require_one_admin_role(duty: Duty) -> None:
    """The constraint sees open-ended duties alone; dated ones must not overlap either."""
    if duty.role not in ADMIN_ROLES:
        return
    others = Duty.objects.filter(person_id=duty.person_id, role__in=ADMIN_ROLES).exclude(
        pk=duty.pk or 0
    )
    beside = others.filter(Q(until__isnull=True) | Q(until__gte=duty.since))
    if duty.until is not None:
        beside = beside.filter(since__lte=duty.until)
    if beside.exists():
        sentence = _("System, security and audit administration exclude each other.")
        raise Malformed({"role": [sentence]})


# The constraints of the table speak of the whole row; their sentence belongs beside one field.
FIELD_OF_RULE = {"exclusive": "role", "twice": "role", "until": "until", "deputy": "deputy"}


def _require_valid(row: Duty | Person) -> None:
    try:
        row.full_clean()
    except ValidationError as error:
        raise Malformed(_by_field(error)) from None


def _by_field(error: ValidationError) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for name, problems in error.error_dict.items():
        for problem in problems:
            field = FIELD_OF_RULE.get(problem.code or "", "") if name == "__all__" else name
            found.setdefault(field, []).extend(problem.messages)
    return found
