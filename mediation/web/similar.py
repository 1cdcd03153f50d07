"""Cases that a new one may repeat: the same person, or the same place, within thirty days."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q

from mediation.accounts.actor import Actor
from mediation.disputes import policy
from mediation.disputes.enums import Status
from mediation.disputes.models import Dispute, Party
from mediation.disputes.selectors import names_known_to
from workflows.commands.fields import Text
from workflows.commands.intake import PartyForm

WINDOW = timedelta(days=30)
SHOWN = 5
FIELDS = ("number", "code", "title", "place", "status", "colour", "registered_at")


def cases(actor: Actor, data: Mapping[str, Any], *, now: datetime) -> list[Dispute]:
    """The newest cases that the actor may see and that share a person or the place with ``data``."""
    match = _same_person(data.get("parties") or [], actor)
    if place := _place(data.get("place", "")):
        match |= Q(place=place)
    if not match:
        return []
    recent = policy.visible_to(actor, now=now).filter(match, registered_at__gte=now - WINDOW)
    return list(recent.exclude(status=Status.VOIDED).only(*FIELDS).order_by("-pk")[:SHOWN])


def _same_person(rows: Any, actor: Actor) -> Q:
    """As in the search: nobody finds by a number the people whose names he may not read."""
    phones: list[str] = []
    numbers: list[str] = []
    for row in _cleaned(rows):
        phones += Party.phone.indexes_of(row.get("phone", ""))
        numbers += Party.id_number.indexes_of(row.get("id_number", ""))
    if not phones and not numbers:
        return Q()
    same = Party.objects.filter(Q(phone_index__in=phones) | Q(id_index__in=numbers))
    return Q(pk__in=same.values("dispute_id")) & names_known_to(actor)


def _cleaned(rows: Any) -> Iterator[Mapping[str, Any]]:
    """What is right in each row; a half-typed number finds nothing."""
    for row in rows if isinstance(rows, list) else []:
        form = PartyForm(dict(row))
        form.is_valid()
        yield form.cleaned_data


def _place(typed: Any) -> str:
    try:
        return Text(required=False).to_python(typed)
    except ValidationError:
        return ""
