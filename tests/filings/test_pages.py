"""Filing: handed in, reviewed by another, locked, opened again; the page says what has changed since."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from mediation.disputes.models import Dispute
from mediation.filings import frozen, services
from mediation.filings.forms import FORMS
from mediation.filings.models import Filing, FilingStep
from mediation.filings.terms import Term
from tests.factories import Cast, register
from tests.factories.people import COMMUNITY, GRID, SIBLING, SUBDISTRICT
from tests.filings.conftest import MAY
from tests.web.conftest import SignIn
from tests.web.desk import NOON, queries

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_may")]

HERE = {"area": SUBDISTRICT, "term": "2026Q1"}
PAGE = f"/filings/cases/?area={SUBDISTRICT}&term=2026Q1"
WHY = {"reason": "发现漏报一件，需要更正。"}


def hand_in(sign_in: SignIn, who: str = "bao", **more: str) -> Any:
    return sign_in(who).post("/filings/cases/submit/", HERE | {"note": "含两件补报"} | more)


def take(sign_in: SignIn, who: str, step: str, **data: str) -> Any:
    filing = Filing.objects.get()
    return sign_in(who).post(f"/filings/filed/{filing.pk}/do/{step}/", data)


def test_report_goes_from_maker_to_reviewer_and_is_frozen(cast: Cast, sign_in: SignIn) -> None:
    register(cast.wang)

    answer = hand_in(sign_in)
    filing = Filing.objects.get()
    assert (answer.status_code, filing.state, filing.maker_name) == (302, "submitted", "包测密")
    assert take(sign_in, "si", "lock").status_code == 302

    filing.refresh_from_db()
    assert (filing.state, filing.reviewer_name, filing.reviewed_at) == ("locked", "司测所", MAY)
    shown = sign_in("ling").get(PAGE).content.decode()
    for words in ("包测密", "司测所", "已审核锁定", "含两件补报", "与提交时一致"):
        assert words in shown
    steps = FilingStep.objects.values_list("what", "by_name")
    assert list(steps) == [("submitted", "包测密"), ("locked", "司测所")]


def test_frozen_numbers_stay_and_the_difference_is_told(cast: Cast, sign_in: SignIn) -> None:
    sign_in("bao").post("/filings/screening/submit/", HERE)
    register(cast.wang, NOON)
    page = f"/filings/screening/?area={SUBDISTRICT}&term=2026Q1"

    shown = sign_in("bao").get(page)
    partial = sign_in("zhong").get(page)

    assert Filing.objects.get().table["total"]["found"] == 0
    told = {(d.part, d.column, d.filed, d.now) for d in shown.context["differences"]}
    assert ("", "排查数", 0, 1) in told
    assert ("按纠纷类型", "排查数", 0, 1) in told
    assert shown.context["table"]["total"][0].text == "0"
    assert sign_in("bao").get(f"{page}&now=1").context["table"]["total"][0].text == "1"
    assert (partial.context["differences"], partial.context["complete"]) == ([], False)


def test_lock_is_taken_away_with_a_reason_and_filed_again(cast: Cast, sign_in: SignIn) -> None:
    hand_in(sign_in)
    take(sign_in, "si", "lock")

    take(sign_in, "ling", "reopen", **WHY)
    register(cast.wang)
    hand_in(sign_in)

    assert list(Filing.objects.order_by("pk").values_list("number", "state")) == [
        (1, "reopened"),
        (2, "submitted"),
    ]
    first = Filing.objects.order_by("pk").first()
    assert first
    assert [(s.what, s.reason) for s in first.steps.all()][-1] == ("reopened", WHY["reason"])
    old = sign_in("zhong").get(f"/filings/filed/{first.pk}/").content.decode()
    assert "已重新开启" in old
    assert WHY["reason"] in old


REFUSED: list[tuple[str, str, str, dict[str, str], int]] = [
    ("none", "zhong", "submit", HERE, 403),  # not cleared: his numbers are not complete
    ("none", "ling", "submit", HERE, 403),  # leaders review
    ("none", "wang", "submit", HERE, 403),
    ("none", "b_zhong", "submit", HERE, 404),
    ("none", "bao", "submit", HERE | {"term": "2026Q2"}, 422),  # not over yet
    ("none", "bao", "submit", HERE | {"area": SIBLING}, 404),
    ("submitted", "bao", "submit", HERE, 422),
    ("submitted", "bao", "lock", {}, 403),  # his own
    ("submitted", "zhong", "lock", {}, 403),
    ("submitted", "b_ling", "lock", {}, 404),
    ("submitted", "si", "return", {"reason": "错"}, 422),
    ("submitted", "si", "reopen", WHY, 422),
    ("submitted", "si", "shred", WHY, 404),
    ("locked", "bao", "submit", HERE, 422),
    ("locked", "si", "lock", {}, 422),
    ("locked", "si", "return", WHY, 422),
    ("locked", "si", "reopen", {"reason": "  "}, 422),
    ("locked", "bao", "reopen", WHY, 403),  # the centre does not open its own lock
    ("locked", "b_si", "reopen", WHY, 404),
]


@pytest.mark.parametrize(("state", "who", "step", "data", "status"), REFUSED)
def test_refusal_writes_nothing(
    cast: Cast,
    sign_in: SignIn,
    snapshot_rows: Callable[[], dict[str, list[Any]]],
    state: str,
    who: str,
    step: str,
    data: dict[str, str],
    status: int,
) -> None:
    if state != "none":
        hand_in(sign_in)
    if state == "locked":
        take(sign_in, "si", "lock")
    client = sign_in(who)
    filing = Filing.objects.values_list("pk", flat=True).first() or 0
    address = (
        "/filings/cases/submit/" if step == "submit" else f"/filings/filed/{filing}/do/{step}/"
    )
    before = snapshot_rows()

    answer = client.post(address, data)

    assert answer.status_code == status
    assert _without_sessions(snapshot_rows()) == _without_sessions(before)


def _without_sessions(rows: dict[str, list[Any]]) -> dict[str, list[Any]]:
    return {name: found for name, found in rows.items() if name != "django_session"}


@pytest.mark.parametrize(
    "address",
    [
        f"/filings/?area={SIBLING}",
        f"/filings/cases/?area={SIBLING}",
        "/filings/cases/?area=43",
        f"/filings/cases/cases/?area={SIBLING}&column=accepted",
        "/filings/nothing/",
        f"/filings/cases/cases/?area={SUBDISTRICT}&column=nothing",
        f"/filings/cases/cases/?area={SUBDISTRICT}&column=accepted&section=category&line=77",
        f"/filings/cases/cases/?area={SUBDISTRICT}&column=accepted&section=nothing&line=01",
        "/filings/filed/99999999999999999999/",
        "/filings/cases/?area=430902006999",
    ],
)
@pytest.mark.usefixtures("cast")
def test_what_is_not_yours_or_not_there_does_not_exist(sign_in: SignIn, address: str) -> None:
    assert sign_in("ling").get(address).status_code == 404


def test_filed_report_of_the_neighbours_does_not_exist(cast: Cast, sign_in: SignIn) -> None:
    found = services.submit(cast.b_si, FORMS["team"], SIBLING, Term("Q", 2026, 1), note="", now=MAY)

    assert sign_in("ling").get(f"/filings/filed/{found.pk}/").status_code == 404
    assert sign_in("b_ling").get(f"/filings/filed/{found.pk}/").status_code == 200
    assert sign_in("wang").get("/filings/").status_code == 403


@pytest.mark.usefixtures("town")
def test_links_of_the_page_open_their_lists(sign_in: SignIn) -> None:
    client = sign_in("ping")
    page = client.get(PAGE)
    cells = [
        cell
        for row in [{"cells": page.context["table"]["total"]}]
        + [row for part in page.context["table"]["parts"] for row in part["rows"]]
        for cell in row["cells"]
        if cell.url
    ]

    assert len(cells) > 30
    for cell in cells[::3]:
        listed = client.get(cell.url)
        assert listed.context["total"] == cell.text, cell.url
        assert len(listed.context["items"]) == listed.context["count"]


@pytest.mark.usefixtures("town")
def test_uncleared_reader_finds_no_sensitive_case_behind_a_number(sign_in: SignIn) -> None:
    hidden = Dispute.objects.exclude(sensitivity="normal").values_list("number", flat=True)
    address = f"/filings/cases/cases/?area={SUBDISTRICT}&term=2026Q1&column=accepted"

    shown, full = (sign_in(who).get(address).content.decode() for who in ("zhong", "bao"))

    assert [number for number in hidden if number in shown] == []
    assert all(number in full for number in hidden)


def test_pages_need_the_same_statements_for_one_case_and_for_three(
    cast: Cast, sign_in: SignIn
) -> None:
    client = sign_in("bao")
    register(cast.wang)
    address = f"/filings/screening/cases/?area={SUBDISTRICT}&term=2026Q1&column=found"
    pages = ("/filings/", f"/filings/screening/?{PAGE.partition('?')[2]}", address)
    first = [queries(client, page) for page in pages]
    for _ in range(2):
        register(cast.wang)

    assert [queries(client, page) for page in pages] == first == [8, 22, 10]


def test_terms_and_areas_are_offered(sign_in: SignIn, cast: Cast) -> None:
    page = sign_in("ling").get(f"/filings/cases/?area={GRID}&term=2026M3").content.decode()

    assert "2026年3月" in page
    assert re.findall(r'aria-current="true">([^<]+)', page)[0] == "第3网格"
    for name in ("汽车路街道", "汽车路社区", "2026年第1季度", "2025年"):
        assert name in page


@pytest.mark.usefixtures("town")
def test_report_is_compared_with_the_term_before_and_the_year_before(sign_in: SignIn) -> None:
    client = sign_in("bao")
    month = f"/filings/screening/?area={SUBDISTRICT}&term=2026M4"

    told = client.get(f"{month}&compare=1").context["compared"]

    march, april, year = (
        client.get(f"/filings/screening/?area={SUBDISTRICT}&term={term}").context["table"]["total"][
            0
        ]
        for term in ("2026M3", "2026M4", "2025M4")
    )
    first = told["rows"][0]
    assert told["terms"] == ["2026年4月", "2026年3月", "2025年4月"]
    assert first["numbers"] == [april.text, march.text, year.text]
    difference = int(april.text) - int(march.text)
    assert first["changes"][0].startswith(f"{difference:+}（-")
    assert first["changes"][1] == f"+{april.text}"
    assert client.get(month).context["compared"] is None


@pytest.mark.usefixtures("cast")
def test_leader_finds_the_reports_from_his_page(sign_in: SignIn) -> None:
    page = sign_in("ling").get("/leader/").content.decode()

    assert f'href="/filings/?area={SUBDISTRICT}"' in page


def test_frozen_table_is_read_back_as_it_was(cast: Cast) -> None:
    register(cast.wang)
    found = services.submit(
        cast.bao, FORMS["screening"], COMMUNITY[:9], Term("M", 2026, 3), note="", now=MAY
    )
    found.refresh_from_db()

    table = frozen.thaw(found.table)

    assert frozen.freeze(table) == found.table
    assert str(table.total["handled_rate"]) == "0.0"
    assert date(2026, 3, 31) == Term("M", 2026, 3).span.last
