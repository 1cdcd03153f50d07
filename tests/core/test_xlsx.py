"""Workbooks: numbers are numbers, text is text, and every part is well-formed."""

import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from xml.etree import ElementTree as ET

import pytest

from mediation.core import xlsx
from mediation.core.xlsx import HEAD, MONEY, Cell, Sheet

AT = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def made(*sheets: Sheet) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(xlsx.write(sheets, title="表", at=AT)))


def cells(book: zipfile.ZipFile, number: int = 1) -> dict[str, tuple[str, str]]:
    """Place → type and value, as a program reads them."""
    root = ET.fromstring(book.read(f"xl/worksheets/sheet{number}.xml"))
    found = {}
    for cell in root.iter(f"{MAIN}c"):
        kind = cell.get("t", "n")
        value = cell.find(f".//{MAIN}t" if kind == "inlineStr" else f"{MAIN}v")
        if value is not None:
            found[cell.attrib["r"]] = (kind, value.text or "")
    return found


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (0, ("n", "0")),
        (-12, ("n", "-12")),
        (95.5, ("n", "95.5")),
        (Decimal("4200.10"), ("n", "4200.10")),
        (date(2026, 3, 2), ("n", "46083")),
        (date(1900, 3, 1), ("n", "61")),
        ("007", ("inlineStr", "007")),
        ("=1+1", ("inlineStr", "=1+1")),
        ("<b>&\"'", ("inlineStr", "<b>&\"'")),
        ("a\x00\x0b\ufffeb𬭎", ("inlineStr", "ab𬭎")),
        ("  空 格 ", ("inlineStr", "  空 格 ")),
        ("", ("inlineStr", "")),
    ],
)
def test_value_is_read_as_what_it_is(value: xlsx.Value, read: tuple[str, str]) -> None:
    assert cells(made(Sheet("表", [[value]]))) == {"A1": read}


def test_cell_reaches_over_columns_and_rows() -> None:
    rows = [
        [Cell("甲", HEAD, down=2), Cell("乙", HEAD, across=2)],
        [None, 1, Cell(Decimal("2.50"), MONEY)],
    ]

    book = made(Sheet("表", rows))

    root = ET.fromstring(book.read("xl/worksheets/sheet1.xml"))
    assert [m.get("ref") for m in root.iter(f"{MAIN}mergeCell")] == ["A1:A2", "B1:C1"]
    assert cells(book)["C2"] == ("n", "2.50")


def test_nothing_is_an_empty_cell() -> None:
    assert cells(made(Sheet("表", [[None, 1]]))) == {"B1": ("n", "1")}


def test_every_part_is_well_formed_and_the_bytes_are_the_same_again() -> None:
    sheet = Sheet("一", [[Cell("甲", HEAD, across=2), 3], [1, 2, 3]], (20, 8), frozen=(1, 1))
    book = made(sheet, sheet)

    for name in book.namelist():
        ET.fromstring(book.read(name))
    again = [xlsx.write([sheet, sheet], title="表", at=AT) for _ in range(2)]
    assert again[0] == again[1]
    assert book.namelist()[0] == "[Content_Types].xml"
    text = book.read("xl/worksheets/sheet1.xml").decode()
    assert '<mergeCell ref="A1:B1"/>' in text
    assert cells(book)["C1"] == ("n", "3")
    assert 'topLeftCell="B2"' in text


def test_columns_go_on_after_z() -> None:
    assert sorted(cells(made(Sheet("表", [[1] * 28]))), key=lambda p: (len(p), p))[-3:] == [
        "Z1", "AA1", "AB1",
    ]  # fmt: skip


def test_names_of_sheets_are_those_that_programs_take() -> None:
    book = made(
        Sheet("a/b:c", [[1]]), Sheet("a/b:c", [[1]]), Sheet("长" * 60, [[1]]), Sheet("", [])
    )
    root = ET.fromstring(book.read("xl/workbook.xml"))

    names = [sheet.attrib["name"] for sheet in root.iter(f"{MAIN}sheet")]

    assert names[:2] == ["a b c", "a b c 2"]
    assert len(names[2]) <= 31
    assert len(set(names)) == 4
