"""People and duties: accounts by the system administrator, duties by the security administrator."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from mediation.accounts import administration, policy, selectors
from mediation.accounts.administration import Act, subject_from
from mediation.accounts.models import ADMIN_ROLES, Duty, Person, Role
from mediation.accounts.policy import Subject
from mediation.accounts.selectors import Wanted
from mediation.areas.models import Area, Level
from mediation.core import clock, text
from mediation.core.errors import Malformed, NotFound, Unmet
from mediation.web.access import StaffRequest, signed_in
from mediation.web.area_forms import WithReason, full_name
from mediation.web.people_forms import (
    AccountForm,
    DeputyForm,
    DutyForm,
    EndDutyForm,
    NewAccountForm,
)
from mediation.web.records import entries
from workflows import handover

PAGE_SIZE = 30
HISTORY_SHOWN = 30
SUGGESTED = 300
ACCOUNT_ACTS = ("change_account", "renew_password", "close_account", "reopen_account")


@require_safe
@signed_in
def people(request: StaffRequest) -> HttpResponse:
    """A page of people with their duties; found by name, role, area or state."""
    policy.require(request.actor, "view_people", Subject())
    wanted = _wanted(request.GET)
    after = _clean(request.GET.get("after", ""))
    reach = policy.people_in_reach(request.actor)
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
    area = text.ascii_digits(_clean(area))
    return Wanted(
        words=_clean(query.get("q", ""))[:60],
        role=role if role in Role.values else "",
        area_code=area if area.isascii() and area.isdigit() and len(area) <= 15 else "",
        state=state if state in dict(_states()) else "",
    )


def _clean(typed: str) -> str:
    """Text of an address that a database can be asked for; what it cannot hold finds nothing."""
    try:
        return text.clean(typed)
    except text.BadText:
        return ""


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
    found = _find(request, person)
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


# Accounts -----------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new_account(request: StaffRequest) -> HttpResponse:
    """Make an account. Its first password stands on the answer alone and is kept nowhere."""
    policy.require(request.actor, "open_account", Subject())
    form = NewAccountForm(_posted(request))
    if request.method == "POST" and form.is_valid():
        values = {key: form.cleaned_data[key] for key in ("username", "name", "post", "phone")}
        try:
            made, raw = administration.open_account(_act(request, form), **values)
        except Malformed as refusal:
            form.add_refusal(refusal.fields)
        else:
            return _first_password(request, made, raw)
    told = {"heading": _("New account"), "submit": _("Create the account")}
    return _form(request, form, None, told)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def edit_account(request: StaffRequest, person: int) -> HttpResponse:
    found = _allowed(request, person, "change_account")
    initial = {"name": found.name, "post": found.post, "phone": found.phone}
    form = AccountForm(_posted(request), initial=initial)
    told = {"heading": _("Change the account"), "submit": _("Save")}

    def act() -> str:
        values = {key: form.cleaned_data[key] for key in initial}
        administration.change_account(_act(request, form), person_id=person, **values)
        return _("The changes were saved.")

    return _step(request, form, found, told, act)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def renew_password(request: StaffRequest, person: int) -> HttpResponse:
    """A new first password for somebody who forgot his."""
    found = _allowed(request, person, "renew_password")
    form = WithReason(_posted(request))
    if request.method == "POST" and form.is_valid():
        made, raw = administration.renew_password(_act(request, form), person_id=person)
        return _first_password(request, made, raw)
    told = {
        "heading": _("New first password"),
        "lead": _("The old password stops working at once, and every session of this person ends."),
        "submit": _("Make a new password"),
    }
    return _form(request, form, found, told)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def end_sessions(request: StaffRequest, person: int) -> HttpResponse:
    """Sign somebody out everywhere, as when a phone is lost."""
    found = _allowed(request, person, "end_sessions")
    form = WithReason(_posted(request))
    told = {
        "heading": _("Sign out everywhere"),
        "lead": _(
            "Every device of this person is signed out at once. Signing in again stays possible."
        ),
        "submit": _("Sign out everywhere"),
        "is_danger": True,
    }

    def act() -> str:
        ended = administration.end_sessions(_act(request, form), person_id=person)
        return ngettext("%(n)s device was signed out.", "%(n)s devices were signed out.", ended) % {
            "n": ended
        }

    return _step(request, form, found, told, act)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def close_account(request: StaffRequest, person: int) -> HttpResponse:
    """Shut somebody out; first shown what he leaves behind and who goes on with it."""
    found = _allowed(request, person, "close_account")
    form = WithReason(_posted(request))
    today = clock.today()
    duties = selectors.unfinished_duties(found.pk, today=today)
    told = {
        "heading": _("Close the account"),
        "lead": _("It works at once: open pages and connections end, nothing more can be done."),
        "submit": _("Close the account"),
        "is_danger": True,
        "left": handover.left_behind(duties, today=today),
        "shows_left": True,
    }

    def act() -> str:
        administration.close_account(
            _act(request, form), person_id=person, hand_over=handover.release
        )
        return _("The account was closed.")

    return _step(request, form, found, told, act)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def reopen_account(request: StaffRequest, person: int) -> HttpResponse:
    found = _allowed(request, person, "reopen_account")
    form = WithReason(_posted(request))
    told = {
        "heading": _("Open the account again"),
        "lead": _("Duties that were not ended are in force again at once."),
        "submit": _("Open again"),
    }

    def act() -> str:
        administration.reopen_account(_act(request, form), person_id=person)
        return _("The account is open again.")

    return _step(request, form, found, told, act)


def _first_password(request: StaffRequest, person: Person, raw: str) -> HttpResponse:
    # Never in a session, a message or an address: this answer is the only place it stands.
    return render(request, "people/first_password.html", {"person": person, "password": raw})


# Duties -------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def give_duty(request: StaffRequest, person: int) -> HttpResponse:
    """Role, area, days, clearance and deputy, all on one page."""
    found = _find(request, person)
    policy.require(request.actor, "give_duty", Subject(person_id=person))
    codes = policy.scope(request.actor, (Role.SECURITY_ADMIN,))
    reach = policy.people_in_reach(request.actor)
    initial = {"since": clock.today(), "area": _clean(request.GET.get("area", ""))[:15]}
    form = DutyForm(_posted(request), codes=codes, people=reach, initial=initial)
    told = {
        "heading": _("Give a duty"),
        "submit": _("Give the duty"),
        "area_list": _area_list(codes),
        "people_list": _people_list(reach),
    }

    def act() -> str:
        cleaned = form.cleaned_data
        administration.give_duty(
            _act(request, form),
            person_id=person,
            role=Role(cleaned["role"]),
            area=cleaned["area"],
            since=cleaned["since"],
            until=cleaned["until"],
            cleared=cleaned["cleared"],
            deputy=form.wish,
        )
        return _("The duty was given. It holds from its first day on.")

    return _step(request, form, found, told, act)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def end_duty(request: StaffRequest, duty: int) -> HttpResponse:
    """End a duty; first shown what its holder leaves behind and who goes on with it."""
    found = _allowed_duty(request, duty, "end_duty")
    form = EndDutyForm(_posted(request))
    told = {
        "heading": _("End the duty"),
        "submit": _("End the duty"),
        "is_danger": True,
        "duty": found,
        "left": handover.left_behind([found], today=clock.today()),
        "shows_left": True,
    }

    def act() -> str:
        last_day = form.cleaned_data["last_day"]
        administration.end_duty(
            _act(request, form), duty_id=duty, until=last_day, hand_over=handover.release
        )
        if last_day:
            return _("The duty ends after its last day.")
        return _("The duty has ended. Open pages of this person were told at once.")

    return _step(request, form, found.person, told, act)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def deputy(request: StaffRequest, duty: int) -> HttpResponse:
    """Who stands in for a duty. An empty name takes the deputy away."""
    found = _allowed_duty(request, duty, "appoint_deputy")
    reach = policy.people_in_reach(request.actor)
    initial = {
        "deputy": found.deputy.username if found.deputy else "",
        "deputy_since": found.deputy_since,
        "deputy_until": found.deputy_until,
    }
    form = DeputyForm(_posted(request), people=reach, initial=initial)
    told = {
        "heading": _("Deputy"),
        "lead": _("An empty name takes the deputy away."),
        "submit": _("Save"),
        "duty": found,
        "people_list": _people_list(reach),
    }

    def act() -> str:
        if form.wish is None:
            administration.remove_deputy(_act(request, form), duty_id=duty)
            return _("Nobody stands in any more.")
        administration.appoint_deputy(_act(request, form), duty_id=duty, deputy=form.wish)
        return _("The deputy was appointed.")

    return _step(request, form, found.person, told, act)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def clearance(request: StaffRequest, duty: int) -> HttpResponse:
    """Grant or withdraw the right to handle minors', violence and sealed cases."""
    found = _allowed_duty(request, duty, "set_clearance")
    form = WithReason(_posted(request))
    told = {
        "heading": _("Withdraw clearance") if found.cleared else _("Grant clearance"),
        "lead": _("Minors, violence and sealed cases need this besides role and area."),
        "submit": _("Withdraw") if found.cleared else _("Grant"),
        "is_danger": found.cleared,
        "duty": found,
    }

    def act() -> str:
        cleared = not found.cleared
        administration.set_clearance(_act(request, form), duty_id=duty, cleared=cleared)
        return _("Clearance was granted.") if cleared else _("Clearance was withdrawn.")

    return _step(request, form, found.person, told, act)


