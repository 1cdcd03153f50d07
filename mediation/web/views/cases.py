"""The list of cases, and the page of one."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from mediation.accounts.models import Role
from mediation.core import clock
from mediation.deadlines.calendar import WorkCalendar
from mediation.deadlines.clocks import recomputed
from mediation.deadlines.models import Deadline
from mediation.deadlines.store import calendar_in_force
from mediation.deadlines.table import PERIODS
from mediation.disputes.enums import DONE, Category, Colour, Stage, Status
from mediation.disputes.selectors import CaseFilter, StayFilter
from mediation.supervision.models import Card
from mediation.web import action_forms, case_page
from mediation.web.access import StaffRequest, require_role, signed_in
from mediation.web.clockface import clock_face, face_of_moment, in_order
from mediation.web.derivation import language
from mediation.web.dossier import Dossier, is_his_turn
from mediation.web.views.actions import step
from mediation.web.walk import Walk
from mediation.web.words import NODE_WORDS, label_of, lasting, node_word
from workflows import bpmn, selectors
from workflows.commands import catalog

CASE_ROLES = (
    Role.GRID_WORKER,
    Role.MEDIATOR,
    Role.CENTRE_STAFF,
    Role.JUSTICE_STAFF,
    Role.LEADER,
    Role.RECONSIDERATION_CLERK,
)
ALERT_WORDS = {"raised": gettext_lazy("Alert not acknowledged"), "open": gettext_lazy("Open alert")}


@require_safe
@signed_in
def disputes(request: StaffRequest) -> HttpResponse:
    """The visible cases, newest first; every filter is in the address."""
    require_role(request.actor, *CASE_ROLES)
    now = clock.now()
    wanted = CaseFilter.read(request.GET)
    found = selectors.cases(request.actor, wanted, now=now)
    walk = Walk(selectors.NEWEST, request.GET, size=selectors.PAGE_SIZE)
    rows = walk.page(found, shown=selectors.listed())
    count = selectors.capped_count(found)
    calendar = calendar_in_force()
    told = {
        "wanted": wanted,
        "rows": [line(row, now=now, calendar=calendar) for row in rows],
        "count": count,
        "count_words": "1000+" if count >= selectors.COUNTED_TO else str(count),
        "previous": walk.previous,
        "next": walk.next,
        "here": request.get_full_path(),
        "chips": _chips(wanted),
    }
    if "HX-Request" in request.headers:
        return render(request, "cases/_list.html", told)
    told |= {"choices": _choices(request), "mediates": Role.MEDIATOR in request.actor.roles}
    return render(request, "cases/list.html", told)


def line(row: Any, *, now: Any, calendar: WorkCalendar) -> dict[str, Any]:
    """One row as the list, the board and the leader's page show it."""
    open_case = row["status"] not in DONE
    return dict(row) | {
        "url": f"/disputes/{row['code']}/",
        "status_word": label_of(Status, row["status"]),
        "tone": "ok" if not open_case else "plain",
        "category_word": label_of(Category, row["category"]) if "category" in row else "",
        "step": node_word(row["node"] or ""),
        "role_word": label_of(Role, row["role"]) if row.get("role") else "",
        "due": face_of_moment(row["due_at"], now=now, calendar=calendar) if open_case else None,
    }


def _choices(request: StaffRequest) -> dict[str, Any]:
    return {
        "status": Status,
        "stage": Stage,
        "colour": Colour,
        "category": Category,
        "areas": selectors.communities(request.actor),
    }


def _chips(wanted: CaseFilter) -> list[dict[str, str]]:
    """What narrows the list, each to be taken away with one tap."""
    said: list[tuple[str, CaseFilter]] = []
    words = {"status": Status, "stage": Stage, "colour": Colour, "category": Category}
    for name, kind in words.items():
        for value in getattr(wanted, name):
            rest = tuple(v for v in getattr(wanted, name) if v != value)
            said.append((str(kind(value).label), wanted.but(**{name: rest})))
    for node in wanted.node:
        rest = tuple(v for v in wanted.node if v != node)
        said.append((str(NODE_WORDS.get(node, node)), wanted.but(node=rest)))
    said += [(words, wanted.but(**{name: ""})) for name, words in _said(wanted)]
    for level in wanted.card:
        rest = tuple(v for v in wanted.card if v != level)
        said.append((str(Card.Level(level).label), wanted.but(card=rest)))
    flags = {
        "owed": _("Report that the law demands not made"),
        "overdue": _("Overdue"),
        "open": _("Open"),
        "unperformed": _("Agreement not performed"),
        "settled": _("Settled"),
        "performed": _("Agreement performed"),
        "astray": _("Off the lawful path"),
    }
    said += [
        (label, wanted.but(**{name: False}))
        for name, label in flags.items()
        if getattr(wanted, name)
    ]
    return [{"text": text, "href": f"?{rest.query}"} for text, rest in said]


