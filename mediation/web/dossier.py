"""Everything that the page of one case shows, read with a fixed number of queries.

The journal says what there can be: a case that no ``refer`` has touched has no referral, and none is
looked for. What the guards ask for is handed to them, so that no question is asked twice.
"""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, TypeVar

from django.db.models import Model

from mediation.accounts.actor import Actor
from mediation.accounts.models import Role
from mediation.agreements.models import Agreement, JudicialConfirmation, Visit
from mediation.core.errors import NotFound
from mediation.core.prepared import Prepared
from mediation.deadlines.models import Deadline
from mediation.disputes import policy
from mediation.disputes.masking_view import ShownParty, shown_parties
from mediation.disputes.models import Approval, Dispute, Event, Party, Remark
from mediation.disputes.selectors import came_by, journal
from mediation.oversight.services import note_look
from mediation.reconsideration.models import Reconsideration, Standstill, StatutoryNotice
from mediation.referrals.models import Order, Referral
from mediation.sessions import selectors
from mediation.sessions.models import Appointment, CaucusNote, MediatorWish, Meeting, Participant
from mediation.supervision.models import Card, Instruction
from mediation.warning.models import Alert, Charge, Escalation
from mediation.web import dossier_rows
from mediation.web.codes import read_code
from workflows.facts import CaseFacts

M = TypeVar("M", bound=Model)

# Section → the commands without which it is empty.
LEFT_BY: dict[str, frozenset[str]] = {
    "cards": frozenset({"fire_deadline", "yellow_card", "red_card", "supervise"}),
    "instructions": frozenset({"instruct"}),
    "agreement": frozenset({"reach_agreement", "settle_on_spot"}),
    "obligations": frozenset({"reach_agreement"}),
    "confirmation": frozenset({"file_confirmation"}),
    "meetings": frozenset({"begin_session", "record_session"}),
    "wishes": frozenset({"wish_mediator"}),
    "notes": frozenset({"note_caucus"}),
    "participants": frozenset({"add_participant"}),
    "referrals": frozenset({"refer"}),
    "orders": frozenset({"receive_order"}),
    "reconsiderations": frozenset({"refer_to_reconsideration"}),
    "escalations": frozenset({"report_escalation", "reassess"}),
    "charges": frozenset({"take_charge"}),
    "approvals": frozenset({"ask_second_person"}),
    "remarks": frozenset({"comment"}),
    "visits": frozenset({"visit"}),
    "children": frozenset({"split"}),
}
JOINED = (
    "grid__parent__parent", "mediator", "registered_by", "parent", "duplicate_of",
    "work__assignee",
)  # fmt: skip


def find_case(actor: Actor, typed: str, *, now: datetime, joined: tuple[str, ...] = ()) -> Dispute:
    """The case behind a lookup code, if the actor may see it. Raises ``NotFound`` otherwise.

    Every page of one case comes by here: that somebody opened a sensitive one is put on record.
    """
    code = read_code(typed)
    found = dossier_rows.by_code(joined or ("grid",)).first(code=code) if code else None
    if found is None or not policy.may_view(actor, found, now=now):
        raise NotFound
    note_look(found, actor, now=now)
    return found


