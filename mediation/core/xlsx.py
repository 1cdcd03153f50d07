"""Workbooks for spreadsheet programs: real numbers, frozen heads, ready to print. Plain Python.

Office Open XML (ISO/IEC 29500), the few parts that a table needs. Text is written as text, so that no
program takes it for a formula. The same sheets and moment give the same bytes.
"""

import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Final
from xml.sax.saxutils import escape, quoteattr

MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PLAIN, TITLE, HEAD, WHOLE, TENTH, DAY, NOTE, MONEY = range(1, 9)
"""Styles of a cell, in the order of ``_STYLES``; the first there is that of cells without any."""

Value = str | int | float | Decimal | date | None


@dataclass(frozen=True, slots=True)
class Cell:
    """A value that needs another style than its type has, several columns, or several rows.

    The rows below leave an empty cell where one reaches ``down`` into them.
    """

    value: Value
    style: int = PLAIN
    across: int = 1
    down: int = 1


@dataclass(frozen=True, slots=True)
class Sheet:
    """``frozen``: rows above and columns before what scrolls; the rows are printed on every page.

    ``widths``: of the columns, in characters; a Chinese one counts two.
    """

    name: str
    rows: Sequence[Sequence[Cell | Value]]
    widths: Sequence[float] = ()
    frozen: tuple[int, int] = (0, 0)
    landscape: bool = True


def write(sheets: Sequence[Sheet], *, title: str, at: datetime) -> bytes:
    """The workbook. ``at``: the moment that the file bears, in UTC."""
    parts = {
        "[Content_Types].xml": _types(len(sheets)),
        "_rels/.rels": _RELS,
        "docProps/core.xml": _core(title, at),
        "xl/workbook.xml": _workbook(sheets),
        "xl/_rels/workbook.xml.rels": _workbook_rels(len(sheets)),
        "xl/styles.xml": _STYLES,
    }
    for number, sheet in enumerate(sheets, 1):
        parts[f"xl/worksheets/sheet{number}.xml"] = _sheet(sheet)
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, text.encode())
    return out.getvalue()


# Cells ----------------------------------------------------------------------------------------------

_UNPRINTABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_EPOCH = date(1899, 12, 30)


def _cell(place: str, given: Cell | Value) -> str:
    cell = given if isinstance(given, Cell) else Cell(given, _style_of(given))
    value = cell.value
    if value is None:
        return f'<c r="{place}" s="{cell.style}"/>'
    if isinstance(value, str):
        text = escape(_UNPRINTABLE.sub("", value))
        inside = f'<is><t xml:space="preserve">{text}</t></is>'
        return f'<c r="{place}" s="{cell.style}" t="inlineStr">{inside}</c>'
    if isinstance(value, date):
        value = (value - _EPOCH).days
    return f'<c r="{place}" s="{cell.style}"><v>{value}</v></c>'


def _style_of(value: Cell | Value) -> int:
    if isinstance(value, int):
        return WHOLE
    if isinstance(value, (float, Decimal)):
        return TENTH
    return DAY if isinstance(value, date) else PLAIN


def _column(number: int) -> str:
    """1 → A, 27 → AA."""
    name = ""
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


# Sheets ---------------------------------------------------------------------------------------------

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_DOC = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PKG = "http://schemas.openxmlformats.org/package/2006"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def _sheet(sheet: Sheet) -> str:
    rows, merged = [], []
    for number, row in enumerate(sheet.rows, 1):
        cells, column = [], 1
        for given in row:
            cells.append(_cell(f"{_column(column)}{number}", given))
            across, down = (given.across, given.down) if isinstance(given, Cell) else (1, 1)
            if across > 1 or down > 1:
                last = f"{_column(column + across - 1)}{number + down - 1}"
                merged.append(f"{_column(column)}{number}:{last}")
            column += across
        rows.append(f'<row r="{number}">{"".join(cells)}</row>')
    orientation = "landscape" if sheet.landscape else "portrait"
    return (
        f'{_XML}<worksheet xmlns="{_MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
        f'<sheetViews><sheetView workbookViewId="0">{_pane(*sheet.frozen)}</sheetView></sheetViews>'
        f"{_columns(sheet.widths)}<sheetData>{''.join(rows)}</sheetData>{_merges(merged)}"
        '<pageMargins left="0.5" right="0.5" top="0.6" bottom="0.6" header="0.3" footer="0.3"/>'
        f'<pageSetup paperSize="9" orientation="{orientation}" fitToWidth="1" fitToHeight="0"/>'
        "<headerFooter><oddFooter>&amp;C&amp;P / &amp;N</oddFooter></headerFooter></worksheet>"
    )


def _pane(rows: int, columns: int) -> str:
    if not rows and not columns:
        return ""
    across = f' xSplit="{columns}"' if columns else ""
    down = f' ySplit="{rows}"' if rows else ""
    pane = "bottomRight" if rows and columns else "bottomLeft" if rows else "topRight"
    corner = f"{_column(columns + 1)}{rows + 1}"
    return f'<pane{across}{down} topLeftCell="{corner}" activePane="{pane}" state="frozen"/>'


