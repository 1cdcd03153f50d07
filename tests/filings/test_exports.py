"""Files of a report: read back by other programs, with the numbers of the page; nothing calculates."""

import csv
import io
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from mediation.areas.models import Area
from mediation.errands import services as errands
from mediation.errands.models import Errand
from mediation.filings import exports, reading, services
from mediation.filings.forms import FORMS
from mediation.filings.terms import Term
from tests.documents.reading import fonts_of, text_of, words_of
from tests.factories import Cast
from tests.factories.people import SIBLING, SUBDISTRICT
from tests.filings.conftest import MAY
from tests.web.conftest import SignIn
from tests.workbooks import cells_of, sheets_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_may")]

TERM = Term("Q", 2026, 1)
WANTED = {"form": "cases", "area": SUBDISTRICT, "term": "2026Q1"}
EVIL = '=HYPERLINK("http://x","点我")'


@pytest.fixture
def _store(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


def report(cast: Cast, form: str = "cases", who: str = "bao") -> exports.Report:
    return exports.report_of(WANTED | {"form": form}, getattr(cast, who), now=MAY)


def as_read(number: Any) -> Any:
    """A spreadsheet knows no decimals, only binary numbers."""
    return float(number) if isinstance(number, Decimal) else number


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize("form", ["cases", "screening"])
def test_workbook_holds_the_numbers_of_the_page(cast: Cast, form: str) -> None:
    made = report(cast, form)
    table = made.table

    [sheet] = sheets_of(exports.workbook(made))
    cells = cells_of(sheet)

    rows: dict[int, list[Any]] = {}
    for place, value in cells.items():
        rows.setdefault(int("".join(c for c in place if c.isdigit())), []).append(value)
    lines = {row[0]: row[1:] for row in rows.values()}
    columns = [one.name for one in table.columns]
    assert lines["合计"] == [as_read(table.total[name]) for name in columns]
    for part in table.parts:
        for line in part.lines:
            expected = [as_read(line.numbers[n]) for n in columns]
            assert lines[line.label] == [number for number in expected if number is not None]
    assert (sheet.freeze_panes, sheet.print_title_rows) == ("B5", "$1:$4")
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert len(sheet.merged_cells.ranges) > 6


@pytest.mark.usefixtures("town")
def test_word_and_pdf_say_the_same(cast: Cast) -> None:
    made = report(cast, "screening")

    words, printed = words_of(exports.docx(made)), exports.pdf(made)

    text = text_of(printed)
    for wanted in (
        "矛盾纠纷排查情况表",
        "汽车路街道",
        "2026年第1季度",
        "年度累计排查",
        "制表人",
        "审核人",
    ):
        assert wanted in words
        assert wanted in text
    total = "".join(reading.spoken(made.table.total[c.name], c) for c in made.table.columns)
    assert f"合计{total}" in words
    assert f"合计{total}" in text
    assert all(fonts_of(printed).values())


@pytest.mark.parametrize("name", [EVIL, "+1+1", "@SUM(A1)", "＝1+1", "-2+3"])
def test_name_that_looks_like_a_formula_calculates_nowhere(cast: Cast, name: str) -> None:
    Area.objects.filter(code=f"{SUBDISTRICT}901").update(name=name)
    made = report(cast)

    rows = list(csv.reader(io.StringIO(exports.comma_separated(made).decode("utf-8-sig"))))
    cells = cells_of(sheets_of(exports.workbook(made))[0])

    assert name in cells.values()  # text, and no cell has a formula
    told = [cell for row in rows for cell in row if name in cell]
    assert told == [f"'{name}"]


@pytest.mark.usefixtures("_store")
def test_file_is_made_in_the_background_and_fetched_by_its_owner(
    cast: Cast, sign_in: SignIn
) -> None:
    client = sign_in("zhong")

    for kind in exports.MEDIA:
        answer = client.post("/filings/cases/export/", WANTED | {"format": kind})
        assert (answer.status_code, answer["Location"]) == (302, "/errands/")
    assert errands.drain(MAY) == len(exports.MEDIA)

    made = {e.wanted["format"]: e for e in Errand.objects.all()}
    assert {e.state for e in made.values()} == {"done"}
    assert all(e.notice_seq for e in made.values())
    assert made["xlsx"].file_name == "汽车路街道人民调解案件情况表（2026年第1季度）.xlsx"
    page = client.get("/errands/").content.decode()
    assert "统计报表文件" in page
    fetched = client.get(f"/errands/{made['pdf'].pk}/file/")
    assert b"".join(fetched.streaming_content).startswith(b"%PDF")
    assert sign_in("bao").get(f"/errands/{made['pdf'].pk}/file/").status_code == 404


@pytest.mark.usefixtures("_store")
def test_filed_report_is_exported_as_filed(cast: Cast, sign_in: SignIn) -> None:
    filing = services.submit(cast.bao, FORMS["cases"], SUBDISTRICT, TERM, note=EVIL, now=MAY)

    sign_in("si").post("/filings/cases/export/", WANTED | {"format": "csv"})

    asked = Errand.objects.get()
    assert asked.wanted["filing"] == filing.pk
    errands.drain(MAY)
    asked.refresh_from_db()
    text = errands.file_of(asked).read_text(encoding="utf-8-sig")
    assert "制表人：包测密" in text
    assert "未报送" not in text


@pytest.mark.parametrize(
    ("who", "data", "status"),
    [
        ("zhong", {"format": "exe"}, 404),
        ("zhong", {"format": "csv", "area": SIBLING}, 404),
        ("b_zhong", {"format": "csv"}, 404),
        ("wang", {"format": "csv"}, 403),
    ],
)
def test_export_that_is_refused_writes_nothing(
    cast: Cast, sign_in: SignIn, who: str, data: dict[str, str], status: int
) -> None:
    answer = sign_in(who).post("/filings/cases/export/", WANTED | data)

    assert answer.status_code == status
    assert not Errand.objects.exists()


def test_right_that_has_ended_fetches_nothing(cast: Cast) -> None:
    wanted = WANTED | {"format": "pdf"}

    assert exports.may_take(wanted, cast.zhong, MAY)
    assert not exports.may_take(wanted, cast.b_zhong, MAY)
    assert not exports.may_take(wanted, cast.mo, MAY)
