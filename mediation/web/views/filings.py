"""Statutory reports: the tables, the lists behind their numbers, and how they are filed."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from mediation.areas.models import Area
from mediation.core import clock
from mediation.core.errors import NotFound
from mediation.errands import services as errands
from mediation.filings import exports, frozen, reading, services, terms
from mediation.filings.forms import FORMS
from mediation.filings.measures import Form
from mediation.filings.models import STANDING, Filing
from mediation.reports.figures import READERS
from mediation.web import filings as pages
from mediation.web.access import StaffRequest, require_role, signed_in

LISTED = 100
"""Lines of one page of a list behind a number."""
GREATEST_KEY = 2**62


def _form(name: str) -> Form:
    if name not in FORMS:
        raise NotFound
    return FORMS[name]


@require_safe
@signed_in
def index(request: StaffRequest) -> HttpResponse:
    """The forms of one area and term, and how far each has come."""
    require_role(request.actor, *READERS)
    today = clock.today()
    asked = pages.read(request.GET, request.actor, today=today)
    rows = Filing.objects.filter(area_code=asked.area, term=asked.term.word, state__in=STANDING)
    filed = {row.form: row for row in rows}
    told = {
        "asked": asked,
        "trail": pages.trail(asked, request.actor, "filings"),
        "terms": pages.choices(asked, today),
        "forms": [
            {
                "form": form,
                "url": asked.address("filing", form.name),
                "filed": filed.get(form.name),
            }
            for form in FORMS.values()
        ],
    }
    return render(request, "filings/index.html", told)


@require_safe
@signed_in
def form(request: StaffRequest, form: str) -> HttpResponse:
    """One report: as filed when it is filed, else as counted now; ``now=1``: always as counted now."""
    require_role(request.actor, *READERS)
    found, now = _form(form), clock.now()
    asked = pages.read(request.GET, request.actor, today=clock.local_day(now))
    standing = services.standing(form, asked.area, asked.term)
    recount = standing is None or "now" in request.GET
    complete = reading.counts_all(request.actor, asked.area)
    table = counted = None
    if recount or complete:
        ask = reading.ask_of(request.actor, asked.area, asked.term, now=now)
        counted = reading.take(found, ask)
    filed = frozen.thaw(standing.table) if standing else None
    table = counted if recount else filed
    told = _common(request, asked, found) | {
        "now": now,
        "filing": standing,
        "recount": recount,
        "complete": complete,
        "table": pages.shown(asked, form, table) if table else None,
        "differences": list(frozen.differences(filed, counted))
        if filed and complete and counted
        else [],
        "steps": _steps(asked, form),
        "compared": _compared(request, asked, found, now) if "compare" in request.GET else None,
        "may": _may(request, asked, standing, now),
    }
    return render(request, "filings/form.html", told)


def _common(request: StaffRequest, asked: pages.Asked, found: Form) -> dict[str, Any]:
    return {
        "asked": asked,
        "form": found,
        "trail": pages.trail(asked, request.actor, "filing", found.name),
        "terms": pages.choices(asked, clock.today()),
        "others": [
            {"title": one.title, "url": asked.address("filing", one.name), "here": one is found}
            for one in FORMS.values()
        ],
        "index_url": asked.address("filings"),
    }


def _compared(request: StaffRequest, asked: pages.Asked, found: Form, now: Any) -> dict[str, Any]:
    """The whole against the term before (环比) and the same term of the year before (同比)."""
    spans = (asked.term, asked.term.before, asked.term.year_ago)
    tables = [
        reading.take(found, reading.ask_of(request.actor, asked.area, term, now=now))
        for term in spans
    ]
    rows = [
        {
            "label": f"{column.group} · {column.label}" if column.group else column.label,
            "numbers": [reading.spoken(table.total.get(column.name), column) for table in tables],
            "changes": [
                reading.change(
                    tables[0].total.get(column.name), table.total.get(column.name), column
                )
                for table in tables[1:]
            ],
        }
        for column in tables[0].columns
    ]
    return {"terms": [term.label for term in spans], "rows": rows}


def _steps(asked: pages.Asked, form: str) -> list[Any]:
    rows = Filing.objects.filter(form=form, area_code=asked.area, term=asked.term.word)
    return [
        {"filing": filing, "steps": list(filing.steps.all())}
        for filing in rows.prefetch_related("steps").order_by("-number")
    ]


def _may(
    request: StaffRequest, asked: pages.Asked, standing: Filing | None, now: Any
) -> dict[str, bool]:
    """Which buttons the page offers; the services decide again."""
    actor, area = request.actor, asked.area
    waits = standing is not None and standing.state == Filing.State.SUBMITTED
    over = asked.term.span.last < clock.local_day(now)
    reviews = waits and services.may(actor, services.REVIEWERS, area)
    return {
        "submit": standing is None and over and services.may(actor, services.MAKERS, area),
        "lock": reviews and standing is not None and standing.maker_id != actor.person_id,
        "send_back": reviews,
        "reopen": bool(standing and standing.is_locked)
        and services.may(actor, services.OPENERS, area),
    }


@require_safe
@signed_in
def cases(request: StaffRequest, form: str) -> HttpResponse:
    """The list behind one number: it sums to the number."""
    require_role(request.actor, *READERS)
    found, now = _form(form), clock.now()
    asked = pages.read(request.GET, request.actor, today=clock.local_day(now))
    place = {name: request.GET.get(name, "") for name in ("section", "line")}
    column = request.GET.get("column", "")
    ask = reading.ask_of(request.actor, asked.area, asked.term, now=now)
    behind = reading.behind(found, ask, measure=column, **place)
    if behind is None:
        raise NotFound
    keys = sorted(behind.counted, reverse=True)
    page = _page(request)
    shown = keys[page * LISTED : (page + 1) * LISTED]
    told = _common(request, asked, found) | {
        "measure": behind.measure,
        "line": behind.row.label if behind.row else "",
        "items": [
            (item, reading.spoken(item.counted, _column(found, column)))
            for item in reading.items(behind, shown)
        ],
        "count": len(keys),
        "total": reading.spoken(behind.total, _column(found, column)),
        "plain": behind.total == len(keys),
        "form_url": asked.address("filing", form),
        **_around(request, page, len(keys)),
    }
    return render(request, "filings/cases.html", told)


def _column(form: Form, name: str) -> reading.Column:
    return next(column for column in reading.columns(form) if column.name == name)


def _page(request: HttpRequest) -> int:
    given = request.GET.get("page", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 6 else 0


def _around(request: HttpRequest, page: int, count: int) -> dict[str, str]:
    query = request.GET.copy()

    def address(number: int) -> str:
        query["page"] = str(number)
        return f"?{query.urlencode()}"

    return {
        "previous": address(page - 1) if page else "",
        "next": address(page + 1) if (page + 1) * LISTED < count else "",
    }


# Filing -------------------------------------------------------------------------------------------


@require_POST
@signed_in
def submit(request: StaffRequest, form: str) -> HttpResponse:
    """Hand the report in: its figures are frozen."""
    require_role(request.actor, *READERS)
    found, now = _form(form), clock.now()
    asked = pages.read(request.POST, request.actor, today=clock.local_day(now))
    note = request.POST.get("note", "").replace("\x00", "")[:1000]
    services.submit(request.actor, found, asked.area, asked.term, note=note, now=now)
    messages.success(request, pgettext("filing", "Handed in. Somebody else reviews it now."))
    return redirect(asked.address("filing", form))


@require_POST
@signed_in
def step(request: StaffRequest, filing: int, action: str) -> HttpResponse:
    """Review, return or open again."""
    require_role(request.actor, *READERS)
    found = services.find(request.actor, min(filing, GREATEST_KEY))
    reason = request.POST.get("reason", "").replace("\x00", "")[:500]
    now = clock.now()
    if action == "lock":
        services.lock(request.actor, found, now=now)
        said = pgettext("filing", "Reviewed and locked.")
    elif action == "return":
        services.send_back(request.actor, found, reason=reason, now=now)
        said = pgettext("filing", "Returned to its maker.")
    elif action == "reopen":
        services.reopen(request.actor, found, reason=reason, now=now)
        said = pgettext("filing", "Opened again. It can be handed in anew.")
    else:
        raise NotFound
    messages.success(request, said)
    return redirect(_home(found))


def _home(filing: Filing) -> str:
    return f"{reverse('filing', args=[filing.form])}?area={filing.area_code}&term={filing.term}"


@require_POST
@signed_in
def export(request: StaffRequest, form: str) -> HttpResponse:
    """Have the report made as a file: as filed when it is filed, else as counted now."""
    require_role(request.actor, *READERS)
    found, now = _form(form), clock.now()
    asked = pages.read(request.POST, request.actor, today=clock.local_day(now))
    kind = request.POST.get("format", "")
    if kind not in exports.MEDIA:
        raise NotFound
    wanted: dict[str, Any] = {
        "form": found.name, "area": asked.area, "term": asked.term.word, "format": kind,
    }  # fmt: skip
    standing = services.standing(form, asked.area, asked.term)
    if standing is not None and "now" not in request.POST:
        wanted["filing"] = standing.pk
    errands.ask(exports.KIND, request.actor, now=now, wanted=wanted)
    return redirect("errands")


@require_safe
@signed_in
def filed(request: StaffRequest, filing: int) -> HttpResponse:
    """One filed report exactly as it was handed in, also one that was opened again later."""
    require_role(request.actor, *READERS)
    found = services.find(request.actor, min(filing, GREATEST_KEY))
    term = terms.read(found.term)
    if term is None or found.form not in FORMS:
        raise NotFound
    asked = pages.Asked(found.area_code, term)
    told = _common(request, asked, FORMS[found.form]) | {
        "filing": found,
        "area": Area.objects.filter(code=found.area_code).first(),
        "table": pages.shown(asked, found.form, frozen.thaw(found.table)),
        "steps": [{"filing": found, "steps": list(found.steps.all())}],
        "form_url": _home(found),
    }
    return render(request, "filings/filed.html", told)
