"""The list of mediators: committees, their members, what they are good at, how much they have to do."""

import csv
from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mediation.areas.models import Area
from mediation.core import clock, downloads, errors
from mediation.core.spreadsheet import inert
from mediation.disputes.enums import Category
from mediation.errands import gate
from mediation.sessions import committees, roster
from mediation.sessions.advice import expertise_words
from mediation.sessions.models import Committee, RosterEntry
from mediation.web.access import StaffRequest, require_role, signed_in
from mediation.web.form_page import Act, answer, sent
from workflows.commands.fields import Day, Text

CHANGES = 20


class EntryForm(forms.Form):
    """One person's place in a committee for one term."""

    person = forms.TypedChoiceField(label=gettext_lazy("Person"), coerce=int)
    post = forms.ChoiceField(label=gettext_lazy("Post"), choices=RosterEntry.Post.choices)
    is_woman = forms.BooleanField(label=gettext_lazy("Woman"), required=False)
    birth_year = forms.IntegerField(
        label=gettext_lazy("Year of birth"), min_value=1920, max_value=2099
    )
    is_full_time = forms.BooleanField(label=gettext_lazy("Full time"), required=False)
    expertise = forms.MultipleChoiceField(
        label=gettext_lazy("Good at"),
        choices=Category.choices,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "fq-across"}),
        required=False,
    )
    languages = Text(label=gettext_lazy("Languages and dialects"), max_length=100, required=False)
    term_from = Day(label=gettext_lazy("Term from"))
    term_until = Day(
        label=gettext_lazy("Term until"),
        required=False,
        help_text=gettext_lazy("Empty: three years."),
    )


class CommitteeForm(forms.Form):
    """What a committee is called, and how in its file numbers."""

    name = Text(
        label=gettext_lazy("Name of the committee"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("Empty: the name of the area, then 人民调解委员会."),
    )
    short_name = Text(
        label=gettext_lazy("Short name in file numbers"),
        max_length=10,
        required=False,
        help_text=gettext_lazy(
            "As in (2026)资汽人调字第001号: 资汽. Empty: that of the area. Every committee counts its "
            "files by itself, from 001 in every year."
        ),
    )


class FoundForm(CommitteeForm):
    area = forms.ModelChoiceField(label=gettext_lazy("Area"), queryset=Area.objects.none())
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Committee.Kind.choices)
    founded_on = Day(label=gettext_lazy("Founded on"))
    field_order = ["area", "kind", "name", "short_name", "founded_on"]


class CloseForm(forms.Form):
    reason = Text(label=gettext_lazy("Reason"), min_length=2, max_length=200)


