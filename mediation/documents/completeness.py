"""What the file must hold before it goes to the archive, what it holds, and what is missing.

The practice catalogue (司发通〔2010〕239号): D1 or D2, D3, proof of identity, D6, D7 (D8 when oral), back
cover; as the occasion arose: letter of authority, D4, D5, proof of performance, D9, court papers, D12.
Papers that are made of data are there once the data are; what comes from outside must have come.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from mediation.agreements.models import JudicialConfirmation
from mediation.core.clock import local_day
from mediation.core.prepared import Prepared
from mediation.disputes.enums import Nature, PartyKind, ResultCode, Retention
from mediation.disputes.models import Dispute
from mediation.documents.casefile import CaseFile
from mediation.sessions.models import Participant
from mediation.uploads.models import Slot


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the check. ``blocks``: the case cannot be closed without it."""

    key: str
    label: str
    is_there: bool
    blocks: bool
    hint: str = ""


def check(file: CaseFile) -> list[Item]:
    """Every line that concerns this case, in the order of the volume."""
    return [item for part in PARTS for item in part(file)]


def missing(file: CaseFile) -> list[Item]:
    return [item for item in check(file) if not item.is_there]


def missing_to_close(file: CaseFile) -> list[str]:
    """What stands against closing, in words."""
    return [item.label for item in missing(file) if item.blocks]


def _mediated(file: CaseFile) -> bool:
    return file.dispute.accepted_on is not None


def _intake(file: CaseFile) -> Iterator[Item]:
    if file.dispute.nature != Nature.ADMINISTRATIVE:
        yield Item(
            "d2", _("Application or record of intake (D1 or D2)"), is_there=True, blocks=True
        )


def _rights(file: CaseFile) -> Iterator[Item]:
    if not _mediated(file):
        return
    told = all(row.rights_told_on for row in file.necessary)
    hint = "" if told else _("Record for every party that rights and duties were told.")
    yield Item("d3", _("Notice of rights and duties (D3)"), told, blocks=True, hint=hint)


def _identity(file: CaseFile) -> Iterator[Item]:
    """A number on record, a reason why there is none, or a copy in the file."""
    if not _mediated(file):
        return
    people = [row for row in file.necessary if row.kind != PartyKind.UNKNOWN]
    known = all(row.id_sealed or row.no_id_reason for row in people)
    hint = _("Enter the ID number of every party, or upload a copy as proof of identity.")
    there = known or bool(file.in_slot(Slot.IDENTITY))
    yield Item("identity", _("Proof of identity"), there, blocks=False, hint="" if there else hint)


def _authority(file: CaseFile) -> Iterator[Item]:
    agents = AGENTS(dispute=file.dispute.pk)
    if not agents:
        return
    dated = all(agent.authority_on for agent in agents)
    there = dated or bool(file.in_slot(Slot.AUTHORITY))
    yield Item("l2e", _("Letter of authority"), there, blocks=False)


AGENTS = Prepared(
    lambda dispute: Participant.objects.filter(
        dispute_id=dispute, kind=Participant.Kind.AGENT.value, left_on__isnull=True
    ),
    dispute=int,
)


def _record(file: CaseFile) -> Iterator[Item]:
    if not _mediated(file):
        return
    there = bool(file.meetings)
    hint = "" if there else _("Record at least one session.")
    yield Item("d6", _("Record of mediation (D6)"), there, blocks=True, hint=hint)


AGREED = {ResultCode.AGREED_PERFORMED, ResultCode.AGREED_CONFIRMED, ResultCode.ORAL_PERFORMED}


def _agreement(file: CaseFile) -> Iterator[Item]:
    agreed = file.agreement
    if agreed is None or not (agreed.is_current or file.dispute.result in AGREED):
        return
    in_effect = agreed.effective_on is not None
    label = (
        _("Record of an oral agreement (D8)") if agreed.is_oral else _("Mediation agreement (D7)")
    )
    yield Item("d8" if agreed.is_oral else "d7", label, in_effect, blocks=False)


def _performance(file: CaseFile) -> Iterator[Item]:
    if file.agreement is None or not file.obligations or file.agreement.effective_on is None:
        return
    there = all(row.is_done for row in file.obligations) or bool(file.in_slot(Slot.PERFORMANCE))
    yield Item("performance", _("Proof of performance"), there, blocks=False)


def _court(file: CaseFile) -> Iterator[Item]:
    filed = file.confirmation
    if filed is None or filed.status == JudicialConfirmation.State.WITHDRAWN:
        return
    there = bool(filed.ruling_number) or bool(file.in_slot(Slot.COURT))
    hint = "" if there else _("Record the ruling, or upload it as court paper.")
    yield Item("court", _("Papers of judicial confirmation"), there, blocks=False, hint=hint)


def _visits(file: CaseFile) -> Iterator[Item]:
    if file.dispute.closed_at is None:
        return
    there = file.dispute.visits_left == 0
    yield Item("d9", _("Record of the follow-up visit (D9)"), there, blocks=False)


PARTS: tuple[Callable[[CaseFile], Iterator[Item]], ...] = (
    _intake, _rights, _identity, _authority, _record, _agreement, _performance, _visits, _court,
)  # fmt: skip


YEARS: dict[str, int | None] = {Retention.TEN: 10, Retention.THIRTY: 30, Retention.PERMANENT: None}


def keep_until(dispute: Dispute) -> date | None:
    """The last day of the retention period, which begins with the year after archiving; never: ``None``."""
    years = YEARS.get(dispute.retention)
    if years is None or dispute.archived_at is None:
        return None
    return date(local_day(dispute.archived_at).year + years, 12, 31)
