"""My deadlines: what is overdue, what comes next, by week and month, and as a calendar for the phone."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from django.views.decorators.http import require_POST, require_safe

from mediation.accounts.actor import load_actor
from mediation.core import clock
from mediation.core.errors import NotFound
from mediation.deadlines import feeds
from mediation.deadlines.calendar import WEEKEND, WORKING_DAY
from mediation.deadlines.desk import between, desk
from mediation.deadlines.models import CalendarFeed, Deadline
from mediation.deadlines.store import calendar_in_force
from mediation.deadlines.yearplan import DAY
from mediation.disputes.enums import Colour
from mediation.web.access import StaffRequest, signed_in
from mediation.web.clockface import Face, clock_face, rule_words
from mediation.web.derivation import language

VIEWS = {"list": gettext_lazy("List"), "week": gettext_lazy("Week"), "month": gettext_lazy("Month")}
PAGE_SIZE, MOST_IN_VIEW, MOST_IN_FEED = 50, 400, 500
LAST_PAGE = 200
FEED_SECRET = "calendar_feed"  # noqa: S105 -- the key in the session, not the secret
WEEK = 7 * DAY


@dataclass(frozen=True, slots=True)
class Line:
    """One clock of one case."""

    url: str
    number: str
    title: str
    colour: str
    face: Face
    day: date
    late: bool


@require_safe
@signed_in
def deadlines(request: StaffRequest) -> HttpResponse:
    """The clocks of one's desk; the address says which view and which days."""
    now = clock.now()
    view = request.GET.get("view", "")
    view = view if view in VIEWS else "list"
    told: dict[str, Any] = {
        "view": view,
        "views": VIEWS.items(),
        "here": request.get_full_path(),
        "feed": CalendarFeed.objects.filter(person=request.user).first(),
        "feed_url": _fresh_address(request),
    }
    if view == "list":
        told |= _list(request, now)
    else:
        told |= _calendar(request, now, view)
    return render(request, "deadlines/deadlines.html", told)


def _lines(rows: Iterable[Deadline], now: datetime) -> list[Line]:
    calendar, today = calendar_in_force(), clock.local_day(now)
    return [
        Line(
            url=reverse("dispute", args=[row.dispute.code]),
            number=row.dispute.number,
            title=row.dispute.title,
            colour=row.dispute.colour,
            face=clock_face(row, today=today, calendar=calendar),
            day=row.due_on,
            late=row.due_on < today,
        )
        for row in rows
    ]


def _list(request: StaffRequest, now: datetime) -> dict[str, Any]:
    """Overdue first; then what is due today, within a week, and later."""
    page, today = _page(request.GET.get("page", "")), clock.local_day(now)
    start = (page - 1) * PAGE_SIZE
    rows = list(desk(request.actor, now=now)[start : start + PAGE_SIZE + 1])
    groups: dict[str, list[Line]] = {"late": [], "today": [], "week": [], "later": []}
    for line in _lines(rows[:PAGE_SIZE], now):
        groups[_group(line, today)].append(line)
    words = {
        "late": _("Overdue"),
        "today": _("Due today"),
        "week": _("Within a week"),
        "later": _("Later"),
    }
    more = len(rows) > PAGE_SIZE and page < LAST_PAGE
    return {
        "groups": [(name, words[name], lines) for name, lines in groups.items() if lines],
        "previous": f"?view=list&page={page - 1}" if page > 1 else "",
        "next": f"?view=list&page={page + 1}" if more else "",
    }


def _group(line: Line, today: date) -> str:
    if line.late:
        return "late"
    if line.day == today:
        return "today"
    return "week" if line.day <= today + WEEK else "later"


def _page(typed: str) -> int:
    known = typed.isascii() and typed.isdigit() and len(typed) < 6 and int(typed) > 0
    return min(int(typed), LAST_PAGE) if known else 1


# Week and month ------------------------------------------------------------------------------------


