"""Workbooks: numbers are numbers, text is text, and programs take their names."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from mediation.core import xlsx
from mediation.core.xlsx import HEAD, MONEY, Cell, Sheet
from tests.workbooks import cells_of, sheets_of

AT = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


def made(*sheets: Sheet) -> list[Any]:
    return sheets_of(xlsx.write(sheets, title="表", at=AT))


@pytest.mark.parametrize(
    ("value", "kind", "read"),
    [
        (0, "n", 0),
        (-12, "n", -12),
        (95.5, "n", 95.5),
        (Decimal("4200.10"), "n", 4200.1),
        (date(2026, 3, 2), "d", datetime(2026, 3, 2)),
        (date(1900, 3, 1), "d", datetime(1900, 3, 1)),
        ("007", "s", "007"),
        ("=1+1", "s", "=1+1"),
        ("http://example.org", "s", "http://example.org"),
        ("<b>&\"'", "s", "<b>&\"'"),
        ("a\x00\x0b\ufffeb𬭎", "s", "ab𬭎"),
        ("  空 格 ", "s", "  空 格 "),
    ],
)
def test_value_is_read_as_what_it_is(value: xlsx.Value, kind: str, read: Any) -> None:
    [sheet] = made(Sheet("表", [[value]]))

    assert (sheet["A1"].data_type, sheet["A1"].value) == (kind, read)
    assert sheet["A1"].hyperlink is None


def test_cell_reaches_over_columns_and_rows() -> None:
    rows = [
        [Cell("甲", HEAD, down=2), Cell("乙", HEAD, across=2)],
        [None, 1, Cell(Decimal("2.50"), MONEY)],
    ]

    [sheet] = made(Sheet("表", rows))

    assert sorted(str(one) for one in sheet.merged_cells.ranges) == ["A1:A2", "B1:C1"]
    assert cells_of(sheet) == {"A1": "甲", "B1": "乙", "B2": 1, "C2": 2.5}
    assert sheet["C2"].number_format == "#,##0.00"


def test_nothing_is_an_empty_cell() -> None:
    [sheet] = made(Sheet("表", [[None, 1]]))

    assert cells_of(sheet) == {"B1": 1}


def test_heads_stand_still_and_are_printed_on_every_page() -> None:
    [sheet] = made(Sheet("一", [[Cell("甲", HEAD), 3], [1, 2]], (20, 8), frozen=(1, 1)))

    assert (sheet.freeze_panes, sheet.print_title_rows) == ("B2", "$1:$1")
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert (sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.fitToHeight) == (True, 0)
    assert sheet.column_dimensions["A"].width > sheet.column_dimensions["B"].width


def test_the_bytes_are_the_same_again() -> None:
    sheet = Sheet("一", [[Cell("甲", HEAD, across=2), 3], [1, 2, 3]], (20, 8), frozen=(1, 1))

    again = [xlsx.write([sheet, sheet], title="表", at=AT) for _ in range(2)]

    assert again[0] == again[1]


def test_names_of_sheets_are_those_that_programs_take() -> None:
    names = [
        sheet.title
        for sheet in made(
            Sheet("a/b:c", [[1]]), Sheet("a/b:c", [[1]]), Sheet("长" * 60, [[1]]), Sheet("", [])
        )
    ]

    assert names[:2] == ["a b c", "a b c 2"]
    assert len(names[2]) <= 31
    assert len(set(names)) == 4
