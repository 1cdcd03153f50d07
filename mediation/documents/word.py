"""Papers as Word files: our own form out of the same blocks, or an office's form filled with the fields.

Forms are written in docxtpl's tags. They run in a sandbox: no attribute, no call, no filter beyond the
few here; what people typed is data and is escaped.
"""

import io
import re
import zipfile
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any, Final

from docx import Document as Word
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, Template
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

BODY: Final = "仿宋_GB2312"
HEADING: Final = "黑体"
FILTERS: Final = (
    "default",
    "d",
    "join",
    "length",
    "trim",
    "upper",
    "lower",
    "escape",
    "e",
    "first",
    "last",
)


class Sandbox(ImmutableSandboxedEnvironment):
    """Only the names that we hand in, their entries, and loops over them."""

    # A text times a billion would fill the memory.
    intercepted_binops = frozenset({"*", "**", "%", "/", "//"})

    def __init__(self) -> None:
        super().__init__(autoescape=True, undefined=StrictUndefined)
        self.filters = {name: self.filters[name] for name in FILTERS}
        self.globals.clear()

    def from_string(self, source: Any, *_: Any, **__: Any) -> Template:
        """A form is compiled once: that is half the time of a Word file."""
        return self._form(source)

    @lru_cache(maxsize=64)  # noqa: B019 -- there is one sandbox, for ever
    def _form(self, source: str) -> Template:
        return super().from_string(source)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        # ``loop.index`` and the like; everything that we hand in is dict, list or text.
        plain = not attr.startswith("_") and not callable(value)
        return plain and type(obj).__name__ == "LoopContext"

    def is_safe_callable(self, obj: Any) -> bool:  # noqa: ARG002 -- jinja's signature
        return False

    def call_binop(self, *args: Any) -> Any:  # noqa: ARG002 -- jinja's signature
        raise SecurityError("A form does not calculate.")

    def call(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ARG002 -- jinja's signature
        raise SecurityError("A form may not call anything.")


SANDBOX: Final = Sandbox()


def render(
    data: Mapping[str, Any], fields: Mapping[str, Any], *, on: date, template: bytes | None = None
) -> bytes:
    """Fill in the form. ``fields`` by their keys; ``blocks`` and ``draft`` are there for our own form."""
    form = DocxTemplate(io.BytesIO(template or standard()))
    told = {
        **fields,
        "blocks": data["blocks"],
        "draft": data["draft_word"] if data["draft"] else "",
    }
    told |= {"check_code": data["code"], "fingerprint": data["fingerprint"] if data["code"] else ""}
    form.render(told, jinja_env=SANDBOX, autoescape=True)
    form.docx.core_properties.title = data["title"]
    form.docx.core_properties.author = data["organisation"]
    written = io.BytesIO()
    form.save(written)
    return _settled(written.getvalue(), on)


def _settled(data: bytes, on: date) -> bytes:
    """The same parts with the paper's own date: the same data gives the same bytes."""
    out = io.BytesIO()
    stamp = f"{on.isoformat()}T00:00:00Z".encode()
    moment = (max(on.year, 1980), on.month, on.day, 0, 0, 0)
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            body = old.read(name)
            if name == "docProps/core.xml":
                body = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", stamp, body)
            entry = zipfile.ZipInfo(name, moment)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, body, compresslevel=1)
    return out.getvalue()


