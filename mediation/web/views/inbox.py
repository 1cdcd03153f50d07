"""Messages: what happened to the cases of a person, with a mark for each one read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from mediation.core import clock
from mediation.core.errors import NotFound
from mediation.errands.services import NOTICES
from mediation.notifications import services
from mediation.notifications.models import Notice
from mediation.warning.alerts import pk_of
from mediation.web.access import StaffRequest, signed_in
from workflows import brief
from workflows.commands import catalog

PAGE_SIZE = 60
GREATEST_SEQ = 2**62


@dataclass(frozen=True, slots=True)
class Line:
    """One notice as the page shows it. Names the case, never a person or a fact."""

    seq: int
    number: str
    code: str
    alert: int | None
    title: str
    text: str
    level: str
    at: Any
    asks: bool
    is_new: bool
    errand: bool = False
    brief: str = ""


@require_safe
@signed_in
def inbox(request: StaffRequest) -> HttpResponse:
    """Unread first, then day by day, newest first."""
    before = _number(request.GET.get("before"), default=0)
    mine = services.of(request.actor, now=clock.now())
    unread = [] if before else _lines(mine.filter(acknowledged_at__isnull=True))
    rest = mine.filter(acknowledged_at__isnull=False)
    read = _lines(rest.filter(seq__lt=before) if before else rest)
    told = {
        "unread": unread[:PAGE_SIZE],
        "more_unread": len(unread) > PAGE_SIZE,
        "days": _by_day(read[:PAGE_SIZE]),
        "newest": unread[0].seq if unread else 0,
        "older": read[PAGE_SIZE - 1].seq if len(read) > PAGE_SIZE else None,
        "before": before,
    }
    return render(request, "inbox/inbox.html", told)


def _lines(notices: QuerySet[Notice]) -> list[Line]:
    """One query: a page of notices with their cases, and one more to know whether there are more."""
    rows = notices.only(
        "seq", "kind", "level", "about", "asks", "created_at", "acknowledged_at", "person_id",
        "dispute__number", "dispute__code", "dispute__title",
    )  # fmt: skip
    return [_line(notice) for notice in rows.order_by("-seq")[: PAGE_SIZE + 1]]


def _line(notice: Notice) -> Line:
    case = services.case_of(notice)
    return Line(
        seq=notice.seq,
        number=case.number if case else "",
        code=case.code if case else "",
        alert=None if case else pk_of(notice.about),
        title=case.title if case else "",
        text=str(catalog.done_label(notice.kind)),
        level=services.level_of(notice),
        at=notice.created_at,
        asks=notice.asks,
        is_new=notice.acknowledged_at is None,
        errand=notice.kind in NOTICES,
        brief=brief.day_of(notice.about),
    )


def _by_day(lines: Iterable[Line]) -> list[tuple[date, list[Line]]]:
    return [(day, list(rows)) for day, rows in groupby(lines, key=lambda x: clock.local_day(x.at))]


@require_POST
@signed_in
def acknowledge(request: StaffRequest, seq: int) -> HttpResponse:
    """Mark one notice as read; a second time changes nothing."""
    if seq > GREATEST_SEQ or not services.acknowledge(request.user.pk, seq, now=clock.now()):
        raise NotFound
    return redirect("inbox")


@require_POST
@signed_in
def acknowledge_all(request: StaffRequest) -> HttpResponse:
    """Mark everything up to the newest one on the page as read, and nothing that came later."""
    newest = _number(request.POST.get("newest"), default=0)
    services.acknowledge_up_to(request.user.pk, newest, now=clock.now())
    return redirect("inbox")


@require_safe
def since(request: StaffRequest) -> JsonResponse:
    """What a browser without a socket asks for: the notices after a number."""
    if not request.user.is_authenticated:
        return JsonResponse({"detail": "signed out"}, status=401)
    after = _number(request.GET.get("after"), default=0)
    # Most times nothing has come. The number of the latest notice is known by now, and tells so alone.
    is_all = getattr(request, "reading_point", after + 1) <= after
    notices = [] if is_all else services.since(request.actor, after, now=clock.now())
    return JsonResponse(
        {
            "last": notices[-1].seq if notices else after,
            "notices": [_signal(notice) for notice in notices],
        }
    )


def _signal(notice: Notice) -> dict[str, Any]:
    case = services.case_of(notice)
    return {
        "seq": notice.seq,
        "kind": notice.kind,
        "dispute": case.number if case else None,
        "level": services.level_of(notice),
    }


def _number(typed: str | None, *, default: int) -> int:
    """A whole number of an address, or ``default`` for anything else."""
    if typed is None or not (typed.isascii() and typed.isdigit()) or len(typed) > 18:
        return default
    return int(typed)
