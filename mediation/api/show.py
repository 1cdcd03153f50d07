"""A case as one caller sees it: what is hidden from him is masked or null, never silently absent."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, cast

from django.db.models import Q
from django.utils.translation import get_language

from mediation.accounts.actor import Actor
from mediation.accounts.models import Person, Role
from mediation.api import schemas as s
from mediation.api.fields import described
from mediation.areas.models import Area
from mediation.core import errors
from mediation.core.clock import day_of
from mediation.deadlines import labels
from mediation.deadlines.clocks import RUNNING
from mediation.deadlines.models import Deadline
from mediation.disputes import policy
from mediation.disputes.enums import STAGE_OF, Category, Colour, Sensitivity, Stage, Status
from mediation.disputes.masking_view import ShownParty, shown_parties
from mediation.disputes.models import Dispute
from mediation.warning.models import Alert
from workflows.commands import catalog
from workflows.facts import CaseFacts
from workflows.flows import DisputeFlow, ReconsiderationFlow
from workflows.mapping import RC_NODE_OF, ROLE_OF, open_nodes
from workflows.models import Lane, WorkItem
from workflows.offers import Offer, offers

# Offices share their work; only theirs bears a name.
BY_NAME = frozenset({Role.MEDIATOR, Role.GRID_WORKER})
TRACK_FACTS = (
    "is_ours", "is_first", "known_on", "apply_by", "filed_on", "received_on", "accepted_on",
    "deemed_accepted", "procedure", "served_on", "replied_on", "heard_on", "extended_days",
    "decision", "ended_on", "effective_on", "sue_by", "performed_on", "opinion_on", "reported_on",
)  # fmt: skip
FLOWS: dict[bool, Any] = {False: DisputeFlow, True: ReconsiderationFlow}


def row(dispute: Dispute, *, now: datetime) -> s.CaseRow:
    """The case as a line of a list. Asks nothing of the database if ``grid`` and ``mediator`` came along."""
    return s.CaseRow(**_row(dispute, now))


def case(dispute: Dispute, actor: Actor, *, now: datetime, with_fields: bool = True) -> s.Case:
    """Everything that ``actor`` may see. The number of queries does not grow with the case."""
    offered = offers(dispute, actor, now=now)
    facts = cast("CaseFacts", dispute.known)  # ``offers`` has put it there
    return s.Case(
        **_row(dispute, now),
        **_particulars(dispute),
        **_surroundings(dispute, facts),
        parties=[party(shown) for shown in shown_parties(facts.parties, actor, dispute)],
        nodes=_nodes(dispute, facts),
        alert=_alert(facts.alert),
        actions=[_action(offer, facts, with_fields=with_fields) for offer in offered],
    )


def _surroundings(dispute: Dispute, facts: CaseFacts) -> dict[str, Any]:
    """What stands beside the case. A newborn one has nothing beside it: nothing is asked."""
    if dispute.version == 1 and dispute.parent_id is None:
        links = s.Links(matter=dispute.number)
        absent = dict.fromkeys(["agreement", "referral", "reconsideration"])
        return {"links": links, "clocks": [], **absent}
    reads = policy.may_read_records(facts.actor, dispute)
    return {
        "links": _links(dispute, facts.actor, facts.now),
        "clocks": _clocks(dispute, facts.now),
        "agreement": _agreement(facts, reads=reads),
        "referral": _referral(facts),
        "reconsideration": _reconsideration(facts),
    }


def _row(dispute: Dispute, now: datetime) -> dict[str, Any]:
    stage = STAGE_OF[dispute.status]
    return {
        "number": dispute.number,
        "code": dispute.code,
        "version": dispute.version,
        "title": dispute.title,
        "status": dispute.status,
        "status_label": str(Status(dispute.status).label),
        "stage": stage,
        "stage_label": str(Stage(stage).label),
        "category": dispute.category,
        "category_label": str(Category(dispute.category).label),
        "colour": colour_of(dispute.colour),
        "colour_label": colour_label(dispute.colour),
        "severity": dispute.severity,
        "sensitivity": Sensitivity(dispute.sensitivity),
        "grid": area(dispute.grid),
        "place": dispute.place,
        "people_count": dispute.people_count,
        "mediator": person(dispute.mediator),
        "registered_at": dispute.registered_at,
        "updated_at": dispute.updated_at,
        "due_on": day_of(dispute.due_at) if dispute.due_at else None,
        "is_overdue": dispute.is_open and is_overdue(dispute.due_at, now),
    }


def _particulars(dispute: Dispute) -> dict[str, Any]:
    return {
        "facts": dispute.facts,
        "claim": dispute.claim,
        "amount": dispute.amount,
        "source": dispute.source,
        "source_label": dispute.get_source_display(),
        "occurred_at": dispute.occurred_at,
        "registered_by": person(dispute.registered_by),
        "nature": dispute.nature or None,
        "nature_label": dispute.get_nature_display(),
        "elsewhere": dispute.elsewhere,
        "risk": _risk(dispute),
        "accepted_on": dispute.accepted_on,
        "mediation_due": dispute.mediation_due,
        "visits_left": dispute.visits_left,
        "result": dispute.result or None,
        "result_label": dispute.get_result_display(),
        "closed_at": dispute.closed_at,
        "archived_at": dispute.archived_at,
        "file_number": dispute.file_number,
        "retention": dispute.retention or None,
        "page_count": dispute.page_count,
        "reopened": dispute.reopened,
    }


def area(row: Area) -> s.AreaRef:
    return s.AreaRef(code=row.code, name=row.name)


def person(row: Person | None) -> s.PersonRef | None:
    return s.PersonRef(id=row.pk, name=row.name) if row is not None else None


def colour_of(value: str) -> Colour | None:
    """A case that nobody has rated has no colour."""
    return Colour(value) if value else None


def colour_label(value: str) -> str:
    return str(Colour(value).label) if value else ""


def is_overdue(due_at: datetime | None, now: datetime) -> bool:
    return due_at is not None and due_at <= now


def explanation(texts: Any) -> str:
    """The sentence of the risk rules in the caller's language."""
    language = "zh-hans" if (get_language() or "zh-hans").startswith("zh") else "en"
    return str(texts.get(language, "")) if isinstance(texts, dict) else ""


