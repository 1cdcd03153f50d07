"""The board of the centre: open work in columns, the worst on top."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from mediation.accounts.actor import Actor
from mediation.accounts.models import Role
from mediation.core import clock
from mediation.deadlines.store import calendar_in_force
from mediation.disputes.selectors import CaseFilter
from mediation.web.access import StaffRequest, require_role, signed_in
from mediation.web.clockface import face_of_moment
from mediation.web.views.cases import CASE_ROLES
from mediation.web.words import NODE_WORDS
from workflows import selectors
from workflows.chart import TRACK


@dataclass(frozen=True, slots=True)
class Column:
    """Work of one kind. Several nodes may share a column."""

    label: str | Promise
    nodes: tuple[str, ...]


def _columns(*nodes: str) -> tuple[Column, ...]:
    return tuple(Column(NODE_WORDS[node], (node,)) for node in nodes)


GROUPS: dict[str, tuple[str | Promise, tuple[Column, ...]]] = {
    "centre": (
        _("Centre"),
        (
            *_columns("assess", "triage", "seek_consent", "choose_channel", "handle_referral"),
            Column(NODE_WORDS["reconsider"], TRACK),
            *_columns("await_children", "review_closure", "archive"),
        ),
    ),
    "mediation": (
        _("Mediators"),
        _columns("seek_consent", "mediate", "sign", "supervise_performance"),
    ),
    "justice": (_("Justice office"), _columns("assess", "review_closure", "follow_up", "archive")),
}
OWN_GROUP = (
    (Role.CENTRE_STAFF, "centre"),
    (Role.JUSTICE_STAFF, "justice"),
    (Role.MEDIATOR, "mediation"),
)


@require_safe
@signed_in
def board(request: StaffRequest) -> HttpResponse:
    """One group of columns, of the whole area or of one community."""
    require_role(request.actor, *CASE_ROLES)
    name = request.GET.get("group", "")
    name = name if name in GROUPS else _own_group(request.actor)
    wanted = CaseFilter(area=CaseFilter.read(request.GET).area)
    told = {
        "group": name,
        "groups": [(key, label) for key, (label, _columns) in GROUPS.items()],
        "columns": list(_filled(request.actor, GROUPS[name][1], wanted.area)),
        "area": wanted.area,
        "areas": selectors.communities(request.actor),
        "here": request.get_full_path(),
    }
    page = "board/_columns.html" if "HX-Request" in request.headers else "board/board.html"
    return render(request, page, told)


def _own_group(actor: Actor) -> str:
    return next((name for role, name in OWN_GROUP if role in actor.roles), "centre")


def _filled(actor: Actor, columns: Iterable[Column], area: str) -> Iterator[dict[str, Any]]:
    now, calendar = clock.now(), calendar_in_force()
    kept = list(columns)
    nodes = [node for column in kept for node in column.nodes]
    rows = selectors.board(actor, nodes, area=area, now=now)
    for column in kept:
        own = [row for row in rows if row["node"] in column.nodes]
        total = sum({row["node"]: row["total"] for row in own}.values())
        yield {
            "label": column.label,
            "total": total,
            "url": f"{reverse('disputes')}?{CaseFilter(node=column.nodes, area=area).query}",
            "more": total - len(own),
            "cards": [_card(row, now=now, calendar=calendar) for row in own],
        }


def _card(row: dict[str, Any], *, now: Any, calendar: Any) -> dict[str, Any]:
    return row | {
        "url": reverse("dispute", args=[row["code"]]),
        "due": face_of_moment(row["due_at"], now=now, calendar=calendar),
    }
