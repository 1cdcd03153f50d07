"""Who may do what on which case. Both tables are typed by hand, apart from the code."""

from datetime import date, timedelta

import pytest
from django.db import connection

from mediation.accounts.actor import RESIDENT, SYSTEM, Actor
from mediation.accounts.models import Duty, Role
from mediation.core.errors import Forbidden, NotFound, Refusal
from mediation.disputes import policy
from mediation.disputes.enums import Nature, Sensitivity
from mediation.disputes.enums import Status as S
from mediation.disputes.models import CaseGrant, Dispute, Party
from mediation.disputes.selectors import names_known_to
from tests.factories import at, give, register, undone
from tests.factories.cases import NEXT_DAY, application
from tests.factories.people import (
    COMMUNITY,
    DISTRICT,
    GRID,
    LAST_GRID,
    SECOND_GRID,
    SIBLING_GRID,
    SUBDISTRICT,
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
    "comment": (S.MEDIATING, EVERYBODY_AT_WORK),
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
        ("comment", EVERYBODY_AT_WORK),
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


# What is seen ---------------------------------------------------------------------------------------


ALL_OFFICE = {"zhong", "bao", "si", "lu", "ling", "ping"}
CLEARED = {"bao", "si", "ling"}
SUBDISTRICT_MEDIATORS = {"he", "li", "sun"}

# Kind of case → who sees it, of all the cast. 李测和 is on holiday and 戴测替 stands in for him.
KINDS: dict[str, tuple[dict, set[str]]] = {
    "normal": ({}, {"wang", "dai"} | SUBDISTRICT_MEDIATORS | ALL_OFFICE),
    "normal_other_grid": (
        {"area_code": SECOND_GRID}, {"chen", "dai"} | SUBDISTRICT_MEDIATORS | ALL_OFFICE,
    ),
    "normal_last_grid": ({"area_code": LAST_GRID}, ALL_OFFICE),
    "violence": ({"sensitivity": Sensitivity.VIOLENCE}, {"wang"} | CLEARED),
    "minor": ({"sensitivity": Sensitivity.MINOR}, {"wang"} | CLEARED),
    "sealed": ({"sensitivity": Sensitivity.SEALED}, {"wang"} | CLEARED),
    "sealed_mediated": (
        {"sensitivity": Sensitivity.SEALED, "mediator": "li"}, {"wang", "li", "dai"} | CLEARED,
    ),
    "sealed_granted": (
        {"sensitivity": Sensitivity.SEALED, "grant": ("sun", None)}, {"wang", "sun"} | CLEARED,
    ),
    "sealed_granted_till_yesterday": (
        {"sensitivity": Sensitivity.SEALED, "grant": ("sun", -1)}, {"wang"} | CLEARED,
    ),
    "sealed_granted_till_tomorrow": (
        {"sensitivity": Sensitivity.SEALED, "grant": ("b_zhong", 1)},
        {"wang", "b_zhong"} | CLEARED,
    ),
    "granted_without_duty": ({"grant": ("mo", None)}, {"wang", "dai"} | SUBDISTRICT_MEDIATORS | ALL_OFFICE),
    "administrative": (
        {"nature": Nature.ADMINISTRATIVE}, {"wang", "dai", "fu"} | SUBDISTRICT_MEDIATORS | ALL_OFFICE,
    ),
    "administrative_sealed": (
        {"nature": Nature.ADMINISTRATIVE, "sensitivity": Sensitivity.SEALED}, {"wang"} | CLEARED,
    ),
    "registered_by_me": (
        {"registered_by": "chen"}, {"wang", "chen", "dai"} | SUBDISTRICT_MEDIATORS | ALL_OFFICE,
    ),
    "sibling": ({"area_code": SIBLING_GRID}, {"b_wang", "b_li", "b_zhong", "b_si", "b_ling"}),
    "sibling_administrative_sealed": (
        {
            "area_code": SIBLING_GRID, "nature": Nature.ADMINISTRATIVE,
            "sensitivity": Sensitivity.SEALED,
        },
        {"b_wang", "b_li", "b_zhong", "b_si", "b_ling", "b_fu"},
    ),
}  # fmt: skip


def one_case_of_each_kind(cast):
    return {kind: _case_of(cast, dict(marks)) for kind, (marks, _who) in KINDS.items()}


def _case_of(cast, marks):
    case = register(RESIDENT, NEXT_DAY, source="online")
    grant = marks.pop("grant", None)
    for field in ("mediator", "registered_by"):
        if field in marks:
            marks[f"{field}_id"] = cast.id(marks.pop(field))
    Dispute.objects.filter(pk=case.pk).update(**marks)
    if grant:
        person, days = grant
        CaseGrant.objects.create(
            dispute=case,
            person=cast.person(person),
            reason="协助办理",
            granted_by=cast.person("an"),
            granted_at=NEXT_DAY,
            until=None if days is None else NEXT_DAY + timedelta(days=days),
        )
    return Dispute.objects.get(pk=case.pk)


def test_each_kind_of_case_is_seen_by_those_the_table_names(cast):
    cast.deputise("li", by="dai")
    cases = one_case_of_each_kind(cast)

    seen = {
        kind: {
            name
            for name in cast.people
            if policy.visible_to(getattr(cast, name), now=NEXT_DAY).filter(pk=case.pk).exists()
        }
        for kind, case in cases.items()
    }

    assert seen == {kind: who for kind, (_marks, who) in KINDS.items()}


def odd_people(cast):
    """Duties in combinations that an office really has."""
    cast.deputise("li", by="dai")
    # Stands in for the mediator's *other* duty, and is a mediator himself.
    cast.serve("li", Role.GRID_WORKER, LAST_GRID, deputy=cast.person("sun"))
    # Cleared in one role, not in the other.
    cast.serve("ping", Role.RECONSIDERATION_CLERK, SUBDISTRICT, cleared=True)
    cast.serve("chen", Role.MEDIATOR, COMMUNITY)
    cast.serve("lu", Role.GRID_WORKER, GRID, cleared=True)
    # A duty that has ended, one that has not begun.
    cast.serve("b_wang", Role.CENTRE_STAFF, SUBDISTRICT, until=date(2026, 3, 1))
    cast.serve("b_li", Role.LEADER, SUBDISTRICT).since = date(2027, 1, 1)
    for name in ("li", "sun", "dai"):
        cast._actors.pop(name, None)
    actors = {name: getattr(cast, name) for name in cast.people}
    return actors | {"system": SYSTEM, "resident": RESIDENT, "signed_out": Actor(None, "")}


def test_list_and_single_case_agree_for_everybody(cast):
    cases = list(one_case_of_each_kind(cast).values())
    actors = odd_people(cast)
    actors["party"] = Actor(None, "居民", is_resident=True, party_to=cases[3].pk)

    for name, actor in actors.items():
        listed = set(policy.visible_to(actor, now=NEXT_DAY))
        allowed = {case for case in cases if policy.may_view(actor, case, now=NEXT_DAY)}

        assert listed == allowed, name


@pytest.mark.parametrize("then", [None, Role.AUDITOR], ids=["left", "became auditor"])
def test_right_to_what_one_has_registered_ends_with_the_last_duty_on_cases(cast, then):
    mine = register(cast.wang)
    Duty.objects.filter(person=cast.id("wang")).update(until=NEXT_DAY.date() - timedelta(days=1))
    if then is not None:
        cast.serve("wang", then, DISTRICT)
    former = cast.actor("wang", today=NEXT_DAY.date())

    assert not policy.may_view(former, mine, now=NEXT_DAY)
    assert not policy.visible_to(former, now=NEXT_DAY).exists()
    assert not policy.may_see_names(former, mine)
    assert not Dispute.objects.filter(names_known_to(former)).exists()


def test_worker_who_moved_to_another_grid_keeps_what_he_registered(cast):
    mine = register(cast.wang)
    Duty.objects.filter(person=cast.id("wang")).delete()
    cast.serve("wang", Role.GRID_WORKER, SECOND_GRID)

    assert set(policy.visible_to(cast.wang, now=NEXT_DAY)) == {mine}
    assert policy.may_see_names(cast.wang, mine)


def test_seeing_is_one_statement_for_a_list(cast, django_assert_num_queries):
    actor = cast.si

    with django_assert_num_queries(1):
        list(policy.visible_to(actor, now=NEXT_DAY))


@pytest.mark.postgres
def test_no_reason_to_see_is_tried_case_by_case(cast):
    """Then an index could serve none of the others either."""
    plan = policy.visible_to(cast.si, now=NEXT_DAY).explain()

    assert "InitPlan" in plan
    assert "SubPlan" not in plan


@pytest.mark.postgres
@pytest.mark.django_db
def test_planner_counts_single_subdistricts_and_open_cases():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attstattarget, stxname FROM pg_attribute "
            "JOIN pg_statistic_ext ON stxrelid = attrelid "
            "WHERE attrelid = 'disputes_dispute'::regclass AND attname = 'area_code'"
        )
        assert cursor.fetchall() == [(1000, "dispute_open")]


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


