"""My account: language, display, duties, who stands in for me, and where I am signed in."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, override
from django.views.decorators.http import require_http_methods, require_POST

from mediation.accounts import administration, devices
from mediation.accounts.administration import Act, DeputyWish
from mediation.accounts.models import ADMIN_ROLES, Duty, Person
from mediation.areas.models import ancestor_codes
from mediation.areas.selectors import subdistrict_code, within
from mediation.core import clock
from mediation.core.errors import Malformed, NotFound
from mediation.web import agents
from mediation.web.access import StaffRequest, signed_in
from mediation.web.context import LANGUAGES
from mediation.web.views.frame import YEAR
from workflows.commands.fields import Day


class DeputyForm(forms.Form):
    """Who stands in for one duty, and on which days. Without days: always."""

    deputy = forms.TypedChoiceField(label=gettext_lazy("Deputy"), coerce=int)
    since = Day(label=gettext_lazy("From"), required=False)
    until = Day(label=gettext_lazy("Until"), required=False)

    def __init__(self, data: Any = None, *, duty: Duty, today: date) -> None:
        initial = {
            "deputy": duty.deputy_id, "since": duty.deputy_since, "until": duty.deputy_until,
        }  # fmt: skip
        super().__init__(data, initial=initial, prefix=f"duty{duty.pk}")
        chooser: Any = self.fields["deputy"]
        chooser.choices = [("", "—"), *candidates(duty, today=today)]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        since, until = data.get("since"), data.get("until")
        if since and until and until < since:
            self.add_error("until", _("This lies before the first day."))
        return data


def candidates(duty: Duty, *, today: date) -> list[tuple[int, str]]:
    """Colleagues who serve in the same subdistrict or above it. Administrators stand in for nobody."""
    code = duty.area.code
    near = within(subdistrict_code(code), field="area__code")
    colleagues = (
        _open(Duty.objects.all(), today)
        .filter(near | Q(area__code__in=ancestor_codes(code)), person__is_active=True)
        .exclude(person_id=duty.person_id)
        .exclude(role__in=ADMIN_ROLES)
        .select_related("person")
        .order_by("person__name", "pk")
    )
    names: dict[int, str] = {}
    for other in colleagues:
        names.setdefault(other.person_id, f"{other.person.name} · {other.get_role_display()}")
    return list(names.items())


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def profile(request: StaffRequest) -> HttpResponse:
    if request.method == "POST":
        return _keep_language(request, request.POST.get("language", ""))
    return _page(request)


def _keep_language(request: StaffRequest, language: str) -> HttpResponse:
    """The language of the pages: with the person for what is sent to him, in a cookie for this device."""
    if language not in dict(LANGUAGES):
        raise Malformed({"language": [gettext_lazy("Please choose one of the offered answers.")]})
    Person.objects.filter(pk=request.user.pk).update(language=language)
    with override(language):
        messages.success(request, _("Saved."))
    response = redirect("profile")
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=YEAR,
        samesite="Lax",
        secure=request.is_secure(),
    )
    return response


@require_POST
@signed_in
def deputy(request: StaffRequest, duty: int) -> HttpResponse:
    """Name or dismiss the deputy of one of one's own duties."""
    today = clock.today()
    own = _own_duties(request, today).filter(pk=min(duty, 2**62)).first()
    if own is None or own.role in ADMIN_ROLES:
        raise NotFound
    if "remove" in request.POST:
        administration.choose_deputy(_act(request), duty_id=own.pk, deputy=None)
        messages.success(request, _("Nobody stands in for you now."))
        return redirect("profile")
    form = DeputyForm(request.POST, duty=own, today=today)
    if not form.is_valid():
        return _page(request, refused=form, refused_duty=own.pk, status=422)
    data = form.cleaned_data
    person = Person.objects.get(pk=data["deputy"])
    wish = DeputyWish(person, data["since"], data["until"])
    administration.choose_deputy(_act(request), duty_id=own.pk, deputy=wish)
    messages.success(request, _("%(name)s stands in for you.") % {"name": person.name})
    return redirect("profile")


@require_POST
@signed_in
def end_device(request: StaffRequest, device: int) -> HttpResponse:
    """End one of one's own sessions. The one that asks is signed out as usual."""
    key = devices.end(person_id=request.user.pk, device_id=min(device, 2**62), now=clock.now())
    if key == request.session.session_key:
        logout(request)
        return redirect("account_login")
    messages.success(request, _("The device was signed out."))
    return redirect("profile")


@require_POST
@signed_in
def end_others(request: StaffRequest) -> HttpResponse:
    """End every session of one's own but the one that asks."""
    key = request.session.session_key or ""
    ended = devices.end_others(person_id=request.user.pk, session_key=key, now=clock.now())
    told = ngettext("%(n)s device was signed out.", "%(n)s devices were signed out.", ended)
    messages.success(request, told % {"n": ended})
    return redirect("profile")


@dataclass(frozen=True, slots=True)
class Device:
    """One session as its owner knows it."""

    pk: int
    words: str
    address: str
    since: datetime
    is_here: bool


def _devices(request: StaffRequest) -> list[Device]:
    """This device first. One query."""
    key = request.session.session_key
    found = [
        Device(
            row.pk, agents.words_of(row.user_agent), row.ip, row.created_at, row.session_key == key
        )
        for row in devices.of(request.user.pk, now=clock.now())
    ]
    return sorted(found, key=lambda device: not device.is_here)


def _act(request: StaffRequest) -> Act:
    return Act(request.actor, clock.now())


def _open(duties: QuerySet[Duty], today: date) -> QuerySet[Duty]:
    return duties.filter(Q(until__isnull=True) | Q(until__gte=today), since__lte=today)


def _own_duties(request: StaffRequest, today: date) -> QuerySet[Duty]:
    duties = Duty.objects.filter(person_id=request.user.pk)
    return _open(duties, today).select_related("area__parent", "deputy").order_by("pk")


def _page(
    request: StaffRequest,
    *,
    refused: DeputyForm | None = None,
    refused_duty: int = 0,
    status: int = 200,
) -> HttpResponse:
    today = clock.today()
    duties = [
        {"duty": duty, "form": _form(duty, today, refused if duty.pk == refused_duty else None)}
        for duty in _own_duties(request, today)
    ]
    standing_in = _open(Duty.objects.filter(deputy_id=request.user.pk), today)
    signed_in_on = _devices(request)
    told = {
        "devices": signed_in_on,
        "has_others": any(not device.is_here for device in signed_in_on),
        "duties": duties,
        "refused": refused,
        "standing_in": [
            duty
            for duty in standing_in.select_related("person", "area__parent").order_by("pk")
            if duty.is_deputised_on(today)
        ],
    }
    return render(request, "profile/profile.html", told, status=status)


def _form(duty: Duty, today: date, refused: DeputyForm | None) -> DeputyForm | None:
    if duty.role in ADMIN_ROLES:
        return None
    return refused or DeputyForm(duty=duty, today=today)
