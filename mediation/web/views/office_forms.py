"""The office's own Word forms: take a starting form, change it in Word, put it back; versions are kept."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from mediation.accounts.models import Role
from mediation.areas.models import Area, Level
from mediation.areas.selectors import subdistrict_code
from mediation.core import clock, downloads, vault
from mediation.core.errors import NotFound
from mediation.documents import office_forms as forms
from mediation.documents.fields import FIELDS
from mediation.documents.kinds import KINDS, Kind
from mediation.documents.models import Template
from mediation.uploads.rejected import Rejected
from mediation.uploads.sniff import DOCX
from mediation.web.access import StaffRequest, require_role, signed_in


def _office(request: StaffRequest) -> Area:
    """The subdistrict whose justice office the actor serves in."""
    require_role(request.actor, Role.JUSTICE_STAFF)
    codes = [g.area_code for g in request.actor.grants if g.role == Role.JUSTICE_STAFF]
    wanted = {subdistrict_code(code) for code in codes}
    area = Area.objects.filter(code__in=wanted, level=Level.SUBDISTRICT).order_by("code").first()
    if area is None:
        raise NotFound
    return area


def _kind(name: str) -> Kind:
    if name not in KINDS:
        raise NotFound
    return KINDS[name]


@require_safe
@signed_in
def listing(request: StaffRequest) -> HttpResponse:
    """Every kind of paper with the form that is used for its Word file."""
    area = _office(request)
    used = {row.kind: row for row in Template.objects.filter(area=area, in_use=True)}
    rows = [(kind, used.get(kind.id)) for kind in KINDS.values()]
    return render(request, "documents/forms.html", {"rows": rows, "area": area})


@require_safe
@signed_in
def form(request: StaffRequest, kind: str) -> HttpResponse:
    return _page(request, _office(request), _kind(kind))


def _page(
    request: StaffRequest, area: Area, kind: Kind, *, refused: str = "", status: int = 200
) -> HttpResponse:
    versions = Template.objects.filter(area=area, kind=kind.id).select_related("uploaded_by")
    told: dict[str, Any] = {
        "kind": kind,
        "area": area,
        "versions": versions,
        "in_use": next((row for row in versions if row.in_use), None),
        "fields": [FIELDS[key] for key in kind.fields],
        "lists": forms.LISTS,
        "refused": refused,
    }
    return render(request, "documents/form.html", told, status=status)


@require_safe
@signed_in
def starter(request: StaffRequest, kind: str) -> HttpResponse:
    _office(request)
    return _sent(forms.starter(_kind(kind)), f"{_kind(kind).title}-模板.docx")


@require_safe
@signed_in
def version(request: StaffRequest, kind: str, document: int) -> HttpResponse:
    row = _version(request, kind, document)
    return _sent(vault.get(row.stored_as), row.name)


def _version(request: StaffRequest, kind: str, number: int) -> Template:
    area = _office(request)
    rows = Template.objects.filter(area=area, kind=_kind(kind).id, version=min(number, 32_000))
    if (row := rows.first()) is None:
        raise NotFound
    return row


def _sent(data: bytes, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=DOCX)
    response.headers["Content-Disposition"] = downloads.disposition(name)
    return downloads.guarded(response)


@require_POST
@signed_in
def put(request: StaffRequest, kind: str) -> HttpResponse:
    """Tried on a sample before it is used; what is wrong with it is said."""
    area, wanted = _office(request), _kind(kind)
    file = request.FILES.get("file")
    if file is None:
        return _page(request, area, wanted, refused=_("Choose a file."), status=422)
    note = request.POST.get("note", "").strip()
    try:
        forms.keep(
            wanted, area, file.read(), file.name or "", request.actor, note=note, now=clock.now()
        )
    except Rejected as refusal:
        return _page(request, area, wanted, refused=refusal.sentence, status=422)
    messages.success(request, _("The form was tried on a sample and is used from now on."))
    return redirect("office_form", wanted.id)


@require_POST
@signed_in
def choose(request: StaffRequest, kind: str) -> HttpResponse:
    """Back to an earlier version, or to the form of the house."""
    area, wanted = _office(request), _kind(kind)
    typed = request.POST.get("version", "")
    row = _version(request, kind, int(typed)) if typed.isdecimal() and len(typed) < 6 else None
    forms.use(row, wanted, area)
    messages.success(request, _("From now on this form is used."))
    return redirect("office_form", wanted.id)