# Our own form ------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def standard() -> bytes:
    """One form for all kinds, which walks over the blocks."""
    word = _page()
    _tag(word, "{%p if draft %}")
    _line(word, "{{ draft }}", size=26, align="right", font=HEADING)
    _tag(word, "{%p endif %}")
    _tag(word, "{%p for b in blocks %}")
    for kind, write in (
        ("title", lambda w: _line(w, "{{ b.text }}", size=22, align="center", bold=True)),
        ("subtitle", lambda w: _line(w, "{{ b.text }}", size=14, align="center")),
        ("number", lambda w: _line(w, "{{ b.text }}", size=14, align="right")),
        ("head", lambda w: _line(w, "{{ b.text }}", font=HEADING, indent=True)),
        ("para", lambda w: _line(w, "{{ b.text }}", indent=True)),
        ("flush", lambda w: _line(w, "{{ b.text }}")),
        ("note", lambda w: _line(w, "{{ b.text }}", size=10.5)),
        ("items", _items),
        ("pairs", _pairs),
        ("rows", _rows),
        ("box", _box),
        ("talk", _talk),
        ("pictures", _pictures),
        ("sign", _sign),
        ("right", _right),
        ("cover", _cover),
    ):
        _tag(word, f"{{%p if b.t == '{kind}' %}}")
        write(word)
        _tag(word, "{%p endif %}")
    _tag(word, "{%p endfor %}")
    _tag(word, "{%p if check_code %}")
    _line(word, "核验码 {{ check_code }}　防伪码 {{ fingerprint }}", size=9)
    _tag(word, "{%p endif %}")
    return _bytes(word)


def starter(title: str, fields: Mapping[str, tuple[str, list[str] | None]]) -> bytes:
    """A form to begin with: every field of a kind under its label. key → (label, columns of a list)."""
    word = _page()
    _line(word, title, size=22, align="center", bold=True)
    for key, (label, columns) in fields.items():
        if columns is None:
            _line(word, f"{label}：{{{{ {key} }}}}")
        elif not columns:
            _tag(word, f"{{%p for row in {key} %}}")
            _line(word, "{{ loop.index }}．{{ row }}", indent=True)
            _tag(word, "{%p endfor %}")
        else:
            _line(word, f"{label}：", font=HEADING)
            _list_table(word, key, columns)
    _line(word, "核验码 {{ check_code }}　防伪码 {{ fingerprint }}", size=9)
    return _bytes(word)


def _bytes(word: Any) -> bytes:
    out = io.BytesIO()
    word.save(out)
    return out.getvalue()


def _page() -> Any:
    """An empty A4 page with the margins of GB/T 9704."""
    word = Word()
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    normal = word.styles["Normal"]
    normal.font.name, normal.font.size = BODY, Pt(16)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), BODY)
    normal.paragraph_format.line_spacing = Pt(28.9)
    normal.paragraph_format.space_after = Pt(0)
    return word


def _line(
    parent: Any, text: str, *, size: float = 16, align: str = "left", font: str = BODY,
    bold: bool = False, indent: bool = False,
) -> Any:  # fmt: skip
    paragraph = parent.add_paragraph()
    run = paragraph.add_run(text)
    run.font.size, run.font.name, run.bold = Pt(size), font, bold
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    paragraph.alignment = getattr(WD_ALIGN_PARAGRAPH, align.upper())
    if indent:
        paragraph.paragraph_format.first_line_indent = Pt(2 * size)
    if size < 16:
        paragraph.paragraph_format.line_spacing = Pt(size * 1.5)
    return paragraph


def _tag(parent: Any, text: str) -> None:
    parent.add_paragraph(text)


def _cell(cell: Any, text: str, *, font: str = BODY, size: float = 12) -> None:
    cell.paragraphs[0]._element.getparent().remove(cell.paragraphs[0]._element)
    _line(cell, text, size=size, font=font)


def _items(word: Any) -> None:
    _tag(word, "{%p for item in b['items'] %}")
    _line(word, "{{ loop.index }}．{{ item }}", indent=True)
    _tag(word, "{%p endfor %}")


def _table(word: Any, columns: int, rows: int = 1) -> Any:
    table = word.add_table(rows=rows, cols=columns)
    table.style = "Table Grid"
    return table


