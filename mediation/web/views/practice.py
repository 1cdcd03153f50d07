"""Beside the steps of mediation: what is being written, and how a text became what it is."""

import difflib
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from mediation.agreements.models import AgreementVersion
from mediation.core import clock, errors
from mediation.disputes import policy
from mediation.web import action_forms, desk_forms
from mediation.web.access import StaffRequest, signed_in
from mediation.web.dossier import find_case
from workflows.commands import catalog

LARGEST_DRAFT = 200_000


@require_POST
@signed_in
def draft(request: StaffRequest, code: str, action: str) -> HttpResponse:
    """Keep what is being typed: asked by a script every few seconds, or by a button without one."""
    now = clock.now()
    dispute = find_case(request.actor, code, now=now)
    if action not in desk_forms.SESSION:
        raise errors.NotFound
    if not policy.may(request.actor, action, dispute) or request.actor.person_id is None:
        raise errors.Forbidden(policy.NOT_YOURS)
    data = action_forms.typed(catalog.find(action), request.POST)
    if sum(len(str(value)) for value in data.values()) > LARGEST_DRAFT:
        raise errors.Malformed({"record": [_("This is too long.")]})
    desk_forms.keep_draft(dispute, request.actor.person_id, action, data, now)
    at = f"{localtime(now):%H:%M:%S}"
    if request.headers.get("X-Autosave"):
        return JsonResponse({"saved": at})
    messages.success(request, _("Saved %(at)s") % {"at": at})
    return redirect("act", code=dispute.code, action=action)


@require_safe
@signed_in
def versions(request: StaffRequest, code: str) -> HttpResponse:
    """Every version of the agreement, each beside the one before it."""
    now: datetime = clock.now()
    dispute = find_case(request.actor, code, now=now)
    if not policy.may_read_records(request.actor, dispute):
        raise errors.Forbidden(policy.NOT_YOURS)
    rows = list(AgreementVersion.objects.filter(dispute=dispute).select_related("written_by"))
    shown = [
        {
            "row": row,
            "lines": list(_difference(before.body if before else {}, row.body)),
        }
        for before, row in zip([None, *rows], rows, strict=False)
    ]
    told = {"dispute": dispute, "versions": list(reversed(shown))}
    return render(request, "cases/versions.html", told)


def _difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """Lines as they stand, came or went."""
    tones = {"+": "came", "-": "went", " ": "same"}
    for line in difflib.ndiff(list(_text(before)), list(_text(after))):
        if line[:1] in tones:
            yield {"tone": tones[line[0]], "text": line[2:]}


def _text(body: Mapping[str, Any]) -> Iterator[str]:
    """A version line by line, in the order of the paper."""
    for name in ("main_facts", "issues", "responsibilities", "content"):
        yield from (line for line in str(body.get(name) or "").split("\n") if line)
    for row in body.get("clauses") or ():
        yield str(row.get("text") or "")
    for row in body.get("obligations") or ():
        parts = ("debtor", "creditor", "content", "amount", "manner", "place", "due_on")
        yield " · ".join(str(row[part]) for part in parts if row.get(part))
    for name in ("amount", "manner", "place", "agreed_on", "copies"):
        if body.get(name):
            yield f"{FIELD_WORDS[name]}：{body[name]}"


FIELD_WORDS = {
    "amount": "总金额",
    "manner": "履行方式",
    "place": "履行地点",
    "agreed_on": "达成日期",
    "copies": "份数",
}
