"""Forms of an office: tried on a sample, refused with what is wrong, versions kept."""

import io

import pytest
from docx import Document as Word

from mediation.areas.models import Area
from mediation.disputes.enums import Status as S
from mediation.documents import make, office_forms, services
from mediation.documents.casefile import CaseFile
from mediation.documents.kinds import KINDS, find
from mediation.documents.models import Template
from mediation.uploads.rejected import Rejected
from tests.documents.reading import words_of
from tests.factories import at
from tests.factories.people import SUBDISTRICT

NOW = at("2026-03-02 12:00")
D7 = KINDS["d7"]


@pytest.fixture(autouse=True)
def _own_vault(settings, tmp_path):
    settings.DATA_DIR = tmp_path


def form(*lines):
    word = Word()
    for line in lines:
        word.add_paragraph(line)
    out = io.BytesIO()
    word.save(out)
    return out.getvalue()


@pytest.fixture
def put(cast):
    area = Area.objects.get(code=SUBDISTRICT)
    return lambda data: office_forms.keep(D7, area, data, "协议.docx", cast.si, note="", now=NOW)


def test_form_of_the_office_is_used_and_its_versions_kept(put, case_in):
    put(form("旧格式 {{ number }}"))
    second = put(
        form("新格式 {{ number }}", "{% for row in parties %}{{ row.name }}、{% endfor %}")
    )

    case = case_in(S.PERFORMING)
    file = CaseFile(case, now=NOW)
    data = services.template_for("d7", case.area_code)
    words = words_of(make.docx(make.paper(file, *find(file, "d7"), number="第1号"), template=data))

    assert words == "新格式第1号彭测安、蔡测宁、"
    assert [row.version for row in Template.objects.order_by("version")] == [1, 2]
    assert Template.objects.get(in_use=True) == second


def test_picture_is_told_that_a_form_is_a_word_file(cast, case_in):
    area = case_in(S.REGISTERED).grid.parent.parent

    with pytest.raises(Rejected) as refusal:
        office_forms.keep(D7, area, b"x", "协议.jpg", cast.si, note="", now=NOW)

    assert "docx" in str(refusal.value.sentence)
    assert "jpg" not in str(refusal.value.sentence)
    assert not Template.objects.exists()


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("{{ salary }}", "field"),
        ("{% for row in parties %}", "tags"),
        ("{{ number", "tags"),
        ("{{ number.__class__ }}", "unsafe"),
        ("{{ ''.join(['a']) }}", "unsafe"),
        ("{{ number * 1000000000 }}", "unsafe"),
        ("{{ range(9) }}", "unsafe"),
        ("{{ parties|attr('append') }}", "tags"),
        ("{% include 'x' %}", "damaged"),
    ],
)
def test_form_that_cannot_work_or_wants_too_much_is_refused(put, line, why, snapshot_counts):
    before = snapshot_counts()

    with pytest.raises(Rejected) as refused:
        put(form(line))

    assert (refused.value.why, snapshot_counts()) == (why, before)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_starting_form_of_every_kind_passes_the_trial(kind):
    made = words_of(office_forms.try_out(kind, office_forms.starter(kind)))

    assert "1A2B3C4D5E6F" in made