@dataclass
class Dossier:
    """One case as read at one moment, section by section."""

    dispute: Dispute
    actor: Actor
    now: datetime
    events: list[Event] = field(default_factory=list)

    @classmethod
    def open(cls, actor: Actor, typed: str, *, now: datetime) -> "Dossier":
        dispute = find_case(actor, typed, now=now, joined=JOINED)
        return cls(dispute, actor, now, journal(dispute))

    @cached_property
    def seen(self) -> frozenset[str]:
        return came_by(self.events)

    def _if_left(self, section: str, rows: Prepared[M]) -> list[M]:
        return rows(case=self.dispute.pk) if LEFT_BY[section] & self.seen else []

    @cached_property
    def parties(self) -> list[Party]:
        return dossier_rows.PARTIES(case=self.dispute.pk)

    @cached_property
    def shown(self) -> tuple[ShownParty, ...]:
        """The parties as this actor may see them."""
        return shown_parties(self.parties, self.actor, self.dispute)

    @cached_property
    def deadlines(self) -> list[Deadline]:
        return dossier_rows.DEADLINES(case=self.dispute.pk)

    @cached_property
    def agreement(self) -> Agreement | None:
        return next(iter(self._if_left("agreement", dossier_rows.AGREEMENT)), None)

    @cached_property
    def obligations(self) -> list[Any]:
        """With how often and when last the debtor was urged, both were reminded, and what was paid."""
        return self._if_left("obligations", dossier_rows.OBLIGATIONS)

    @cached_property
    def confirmation(self) -> JudicialConfirmation | None:
        return next(iter(self._if_left("confirmation", dossier_rows.CONFIRMATION)), None)

    @cached_property
    def meetings(self) -> list[Meeting]:
        return self._if_left("meetings", dossier_rows.MEETINGS)

    @cached_property
    def appointments(self) -> list[Appointment]:
        """Arranged by a step of their own, or at the end of a session."""
        if "schedule_session" not in self.seen and not any(
            event.payload.get("next_at") for event in self.events
        ):
            return []
        return dossier_rows.APPOINTMENTS(case=self.dispute.pk)

    @cached_property
    def wishes(self) -> list[MediatorWish]:
        return self._if_left("wishes", dossier_rows.WISHES)

    @cached_property
    def notes(self) -> list[CaucusNote]:
        return self._if_left("notes", dossier_rows.NOTES)

    @cached_property
    def participants(self) -> list[Participant]:
        return self._if_left("participants", dossier_rows.PARTICIPANTS)

    @cached_property
    def referrals(self) -> list[Referral]:
        return self._if_left("referrals", dossier_rows.REFERRALS)

    @cached_property
    def orders(self) -> list[Order]:
        """A part came with the order of the case that it was taken from."""
        if self.dispute.parent_id is not None:
            return dossier_rows.ORDERS(case=self.dispute.pk)
        return self._if_left("orders", dossier_rows.ORDERS)

    @cached_property
    def reconsiderations(self) -> list[Reconsideration]:
        return self._if_left("reconsiderations", dossier_rows.RECONSIDERATIONS)

    @cached_property
    def standstills(self) -> list[Standstill]:
        """Of the latest track alone: earlier ones have ended."""
        if not self.reconsiderations:
            return []
        return dossier_rows.STANDSTILLS(track=self.reconsiderations[0].pk)

    @cached_property
    def papers(self) -> list[StatutoryNotice]:
        """The statutory papers of all tracks, the latest first."""
        return self._if_left("reconsiderations", dossier_rows.PAPERS)

    @cached_property
    def escalations(self) -> list[Escalation]:
        if self.dispute.risk.get("triggers"):  # the facts demand a report from the first day on
            return dossier_rows.ESCALATIONS(case=self.dispute.pk)
        return self._if_left("escalations", dossier_rows.ESCALATIONS)

    @cached_property
    def approvals(self) -> list[Approval]:
        return self._if_left("approvals", dossier_rows.APPROVALS)

    @cached_property
    def remarks(self) -> list[Remark]:
        return self._if_left("remarks", dossier_rows.REMARKS)

    @cached_property
    def visits(self) -> list[Visit]:
        return self._if_left("visits", dossier_rows.VISITS)

    @cached_property
    def children(self) -> list[Dispute]:
        return self._if_left("children", dossier_rows.CHILDREN)

    @cached_property
    def siblings(self) -> list[Dispute]:
        """The other parts of the dispute that this case is a part of."""
        if self.dispute.parent_id is None:
            return []
        rows = Dispute.objects.filter(parent=self.dispute.parent_id).exclude(pk=self.dispute.pk)
        return list(rows.order_by("pk"))

    @cached_property
    def relatives(self) -> list[tuple[str, Dispute]]:
        """Linked cases that the actor may see too: a link must not tell of one that he may not."""
        found = [("parent", self.dispute.parent), ("same", self.dispute.duplicate_of)]
        found += [("sibling", case) for case in self.siblings]
        found += [("part", child) for child in self.children]
        return [
            (kind, case)
            for kind, case in found
            if case is not None and policy.may_view(self.actor, case, now=self.now)
        ]

    @cached_property
    def alerts(self) -> list[Alert]:
        return dossier_rows.ALERTS(case=self.dispute.pk)

    @cached_property
    def beside(self) -> frozenset[str]:
        """What the guards ask about these, answered from the rows."""
        there = {
            selectors.APPOINTMENT: any(row.state == "planned" for row in self.appointments),
            selectors.NOTE: any(row.released_on is None for row in self.notes),
            selectors.PARTICIPANT: any(row.left_on is None for row in self.participants),
        }
        return frozenset(name for name, is_there in there.items() if is_there)

    @cached_property
    def cards(self) -> list[Card]:
        return self._if_left("cards", dossier_rows.CARDS)

    @cached_property
    def instructions(self) -> list[Instruction]:
        return self._if_left("instructions", dossier_rows.INSTRUCTIONS)

    @cached_property
    def charges(self) -> list[Charge]:
        if not LEFT_BY["charges"] & self.seen:
            return []
        rows = Charge.objects.filter(dispute=self.dispute).select_related("leader").order_by("-pk")
        return list(rows.prefetch_related("notes__author"))

    @cached_property
    def facts(self) -> CaseFacts:
        """The same rows as the guards and forms ask for them."""
        facts = CaseFacts(self.dispute, actor=self.actor, now=self.now)
        facts.parties = self.parties
        facts.approvals = [row for row in self.approvals if row.state in {"asked", "granted"}]
        facts.meetings = len(self.meetings)
        facts.beside = self.beside
        facts.participants = [row for row in self.participants if row.left_on is None]
        facts.agreement, facts.obligations = self.agreement, self.obligations
        facts.confirmation = self.confirmation
        facts.urgings = sum(row.urged for row in self.obligations)
        facts.referral = next(iter(self.referrals), None)
        facts.reconsideration = next(iter(self.reconsiderations), None)
        facts.standstills, facts.orders = self.standstills, self.orders
        facts.alert = next((row for row in self.alerts if row.status != "resolved"), None)
        facts.cards = [row for row in reversed(self.cards) if row.state in {"open", "answered"}]
        facts.instructions = [row for row in reversed(self.instructions) if row.answered_at is None]
        facts.charge = next((row for row in self.charges if row.ended_at is None), None)
        facts.open_children = sum(child.is_open for child in self.children)
        facts.pending_escalations = sum(row.is_pending for row in self.escalations)
        return facts


def is_his_turn(dispute: Dispute, actor: Actor) -> bool:
    """Whether the open work is of this person's office: then reasons tell what it waits for, not its name."""
    item = getattr(dispute, "work", None)
    return item is not None and actor.holds(Role(item.role), dispute.area_code)
