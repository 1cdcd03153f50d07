"""Keys of programs, issued and revoked by the security administrator on the page of the person."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mediation.accounts import administration
from mediation.web.access import StaffRequest, signed_in
from mediation.web.area_forms import WithReason
from mediation.web.form_page import sent
from mediation.web.people_steps import allowed, answer


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def issue(request: StaffRequest, person: int) -> HttpResponse:
    """Make a key. It stands on the answer alone and is kept nowhere."""
    found = allowed(request, person, "issue_key")
    form = WithReason(sent(request))
    told = {
        "heading": _("Key for a program"),
        "lead": _(
            "A program with this key sees and does whatever this person may, until the key is revoked or the"
            " account closed. Say under “Reason” which program it is."
        ),
        "submit": _("Make a key"),
    }

    def act() -> HttpResponse:
        owner, key = administration.issue_key(form.act_of(request.actor), person_id=person)
        return render(request, "people/program_key.html", {"person": owner, "key": key})

    return answer(request, form, found, told, act)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def revoke(request: StaffRequest, person: int, prefix: str) -> HttpResponse:
    found = allowed(request, person, "revoke_key")
    form = WithReason(sent(request))
    told = {
        "heading": _("Revoke the key %(prefix)s") % {"prefix": prefix},
        "lead": _("The program is refused from its next request on."),
        "submit": _("Revoke the key"),
        "is_danger": True,
    }

    def act() -> str:
        administration.revoke_key(form.act_of(request.actor), person_id=person, prefix=prefix)
        return _("The key was revoked.")

    return answer(request, form, found, told, act)
