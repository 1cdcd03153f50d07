"""Which cases somebody sees, and what on them. The table is typed by hand, apart from the code."""

from datetime import date, timedelta

import pytest
from django.db import connection

from mediation.accounts.actor import RESIDENT, SYSTEM, Actor
from mediation.accounts.models import Duty, Role
from mediation.disputes import policy
from mediation.disputes.enums import Nature, Sensitivity
from mediation.disputes.enums import Status as S
from mediation.disputes.models import CaseGrant, Dispute, Party
from mediation.disputes.selectors import names_known_to
from tests.factories import register
from tests.factories.cases import NEXT_DAY
from tests.factories.people import (
    COMMUNITY,
    DISTRICT,
    GRID,
    LAST_GRID,
    SECOND_GRID,
    SIBLING_GRID,
    SUBDISTRICT,
)

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
