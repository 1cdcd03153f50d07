"""Who may do what on which case. Both tables are typed by hand, apart from the code."""

from datetime import date

import pytest

from mediation.accounts.actor import RESIDENT, SYSTEM, Actor
from mediation.accounts.models import Role
from mediation.core.errors import Forbidden, NotFound, Refusal
from mediation.disputes import policy
from mediation.disputes.enums import Status as S
from mediation.disputes.models import Dispute
from tests.factories import at, give, register, undone
from tests.factories.cases import NEXT_DAY, application
from tests.factories.people import (
    COMMUNITY,
    GRID,
    LAST_GRID,
    SECOND_GRID,
    SIBLING_GRID,
)
from tests.reconsideration.test_track import STEPS
from workflows.commands import catalog
from workflows.engine import Command, execute

# Everybody who sees an ordinary civil case of 第4网格 that 李测和 mediates.
GRID_STAFF = {"grid_worker", "grid_worker_and_mediator"}
MEDIATORS = {"mediator", "deputy"}
INSIDE = (
    GRID_STAFF
    | MEDIATORS
    | {"other_mediator", "centre", "justice", "leader", "party", "affected", "system"}
)
OUTSIDE = {
    "worker_of_other_grid", "clerk", "system_admin", "security_admin", "auditor", "stranger",
    "disabled", "other_resident", "signed_out", "sibling_grid_worker", "sibling_mediator",
    "sibling_centre", "sibling_justice", "sibling_leader", "sibling_clerk",
}  # fmt: skip

TEAM = MEDIATORS | {"centre", "justice"}
OFFICE = {"centre", "justice"}
PARTIES = {"party", "affected"}
EVERYBODY_AT_WORK = GRID_STAFF | TEAM | {"leader"}