# Common -------------------------------------------------------------------------------------------


def _find(request: StaffRequest, person_id: int) -> Person:
    """Whom the actor may see. A person outside his areas does not exist."""
    policy.require(request.actor, "view_people", Subject())
    found = policy.people_in_reach(request.actor).filter(pk=person_id).first()
    if found is None:
        raise NotFound
    return found


def _allowed(request: StaffRequest, person_id: int, act: str) -> Person:
    found = _find(request, person_id)
    policy.require(request.actor, act, administration.subject_of(found, today=clock.today()))
    return found


def _allowed_duty(request: StaffRequest, duty_id: int, act: str) -> Duty:
    policy.require(request.actor, "view_people", Subject())
    duty = (
        Duty.objects.select_related("person", "area__parent", "deputy")
        .filter(pk=duty_id, person__in=policy.people_in_reach(request.actor))
        .first()
    )
    if duty is None:
        raise NotFound
    policy.require(request.actor, act, Subject((duty.area.code,), duty.person_id))
    return duty


def _area_list(codes: list[str]) -> list[tuple[str, str]]:
    """Suggestions from the top down; whatever they leave out can be typed."""
    rows = Area.objects.filter(policy.areas_within(codes), is_active=True)
    near = rows.select_related("parent").order_by("level", "code")[:SUGGESTED]
    return [(area.code, f"{full_name(area)} · {Level(area.level).label}") for area in near]


