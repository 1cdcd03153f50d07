"""A report as a file: Excel, Word, PDF, CSV. Made in the background, from frozen or present numbers."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from django.utils.translation import override, pgettext, pgettext_lazy
from docx import Document as Word
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from mediation.accounts.actor import Actor
from mediation.areas.models import Area
from mediation.core import xlsx
from mediation.core.clock import local_day
from mediation.core.errors import NotFound
from mediation.core.spreadsheet import inert
from mediation.core.xlsx import HEAD, MONEY, NOTE, PLAIN, TENTH, TITLE, WHOLE, Cell, Sheet
from mediation.documents import blocks, press
from mediation.documents import word as wording
from mediation.errands.kinds import Product, Work, errand, figures_only
from mediation.filings import frozen, narrative, reading, services, terms
from mediation.filings.forms import FORMS, chapter
from mediation.filings.models import Filing
from mediation.filings.reading import Column, Table, groups, spoken
from mediation.filings.terms import Term
from mediation.reports import figures

KIND: Final = "filing"
MEDIA: Final = {
    "xlsx": xlsx.MEDIA_TYPE,
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "csv": "text/csv; charset=utf-8",
}
LANGUAGE: Final = "zh-hans"
"""The forms are Chinese, whatever language the reader has set."""
STEPS: Final = 3
BODY: Final = "仿宋_GB2312"


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that a file shows."""

    table: Table
    area: str
    term: Term
    on: date
    maker: str = ""
    reviewer: str = ""
    note: str = ""
    is_filed: bool = False

    @property
    def left(self) -> str:
        return pgettext("filing", "Reporting office: %(name)s") % {"name": self.area}

    @property
    def right(self) -> str:
        word = "" if self.is_filed else pgettext("filing", "(not filed)")
        return f"{self.term.label}{word}"

    @property
    def signers(self) -> list[str]:
        day = f"{self.on.year}年{self.on.month}月{self.on.day}日"
        return [
            pgettext("filing", "Made by: %(name)s") % {"name": self.maker},
            pgettext("filing", "Reviewed by: %(name)s") % {"name": self.reviewer},
            pgettext("filing", "Day: %(day)s") % {"day": day},
        ]

    def lines(self) -> Iterator[str]:
        """Identities, notes, and what the maker wrote."""
        for check in self.table.checks:
            word = (
                pgettext("filing", "holds") if check.holds else pgettext("filing", "does not hold")
            )
            sign = check.sign if check.holds else "≠"
            yield f"{check.label}：{check.left} {sign} {check.right}（{word}）"
        yield from self.table.notes
        if self.note:
            yield pgettext("filing", "Note: %(text)s") % {"text": self.note}


def may_take(wanted: dict[str, Any], actor: Actor, now: datetime) -> bool:  # noqa: ARG001
    """Whoever answers for the area; a filing, if it is of that area."""
    area = str(wanted.get("area", ""))
    known = wanted.get("form") in FORMS and wanted.get("format") in MEDIA
    return known and any(area.startswith(root) for root in figures.roots(actor))


def report_of(wanted: dict[str, Any], actor: Actor, *, now: datetime) -> Report:
    """As filed when ``filing`` names one, else as counted now. Raises ``NotFound``."""
    term = terms.read(str(wanted.get("term", "")))
    area = Area.objects.filter(code=wanted["area"]).values_list("name", flat=True).first()
    if term is None or area is None:
        raise NotFound
    if key := wanted.get("filing"):
        return _filed(services.find(actor, int(key)), area, term)
    ask = reading.ask_of(actor, wanted["area"], term, now=now)
    return Report(reading.take(FORMS[wanted["form"]], ask), area, term, local_day(now))


def _filed(filing: Filing, area: str, term: Term) -> Report:
    return Report(
        frozen.thaw(filing.table),
        area,
        term,
        local_day(filing.made_at),
        filing.maker_name,
        filing.reviewer_name,
        filing.note,
        is_filed=True,
    )


@errand(
    KIND, label=pgettext_lazy("filing", "Statutory report"), may_take=may_take, rows=figures_only
)
def make(work: Work) -> Product:
    """Count, lay out, write."""
    work.step(0, STEPS)
    kind = str(work.wanted["format"])
    with override(LANGUAGE):
        report = report_of(work.wanted, work.actor, now=work.now)
        work.step(1, STEPS)
        data = WRITERS[kind](report)
    work.step(2, STEPS)
    path: Path = work.scratch / f"report.{kind}"
    path.write_bytes(data)
    work.step(STEPS, STEPS)
    name = f"{report.area}{report.table.title}（{report.term.label}）.{kind}"
    return Product(path, name, MEDIA[kind])