# Command → the status it is tried in, and who may give it.
WHO: dict[str, tuple[S, set[str]]] = {
    "settle_on_spot": (S.ASSESSED, {"grid_worker_and_mediator"}),
    "assess": (S.REGISTERED, OFFICE),
    "reassess": (S.MEDIATING, OFFICE | {"leader"}),
    "void": (S.ASSESSED, {"centre"}),
    "start_mediation_intake": (S.ASSESSED, {"centre"}),
    "refer_to_reconsideration": (S.ASSESSED, {"centre"}),
    "refer": (S.ASSESSED, {"centre"}),
    "split": (S.ASSESSED, {"centre"}),
    "assign_mediator": (S.MEDIATING, {"centre"}),
    "add_party": (S.MEDIATING, GRID_STAFF | TEAM),
    "record_consent": (S.CONSENT_PENDING, MEDIATORS | {"centre"}),
    "tell_rights": (S.CONSENT_PENDING, MEDIATORS | {"centre"}),
    "wish_mediator": (S.CONSENT_PENDING, MEDIATORS | {"centre"}),
    "declare_ties": (S.CONSENT_PENDING, {"mediator"}),  # a statement about oneself
    "add_participant": (S.MEDIATING, MEDIATORS | {"centre"}),
    "remove_participant": (S.MEDIATING, MEDIATORS | {"centre"}),
    "record_group_consent": (S.MEDIATING, MEDIATORS),
    "schedule_session": (S.MEDIATING, MEDIATORS | {"centre"}),
    "tell_appointment": (S.MEDIATING, GRID_STAFF | MEDIATORS | {"centre"}),
    "cancel_session": (S.MEDIATING, MEDIATORS | {"centre"}),
    "note_caucus": (S.MEDIATING, MEDIATORS),
    "release_note": (S.MEDIATING, MEDIATORS),
    "sign_on_screen": (S.AGREED, MEDIATORS),
    "draft_agreement": (S.MEDIATING, MEDIATORS),
    "accept": (S.CONSENT_PENDING, MEDIATORS | {"centre"}),
    "begin_session": (S.ACCEPTED, MEDIATORS),
    "record_session": (S.MEDIATING, MEDIATORS),
    "pause": (S.MEDIATING, MEDIATORS),
    "resume": (S.PAUSED, MEDIATORS),
    "extend": (S.MEDIATING, MEDIATORS),
    "reach_agreement": (S.MEDIATING, MEDIATORS),
    "record_signatures": (S.AGREED, MEDIATORS),
    "make_effective": (S.AGREED, MEDIATORS),
    "fall_through": (S.AGREED, MEDIATORS),
    "reclassify": (S.MEDIATING, TEAM),
    # 人民调解法第二十三条: either party may end the mediation at any time.
    "end_mediation": (S.MEDIATING, MEDIATORS | {"party"}),
    "record_performance": (S.PERFORMING, MEDIATORS),
    "urge": (S.PERFORMING, MEDIATORS),
    "remind": (S.PERFORMING, GRID_STAFF | MEDIATORS),
    "file_confirmation": (S.PERFORMING, MEDIATORS),
    "record_docket": (S.PERFORMING, MEDIATORS),
    "record_ruling": (S.PERFORMING, MEDIATORS),
    "record_revocation": (S.PERFORMING, OFFICE),
    "fulfil": (S.PERFORMING, MEDIATORS),
    "declare_breach": (S.PERFORMING, MEDIATORS),
    "send_to_review": (S.MEDIATION_ENDED, MEDIATORS),
    "acknowledge_referral": (S.REFERRED, {"centre"}),
    "receive_delegation": (S.REFERRED, {"centre"}),
    "receive_order": (S.MEDIATING, OFFICE),
    "acknowledge_order": (S.MEDIATING, OFFICE),
    "answer_order": (S.MEDIATING, TEAM),
    "extend_petition": (S.MEDIATING, OFFICE),
    "record_petition_review": (S.MEDIATING, OFFICE),
    "take_part_answer": (S.REFERRED, {"system"}),
    "conclude_referral": (S.REFERRED, {"centre"}),
    "take_back": (S.REFERRED, {"centre"}),
    "conclude_reconsideration": (S.ASSESSED, {"centre"}),
    "conclude_children": (S.SPLIT, {"system", "centre"}),
    "return_for_correction": (S.CLOSE_REVIEW, {"justice"}),
    "close": (S.CLOSE_REVIEW, {"justice"}),
    "visit": (S.CLOSED, GRID_STAFF | MEDIATORS),
    "archive": (S.CLOSED, {"justice"}),
    "reopen": (S.CLOSED, {"justice"}),
    "ask_second_person": (S.MEDIATING, OFFICE | MEDIATORS | {"leader"}),
    "grant_second_person": (S.MEDIATING, OFFICE | {"leader"}),
    "decline_second_person": (S.MEDIATING, OFFICE | {"leader"}),
    "acknowledge_alert": (S.MEDIATING, OFFICE | {"leader"}),
    "act_on_alert": (S.MEDIATING, OFFICE | {"leader"}),
    "resolve_alert": (S.MEDIATING, OFFICE | {"leader"}),
    "take_charge": (S.MEDIATING, {"leader"}),
    "note_charge": (S.MEDIATING, {"leader"}),
    "end_charge": (S.MEDIATING, {"leader"}),
    "confirm_colour": (S.MEDIATING, OFFICE | {"leader"}),
    "recompute_risk": (S.MEDIATING, {"system"}),
    "deidentify": (S.ARCHIVED, {"system"}),
    "report_escalation": (S.MEDIATING, EVERYBODY_AT_WORK),
    "record_receipt": (S.MEDIATING, EVERYBODY_AT_WORK),
    "comment": (S.MEDIATING, EVERYBODY_AT_WORK | PARTIES),
    "issue_document": (S.MEDIATING, TEAM),
    "attach_file": (S.MEDIATING, GRID_STAFF | TEAM),
    "withdraw_file": (S.MEDIATING, TEAM),
    "lend_file": (S.CLOSED, {"justice"}),
    "return_file": (S.CLOSED, {"justice"}),
    "fire_deadline": (S.MEDIATING, {"system"}),
    "yellow_card": (S.MEDIATING, {"system"}),
    "red_card": (S.MEDIATING, {"system"}),
    "move_deadline": (S.MEDIATING, {"system"}),
    "supervise": (S.MEDIATING, OFFICE | {"leader"}),
    "answer_card": (S.MEDIATING, EVERYBODY_AT_WORK),
    "lift_card": (S.MEDIATING, OFFICE | {"leader"}),
    "instruct": (S.MEDIATING, {"leader"}),
    "acknowledge_instruction": (S.MEDIATING, EVERYBODY_AT_WORK | {"other_mediator"}),
    "answer_instruction": (S.MEDIATING, EVERYBODY_AT_WORK | {"other_mediator"}),
}


def everybody(cast, case):
    """Relation to ``case`` → actor. The same roles inside, outside, and beside the area."""
    cast.deputise("li", by="dai")
    names = {
        "grid_worker": "chen", "grid_worker_and_mediator": "he", "worker_of_other_grid": "wang",
        "mediator": "li", "deputy": "dai", "other_mediator": "sun", "centre": "zhong",
        "justice": "lu", "leader": "ping", "clerk": "fu", "system_admin": "xi",
        "security_admin": "an", "auditor": "shen", "stranger": "mo", "disabled": "gao",
        "sibling_grid_worker": "b_wang", "sibling_mediator": "b_li", "sibling_centre": "b_zhong",
        "sibling_justice": "b_si", "sibling_leader": "b_ling", "sibling_clerk": "b_fu",
    }  # fmt: skip
    return {relation: getattr(cast, name) for relation, name in names.items()} | {
        "party": Actor(None, "居民", is_resident=True, party_to=case.pk, is_necessary=True),
        "affected": Actor(None, "居民", is_resident=True, party_to=case.pk),
        "other_resident": Actor(None, "居民", is_resident=True, party_to=case.pk + 1000),
        "signed_out": Actor(None, ""),
        "system": SYSTEM,
    }