def _calendar(request: StaffRequest, now: datetime, view: str) -> dict[str, Any]:
    today = clock.local_day(now)
    on = _day(request.GET) or today
    first, last = _span(view, on)
    rows = between(desk(request.actor, now=now), first, last)[:MOST_IN_VIEW]
    by_day: dict[date, list[Line]] = {}
    for line in _lines(rows, now):
        by_day.setdefault(line.day, []).append(line)
    before, after = first - DAY, last + DAY
    if view == "month":  # the weeks of a month reach into its neighbours
        before = on.replace(day=1) - DAY
        after = (on.replace(day=1) + timedelta(days=32)).replace(day=1)
    return {
        "on": on,
        "first": first,
        "last": last,
        "days": list(_days(first, last, by_day, today)),
        "any": bool(by_day),
        "previous": f"?view={view}&on={before}",
        "next": f"?view={view}&on={after}",
        "now_url": f"?view={view}",
    }


def _day(query: QueryDict) -> date | None:
    try:
        day = date.fromisoformat(query.get("on", ""))
    except ValueError:
        return None
    return day if 1950 <= day.year <= 2098 else None


def _span(view: str, on: date) -> tuple[date, date]:
    """The week of the day, or the whole weeks of its month; weeks begin on Monday."""
    if view == "week":
        first = on - on.weekday() * DAY
        return first, first + 6 * DAY
    start = on.replace(day=1)
    end = (start + timedelta(days=32)).replace(day=1) - DAY
    return start - start.weekday() * DAY, end + (6 - end.weekday()) * DAY


def _days(
    first: date, last: date, by_day: dict[date, list[Line]], today: date
) -> Iterator[dict[str, Any]]:
    calendar = calendar_in_force()
    for number in range((last - first).days + 1):
        day = first + number * DAY
        rests, nature = not calendar.is_work(day), calendar.why(day)
        yield {
            "day": day,
            "lines": by_day.get(day, []),
            "today": day == today,
            "nature": "" if nature in {WEEKEND, WORKING_DAY} else nature.in_language(language()),
            "rests": rests,
        }


# The feed ------------------------------------------------------------------------------------------


@require_POST
@signed_in
def open_feed(request: StaffRequest) -> HttpResponse:
    """Give the person a new private address; it is shown on the next page and never again."""
    request.session[FEED_SECRET] = feeds.open_feed(request.user, now=clock.now())
    return HttpResponseRedirect(f"{reverse('deadlines')}#feed")


@require_POST
@signed_in
def close_feed(request: StaffRequest) -> HttpResponse:
    feeds.close_feed(request.user)
    request.session.pop(FEED_SECRET, None)
    messages.success(request, _("The calendar address no longer works."))
    return HttpResponseRedirect(f"{reverse('deadlines')}#feed")


def _fresh_address(request: StaffRequest) -> str:
    secret = request.session.pop(FEED_SECRET, "")
    return request.build_absolute_uri(reverse("deadline_feed", args=[secret])) if secret else ""


@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The deadlines of whoever knows the address, as a calendar. Names cases by number, no person."""
    now = clock.now()
    person = feeds.owner(token, now=now)
    if person is None:
        raise NotFound
    with override("zh-hans"):
        actor = load_actor(person, today=clock.local_day(now))
        rows = desk(actor, now=now)[:MOST_IN_FEED]
        entries = [_entry(row, request) for row in rows]
        text = feeds.render(entries, name=_("My deadlines"), now=now)
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response.headers["Cache-Control"] = "private, max-age=900"
    response.headers["Content-Disposition"] = 'inline; filename="deadlines.ics"'
    return response


def _entry(row: Deadline, request: HttpRequest) -> feeds.Entry:
    dispute = row.dispute
    words = rule_words(row.rule, row.subject)
    colour = f"[{Colour(dispute.colour).label}] " if dispute.colour else ""
    provisional = _(" (provisional)") if row.provisional else ""
    return feeds.Entry(
        key=row.pk,
        day=row.due_on,
        title=f"{colour}{words}{provisional} · {dispute.number}",
        text=clock_face(row, today=clock.today(), calendar=calendar_in_force()).source,
        url=request.build_absolute_uri(reverse("dispute", args=[dispute.code])),
    )
