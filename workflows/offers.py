"""What one actor may do with one case now, each with the reasons when he may not."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from mediation.accounts.actor import Actor
from mediation.core.errors import Reason, Text
from mediation.disputes import policy
from mediation.disputes.models import Dispute
from workflows.commands import catalog
from workflows.commands.spec import Spec
from workflows.facts import CaseFacts


@dataclass(frozen=True, slots=True)
class Offer:
    """``yours``: the role fits. ``here``: the status fits. ``enabled``: both, and no guard objects."""

    name: str
    label: Text
    enabled: bool
    yours: bool
    here: bool
    primary: bool
    basis: str
    reasons: tuple[Reason, ...]


def offers(
    dispute: Dispute, actor: Actor, *, now: datetime, facts: CaseFacts | None = None
) -> list[Offer]:
    """Every command that fits the status or the role, possible ones first.

    Neither a stranger's steps in another status nor the machine's own are listed. ``facts``: what a
    page has already read, so that the guards do not ask for it again.
    """
    dispute.known = facts or CaseFacts(dispute, actor=actor, now=now)
    found = list(_relevant(dispute, actor))
    return sorted(found, key=lambda offer: (not offer.enabled, not offer.primary))


def _relevant(dispute: Dispute, actor: Actor) -> Iterator[Offer]:
    for name in policy.COMMANDS:  # written in the course of a case, and so they are listed
        spec = catalog.find(name)
        if spec.hidden:
            continue
        yours = policy.may(actor, spec.name, dispute)
        here = catalog.is_here(spec, dispute)
        if here and (yours or spec.comes_next(dispute.status)):
            yield _offer(spec, dispute, yours=yours, here=here)


def _offer(spec: Spec, dispute: Dispute, *, yours: bool, here: bool) -> Offer:
    reasons = [] if yours else [policy.NOT_YOURS]
    if yours:
        reasons += catalog.unmet(spec, dispute)
    return Offer(
        name=spec.name,
        label=spec.label,
        enabled=not reasons,
        yours=yours,
        here=here,
        primary=spec.comes_next(dispute.status),
        basis=spec.basis,
        reasons=tuple(reasons),
    )
