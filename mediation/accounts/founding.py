"""The first minute of an installation: its place and its three administrators.

Nobody serves yet, so no duty can allow it. Whoever can read what the server prints when it starts may do it,
once; from then on duties are given by the security administrator alone.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from mediation.accounts import services
from mediation.accounts.actor import Actor
from mediation.accounts.administration import Act, account_of, area_of, duty_of, first_password
from mediation.accounts.models import ADMIN_ROLES, Change, Duty, Person, Role
from mediation.areas.models import Area, level_of
from mediation.core import clock
from mediation.core.db import write
from mediation.core.errors import NotFound

SALT = "fengqiao.founding"
BITS = 80


@dataclass(frozen=True, slots=True)
class Newcomer:
    """One of the three administrators, who are three people (GB/T 22239-2019, 8.1.4.2)."""

    role: Role
    username: str
    name: str


def is_due() -> bool:
    """Whether nobody serves here yet. No office comes back to this: duties end, they do not vanish."""
    return not Duty.objects.exists()


def setup_code() -> str:
    """What the server prints when it starts on an empty database; the same for all its processes."""
    digest = salted_hmac(SALT, "", algorithm="sha256").digest()[: BITS // 8]
    drawn = base64.b32encode(digest).decode().lower()
    return "-".join(drawn[start : start + 4] for start in range(0, len(drawn), 4))


def is_code(typed: str) -> bool:
    """Blanks, hyphens and capitals are how people copy it."""
    return constant_time_compare(_bare(typed), _bare(setup_code()))


def _bare(written: str) -> str:
    return "".join(written.split()).replace("-", "").lower()


def found(
    *, place: Sequence[tuple[str, str]], administrators: Sequence[Newcomer], now: datetime
) -> list[tuple[Person, str]]:
    """Make the areas of ``place`` (code and name from the top down), and the administrators of the last one.

    Returns each with his first password, which nobody can ask for again. Raises ``NotFound`` once somebody
    serves, and ``Malformed`` for a user name that is taken.
    """
    assert [one.role for one in administrators] == list(ADMIN_ROLES)  # noqa: S101 -- the form asks for three
    opened = [_account(one) for one in administrators]
    with write():
        if not is_due():
            raise NotFound
        for person, _raw in opened:
            services.keep_account(person)
        keeper = opened[0][0]
        by = Actor(person_id=keeper.pk, name=keeper.name)
        act = Act(by=by, now=now, reason=_("First set-up"))
        area = _areas(act, place)
        for (person, _raw), one in zip(opened, administrators, strict=True):
            act.record(Change.ACCOUNT_OPENED, person=person, after=account_of(person))
            duty = services.give_duty(
                person=person, role=one.role, area=area, since=clock.local_day(now)
            )
            act.record(Change.DUTY_GIVEN, person=person, after=duty_of(duty))
    return opened


def _account(one: Newcomer) -> tuple[Person, str]:
    raw, post = first_password(), str(one.role.label)
    person = services.new_account(
        username=one.username, name=one.name, post=post, phone="", raw=raw
    )
    return person, raw


def _areas(act: Act, place: Sequence[tuple[str, str]]) -> Area:
    """The lowest of them. Those that an import has brought already stay as they are."""
    area: Area | None = None
    for code, name in place:
        known = Area.objects.filter(code=code).first()
        if known is None:
            known = Area.objects.create(code=code, level=level_of(code), name=name, parent=area)
            act.record(Change.AREA_CREATED, area=known, after=area_of(known))
        area = known
    assert area is not None  # noqa: S101 -- a place has a province at least
    return area
