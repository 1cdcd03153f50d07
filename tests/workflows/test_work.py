"""Who is asked to act: the open task, its work item, and the notice that asks."""

from datetime import date

import pytest
from viewflow.workflow.models import Task

from mediation.accounts.models import Person, Role
from mediation.disputes import policy
from mediation.disputes.enums import Status as S
from mediation.disputes.models import Dispute
from mediation.notifications.models import Notice
from tests.factories import at, give, register
from tests.factories.cases import DEADLY, NEXT_DAY, VISIT, consent
from tests.factories.people import COMMUNITY, GRID, SECOND_GRID
from workflows import worklist
from workflows.models import WorkItem

# Status → the task that is open, the role that is asked, and the person when it is somebody's own.
OPEN_WORK = {
    S.REGISTERED: ("assess", Role.CENTRE_STAFF, None),
    S.ASSESSED: ("triage", Role.CENTRE_STAFF, None),
    S.CONSENT_PENDING: ("seek_consent", Role.MEDIATOR, "li"),
    S.ACCEPTED: ("mediate", Role.MEDIATOR, "li"),
    S.MEDIATING: ("mediate", Role.MEDIATOR, "li"),
    S.PAUSED: ("mediate", Role.MEDIATOR, "li"),
    S.AGREED: ("sign", Role.MEDIATOR, "li"),
    S.PERFORMING: ("supervise_performance", Role.MEDIATOR, "li"),
    S.BREACHED: ("supervise_performance", Role.MEDIATOR, "li"),
    S.MEDIATION_ENDED: ("choose_channel", Role.CENTRE_STAFF, None),
    S.RECONSIDERING: ("advise", Role.CENTRE_STAFF, None),
    S.REFERRED: ("handle_referral", Role.CENTRE_STAFF, None),
    S.SPLIT: ("await_children", Role.CENTRE_STAFF, None),
    S.CLOSE_REVIEW: ("review_closure", Role.JUSTICE_STAFF, None),
    S.CLOSED: ("follow_up", Role.GRID_WORKER, "wang"),
    S.ARCHIVED: None,
    S.VOIDED: None,
}


@pytest.mark.parametrize("status", S)
def test_work_item_says_whose_turn_it_is(case_in, cast, status):
    case = case_in(status)
    wanted = OPEN_WORK[status]

    items = list(WorkItem.objects.filter(dispute=case))
    tasks = Task.objects.filter(process__of_case__dispute=case, finished__isnull=True)

    if wanted is None:
        assert items == []
        assert not tasks.exists()
        return
    node, role, name = wanted
    (item,) = items
    assert (item.node, item.role, item.assignee_id) == (node, role, cast.id(name) if name else None)
    assert (item.area_code, item.severity, item.is_sensitive, item.due_at) == (
        case.area_code,
        case.severity,
        case.is_sensitive,
        case.due_at,
    )
    waiting = {"reconsider"} if status == S.RECONSIDERING else set()
    assert {task.flow_task.name for task in tasks} == {node} | waiting
    assert item.task.flow_task.name == node


@pytest.mark.parametrize("status", [s for s in S if OPEN_WORK[s]])
def test_whoever_has_to_act_is_told_so_once(case_in, cast, status):
    """The notice that asks stands in the inbox of everybody whose turn it is, and of nobody else."""
    case = case_in(status)
    _node, role, name = OPEN_WORK[status]
    holders = {
        Role.CENTRE_STAFF: {"zhong", "bao"},
        Role.JUSTICE_STAFF: {"si", "lu"},
        Role.MEDIATOR: {"li"},
        Role.GRID_WORKER: {"wang"},
    }
    opened = WorkItem.objects.get(dispute=case).task.previous.get().finished

    asking = Notice.objects.filter(dispute=case, asks=True, created_at__gte=opened)
    latest = asking.order_by("-event_version").values_list("event_version", flat=True).first()

    asked = {n.person.username for n in asking.filter(event_version=latest)}
    assert asked == ({name} if name else holders[role])


def test_person_with_two_roles_is_asked_in_the_right_one(case_in, cast):
    """贺测兼 keeps the grid and is named mediator: told as both, asked as mediator."""
    case = case_in(S.ASSESSED, grid=SECOND_GRID)

    give(cast.bao, "start_mediation_intake", case, NEXT_DAY, mediator=cast.id("he"))

    notices = Notice.objects.filter(dispute=case, event_version=3)
    assert {n.person.username: n.asks for n in notices} == {"he": True, "chen": False}


def test_two_workers_of_a_grid_share_its_visits(case_in, cast):
    case = case_in(S.CLOSED, grid=SECOND_GRID)

    item = WorkItem.objects.get(dispute=case)

    assert (item.node, item.assignee_id) == ("follow_up", None)
    for name in ("chen", "he"):
        assert worklist.to_do(getattr(cast, name), now=NEXT_DAY).get() == item


def test_deputy_sees_and_is_told_of_the_work(case_in, cast):
    cast.deputise("li", by="dai", deputy_since=date(2026, 3, 2), deputy_until=date(2026, 3, 8))
    case = case_in(S.CONSENT_PENDING)

    present = worklist.to_do(cast.actor("dai", today=date(2026, 3, 8)), now=at("2026-03-08 09:00"))
    gone = worklist.to_do(cast.actor("dai", today=date(2026, 3, 9)), now=at("2026-03-09 09:00"))

    assert [item.dispute_id for item in present] == [case.pk]
    assert list(gone) == []
    assert Notice.objects.filter(person=cast.person("dai"), dispute=case, asks=True).count() == 1


