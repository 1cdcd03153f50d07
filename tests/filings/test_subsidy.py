"""以案定补: what the office's standard pays, by the version in force; nothing without a standard."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from mediation.disputes.enums import Status
from mediation.disputes.models import Dispute
from mediation.filings import reading, services, standards, terms
from mediation.filings.forms import FORMS
from mediation.filings.models import Standard
from tests.factories import CaseMaker, Cast
from tests.factories.people import DISTRICT, SUBDISTRICT
from tests.filings.conftest import MAY
from tests.web.conftest import SignIn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_may")]

RATES = {
    "ordinary_written": "50", "ordinary_oral": "20", "hard_written": "200", "hard_oral": "80",
    "major_written": "400", "major_oral": "150", "hard_people": 10, "major_people": 30,
    "hard_amount": "5000",
}  # fmt: skip
ADDRESS = {"area": SUBDISTRICT, "term": "2026Q1"}
TYPED = RATES | ADDRESS | {"in_force_from": "2026-01-01", "reason": "汽司〔2026〕3号"}


@pytest.fixture
def closed(cast: Cast, case_in: CaseMaker) -> list[Dispute]:
    """Three cases that count, of 2, 12 and 40 people; one without performance, one administrative."""
    cases = [case_in(Status.CLOSED) for _ in range(5)]
    for case, facts in zip(
        cases,
        (
            {}, {"people_count": 12}, {"people_count": 40}, {"performed_on": None},
            {"nature": "ADMINISTRATIVE"},
        ),
        strict=True,
    ):  # fmt: skip
        Dispute.objects.filter(pk=case.pk).update(**facts)
    return cases


def table_of(cast: Cast, area: str = SUBDISTRICT) -> Any:
    term = terms.read("2026Q1")
    assert term
    return reading.take(FORMS["subsidy"], reading.ask_of(cast.bao, area, term, now=MAY))


def set_rates(cast: Cast, day: date = date(2026, 1, 1), **more: Any) -> Standard:
    return standards.adopt(
        cast.si, SUBDISTRICT, RATES | more, in_force_from=day, reason="汽司〔2026〕3号", now=MAY
    )


@pytest.mark.usefixtures("closed")
def test_without_a_standard_cases_are_counted_and_nothing_is_paid(cast: Cast) -> None:
    total = table_of(cast).total

    assert (total["eligible"], total["unrated"], total["pays"]) == (3, 3, 0)


@pytest.mark.usefixtures("closed")
def test_degrees_and_amounts_follow_the_standard(cast: Cast) -> None:
    set_rates(cast)

    table = table_of(cast)

    degrees = [table.total[name] for name in ("ordinary", "hard", "major", "unrated")]
    assert degrees == [1, 1, 1, 0]
    assert table.total["pays"] == Decimal(50 + 200 + 400)
    assert all(check.holds for check in table.checks)
    line = next(p for p in table.parts if p.name == "mediator").lines[0]
    assert (line.label, line.numbers["pays"]) == ("李测和", Decimal(650))


def test_amount_and_form_count_too(cast: Cast, closed: list[Dispute]) -> None:
    set_rates(cast)
    for case, amount in ((closed[0], "5000"), (closed[1], "1")):
        case.agreements.filter(is_current=True).update(amount=amount, form="oral")

    total = table_of(cast).total

    assert (total["ordinary"], total["hard"], total["major"]) == (0, 2, 1)
    assert total["pays"] == Decimal(80 + 80 + 400)


@pytest.mark.usefixtures("closed")
def test_version_in_force_on_the_last_day_counts(cast: Cast) -> None:
    set_rates(cast)
    set_rates(cast, date(2026, 4, 1), ordinary_written="999")
    Standard.objects.create(
        kind="subsidy", area_code=DISTRICT, number=1, in_force_from=date(2026, 1, 1),
        content={"ordinary_written": "1"}, reason="区标准", author=cast.person("si"), at=MAY,
    )  # fmt: skip

    assert table_of(cast).total["pays"] == Decimal(650)
    Standard.objects.filter(area_code=SUBDISTRICT).delete()
    assert table_of(cast).total["pays"] == Decimal(3)


@pytest.mark.usefixtures("closed")
def test_list_behind_the_money_sums_to_it(cast: Cast) -> None:
    set_rates(cast)
    term = terms.read("2026Q1")
    assert term
    ask = reading.ask_of(cast.bao, SUBDISTRICT, term, now=MAY)

    found = reading.behind(FORMS["subsidy"], ask, measure="pays")
    hard = reading.behind(
        FORMS["subsidy"], ask, measure="hard", section="mediator", line=str(cast.id("li"))
    )

    assert found
    assert hard
    assert sorted(found.counted.values()) == [50, 200, 400]
    assert list(hard.counted.values()) == [1]


def test_office_sets_its_standard_on_the_page(cast: Cast, sign_in: SignIn) -> None:
    assert sign_in("si").post("/filings/standard/", TYPED).status_code == 302

    row = Standard.objects.get()
    assert (row.area_code, row.number, row.content["hard_people"]) == (SUBDISTRICT, 1, 10)
    assert row.content["ordinary_written"] == "50"
    shown = sign_in("zhong").get("/filings/standard/").content.decode()
    assert "汽司〔2026〕3号" in shown
    assert '<button class="btn btn-primary" type="submit"' not in shown


@pytest.mark.parametrize(
    ("who", "changes", "status"),
    [
        ("zhong", {}, 403),
        ("wang", {}, 403),
        ("b_si", {}, 404),
        ("si", {"reason": ""}, 422),
        ("si", {"ordinary_oral": "-5"}, 422),
        ("si", {"hard_colour": "PINK"}, 422),
        ("si", {"in_force_from": "2026-03-31"}, 422),  # the first quarter has been filed
    ],
)
def test_refused_standard_writes_nothing(
    cast: Cast,
    sign_in: SignIn,
    snapshot_counts: Callable[[], dict[str, int]],
    who: str,
    changes: dict[str, str],
    status: int,
) -> None:
    term = terms.read("2026Q1")
    assert term
    services.submit(cast.bao, FORMS["subsidy"], SUBDISTRICT, term, note="", now=MAY)
    client = sign_in(who)
    before = snapshot_counts()

    later = {"in_force_from": "2026-04-01"}
    assert client.post("/filings/standard/", TYPED | later | changes).status_code == status
    assert snapshot_counts() == before