def _people_list(reach: Any) -> list[tuple[str, str]]:
    rows = reach.filter(is_active=True).order_by("username").values_list("username", "name", "post")
    return [(username, f"{name} {post}".strip()) for username, name, post in rows[:SUGGESTED]]


def _act(request: StaffRequest, form: Any) -> Act:
    return Act(by=request.actor, now=clock.now(), reason=form.cleaned_data["reason"])


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _step(
    request: StaffRequest,
    form: Any,
    person: Person,
    told: dict[str, Any],
    act: Callable[[], str],
) -> HttpResponse:
    """Show the form, or do what it says and go back to the person; inputs stay when refused."""
    if request.method == "POST" and form.is_valid():
        try:
            done = act()
        except Malformed as refusal:
            form.add_refusal(refusal.fields)
        except Unmet as refusal:
            told = told | {"sentences": refusal.sentences}
        else:
            messages.success(request, done)
            return redirect("person", person=person.pk)
    return _form(request, form, person, told)


def _form(
    request: StaffRequest, form: Any, person: Person | None, told: dict[str, Any]
) -> HttpResponse:
    refused = form.is_bound and (bool(form.errors) or bool(told.get("sentences")))
    told = {"form": form, "person": person, **told}
    return render(request, "people/form.html", told, status=422 if refused else 200)
