"""Many alerts at once are the alerts that one by one would be, for a fixed number of statements."""

from datetime import timedelta

import pytest
from django.db import connection
from viewflow.workflow.models import Process, Task

from mediation.notifications.models import InboxCursor, Notice
from mediation.warning.alerts import Matter
from mediation.warning.models import Alert
from tests.factories import at
from tests.factories.people import COMMUNITY, GRID, SECOND_GRID
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


def test_nothing_is_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert raise_areas([], NOW) == []
