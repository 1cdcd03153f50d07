"""Who may see and change areas, accounts and duties. Default deny.

三员分立 (GB/T 22239-2019, 8.1.4.2): the system administrator makes accounts and areas, the security
administrator gives and ends duties, the auditor reads the records of both. Neither does another's part,
and nobody changes his own rights.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from rules.predicates import Predicate, predicate

from mediation.accounts.actor import Actor
from mediation.accounts.models import ADMIN_ROLES, Duty, Person, Role
from mediation.areas.selectors import within
from mediation.core.errors import Forbidden, NotFound, Reason

SYSTEM, SECURITY, AUDIT = Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR
AREA_READERS = (*ADMIN_ROLES, Role.LEADER, Role.CENTRE_STAFF, Role.JUSTICE_STAFF)


@dataclass(frozen=True, slots=True)
class Subject:
    """What an act touches. ``areas``: where; for a person, where he serves (nowhere: new here)."""

    areas: tuple[str, ...] = ()
    person_id: int | None = None
    is_administrator: bool = False


def serves_throughout(*roles: Role) -> Predicate:
    """Holds one of ``roles`` for every area that is touched, and anywhere when none is."""

    @predicate
    def holds_everywhere(actor: Actor, subject: Subject) -> bool:
        return bool(actor.roles & set(roles)) and all(
            any(actor.holds(role, code) for role in roles) for code in subject.areas
        )

    rule: Predicate = holds_everywhere
    return rule


@predicate
def is_somebody_else(actor: Actor, subject: Subject) -> bool:
    return subject.person_id is None or subject.person_id != actor.person_id


@predicate
def is_no_administrator(actor: Actor, subject: Subject) -> bool:  # noqa: ARG001 -- a predicate
    """Whoever may set an administrator's password would hold two of the three powers."""
    return not subject.is_administrator


runs_the_system = serves_throughout(SYSTEM)
grants_rights = serves_throughout(SECURITY)
grants_rights_to_others = grants_rights & is_somebody_else
keeps_accounts_of_others = runs_the_system & is_somebody_else

ACTS: dict[str, Predicate] = {
    "view_area": serves_throughout(*AREA_READERS),
    "change_area": runs_the_system,
    "view_people": serves_throughout(*ADMIN_ROLES),
    "open_account": runs_the_system,
    "change_account": keeps_accounts_of_others,
    "renew_password": keeps_accounts_of_others & is_no_administrator,
    "close_account": keeps_accounts_of_others,
    "reopen_account": keeps_accounts_of_others,
    "give_duty": grants_rights_to_others,
    "end_duty": grants_rights_to_others,
    "set_clearance": grants_rights_to_others,
    "appoint_deputy": grants_rights_to_others,
    "remove_deputy": grants_rights_to_others,
    "end_sessions": grants_rights_to_others,
    # A program with such a key would hold two of the three powers.
    "issue_key": grants_rights_to_others & is_no_administrator,
    "revoke_key": grants_rights_to_others,
}
OWNERS: dict[str, tuple[Role, ...]] = {
    "view_area": AREA_READERS,
    "view_people": ADMIN_ROLES,
    **dict.fromkeys(
        ("change_area", "open_account", "change_account", "renew_password", "close_account"),
        (SYSTEM,),
    ),
    "reopen_account": (SYSTEM,),
    **dict.fromkeys(
        ("give_duty", "end_duty", "set_clearance", "appoint_deputy", "remove_deputy"), (SECURITY,)
    ),
    **dict.fromkeys(("end_sessions", "issue_key", "revoke_key"), (SECURITY,)),
}

WHOSE_PART = {
    AREA_READERS: _("Areas are shown to administrators, leaders and the centre."),
    ADMIN_ROLES: _("People and duties are the business of the administrators."),
    (SYSTEM,): _("Accounts and areas are the business of the system administrator."),
    (SECURITY,): _("Duties are the business of the security administrator."),
}
NOT_YOURSELF = Reason("yourself", _("Nobody changes his own account, duties or deputies here."))
ADMINISTRATOR = Reason(
    "administrator",
    _("The password of an administrator is renewed on the server, not by another administrator."),
)
NO_KEY = Reason("administrator", _("No program acts as an administrator."))
ELSEWHERE = Reason("elsewhere", _("This also concerns areas outside your own."))


class NotYourPart(Forbidden):
    title = _("You may not do this")


def may(actor: Actor, act: str, subject: Subject) -> bool:
    rule = ACTS.get(act)
    return rule is not None and bool(rule.test(actor, subject))


def require(actor: Actor, act: str, subject: Subject) -> None:
    """Raises ``NotYourPart`` with the reason, unless the actor may do this."""
    if not may(actor, act, subject):
        raise NotYourPart(_why_not(actor, act, subject))


def require_view(actor: Actor, act: str, subject: Subject) -> None:
    """As ``require``, but what lies in another's area does not exist: ``NotFound``."""
    if not may(actor, act, subject) and actor.roles & set(OWNERS[act]):
        raise NotFound
    require(actor, act, subject)


def _why_not(actor: Actor, act: str, subject: Subject) -> Reason:
    owners = OWNERS[act]
    if not actor.roles & set(owners):
        return Reason("not_your_part", WHOSE_PART[owners])
    if not is_somebody_else.test(actor, subject):
        return NOT_YOURSELF
    if act == "renew_password" and subject.is_administrator:
        return ADMINISTRATOR
    if act == "issue_key" and subject.is_administrator:
        return NO_KEY
    return ELSEWHERE


# Lists --------------------------------------------------------------------------------------------


def scope(actor: Actor, roles: Iterable[Role]) -> list[str]:
    """The topmost areas in which the actor holds one of ``roles``; none lies within another."""
    wanted = set(roles)
    codes = sorted({grant.area_code for grant in actor.grants if grant.role in wanted})
    return [
        code for code in codes if not any(code != top and code.startswith(top) for top in codes)
    ]


def areas_within(codes: Iterable[str], *, field: str = "code") -> Q:
    """Rows whose ``field`` lies in one of ``codes``; none when there are none."""
    rows = Q(pk__in=[])
    for code in codes:
        rows |= within(code, field=field)
    return rows


def people_in_reach(actor: Actor) -> QuerySet[Person]:
    """Whom an administrator may see: who serves or served in his areas, and who serves nowhere."""
    codes = scope(actor, ADMIN_ROLES)
    if not codes:
        return Person.objects.none()
    served = Duty.objects.filter(person=OuterRef("pk"))
    here = served.filter(areas_within(codes, field="area__code"))
    return Person.objects.filter(Exists(here) | ~Exists(served))
