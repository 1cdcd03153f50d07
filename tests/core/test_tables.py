"""Lists as offices hand them in: whatever program wrote them, the same rows; else a sentence why not."""

import io
from datetime import date, datetime

import pytest
from openpyxl import Workbook

from mediation.core.tables import BadFile, read_rows

ROWS = [
    {"代码": "430902006901001", "名称": "第1网格", "户数": "420", "自": "2026-01-01"},
    {"代码": "430902006901002", "名称": "第2网格", "户数": "", "自": ""},
]
CSV = "代码,名称,户数,自\n430902006901001,第1网格,420,2026-01-01\n430902006901002,第2网格,,\n"


def workbook(*lines: list[object]) -> bytes:
    book, out = Workbook(), io.BytesIO()
    for line in lines:
        book.active.append(line)
    book.create_sheet("说明").append(["不读这一页"])
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_reads_alike_in_every_encoding(encoding):
    assert read_rows(CSV.encode(encoding), is_json=False) == ROWS


@pytest.mark.parametrize("began", [date(2026, 1, 1), datetime(2026, 1, 1), "2026-01-01"])
@pytest.mark.parametrize("code", [430902006901001, "430902006901001 ", 430902006901001.0])
def test_workbook_reads_like_its_csv(code, began):
    sheet = workbook(
        ["代码", "名称", "户数", "自", None],
        [code, "第1网格", 420, began],
        [None, None, None, None],
        [430902006901002, "第2网格", None, None, "旁注"],
    )
    assert read_rows(sheet, is_json=False) == ROWS


def test_empty_workbook_has_no_rows():
    assert read_rows(workbook(), is_json=False) == []


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", r"\.xls\b"),
        (b"PK\x03\x04 torn", "已损坏"),
        (workbook(["代码"])[:900], "已损坏"),
        (CSV.replace("430902006901001", "4.30902E+14").encode(), r"4\.30902E\+14"),
        (b"\xff\xfe\xff\x81", "GB 18030"),
    ],
)
def test_what_cannot_be_read_is_refused_in_a_sentence(content, sentence):
    with pytest.raises(BadFile, match=sentence):
        read_rows(content, is_json=False)
