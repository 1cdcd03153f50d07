"""The days off of a year, taken in by the system administrator: looked at first, then kept.

The same reading and the same checks as ``manage.py import_workdays``. What is looked at travels in the page
and is checked again when it is kept; the ticker then moves the days that have to move.
"""

import json
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from mediation.accounts.administration import Act
from mediation.accounts.models import Change, Role
from mediation.core import clock
from mediation.core.db import write
from mediation.deadlines import store, yearplan
from mediation.deadlines.calendar import changes, statutory_days
from mediation.deadlines.words import DeadlineError
from mediation.deadlines.yearplan import YearPlan
from mediation.web.access import StaffRequest, require_role, signed_in
from mediation.web.derivation import language
from mediation.web.views.rules import announced_years
from workflows import calendar_change

MOST_BYTES = 256 * 1024
TOO_LARGE = gettext_lazy("This is too large for the calendar of one year.")


class YearForm(forms.Form):
    """The file as it came, and the notice that it follows."""

    file = forms.FileField(label=gettext_lazy("File of one year"), allow_empty_file=True)
    notice = forms.CharField(
        label=gettext_lazy("Number of the notice"),
        help_text=gettext_lazy("As in 国办发明电〔2025〕7号. May be empty if the file names it."),
        max_length=60,
        required=False,
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(TOO_LARGE)
        return file


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def workdays(request: StaffRequest) -> HttpResponse:
    """The years that are known; the one that is sent as a preview, or taken in."""
    require_role(request.actor, Role.SYSTEM_ADMIN)
    if "plan" in request.POST:
        return _kept(request)
    if request.method == "POST":
        return _previewed(request)
    return _page(request, YearForm())


def _previewed(request: StaffRequest) -> HttpResponse:
    form = YearForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, status=422)
    file, notice = form.cleaned_data["file"], form.cleaned_data["notice"].strip()
    is_csv = str(file.name).lower().endswith(".csv")
    try:
        plan = yearplan.read(file.read(), is_csv=is_csv, notices=[notice] if notice else [])
        yearplan.check(plan, statutory=statutory_days(plan.year))
    except DeadlineError as refusal:
        form.add_error("file", _spoken(refusal))
        return _page(request, form, status=422)
    return _page(request, form, plan=plan)


def _kept(request: StaffRequest) -> HttpResponse:
    """What the page carried is nothing that anybody has to believe: it is read and checked anew."""
    try:
        plan = yearplan.from_json(request.POST["plan"][:MOST_BYTES])
        yearplan.check(plan, statutory=statutory_days(plan.year))
    except DeadlineError as refusal:
        form = YearForm({})
        form.is_valid()
        form.add_error("file", _spoken(refusal))
        return _page(request, form, status=422)
    with write():
        act = Act(by=request.actor, now=clock.now(), reason="、".join(plan.notices)[:200])
        act.record(Change.CALENDAR_TAKEN, after=plan.as_json)
        store.keep_year(plan)
    said = _("The calendar of %(year)s is in force. Whoever is concerned by a moved day is told.")
    messages.success(request, said % {"year": plan.year})
    return redirect("workdays")


def _spoken(refusal: DeadlineError) -> list[str]:
    return [reason.in_language(language()) for reason in refusal.reasons]


def _page(
    request: StaffRequest, form: YearForm, *, plan: YearPlan | None = None, status: int = 200
) -> HttpResponse:
    told: dict[str, Any] = {"form": form, "years": announced_years()}
    if plan is not None:
        before = store.calendar_in_force()
        after = before.with_plan(plan)
        told |= {
            "plan": plan,
            "plan_text": json.dumps(plan.as_json, ensure_ascii=False),
            "differences": [
                (one.day, one.before.in_language(language()), one.after.in_language(language()))
                for one in changes(before, after, year=plan.year)
            ],
            "moved": calendar_change.would_move(after),
        }
    return render(request, "deadlines/workdays.html", told, status=status)