def answer(actor, command, case):
    """What the front door says, and nothing left behind."""
    with undone():
        try:
            give(actor, command, case, NEXT_DAY)
        except NotFound:
            return "not found"
        except Forbidden:
            return "forbidden"
        except Refusal:
            return "allowed"  # by policy; a guard or the empty form objects
        return "allowed"


@pytest.mark.parametrize("command", WHO)
def test_command_is_given_by_those_the_table_names(case_in, command):
    status, allowed = WHO[command]
    case = case_in(status, grid=SECOND_GRID)
    Dispute.objects.filter(pk=case.pk).update(mediator_id=case_in.cast.id("li"))

    found = {
        relation: answer(actor, command, case)
        for relation, actor in everybody(case_in.cast, case).items()
    }

    assert found == (
        dict.fromkeys(INSIDE, "forbidden")
        | dict.fromkeys(allowed, "allowed")
        | dict.fromkeys(OUTSIDE, "not found")
    )


def test_table_names_every_command():
    assert {*WHO, *STEPS, "register"} == {spec.name for spec in catalog.all_specs()}


@pytest.mark.parametrize(
    ("command", "allowed"),
    [
        ("rc_accept", {"centre", "clerk"}),
        ("rc_reply", {"centre", "clerk", "justice"}),
        ("conclude_reconsideration", {"centre"}),
        ("comment", EVERYBODY_AT_WORK | PARTIES),
    ],
)
def test_clerk_works_on_the_reconsideration_alone(case_in, command, allowed):
    case = case_in(S.RECONSIDERING, grid=SECOND_GRID)
    Dispute.objects.filter(pk=case.pk).update(mediator_id=case_in.cast.id("li"))

    found = {
        relation: answer(actor, command, case)
        for relation, actor in everybody(case_in.cast, case).items()
    }

    assert found == (
        dict.fromkeys(INSIDE | {"clerk"}, "forbidden")
        | dict.fromkeys(allowed, "allowed")
        | dict.fromkeys(OUTSIDE - {"clerk"}, "not found")
    )


@pytest.mark.parametrize(
    ("name", "may"),
    [
        ("wang", True), ("he", True), ("li", True), ("zhong", True), ("lu", True),
        ("ping", False), ("fu", False), ("xi", False), ("an", False), ("shen", False),
        ("mo", False), ("gao", False),
    ],
)  # fmt: skip
def test_register_is_for_those_who_meet_disputes(cast, snapshot_rows, name, may):
    command = Command("register", data=application(grid=SECOND_GRID if name == "he" else GRID))
    rows = snapshot_rows()

    try:
        execute(command, getattr(cast, name), now=NEXT_DAY)
    except Forbidden:
        registered = False
    else:
        registered = True

    assert registered is may
    assert may or snapshot_rows() == rows


def test_registering_in_another_area_is_refused(cast, snapshot_rows):
    rows = snapshot_rows()

    for grid in (SECOND_GRID, SIBLING_GRID, "430902006901999", COMMUNITY, "", "x"):
        with pytest.raises(Refusal) as refusal:
            register(cast.wang, NEXT_DAY, grid=grid)
        assert list(refusal.value.fields) == ["grid"]

    assert snapshot_rows() == rows


def test_resident_registers_wherever_he_lives(cast):
    case = register(RESIDENT, NEXT_DAY, grid=SIBLING_GRID, source="online")

    assert (case.area_code, case.registered_by_id) == (SIBLING_GRID, None)


def test_deputy_of_another_duty_does_not_mediate(cast, case_in):
    """孙测调 is a mediator and keeps 李测和's grid for him; 李测和's own cases stay 李测和's."""
    case = case_in(S.MEDIATING)
    cast.serve("li", Role.GRID_WORKER, LAST_GRID, deputy=cast.person("sun"))
    cast._actors.clear()

    assert not policy.may(cast.sun, "reach_agreement", case)


@pytest.mark.parametrize(
    ("day", "stands_in"),
    [("2026-03-04", False), ("2026-03-05", True), ("2026-03-10", True), ("2026-03-11", False)],
)
def test_deputy_acts_on_the_days_of_absence_alone(cast, case_in, day, stands_in):
    case = case_in(S.MEDIATING)
    cast.deputise("li", by="dai", deputy_since=date(2026, 3, 5), deputy_until=date(2026, 3, 10))
    actor = cast.actor("dai", today=date.fromisoformat(day))

    found = answer_on(actor, case, day)

    assert found == ("allowed" if stands_in else "not found")


def answer_on(actor, case, day):
    try:
        give(actor, "pause", case, at(f"{day} 10:00"), ground="illness", since=day)
    except NotFound:
        return "not found"
    return "allowed"
