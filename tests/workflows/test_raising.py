"""Many alerts at once, raised or climbing, are those that one by one would be, for few statements."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from viewflow.workflow.models import Process, Task

from mediation.accounts.models import Duty, Role
from mediation.notifications.models import InboxCursor, Notice
from mediation.warning.alerts import Matter
from mediation.warning.models import Alert, AlertStep, OfficeTable
from tests.factories import at
from tests.factories.cases import DEADLY, register
from tests.factories.people import COMMUNITY, GRID, SECOND_GRID, PersonFactory
from workflows import alerting
from workflows.alerting import AlertCase
from workflows.flows import AlertFlow
from workflows.models import CaseProcess
from workflows.raising import raise_areas

pytestmark = pytest.mark.django_db
NOW = at("2026-03-02 10:00")
WORDS = {"zh-hans": "测试", "en": "test"}


def matter(key="a", colour="ORANGE", place=COMMUNITY):
    return Matter("same_day", place, colour, WORDS, key)


def raised():
    return Alert.objects.order_by("pk").values_list("fold_key", "colour", "count")


def told():
    return Notice.objects.filter(kind=alerting.RAISED)


def gapless():
    return all(
        list(
            Notice.objects.filter(person=row.person_id)
            .order_by("seq")
            .values_list("seq", flat=True)
        )
        == list(range(1, row.latest + 1))
        for row in InboxCursor.objects.all()
    )


@pytest.mark.parametrize("count", [1, 2, 60])
def test_statements_do_not_follow_the_number(cast, django_assert_num_queries, count):
    places = [COMMUNITY, GRID, SECOND_GRID]
    matters = [matter(f"k{n}", place=places[n % 3]) for n in range(count)]
    # SQLite cannot take numbers and use them in one statement.
    with django_assert_num_queries(12 if connection.vendor == "sqlite" else 11):
        fresh = raise_areas(matters, NOW)

    assert [alert.fold_key for alert in fresh] == [f"k{n}" for n in range(count)]
    assert len(set(told().values_list("about", flat=True))) == count
    assert alerting.tasks_fit(NOW) == (count, [])
    assert gapless()


def shape(process):
    tasks = Task.objects.filter(process=process).order_by("pk")
    order = {task.pk: n for n, task in enumerate(tasks)}
    hidden = {"id", "process_id"}
    return [
        {name: value for name, value in row.items() if name not in hidden}
        | {"after": [order[pk] for pk in tasks[n].previous.values_list("pk", flat=True)]}
        for n, row in enumerate(tasks.values())
    ], {
        name: value
        for name, value in Process.objects.filter(pk=process.pk).values().get().items()
        if name != "id"
    }


def test_rows_are_those_of_the_activation(cast):
    [ours, other] = raise_areas([matter("a"), matter("b")], NOW)
    bound = CaseProcess.objects.get(alert=ours)

    node = AlertFlow.instance.node("start")
    activation = node.activation_class.create(node, None, None)
    activation.process.case = AlertCase(other, NOW)
    activation.execute()

    assert shape(bound.process) == shape(activation.process)
    assert (bound.dispute_id, bound.lane) == (None, "alert")


def test_same_matter_is_counted_and_not_told_again(cast):
    raise_areas([matter("a")], NOW)
    before = told().count()

    again = raise_areas([matter("a"), matter("b"), matter("b")], NOW + timedelta(hours=1))

    assert list(raised()) == [("a", "ORANGE", 2), ("b", "ORANGE", 2)]
    assert [alert.fold_key for alert in again] == ["a", "b", "b"]
    assert told().count() == 2 * before


def test_worse_is_told_once_more(cast):
    raise_areas([matter("a", "YELLOW")], NOW)

    raise_areas([matter("a", "RED")], NOW)

    assert list(raised()) == [("a", "RED", 2)]
    assert set(told().values_list("level", flat=True)) == {"YELLOW", "RED"}


def test_ended_matter_begins_anew(cast):
    [first] = raise_areas([matter("a")], NOW)
    alerting.acknowledge(first, actor_id=cast.id("ling"), now=NOW)
    raise_areas([matter("a")], NOW)
    alerting.resolve(first, verdict="false", outcome="误报", actor_id=cast.id("ling"), now=NOW)

    raise_areas([matter("a")], NOW)

    assert list(raised()) == [("a", "ORANGE", 2), ("a", "ORANGE", 1)]
    assert alerting.tasks_fit(NOW) == (1, [])


# Climbing ------------------------------------------------------------------------------------------

OVERDUE = NOW + timedelta(hours=30)


@pytest.fixture
def climbers(cast):
    """With a deputy of the leader, whom the first rung reaches."""
    Duty.objects.filter(person=cast.id("ling"), role=Role.LEADER).update(
        deputy=PersonFactory(username="fu_ling", name="付测代"),
        deputy_since=NOW.date() + timedelta(days=900),
    )
    return cast


def ladder():
    """What climbing left of each alert, and whom it told of it."""
    notices = Notice.objects.filter(kind=alerting.CLIMBED).order_by("person", "about")
    steps = AlertStep.objects.exclude(kind="raised").order_by("alert", "pk")
    return (
        list(Alert.objects.order_by("pk").values_list("fold_key", "rung", "next_at")),
        list(steps.values_list("alert__fold_key", "kind", "at", "told")),
        list(notices.values_list("person__username", "about", "level")),
    )


@pytest.mark.parametrize("count", [1, 2, 60])
def test_statements_of_climbing_do_not_follow_the_number(
    climbers, django_assert_num_queries, count
):
    places = [COMMUNITY, GRID, SECOND_GRID]
    raise_areas([matter(f"k{n}", "RED", place=places[n % 3]) for n in range(count)], NOW)

    with django_assert_num_queries(8 if connection.vendor == "sqlite" else 7):
        climbed = alerting.climb(OVERDUE)

    assert climbed == count
    assert set(Alert.objects.values_list("rung", flat=True)) == {1}
    assert AlertStep.objects.exclude(kind="raised").count() == count
    assert gapless()


def test_cases_cost_one_statement_more(climbers, django_assert_num_queries):
    raise_areas([matter("a", "RED")], NOW)
    for place in range(3):
        register(climbers.wang, NOW, answers=DEADLY, place=f"汽车路{place}号")

    with django_assert_num_queries(9 if connection.vendor == "sqlite" else 8):
        assert alerting.climb(OVERDUE) == 4


def test_climbing_together_is_climbing_one_by_one(climbers, monkeypatch):
    raise_areas([matter(f"k{n}", colour) for n, colour in enumerate(MIXED)], NOW)
    register(climbers.wang, NOW, answers=DEADLY)
    found = []
    for together in (1, 100):
        monkeypatch.setattr(alerting, "TOGETHER", together)
        with transaction.atomic():
            done = [alerting.climb(OVERDUE + timedelta(hours=n)) for n in range(4)]
            found.append((done, ladder()))
            transaction.set_rollback(True)

    assert found[0] == found[1]
    assert found[0][0][0] == len(MIXED) + 1


MIXED = ("RED", "ORANGE", "YELLOW", "RED")


def test_storm_longer_than_a_batch_climbs_within_one_tick(climbers, monkeypatch):
    monkeypatch.setattr(alerting, "TOGETHER", 4)
    raise_areas([matter(f"k{n}", "RED") for n in range(11)], NOW)

    done = [alerting.climb(OVERDUE) for _ in range(2)]

    assert done[0] == 11
    # What is late by several rungs takes the next one at the next tick.
    assert AlertStep.objects.filter(kind="deputy").count() == 11
    assert gapless()


def test_process_that_ends_leaves_the_rest_of_a_storm_to_others(climbers, monkeypatch):
    monkeypatch.setattr(alerting, "TOGETHER", 4)
    raise_areas([matter(f"k{n}", "RED") for n in range(11)], NOW)
    answers = iter([False, True])

    before_the_end = alerting.climb(OVERDUE, halted=lambda: next(answers))

    assert before_the_end == 4
    alerting.climb(OVERDUE)
    assert AlertStep.objects.filter(kind="deputy").count() == 11


ELSEWHERE = "430902007901"


def test_alert_that_cannot_climb_keeps_no_other_from_it(climbers, caplog):
    places = (COMMUNITY, ELSEWHERE, COMMUNITY)
    fresh = raise_areas([matter(f"k{n}", "RED", place) for n, place in enumerate(places)], NOW)
    OfficeTable.objects.create(
        area_code=ELSEWHERE[:9], number=1, content={"red_minutes": "?"}, reason="坏表", at=NOW
    )

    climbed = alerting.climb(OVERDUE)

    assert climbed == 2
    assert [rung for _, rung, _ in ladder()[0]] == [1, 0, 1]
    assert not fresh[1].steps.exclude(kind="raised").exists()
    assert f"Alert {fresh[1].pk} could not take its turn." in caplog.text


def test_seen_since_it_was_listed_is_left_alone(climbers):
    [first, second] = raise_areas([matter("a", "RED"), matter("b", "RED")], NOW)
    alerting.acknowledge(first, actor_id=climbers.id("ling"), now=OVERDUE)

    with transaction.atomic():
        done = alerting._take_turns([(first.pk, None), (second.pk, None)], OVERDUE)

    assert done == 1
    assert [key for key, *_ in ladder()[1]] == ["a", "b"]


def test_nothing_is_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert raise_areas([], NOW) == []
