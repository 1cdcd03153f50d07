"""Registration in the field: one page, one hand, sent once however often it is sent."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mediation.accounts.models import Role
from mediation.core import clock, errors
from mediation.disputes.enums import Category
from mediation.disputes.models import Dispute, Submission
from mediation.uploads.models import Slot, Upload
from mediation.warning import services as warning
from mediation.web import qr, similar
from mediation.web.access import StaffRequest, require_role, signed_in
from mediation.web.case_page import risk_reasons
from mediation.web.dossier import find_case
from mediation.web.forms import Registration, client_key, posted
from mediation.web.navigation import REGISTRARS
from mediation.web.views import files
from mediation.web.words import CATEGORY_ICONS as ICONS
from mediation.web.words import NODE_WORDS
from workflows.commands.intake import RegisterForm, SettleForm
from workflows.engine import Command, Outcome, execute
from workflows.facts import CaseFacts
from workflows.intake import default_title

# The key of the submission is the page's own number; the command is not given it a second time.
FIELDS = {name: f for name, f in RegisterForm.base_fields.items() if name != "client_id"}
LESS_USED = ("claim", "amount", "occurred_at", "source")
WISHES = ("is_civil", "both_consent", "content")
COMMON = ("01", "02", "03", "04", "06", "10", "14", "15")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def register(request: StaffRequest) -> HttpResponse:
    """The page, and what it sends. A refusal comes back with everything that was typed."""
    require_role(request.actor, *REGISTRARS)
    facts = CaseFacts(None, actor=request.actor, now=clock.now())
    if request.method == "POST":
        return _submitted(request, facts)
    return _page(request, Registration(actor=request.actor, facts=facts))


def _submitted(request: StaffRequest, facts: CaseFacts) -> HttpResponse:
    data = posted(request.POST, FIELDS)
    form = Registration(data, actor=request.actor, facts=facts)
    settle = _settlement(request, facts)
    if not form.is_valid() or (settle is not None and not settle.is_valid()):
        return _page(request, form, settle=settle, status=422)
    key = _key(request)
    known = _registered_before(request, key)
    found = similar.cases(request.actor, data, now=facts.now)
    if found and known is None and "anyway" not in request.POST:
        return _page(request, form, settle=settle, found=found, status=422)
    try:
        command = Command("register", data=data, key=f"page:{key}")
        outcome = execute(command, request.actor, now=facts.now)
    except errors.Malformed as refusal:
        _complain(form, refusal)
        return _page(request, form, settle=settle, status=422)
    except errors.KeyReused:
        return _page(request, form, settle=settle, former=known, renew=True, status=422)
    _take_photos(request, outcome, facts)
    if settle is not None:
        _settle(request, outcome, settle, key=f"settle:{key}", facts=facts)
    return redirect("register_done", outcome.code)


def _key(request: StaffRequest) -> uuid.UUID:
    """The number that the page gave itself; a page sent twice or gone back to has the same."""
    return client_key(request.POST.get("client_id", "")) or uuid.uuid4()


def _registered_before(request: StaffRequest, key: uuid.UUID) -> str | None:
    """The lookup code of what this very page has registered already."""
    known = Submission.objects.filter(person=request.user, key=f"page:{key}").first()
    return known.answer["code"] if known else None


def _complain(form: Registration, refusal: errors.Malformed) -> None:
    for name, sentences in refusal.fields.items():
        for sentence in sentences:
            form.add_error(name if name in form.fields else None, sentence)


def _take_photos(request: StaffRequest, outcome: Outcome, facts: CaseFacts) -> None:
    """Photos follow the registration, which none of them can undo; a page sent twice brings them once."""
    photos = request.FILES.getlist("photos")[: files.MOST_AT_ONCE]
    dispute = Dispute.objects.get(code=outcome.code) if photos else None
    if dispute is None or Upload.objects.filter(dispute=dispute, slot=Slot.SCENE).exists():
        return
    refused = files.take(photos, dispute, request.actor, now=facts.now, slot=Slot.SCENE)
    if refused:
        why = _("Registered, but not every photo could be taken: %(reasons)s")
        messages.warning(request, why % {"reasons": " ".join(refused)})


# Settled on the spot ------------------------------------------------------------------------------


def _may_settle(request: StaffRequest) -> bool:
    """The short way is open to a grid worker who is a mediator too (policy of ``settle_on_spot``)."""
    return {Role.GRID_WORKER, Role.MEDIATOR} <= request.actor.roles


def _settlement(request: StaffRequest, facts: CaseFacts) -> SettleForm | None:
    """Whoever ticks or writes anything there wants it: nothing that was typed is lost for want of a tick."""
    asked = any(request.POST.get(f"settle-{name}", "").strip() for name in WISHES)
    if not asked or not _may_settle(request):
        return None
    return SettleForm(request.POST, facts=facts, prefix="settle")


def _settle(
    request: StaffRequest, outcome: Outcome, settle: SettleForm, *, key: str, facts: CaseFacts
) -> None:
    """The second command of the page. When it is refused the case stays registered."""
    data = {
        name: request.POST[settle.add_prefix(name)]
        for name in settle.fields
        if settle.add_prefix(name) in request.POST
    }
    command = Command("settle_on_spot", dispute=outcome.code, data=data, key=key)
    try:
        execute(command, request.actor, now=facts.now)
    except errors.Refusal as refusal:
        why = _("Registered, but not settled on the spot: %(reasons)s")
        messages.warning(request, why % {"reasons": " ".join(refusal.sentences)})
    else:
        messages.success(request, _("Settled on the spot; the justice office checks and closes."))


# Pages ----------------------------------------------------------------------------------------------


def _page(
    request: StaffRequest,
    form: Registration,
    *,
    settle: SettleForm | None = None,
    found: list[Dispute] | None = None,
    former: str | None = None,
    renew: bool = False,
    status: int = 200,
) -> HttpResponse:
    grids = form.grids
    told = {
        "form": form,
        "rows": form.party_rows(),
        "client_id": str(uuid.uuid4()) if renew or not form.is_bound else str(_key(request)),
        "kinds": kinds(str(form["category"].value() or "")),
        "many_grids": len(grids) != 1,
        "grid_name": f"{grids[0].parent}{grids[0]}" if len(grids) == 1 else "",
        "more_open": any(form[name].errors for name in LESS_USED),
        "settle": settle or SettleForm(prefix="settle", initial={"settled_on": clock.today()}),
        "settled": settle is not None,
        "may_settle": _may_settle(request),
        "found": found,
        "photos_again": bool(request.FILES),
        "former": former,
        "risk": _risk_of(form) if form.is_bound else None,
    }
    return render(request, "register/register.html", told, status=status)


def kinds(chosen: str) -> dict[str, Any]:
    """The tiles: the common kinds at once, the others behind one tap."""
    tiles = [
        {"value": kind.value, "label": kind.label, "icon": ICONS[kind], "on": kind == chosen}
        for kind in Category
    ]
    return {
        "common": [tile for tile in tiles if tile["value"] in COMMON],
        "more": [tile for tile in tiles if tile["value"] not in COMMON],
        "open": any(tile["on"] and tile["value"] not in COMMON for tile in tiles),
    }


def _risk_of(form: RegisterForm) -> dict[str, Any]:
    """The level that the rules give to what is filled in so far."""
    form.is_valid()
    data = form.cleaned_data
    now = clock.now()
    grid = data.get("grid") or ""
    dispute = Dispute(
        category=data.get("category") or "99",
        people_count=data.get("people_count") or 2,
        amount=data.get("amount"),
        place=data.get("place") or "",
        area_code=grid,
        source=data.get("source") or "",
        occurred_at=data.get("occurred_at") or now,
        registered_at=now,
    )
    beside = warning.around_rows(data.get("parties") or [], grid)
    rated = warning.rate(dispute, warning.answered(data.get("answers") or {}), beside, now=now)
    return rated | {"sentences": risk_reasons(rated)}


@require_POST
@signed_in
def risk(request: StaffRequest) -> HttpResponse:
    """The live level beside the questions."""
    require_role(request.actor, *REGISTRARS)
    facts = CaseFacts(None, actor=request.actor, now=clock.now())
    data = posted(request.POST, FIELDS)
    form = Registration(data, actor=request.actor, facts=facts)
    told = {"risk": _risk_of(form), "title": _title(form)}
    return render(request, "register/_risk.html", told)


def _title(form: Registration) -> str:
    """The title that the case gets when nobody writes one."""
    data = form.cleaned_data
    if "grid" not in data or "category" not in data:
        return ""
    grid = next(grid for grid in form.grids if grid.code == data["grid"])
    return default_title(data, grid)


@require_POST
@signed_in
def alike(request: StaffRequest) -> HttpResponse:
    """Cases of the last thirty days with the same person or place, as a fragment."""
    require_role(request.actor, *REGISTRARS)
    data = posted(request.POST, FIELDS)
    found = similar.cases(request.actor, data, now=clock.now())
    known = _registered_before(request, _key(request))
    found = [case for case in found if case.code != known]
    return render(request, "register/_similar.html", {"found": found})


@require_safe
@signed_in
def done(request: StaffRequest, code: str) -> HttpResponse:
    """The slip: number, lookup code, QR, what comes next."""
    dispute = find_case(request.actor, code, now=clock.now(), joined=("work",))
    told = {
        "dispute": dispute,
        "next": _next_step(dispute),
        "may_be_followed": dispute.parties.exclude(phone_tail_index="").exists(),
        "qr": qr.svg(follow_address(request, dispute.code)),
    }
    return render(request, "register/done.html", told)


def _next_step(dispute: Dispute) -> dict[str, Any]:
    item = getattr(dispute, "work", None)
    if item is None:
        return {}
    return {"role": Role(item.role).label, "step": NODE_WORDS.get(item.node, item.node)}


def follow_address(request: HttpRequest, code: str) -> str:
    """Where a resident follows the case; printed as a QR picture."""
    return request.build_absolute_uri(f"/p/?code={code}")
