"""One page for every step: its form, what stands against it, and what happens when it is sent."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from mediation.core import clock, errors
from mediation.core.errors import Reason
from mediation.disputes import policy
from mediation.disputes.masking_view import ShownParty, shown_parties, shown_party
from mediation.disputes.models import Dispute
from mediation.disputes.services import NEEDS_APPROVAL, child_is_open
from mediation.disputes.services import reveal as look_behind
from mediation.documents import completeness, dossier
from mediation.documents import services as papers
from mediation.documents.casefile import CaseFile
from mediation.warning import services as warning
from mediation.web import action_forms, case_page, desk_forms, prefill, sheets, ways
from mediation.web.access import StaffRequest, signed_in
from mediation.web.dossier import find_case, is_his_turn
from mediation.web.forms import client_key
from workflows.commands import catalog
from workflows.commands.spec import Spec
from workflows.engine import Command, execute
from workflows.facts import CaseFacts


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def act(request: StaffRequest, code: str, action: str) -> HttpResponse:
    """The form of a step, or the step itself. Whatever is refused comes back as it was typed."""
    facts, spec = _asked(request, code, action)
    if request.method == "POST":
        return _taken(request, facts, spec)
    catalog.require_status(spec, facts.dispute)
    reasons = catalog.unmet(spec, facts.dispute)
    form = _empty_form(request, facts, spec)
    return _page(request, facts, spec, form=form, reasons=reasons, blocked=bool(reasons))


def _empty_form(request: StaffRequest, facts: CaseFacts, spec: Spec) -> Any:
    """With what is known, what the address chooses, and what this person was writing."""
    chosen = prefill.from_address(request.GET, spec.form.base_fields)
    if spec.name == "add_party" and (who := chosen.pop("replaces", "")):
        chosen |= prefill.of_party(facts, who)
    if spec.name == "archive":
        chosen = {"page_count": dossier.pages_of(CaseFile(facts.dispute, now=facts.now))} | chosen
    draft: dict[str, Any] = {}
    draft_at: Any = None
    if spec.name in desk_forms.SESSION:
        draft, draft_at = desk_forms.draft_of(facts.dispute, request.actor.person_id, spec.name)
    form: Any = action_forms.form_of(spec, facts.dispute, facts, chosen=chosen | draft)
    if draft_at is not None:
        form.draft_at = draft_at
    return form


def _asked(request: StaffRequest, code: str, action: str) -> tuple[CaseFacts, Spec]:
    """The case as this actor may change it. Raises ``NotFound`` or ``Forbidden``."""
    now = clock.now()
    dispute = find_case(request.actor, code, now=now, joined=("grid__parent", "mediator"))
    spec = catalog.find(action)
    if spec.hidden:
        raise errors.NotFound
    if not policy.may(request.actor, spec.name, dispute):
        raise errors.Forbidden(policy.NOT_YOURS)
    facts = CaseFacts(dispute, actor=request.actor, now=now)
    dispute.known = facts
    return facts, spec


def _taken(request: StaffRequest, facts: CaseFacts, spec: Spec) -> HttpResponse:
    data = action_forms.typed(spec, request.POST)
    key = client_key(request.POST.get("key", "")) or uuid.uuid4()
    command = Command(
        spec.name,
        dispute=facts.dispute.code,
        version=_number(request.POST.get("version", "")),
        data=data,
        key=f"page:{key}",
    )
    try:
        execute(command, request.actor, now=facts.now)
    except (errors.Malformed, errors.Unmet, errors.Stale, errors.KeyReused, errors.Busy) as refusal:
        return _refused(request, facts, spec, data, refusal)
    desk_forms.drop_draft(facts.dispute, request.actor.person_id, spec.name)
    done = _("%(number)s: %(done)s") % {"number": facts.dispute.number, "done": spec.done}
    messages.success(request, done, extra_tags=_draft(facts.dispute, spec))
    if (further := _further(spec, data)) and not request.POST.get("next"):
        return redirect("act", code=facts.dispute.code, action=further)
    return redirect(_way_on(request, facts.dispute))


OF_THE_FILE = frozenset({"close", "archive", "return_for_correction"})
"""Steps that judge the file: what it holds and lacks stands beside them."""


def _further(spec: Spec, data: Any) -> str:
    """What a session ended with leads straight to the step that records it."""
    return FURTHER.get(data.get("outcome", ""), "") if spec.name in desk_forms.SESSION else ""


FURTHER = {"agreed": "draft_agreement", "ended": "end_mediation"}


def _number(given: str) -> int:
    """A version that is no number is none that we gave out: nobody can have seen it."""
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0


def _refused(
    request: StaffRequest, facts: CaseFacts, spec: Spec, data: Any, refusal: errors.Refusal
) -> HttpResponse:
    """The same page with what was typed. A second try after a conflict knows the newer case."""
    form = action_forms.form_of(spec, facts.dispute, facts, data)
    told = refusal.reasons
    if isinstance(refusal, errors.Malformed):
        told = _complain(form, refusal)
    elif isinstance(refusal, (errors.KeyReused, errors.Busy)):
        told = (Reason(refusal.code, refusal.title),)
    stale = refusal if isinstance(refusal, errors.Stale) else None
    gone = not catalog.is_here(spec, facts.dispute)
    if gone:
        told = (*told, catalog.not_from_here(spec, facts.dispute))
    return _page(
        request,
        facts,
        spec,
        form=form,
        reasons=told,
        stale=stale,
        blocked=gone,
        status=refusal.status,
    )


def _complain(form: Any, refusal: errors.Malformed) -> tuple[Reason, ...]:
    """Put each sentence to its field. The form finds most of them by itself."""
    form.is_valid()
    for name, sentences in refusal.fields.items():
        known = form.errors.get(name or "__all__", [])
        for sentence in sentences:
            if sentence not in known:
                form.add_error(name if name in form.fields else None, sentence)
    return ()


def _page(
    request: StaffRequest,
    facts: CaseFacts,
    spec: Spec,
    *,
    form: Any = None,
    reasons: Any = (),
    stale: errors.Stale | None = None,
    blocked: bool = False,
    status: int = 200,
    pages: Any = (),
) -> HttpResponse:
    told = {
        "pages": pages,
        "dispute": facts.dispute,
        "step": step(spec, facts, form=form),
        "reasons": [_told(reason, facts, form) for reason in reasons],
        "waits": case_page.who_acts(facts.dispute)
        if blocked and not is_his_turn(facts.dispute, facts.actor)
        else None,
        "stale": stale,
        "blocked": blocked,
        "next": request.POST.get("next", request.GET.get("next", "")),
        "back": _way_on(request, facts.dispute),
    }
    if spec.name not in desk_forms.ALONE:
        told["brief"] = shown_parties(facts.parties, facts.actor, facts.dispute)
    if spec.name in OF_THE_FILE and papers.may_read(facts.actor, facts.dispute):
        lines = completeness.check(CaseFile(facts.dispute, now=facts.now))
        told |= {"check": lines, "missing": [line for line in lines if not line.is_there]}
    page = "cases/_act.html" if "HX-Request" in request.headers else "cases/act.html"
    return render(request, page, told, status=status)


def _told(reason: Reason, facts: CaseFacts, form: Any) -> dict[str, Any]:
    """A reason with the step that clears the way, or else the field that does."""
    shown = case_page.refusal(reason, facts)
    return shown | {"way": shown["way"] or (form is not None and ways.to_field(reason, form))}


def step(spec: Spec, facts: CaseFacts, *, form: Any = None) -> dict[str, Any]:
    """What ``cases/_form.html``, or the step's own template, needs to offer one step."""
    form = form or action_forms.form_of(spec, facts.dispute, facts)
    return (
        desk_forms.extras(spec.name, facts, form)
        | action_forms.parted(spec.name, form)
        | {
            "name": spec.name,
            "label": spec.label,
            "template": desk_forms.TEMPLATES.get(spec.name, "cases/_form.html"),
            "is_pad": spec.name == "sign_on_screen",
            "is_paper": spec.name in desk_forms.AGREEMENT,
            "url": reverse("act", args=[facts.dispute.code, spec.name]),
            "form": form,
            "version": facts.dispute.version,
            "key": str(uuid.uuid4()),
            "draft": _draft(facts.dispute, spec),
            "danger": spec.name in case_page.DANGEROUS,
            "asks_risk": "answers" in spec.form.base_fields,
            "basis": case_page.source_words(spec.basis),
        }
    )


