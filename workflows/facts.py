"""The facts of one case, each fetched when a guard, a form or a page first asks for it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db.models import Q

from mediation.accounts.actor import Actor
from mediation.agreements.models import Agreement, JudicialConfirmation, Obligation, Urging
from mediation.core.clock import local_day
from mediation.core.prepared import Prepared
from mediation.deadlines import clocks
from mediation.disputes.enums import DONE, Colour
from mediation.disputes.models import Approval, Dispute, Party
from mediation.documents import completeness
from mediation.documents.casefile import CaseFile
from mediation.documents.models import LENT_OUT, Lending
from mediation.reconsideration.models import Reconsideration, Standstill
from mediation.referrals.models import Order, Referral
from mediation.sessions import selectors
from mediation.sessions.models import (
    Assignment,
    Meeting,
    Participant,
    Tie,
)
from mediation.sessions.services import ties_between
from mediation.supervision import selectors as supervision
from mediation.supervision.models import Card, Instruction
from mediation.warning.models import Alert, Charge, Escalation

PARTIES = Prepared(
    lambda dispute: Party.objects.filter(dispute_id=dispute).order_by("ordinal"), dispute=int
)
APPROVALS = Prepared(
    lambda dispute: Approval.objects.filter(
        dispute_id=dispute, state__in=["asked", "granted"]
    ).order_by("pk"),
    dispute=int,
)
MEDIATORS = Prepared(
    lambda dispute: Assignment.objects.filter(dispute_id=dispute).order_by("pk"), dispute=int
)
PARTICIPANTS = Prepared(
    lambda dispute: Participant.objects.filter(dispute_id=dispute, left_on__isnull=True).order_by(
        "ordinal"
    ),
    dispute=int,
)
MEETINGS = Prepared(
    lambda dispute: Meeting.objects.filter(dispute_id=dispute).values_list("pk"), dispute=int
)
AGREEMENT = Prepared(
    lambda dispute: Agreement.objects.filter(dispute_id=dispute, is_current=True), dispute=int
)
OBLIGATIONS = Prepared(
    lambda agreement: Obligation.objects.filter(agreement_id=agreement).order_by("ordinal"),
    agreement=int,
)
UNCONFIRMED = Prepared(
    lambda dispute: Escalation.objects.filter(
        Q(is_strict=True) | Q(reported_at__isnull=False),
        dispute_id=dispute,
        received_at__isnull=True,
        lapsed_at__isnull=True,
    ).values_list("pk"),
    dispute=int,
)
CONFIRMATION = Prepared(
    lambda agreement: JudicialConfirmation.objects.filter(agreement_id=agreement).order_by("-pk"),
    agreement=int,
)
REFERRAL = Prepared(
    lambda dispute: Referral.objects.filter(dispute_id=dispute).order_by("-pk"), dispute=int
)
RECONSIDERATION = Prepared(
    lambda dispute: Reconsideration.objects.filter(dispute_id=dispute).order_by("-pk"), dispute=int
)
ORDERS = Prepared(
    lambda dispute: Order.objects.filter(dispute_id=dispute).order_by("pk"), dispute=int
)
STANDSTILLS = Prepared(
    lambda track: Standstill.objects.filter(track_id=track).order_by("pk"), track=int
)
ALERT = Prepared(
    lambda dispute: Alert.objects.filter(dispute_id=dispute).exclude(status="resolved"), dispute=int
)


class CaseFacts:
    """Implements ``disputes.facts.Facts`` over the database."""

    def __init__(
        self, dispute: Any, *, actor: Actor, now: datetime, data: Mapping[str, Any] | None = None
    ) -> None:
        # ``None`` only while a registration is being cleaned; set before anything is asked of it.
        self.dispute: Dispute = dispute
        self.actor, self.now = actor, now
        self.data: Mapping[str, Any] = data or {}

        self.told_too: list[int] = []
        """People whom the effect wants told, besides those whom the command tells by role."""

    @cached_property
    def cards(self) -> Sequence[Card]:
        """Supervision cards that nobody has lifted yet."""
        return supervision.CARDS(dispute=self.dispute.pk)

    @cached_property
    def instructions(self) -> Sequence[Instruction]:
        """Instructions of leaders that wait for an answer."""
        return supervision.INSTRUCTIONS(dispute=self.dispute.pk)

    @cached_property
    def today(self) -> date:
        return local_day(self.now)

    @cached_property
    def parties(self) -> Sequence[Party]:
        return PARTIES(dispute=self.dispute.pk)

    @cached_property
    def approvals(self) -> Sequence[Approval]:
        return APPROVALS(dispute=self.dispute.pk)

    @cached_property
    def mediators(self) -> frozenset[int]:
        """Everybody who mediates the case or once did."""
        former = MEDIATORS(dispute=self.dispute.pk)
        now = [] if self.dispute.mediator_id is None else [self.dispute.mediator_id]
        return frozenset([*now, *(assignment.mediator_id for assignment in former)])

    def ties_of(self, mediator_id: int) -> Sequence[Tie]:
        """What this mediator once declared about the parties, in this case or another."""
        if mediator_id not in self._ties:
            self._ties[mediator_id] = ties_between(mediator_id, self.dispute.pk, self.parties)
        return self._ties[mediator_id]

    @cached_property
    def _ties(self) -> dict[int, list[Tie]]:
        return {}

    @cached_property
    def participants(self) -> Sequence[Participant]:
        """Agents, representatives, guardians and invited people who still take part."""
        if selectors.PARTICIPANT not in self.beside:
            return []
        return PARTICIPANTS(dispute=self.dispute.pk)

    @cached_property
    def meetings(self) -> int:
        return len(MEETINGS.tuples(dispute=self.dispute.pk))

    @cached_property
    def beside(self) -> frozenset[str]:
        """What stands beside the case: see ``sessions.selectors``."""
        return selectors.beside(self.dispute.pk)

    @property
    def has_appointment(self) -> bool:
        """Whether a session is arranged and not yet held."""
        return selectors.APPOINTMENT in self.beside

    @cached_property
    def is_lent(self) -> bool:
        """Whether the bound file is with somebody who has not brought it back."""
        return Lending.objects.filter(LENT_OUT, dispute=self.dispute.pk).exists()

    @property
    def has_kept_note(self) -> bool:
        """Whether there is a confidential note that its party has not released."""
        return selectors.NOTE in self.beside

    @cached_property
    def missing_papers(self) -> Sequence[str]:
        """What was read for the guards already is not asked for again."""
        file = CaseFile(self.dispute, now=self.now)
        file.parties = self.parties
        if self.agreement is not None:
            file.agreement, file.obligations = self.agreement, self.obligations
            file.confirmation = self.confirmation
        return completeness.missing_to_close(file)

    @cached_property
    def agreement(self) -> Agreement | None:
        return AGREEMENT.first(dispute=self.dispute.pk)

    @cached_property
    def obligations(self) -> Sequence[Obligation]:
        if self.agreement is None:
            return []
        return OBLIGATIONS(agreement=self.agreement.pk)

    @cached_property
    def urgings(self) -> int:
        return Urging.objects.filter(
            dispute=self.dispute, obligation__agreement__is_current=True
        ).count()

    @cached_property
    def referral(self) -> Referral | None:
        return REFERRAL.first(dispute=self.dispute.pk)

    @cached_property
    def reconsideration(self) -> Reconsideration | None:
        return RECONSIDERATION.first(dispute=self.dispute.pk)

    @cached_property
    def orders(self) -> Sequence[Order]:
        """What other organs have handed over with this case."""
        return ORDERS(dispute=self.dispute.pk)

    @cached_property
    def standstills(self) -> Sequence[Standstill]:
        """Suspensions and other stretches of the track that do not count."""
        if self.reconsideration is None:
            return []
        return STANDSTILLS(track=self.reconsideration.pk)

    @cached_property
    def confirmation(self) -> JudicialConfirmation | None:
        if self.agreement is None:
            return None
        return CONFIRMATION.first(agreement=self.agreement.pk)

    @property
    def court_refused(self) -> bool:
        """Whether the court has refused to confirm the agreement (art. 33)."""
        return self.confirmation is not None and self.confirmation.status == "refused"

    @property
    def confirmation_due(self) -> date | None:
        """The last day of the joint application (People's Mediation Law art. 33)."""
        if self.agreement is None or self.agreement.effective_on is None:
            return None
        return clocks.last_day("CONF", self.agreement.effective_on).due

    @cached_property
    def open_children(self) -> int:
        done = [status.value for status in DONE]
        return self.dispute.children.exclude(status__in=done).count()

    @cached_property
    def alert(self) -> Alert | None:
        """The open alert of the case, if any."""
        return ALERT.first(dispute=self.dispute.pk)

    @cached_property
    def charge(self) -> Charge | None:
        """The leader who answers for the case in person, if any."""
        return Charge.objects.filter(dispute=self.dispute, ended_at__isnull=True).first()

    @property
    def open_red_alerts(self) -> int:
        return int(self.alert is not None and self.alert.colour == Colour.RED)

    @cached_property
    def pending_escalations(self) -> int:
        """Reports made and not confirmed by a receipt, and strictly demanded ones not made yet."""
        return len(UNCONFIRMED.tuples(dispute=self.dispute.pk))
