"""Who may do what on which case. Default deny; a security officer should be able to read this file.

``may_view`` and ``visible_to`` say the same thing twice, once for one case and once as a queryset; a test
proves that they agree. A case outside one's view does not exist (404); inside it, a step that is not
yours is forbidden (403).
"""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from rules.predicates import Predicate, predicate

from mediation.accounts.actor import Actor, Grant
from mediation.accounts.models import Role
from mediation.areas.selectors import within
from mediation.core.errors import Reason
from mediation.disputes.enums import Nature, Sensitivity
from mediation.disputes.models import CaseGrant, Dispute

# Relations between an actor and a case -----------------------------------------------------------


@predicate
def is_system(actor: Actor, dispute: Dispute) -> bool:
    return actor.is_system


@predicate
def is_party(actor: Actor, dispute: Dispute) -> bool:
    """A resident who proved by code and phone that the case is his."""
    return actor.is_resident and actor.party_to == dispute.pk


@predicate
def is_necessary_party(actor: Actor, dispute: Dispute) -> bool:
    """A side of the dispute (人民调解法 art. 23); who is merely affected ends no talks of others."""
    return is_party.test(actor, dispute) and actor.is_necessary


@predicate
def works_in_its_grid(actor: Actor, dispute: Dispute) -> bool:
    return actor.holds(Role.GRID_WORKER, dispute.area_code)


@predicate
def registered_it(actor: Actor, dispute: Dispute) -> bool:
    """As long as he serves somewhere: what one has registered is no right for life."""
    is_his = dispute.registered_by_id is not None and dispute.registered_by_id == actor.person_id
    return is_his and actor.works_on_cases


@predicate
def is_mediator_of_its_area(actor: Actor, dispute: Dispute) -> bool:
    return actor.holds(Role.MEDIATOR, dispute.area_code)


@predicate
def mediates_it(actor: Actor, dispute: Dispute) -> bool:
    """The named mediator, or whoever stands in for him in this very duty."""
    return any(
        grant.role == Role.MEDIATOR
        and grant.of == dispute.mediator_id
        and dispute.area_code.startswith(grant.area_code)
        for grant in actor.grants
    )


@predicate
def is_its_mediator(actor: Actor, dispute: Dispute) -> bool:
    """The named mediator himself, not his deputy."""
    return mediates_it.test(actor, dispute) and actor.person_id == dispute.mediator_id


@predicate
def is_centre_staff(actor: Actor, dispute: Dispute) -> bool:
    return actor.holds(Role.CENTRE_STAFF, dispute.area_code)


@predicate
def is_justice_staff(actor: Actor, dispute: Dispute) -> bool:
    return actor.holds(Role.JUSTICE_STAFF, dispute.area_code)


@predicate
def is_leader(actor: Actor, dispute: Dispute) -> bool:
    return actor.holds(Role.LEADER, dispute.area_code)


@predicate
def is_reconsideration_clerk(actor: Actor, dispute: Dispute) -> bool:
    return actor.holds(Role.RECONSIDERATION_CLERK, dispute.area_code)


# What each command asks of its actor -------------------------------------------------------------

case_team = mediates_it | is_centre_staff | is_justice_staff
office = is_centre_staff | is_justice_staff
at_work = works_in_its_grid | is_mediator_of_its_area | mediates_it | office

TRACK_STEPS = (
    "rc_forward", "rc_ask_correction", "rc_extend_correction", "rc_correct", "rc_abandon",
    "rc_accept", "rc_refuse", "rc_serve_copy", "rc_plan_hearing", "rc_hear", "rc_convert",
    "rc_suspend", "rc_pass_document", "rc_answer_document", "rc_resume", "rc_extend",
    "rc_exclude_time", "rc_reject", "rc_decide",
    "rc_serve_decision", "rc_mediate", "rc_settle", "rc_terminate", "rc_sue", "rc_to_mediation",
)  # fmt: skip
"""What the reconsideration organ or a court does, recorded as it becomes known."""

