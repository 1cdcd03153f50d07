"""Every figure of cockpit, brief and statutory forms, from the province to the grid, for three readers.

What each says is worked out once more from events, and the parts of every area sum to the whole.
"""

from datetime import date
from itertools import product
from typing import Any

import pytest

from mediation.accounts.actor import Actor, Grant
from mediation.accounts.models import Role
from mediation.areas.models import Area, ancestor_codes
from mediation.disputes import policy
from mediation.disputes.enums import DONE, Status
from mediation.disputes.models import Dispute
from mediation.filings import reading, terms
from mediation.filings.forms import FORMS
from mediation.reports import figures, periods, summary
from mediation.sessions.models import Committee, RosterEntry
from mediation.warning.models import Cluster
from mediation.web import cockpit
from tests.factories import CaseMaker, Cast, at, give, register
from tests.factories.cases import DEADLY
from tests.factories.people import GRID, SIBLING, SIBLING_GRID, TREE
from tests.filings import told as by_hand
from tests.filings.conftest import MAY
from tests.web import told
from tests.web.told import day
from workflows import brief, ticker

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("towns")]

PROVINCE = "43"
READERS = ("cleared", "ordinary", "granted")
"""Two sensitive cases in each town: the first reads all, the second none, the third the one granted."""
YESTERDAY = at("2026-05-05 10:00")
PRESS = {"level": "yellow", "demand": "核实复发的原因。", "answer_by": "2026-05-12"}
REASON = "漏水再次发生，双方又起争执。"


@pytest.fixture
def towns(cast: Cast, case_in: CaseMaker, town: None) -> None:
    """The town of the forms, its neighbours, and something since yesterday; half of it added up."""
    back = case_in(Status.ARCHIVED)
    summary.fold()
    case_in.go(case_in(Status.PERFORMING), Status.CLOSED, YESTERDAY)
    give(cast.si, "ask_second_person", back, YESTERDAY, step="reopen", reason=REASON)
    give(cast.ling, "grant_second_person", back, YESTERDAY, step="reopen")
    give(cast.si, "reopen", back, YESTERDAY, ground="rebound", reason=REASON)
    register(cast.b_zhong, YESTERDAY, grid=SIBLING_GRID, answers=DEADLY)
    register(cast.b_zhong, at("2026-03-05 10:00"), grid=SIBLING_GRID, category="10")
    void = register(cast.b_zhong, at("2026-04-05 10:00"), grid=SIBLING_GRID)
    give(cast.b_zhong, "void", void, YESTERDAY, result="FALSE_ALARM", reason="查无此事，系误报。")
    hidden = register(cast.b_zhong, YESTERDAY, grid=SIBLING_GRID, answers=DEADLY)
    Dispute.objects.filter(pk=hidden.pk).update(sensitivity="violence")
    soon = register(cast.b_zhong, YESTERDAY, grid=SIBLING_GRID)
    Dispute.objects.filter(pk=soon.pk).update(due_at=at("2026-05-08 00:00"))
    give(cast.ling, "supervise", back, YESTERDAY, **PRESS)
    for area in (GRID, SIBLING):
        Cluster.objects.create(
            district=area[:6], area_code=area, kind="02", colour="ORANGE", severity=3, window=14,
            observed=5, expected=0.4, factor=1.0, chance=1e-5, weeks=61.0,
            first_day=date(2026, 4, 1), latest_day=date(2026, 4, 20),
        )  # fmt: skip
    ticker.sweep(MAY)


def reader(cast: Cast, kind: str, area: str) -> Actor:
    person = cast.id("ping") if kind == "granted" else None
    grant = Grant(Role.LEADER, area, of=person or 0, cleared=kind == "cleared")
    return Actor(person_id=person, name=kind, grants=(grant,))


def areas() -> list[str]:
    """The province first, the grids last."""
    return sorted(Area.objects.values_list("code", flat=True), key=lambda code: (len(code), code))


def below(area: str) -> list[str]:
    return [code for code in areas() if area in ancestor_codes(code)[-2:-1]]


