"""Duties, given by the security administrator."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mediation.accounts import administration, policy
from mediation.accounts.models import Duty, Role
from mediation.accounts.policy import Subject
from mediation.areas.models import Area, Level
from mediation.core import clock
from mediation.core.errors import NotFound
from mediation.web.access import StaffRequest, signed_in
from mediation.web.area_forms import WithReason, full_name
from mediation.web.form_page import sent
from mediation.web.people_forms import DeputyForm, DutyForm, EndDutyForm
from mediation.web.people_steps import answer, find, typed
from workflows import handover

SUGGESTED = 300


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def give_duty(request: StaffRequest, person: int) -> HttpResponse:
    """Role, area, days, clearance and deputy, all on one page."""
    found = find(request, person)
    policy.require(request.actor, "give_duty", Subject(person_id=person))
    codes = policy.scope(request.actor, (Role.SECURITY_ADMIN,))
    reach = policy.people_in_reach(request.actor)
    initial = {"since": clock.today(), "area": typed(request.GET.get("area", ""))[:15]}
    form = DutyForm(sent(request), codes=codes, people=reach, initial=initial)
    told = {
        "heading": _("Give a duty"),
        "submit": _("Give the duty"),
        "area_list": _area_list(codes),
        "people_list": _people_list(reach),
    }

    def act() -> str:
        cleaned = form.cleaned_data
        administration.give_duty(
            form.act_of(request.actor),
            person_id=person,
            role=Role(cleaned["role"]),
            area=cleaned["area"],
            since=cleaned["since"],
            until=cleaned["until"],
            cleared=cleaned["cleared"],
            deputy=form.wish,
        )
        return _("The duty was given. It holds from its first day on.")

    return answer(request, form, found, told, act)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def end_duty(request: StaffRequest, duty: int) -> HttpResponse:
    """End a duty; first shown what its holder leaves behind and who goes on with it."""
    found = _allowed(request, duty, "end_duty")
    form = EndDutyForm(sent(request))
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
            form.act_of(request.actor), duty_id=duty, until=last_day, hand_over=handover.release
        )
        if last_day:
            return _("The duty ends after its last day.")
        return _("The duty has ended. Open pages of this person were told at once.")

    return answer(request, form, found.person, told, act)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def deputy(request: StaffRequest, duty: int) -> HttpResponse:
    """Who stands in for a duty. An empty name takes the deputy away."""
    found = _allowed(request, duty, "appoint_deputy")
    reach = policy.people_in_reach(request.actor)
    initial = {
        "deputy": found.deputy.username if found.deputy else "",
        "deputy_since": found.deputy_since,
        "deputy_until": found.deputy_until,
    }
    form = DeputyForm(sent(request), people=reach, initial=initial)
    told = {
        "heading": _("Deputy"),
        "lead": _("An empty name takes the deputy away."),
        "submit": _("Save"),
        "duty": found,
        "people_list": _people_list(reach),
    }

    def act() -> str:
        if form.wish is None:
            administration.remove_deputy(form.act_of(request.actor), duty_id=duty)
            return _("Nobody stands in any more.")
        administration.appoint_deputy(form.act_of(request.actor), duty_id=duty, deputy=form.wish)
        return _("The deputy was appointed.")

    return answer(request, form, found.person, told, act)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def clearance(request: StaffRequest, duty: int) -> HttpResponse:
    """Grant or withdraw the right to handle minors', violence and sealed cases."""
    found = _allowed(request, duty, "set_clearance")
    form = WithReason(sent(request))
    told = {
        "heading": _("Withdraw clearance") if found.cleared else _("Grant clearance"),
        "lead": _("Minors, violence and sealed cases need this besides role and area."),
        "submit": _("Withdraw") if found.cleared else _("Grant"),
        "is_danger": found.cleared,
        "duty": found,
    }

    def act() -> str:
        cleared = not found.cleared
        administration.set_clearance(form.act_of(request.actor), duty_id=duty, cleared=cleared)
        return _("Clearance was granted.") if cleared else _("Clearance was withdrawn.")

    return answer(request, form, found.person, told, act)


def _allowed(request: StaffRequest, duty_id: int, act: str) -> Duty:
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
