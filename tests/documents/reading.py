"""Reading what was printed: text without spaces and line breaks, fonts, pages."""

import io

from pypdf import PdfReader


def text_of(pdf):
    """The text of a PDF as one run of characters."""
    pages = PdfReader(io.BytesIO(pdf)).pages
    return "".join("".join(page.extract_text().split()) for page in pages)


def text_by_page(pdf):
    return ["".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages]


def lines_of(pdf):
    """Each line as it stands on the paper, cells of a table one by one."""
    pages = PdfReader(io.BytesIO(pdf)).pages
    return [line.strip() for page in pages for line in page.extract_text().splitlines()]


def pages_of(pdf):
    return len(PdfReader(io.BytesIO(pdf)).pages)


def fonts_of(pdf):
    """Name → whether the font program is inside the file."""
    found = {}
    for page in PdfReader(io.BytesIO(pdf)).pages:
        for font in page["/Resources"].get("/Font", {}).values():
            inner = font.get_object()["/DescendantFonts"][0].get_object()
            described = inner["/FontDescriptor"].get_object()
            found[str(inner["/BaseFont"])] = bool({"/FontFile2", "/FontFile3"} & set(described))
    return found


def words_of(docx):
    from docx import Document as Word

    word = Word(io.BytesIO(docx))
    cells = [c.text for table in word.tables for row in table.rows for c in row.cells]
    return "".join("".join([p.text for p in word.paragraphs] + cells).split())