def seen_by(cast: Cast, kind: str) -> list[Dispute]:
    return list(policy.visible_to(reader(cast, kind, PROVINCE), now=MAY).order_by("pk"))


def inside(found: list[Any], area: str, code: str = "area") -> list[Any]:
    return [one for one in found if getattr(one, code).startswith(area)]


@pytest.mark.parametrize("kind", READERS)
def test_cockpit_is_what_the_events_say(cast: Cast, kind: str) -> None:
    viewer = reader(cast, kind, PROVINCE)
    stories = [told.Story(case) for case in seen_by(cast, kind)]
    empty: dict[str, set[str]] = {}
    for area in areas():
        own = inside(stories, area)
        for name in ("month", "year"):
            span = periods.named(name, day(MAY)).now
            asked = cockpit.Asked(area, periods.named(name, day(MAY)))

            read = cockpit.take(viewer, asked, now=MAY, today=day(MAY))

            tiles = {tile["figure"].name: tile["cell"].number for tile in cockpit.tiles(read)}
            late = [s for s in own if s.due and s.due <= MAY and s.status not in DONE]
            expected = told.figures(own, span.first, day(MAY)) | {"overdue": len(late)}
            assert tiles == expected, (area, name)
            empty[area] = {name for name, number in tiles.items() if not number}
            assert [code for code, _name in read.children] == below(area)
            for parts in (read.by_child, read.by_kind["now"]):
                if parts:
                    assert figures.added(parts.values()) == read.total["now"], (area, name)
    assert empty[PROVINCE] == set()
    assert len(empty) == len(TREE)


def test_three_readers_do_not_count_the_same(cast: Cast) -> None:
    assert len({len(seen_by(cast, kind)) for kind in READERS}) == len(READERS)


@pytest.mark.parametrize("kind", READERS)
def test_brief_is_what_the_events_say(cast: Cast, kind: str) -> None:
    cases = seen_by(cast, kind)
    numbers = {
        area: {one.line.name: one.number for one in brief.count(reader(cast, kind, area), now=MAY)}
        for area in areas()
    }

    for area, counted in numbers.items():
        assert counted == told.brief_figures(inside(cases, area, "area_code"), area, MAY), area
        for name in counted.keys() - {"clusters"}:  # a large one belongs to everybody inside it
            parts = [numbers[code][name] for code in below(area)]
            assert not parts or sum(parts) == counted[name], (area, name)
    assert [name for name, number in numbers[PROVINCE].items() if not number] == []


@pytest.mark.parametrize("kind", READERS)
def test_forms_are_what_the_events_say(cast: Cast, kind: str) -> None:
    viewer = reader(cast, kind, PROVINCE)
    stories = [by_hand.Story(case) for case in seen_by(cast, kind)]
    for form, word in product(by_hand.BY_HAND, ("2026Q1", "2026")):
        term = terms.read(word)
        assert term
        totals = {}
        for area in areas():
            table = reading.take(FORMS[form], reading.ask_of(viewer, area, term, now=MAY))
            own = [s for s in stories if s.case.area_code.startswith(area)]
            totals[area] = table.total
            expected = by_hand.BY_HAND[form](own, term.span.first, term.span.last)
            assert {name: table.total[name] for name in expected} == expected, (form, area)
            assert table.holds
        for area, measure in ((a, m.name) for a in areas() for m in FORMS[form].measures):
            parts = [totals[code][measure] for code in below(area)]
            assert not parts or sum(parts) == totals[area][measure], (form, area, measure)


def test_team_is_what_the_lists_say(cast: Cast) -> None:
    """Those of an area itself, and of every area in it."""
    term = terms.read("2026Q1")
    assert term
    for area in areas():
        ask = reading.ask_of(reader(cast, "ordinary", PROVINCE), area, term, now=MAY)
        committees = Committee.objects.filter(area__code__startswith=area)
        places = RosterEntry.objects.filter(committee__in=committees)

        total = reading.take(FORMS["team"], ask).total

        assert (total["committees"], total["mediators"]) == (committees.count(), places.count())
        assert total["women"] == places.filter(is_woman=True).count()