def test_change_of_mediator_moves_the_work_and_tells_him(case_in, cast):
    case = case_in(S.MEDIATING)

    give(
        cast.bao, "assign_mediator", case, NEXT_DAY,
        mediator=cast.id("sun"), chosen_by="parties", reason="双方要求更换",
    )  # fmt: skip

    assert WorkItem.objects.get(dispute=case).assignee_id == cast.id("sun")
    told = Notice.objects.filter(dispute=case, kind="assign_mediator")
    assert {n.person.username for n in told} == {"wang", "sun"}
    assert [a.mediator.username for a in case.assignments.filter(until=None)] == ["sun"]


def test_urgency_reaches_the_lists_without_a_change_of_task(case_in, cast):
    case = case_in(S.MEDIATING)
    task = WorkItem.objects.get(dispute=case).task_id

    give(cast.bao, "reassess", case, NEXT_DAY, answers=DEADLY, sensitivity="violence")

    item = WorkItem.objects.get(dispute=case)
    assert (item.task_id, item.severity, item.is_sensitive) == (task, 4, True)


def test_finished_task_names_who_gave_the_command(case_in, cast):
    case = case_in(S.ACCEPTED)

    done = Task.objects.filter(process__of_case__dispute=case, status="DONE").order_by("pk")

    assert [(t.flow_task.name, t.owner and t.owner.username) for t in done] == [
        ("start", "bao"),
        ("assess", "bao"),
        ("triage", "bao"),
        ("seek_consent", "li"),
    ]


# Who is told ------------------------------------------------------------------------------------------


def told(case, command):
    """Name → whether he is asked, whether it is news to him."""
    rows = Notice.objects.filter(dispute=case, kind=command).select_related("person")
    return {n.person.username: (n.asks, n.acknowledged_at is None) for n in rows}


def test_own_act_rings_no_bell(cast):
    case = register(cast.wang, NEXT_DAY)

    assert told(case, "register") == {
        "wang": (False, False),  # he did it himself: in his inbox, already seen
        "zhong": (True, True),
        "bao": (True, True),
    }


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({}, {"wang", "zhong", "bao"}),
        ({"answers": DEADLY}, {"wang", "zhong", "bao", "ling", "ping"}),
        # A child: through people who are cleared for it alone; the grid worker sees no name anyway.
        (
            {
                "answers": DEADLY,
                "parties": [{"name": "周测童", "side": "affected", "is_minor": True}],
            },
            {"wang", "bao", "ling"},
        ),
        ({"grid": SECOND_GRID}, {"chen", "he", "zhong", "bao"}),
    ],
    ids=["blue", "red", "red with a child", "grid of two"],
)
def test_registration_tells_grid_centre_and_from_orange_the_leaders(cast, changes, names):
    case = register(cast.bao, NEXT_DAY, **changes)

    assert set(told(case, "register")) == names


# Command → whom it tells besides the grid worker, in a blue case mediated by 李测和.
TELLS = {
    "assess": (S.REGISTERED, {"nature": "CIVIL"}, "bao", {"zhong", "bao"}),
    "reassess": (S.MEDIATING, {"colour": "YELLOW"}, "bao", {"li", "zhong", "bao"}),
    "record_consent": (S.CONSENT_PENDING, consent(1), "bao", {"li"}),
    "pause": (S.MEDIATING, {"ground": "illness", "since": "2026-03-03"}, "li", {"zhong", "bao"}),
    "visit": (S.CLOSED, VISIT, "wang", {"si", "lu"}),
    "comment": (S.MEDIATING, {"remark": "请抓紧办理"}, "ling", {"li", "zhong", "bao"}),
}  # fmt: skip


@pytest.mark.parametrize("command", TELLS)
def test_command_tells_those_the_table_names(case_in, cast, command):
    status, data, who, names = TELLS[command]
    case = case_in(status)

    give(getattr(cast, who), command, case, NEXT_DAY, **data)

    assert set(told(case, command)) == names | {"wang"}


def test_every_step_reaches_the_grid_worker(case_in, cast):
    case = case_in(S.ARCHIVED)

    notices = Notice.objects.filter(dispute=case, person=cast.person("wang"))

    assert list(notices.order_by("seq").values_list("event_version", flat=True)) == list(
        range(1, case.version + 1)
    )


def test_everybody_who_is_told_may_look(case_in, cast):
    """No notice of a case that its reader would then find missing."""

    cases = [case_in(status) for status in S]
    cases.append(case_in(S.MEDIATING, parties=[
        {"name": "周测童", "side": "applicant", "is_minor": True, "guardian": "何测兰"},
        {"name": "周测强", "side": "respondent"},
    ]))  # fmt: skip

    for notice in Notice.objects.filter(dispute__in=cases).select_related("person", "dispute"):
        actor = cast.actor(notice.person.username)
        case = Dispute.objects.get(pk=notice.dispute_id)
        assert policy.may_view(actor, case, now=NEXT_DAY), notice


def test_disabled_and_ended_people_are_not_told(case_in, cast):
    """An account that is closed, a duty that has ended, a deputy who has left."""
    cast.serve("mo", Role.CENTRE_STAFF, "430902006", until=date(2026, 3, 2))
    cast.deputise("wang", by="dai", role=Role.GRID_WORKER)
    Person.objects.filter(username="dai").update(is_active=False)
    case = case_in(S.MEDIATING)
    Person.objects.filter(username="li").update(is_active=False)

    give(cast.bao, "reassess", case, NEXT_DAY, colour="YELLOW")

    assert set(told(case, "reassess")) == {"wang", "zhong", "bao"}


def test_worker_of_a_wider_area_is_told_too(cast):
    cast.serve("mo", Role.GRID_WORKER, COMMUNITY)

    case = register(cast.bao, NEXT_DAY, grid=GRID)

    assert {"mo", "wang"} <= set(told(case, "register"))
