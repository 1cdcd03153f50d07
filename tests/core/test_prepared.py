"""Prepared questions answer exactly like the querysets they are made of."""

from datetime import date

import pytest
from django.db.models.functions import Upper

from mediation.accounts.models import Duty, Person
from mediation.areas.models import Area, level_of
from mediation.core.prepared import Prepared, PreparedUpdate

pytestmark = pytest.mark.django_db


def by_day(code: str, day: date):
    return Duty.objects.filter(area__code=code, since__lte=day).select_related("person", "area")


@pytest.fixture
def duties():
    parent = None
    for code in ("43", "4309"):
        parent = Area.objects.create(code=code, name=code, level=level_of(code), parent=parent)
    person = Person.objects.create(username="lin", name="林𬭎")
    return [
        Duty.objects.create(person=person, role="leader", area=parent, since=date(2026, 1, day))
        for day in (1,)
    ]


def test_rows_and_related_objects_equal_the_queryset(duties, django_assert_num_queries):
    question = Prepared(by_day, code=str, day=date)
    expected = list(by_day("4309", date(2026, 1, 1)))

    with django_assert_num_queries(1):
        found = question(code="4309", day=date(2026, 1, 1))
        names = [(duty.person.name, duty.area.code, duty.since, duty.cleared) for duty in found]

    assert found == expected
    assert names == [("林𬭎", "4309", date(2026, 1, 1), False)]


def test_parameters_are_taken_anew_each_time(duties):
    question = Prepared(by_day, code=str, day=date)

    answers = [
        len(question(code="4309", day=date(2026, 1, 1))),
        len(question(code="43", day=date(2026, 1, 1))),
        len(question(code="4309", day=date(2025, 12, 31))),
    ]

    assert answers == [1, 0, 0]


def test_tuples_equal_the_rows_of_a_values_list(duties):
    def build(code, day):
        return by_day(code, day).values_list("person__name", "since", "cleared")

    question = Prepared(build, code=str, day=date)

    assert question.tuples(code="4309", day=date(2026, 1, 1)) == [("林𬭎", date(2026, 1, 1), False)]


def test_text_of_a_parameter_is_never_sql(duties):
    question = Prepared(by_day, code=str, day=date)

    assert question(code="4309' OR '1'='1", day=date(2026, 1, 1)) == []


def test_deferred_columns_load_later(duties):
    question = Prepared(lambda code: Duty.objects.filter(area__code=code).only("role"), code=str)

    [duty] = question(code="4309")

    assert duty.get_deferred_fields() >= {"since", "cleared"}
    assert duty.since == date(2026, 1, 1)


def test_first_of_nothing_is_none():
    question = Prepared(lambda pk: Person.objects.filter(pk=pk), pk=int)

    assert question.first(pk=1) is None


def test_parameter_that_never_reaches_the_sql_is_an_error():
    question = Prepared(lambda pk, name: Person.objects.filter(pk=pk), pk=int, name=str)

    with pytest.raises(LookupError, match="name"):
        question(pk=1, name="x")


@pytest.mark.parametrize("codes", [[], ["4309"], ["43", "4309", "没有"]])
def test_among_equals_in_however_many_values(duties, codes):
    question = Prepared(
        lambda codes: Area.objects.filter(code__among=codes).order_by("code"), codes=list
    )
    expected = list(Area.objects.filter(code__in=codes).order_by("code"))

    assert question(codes=codes) == expected
    assert list(Area.objects.filter(code__among=codes).order_by("code")) == expected


def test_among_takes_keys_of_a_relation(duties):
    question = Prepared(lambda people: Duty.objects.filter(person__among=people), people=list)

    found = question(people=[duties[0].person_id, 0])

    assert found == duties
    assert question(people=[]) == []


def test_an_update_writes_what_it_is_given(duties):
    rename = PreparedUpdate(
        lambda code, name: Area.objects.filter(code=code),
        lambda code, name: {"name": name},
        code=str,
        name=str,
    )

    changed = [
        rename(code="4309", name="益阳𬭎"),
        rename(code="43", name="湖南"),
        rename(code="1", name="无"),
    ]

    assert changed == [1, 1, 0]
    assert list(Area.objects.order_by("code").values_list("name", flat=True)) == ["湖南", "益阳𬭎"]


def test_what_is_asked_beside_the_columns_is_on_the_instance(duties):
    def build(code):
        return Duty.objects.filter(area__code=code).annotate(of=Upper("person__username"))

    question = Prepared(build, code=str)

    assert [duty.of for duty in question(code="4309")] == ["LIN"]