@require_safe
@signed_in
def listing(request: StaffRequest) -> HttpResponse:
    require_role(request.actor, *roster.READERS)
    found = roster.listed(request.actor, today=clock.today())
    told = {
        "may_found": committees.may_found(request.actor),
        "changes": committees.changes([one.committee for one in found], limit=CHANGES),
        "committees": [
            {
                "one": one,
                "places": [(p, expertise_words(p.entry.expertise)) for p in one.places],
                "keeps": any(
                    request.actor.holds(role, one.committee.area.code) for role in roster.EDITORS
                ),
                "founds": committees.may_found(request.actor, one.committee.area.code),
            }
            for one in found
        ],
    }
    return render(request, "roster/list.html", told)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def found(request: StaffRequest) -> HttpResponse:
    """Set up a committee in one's own area."""
    now = clock.now()
    require_role(request.actor, *committees.FOUNDERS)
    places = {str(area.pk): area for area in committees.places(request.actor)}
    wanted = next((key for key, a in places.items() if a.code == request.GET.get("area")), "")
    form = FoundForm(
        sent(request),
        initial={"founded_on": clock.local_day(now), "area": wanted, "kind": "community"},
    )
    chooser: Any = form.fields["area"]
    chooser.queryset = Area.objects.filter(pk__in=places)
    chooser.label_from_instance = lambda area: f"{area.name}（{area.code}）"
    told = {"title": _("Set up a committee"), "submit": _("Set up the committee")}

    def act() -> str:
        data = form.cleaned_data
        committees.found(request.actor, data["area"], data, now=now)
        return _("The committee is set up. Now put its members on the list.")

    return _answer(request, "roster/committee.html", told, form, act)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def change(request: StaffRequest, committee: int) -> HttpResponse:
    """Another name, for the papers to come."""
    one = committees.to_change(request.actor, committee)
    initial = {"name": one.name, "short_name": one.short_name}
    form = CommitteeForm(sent(request), initial=initial)
    told = {"title": _("Rename the committee"), "submit": _("Save"), "lead": one.name}

    def act() -> str:
        committees.rename(request.actor, one, form.cleaned_data, now=clock.now())
        return _("Changed. Papers issued before keep the old name.")

    return _answer(request, "roster/committee.html", told, form, act)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def close(request: StaffRequest, committee: int) -> HttpResponse:
    """The committee ends; its members leave the list today."""
    one = committees.to_change(request.actor, committee)
    form = CloseForm(sent(request))
    told = {
        "title": _("Close the committee"),
        "submit": _("Close the committee"),
        "lead": one.name,
        "is_danger": True,
        "words": _(
            "Its members leave the list today, and it takes no further file. Its cases and papers stay."
        ),
    }

    def act() -> str:
        reason = form.cleaned_data["reason"]
        committees.close(request.actor, one, reason=reason, now=clock.now())
        return _("%(name)s is closed.") % {"name": one.name}

    return _answer(request, "roster/committee.html", told, form, act)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def add(request: StaffRequest, committee: int) -> HttpResponse:
    """Put somebody on the list."""
    now = clock.now()
    found = roster.committee_of(request.actor, committee)
    today = clock.local_day(now)
    form = EntryForm(sent(request), initial={"term_from": today})
    chooser: Any = form.fields["person"]
    chooser.choices = roster.candidates(found, today=today)

    def act() -> str:
        roster.add(request.actor, found, form.cleaned_data, now=now, today=today)
        return _("%(name)s is on the list.") % {"name": _chosen(form)}

    return _answer(request, "roster/form.html", {"committee": found}, form, act)


def _answer(
    request: StaffRequest, template: str, told: Mapping[str, Any], form: forms.Form, act: Act
) -> HttpResponse:
    return answer(request, template, told, form, act, back=reverse("roster"))


def _chosen(form: EntryForm) -> str:
    chooser: Any = form.fields["person"]
    return str(dict(chooser.choices)[form.cleaned_data["person"]])


@require_POST
@signed_in
def end(request: StaffRequest, entry: int) -> HttpResponse:
    """Take somebody off the list from today on."""
    now = clock.now()
    row = RosterEntry.objects.filter(pk=entry, left_on__isnull=True).first()
    if row is None:
        raise errors.NotFound
    roster.committee_of(request.actor, row.committee_id)
    roster.end(request.actor, row, on=clock.local_day(now), now=now)
    messages.success(request, _("%(name)s is no longer on the list.") % {"name": row.person})
    return redirect("roster")


@require_safe
@signed_in
def export(request: StaffRequest) -> HttpResponse:
    """The list as CSV, as the county bureau passes it to the court (art. 10)."""
    require_role(request.actor, *roster.READERS)
    listed = roster.listed(request.actor, today=clock.today())
    gate.require_small(sum(len(one.places) for one in listed))
    response = downloads.guarded(HttpResponse(content_type="text/csv; charset=utf-8"))
    response.headers["Content-Disposition"] = downloads.disposition("roster.csv")
    response.write("\ufeff")
    writer = csv.writer(response)
    writer.writerow(
        [_("Committee"), _("Name"), _("Post"), _("Good at"), _("Languages and dialects"),
         _("Term from"), _("Term until"), _("Open cases")]
    )  # fmt: skip
    for one in listed:
        for place in one.places:
            entry = place.entry
            writer.writerow(
                [inert(one.committee.name), inert(entry.person.name), entry.get_post_display(),
                 expertise_words(entry.expertise), inert("、".join(entry.languages)),
                 entry.term_from, entry.term_until, place.load]
            )  # fmt: skip
    return response