def _risk(dispute: Dispute) -> s.Risk:
    risk = dispute.risk
    said = risk.get("set") or {}
    return s.Risk(
        points=risk.get("points"),
        version=str(risk.get("version", "")),
        explanation=explanation(risk.get("explain")),
        rule_colour=colour_of(risk.get("colour", "")),
        reasons=[
            s.RiskReason(
                rule=one["rule"],
                points=one["points"],
                colour=one["colour"],
                sentence=explanation(one),
            )
            for one in risk.get("reasons") or []
        ],
        confirmed_by=said["by"] if said.get("colour") == dispute.colour else "",
    )


def party(shown: ShownParty) -> s.Party:
    return s.Party(
        ordinal=shown.ordinal,
        side=shown.side,
        side_label=str(shown.side.label),
        kind=shown.kind,
        kind_label=str(shown.kind.label),
        name=shown.name,
        id_number=shown.id_number,
        phone=shown.phone,
        address=shown.address,
        relation=shown.relation,
        guardian=shown.guardian,
        no_id_reason=shown.no_id_reason,
        is_minor=shown.is_minor,
        is_necessary=shown.is_necessary,
        consent=shown.consent,
        consent_label=str(shown.consent.label),
        consent_on=shown.consent_on,
        rights_told_on=shown.rights_told_on,
        revealable=list(shown.revealable),
    )


def _links(dispute: Dispute, actor: Actor, now: datetime) -> s.Links:
    """Parts and doubles, unless they lie outside the caller's view."""
    whole = dispute.parent_id
    related = Q(parent_id=dispute.pk) | Q(pk__in=[whole, dispute.duplicate_of_id])
    if whole is not None:
        related |= Q(parent_id=whole)
    seen = policy.visible_to(actor, now=now).filter(related).exclude(pk=dispute.pk).order_by("pk")
    rows = list(seen.values_list("pk", "number", "parent_id"))
    numbers: dict[int | None, str] = {pk: number for pk, number, _parent in rows}
    return s.Links(
        matter=numbers.get(whole, dispute.number),
        parent=numbers.get(whole),
        siblings=[number for _pk, number, parent in rows if whole and parent == whole],
        children=[number for _pk, number, parent in rows if parent == dispute.pk],
        duplicate_of=numbers.get(dispute.duplicate_of_id),
    )


def _nodes(dispute: Dispute, facts: CaseFacts) -> list[s.OpenNode]:
    track = facts.reconsideration if dispute.status == Status.RECONSIDERING else None
    nodes = open_nodes(dispute, track.position if track is not None else None)
    work = None
    if BY_NAME & {ROLE_OF.get(node) for node in nodes.values()}:
        work = WorkItem.objects.filter(dispute_id=dispute.pk).select_related("assignee").first()
    return [
        s.OpenNode(
            lane="rc" if lane == Lane.RECONSIDERATION else "main",
            node=node,
            label=node_label(node),
            role=ROLE_OF.get(node, ""),
            role_label=str(Role(ROLE_OF[node]).label) if node in ROLE_OF else "",
            assignee=person(work.assignee) if work is not None and work.node == node else None,
        )
        for lane, node in nodes.items()
    ]


