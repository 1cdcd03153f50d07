"""Every number of every report, worked out once more from the events of the visible cases alone."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import product
from typing import Any

import pytest

from mediation.disputes import policy
from mediation.disputes.models import Event
from mediation.filings import reading, terms
from mediation.filings.forms import FORMS
from mediation.filings.terms import Term
from tests.factories import Cast
from tests.factories.people import GRID, LAST_GRID, SUBDISTRICT
from tests.filings.conftest import MAY
from tests.filings.told import BY_HAND, Story, day

pytestmark = pytest.mark.django_db

TOWN = pytest.mark.usefixtures("town")

LEVELS = (SUBDISTRICT, GRID[:12], GRID, LAST_GRID)
PEOPLE = ("ling", "ping", "zhong")
TERMS = ("2026Q1", "2026M4", "2026")


def stories_of(cast: Cast, who: str, area: str) -> list[Story]:
    visible = policy.visible_to(getattr(cast, who), now=MAY).order_by("pk")
    return [Story(case) for case in visible if case.area_code.startswith(area)]


def table_of(cast: Cast, form: str, who: str, area: str, term: str) -> tuple[Any, Any]:
    found = terms.read(term)
    assert found
    ask = reading.ask_of(getattr(cast, who), area, found, now=MAY)
    return reading.take(FORMS[form], ask), ask


@TOWN
def test_every_number_is_what_the_events_say(cast: Cast) -> None:
    """For three people, at every level, in three terms; the lines of kinds and areas too."""
    for form in BY_HAND:
        _is_what_the_events_say(cast, form)


def _is_what_the_events_say(cast: Cast, form: str) -> None:
    seen: Counter[str] = Counter()
    for who in PEOPLE:
        for area in LEVELS:
            stories = stories_of(cast, who, area)
            for term in TERMS:
                table, _ask = table_of(cast, form, who, area, term)
                span = terms.read(term).span  # type: ignore[union-attr]
                expected = BY_HAND[form](stories, span.first, span.last)
                told = {name: table.total[name] for name in expected}
                assert told == expected, (who, area, term)
                assert [c for c in table.checks if not c.holds] == [], (who, area, term)
                seen.update({name: int(bool(n)) for name, n in expected.items()})
                for section, key in (("category", "category"), ("area", "area_code")):
                    _lines_agree(form, table, section, key, stories, span)
    empty = {name for name, n in seen.items() if not n}
    assert empty <= (UNRATED if form == "subsidy" else RARE)


RARE = {"from500", "to500", "lifted", "resolved", "reminders", "yellow", "red", "in_time"}
"""Columns for which the town has nothing."""
UNRATED = {"ordinary", "hard", "major", "pays", "oral"}
"""The town has no standard of pay; test_subsidy has."""


def _lines_agree(
    form: str, table: Any, section: str, key: str, stories: list[Story], span: Any
) -> None:
    part = next((p for p in table.parts if p.name == section), None)
    for line in part.lines if part else ():
        own = [s for s in stories if str(getattr(s.case, key)).startswith(line.name)]
        expected = BY_HAND[form](own, span.first, span.last)
        assert {name: line.numbers[name] for name in expected} == expected, line.name


@TOWN
def test_three_readers_do_not_count_the_same(cast: Cast) -> None:
    counted = {who: table_of(cast, "cases", who, SUBDISTRICT, "2026Q1")[0].total for who in PEOPLE}

    assert len({total["accepted"] for total in counted.values()}) == 3


@TOWN
def test_children_sum_to_the_parent(cast: Cast) -> None:
    """Every column of every form, from the subdistrict to its communities and from there to the grids."""
    for form, area in product(FORMS, (SUBDISTRICT, GRID[:12])):
        whole, _ask = table_of(cast, form, "ling", area, "2026")
        below = [code for code in (GRID[:12], LAST_GRID[:12]) if area == SUBDISTRICT]
        below = below or [GRID, GRID[:12] + "004"]
        parts = [table_of(cast, form, "ling", code, "2026")[0] for code in below]
        for column in FORMS[form].measures:
            if column.base.case is None and area == SUBDISTRICT:
                continue  # the subdistrict's own committee lies in no community
            summed = sum(part.total[column.name] for part in parts)
            if column.base.case is None:
                summed = whole.total[column.name]  # a grid has no committee
            assert whole.total[column.name] == summed, (area, column.name)


@TOWN
def test_list_behind_every_number_sums_to_it(cast: Cast) -> None:
    for form, who in product(FORMS, PEOPLE):
        _lists_sum(cast, form, who)


def _lists_sum(cast: Cast, form: str, who: str) -> None:
    table, ask = table_of(cast, form, who, SUBDISTRICT, "2026Q1")
    visible = set(policy.visible_to(getattr(cast, who), now=MAY).values_list("pk", flat=True))
    tried = 0
    for section, line, column, number in _cells(table):
        found = reading.behind(FORMS[form], ask, measure=column, section=section, line=line)
        assert found is not None
        assert found.total == number, (section, line, column)
        if found.measure.base.shows == "case":
            assert set(found.counted) <= visible
        assert len(reading.items(found, sorted(found.counted))) == len(found.counted)
        tried += 1
    assert tried > 10


def _cells(table: Any) -> Iterator[tuple[str, str, str, Any]]:
    rates = {column.name for column in table.columns if column.is_rate}
    for column, number in table.total.items():
        if column not in rates:
            yield "", "", column, number
    for part in table.parts:
        for line in part.lines:
            for column, number in line.numbers.items():
                if number and column not in rates:
                    yield part.name, line.name, column, number


@TOWN
def test_workload_is_what_each_person_did(cast: Cast) -> None:
    table, _ask = table_of(cast, "workload", "ling", SUBDISTRICT, "2026Q1")
    inside = [
        e for e in Event.objects.select_related("dispute")
        if e.dispute.area_code.startswith(SUBDISTRICT) and day(e.at) <= date(2026, 3, 31)
    ]  # fmt: skip
    by_person = Counter(e.actor_id for e in inside)

    lines = next(part.lines for part in table.parts if part.name == "person")

    assert table.total["all"] == len(inside) > 50
    assert {line.name: line.numbers["all"] for line in lines} == {
        str(key or 0): n for key, n in by_person.items()
    }
    li = next(line for line in lines if line.name == str(cast.id("li")))
    assert li.numbers["accepted"] == len(
        [e for e in inside if e.actor_id == cast.id("li") and e.command == "accept"]
    )
    assert all(check.holds for check in table.checks)


@TOWN
def test_team_counts_places_on_the_last_day(cast: Cast) -> None:
    table, _ask = table_of(cast, "team", "zhong", SUBDISTRICT, "2024Q4")
    now, _ask = table_of(cast, "team", "zhong", SUBDISTRICT, "2026Q1")

    assert (table.total["mediators"], now.total["mediators"]) == (2, 4)
    assert (now.total["women"], now.total["directors"], now.total["committees"]) == (2, 2, 2)


@TOWN
def test_broken_identity_is_told(cast: Cast) -> None:
    """An effect without an agreement in effect: oral and written no longer make the successes."""
    effect = Event.objects.filter(command="make_effective").select_related("dispute").first()
    assert effect
    effect.dispute.agreements.update(effective_on=None)

    table, _ask = table_of(cast, "cases", "ling", SUBDISTRICT, "2026Q1")

    broken = [check for check in table.checks if not check.holds]
    assert [(c.left, c.right) for c in broken] == [
        (table.total["oral"] + table.total["written"], table.total["succeeded"])
    ]
    assert not table.holds


@pytest.mark.parametrize(
    ("word", "first", "last", "before", "ago"),
    [
        ("2026M2", "2026-02-01", "2026-02-28", "2026M1", "2025M2"),
        ("2026M12", "2026-12-01", "2026-12-31", "2026M11", "2025M12"),
        ("2026Q1", "2026-01-01", "2026-03-31", "2025Q4", "2025Q1"),
        ("2026H2", "2026-07-01", "2026-12-31", "2026H1", "2025H2"),
        ("2026", "2026-01-01", "2026-12-31", "2025", "2025"),
    ],
)
def test_terms(word: str, first: str, last: str, before: str, ago: str) -> None:
    term = terms.read(word)

    assert term
    assert (term.word, str(term.span.first), str(term.span.last)) == (word, first, last)
    assert (term.before.word, term.year_ago.word) == (before, ago)


@pytest.mark.parametrize(
    "word", ["", "2026Q5", "2026M0", "2026M13", "2026H3", "1999", "2026X1", "２０２６"]
)
def test_words_that_name_no_term(word: str) -> None:
    assert terms.read(word) is None


def test_terms_follow_the_day() -> None:
    assert terms.latest(date(2026, 1, 15), "Q") == Term("Q", 2025, 4)
    assert [t.word for t in terms.recent(date(2026, 2, 1), "M", 3)] == [
        "2026M2",
        "2026M1",
        "2025M12",
    ]
