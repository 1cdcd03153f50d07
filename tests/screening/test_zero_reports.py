"""Zero reports: one tap, once; never beside a case; the office sees who is missing."""

from collections.abc import Callable, Iterator
from datetime import date

import pytest

from mediation.areas.models import Area
from mediation.core import errors
from mediation.filings import reading, terms
from mediation.filings.forms import FORMS
from mediation.screening import services
from mediation.screening.models import Rhythm, ZeroReport
from tests.factories import Cast, at, register
from tests.factories.people import (
    COMMUNITY,
    GRID,
    LAST_GRID,
    SECOND_GRID,
    SIBLING_GRID,
    SUBDISTRICT,
)
from tests.web.conftest import SignIn, sign_in
from tests.web.desk import NOON, queries, still

pytestmark = pytest.mark.django_db
REASON = "敏感时期每日排查。"


@pytest.fixture(autouse=True)
def _still_clock() -> Iterator[None]:
    with still():
        yield


def states(area: str, day: date = date(2026, 3, 2)) -> dict[str, str]:
    days = services.days_around(day, services.rhythm_of(area, day))
    return {one.code: one.state for one in services.standings(area, days)}


def test_one_tap_is_one_report_however_often(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in("wang")

    page = client.get("/zero/").content.decode()
    for _ in range(2):
        assert client.post("/zero/report/", {"grid": GRID})["Location"] == "/work/"

    said = ZeroReport.objects.get()
    assert (said.area_code, said.person_name) == (GRID, "谌测网")
    assert (said.first, said.last) == (date(2026, 3, 2), date(2026, 3, 8))
    assert "已排查，无新发纠纷" in page
    assert f"{Area.objects.get(code=COMMUNITY).name}第3网格" in page
    assert "已排查，无新发纠纷" not in client.get("/zero/").content.decode()


def test_work_page_offers_the_tap_only_while_nothing_was_registered(
    cast: Cast, sign_in: SignIn
) -> None:
    client = sign_in("wang")

    before = client.get("/zero/", headers={"HX-Request": "true"}).content.decode()
    register(cast.wang)
    after = client.get("/zero/", headers={"HX-Request": "true"}).content.decode()

    assert "/zero/report/" in before
    assert "<title>" not in before
    assert after.strip() == '<span id="fq-zero"></span>'
    assert 'hx-get="/zero/"' in client.get("/work/").content.decode()


def test_grids_are_reported_have_cases_or_are_missing(cast: Cast) -> None:
    register(cast.chen, grid=SECOND_GRID)
    services.report(cast.wang, GRID, now=NOON)

    assert states(SUBDISTRICT) == {GRID: "zero", SECOND_GRID: "cases", LAST_GRID: "missing"}
    assert states(GRID) == {GRID: "zero"}
    assert set(states(SUBDISTRICT, date(2026, 2, 20)).values()) == {"missing"}


def test_case_after_the_zero_report_outweighs_it(cast: Cast) -> None:
    services.report(cast.wang, GRID, now=NOON)
    register(cast.wang, at("2026-03-02 13:00"))

    assert states(GRID) == {GRID: "cases"}


@pytest.mark.parametrize(
    ("who", "grid", "status"),
    [
        ("wang", SECOND_GRID, 404),
        ("wang", SIBLING_GRID, 404),
        ("wang", "", 404),
        ("wang", COMMUNITY, 404),
        ("zhong", GRID, 403),
        ("he", SECOND_GRID, 422),  # a case of that grid was registered in these days
    ],
)
def test_refused_report_writes_nothing(
    cast: Cast,
    sign_in: SignIn,
    snapshot_counts: Callable[[], dict[str, int]],
    who: str,
    grid: str,
    status: int,
) -> None:
    register(cast.chen, grid=SECOND_GRID)
    client = sign_in(who)
    before = snapshot_counts()

    assert client.post("/zero/report/", {"grid": grid}).status_code == status
    assert snapshot_counts() == before


def test_closed_grid_is_asked_for_nothing(cast: Cast) -> None:
    Area.objects.filter(code=GRID).update(is_active=False)

    assert GRID not in states(SUBDISTRICT)
    with pytest.raises(errors.NotFound):
        services.report(cast.wang, GRID, now=NOON)


@pytest.mark.parametrize(
    ("day", "every", "first", "last"),
    [
        ("2026-03-02", "week", "2026-03-02", "2026-03-08"),
        ("2026-03-08", "week", "2026-03-02", "2026-03-08"),
        ("2026-02-15", "half", "2026-02-01", "2026-02-15"),
        ("2026-02-16", "half", "2026-02-16", "2026-02-28"),
        ("2028-02-10", "month", "2028-02-01", "2028-02-29"),
        ("2026-12-31", "day", "2026-12-31", "2026-12-31"),
    ],
)
def test_days_that_belong_together(day: str, every: str, first: str, last: str) -> None:
    days = services.days_around(date.fromisoformat(day), every)

    assert (str(days.first), str(days.last)) == (first, last)


def test_office_sets_the_rhythm_from_tomorrow_on(cast: Cast, sign_in: SignIn) -> None:
    told = {"area": SUBDISTRICT, "every": "day", "reason": REASON}

    answers = [
        sign_in(who).post("/screening/rhythm/", told | more).status_code
        for who, more in (
            ("zhong", {}), ("b_si", {}), ("wang", {}), ("si", {"reason": " "}), ("si", {"every": "hour"}),
        )
    ]  # fmt: skip
    assert answers == [403, 404, 403, 422, 404]
    assert not Rhythm.objects.exists()

    assert sign_in("si").post("/screening/rhythm/", told).status_code == 302
    assert services.rhythm_of(GRID, date(2026, 3, 2)) == "week"
    assert services.rhythm_of(GRID, date(2026, 3, 3)) == "day"
    assert services.rhythm_of(SIBLING_GRID, date(2026, 3, 3)) == "week"


def test_office_page_counts_and_lists(cast: Cast, sign_in: SignIn) -> None:
    register(cast.chen, grid=SECOND_GRID)
    services.report(cast.wang, GRID, now=NOON)
    client = sign_in("zhong")

    page = client.get("/screening/")

    assert [tile["count"] for tile in page.context["tiles"]] == [1, 1, 1]
    for tile in page.context["tiles"]:
        assert len(client.get(tile["url"]).context["rows"]) == tile["count"]
    listed = client.get(next(r["url"] for r in page.context["rows"] if r["grid"].state == "cases"))
    assert listed.context["count"] == 1
    assert client.get(f"/screening/?area={SIBLING_GRID}").status_code == 404
    assert client.get("/screening/?area=x").status_code == 404
    assert sign_in("mo").get("/screening/").status_code == 403


def test_office_page_needs_the_same_statements_for_few_and_many(
    cast: Cast, sign_in: SignIn
) -> None:
    client = sign_in("zhong")
    first = queries(client, "/screening/")
    for who, grid in (("wang", GRID), ("chen", SECOND_GRID)):
        services.report(getattr(cast, who), grid, now=NOON)

    assert queries(client, "/screening/") == first == 9


def test_zero_reports_stand_in_the_screening_form(cast: Cast) -> None:
    services.report(cast.wang, GRID, now=NOON)
    term = terms.read("2026Q1")
    assert term
    ask = reading.ask_of(cast.zhong, SUBDISTRICT, term, now=NOON)

    table = reading.take(FORMS["screening"], ask)
    found = reading.behind(FORMS["screening"], ask, measure="zero", section="area", line=COMMUNITY)

    assert table.total["zero"] == 1
    assert found
    assert [item.number for item in reading.items(found, list(found.counted))] == ["第3网格"]


def test_zero_reports_since_the_latest_case_are_counted_for_the_warning(cast: Cast) -> None:
    services.report(cast.wang, GRID, now=NOON)
    services.report(cast.wang, GRID, now=at("2026-03-10 09:00"))

    assert services.zero_since("430902", {GRID: date(2026, 3, 1)}) == {GRID: 2}
    assert services.zero_since("430902", {GRID: date(2026, 3, 8)}) == {GRID: 1}
    assert services.zero_since("430902", {}) == {}


__all__ = ["sign_in"]
