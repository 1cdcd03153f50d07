"""Writing agreements down: versions of the text, the agreement itself, its signatures."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from mediation.agreements.models import Agreement, AgreementVersion, Obligation
from mediation.core import rows
from mediation.core.prepared import Prepared, PreparedUpdate
from mediation.disputes.models import Dispute, Party

# What a version keeps: the input of the form.
BODY = (
    "form", "main_facts", "issues", "responsibilities", "content", "clauses", "manner", "place",
    "amount", "agreed_on", "copies", "obligations", "about_status",
)  # fmt: skip


def keep_version(
    dispute: Dispute, *, stage: str, body: Mapping[str, Any], by: int | None, now: datetime
) -> int:
    """Keep the text as it stands now; returns its number."""
    newest = NEWEST.first(dispute=dispute.pk)
    number = newest.number + 1 if newest is not None else 1
    rows.add(
        AgreementVersion,
        dispute_id=dispute.pk,
        number=number,
        stage=stage,
        body=dict(body),
        written_by_id=by,
        written_at=now,
    )
    return number


def latest_body(dispute: Dispute) -> Mapping[str, Any]:
    """The newest text, or nothing."""
    newest = NEWEST.first(dispute=dispute.pk)
    return newest.body if newest is not None else {}


NEWEST = Prepared(
    lambda dispute: AgreementVersion.objects.filter(dispute_id=dispute).order_by("-number")[:1],
    dispute=int,
)


def conclude(
    dispute: Dispute, parties: Sequence[Party], data: Mapping[str, Any], *, version: int
) -> Agreement:
    """The agreement that was reached takes the place of an earlier one that fell through."""
    set_aside(dispute)
    agreement, obligations = written_down(dispute, parties, data, version=version)
    rows.insert(agreement)
    for obligation in obligations:
        obligation.agreement = agreement  # which has its key only now
    rows.insert_all(obligations)
    return agreement


def written_down(
    dispute: Dispute, parties: Sequence[Party], data: Mapping[str, Any], *, version: int
) -> tuple[Agreement, list[Obligation]]:
    """What the input comes to, not stored yet: the preview shows just this."""
    agreement = Agreement(
        dispute_id=dispute.pk,
        form=data["form"],
        version=version,
        main_facts=data["main_facts"],
        issues=data["issues"],
        responsibilities=data["responsibilities"],
        clauses=[row["text"] for row in data["clauses"]],
        content=data["content"] or numbered(row["text"] for row in data["clauses"]),
        manner=data["manner"],
        place=data["place"],
        copies=data["copies"] or sum(p.is_necessary for p in parties) + 1,
        amount=data["amount"] if data["amount"] is not None else _sum(data["obligations"]),
        agreed_on=data["agreed_on"],
    )
    side = {party.ordinal: party for party in parties}
    return agreement, [
        Obligation(
            agreement=agreement,
            ordinal=ordinal,
            debtor=side.get(row["debtor"]),
            creditor=side.get(row["creditor"]) or _other_side(side, row["debtor"]),
            content=row["content"],
            amount=row["amount"],
            manner=row["manner"] or (data["manner"][:100] if row["amount"] else ""),
            place=row["place"],
            due_on=row["due_on"],
        )
        for ordinal, row in enumerate(data["obligations"], 1)
    ]


def set_aside(dispute: Dispute) -> None:
    """What was agreed stays on file, and is in force no more."""
    SET_ASIDE(dispute=dispute.pk)


SET_ASIDE = PreparedUpdate(
    lambda dispute: Agreement.objects.filter(dispute_id=dispute, is_current=True),
    {"is_current": False},
    dispute=int,
)


def _sum(rows: Sequence[Mapping[str, Any]]) -> Decimal | None:
    """Who names no total means the sum of the parts."""
    parts = [row["amount"] for row in rows if row["amount"] is not None]
    return sum(parts, Decimal(0)) if parts else None


def _other_side(side: Mapping[int, Party], debtor: int) -> Party | None:
    """Where there are but two sides, what one owes it owes to the other."""
    owes = side.get(debtor)
    others = [p for p in side.values() if owes and p.is_necessary and p.side != owes.side]
    return others[0] if len(others) == 1 else None


def numbered(clauses: Any) -> str:
    """“一、……\n二、……” as the paper prints it."""
    return "\n".join(f"{ordinal_word(n)}、{text}" for n, text in enumerate(clauses, 1))


def ordinal_word(number: int) -> str:
    """1 to 99 as Chinese paragraphs are counted: 一, 十, 十二, 二十."""
    digits = "零一二三四五六七八九"
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{digits[tens]}十"
    return head + (digits[ones] if ones or not tens else "")


def note_signatures(agreement: Agreement, parties: Sequence[Party]) -> None:
    """Save the signatures; the paper is signed with the last of them, and sealed after that."""
    signed = agreement.signed_ordinals()
    complete = agreement.mediator_signed_on is not None and all(
        p.ordinal in signed for p in parties if p.is_necessary
    )
    if complete and agreement.state == Agreement.State.CHECKED:
        agreement.sign()
    if agreement.sealed_on and agreement.state == Agreement.State.SIGNED:
        agreement.seal()
    rows.save(agreement, "signatures", "mediator_signed_on", "sealed_on", "state")
