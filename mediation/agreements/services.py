"""Writing agreements down: versions of the text, the agreement itself, its signatures."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Max

from mediation.agreements.models import Agreement, AgreementVersion, Obligation
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
    rows = AgreementVersion.objects.filter(dispute=dispute)
    number = (rows.aggregate(n=Max("number"))["n"] or 0) + 1
    AgreementVersion.objects.create(
        dispute=dispute,
        number=number,
        stage=stage,
        body=dict(body),
        written_by_id=by,
        written_at=now,
    )
    return number


def latest_body(dispute: Dispute) -> Mapping[str, Any]:
    """The newest text, or nothing."""
    newest = AgreementVersion.objects.filter(dispute=dispute).order_by("-number").first()
    return newest.body if newest is not None else {}


def conclude(
    dispute: Dispute, parties: Sequence[Party], data: Mapping[str, Any], *, version: int
) -> Agreement:
    """The agreement that was reached takes the place of an earlier one that fell through."""
    Agreement.objects.filter(dispute=dispute, is_current=True).update(is_current=False)
    agreement = Agreement.objects.create(
        dispute=dispute,
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
    Obligation.objects.bulk_create(
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
    )
    return agreement


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
    agreement.save(update_fields=["signatures", "mediator_signed_on", "sealed_on", "state"])
