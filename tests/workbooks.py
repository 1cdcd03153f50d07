"""Workbooks as another program reads them: openpyxl, which knows formulas from text."""

import io
from typing import Any

from openpyxl import load_workbook


def sheets_of(data: bytes) -> list[Any]:
    """The sheets in their order. A cell that calculates is a fault in every workbook of ours."""
    book = load_workbook(io.BytesIO(data))
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            assert all(cell.data_type != "f" for cell in row)
    return list(book.worksheets)


def cells_of(sheet: Any) -> dict[str, Any]:
    """Place → value of everything that is not empty."""
    return {
        cell.coordinate: cell.value
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }
