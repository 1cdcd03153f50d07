"""Areas and grids: the tree level by level, who serves where, and its changes."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from mediation.accounts import administration, policy, selectors
from mediation.accounts.administration import Act
from mediation.accounts.models import Role
from mediation.accounts.policy import AREA_READERS, Subject
from mediation.areas import services
from mediation.areas.models import Area, Level
from mediation.areas.selectors import trail
from mediation.core import clock
from mediation.core.errors import Malformed, NotFound, Refusal, Unmet
from mediation.web.access import StaffRequest, signed_in
from mediation.web.area_forms import AreaForm, NewAreaForm, WithReason
from mediation.web.records import entries
from workflows import handover

UNSTAFFED_SHOWN = 200
HISTORY_SHOWN = 20


@require_safe
@signed_in
def areas(request: StaffRequest) -> HttpResponse:
    """The areas in which one serves; whoever serves in one alone sees it at once."""
    policy.require(request.actor, "view_area", Subject())
    tops = policy.scope(request.actor, AREA_READERS)
    if len(tops) == 1:
        return _show(request, tops[0], tops)
    rows = selectors.list_areas(selectors.at(tops), today=clock.today())
    return render(request, "areas/tops.html", {"rows": rows})


@require_safe
@signed_in
def area(request: StaffRequest, area: str) -> HttpResponse:
    """One area: its people, and what lies below it."""
    tops = policy.scope(request.actor, AREA_READERS)
    return _show(request, area, tops)


def _show(request: StaffRequest, code: str, tops: list[str]) -> HttpResponse:
    found, crumbs = _open(request, code, "view_area", tops)
    today = clock.today()
    own = selectors.list_areas(selectors.at([code]), today=today)[0]
    told = {
        "area": found,
        "own": own,
        "crumbs": crumbs,
        "level": Level(found.level),
        "child_level": services.child_level(found),
        "rows": selectors.list_areas(selectors.children_of(found), today=today),
        "figures": selectors.figures(code, today=today),
        "guideline": services.HOUSEHOLDS_GUIDELINE,
        "may_change": policy.may(request.actor, "change_area", Subject(areas=(code,))),
        "gives_duties": Role.SECURITY_ADMIN in request.actor.roles,
        "sees_people": policy.may(request.actor, "view_people", Subject()),
        "history": entries(selectors.area_history(found.pk, limit=HISTORY_SHOWN)),
    }
    return render(request, "areas/area.html", told)


@require_safe
@signed_in
def unstaffed(request: StaffRequest, area: str) -> HttpResponse:
    """Every grid below that has no worker today."""
    tops = policy.scope(request.actor, AREA_READERS)
    found, crumbs = _open(request, area, "view_area", tops)
    today = clock.today()
    after = request.GET.get("after", "")
    grids = selectors.grids_without_worker(area, today=today)
    if after.isascii() and after.isdigit():
        grids = grids.filter(code__gt=after)
    rows = list(grids.values("code", "name", "households", "parent__name")[: UNSTAFFED_SHOWN + 1])
    shown = rows[:UNSTAFFED_SHOWN]
    told = {
        "area": found,
        "crumbs": [*crumbs, found],
        "rows": shown,
        "next": f"?after={shown[-1]['code']}" if len(rows) > UNSTAFFED_SHOWN else "",
        "gives_duties": Role.SECURITY_ADMIN in request.actor.roles,
    }
    return render(request, "areas/unstaffed.html", told)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new_area(request: StaffRequest, area: str) -> HttpResponse:
    parent, crumbs = _open(request, area, "change_area")
    level = services.child_level(parent)
    if level is None:
        raise NotFound
    initial = {"code": services.next_code(parent)} if request.method != "POST" else None
    form = NewAreaForm(_posted(request), parent=parent, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = administration.create_area(
                _act(request, form),
                parent_code=parent.code,
                code=form.cleaned_data["code"],
                **form.values(),
            )
        except Malformed as refusal:
            form.add_refusal(refusal.fields)
        else:
            messages.success(request, _("%(name)s was created.") % {"name": made.name})
            return redirect("area", area=parent.code)
    told = {
        "heading": _("New area: %(level)s") % {"level": level.label},
        "submit": _("Create"),
    }
    return _form(request, form, parent, [*crumbs, parent], told)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def edit_area(request: StaffRequest, area: str) -> HttpResponse:
    found, crumbs = _open(request, area, "change_area")
    initial = {
        "name": found.name, "short_name": found.short_name, "households": found.households,
    }  # fmt: skip
    form = AreaForm(_posted(request), level=Level(found.level), initial=initial)
    if request.method == "POST" and form.is_valid():
        values = {"short_name": found.short_name} | form.values()
        try:
            administration.change_area(_act(request, form), code=found.code, **values)
        except Malformed as refusal:
            form.add_refusal(refusal.fields)
        else:
            messages.success(request, _("The changes were saved."))
            return redirect("area", area=found.code)
    told = {"heading": _("Change %(name)s") % {"name": found.name}, "submit": _("Save")}
    return _form(request, form, found, [*crumbs, found], told)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def close_area(request: StaffRequest, area: str) -> HttpResponse:
    """Take an area out of use, or say what keeps it open."""
    found, crumbs = _open(request, area, "change_area")
    form = WithReason(_posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            administration.close_area(
                _act(request, form),
                code=found.code,
                hindrances=lambda locked: handover.hindrances(locked, today=clock.today()),
            )
        except Unmet as refusal:
            return _form(request, form, found, [*crumbs, found], _closing(found, refusal))
        messages.success(request, _("%(name)s was closed.") % {"name": found.name})
        return redirect("area", area=found.code)
    return _form(request, form, found, [*crumbs, found], _closing(found))


def _closing(area: Area, refusal: Refusal | None = None) -> dict[str, Any]:
    return {
        "heading": _("Close %(name)s") % {"name": area.name},
        "lead": _(
            "A closed area takes no new cases and no new duties. Its cases and its history stay."
        ),
        "submit": _("Close the area"),
        "is_danger": True,
        "sentences": refusal.sentences if refusal else [],
    }


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def reopen_area(request: StaffRequest, area: str) -> HttpResponse:
    found, crumbs = _open(request, area, "change_area")
    form = WithReason(_posted(request))
    told: dict[str, Any] = {
        "heading": _("Open %(name)s again") % {"name": found.name},
        "submit": _("Open again"),
    }
    if request.method == "POST" and form.is_valid():
        try:
            administration.reopen_area(_act(request, form), code=found.code)
        except Unmet as refusal:
            told["sentences"] = refusal.sentences
        else:
            messages.success(request, _("%(name)s is in use again.") % {"name": found.name})
            return redirect("area", area=found.code)
    return _form(request, form, found, [*crumbs, found], told)


def _open(
    request: StaffRequest, code: str, act: str, tops: list[str] | None = None
) -> tuple[Area, list[Area]]:
    """The area, and those above it that one may see. Raises ``NotFound`` or ``NotYourPart``."""
    policy.require_view(request.actor, "view_area", Subject(areas=(code,)))
    policy.require(request.actor, act, Subject(areas=(code,)))
    tops = policy.scope(request.actor, AREA_READERS) if tops is None else tops
    path = trail(code)
    if not path or path[-1].code != code:
        raise NotFound
    return path[-1], [up for up in path[:-1] if any(up.code.startswith(top) for top in tops)]


def _act(request: StaffRequest, form: Any) -> Act:
    return Act(by=request.actor, now=clock.now(), reason=form.cleaned_data["reason"])


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _form(
    request: StaffRequest, form: Any, area: Area, crumbs: list[Area], told: dict[str, Any]
) -> HttpResponse:
    refused = form.is_bound and (bool(form.errors) or bool(told.get("sentences")))
    told = {"form": form, "area": area, "crumbs": crumbs, **told}
    return render(request, "areas/form.html", told, status=422 if refused else 200)
