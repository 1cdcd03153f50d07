"""The desks beside mediation: reconsiderations and the office as respondent; what goes out and comes in."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from mediation.accounts.models import Role
from mediation.core import clock
from mediation.core.clock import local_day
from mediation.deadlines.store import calendar_in_force
from mediation.reconsideration.models import State
from mediation.referrals.models import Order, OrderKind, Referral, Target
from mediation.web.access import StaffRequest, require_role, signed_in
from mediation.web.clockface import article_of, face, face_of_moment, rule_words
from mediation.web.words import NODE_WORDS
from workflows import linked

PAGE_SIZE = 50
LAST_PAGE = 200
CENTRE = (Role.CENTRE_STAFF, Role.JUSTICE_STAFF, Role.LEADER)
TRACK_TABS = {
    "mine": _("Mine to do"),
    "own": _("We are the respondent"),
    "running": _("Under way"),
    "ended": _("Ended"),
}
REFERRAL_TABS = {"out": _("Handed over"), "in": _("Received from others")}


@require_safe
@signed_in
def tracks(request: StaffRequest) -> HttpResponse:
    """The reconsiderations of one's area, by what has to be done."""
    require_role(request.actor, Role.RECONSIDERATION_CLERK, *CENTRE)
    tab = request.GET.get("tab", "")
    usual = "mine" if Role.RECONSIDERATION_CLERK in request.actor.roles else "running"
    tab = tab if tab in TRACK_TABS else usual
    now, calendar = clock.now(), calendar_in_force()
    rows, pages = _page(request, linked.tracks(request.actor, tab, now=now))
    shown = [
        row
        | {
            "url": reverse("dispute", args=[row["code"]]),
            "state": State(row["status"]).label,
            "step": NODE_WORDS.get(row["node"] or "", ""),
            "role_word": Role(row["role"]).label if row["role"] else "",
            "due": face_of_moment(row["due_at"], now=now, calendar=calendar)
            if tab != "ended"
            else None,
            "term": rule_words(row["rule"]) if row["rule"] else "",
            "article": article_of(row["rule"] or ""),
        }
        for row in rows
    ]
    told = {"tab": tab, "tabs": list(TRACK_TABS.items()), "rows": shown} | pages
    return render(request, "channels/tracks.html", told)


@require_safe
@signed_in
def referrals(request: StaffRequest) -> HttpResponse:
    """What was handed over and what others have handed over, with the day of the answer."""
    require_role(request.actor, *CENTRE)
    tab = request.GET.get("tab", "")
    tab = tab if tab in REFERRAL_TABS else "out"
    every = request.GET.get("all") == "1"
    now, calendar = clock.now(), calendar_in_force()
    ask: Any = linked.received if tab == "in" else linked.sent
    rows, pages = _page(request, ask(request.actor, now=now, open_only=not every))
    today = local_day(now)
    shown = [
        row
        | _words(tab, row)
        | {
            "url": reverse("dispute", args=[row["code"]]),
            "due": face(row["reply_by"], today=today, calendar=calendar)
            if row["status"] not in {"answered", "declined"}
            else None,
        }
        for row in rows
    ]
    told = {"tab": tab, "tabs": list(REFERRAL_TABS.items()), "rows": shown, "every": every}
    return render(request, "channels/referrals.html", told | pages)


def _words(tab: str, row: dict[str, Any]) -> dict[str, Any]:
    if tab == "in":
        return {
            "channel": OrderKind(row["kind"]).label,
            "state": Order.State(row["status"]).label,
            "since": row["received_on"],
        }
    return {
        "channel": Target(row["target"]).label,
        "state": Referral.State(row["status"]).label,
        "since": row["sent_on"],
        "number": "",
    }


def _page(request: StaffRequest, rows: Any) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """A page of rows, and the addresses of its neighbours."""
    typed = request.GET.get("page", "")
    number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 1
    page = min(max(number, 1), LAST_PAGE)
    start = (page - 1) * PAGE_SIZE
    found = list(rows[start : start + PAGE_SIZE + 1])
    more = len(found) > PAGE_SIZE and page < LAST_PAGE
    return found[:PAGE_SIZE], {
        "previous": _address(request, page - 1) if page > 1 else "",
        "next": _address(request, page + 1) if more else "",
        "here": request.get_full_path(),
    }


def _address(request: StaffRequest, page: int) -> str:
    query = request.GET.copy()
    query["page"] = str(page)
    return f"?{query.urlencode()}"