def _columns(widths: Sequence[float]) -> str:
    cols = "".join(
        f'<col min="{n}" max="{n}" width="{width}" customWidth="1"/>'
        for n, width in enumerate(widths, 1)
    )
    return f"<cols>{cols}</cols>" if cols else ""


def _merges(merged: Sequence[str]) -> str:
    cells = "".join(f'<mergeCell ref="{place}"/>' for place in merged)
    return f'<mergeCells count="{len(merged)}">{cells}</mergeCells>' if cells else ""


# The other parts ------------------------------------------------------------------------------------


def _names(sheets: Sequence[Sheet]) -> list[str]:
    """At most 31 characters, none of which a program refuses, and none twice."""
    found: list[str] = []
    for sheet in sheets:
        name = re.sub(r"[\\/?*\[\]:']", " ", sheet.name).strip()[:28] or "-"
        found.append(f"{name} {len(found) + 1}" if name in found else name)
    return found


def _workbook(sheets: Sequence[Sheet]) -> str:
    names = _names(sheets)
    listed = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{n}" r:id="rId{n}"/>'
        for n, name in enumerate(names, 1)
    )
    heads = "".join(
        f'<definedName name="_xlnm.Print_Titles" localSheetId="{n}">'
        f"{escape(_quoted(name))}!$1:${sheet.frozen[0]}</definedName>"
        for n, (name, sheet) in enumerate(zip(names, sheets, strict=True))
        if sheet.frozen[0]
    )
    defined = f"<definedNames>{heads}</definedNames>" if heads else ""
    return (
        f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_DOC}">'
        f"<bookViews><workbookView/></bookViews><sheets>{listed}</sheets>"
        f"{defined}</workbook>"
    )


def _quoted(name: str) -> str:
    """The name of a sheet as formulas write it."""
    return f"'{name}'"


def _workbook_rels(count: int) -> str:
    sheets = "".join(
        f'<Relationship Id="rId{n}" Type="{_DOC}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, count + 1)
    )
    return (
        f'{_XML}<Relationships xmlns="{_PKG}/relationships">{sheets}'
        f'<Relationship Id="rId{count + 1}" Type="{_DOC}/styles" Target="styles.xml"/>'
        "</Relationships>"
    )


def _types(count: int) -> str:
    base = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    sheets = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{base}.worksheet+xml"/>'
        for n in range(1, count + 1)
    )
    return (
        f'{_XML}<Types xmlns="{_PKG}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{base}.sheet.main+xml"/>{sheets}'
        f'<Override PartName="/xl/styles.xml" ContentType="{base}.styles+xml"/>'
        '<Override PartName="/docProps/core.xml" '
        'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>'
    )


def _core(title: str, at: datetime) -> str:
    return (
        f'{_XML}<cp:coreProperties xmlns:cp="{_PKG}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(_UNPRINTABLE.sub('', title))}</dc:title>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{at:%Y-%m-%dT%H:%M:%SZ}</dcterms:created>'
        "</cp:coreProperties>"
    )


_RELS = (
    f'{_XML}<Relationships xmlns="{_PKG}/relationships">'
    f'<Relationship Id="rId1" Type="{_DOC}/officeDocument" Target="xl/workbook.xml"/>'
    f'<Relationship Id="rId2" Type="{_PKG}/relationships/metadata/core-properties" '
    'Target="docProps/core.xml"/></Relationships>'
)
_WRAPPED = '<alignment vertical="center" wrapText="1"/>'
_STYLES = (
    f'{_XML}<styleSheet xmlns="{_MAIN}">'
    '<numFmts count="2"><numFmt numFmtId="164" formatCode="#,##0.0"/>'
    '<numFmt numFmtId="165" formatCode="yyyy-mm-dd"/></numFmts>'
    '<fonts count="4"><font><sz val="11"/><name val="等线"/></font>'
    '<font><b/><sz val="16"/><name val="等线"/></font>'
    '<font><b/><sz val="11"/><name val="等线"/></font>'
    '<font><sz val="10"/><color rgb="FF515C6B"/><name val="等线"/></font></fonts>'
    '<fills count="3"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill>'
    '<fill><patternFill patternType="solid"><fgColor rgb="FFE9EEF5"/></patternFill></fill></fills>'
    '<borders count="2"><border/><border><left style="thin"/><right style="thin"/>'
    '<top style="thin"/><bottom style="thin"/></border></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="9"><xf/>'
    f'<xf borderId="1" applyBorder="1" applyAlignment="1">{_WRAPPED}</xf>'
    '<xf fontId="1" applyFont="1"/>'
    f'<xf fontId="2" fillId="2" borderId="1" applyFont="1" applyFill="1" applyBorder="1" '
    f'applyAlignment="1">{_WRAPPED}</xf>'
    '<xf numFmtId="3" borderId="1" applyNumberFormat="1" applyBorder="1"/>'
    '<xf numFmtId="164" borderId="1" applyNumberFormat="1" applyBorder="1"/>'
    '<xf numFmtId="165" borderId="1" applyNumberFormat="1" applyBorder="1"/>'
    '<xf fontId="3" applyFont="1"/>'
    '<xf numFmtId="4" borderId="1" applyNumberFormat="1" applyBorder="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>"
)