def _pairs(word: Any) -> None:
    """Rows of one or two pairs: those of one fill the line, which a form of Word cannot merge."""
    table = _table(word, 2, rows=4)
    table.rows[0].cells[0].merge(table.rows[0].cells[1]).paragraphs[
        0
    ].text = "{%tr for row in b.rows %}"
    _cell(table.rows[1].cells[0], "{{ row[0].text }}：{{ row[1].text }}")
    _cell(
        table.rows[1].cells[1],
        "{% if row|length > 2 %}{{ row[2].text }}：{{ row[3].text }}{% endif %}",
    )
    table.rows[2].cells[0].merge(table.rows[2].cells[1]).paragraphs[0].text = "{%tr endfor %}"
    table._tbl.remove(table.rows[3]._tr)
    word.add_paragraph().paragraph_format.line_spacing = Pt(6)


def _rows(word: Any) -> None:
    table = _table(word, 3, rows=4)
    heads = table.rows[0].cells
    for cell, text in zip(
        heads, ("{%tc for h in b.head %}", "{{ h }}", "{%tc endfor %}"), strict=True
    ):
        _cell(cell, text, font=HEADING)
    table.rows[1].cells[0].paragraphs[0].text = "{%tr for row in b.rows %}"
    for cell, text in zip(
        table.rows[2].cells, ("{%tc for c in row %}", "{{ c }}", "{%tc endfor %}"), strict=True
    ):
        _cell(cell, text)
    table.rows[3].cells[0].paragraphs[0].text = "{%tr endfor %}"
    word.add_paragraph().paragraph_format.line_spacing = Pt(6)


def _list_table(word: Any, key: str, columns: list[str]) -> None:
    table = _table(word, len(columns), rows=3)
    table.rows[0].cells[0].paragraphs[0].text = f"{{%tr for row in {key} %}}"
    for cell, column in zip(table.rows[1].cells, columns, strict=True):
        _cell(cell, f"{{{{ row['{column}'] }}}}")
    table.rows[2].cells[0].paragraphs[0].text = "{%tr endfor %}"


def _box(word: Any) -> None:
    table = _table(word, 1)
    cell = table.rows[0].cells[0]
    _cell(cell, "{{ b.label }}", font=HEADING)
    _line(cell, "{{ b.text }}", size=13, indent=True)
    word.add_paragraph().paragraph_format.line_spacing = Pt(6)


def _talk(word: Any) -> None:
    _line(word, "{{ b.label }}", size=12, font=HEADING)
    _tag(word, "{%p for turn in b.turns %}")
    _line(word, "{{ turn.who }}：{{ turn.text }}", size=13, indent=True)
    _tag(word, "{%p endfor %}")


def _pictures(word: Any) -> None:
    """What the pictures show; they themselves are in the PDF and among the originals."""
    _line(word, "{{ b.label }}", size=12, font=HEADING)
    _tag(word, "{%p for picture in b.pictures %}")
    _line(word, "{{ picture.caption }}", size=12, indent=True)
    _tag(word, "{%p endfor %}")


def _sign(word: Any) -> None:
    _tag(word, "{%p for line in b.rows %}")
    _tag(word, "{%p for s in line %}")
    _line(
        word,
        "{{ s.who }}：{{ s.text or '＿＿＿＿＿＿＿＿' }}"
        "{% if s.pad %}（已在屏幕上签名）{% endif %}{{ s.hint }}",
        size=14,
    )
    _tag(word, "{%p endfor %}")
    _tag(word, "{%p endfor %}")


def _right(word: Any) -> None:
    _tag(word, "{%p for l in b.lines %}")
    _line(word, "{{ l }}　　", align="right")
    _tag(word, "{%p endfor %}")


def _cover(word: Any) -> None:
    _line(word, "{{ b.organisation }}", size=22, align="center", bold=True)
    _line(word, "{{ b.name }}", size=36, align="center", bold=True)
    _tag(word, "{%p for row in b.rows %}")
    _line(word, "{{ row[0] }}：{{ row[1] }}", size=15)
    _tag(word, "{%p endfor %}")