# Names ----------------------------------------------------------------------------------------------


def who(cast, question, case):
    return {name for name in cast.people if question(getattr(cast, name), case)}


def test_full_names_are_for_the_team_and_the_grid(cast, case_in):
    case = case_in(S.MEDIATING)

    assert who(cast, policy.may_see_names, case) == {"wang", "li", "zhong", "bao", "si", "lu"}


def test_childrens_names_are_for_the_mediator_and_cleared_offices(cast, case_in):
    case = case_in(S.MEDIATING)
    cast.serve("lu", Role.GRID_WORKER, GRID, cleared=True)  # clearance of another duty
    cast._actors.clear()

    assert who(cast, policy.may_see_minors, case) == {"li", "bao", "si"}


def test_records_of_sessions_are_for_the_team(cast, case_in):
    case = case_in(S.MEDIATING)

    assert who(cast, policy.may_read_records, case) == {"li", "zhong", "bao", "si", "lu"}


def test_what_hangs_on_a_case_is_seen_with_it(cast):
    cases = one_case_of_each_kind(cast)

    for name, actor in odd_people(cast).items():
        seen = policy.case_in_sight(actor, now=NEXT_DAY)
        hanging = Party.objects.filter(seen, dispute__in=cases.values())
        visible = policy.visible_to(actor, now=NEXT_DAY)

        assert {party.dispute_id for party in hanging} == set(
            visible.values_list("pk", flat=True)
        ), name
