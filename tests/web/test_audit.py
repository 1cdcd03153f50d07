"""The auditor's desk: everything of his own area, nothing of another, no party by name."""

import pytest
from django.utils.translation import override

from mediation.accounts.models import AccessChange, Change, Role
from mediation.core import clock
from mediation.disputes.enums import Sensitivity
from mediation.disputes.models import Reveal
from mediation.documents import services as documents
from mediation.errands.models import Errand
from mediation.oversight.models import Look, UrgentAccess
from mediation.oversight.sightings import Sighting
from mediation.search import questions
from mediation.search import services as search
from mediation.web.views.audit import in_words
from tests.factories import register
from tests.factories.people import SIBLING, SUBDISTRICT
from workflows import seals


@pytest.fixture
def seen(cast):
    """Each kind of look once, a moment ago."""
    now = clock.now()
    case = register(cast.wang)
    Reveal.objects.create(
        dispute=case, party=case.parties.first(), field="phone", person=cast.person("zhong"),
        reason="通知调解时间", at=now,
    )  # fmt: skip
    Look.objects.create(dispute=case, person=cast.person("ling"), at=now)
    documents.note_look(case, "pdf 1", cast.li, now=now)
    asked = questions.understand("439999198506120014")
    search.record(asked, cast.zhong, found=1, door="page", now=now)
    UrgentAccess.objects.create(
        dispute=case, person=cast.person("sun"), reason="夜里有人求助必须马上看", at=now, until=now
    )
    AccessChange.objects.create(
        at=now, by=cast.person("an"), by_name="安测全", what=Change.SESSIONS_ENDED,
        person=cast.person("wang"), reason="手机遗失",
    )  # fmt: skip
    Errand.objects.create(
        kind="event_log", person=cast.person("ping"), asked_at=now, rows=1234, area_code=SUBDISTRICT,
        purpose="区里要流程分析", state="held",
    )  # fmt: skip
    return case


def test_auditor_lands_on_his_desk_with_every_kind_of_look(seen, sign_in):
    seals.seal(clock.now())
    browser = sign_in("shen")

    shown = browser.get("/", follow=True)

    page = shown.content.decode()
    assert shown.redirect_chain == [("/audit/", 302)]
    reasons = ("通知调解时间", "夜里有人求助必须马上看", "手机遗失", "1234")
    for words in (*reasons, "打开文书", "按号码查询", "最近一次封存"):
        assert words in page, words
    assert seen.number in page
    for party in seen.parties.all():
        assert party.name not in page
        assert party.id_number not in page


@pytest.mark.parametrize(
    ("kind", "detail", "words"),
    [
        ("paper", "pdf d7", "人民调解协议书 · PDF"),
        ("paper", "paper d6-12", "人民调解记录 · 在线查看"),
        ("act", "record_consent", "已登记意愿"),
        ("reveal", "id_number", "身份证号"),
        ("urgent", "justified", "确有必要"),
        ("lookup", "身份证号 **0014 (1)", "身份证号 **0014 (1)"),
    ],
)
def test_particulars_are_told_in_words(kind, detail, words):
    line = Sighting(clock.now(), "li", "李测和", kind, detail=detail)

    with override("zh-hans"):
        assert str(in_words(line)) == words


def test_looks_are_narrowed_by_kind_person_and_case(seen, sign_in):
    browser = sign_in("shen")

    by_kind = browser.get("/audit/", {"kind": "paper"}).context["lines"]
    by_person = browser.get("/audit/", {"person": "zhong"}).context["lines"]
    by_case = browser.get("/audit/", {"case": seen.number, "kind": "reveal"}).context["lines"]
    odd = browser.get("/audit/", {"kind": "x", "person": "\0", "days": "٣", "case": "无"})

    assert [line.detail for line, _label, _detail in by_kind] == ["pdf 1"]
    assert sorted(line.kind for line, _label, _detail in by_person) == ["lookup", "reveal"]
    assert [line.username for line, _label, _detail in by_case] == ["zhong"]
    assert (odd.status_code, odd.context["lines"]) == (200, [])


def test_auditor_of_the_neighbours_sees_none_of_it(seen, cast, sign_in):
    cast.serve("mo", Role.AUDITOR, SIBLING)
    browser = sign_in("mo")

    page = browser.get("/audit/")
    records = browser.get("/search/records/").content.decode()

    assert page.context["lines"] == []
    assert not page.context["exports"]
    assert not page.context["urgent"]
    assert seen.number not in page.content.decode()
    assert "钟测中" not in records


@pytest.mark.parametrize("who", ["ling", "si", "xi", "an", "wang", "mo"])
def test_nobody_else_opens_it(cast, sign_in, who):
    assert sign_in(who).get("/audit/").status_code == 403


def test_desk_asks_as_often_for_three_as_for_one(seen, cast, sign_in, django_assert_num_queries):
    browser = sign_in("shen")
    browser.get("/audit/")
    with django_assert_num_queries(QUERIES):
        browser.get("/audit/")
    for _ in range(2):
        case = register(cast.wang)
        Look.objects.create(dispute=case, person=cast.person("ling"), at=clock.now())

    with django_assert_num_queries(QUERIES):
        browser.get("/audit/")


QUERIES = 27


def test_fetching_the_whole_file_is_on_record(seen, cast, sign_in, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    seen.sensitivity = Sensitivity.NORMAL
    (tmp_path / "errands").mkdir()
    (tmp_path / "errands" / "f").write_bytes(b"%PDF")
    errand = Errand.objects.create(
        kind="dossier_pdf", person=cast.person("zhong"), dispute=seen, asked_at=clock.now(),
        state="done", stored_as="f", file_name="a.pdf", media_type="application/pdf",
        wanted={"dispute": seen.pk},
    )  # fmt: skip

    answer = sign_in("zhong").get(f"/errands/{errand.pk}/file/")

    assert (answer.status_code, b"".join(answer.streaming_content)) == (200, b"%PDF")
    assert list(seen.looks.order_by("pk").values_list("what", "person__username")) == [
        ("pdf 1", "li"),
        ("dossier_pdf", "zhong"),
    ]
