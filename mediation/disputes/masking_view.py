"""What of a party an actor is shown: the same on pages and in JSON, masked before it leaves the row."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from mediation.accounts.actor import Actor
from mediation.core import masking
from mediation.disputes import policy
from mediation.disputes.enums import Consent, PartyKind, Side
from mediation.disputes.models import Dispute, Party

REVEALABLE = ("name", "id_number", "phone", "address")


@dataclass(frozen=True, slots=True)
class ShownParty:
    """A party as one actor sees it. ``revealable``: masked fields that he may have opened."""

    ordinal: int
    side: Side
    kind: PartyKind
    name: str
    id_number: str
    phone: str
    address: str
    relation: str
    guardian: str
    no_id_reason: str
    is_minor: bool
    is_necessary: bool
    consent: Consent
    consent_on: date | None
    rights_told_on: date | None
    revealable: tuple[str, ...]


def shown_party(party: Party, actor: Actor, dispute: Dispute) -> ShownParty:
    """Mask by policy: the team reads names, nobody reads a child's name or an identifier unasked."""
    knows = policy.may_see_names(actor, dispute)
    plain_name = knows and not party.is_minor
    mask_id = masking.mask_id if knows else masking.mask_id_tail
    return ShownParty(
        ordinal=party.ordinal,
        side=Side(party.side),
        kind=PartyKind(party.kind),
        name=party.name if plain_name else masking.mask_name(party.name),
        id_number=mask_id(party.id_number),
        phone=masking.mask_phone(party.phone),
        address=masking.mask_address(party.address),
        relation=party.relation,
        guardian=party.guardian if knows else masking.mask_name(party.guardian),
        no_id_reason=party.no_id_reason,
        is_minor=party.is_minor,
        is_necessary=party.is_necessary,
        consent=Consent(party.consent),
        consent_on=party.consent_on,
        rights_told_on=party.rights_told_on,
        revealable=_revealable(party, actor, dispute, name_is_plain=plain_name),
    )


def shown_parties(
    parties: Iterable[Party], actor: Actor, dispute: Dispute
) -> tuple[ShownParty, ...]:
    return tuple(shown_party(party, actor, dispute) for party in parties)


def may_reveal(party: Party, actor: Actor, dispute: Dispute) -> bool:
    """Whether the actor may look behind a mask of this party, giving a reason."""
    if actor.person_id is None:
        return False
    if party.is_minor:
        return policy.may_see_minors(actor, dispute)
    return policy.may_see_names(actor, dispute)


def _revealable(
    party: Party, actor: Actor, dispute: Dispute, *, name_is_plain: bool
) -> tuple[str, ...]:
    if not may_reveal(party, actor, dispute):
        return ()
    return tuple(
        field
        for field in REVEALABLE
        if getattr(party, field) and not (field == "name" and name_is_plain)
    )
