"""The list of mediators: committees, their members, what they are good at, how much they have to do."""

import csv
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mediation.core import clock, errors
from mediation.disputes.enums import Category
from mediation.sessions import roster
from mediation.sessions.advice import expertise_words
from mediation.sessions.models import RosterEntry
from mediation.web.access import StaffRequest, require_role, signed_in
from workflows.commands.fields import Day, Text


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


@require_safe
@signed_in
def listing(request: StaffRequest) -> HttpResponse:
    require_role(request.actor, *roster.READERS)
    found = roster.listed(request.actor, today=clock.today())
    told = {
        "committees": [
            {
                "one": one,
                "places": [(p, expertise_words(p.entry.expertise)) for p in one.places],
                "keeps": any(
                    request.actor.holds(role, one.committee.area.code) for role in roster.EDITORS
                ),
            }
            for one in found
        ]
    }
    return render(request, "roster/list.html", told)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def add(request: StaffRequest, committee: int) -> HttpResponse:
    """Put somebody on the list."""
    now = clock.now()
    found = roster.committee_of(request.actor, committee)
    today = clock.local_day(now)
    form = EntryForm(
        request.POST if request.method == "POST" else None, initial={"term_from": today}
    )
    chooser: Any = form.fields["person"]
    chooser.choices = roster.candidates(found, today=today)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                entry = roster.add(request.actor, found, form.cleaned_data, now=now, today=today)
            except errors.Malformed as refusal:
                for name, sentences in refusal.fields.items():
                    for sentence in sentences:
                        form.add_error(name, sentence)
            else:
                messages.success(request, _("%(name)s is on the list.") % {"name": entry.person})
                return redirect("roster")
    told = {"form": form, "committee": found}
    return render(request, "roster/form.html", told, status=status)


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
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="roster.csv"'
    response.write("\ufeff")
    writer = csv.writer(response)
    writer.writerow(
        [_("Committee"), _("Name"), _("Post"), _("Good at"), _("Languages and dialects"),
         _("Term from"), _("Term until"), _("Open cases")]
    )  # fmt: skip
    for one in roster.listed(request.actor, today=clock.today()):
        for place in one.places:
            entry = place.entry
            writer.writerow(
                [one.committee.name, entry.person.name, entry.get_post_display(),
                 expertise_words(entry.expertise), "、".join(entry.languages),
                 entry.term_from, entry.term_until, place.load]
            )  # fmt: skip
    return response