COMMANDS: dict[str, Predicate] = {
    "settle_on_spot": works_in_its_grid & is_mediator_of_its_area,
    "assess": office,
    "reassess": office | is_leader,
    "confirm_colour": office | is_leader,
    "void": is_centre_staff,
    "start_mediation_intake": is_centre_staff,
    "refer_to_reconsideration": is_centre_staff,
    "refer": is_centre_staff,
    "split": is_centre_staff,
    "assign_mediator": is_centre_staff,
    "add_party": works_in_its_grid | registered_it | case_team,
    "record_consent": mediates_it | is_centre_staff,
    "tell_rights": mediates_it | is_centre_staff,
    "wish_mediator": mediates_it | is_centre_staff,
    # A statement about oneself: nobody makes it for another.
    "declare_ties": is_its_mediator,
    "add_participant": mediates_it | is_centre_staff,
    "remove_participant": mediates_it | is_centre_staff,
    "record_group_consent": mediates_it,
    "schedule_session": mediates_it | is_centre_staff,
    "tell_appointment": mediates_it | works_in_its_grid | is_centre_staff,
    "cancel_session": mediates_it | is_centre_staff,
    "note_caucus": mediates_it,
    "release_note": mediates_it,
    "sign_on_screen": mediates_it,
    "draft_agreement": mediates_it,
    "accept": mediates_it | is_centre_staff,
    "begin_session": mediates_it,
    "record_session": mediates_it,
    "pause": mediates_it,
    "resume": mediates_it,
    "extend": mediates_it,
    "reach_agreement": mediates_it,
    "record_signatures": mediates_it,
    "make_effective": mediates_it,
    "fall_through": mediates_it,
    "reclassify": case_team,
    "end_mediation": mediates_it | is_necessary_party,
    "record_performance": mediates_it,
    "urge": mediates_it,
    "remind": mediates_it | works_in_its_grid,
    "file_confirmation": mediates_it,
    "record_docket": mediates_it,
    "record_ruling": mediates_it,
    "record_revocation": office,
    "fulfil": mediates_it,
    "declare_breach": mediates_it,
    "send_to_review": mediates_it,
    "acknowledge_referral": is_centre_staff,
    "conclude_referral": is_centre_staff,
    "receive_delegation": is_centre_staff,
    "receive_order": office,
    "acknowledge_order": office,
    "answer_order": office | mediates_it,
    "extend_petition": office,
    "record_petition_review": office,
    "take_part_answer": is_system,
    "take_back": is_centre_staff,
    "conclude_reconsideration": is_centre_staff,
    # Applying: whoever advises at the counter. The organ's steps: whoever follows it. The office's own
    # acts as respondent: its lawyers in the justice office.
    **dict.fromkeys(("rc_file", "rc_give_up"), office | is_reconsideration_clerk),
    **dict.fromkeys(TRACK_STEPS, is_centre_staff | is_reconsideration_clerk),
    **dict.fromkeys(
        ("rc_reply", "rc_perform", "rc_opinion", "rc_report"), office | is_reconsideration_clerk
    ),
    "rc_deem_accepted": is_system,
    # The system does it with the last part; the centre after a return for correction.
    "conclude_children": is_system | is_centre_staff,
    "return_for_correction": is_justice_staff,
    "close": is_justice_staff,
    "visit": works_in_its_grid | mediates_it,
    "archive": is_justice_staff,
    "reopen": is_justice_staff,
    # The mediator asks to see the details of a child; the other steps are refused to him by the form.
    "ask_second_person": mediates_it | office | is_leader,
    "grant_second_person": office | is_leader,
    "decline_second_person": office | is_leader,
    "acknowledge_alert": is_leader | office,
    "act_on_alert": is_leader | office,
    "resolve_alert": is_leader | office,
    "take_charge": is_leader,
    "note_charge": is_leader,
    "end_charge": is_leader,
    "recompute_risk": is_system,
    "deidentify": is_system,
    "report_escalation": works_in_its_grid | case_team | is_leader,
    "record_receipt": works_in_its_grid | case_team | is_leader,
    "comment": works_in_its_grid | case_team | is_leader | is_party,
    "issue_document": case_team,
    "attach_file": works_in_its_grid | registered_it | case_team,
    "withdraw_file": case_team,
    "lend_file": is_justice_staff,
    "return_file": is_justice_staff,
    "fire_deadline": is_system,
    "yellow_card": is_system,
    "red_card": is_system,
    "move_deadline": is_system,
    "supervise": office | is_leader,
    "answer_card": works_in_its_grid | case_team | is_leader,
    "lift_card": office | is_leader,
    "instruct": is_leader,
    "acknowledge_instruction": at_work | is_leader,
    "answer_instruction": at_work | is_leader,
}

may_register = predicate(
    lambda actor: (
        actor.is_system
        or actor.is_resident
        or bool(
            actor.roles & {Role.GRID_WORKER, Role.CENTRE_STAFF, Role.JUSTICE_STAFF, Role.MEDIATOR}
        )
    )
)


def may(actor: Actor, command: str, dispute: Dispute) -> bool:
    """Whether the actor may give this command on a case that he can see."""
    rule = COMMANDS.get(command)
    return rule is not None and bool(rule.test(actor, dispute))


NOT_YOURS = Reason("not_yours", _("This step belongs to another role or another person."))


# What one may see ---------------------------------------------------------------------------------

AREA_WIDE = (Role.CENTRE_STAFF, Role.JUSTICE_STAFF, Role.LEADER, Role.MEDIATOR)
"""Roles that see the ordinary cases of their whole area; sensitive ones need clearance."""