# Excel --------------------------------------------------------------------------------------------


def _headed(column: Column) -> str:
    return f"{column.label}（{column.unit}）" if column.unit else column.label


def _number(column: Column, number: Any) -> Cell:
    if column.is_rate:
        return Cell(number, TENTH)
    return Cell(number, MONEY if isinstance(number, Decimal) else WHOLE)


def workbook(report: Report) -> bytes:
    """Numbers as numbers; headings stay in sight and stand on every printed page."""
    table, width = report.table, len(report.table.columns) + 1
    half = width // 2
    about = [Cell(report.left, NOTE, across=half), Cell(report.right, NOTE, across=width - half)]
    head = _head(table)
    rows: list[list[Cell]] = [[Cell(table.title, TITLE, across=width)], about, *head]
    rows.append(_told_row(table, pgettext("filing", "In all"), table.total, HEAD))
    for part in table.parts:
        rows.append([Cell(part.label, HEAD, across=width)])
        rows += [_told_row(table, line.label, line.numbers, PLAIN) for line in part.lines]
    for text in (*report.lines(), "　　".join(report.signers)):
        rows.append([Cell(text, NOTE, across=width)])
    widths = [24, *(14 for _one in table.columns)]
    sheet = Sheet(table.title, rows, widths, frozen=(2 + len(head), 1))
    noon = datetime.combine(report.on, time(4), tzinfo=UTC)
    return xlsx.write([sheet], title=table.title, at=noon)


def _told_row(table: Table, label: str, numbers: Any, style: int) -> list[Cell]:
    return [Cell(label, style), *(_number(one, numbers.get(one.name)) for one in table.columns)]


def _head(table: Table) -> list[list[Cell]]:
    """One row of headings, or two with the groups above."""
    spans = groups(table)
    labels = [Cell(_headed(one), HEAD) for one in table.columns]
    corner = Cell(pgettext("filing", "Line"), HEAD, down=2 if spans else 1)
    if not spans:
        return [[corner, *labels]]
    above = [Cell(name, HEAD, across=span) for name, span in spans]
    return [[corner, *above], [Cell(None, HEAD), *labels]]


# CSV ----------------------------------------------------------------------------------------------


def comma_separated(report: Report) -> bytes:
    """With a mark for Excel at its head; nothing in it is taken for a formula."""
    out = io.StringIO()
    rows = csv.writer(out)
    table = report.table
    rows.writerow([inert(table.title), inert(report.area), report.term.label])
    head = [pgettext("filing", "Section"), pgettext("filing", "Line")]
    rows.writerow([*head, *(inert(one.label) for one in table.columns)])
    rows.writerow(["", pgettext("filing", "In all"), *_plain(table, table.total)])
    for part in table.parts:
        for line in part.lines:
            rows.writerow([inert(part.label), inert(line.label), *_plain(table, line.numbers)])
    for text in (*report.lines(), *report.signers):
        rows.writerow([inert(text)])
    return out.getvalue().encode("utf-8-sig")


def _plain(table: Table, numbers: Any) -> Iterator[str]:
    for one in table.columns:
        number = numbers.get(one.name)
        yield "" if number is None else str(number)


# PDF ----------------------------------------------------------------------------------------------


def pdf(report: Report) -> bytes:
    """Raises ``press.NoPdf``."""
    if report.table.form == chapter.FORM.name:
        return press.pdf(_told_in_words(report), on=report.on)
    table = report.table
    rows = [_told(table, pgettext("filing", "In all"), table.total, total=True)]
    for part in table.parts:
        rows.append({"part": True, "total": False, "cells": [part.label]})
        rows += [_told(table, line.label, line.numbers) for line in part.lines]
    amounts = {name for name, n in table.total.items() if isinstance(n, Decimal)}
    data = {
        "title": table.title,
        "organisation": report.area,
        "left": report.left,
        "right": report.right,
        "size": 9 if len(table.columns) < 14 else 6.5,
        "widths": [3, *(1.8 if one.name in amounts else 1.1 for one in table.columns)],
        "head": _pdf_head(table),
        "rows": rows,
        "lines": list(report.lines()),
        "signers": report.signers,
        "page_words": ["第", "页　共", "页"],
    }
    return press.pdf(data, on=report.on, form="sheet.typ")


