"""Helpers of the commands that concern people: parties, mediators, second persons."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.conf import settings

from mediation.accounts.actor import Actor
from mediation.accounts.models import Duty, Person, Role
from mediation.agreements import services as agreements
from mediation.agreements.models import Agreement
from mediation.areas.models import ancestor_codes
from mediation.core import clock, identity
from mediation.core.crypto import blind_index
from mediation.core.prepared import Prepared, PreparedUpdate
from mediation.disputes import policy
from mediation.disputes.enums import Consent, PartyKind
from mediation.disputes.models import Approval, Dispute, Party
from mediation.sessions.advice import advice_words, advise
from workflows.commands.fields import CommandForm
from workflows.facts import CaseFacts


def today() -> date:
    """The present legal day, for fields that judge an identity number by age."""
    return clock.today()


def person(actor: Actor) -> Person:
    """The row of an actor who is a person. Policy has kept residents and the system away."""
    return Person.objects.get(pk=actor.person_id or 0)


def allow_demo() -> bool:
    return bool(settings.DEMO or getattr(settings, "ALLOW_DEMO_IDS", False))


def make_party(dispute: Dispute, ordinal: int, row: Mapping[str, Any]) -> Party:
    """A party row from cleaned input. A minor, by number or by word, gets a sealed name."""
    party = Party(
        dispute=dispute,
        ordinal=ordinal,
        side=row["side"],
        kind=row["kind"],
        relation=row["relation"],
        ethnicity=row["ethnicity"],
        occupation=row["occupation"],
        representative=row["representative"],
        guardian=row["guardian"],
        no_id_reason=row["no_id_reason"],
        is_necessary=not row["is_affected_only"],
    )
    party.is_minor = row["is_minor"]
    party.lives_on_own_work = row.get("lives_on_own_work", False)
    if row["id_number"] and row["kind"] == PartyKind.NATURAL:
        checked = identity.check_id(row["id_number"], today=today(), allow_demo=allow_demo())
        party.birth, party.sex = checked.birth, checked.sex or ""
        party.is_minor = party.is_minor or (
            checked.age is not None and checked.age < identity.ADULT
        )
    party.name = row["name"]
    party.id_number, party.phone, party.address = row["id_number"], row["phone"], row["address"]
    party.phone_tail_index = phone_tail_index(row["phone"])
    return party


def phone_tail_index(phone: str) -> str:
    """The keyed hash of the last four digits, by which a resident proves a case is his."""
    return blind_index(phone[-4:], purpose="phone_tail") if phone else ""


def mediator_choices(dispute: Dispute, day: date) -> list[tuple[int, str]]:
    """Mediators on the roster of the area, nearest committee first."""
    codes = dict(zip("abcdef", ancestor_codes(dispute.area_code), strict=True))
    seen: dict[int, str] = {}
    for person_id, person, area in ROSTER.tuples(**codes, day=day):
        seen.setdefault(person_id, f"{person} · {area}")
    return list(seen.items())


ROSTER = Prepared(
    lambda a, b, c, d, e, f, day: Duty.objects.filter(
        role=Role.MEDIATOR.value,
        area__code__in=[a, b, c, d, e, f],
        since__lte=day,
        person__is_active=True,
    )
    .exclude(until__lt=day)
    .order_by("-area__level", "person__name")
    .values_list("person_id", "person__name", "area__name"),
    a=str, b=str, c=str, d=str, e=str, f=str, day=date,
)  # fmt: skip


def offer_mediators(form: CommandForm, dispute: Dispute, facts: CaseFacts) -> None:
    """The mediators to choose from; a page that is only looked at says whom to prefer and why."""
    choices = mediator_choices(dispute, facts.today)
    form.offer("mediator", choices)
    if form.is_bound or not choices:
        return
    found = advise(dispute, facts.parties, choices, today=facts.today)
    form.offer("mediator", [(one.person_id, one.label) for one in found])
    form.fields["mediator"].help_text = advice_words(found)


def forget_consents(dispute: Dispute) -> None:
    """A new attempt asks everybody anew (People's Mediation Law art. 17)."""
    FORGET(dispute=dispute.pk)


FORGET = PreparedUpdate(
    lambda dispute: Party.objects.filter(dispute_id=dispute).exclude(consent=Consent.UNASKED.value),
    {"consent": Consent.UNASKED.value, "consent_on": None, "consent_channel": ""},
    dispute=int,
)


def record_oral_settlement(dispute: Dispute, *, content: str, day: date) -> Agreement:
    """An oral agreement takes effect the day it is reached (People's Mediation Law art. 30)."""
    agreements.set_aside(dispute)
    return Agreement.objects.create(
        dispute=dispute,
        form=Agreement.Form.ORAL,
        content=content,
        manner="",
        agreed_on=day,
        effective_on=day,
    )


def spend_approval(facts: CaseFacts, command: str) -> None:
    """A second person's consent serves once."""
    for approval in facts.approvals:
        if approval.command == command and approval.state == Approval.State.GRANTED:
            approval.state = Approval.State.SPENT
            approval.save(update_fields=["state"])


def find_visible(facts: CaseFacts, number: str) -> Dispute | None:
    """Another case by its number, if the actor may see it."""
    if not number:
        return None
    return policy.visible_to(facts.actor, now=facts.now).filter(number=number).first()


def seal_again(party: Party, row: Mapping[str, Any]) -> None:
    """Sealed values are bound to the row's uid; seal them anew after the uid was taken over."""
    party.name = row["name"]
    party.id_number, party.phone, party.address = row["id_number"], row["phone"], row["address"]
