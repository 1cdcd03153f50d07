"""People and their duties: the list of them, and the page of one."""

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mediation.accounts import policy, selectors
from mediation.accounts.administration import subject_from
from mediation.accounts.keys import open_keys
from mediation.accounts.models import ADMIN_ROLES, Role
from mediation.accounts.policy import Subject
from mediation.accounts.selectors import Wanted
from mediation.core import clock, text
from mediation.web.access import StaffRequest, signed_in
from mediation.web.people_steps import find, typed
from mediation.web.records import entries
from workflows import handover

PAGE_SIZE = 30
HISTORY_SHOWN = 30
ACCOUNT_ACTS = ("change_account", "renew_password", "close_account", "reopen_account")


@require_safe
@signed_in
def people(request: StaffRequest) -> HttpResponse:
    """A page of people with their duties; found by name, role, area or state."""
    policy.require(request.actor, "view_people", Subject())
    wanted = _wanted(request.GET)
    after = typed(request.GET.get("after", ""))
    reach = policy.people_in_reach(request.actor)
    gives_duties = policy.may(request.actor, "give_duty", Subject())
    rows = selectors.list_people(
        reach, wanted, today=clock.today(), after=after, limit=PAGE_SIZE + 1
    )
    shown = rows[:PAGE_SIZE]
    told = {
        "rows": shown,
        "wanted": wanted,
        "filtered": wanted != Wanted(),
        "roles": Role.choices,
        "states": _states(),
        "first": _address(request.GET, "") if after else "",
        "next": _address(request.GET, shown[-1].username) if len(rows) > PAGE_SIZE else "",
        "may_open": policy.may(request.actor, "open_account", Subject()),
        "idle": selectors.idle(reach, today=clock.today()).count() if gives_duties else 0,
        "gives_duties": gives_duties,
    }
    return render(request, "people/people.html", told)


def _states() -> list[tuple[str, str]]:
    return [
        ("active", _("Open accounts")),
        ("idle", _("Without a duty")),
        ("closed", _("Closed accounts")),
    ]


def _wanted(query: QueryDict) -> Wanted:
    """What the address asks for. Anything it cannot mean is left out."""
    role, state, area = query.get("role", ""), query.get("state", ""), query.get("area", "")
    area = text.ascii_digits(typed(area))
    return Wanted(
        words=typed(query.get("q", ""))[:60],
        role=role if role in Role.values else "",
        area_code=area if area.isascii() and area.isdigit() and len(area) <= 15 else "",
        state=state if state in dict(_states()) else "",
    )


def _address(query: QueryDict, after: str) -> str:
    wanted = query.copy()
    wanted.pop("after", None)
    if after:
        wanted["after"] = after
    return f"?{wanted.urlencode()}"


@require_safe
@signed_in
def person(request: StaffRequest, person: int) -> HttpResponse:
    """One person: account, duties of now and before, open work, and every change of these."""
    found = find(request, person)
    today = clock.today()
    every = selectors.all_duties(found.pk)
    running = [duty for duty in every if duty.until is None or duty.until >= today]
    subject = subject_from(found, running)
    before = request.GET.get("before", "")
    before_id = int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None
    records = selectors.history(person_id=found.pk, before=before_id, limit=HISTORY_SHOWN + 1)
    own = {duty.pk: Subject((duty.area.code,), found.pk) for duty in running}
    told = {
        "person": found,
        "duties": [
            (duty, policy.may(request.actor, "end_duty", own[duty.pk]), duty.since > today)
            for duty in running
        ],
        "ended": [duty for duty in every if duty not in running],
        "open_work": handover.open_work(found.pk),
        "acts": {act for act in ACCOUNT_ACTS if policy.may(request.actor, act, subject)},
        "keys": list(open_keys(found.pk)),
        "may_issue_key": policy.may(request.actor, "issue_key", subject),
        "may_revoke_key": policy.may(request.actor, "revoke_key", subject),
        "may_end_sessions": policy.may(request.actor, "end_sessions", subject),
        "may_give": policy.may(request.actor, "give_duty", Subject(person_id=found.pk)),
        "is_self": found.pk == request.actor.person_id,
        "history": entries(records[:HISTORY_SHOWN]),
        "older": f"?before={records[HISTORY_SHOWN - 1].pk}#history"
        if len(records) > HISTORY_SHOWN
        else "",
        "admin_roles": ADMIN_ROLES,
    }
    return render(request, "people/person.html", told)