def _draft(dispute: Dispute, spec: Spec) -> str:
    return f"do-{dispute.code}-{spec.name}"


def _way_on(request: HttpRequest, dispute: Dispute) -> str:
    wanted = request.POST.get("next", request.GET.get("next", ""))
    if url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return wanted
    return reverse("dispute", args=[dispute.code])


# Beside the steps --------------------------------------------------------------------------------


@require_POST
@signed_in
def preview(request: StaffRequest, code: str, action: str) -> HttpResponse:
    """The real paper of what is on the page now: the pages alone for a script, else the whole page."""
    facts, spec = _asked(request, code, action)
    if spec.name not in desk_forms.AGREEMENT:
        raise errors.NotFound
    if not papers.may_read(request.actor, facts.dispute):
        raise errors.Forbidden(papers.NOT_YOUR_PAPERS)
    data = action_forms.typed(spec, request.POST)
    shown = sheets.pages(facts, data)
    if "HX-Request" in request.headers:
        return render(request, "cases/_sheets.html", {"pages": shown})
    form = action_forms.form_of(spec, facts.dispute, facts, data)
    return _page(request, facts, spec, form=form, pages=shown)


@require_POST
@signed_in
def level(request: StaffRequest, code: str, action: str) -> HttpResponse:
    """The colour that the rules give to the answers on the page. Nothing is kept."""
    facts, spec = _asked(request, code, action)
    data = action_forms.typed(spec, request.POST)
    form = catalog.form_for(spec, data, dispute=facts.dispute, facts=facts)
    form.is_valid()
    answers, asked = warning.laid_over(
        facts.dispute.risk, form.cleaned_data.get("answers") or {}, today=facts.today
    )
    beside = warning.around(facts.dispute, facts.parties, now=facts.now)
    risk = warning.rate(facts.dispute, answers, beside, now=facts.now, asked=asked)
    told = {
        "colour": risk["colour"],
        "words": case_page.risk_words(risk),
        "sentences": case_page.risk_reasons(risk),
    }
    return render(request, "cases/_level.html", told)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def reveal(request: StaffRequest, code: str, ordinal: int) -> HttpResponse:
    """Look behind one mask, for a reason. The look is on record before the page shows anything."""
    now = clock.now()
    dispute = find_case(request.actor, code, now=now)
    party = dispute.parties.filter(ordinal=ordinal).first()
    if party is None:
        raise errors.NotFound
    shown = shown_party(party, request.actor, dispute)
    if shown.revealable and party.is_minor and not child_is_open(dispute, request.actor, now=now):
        return _ask_first(request, dispute, shown)
    if request.method != "POST":
        return _reveal_page(request, dispute, shown)
    field, reason = request.POST.get("field", ""), request.POST.get("reason", "")
    try:
        plain = look_behind(
            dispute, ordinal=ordinal, field=field, reason=reason, actor=request.actor, now=now
        )
    except errors.Malformed as refusal:
        return _reveal_page(request, dispute, shown, refusal=refusal, status=422)
    return _reveal_page(request, dispute, shown, plain=plain)


def _ask_first(request: StaffRequest, dispute: Dispute, shown: ShownParty) -> HttpResponse:
    """A child's details: the way to the person who must agree beforehand."""
    told = {"dispute": dispute, "party": shown, "needs": NEEDS_APPROVAL}
    status = 403 if request.method == "POST" else 200
    return render(request, "cases/reveal.html", told, status=status)


def _reveal_page(
    request: StaffRequest,
    dispute: Dispute,
    shown: ShownParty,
    *,
    plain: str = "",
    refusal: errors.Malformed | None = None,
    status: int = 200,
) -> HttpResponse:
    words = {
        "name": _("Name"),
        "id_number": _("ID number"),
        "phone": _("Phone"),
        "address": _("Address"),
    }
    field = request.POST.get("field", "")
    told = {
        "dispute": dispute,
        "party": shown,
        "fields": [(name, words[name]) for name in shown.revealable],
        "field": field if field in shown.revealable else next(iter(shown.revealable), ""),
        "label": words.get(field, ""),
        "reason": request.POST.get("reason", ""),
        "plain": plain,
        "sentences": refusal.sentences if refusal else [],
    }
    return render(request, "cases/reveal.html", told, status=status)
