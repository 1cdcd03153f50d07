"""One sheet as an Excel file (ECMA-376): real numbers, merged headings, frozen panes, set up for printing.

Plain Python. Text is always an inline string, so that no cell is ever read as a formula.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from xml.sax.saxutils import escape

Value = str | int | Decimal | None
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Cell:
    """``style``: one of ``STYLES``."""

    value: Value
    style: str = "text"


@dataclass(slots=True)
class Sheet:
    """``merges``: first row and column, last row and column, from 0. ``head``: rows on every page."""

    name: str
    rows: list[list[Cell]] = field(default_factory=list)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    widths: Sequence[int] = ()
    frozen: tuple[int, int] = (0, 0)
    head: tuple[int, int] | None = None
    title: str = ""
    author: str = ""


# Font, fill, border, number format, alignment: indexes into the lists of ``_STYLES`` below.
STYLES = {
    "text": (0, 0, 1, 0, "left"),
    "title": (1, 0, 0, 0, "center"),
    "plain": (0, 0, 0, 0, "left"),
    "head": (2, 2, 1, 0, "center"),
    "part": (2, 2, 1, 0, "left"),
    "count": (0, 0, 1, 3, "right"),
    "money": (0, 0, 1, 4, "right"),
    "rate": (0, 0, 1, 164, "right"),
    "total": (2, 3, 1, 0, "left"),
    "total count": (2, 3, 1, 3, "right"),
    "total money": (2, 3, 1, 4, "right"),
    "total rate": (2, 3, 1, 164, "right"),
}
_INDEX = {name: n for n, name in enumerate(STYLES)}
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PKG = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def column(n: int) -> str:
    """0 → A, 26 → AA."""
    name = ""
    while n >= 0:
        n, rest = divmod(n, 26)
        name = chr(65 + rest) + name
        n -= 1
    return name


def write(sheet: Sheet, *, on: date) -> bytes:
    """The file. The same sheet and day give the same bytes."""
    out = io.BytesIO()
    moment = (max(on.year, 1980), on.month, on.day, 0, 0, 0)
    with zipfile.ZipFile(out, "w") as file:
        for name, body in _parts(sheet, on):
            entry = zipfile.ZipInfo(name, moment)
            entry.compress_type = zipfile.ZIP_DEFLATED
            file.writestr(entry, f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>{body}')
    return out.getvalue()


def _parts(sheet: Sheet, on: date) -> Iterator[tuple[str, str]]:
    yield (
        "[Content_Types].xml",
        (
            f'<Types xmlns="{_PKG}/content-types">'
            '<Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
            f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/>'
            f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>'
            '<Override PartName="/docProps/core.xml" '
            'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>'
        ),
    )
    yield (
        "_rels/.rels",
        (
            f'<Relationships xmlns="{_PKG}/relationships">'
            f'<Relationship Id="r1" Type="{_REL}/officeDocument" Target="xl/workbook.xml"/>'
            f'<Relationship Id="r2" Type="{_PKG}/relationships/metadata/core-properties" '
            'Target="docProps/core.xml"/></Relationships>'
        ),
    )
    yield "docProps/core.xml", _core(sheet, on)
    yield "xl/workbook.xml", _workbook(sheet)
    yield (
        "xl/_rels/workbook.xml.rels",
        (
            f'<Relationships xmlns="{_PKG}/relationships">'
            f'<Relationship Id="r1" Type="{_REL}/worksheet" Target="worksheets/sheet1.xml"/>'
            f'<Relationship Id="r2" Type="{_REL}/styles" Target="styles.xml"/></Relationships>'
        ),
    )
    yield "xl/styles.xml", _styles()
    yield "xl/worksheets/sheet1.xml", _worksheet(sheet)


def _core(sheet: Sheet, on: date) -> str:
    return (
        f'<cp:coreProperties xmlns:cp="{_PKG}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{_text(sheet.title)}</dc:title><dc:creator>{_text(sheet.author)}</dc:creator>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{on.isoformat()}T00:00:00Z</dcterms:created>'
        "</cp:coreProperties>"
    )


def _workbook(sheet: Sheet) -> str:
    name = re.sub(r"[\[\]:*?/\\']", " ", sheet.name)[:31] or "1"
    names = ""
    if sheet.head:
        first, last = sheet.head
        names = (
            '<definedNames><definedName name="_xlnm.Print_Titles" localSheetId="0">'
            f"'{_text(name)}'!$A:$A,'{_text(name)}'!${first + 1}:${last + 1}"
            "</definedName></definedNames>"
        )
    return (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_REL}"><sheets>'
        f'<sheet name="{_text(name)}" sheetId="1" r:id="r1"/></sheets>{names}</workbook>'
    )


def _styles() -> str:
    line = '<{0} style="thin"><color rgb="FF808080"/></{0}>'
    border = "".join(line.format(side) for side in ("left", "right", "top", "bottom"))
    formats = "".join(
        f'<xf numFmtId="{number}" fontId="{font}" fillId="{fill}" borderId="{edge}" '
        'applyNumberFormat="1" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1">'
        f'<alignment horizontal="{align}" vertical="center" wrapText="1"/></xf>'
        for font, fill, edge, number, align in STYLES.values()
    )
    return (
        f'<styleSheet xmlns="{_MAIN}">'
        '<numFmts count="1"><numFmt numFmtId="164" formatCode="0.0"/></numFmts>'
        '<fonts count="3"><font><sz val="10"/><name val="宋体"/></font>'
        '<font><b/><sz val="16"/><name val="宋体"/></font>'
        '<font><b/><sz val="10"/><name val="宋体"/></font></fonts>'
        '<fills count="4"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill>'
        '<fill><patternFill patternType="solid"><fgColor rgb="FFE8ECF3"/></patternFill></fill>'
        '<fill><patternFill patternType="solid"><fgColor rgb="FFE3EDF9"/></patternFill></fill>'
        '</fills><borders count="2"><border/><border>' + border + "</border></borders>"
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        f'<cellXfs count="{len(STYLES)}">{formats}</cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
        "</styleSheet>"
    )


def _worksheet(sheet: Sheet) -> str:
    widths = "".join(
        f'<col min="{n}" max="{n}" width="{width}" customWidth="1"/>'
        for n, width in enumerate(sheet.widths, 1)
    )
    merges = "".join(
        f'<mergeCell ref="{column(c1)}{r1 + 1}:{column(c2)}{r2 + 1}"/>'
        for r1, c1, r2, c2 in sheet.merges
    )
    counted = f'<mergeCells count="{len(sheet.merges)}">{merges}</mergeCells>' if merges else ""
    rows = "".join(_row(n, row) for n, row in enumerate(sheet.rows))
    return (
        f'<worksheet xmlns="{_MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
        f'<sheetViews><sheetView workbookViewId="0" tabSelected="1">{_pane(sheet.frozen)}'
        f"</sheetView></sheetViews><cols>{widths}</cols><sheetData>{rows}</sheetData>{counted}"
        '<printOptions horizontalCentered="1"/>'
        '<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.6" header="0.3" footer="0.3"/>'
        '<pageSetup paperSize="9" orientation="landscape" fitToWidth="1" fitToHeight="0"/>'
        "<headerFooter><oddFooter>&amp;C第&amp;P页 共&amp;N页</oddFooter></headerFooter></worksheet>"
    )


def _pane(frozen: tuple[int, int]) -> str:
    rows, columns = frozen
    if not rows and not columns:
        return ""
    return (
        f'<pane xSplit="{columns}" ySplit="{rows}" topLeftCell="{column(columns)}{rows + 1}" '
        'activePane="bottomRight" state="frozen"/>'
    )


def _row(number: int, row: Sequence[Cell]) -> str:
    cells = "".join(_cell(f"{column(n)}{number + 1}", cell) for n, cell in enumerate(row))
    return f'<row r="{number + 1}">{cells}</row>'


def _cell(place: str, cell: Cell) -> str:
    style = _INDEX[cell.style]
    if cell.value is None or cell.value == "":
        return f'<c r="{place}" s="{style}"/>'
    if isinstance(cell.value, (int, Decimal)):
        return f'<c r="{place}" s="{style}"><v>{cell.value}</v></c>'
    text = _text(cell.value)
    return (
        f'<c r="{place}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
    )


def _text(value: str) -> str:
    return escape(_UNPRINTABLE.sub("", value), {'"': "&quot;"})
