"""What I asked to have made: how far it is, the file, and the way to call it off."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from mediation.areas.models import Area
from mediation.core import clock, downloads
from mediation.core.errors import Malformed, NotFound, Text, Unmet
from mediation.documents import services as documents
from mediation.errands import gate, services
from mediation.errands.kinds import label_of
from mediation.errands.models import Errand
from mediation.web.access import StaffRequest, signed_in

SHOWN = 30
GREATEST_KEY = 2**62


@dataclass(frozen=True, slots=True)
class Row:
    """One errand as the page shows it."""

    errand: Errand
    label: Text
    tone: str
    number: str
    url: str
    kept: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """An export of somebody else that waits for the reader's answer."""

    errand: Errand
    label: Text
    area: str


TONES = {"done": "ok", "failed": "danger", "running": "info", "held": "warn", "refused": "danger"}


@require_safe
@signed_in
def errands(request: StaffRequest) -> HttpResponse:
    """Newest first. The page asks again by itself while something is being made."""
    return _page(request)


def _page(request: StaffRequest, *, sentences: list[str] | None = None) -> HttpResponse:
    mine = Errand.objects.filter(person_id=request.user.pk).select_related("dispute")
    rows = [_row(errand) for errand in mine.order_by("-pk")[:SHOWN]]
    told: dict[str, Any] = {
        "rows": rows,
        "open": any(row.errand.is_open for row in rows),
        "asked": _asked(request),
        "sentences": sentences or [],
    }
    return render(request, "errands/errands.html", told, status=422 if sentences else 200)


def _asked(request: StaffRequest) -> list[Asked]:
    waiting = list(gate.waiting_for(request.actor, now=clock.now())[:SHOWN])
    codes = {errand.area_code for errand in waiting}
    names = dict(Area.objects.filter(code__in=codes).values_list("code", "name")) if codes else {}
    return [
        Asked(errand, label_of(errand.kind), names.get(errand.area_code, errand.area_code))
        for errand in waiting
    ]


def _row(errand: Errand) -> Row:
    case = errand.dispute
    return Row(
        errand=errand,
        label=label_of(errand.kind),
        tone=TONES.get(errand.state, "plain"),
        number=case.number if case else "",
        url=f"/disputes/{case.code}/" if case else "",
        kept=bool(errand.stored_as),
    )


@require_safe
@signed_in
def fetch(request: StaffRequest, errand: int) -> HttpResponse:
    """The file, if it is mine, still kept, and I may still see what is in it."""
    found = _mine(request, errand)
    now = clock.now()
    if not services.may_take(found, request.actor, now=now):
        raise NotFound
    gate.note_taken(found, request.actor, now=now)
    if found.dispute is not None:
        documents.note_look(found.dispute, found.kind, request.actor, now=now)
    return downloads.file(
        services.file_of(found), name=found.file_name, media_type=found.media_type
    )


@require_POST
@signed_in
def cancel(request: StaffRequest, errand: int) -> HttpResponse:
    services.cancel(_mine(request, errand), now=clock.now())
    return redirect("errands")


@require_POST
@signed_in
def explain(request: StaffRequest, errand: int) -> HttpResponse:
    """Say what a large export is for; then somebody else is asked."""
    held = _mine(request, errand)
    try:
        gate.explain(held, request.actor, request.POST.get("reason", ""), now=clock.now())
    except (Malformed, Unmet) as refusal:
        return _page(request, sentences=refusal.sentences)
    messages.success(request, _("Whoever answers for the area has been asked."))
    return redirect("errands")


@require_POST
@signed_in
def decide(request: StaffRequest, errand: int) -> HttpResponse:
    """Agree to somebody else's large export, or refuse it with a reason."""
    agrees = request.POST.get("answer") == "agree"
    try:
        gate.decide(
            min(errand, GREATEST_KEY),
            request.actor,
            agrees=agrees,
            remark=request.POST.get("remark", ""),
            now=clock.now(),
        )
    except Malformed as refusal:
        return _page(request, sentences=refusal.sentences)
    said = _("Agreed. It is being made.") if agrees else _("Refused; the asker has been told.")
    messages.success(request, said)
    return redirect("errands")


def _mine(request: StaffRequest, key: int) -> Errand:
    found = Errand.objects.filter(person_id=request.user.pk, pk=min(key, GREATEST_KEY)).first()
    if found is None:
        raise NotFound
    return found
