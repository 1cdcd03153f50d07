"""Areas and grids: the tree level by level, who serves where, and its changes."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from mediation.accounts import administration, policy, selectors
from mediation.accounts.models import Role
from mediation.accounts.policy import AREA_READERS, Subject
from mediation.areas import services
from mediation.areas.models import Area, Level, Outline
from mediation.areas.selectors import trail
from mediation.core import clock
from mediation.core.errors import NotFound
from mediation.web import form_page
from mediation.web.access import StaffRequest, signed_in
from mediation.web.area_forms import AreaForm, NewAreaForm, Reasoned, WithReason
from mediation.web.form_page import sent
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
        "outline": Outline.objects.filter(area=found).only("source", "imported_at").first(),
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
    form = NewAreaForm(sent(request), parent=parent, initial=initial)
    told = {
        "heading": _("New area: %(level)s") % {"level": level.label},
        "submit": _("Create"),
    }

    def act() -> str:
        made = administration.create_area(
            form.act_of(request.actor),
            parent_code=parent.code,
            code=form.cleaned_data["code"],
            **form.values(),
        )
        return _("%(name)s was created.") % {"name": made.name}

    return _answer(request, form, [*crumbs, parent], told, act)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def edit_area(request: StaffRequest, area: str) -> HttpResponse:
    found, crumbs = _open(request, area, "change_area")
    initial = {
        "name": found.name, "short_name": found.short_name, "households": found.households,
    }  # fmt: skip
    form = AreaForm(sent(request), level=Level(found.level), initial=initial)
    told = {"heading": _("Change %(name)s") % {"name": found.name}, "submit": _("Save")}

    def act() -> str:
        values = {"short_name": found.short_name} | form.values()
        administration.change_area(form.act_of(request.actor), code=found.code, **values)
        return _("The changes were saved.")

    return _answer(request, form, [*crumbs, found], told, act)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def close_area(request: StaffRequest, area: str) -> HttpResponse:
    """Take an area out of use, or say what keeps it open."""
    found, crumbs = _open(request, area, "change_area")
    form = WithReason(sent(request))
    told = {
        "heading": _("Close %(name)s") % {"name": found.name},
        "lead": _(
            "A closed area takes no new cases and no new duties. Its cases and its history stay."
        ),
        "submit": _("Close the area"),
        "is_danger": True,
    }

    def act() -> str:
        administration.close_area(
            form.act_of(request.actor),
            code=found.code,
            hindrances=lambda locked: handover.hindrances(locked, today=clock.today()),
        )
        return _("%(name)s was closed.") % {"name": found.name}

    return _answer(request, form, [*crumbs, found], told, act)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def reopen_area(request: StaffRequest, area: str) -> HttpResponse:
    found, crumbs = _open(request, area, "change_area")
    form = WithReason(sent(request))
    told = {
        "heading": _("Open %(name)s again") % {"name": found.name},
        "submit": _("Open again"),
    }

    def act() -> str:
        administration.reopen_area(form.act_of(request.actor), code=found.code)
        return _("%(name)s is in use again.") % {"name": found.name}

    return _answer(request, form, [*crumbs, found], told, act)


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


def _answer(
    request: StaffRequest,
    form: Reasoned,
    path: list[Area],
    told: Mapping[str, Any],
    act: form_page.Act,
) -> HttpResponse:
    """Show the form, or do what it says and go back to the area at the end of ``path``."""
    told = {"area": path[-1], "crumbs": path, **told}
    back = reverse("area", args=[path[-1].code])
    return form_page.answer(request, "areas/form.html", told, form, act, back=back)
