"""The view of the cockpit as PDF, picture and workbook: the same numbers as the page of that address."""

import io
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from mediation.disputes.enums import Status
from mediation.documents import press
from tests.documents.reading import text_of
from tests.factories import CaseMaker, Cast, at, register
from tests.factories.cases import DEADLY
from tests.factories.people import COMMUNITY, LAST_GRID
from tests.web.conftest import SignIn
from tests.web.desk import still
from tests.workbooks import cells_of, sheets_of

pytestmark = pytest.mark.django_db

ADDRESSES = ("period=month", f"period=year&area={COMMUNITY}", "period=month&category=10")
KINDS = ("pdf", "png", "xlsx")


@pytest.fixture(autouse=True)
def _still_clock() -> Iterator[None]:
    with still():
        yield


@pytest.fixture
def town(cast: Cast, case_in: CaseMaker) -> None:
    for status in (Status.REGISTERED, Status.MEDIATING, Status.CLOSED):
        case_in(status)
    case_in(answers=DEADLY)
    register(cast.zhong, at("2026-03-02 11:00"), grid=LAST_GRID, category="10")


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize("query", ADDRESSES)
def test_workbook_holds_the_numbers_of_the_page(sign_in: SignIn, query: str) -> None:
    browser = sign_in("ling")
    page = browser.get(f"/leader/?{query}").context

    sheets = sheets_of(browser.get(f"/leader/export/xlsx/?{query}").content)

    figures = cells_of(sheets[0])
    for row, tile in enumerate(page["tiles"], 5):
        assert figures[f"A{row}"] == str(tile["cell"].label)
        assert figures.get(f"B{row}") == tile["cell"].number
    assert figures["A3"] == "数据截至 2026-03-02 12:00:00"
    named = {sheet.title: cells_of(sheet) for sheet in sheets}
    for part, title in (("areas", "按区域"), ("kinds", "按纠纷类别"), ("months", "近十二个月")):
        table = named[title]
        for row, one in enumerate(page[part], 5):
            told = [cell.number for cell in one["cells"]]
            read = [table.get(f"{'BCDEFGHIJK'[n]}{row}") for n in range(len(told))]
            assert read == told, (title, row)


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize("query", ADDRESSES)
def test_paper_says_what_it_shows_and_when(sign_in: SignIn, query: str) -> None:
    browser = sign_in("ling")
    page = browser.get(f"/leader/?{query}").context

    text = text_of(browser.get(f"/leader/export/pdf/?{query}").content)

    place = "汽车路社区" if COMMUNITY in query else "汽车路街道"
    assert f"{place}态势" in text
    assert "数据截至2026-03-0212:00:00" in text
    assert ("劳动争议" in text.split("新增")[0]) is ("category" in query)
    for row in [*page["areas"], *page["kinds"]]:
        told = "".join([str(row["name"]), *(cell.text for cell in row["cells"])])
        assert told in text, row["name"]


@pytest.mark.usefixtures("town")
def test_picture_is_one_and_whole(sign_in: SignIn) -> None:
    answer = sign_in("ling").get("/leader/export/png/?period=year")

    picture = Image.open(io.BytesIO(answer.content))
    assert answer.headers["Content-Type"] == "image/png"
    assert picture.width == 1684
    assert picture.height > 1000
    assert "%E6%80%81%E5%8A%BF" in answer.headers["Content-Disposition"]


@pytest.mark.usefixtures("town")
def test_files_of_another_area_know_nothing(sign_in: SignIn) -> None:
    figures = cells_of(sheets_of(sign_in("b_ling").get("/leader/export/xlsx/").content)[0])

    assert {figures[f"B{row}"] for row in range(5, 14) if f"B{row}" in figures} == {0}


@pytest.mark.parametrize(
    ("who", "address", "answer"),
    [
        ("bao", "pdf/", 200), ("si", "xlsx/", 200), ("li", "pdf/", 403), ("wang", "xlsx/", 403),
        ("xi", "png/", 403), ("mo", "xlsx/", 403), ("ling", "docx/", 404), ("ling", "exe/", 404),
        ("ling", "xlsx/?area=430902007", 404), ("ling", "pdf/?area=43", 404),
    ],
)  # fmt: skip
def test_file_is_for_whom_the_page_is(sign_in: SignIn, who: str, address: str, answer: int) -> None:
    assert sign_in(who).get(f"/leader/export/{address}").status_code == answer


@pytest.mark.usefixtures("cast")
@pytest.mark.parametrize("kind", KINDS)
def test_file_is_kept_by_no_cache_and_run_by_no_browser(sign_in: SignIn, kind: str) -> None:
    answer = sign_in("ling").get(f"/leader/export/{kind}/")

    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert Client().get(f"/leader/export/{kind}/").status_code == 302


@pytest.mark.usefixtures("cast")
def test_workbook_needs_no_typesetter(sign_in: SignIn, settings: Any) -> None:
    settings.PDF_ENGINE = "none"
    browser = sign_in("ling")

    assert browser.get("/leader/export/xlsx/").status_code == 200
    assert browser.get("/leader/export/pdf/").status_code == press.NoPdf.status == 503


@pytest.mark.usefixtures("town")
def test_page_links_to_its_own_view(sign_in: SignIn) -> None:
    page = sign_in("ling").get("/leader/?period=year&category=02").content.decode()

    for kind in KINDS:
        assert f"/leader/export/{kind}/?area=430902006&amp;period=year&amp;category=02" in page