def may_view(actor: Actor, dispute: Dispute, *, now: datetime) -> bool:
    if actor.is_system or is_party.test(actor, dispute):
        return True
    if registered_it.test(actor, dispute):
        return True
    if any(_sees(grant, dispute) for grant in actor.grants):
        return True
    return bool(actor.grants) and _granted(actor, dispute, now)


def _sees(grant: Grant, dispute: Dispute) -> bool:
    """What one duty shows of one case: ``_scope_of`` in other words. Duties do not add up."""
    if not dispute.area_code.startswith(grant.area_code):
        return False
    if grant.role == Role.GRID_WORKER:
        return True
    if grant.role == Role.MEDIATOR and grant.of == dispute.mediator_id:
        return True
    is_clerk = grant.role == Role.RECONSIDERATION_CLERK
    if grant.role in AREA_WIDE or (is_clerk and dispute.nature == Nature.ADMINISTRATIVE):
        return grant.cleared or not dispute.is_sensitive
    return False  # the three administrators see no case


def visible_to(actor: Actor, *, now: datetime) -> QuerySet[Dispute]:
    """Every dispute the actor may see: the base of every list, count, search, export and socket."""
    if actor.is_system:
        return Dispute.objects.all()
    if actor.is_resident:
        return Dispute.objects.filter(pk__in=[actor.party_to] if actor.party_to else [])
    scope = registered_by(actor)
    for grant in actor.grants:
        scope |= _scope_of(grant.role, grant.area_code, of=grant.of, cleared=grant.cleared)
    if actor.person_id and actor.grants:
        scope |= Q(pk__found_first=_grants_of(actor.person_id, now).values("dispute_id"))
    return Dispute.objects.filter(scope)


def registered_by(actor: Actor) -> Q:
    """``registered_it`` as a condition."""
    return Q(registered_by_id=actor.person_id) if actor.works_on_cases else Q(pk__in=[])


def case_in_sight(actor: Actor, *, now: datetime, case: str = "dispute_id") -> Exists:
    """The condition that the actor may see the case which a row hangs on, ``case`` being its key there.

    Tried row by row: what hangs on cases is little, the cases of a province are not.
    """
    return Exists(visible_to(actor, now=now).filter(pk=OuterRef(case)))


def _scope_of(role: Role, area_code: str, *, of: int, cleared: bool) -> Q:
    here = within(area_code)
    if role == Role.GRID_WORKER:
        return here
    ordinary = Q() if cleared else Q(sensitivity=Sensitivity.NORMAL)
    if role == Role.MEDIATOR and not cleared:
        return here & (ordinary | Q(mediator_id=of))
    if role in AREA_WIDE:
        return here & ordinary
    if role == Role.RECONSIDERATION_CLERK:
        return here & ordinary & Q(nature=Nature.ADMINISTRATIVE)
    return Q(pk__in=[])  # the three administrators see no case


def _grants_of(person_id: int, now: datetime) -> QuerySet[CaseGrant]:
    return CaseGrant.objects.filter(person_id=person_id).filter(
        Q(until__isnull=True) | Q(until__gt=now)
    )


def _granted(actor: Actor, dispute: Dispute, now: datetime) -> bool:
    return actor.person_id is not None and (
        _grants_of(actor.person_id, now).filter(dispute=dispute).exists()
    )


# Names and identifiers ----------------------------------------------------------------------------


def may_see_names(actor: Actor, dispute: Dispute) -> bool:
    """Full names are for the case team and the grid; everybody else sees 李*."""
    team = (works_in_its_grid, registered_it, mediates_it, is_centre_staff, is_justice_staff)
    return actor.is_system or any(rule.test(actor, dispute) for rule in team)


def may_see_minors(actor: Actor, dispute: Dispute) -> bool:
    """A child's name: the named mediator, and office staff with clearance."""
    return mediates_it.test(actor, dispute) or any(
        grant.cleared
        and grant.role in {Role.CENTRE_STAFF, Role.JUSTICE_STAFF}
        and dispute.area_code.startswith(grant.area_code)
        for grant in actor.grants
    )


def answers_for_minors(actor: Actor, dispute: Dispute) -> bool:
    """The person in charge, who agrees beforehand to a look at a child's details (未成年人网络保护条例)."""
    return any(
        grant.cleared
        and grant.role in {Role.LEADER, Role.JUSTICE_STAFF}
        and dispute.area_code.startswith(grant.area_code)
        for grant in actor.grants
    )


def may_read_records(actor: Actor, dispute: Dispute) -> bool:
    """Records of sessions are for the case team; the grid worker sees colour and tasks."""
    return actor.is_system or bool(case_team.test(actor, dispute))


def may_read_caucus(actor: Actor, dispute: Dispute) -> bool:
    """What one side said alone is known to who mediates the case, and to nobody else in the house."""
    return bool(mediates_it.test(actor, dispute))
