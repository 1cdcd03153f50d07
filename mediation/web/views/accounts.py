"""Accounts, kept by the system administrator."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from mediation.accounts import administration, policy, selectors
from mediation.accounts.models import Person
from mediation.accounts.policy import Subject
from mediation.core import clock
from mediation.web.access import StaffRequest, signed_in
from mediation.web.area_forms import WithReason
from mediation.web.form_page import sent
from mediation.web.people_forms import AccountForm, NewAccountForm
from mediation.web.people_steps import allowed, answer
from workflows import handover


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new_account(request: StaffRequest) -> HttpResponse:
    """Make an account. Its first password stands on the answer alone and is kept nowhere."""
    policy.require(request.actor, "open_account", Subject())
    form = NewAccountForm(sent(request))
    told = {"heading": _("New account"), "submit": _("Create the account")}

    def act() -> HttpResponse:
        values = {key: form.cleaned_data[key] for key in ("username", "name", "post", "phone")}
        made, raw = administration.open_account(form.act_of(request.actor), **values)
        return _first_password(request, made, raw)

    return answer(request, form, None, told, act)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def edit_account(request: StaffRequest, person: int) -> HttpResponse:
    found = allowed(request, person, "change_account")
    initial = {"name": found.name, "post": found.post, "phone": found.phone}
    form = AccountForm(sent(request), initial=initial)
    told = {"heading": _("Change the account"), "submit": _("Save")}

    def act() -> str:
        values = {key: form.cleaned_data[key] for key in initial}
        administration.change_account(form.act_of(request.actor), person_id=person, **values)
        return _("The changes were saved.")

    return answer(request, form, found, told, act)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def renew_password(request: StaffRequest, person: int) -> HttpResponse:
    """A new first password for somebody who forgot his."""
    found = allowed(request, person, "renew_password")
    form = WithReason(sent(request))
    told = {
        "heading": _("New first password"),
        "lead": _("The old password stops working at once, and every session of this person ends."),
        "submit": _("Make a new password"),
    }

    def act() -> HttpResponse:
        made, raw = administration.renew_password(form.act_of(request.actor), person_id=person)
        return _first_password(request, made, raw)

    return answer(request, form, found, told, act)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def end_sessions(request: StaffRequest, person: int) -> HttpResponse:
    """Sign somebody out everywhere, as when a phone is lost."""
    found = allowed(request, person, "end_sessions")
    form = WithReason(sent(request))
    told = {
        "heading": _("Sign out everywhere"),
        "lead": _(
            "Every device of this person is signed out at once. Signing in again stays possible."
        ),
        "submit": _("Sign out everywhere"),
        "is_danger": True,
    }

    def act() -> str:
        ended = administration.end_sessions(form.act_of(request.actor), person_id=person)
        return ngettext("%(n)s device was signed out.", "%(n)s devices were signed out.", ended) % {
            "n": ended
        }

    return answer(request, form, found, told, act)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def close_account(request: StaffRequest, person: int) -> HttpResponse:
    """Shut somebody out; first shown what he leaves behind and who goes on with it."""
    found = allowed(request, person, "close_account")
    form = WithReason(sent(request))
    today = clock.today()
    duties = selectors.unfinished_duties(found.pk, today=today)
    told = {
        "heading": _("Close the account"),
        "lead": _("It works at once: open pages and connections end, nothing more can be done."),
        "submit": _("Close the account"),
        "is_danger": True,
        "left": handover.left_behind(duties, today=today),
        "shows_left": True,
    }

    def act() -> str:
        administration.close_account(
            form.act_of(request.actor), person_id=person, hand_over=handover.release
        )
        return _("The account was closed.")

    return answer(request, form, found, told, act)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def reopen_account(request: StaffRequest, person: int) -> HttpResponse:
    found = allowed(request, person, "reopen_account")
    form = WithReason(sent(request))
    told = {
        "heading": _("Open the account again"),
        "lead": _("Duties that were not ended are in force again at once."),
        "submit": _("Open again"),
    }

    def act() -> str:
        administration.reopen_account(form.act_of(request.actor), person_id=person)
        return _("The account is open again.")

    return answer(request, form, found, told, act)


def _first_password(request: StaffRequest, person: Person, raw: str) -> HttpResponse:
    # Never in a session, a message or an address: this answer is the only place it stands.
    return render(request, "people/first_password.html", {"person": person, "password": raw})
