"""The chapter of the yearly report: sentences with the numbers of the forms, as an editable document."""

import io
from typing import Any

import pytest
from docx import Document as Word

from mediation.filings import exports, narrative, reading, services, terms
from mediation.filings.forms import FORMS
from mediation.filings.reading import Table
from tests.documents.reading import text_of
from tests.factories import Cast
from tests.factories.people import SUBDISTRICT
from tests.filings.conftest import MAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_may")]

WANTED = {"form": "chapter", "area": SUBDISTRICT, "term": "2026"}


def report(cast: Cast, **more: str) -> exports.Report:
    return exports.report_of(WANTED | more, cast.bao, now=MAY)


@pytest.mark.usefixtures("town")
def test_chapter_repeats_the_numbers_of_the_forms(cast: Cast) -> None:
    made = report(cast)
    term = terms.read("2026")
    assert term
    ask = reading.ask_of(cast.bao, SUBDISTRICT, term, now=MAY)

    for name in ("cases", "screening", "overdue", "team"):
        own = reading.take(FORMS[name], ask).total
        picked = {k: v for k, v in made.table.total.items() if k.startswith(f"{name}_")}
        assert picked == {f"{name}_{k}": v for k, v in own.items() if f"{name}_{k}" in picked}
        assert len(picked) > 2
    assert made.table.holds


@pytest.mark.usefixtures("town")
def test_word_file_is_text_that_can_be_edited(cast: Cast) -> None:
    made = report(cast)
    total = made.table.total

    word = Word(io.BytesIO(exports.docx(made)))

    text = "\n".join(paragraph.text for paragraph in word.paragraphs)
    assert "汽车路街道2026年法治政府建设情况报告" in text
    assert f"全年受理纠纷{total['cases_accepted']}件" in text
    assert f"全年排查登记矛盾纠纷{total['screening_found']}件" in text
    assert f"比上年增加{total['cases_accepted']}件" in text
    assert "五、下一步工作安排" in text
    assert narrative.OPEN in text
    cells = [cell.text for row in word.tables[0].rows for cell in row.cells]
    assert cells[:4] == ["指标", "单位", "本期", "上年同期"]


@pytest.mark.usefixtures("cast")
def test_pdf_of_the_filed_chapter_bears_both_names(cast: Cast) -> None:
    found = services.submit(
        cast.bao, FORMS["chapter"], SUBDISTRICT, terms.Term("Y", 2025), note="", now=MAY
    )
    services.lock(cast.si, found, now=MAY)

    text = text_of(exports.pdf(report(cast, term="2025", filing=str(found.pk))))

    assert "制表人：包测密" in text
    assert "审核人：司测所" in text
    assert "与上年持平" in text
    assert "草稿" not in text


@pytest.mark.parametrize(
    ("now", "ago", "words"),
    [
        (12, 10, "比上年增加2件（20.0%）"),
        (9, 12, "比上年减少3件（25.0%）"),
        (3, 0, "比上年增加3件，"),
        (0, 0, "与上年持平"),
    ],
)
def test_change_is_put_into_words(cast: Cast, now: int, ago: int, words: str) -> None:
    table = report(cast).table
    total: dict[str, Any] = dict(table.total) | {"cases_accepted": now, "ago_cases_accepted": ago}
    changed = Table(table.form, table.title, table.columns, total, table.parts)

    laid = narrative.chapter(changed, "甲街道", terms.Term("Y", 2026))

    told = next(b["text"] for b in laid if "受理纠纷" in b.get("text", ""))
    assert f"受理纠纷{now}件，{words}" in told.replace("；", "，")


def test_other_terms_are_called_otherwise(cast: Cast) -> None:
    laid = narrative.chapter(report(cast).table, "甲街道", terms.Term("H", 2026, 1))

    text = "".join(b.get("text", "") for b in laid)
    assert "本期受理纠纷0件" in text
    assert "与上年同期持平" in text