def node_label(node: str) -> str:
    flow = FLOWS[node in RC_NODE_OF.values()]
    return str(flow.instance.node(node).task_title)


def _clocks(dispute: Dispute, now: datetime) -> list[s.Clock]:
    running = Deadline.objects.filter(dispute_id=dispute.pk, state__in=RUNNING).order_by("due_at")
    return [
        s.Clock(
            rule=clock.rule,
            label=labels.rule_label(clock.rule, get_language() or "zh-hans"),
            subject=clock.subject,
            starts_on=clock.starts_on,
            due_on=clock.due_on,
            due_at=clock.due_at,
            state=clock.state,
            state_label=clock.get_state_display(),
            is_provisional=clock.provisional,
            is_overdue=clock.state == Deadline.State.ARMED and is_overdue(clock.due_at, now),
        )
        for clock in running
    ]


def _alert(alert: Alert | None) -> s.CaseAlert | None:
    return s.CaseAlert(**alert_parts(alert)) if alert is not None else None


def alert_parts(alert: Alert) -> dict[str, Any]:
    return {
        "status": alert.status,
        "status_label": alert.get_status_display(),
        "colour": alert.colour,
        "colour_label": colour_label(alert.colour),
        "raised_at": alert.raised_at,
        "acknowledge_by": alert.acknowledge_by,
        "owner": person(alert.owner),
        "action": alert.action,
        "action_due": alert.action_due,
    }


def _agreement(facts: CaseFacts, *, reads: bool) -> s.Agreement | None:
    agreement = facts.agreement
    if agreement is None:
        return None
    return s.Agreement(
        form=agreement.form,
        form_label=agreement.get_form_display(),
        content=agreement.content if reads else None,
        manner=agreement.manner if reads else "",
        amount=agreement.amount,
        agreed_on=agreement.agreed_on,
        signed_by=sorted(agreement.signed_ordinals()),
        mediator_signed_on=agreement.mediator_signed_on,
        sealed_on=agreement.sealed_on,
        effective_on=agreement.effective_on,
        obligations=_obligations(facts, facts.today, reads=reads),
        confirmation=_confirmation(facts),
    )


def _obligations(facts: CaseFacts, today: date, *, reads: bool) -> list[s.Obligation]:
    ordinals: dict[int | None, int] = {party.pk: party.ordinal for party in facts.parties}
    return [
        s.Obligation(
            ordinal=owed.ordinal,
            debtor=ordinals.get(owed.debtor_id),
            content=owed.content if reads else None,
            amount=owed.amount,
            due_on=owed.due_on,
            done_on=owed.done_on,
            is_done=owed.is_done,
            is_overdue=owed.is_overdue(today),
        )
        for owed in facts.obligations
    ]


def _confirmation(facts: CaseFacts) -> s.Confirmation | None:
    found = facts.confirmation
    if found is None:
        return None
    return s.Confirmation(
        status=found.status,
        status_label=found.get_status_display(),
        court=found.court,
        filed_on=found.filed_on,
        ruling_number=found.ruling_number,
        ruled_on=found.ruled_on,
    )


def _referral(facts: CaseFacts) -> s.Referral | None:
    sent = facts.referral
    if sent is None:
        return None
    return s.Referral(
        status=sent.status,
        status_label=sent.get_status_display(),
        target=sent.target,
        target_label=sent.get_target_display(),
        organ=sent.organ,
        sent_on=sent.sent_on,
        reply_by=sent.reply_by,
        answered_on=sent.answered_on,
    )


def _reconsideration(facts: CaseFacts) -> s.Track | None:
    track = facts.reconsideration
    if track is None:
        return None
    return s.Track(
        status=track.status,
        status_label=track.get_status_display(),
        act=track.act,
        organ=track.organ,
        competent_body=track.competent_body,
        decision_label=track.get_decision_display(),
        **{name: getattr(track, name) for name in TRACK_FACTS},
    )


def _action(offer: Offer, facts: CaseFacts, *, with_fields: bool) -> s.Action:
    return s.Action(
        name=offer.name,
        label=str(offer.label),
        enabled=offer.enabled,
        primary=offer.primary,
        basis=offer.basis,
        reasons=_reasons(offer.reasons),
        fields=_fields(offer, facts) if with_fields and offer.yours else None,
    )


def _reasons(reasons: Sequence[errors.Reason]) -> list[s.Reason]:
    return [s.Reason(code=r.code, sentence=str(r.sentence), source=r.source) for r in reasons]


def _fields(offer: Offer, facts: CaseFacts) -> list[s.InputField]:
    spec = catalog.find(offer.name)
    return described(catalog.form_for(spec, None, dispute=facts.dispute, facts=facts))
