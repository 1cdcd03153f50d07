"""Writing down who agreed, who was told, who is tied to whom, and who else takes part."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Max, Q

from mediation.accounts.models import Person
from mediation.core import rows
from mediation.core.clock import local_day
from mediation.core.prepared import Prepared, PreparedUpdate
from mediation.disputes.models import Dispute, Party
from mediation.sessions.models import (
    Assignment,
    ConsentAnswer,
    Declaration,
    MediatorWish,
    Participant,
    RightsNotice,
    Tie,
)

STATEMENT = (
    "本人与本案各方当事人不存在近亲属、雇佣、相邻、交易往来或其他可能影响公正调解的关系；"
    "如有，已逐项列明。"
)


# Consent and notice ------------------------------------------------------------------------------


def record_answer(
    party: Party,
    *,
    answer: str,
    on: date,
    channel: str,
    given_by: str,
    reason: str,
    by: int | None,
    now: datetime,
) -> None:
    """Keep the answer for ever and set it as the present one. The caller saves ``party``."""
    rows.add(
        ConsentAnswer,
        dispute_id=party.dispute_id,
        party_id=party.pk,
        answer=answer,
        answered_on=on,
        channel=channel,
        given_by=given_by,
        reason=reason,
        recorded_by_id=by,
        recorded_at=now,
    )
    party.consent, party.consent_on, party.consent_channel = answer, on, channel


def record_rights_notice(
    party: Party, *, on: date, channel: str, receipt: str, by: int | None
) -> None:
    """Keep the notice and its receipt. The caller saves ``party``."""
    rows.add(
        RightsNotice,
        dispute_id=party.dispute_id,
        party_id=party.pk,
        told_on=on,
        channel=channel,
        receipt=receipt,
        told_by_id=by,
    )
    party.rights_told_on = on


def has_agent(party: Party) -> bool:
    return party.helpers.filter(kind=Participant.Kind.AGENT, left_on__isnull=True).exists()


# Mediators ---------------------------------------------------------------------------------------


def assign(
    dispute: Dispute,
    mediator_id: int,
    *,
    chosen_by: str,
    now: datetime,
    reason: str = "",
    is_lead: bool = True,
) -> None:
    """Name a mediator; a new lead ends the former one's time. Wishes that this meets are met."""
    if is_lead:
        if dispute.mediator_id == mediator_id:
            return
        END_LEAD(dispute=dispute.pk, now=now)
        dispute.mediator = PERSON(pk=mediator_id)[0]
    rows.add(
        Assignment,
        dispute_id=dispute.pk,
        mediator_id=mediator_id,
        chosen_by=chosen_by,
        reason=reason,
        is_lead=is_lead,
        since=now,
    )


def note_no_conflict(dispute: Dispute, *, now: datetime) -> None:
    """Everybody who mediates has said that nothing ties him to the parties."""
    NO_CONFLICT(dispute=dispute.pk, now=now)


END_LEAD = PreparedUpdate(
    lambda dispute, now: Assignment.objects.filter(  # noqa: ARG005 -- the changes take it
        dispute_id=dispute, until__isnull=True, is_lead=True
    ),
    lambda dispute, now: {"until": now},  # noqa: ARG005
    dispute=int,
    now=datetime,
)
NO_CONFLICT = PreparedUpdate(
    lambda dispute, now: Assignment.objects.filter(  # noqa: ARG005 -- the changes take it
        dispute_id=dispute, until__isnull=True
    ),
    lambda dispute, now: {"no_conflict_declared_at": now},  # noqa: ARG005
    dispute=int,
    now=datetime,
)
PERSON = Prepared(lambda pk: Person.objects.filter(pk=pk), pk=int)


def meet_wishes(dispute: Dispute, mediator_id: int, *, now: datetime) -> None:
    """A change of the mediator answers whoever asked for it or chose this one."""
    MediatorWish.objects.filter(dispute=dispute, met_at__isnull=True).filter(
        Q(wish=MediatorWish.Wish.REPLACE) | Q(mediator_id=mediator_id)
    ).update(met_at=now)


def declare(
    dispute: Dispute, mediator: Person, ties: Sequence[tuple[str, Party]], *, now: datetime
) -> Declaration:
    """The mediator's statement about this case. It replaces what he declared about these parties before."""
    Tie.objects.filter(mediator=mediator, party__dispute=dispute, ended_on__isnull=True).update(
        ended_on=local_day(now)
    )
    Tie.objects.bulk_create(
        Tie(
            mediator=mediator,
            kind=kind,
            party=party,
            id_index=party.id_index,
            phone_index=party.phone_index,
            declared_at=now,
        )
        for kind, party in ties
    )
    if not ties:
        Assignment.objects.filter(dispute=dispute, mediator=mediator, until__isnull=True).update(
            no_conflict_declared_at=now
        )
    return Declaration.objects.create(
        dispute=dispute,
        mediator=mediator,
        ties=[{"kind": kind, "party": party.ordinal} for kind, party in ties],
        statement=STATEMENT,
        signed_at=now,
    )


def ties_between(mediator_id: int, dispute_id: int, parties: Sequence[Party]) -> list[Tie]:
    """What this mediator once declared about any of ``parties``, in this case or another."""
    return TIES(
        mediator=mediator_id,
        dispute=dispute_id,
        ids=[p.id_index for p in parties if p.id_index],
        phones=[p.phone_index for p in parties if p.phone_index],
    )


TIES = Prepared(
    lambda mediator, dispute, ids, phones: Tie.objects.filter(
        Q(party__dispute_id=dispute) | Q(id_index__among=ids) | Q(phone_index__among=phones),
        mediator_id=mediator,
        ended_on__isnull=True,
    ),
    mediator=int, dispute=int, ids=list, phones=list,
)  # fmt: skip


# Others ------------------------------------------------------------------------------------------


def add_participant(
    dispute: Dispute,
    parties: Sequence[Party],
    data: Mapping[str, Any],
    *,
    by: int | None,
    today: date,
) -> Participant:
    latest = Participant.objects.filter(dispute=dispute).aggregate(n=Max("ordinal"))["n"] or 0
    day = data["agreed_on"] or today
    agreed = [p.ordinal for p in parties if p.is_necessary] if data["all_agree"] else []
    participant = Participant(
        dispute=dispute,
        ordinal=latest + 1,
        kind=data["kind"],
        party=next((p for p in parties if p.ordinal == data["party"]), None),
        relation=data["relation"],
        authority=data["authority"],
        authority_on=data["authority_on"],
        represented=data["represented"],
        consents={str(ordinal): day.isoformat() for ordinal in agreed},
        recorded_by_id=by,
    )
    participant.name, participant.phone = data["name"], data["phone"]
    participant.save(force_insert=True)
    return participant
