"""What the pages of people share: whom one may see and change, and where a step leads back to."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from mediation.accounts import administration, policy
from mediation.accounts.models import Person
from mediation.accounts.policy import Subject
from mediation.core import clock, text
from mediation.core.errors import NotFound
from mediation.web import form_page
from mediation.web.access import StaffRequest
from mediation.web.area_forms import Reasoned

FORM = "people/form.html"


def find(request: StaffRequest, person_id: int) -> Person:
    """Whom the actor may see. A person outside his areas does not exist."""
    policy.require(request.actor, "view_people", Subject())
    found = policy.people_in_reach(request.actor).filter(pk=person_id).first()
    if found is None:
        raise NotFound
    return found


def allowed(request: StaffRequest, person_id: int, act: str) -> Person:
    found = find(request, person_id)
    policy.require(request.actor, act, administration.subject_of(found, today=clock.today()))
    return found


def answer(
    request: StaffRequest,
    form: Reasoned,
    person: Person | None,
    told: Mapping[str, Any],
    act: form_page.Act,
) -> HttpResponse:
    """Show the form, or do what it says and go back to the person."""
    back = reverse("person", args=[person.pk]) if person else reverse("people")
    return form_page.answer(request, FORM, {"person": person, **told}, form, act, back=back)


def typed(words: str) -> str:
    """Text of an address that a database can be asked for; what it cannot hold finds nothing."""
    try:
        return text.clean(words)
    except text.BadText:
        return ""
