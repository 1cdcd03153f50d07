"""Step 10: who hears of a step, and whom it asks to act next."""

from collections.abc import Iterable

from mediation.disputes.models import Dispute
from mediation.notifications import services as inbox
from mediation.notifications import wake
from mediation.notifications.recipients import Recipient, recipients
from workflows.commands.spec import Spec
from workflows.facts import CaseFacts

ADDRESSED = frozenset({"addressee"})
WORD_FOR = {
    "centre_staff": "centre",
    "justice_staff": "justice",
    "mediator": "mediator",
    "reconsideration_clerk": "clerk",
}
"""What a command says in ``tells`` when it means the people of a role."""


def listeners(dispute: Dispute, spec: Spec, facts: CaseFacts) -> list[Recipient]:
    """Whom the command tells: by role, and whom its effect named besides."""
    told = recipients(dispute, spec.tells, today=facts.today)
    reached = {recipient.person_id for recipient in told}
    return told + [Recipient(one, ADDRESSED) for one in facts.told_too if one not in reached]


def tell(
    dispute: Dispute, spec: Spec, facts: CaseFacts, *, told: Iterable[Recipient], asked: str
) -> None:
    """Whoever must act next is told even when the command tells nobody of his role."""
    told = list(told)
    if asked in WORD_FOR and not any(asked in recipient.roles for recipient in told):
        told = recipients(dispute, [*spec.tells, WORD_FOR[asked]], today=facts.today)
    drafts = [
        inbox.Draft(
            person_id=recipient.person_id,
            kind=spec.name,
            asks=asked in recipient.roles or recipient.person_id in facts.told_too,
            own=recipient.person_id == facts.actor.person_id,
        )
        for recipient in told
    ]
    wake.tell_after_commit(
        inbox.deliver(drafts, dispute=dispute, version=dispute.version, now=facts.now)
    )
