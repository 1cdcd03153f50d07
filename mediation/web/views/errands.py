"""What I asked to have made: how far it is, the file, and the way to call it off."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from mediation.core import clock, downloads
from mediation.core.errors import NotFound, Text
from mediation.errands import services
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


TONES = {"done": "ok", "failed": "danger", "running": "info"}


@require_safe
@signed_in
def errands(request: StaffRequest) -> HttpResponse:
    """Newest first. The page asks again by itself while something is being made."""
    mine = Errand.objects.filter(person_id=request.user.pk).select_related("dispute")
    rows = [_row(errand) for errand in mine.order_by("-pk")[:SHOWN]]
    told: dict[str, Any] = {"rows": rows, "open": any(row.errand.is_open for row in rows)}
    return render(request, "errands/errands.html", told)


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
    if not services.may_take(found, request.actor, now=clock.now()):
        raise NotFound
    return downloads.file(
        services.file_of(found), name=found.file_name, media_type=found.media_type
    )


@require_POST
@signed_in
def cancel(request: StaffRequest, errand: int) -> HttpResponse:
    services.cancel(_mine(request, errand), now=clock.now())
    return redirect("errands")


def _mine(request: StaffRequest, key: int) -> Errand:
    found = Errand.objects.filter(person_id=request.user.pk, pk=min(key, GREATEST_KEY)).first()
    if found is None:
        raise NotFound
    return found