def _said(wanted: CaseFilter) -> list[tuple[str, str]]:
    areas = selectors.area_names([wanted.area]) if wanted.area else {}
    words = [
        ("area", areas.get(wanted.area, wanted.area)),
        ("mediator", _("I am the mediator") if wanted.mediator == "me" else _("Of one mediator")),
        ("new", _("Registered %(days)s") % _days(wanted.new)),
        ("closed", _("Closed %(days)s") % _days(wanted.closed)),
        ("effective", _("Agreement in effect since %(days)s") % _days(wanted.effective)),
        ("rebound", _("Came back %(days)s") % _days(wanted.rebound)),
        ("reddened", _("Turned red %(days)s") % _days(wanted.reddened)),
        ("kept", _("Performed %(days)s") % _days(wanted.kept)),
        ("open_on", _("Open on %(days)s") % _days(wanted.open_on)),
        ("due", _("Due within %(n)s days") % {"n": wanted.due}),
        ("idle", _("Nothing done for %(n)s days") % {"n": wanted.idle}),
        ("stayed", _stay(wanted.stayed)),
        ("handed", _("Went to another mediator %(days)s") % _days(wanted.handed)),
        ("alert", str(ALERT_WORDS.get(wanted.alert, ""))),
        ("q", f"“{wanted.q}”" if wanted.q else ""),
    ]
    return [(name, said) for name, said in words if said and getattr(wanted, name)]


def _stay(word: str) -> str:
    """“In mediation” for 3 days or more, until a day of …."""
    stay = StayFilter.read(word)
    if stay is None:
        return ""
    said = _("ended %(days)s") % _days(stay.days)
    if stay.minutes:
        said = _("%(time)s or longer, %(ended)s") % {"time": lasting(stay.minutes), "ended": said}
    if stay.command:
        said = f"{catalog.done_label(stay.command)} {said}"
    return f"{Status(stay.status).label} {said}" if stay.status else said


def _days(word: str) -> dict[str, str]:
    """2026-03-02 to 2026-03-20, or the one day or month."""
    first, dots, last = word.partition("..")
    return {"days": _("%(first)s to %(last)s") % {"first": first, "last": last} if dots else word}


@require_safe
@signed_in
def dispute(request: StaffRequest, code: str) -> HttpResponse:
    """One case: where it stands, who acts next, and all that is known of it."""
    dossier = Dossier.open(request.actor, code, now=clock.now())
    told = case_page.context(dossier)
    told["step"] = _next_step(dossier, told["actions"])
    told["choices"] = _ways_on(dossier.dispute.status, told["actions"], besides=told["step"])
    his_turn = told["step"] is None and is_his_turn(dossier.dispute, request.actor)
    told["held_up"] = [one for one in told["actions"] if one["primary"]] if his_turn else []
    for one in told["actions"]:
        one["primary"] = told["step"] is not None and one["name"] == told["step"]["name"]
    told["actions"].sort(key=lambda one: (not one["enabled"], not one["primary"], one["danger"]))
    told["seen"] = request.GET.get("seen", "")
    told["latest"] = told["entries"][0]
    return render(request, "cases/detail.html", told)


@require_safe
@signed_in
def clocks(request: StaffRequest, code: str) -> HttpResponse:
    """Every clock that runs or ran in a case, with its law and how its last day was found."""
    now = clock.now()
    dossier = Dossier.open(request.actor, code, now=now)
    calendar, today = calendar_in_force(), clock.local_day(now)
    rows = [
        {
            "face": clock_face(row, today=today, calendar=calendar),
            "code": row.rule if row.rule in PERIODS else "",
            "fired_at": row.fired_at,
            "sentences": _derivation(row),
        }
        for row in in_order(dossier.deadlines)
    ]
    return render(request, "deadlines/clocks.html", {"dispute": dossier.dispute, "rows": rows})


def _derivation(row: Deadline) -> list[str]:
    """How a computed day was found; nothing when today's calendar gives another one."""
    found = recomputed(row)
    return found.sentences(language()) if found and found.due == row.due_on else []


def _ways_on(
    status: str, actions: list[dict[str, Any]], *, besides: dict[str, Any] | None
) -> list[dict[str, Any]]:
    """The ways that are open to this person beside the step that comes next, the likeliest first."""
    offered = besides["name"] if besides else ""
    open_ones = {one["name"]: one for one in actions if one["enabled"] and one["name"] != offered}
    names = case_page.CHOICES.get(status, ())
    return [open_ones[name] for name in names if name in open_ones]


def _next_step(dossier: Dossier, actions: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The first step that may be taken now, or that clears its way, with its form when that is short."""
    main = [one for one in actions if one["primary"]]
    first = next((one for one in main if one["enabled"]), None)
    ways_out = (reason["way"] for one in main for reason in one["reasons"])
    first = first or next(filter(None, ways_out), None)
    if first is None:
        return None
    spec = catalog.find(first["name"])
    if action_forms.is_light(spec):
        return step(spec, dossier.facts)
    return {"name": spec.name, "label": spec.label, "url": first["url"], "form": None}


@require_safe
@signed_in
def flow(request: StaffRequest) -> HttpResponse:
    """The process model as BPMN 2.0, in the language of the reader."""
    require_role(request.actor, *Role)
    response = HttpResponse(bpmn.export(), content_type="application/xml; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="fengqiao.bpmn"'
    return response
