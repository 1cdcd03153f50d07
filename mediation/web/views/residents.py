"""Residents: apply and follow without an account. Plain forms, four short questions."""

import json
import uuid
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from mediation.accounts.actor import RESIDENT
from mediation.core import clock, errors
from mediation.core.crypto import Unreadable, seal, unseal
from mediation.web import qr
from mediation.web.limits import require_few
from mediation.web.places import grid_of, offered
from mediation.web.resident_forms import LONGEST, STEPS, FollowForm, Step, StepForm
from mediation.web.views.register import follow_address
from workflows.engine import Command, execute

DRAFT, APPLIED = "apply", "applied"
PLACE = "session.apply"
APPLICATIONS, HOUR = 30, 3600


@never_cache
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Two ways on: a new matter, or one that has a code already."""
    # The code that a QR picture brings is shown in its field, and judged only when sent.
    code = request.GET.get("code", "")[:LONGEST]
    return render(request, "residents/start.html", {"form": FollowForm(initial={"code": code})})


# The application -------------------------------------------------------------------------------------


@never_cache
@require_safe
def begin(request: HttpRequest) -> HttpResponse:
    """Where it happened: by the QR picture of a grid, else chosen from above."""
    if grid := grid_of(request.GET.get("g", "")):
        draft = _draft(request) or {"id": str(uuid.uuid4())}
        _keep(request, draft | {"grid": grid.code})
        return redirect("residents_step", STEPS[0].name)
    told = {"choice": offered(request.GET.get("a", "")), "asked": "g" in request.GET}
    return render(request, "residents/where.html", told)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest, step: str) -> HttpResponse:
    """One question per page. Answers travel sealed in the session, never in an address."""
    here = next((one for one in STEPS if one.name == step), None)
    if here is None:
        raise errors.NotFound
    draft = _draft(request)
    if draft is None:
        return redirect("residents_applied" if APPLIED in request.session else "residents_apply")
    if (missing := _first_missing(draft, before=here)) is not None:
        return redirect("residents_step", missing.name)
    if request.method != "POST":
        return _step_page(request, here, here.form(initial=draft.get(here.name)), draft)
    return _answered(request, here, draft)


def _answered(request: HttpRequest, here: Step, draft: dict[str, Any]) -> HttpResponse:
    form = here.form(request.POST)
    if not form.is_valid():
        return _step_page(request, here, form, draft, status=422)
    draft[here.name] = form.typed()
    _keep(request, draft)
    following = STEPS.index(here) + 1
    if following < len(STEPS):
        return redirect("residents_step", STEPS[following].name)
    return _send(request, here, form, draft)


def _send(request: HttpRequest, here: Step, form: StepForm, draft: dict[str, Any]) -> HttpResponse:
    """Register the application; sent twice it is still one case."""
    require_few(request, "apply", limit=APPLICATIONS, seconds=HOUR)
    command = Command("register", data=application(draft), key=f"online:{draft['id']}")
    try:
        outcome = execute(command, RESIDENT, now=clock.now())
    except errors.Malformed as refusal:
        for sentence in refusal.sentences:
            form.add_error(None, sentence)
        return _step_page(request, here, form, draft, status=422)
    del request.session[DRAFT]
    request.session[APPLIED] = outcome.code
    return redirect("residents_applied")


def application(draft: Mapping[str, Any]) -> dict[str, Any]:
    """The answers of the four pages as the command takes them."""
    what, who, want, contact = (draft[step.name] for step in STEPS)
    parties = [{"side": "applicant", "name": contact["name"], "phone": contact["phone"]}]
    if who["name"]:
        parties.append({"side": "respondent", **who})
    return {
        "category": what["category"],
        "facts": what["facts"],
        "place": what["place"],
        "claim": want["claim"],
        "amount": want["amount"],
        "parties": parties,
        "grid": draft["grid"],
        "source": "online",
    }


def _first_missing(draft: Mapping[str, Any], *, before: Step) -> Step | None:
    return next((s for s in STEPS[: STEPS.index(before)] if s.name not in draft), None)


def _step_page(
    request: HttpRequest,
    here: Step,
    form: StepForm,
    draft: Mapping[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    number = STEPS.index(here)
    told = {
        "form": form,
        "step": here,
        "number": number + 1,
        "count": len(STEPS),
        "back": STEPS[number - 1].name if number else "",
        "is_last": number == len(STEPS) - 1,
        "grid": grid_of(draft.get("grid", "")) if not number else None,
    }
    return render(request, "residents/step.html", told, status=status)


def _draft(request: HttpRequest) -> dict[str, Any] | None:
    kept = request.session.get(DRAFT)
    if not kept:
        return None
    try:
        draft: dict[str, Any] = json.loads(
            unseal(bytes.fromhex(kept["sealed"]), place=PLACE, row=kept["id"])
        )
    except Unreadable:
        return None
    return draft


def _keep(request: HttpRequest, draft: Mapping[str, Any]) -> None:
    sealed = seal(json.dumps(draft), place=PLACE, row=draft["id"])
    request.session[DRAFT] = {"id": draft["id"], "sealed": sealed.hex()}


@never_cache
@require_safe
def applied(request: HttpRequest) -> HttpResponse:
    """The receipt: the code, its picture, what comes next."""
    code = request.session.get(APPLIED)
    if code is None:
        return redirect("residents")
    told = {"code": code, "qr": qr.svg(follow_address(request, code))}
    return render(request, "residents/applied.html", told)
