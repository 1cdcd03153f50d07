"""One box for everything. The words stay out of the address: they may be somebody's name."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mediation.accounts.models import Role
from mediation.accounts.policy import people_in_reach
from mediation.core import clock
from mediation.core.text import search_key
from mediation.deadlines.calendar import WorkCalendar
from mediation.deadlines.store import calendar_in_force
from mediation.disputes import policy
from mediation.disputes.enums import Category, Colour, Side, Stage
from mediation.disputes.models import Dispute, Party
from mediation.disputes.selectors import CaseFilter
from mediation.search import highlight, questions, services
from mediation.search import selectors as searching
from mediation.search.models import Lookup, Question
from mediation.search.questions import Asked, Kind
from mediation.web.access import StaffRequest, require_role, signed_in
from mediation.web.views.cases import CASE_ROLES, line
from workflows import selectors

PAGE_SIZE = 20
RECORDS = 100
COLUMNS = (*selectors.COLUMNS, "facts", "place", "area_code", "mediator_id", "registered_by_id")
FILTERS = ("stage", "colour", "category", "area", "open")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def search(request: StaffRequest) -> HttpResponse:
    """The box alone with what was asked before; a question that was sent gets an address of its own."""
    require_role(request.actor, *CASE_ROLES)
    if request.method == "POST":
        return _ask(request, request.POST.get("q", ""), _filters(request.POST))
    if typed := request.GET.get("q", "").strip():
        return _ask(request, typed, _filters(request.GET))
    return render(request, "search/search.html", _frame(request))


def _ask(request: StaffRequest, typed: str, filters: str) -> HttpResponse:
    asked = questions.understand(typed)
    if not asked.text:
        return HttpResponseRedirect(reverse("search"))
    question = services.remember(request.actor, asked.text, filters=filters, now=clock.now())
    address = reverse("search_results", args=[question.key])
    return HttpResponseRedirect(f"{address}?{filters}" if filters else address)


def _filters(query: QueryDict) -> str:
    """The filters of an address, in one order and without what is no filter."""
    wanted = CaseFilter.read(query)
    return CaseFilter(**{name: getattr(wanted, name) for name in FILTERS}).query


@require_safe
@signed_in
def results(request: StaffRequest, key: str) -> HttpResponse:
    """What was found, in groups; the cases newest first."""
    require_role(request.actor, *CASE_ROLES)
    now = clock.now()
    question = services.find(request.actor, key)
    asked = questions.understand(question.text)
    wanted = CaseFilter.read(QueryDict(_filters(request.GET)))
    cases = searching.found(
        asked, request.actor, now=now, also=selectors.matching(wanted, request.actor, now=now)
    )
    count = searching.capped_count(cases)
    if asked.is_personal:
        services.record(asked, request.actor, found=count, door="page", now=now)
    rows, more = _page(searching.newest(cases, hits=count), request.GET.get("before", ""))
    calendar = calendar_in_force()
    found = [_hit(row, asked, now=now, calendar=calendar) for row in rows]
    told = _frame(request) | {
        "question": question,
        "asked": asked,
        "typed": "" if asked.is_personal else asked.text,
        "wanted": wanted,
        "choices": _choices(request),
        "hits": found,
        "people": _people(rows, asked, request),
        "areas": searching.areas(asked, request.actor),
        "count_words": "1000+" if count >= searching.COUNTED_TO else str(count),
        "count": count,
        "next": _address(wanted, before=rows[-1]["pk"]) if more else "",
        "here": f"?{wanted.query}",
    }
    return render(request, "search/search.html", told)


def _page(cases: Any, before: str) -> tuple[list[dict[str, Any]], bool]:
    if before.isascii() and before.isdigit() and len(before) < 19:
        cases = cases.filter(pk__lt=int(before))
    rows = list(cases.values(*COLUMNS, **selectors.LIST_VALUES)[: PAGE_SIZE + 1])
    return rows[:PAGE_SIZE], len(rows) > PAGE_SIZE


def _address(wanted: CaseFilter, **keys: int) -> str:
    query = QueryDict(wanted.query, mutable=True)
    query.update({name: str(key) for name, key in keys.items()})
    return f"?{query.urlencode()}"


def _hit(row: dict[str, Any], asked: Asked, *, now: Any, calendar: WorkCalendar) -> dict[str, Any]:
    words = "" if asked.is_personal else asked.text
    return line(row, now=now, calendar=calendar) | {
        "title_parts": highlight.parts(row["title"], words),
        "place_parts": highlight.parts(row["place"], words),
        "number_parts": highlight.parts(row["number"], words),
        "facts_parts": highlight.snippet(row["facts"], words),
    }


def _people(
    rows: list[dict[str, Any]], asked: Asked, request: StaffRequest
) -> list[dict[str, Any]]:
    """Parties of the shown cases who are meant, where their names may be read."""
    known = {row["pk"]: row for row in rows if policy.may_see_names(request.actor, _case(row))}
    parties = Party.objects.filter(dispute_id__in=known).exclude(plain_name="")
    if asked.is_personal:
        field = "id_index__in" if asked.kind == Kind.ID_NUMBER else "phone_index__in"
        parties = parties.filter(**{field: asked.indexes})
    words = [search_key(word) for word in asked.text.split()]
    return [
        {
            "name_parts": highlight.parts(party.plain_name, asked.text),
            "side": Side(party.side).label,
            "number": known[party.dispute_id]["number"],
            "url": reverse("dispute", args=[known[party.dispute_id]["code"]]),
        }
        for party in parties.order_by("-dispute_id", "ordinal")
        if asked.is_personal or any(word in search_key(party.plain_name) for word in words)
    ]


def _case(row: dict[str, Any]) -> Dispute:
    """As much of the row as policy asks for."""
    return Dispute(
        pk=row["pk"],
        area_code=row["area_code"],
        mediator_id=row["mediator_id"],
        registered_by_id=row["registered_by_id"],
    )


def _frame(request: StaffRequest) -> dict[str, Any]:
    return {
        "recent": [_shown(one) for one in services.recent(request.actor)],
        "saved": [_shown(one) for one in services.saved(request.actor)],
    }


def _shown(question: Question) -> dict[str, Any]:
    address = reverse("search_results", args=[question.key])
    return {
        "key": question.key,
        "url": f"{address}?{question.filters}" if question.filters else address,
        "words": question.title or questions.understand(question.text).shown,
    }


def _choices(request: StaffRequest) -> dict[str, Any]:
    return {
        "stage": Stage.choices,
        "colour": Colour.choices,
        "category": Category.choices,
        "areas": selectors.communities(request.actor),
    }


@require_POST
@signed_in
def keep(request: StaffRequest, key: str) -> HttpResponse:
    """Save the search under a name, with its filters."""
    require_role(request.actor, *CASE_ROLES)
    question = services.find(request.actor, key)
    shown = questions.understand(question.text).shown
    title = " ".join(request.POST.get("title", "").split())[:40] or shown[:40] or _("Search")
    filters = _filters(QueryDict(request.POST.get("filters", "").lstrip("?")))
    services.keep(question, title=title, filters=filters)
    return HttpResponseRedirect(_shown(question)["url"])


@require_POST
@signed_in
def forget(request: StaffRequest, key: str) -> HttpResponse:
    require_role(request.actor, *CASE_ROLES)
    services.forget(services.find(request.actor, key))
    return HttpResponseRedirect(reverse("search"))


@require_safe
@signed_in
def records(request: StaffRequest) -> HttpResponse:
    """Who looked for a person by number, newest first: for the audit."""
    require_role(request.actor, Role.AUDITOR)
    rows = Lookup.objects.filter(person__in=people_in_reach(request.actor))
    rows = rows.select_related("person").order_by("-at", "-pk")[:RECORDS]
    return render(request, "search/records.html", {"rows": rows})
