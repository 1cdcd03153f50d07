"""Files that people bring: taken in, handed out by policy, taken out again."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from mediation.accounts.actor import Actor
from mediation.core import clock, downloads, errors, vault
from mediation.core.errors import NotFound, Refusal
from mediation.disputes import policy
from mediation.disputes.models import Dispute
from mediation.documents import services as documents
from mediation.uploads import services, sniff
from mediation.uploads.models import Upload
from mediation.web import papers
from mediation.web.access import StaffRequest, signed_in
from mediation.web.dossier import find_case
from workflows.engine import Command, execute

MOST_AT_ONCE = 9


def take(
    files: list[Any], dispute: Dispute, actor: Actor, *, now: Any, door: str = "page", **data: str
) -> list[str]:
    """Put files into a case, each by itself. Returns a sentence for every one that was not taken."""
    refused = []
    for file in files:
        try:
            parked = services.park(file.read(), file.name or "", actor, now=now)
            facts = {"upload": parked.pk, **data}
            command = Command("attach_file", dispute=dispute.code, data=facts, door=door)
            execute(command, actor, now=now)
        except Refusal as refusal:
            name = sniff.shown_name(file.name or "")
            refused.append(f"{name}: {' '.join(refusal.sentences)}")
    return refused


@require_POST
@signed_in
def add(request: StaffRequest, code: str) -> HttpResponse:
    """Up to nine files at once into one slot; a signed page into its paper."""
    now = clock.now()
    dispute = find_case(request.actor, code, now=now)
    if not policy.may(request.actor, "attach_file", dispute):
        raise errors.Forbidden(policy.NOT_YOURS)
    files = request.FILES.getlist("file")
    if not files or len(files) > MOST_AT_ONCE:
        sentence = _("Choose one to nine files.")
        return _again(request, dispute, [sentence], now)
    data = {
        name: request.POST.get(name, "") for name in ("slot", "note", "source", "paper", "about")
    }
    refused = take(files, dispute, request.actor, now=now, **data)
    taken = len(files) - len(refused)
    if taken:
        words = ngettext("%(n)d file was added.", "%(n)d files were added.", taken) % {"n": taken}
        messages.success(request, words)
    if refused:
        return _again(request, dispute, refused, now)
    return redirect(_way_on(request, dispute))


def _again(request: StaffRequest, dispute: Dispute, sentences: list[str], now: Any) -> HttpResponse:
    told = papers.context(dispute, request.actor, now=now)
    told |= {"refused": sentences, "accept": sniff.TYPES}
    return render(request, "documents/papers.html", told, status=422)


def _way_on(request: StaffRequest, dispute: Dispute) -> str:
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if wanted and safe else reverse("papers", args=[dispute.code])


def _found(request: StaffRequest, code: str, ordinal: int) -> tuple[Upload, Dispute]:
    """Raises ``NotFound`` also for a file of a visible case that is not this person's to read."""
    dispute = find_case(request.actor, code, now=clock.now())
    upload = services.of(dispute, min(ordinal, services.LARGEST_NUMBER))
    if upload is None or not services.may_read(upload, dispute, request.actor):
        raise NotFound
    return upload, dispute


@require_safe
@signed_in
def fetch(request: StaffRequest, code: str, attachment: int) -> HttpResponse:
    upload, dispute = _found(request, code, attachment)
    documents.note_look(dispute, f"file {upload.ordinal}", request.actor, now=clock.now())
    response = HttpResponse(vault.get(upload.stored_as), content_type=upload.media_type)
    response.headers["Content-Disposition"] = downloads.disposition(upload.name)
    return downloads.guarded(response)


@require_safe
@signed_in
def thumb(request: StaffRequest, code: str, attachment: int) -> HttpResponse:
    upload, _dispute = _found(request, code, attachment)
    if not upload.thumbnail:
        raise NotFound
    return downloads.guarded(HttpResponse(vault.get(upload.thumbnail), content_type="image/jpeg"))


@require_POST
@signed_in
def withdraw(request: StaffRequest, code: str, attachment: int) -> HttpResponse:
    upload, dispute = _found(request, code, attachment)
    data = {"file": upload.ordinal, "reason": request.POST.get("reason", "")}
    key = f"page:{uuid.uuid4()}"
    now = clock.now()
    try:
        command = Command("withdraw_file", dispute=dispute.code, data=data, key=key)
        execute(command, request.actor, now=now)
    except errors.Malformed as refusal:
        return _again(request, dispute, refusal.sentences, now)
    messages.success(request, _("The file is taken out. It stays on record."))
    return redirect("papers", dispute.code)