def _told(table: Table, label: str, numbers: Any, *, total: bool = False) -> dict[str, Any]:
    cells = [label, *(spoken(numbers.get(one.name), one) for one in table.columns)]
    return {"part": False, "total": total, "cells": cells}


def _pdf_head(table: Table) -> list[dict[str, Any]]:
    spans = groups(table)
    corner = {"text": pgettext("filing", "Line"), "across": 1, "down": 2 if spans else 1}
    above = [{"text": name, "across": span, "down": 1} for name, span in spans]
    below = [{"text": _headed(one), "across": 1, "down": 1} for one in table.columns]
    return [corner, *above, *below]


def _told_in_words(report: Report) -> dict[str, Any]:
    """The chapter as a paper: the same blocks for Word and PDF."""
    laid = narrative.chapter(report.table, report.area, report.term)
    laid.append(blocks.right(*report.signers))
    return {
        "title": report.table.title,
        "organisation": report.area,
        "blocks": laid,
        "draft": not report.is_filed,
        "draft_word": "草稿",
        "page_numbers": True,
        **dict.fromkeys(("qr", "qr_alt", "code", "code_label", "print_label", "fingerprint"), ""),
    }


# Word ---------------------------------------------------------------------------------------------


def docx(report: Report) -> bytes:
    """A landscape page with one table whose heading is repeated; everything can be edited."""
    if report.table.form == chapter.FORM.name:
        return wording.render(_told_in_words(report), {}, on=report.on)
    table, word = report.table, Word()
    section = word.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = Mm(12)
    section.top_margin = section.bottom_margin = Mm(14)
    normal = word.styles["Normal"]
    normal.font.name, normal.font.size = BODY, Pt(10.5)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), BODY)
    normal.paragraph_format.space_after = Pt(0)
    _line(word, table.title, size=18, align="CENTER", bold=True)
    _line(word, f"{report.left}　　{report.right}")
    _grid(word, table)
    for text in report.lines():
        _line(word, text, size=9)
    _line(word, "　　　　".join(report.signers))
    word.core_properties.title, word.core_properties.author = table.title, report.area
    out = io.BytesIO()
    word.save(out)
    return out.getvalue()


def _line(
    word: Any, text: str, *, size: float = 10.5, align: str = "LEFT", bold: bool = False
) -> None:
    paragraph = word.add_paragraph()
    run = paragraph.add_run(text)
    run.bold, run.font.size = bold, Pt(size)
    paragraph.alignment = getattr(WD_ALIGN_PARAGRAPH, align)


def _grid(word: Any, table: Table) -> None:
    spans = groups(table)
    heads = 2 if spans else 1
    grid = word.add_table(rows=heads, cols=len(table.columns) + 1)
    grid.style = "Table Grid"
    small = 10.5 if len(table.columns) < 12 else 8
    _fill(grid.rows[heads - 1].cells, ["", *map(_headed, table.columns)], small, bold=True)
    if spans:
        place = 1
        for name, span in spans:
            above = grid.rows[0].cells[place].merge(grid.rows[0].cells[place + span - 1])
            _write(above, name, small, bold=True)
            place += span
        grid.rows[0].cells[0].merge(grid.rows[1].cells[0])
    _write(grid.rows[0].cells[0], pgettext("filing", "Line"), small, bold=True)
    for row in grid.rows:
        mark = OxmlElement("w:tblHeader")
        mark.set(qn("w:val"), "true")
        row._tr.get_or_add_trPr().append(mark)
    told: list[tuple[str, Any, bool]] = [(pgettext("filing", "In all"), table.total, True)]
    for part in table.parts:
        told.append((part.label, None, True))
        told += [(line.label, line.numbers, False) for line in part.lines]
    for label, numbers, bold in told:
        cells = [label]
        if numbers is not None:
            cells += [spoken(numbers.get(one.name), one) for one in table.columns]
        _fill(grid.add_row().cells, cells, small, bold=bold)


def _fill(cells: Any, texts: list[str], size: float, *, bold: bool) -> None:
    for cell, text in zip(cells, texts, strict=False):
        _write(cell, text, size, bold=bold)


def _write(cell: Any, text: str, size: float, *, bold: bool) -> None:
    run = cell.paragraphs[0].add_run(text)
    run.bold, run.font.size = bold, Pt(size)


WRITERS: Final = {"xlsx": workbook, "docx": docx, "pdf": pdf, "csv": comma_separated}
