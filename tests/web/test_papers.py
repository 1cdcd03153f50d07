"""Papers and files in the browser: list, preview, issue, check, upload, whole file."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from mediation.disputes.enums import Status as S
from mediation.documents.models import Document, Lending, Look
from mediation.errands import services as errands
from mediation.errands.models import Errand
from mediation.uploads.models import Upload
from tests.disputes.obstacles import FILING
from tests.documents.reading import pages_of, text_of
from tests.factories import give
from tests.factories.cases import DAY_ONE, NEXT_DAY
from tests.uploads.corpus import office, picture


@pytest.fixture(autouse=True)
def _own_vault(settings, tmp_path):
    settings.DATA_DIR = tmp_path


def photo(name="现场.jpg", data=None):
    return SimpleUploadedFile(name, data or picture("JPEG", exif=True))


def body(answer):
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def page(case, rest=""):
    return f"/disputes/{case.code}/papers/{rest}"


def test_list_offers_every_paper_of_the_case_and_says_what_is_missing(case_in, sign_in):
    case = case_in(S.ARCHIVED)

    shown = sign_in("li").get(page(case)).content.decode()

    for title in ("人民调解协议书", "权利义务告知书", "卷宗封面", "结案报告表", "卷宗材料齐全"):
        assert title in shown
    assert page(case) in sign_in("li").get(f"/disputes/{case.code}/").content.decode()


def test_preview_prints_and_issue_freezes(case_in, sign_in):
    case, li = case_in(S.AGREED), sign_in("li")

    preview = li.get(page(case, "d7/"))
    assert 'src="' + page(case, "d7/1.png") in preview.content.decode()
    assert body(li.get(page(case, "d7/1.png")))[:4] == b"\x89PNG"
    draft = li.get(page(case, "d7/pdf/"))
    assert "草稿" in text_of(body(draft))
    assert "sandbox" in draft["Content-Security-Policy"]
    assert li.post(page(case, "d7/issue/")).status_code == 302
    document = Document.objects.get()
    assert document.code in text_of(body(li.get(page(case, "d7/pdf/"))))
    assert "草稿" not in text_of(body(li.get(page(case, "d7/pdf/?for=signing"))))
    assert body(li.get(page(case, "d7/docx/")))[:2] == b"PK"
    assert li.get(page(case, "d7/pdf/?version=9")).status_code == 404
    assert Look.objects.filter(dispute=case, what="pdf d7").count() == 3
    assert Look.objects.filter(dispute=case, what="paper d7").count() == 1


def test_picture_of_a_paper_asked_for_alone_is_noted_too(case_in, sign_in, cast):
    """It bears names and numbers in full like the page around it."""
    case = case_in(S.AGREED)

    assert sign_in("li").get(page(case, "d7/1.png")).status_code == 200

    looks = Look.objects.filter(dispute=case).values_list("what", "person_id")
    assert list(looks) == [("paper d7", cast.id("li"))]


@pytest.mark.parametrize(("who", "status"), [("wang", 200), ("ling", 403), ("b_li", 404)])
def test_papers_are_for_the_team(case_in, sign_in, who, status):
    case, browser = case_in(S.MEDIATING), sign_in(who)

    assert browser.get(page(case)).status_code == status
    assert browser.get(page(case, "d7/pdf/")).status_code in {403, 404}
    assert browser.get(page(case, "d1/")).status_code == (404 if status == 404 else 403)


def test_paper_that_is_not_there_is_not_found(case_in, sign_in):
    case, li = case_in(S.MEDIATING), sign_in("li")

    assert {li.get(page(case, f"{x}/")).status_code for x in ("d9", "d4-999999", "zz", "d7")} == {
        404
    }


def test_check_page_tells_a_stranger_nothing_personal(case_in, cast, sign_in):
    case = case_in(S.PERFORMING)
    give(cast.li, "issue_document", case, NEXT_DAY, kind="d7")
    document = Document.objects.get()
    stranger = Client()

    shown = stranger.get(f"/v/{document.code}").content.decode()

    assert all(
        w in shown
        for w in (document.number, "汽车路街道人民调解委员会", document.short_fingerprint)
    )
    assert not any(
        w in shown for w in ("彭测安", "蔡测宁", case.number, case.code, "漏水", "papers")
    )
    yes = stranger.post(f"/v/{document.code}", {"fingerprint": document.short_fingerprint.lower()})
    assert "核验一致" in yes.content.decode()
    no = stranger.post(f"/v/{document.code}", {"fingerprint": "0000 0000 0000"})
    part = stranger.post(f"/v/{document.code}", {"fingerprint": document.fingerprint[:1]})
    assert not part.context["matches"]
    assert "核验不一致" in no.content.decode()
    file = SimpleUploadedFile("a.pdf", body(sign_in("li").get(page(case, "d7/pdf/"))))
    same = stranger.post(f"/v/{document.code}", {"file": file})
    assert "核验一致" in same.content.decode()
    assert stranger.get("/v/AAAA-BBBB").status_code == 404
    assert 'value="0000 0000 0000"' in no.content.decode()


@pytest.mark.parametrize(
    ("typed", "leads_to"),
    [
        ("3pyy e81v", "/v/3PYY-E81V"),
        ("3PYY-E81", "/v/3pyy-e81"),
        ("//evil.example", "/v/evilexample"),
        ("汉字", "/v/-"),
    ],
)
def test_code_of_a_paper_may_be_typed(client, db, typed, leads_to):
    assert 'name="code"' in client.get("/v/").content.decode()
    answer = client.get("/v/", {"code": typed})
    assert answer.headers["Location"] == leads_to
    assert 'name="code"' in client.get(leads_to).content.decode()


def test_printed_code_leads_to_its_slot_and_a_signed_page_lands_there(case_in, cast, sign_in):
    case, li = case_in(S.MEDIATING), sign_in("li")
    give(cast.li, "issue_document", case, DAY_ONE, kind="d3")
    document = Document.objects.get()
    assert page(case, "d3/#signed") in li.get(f"/v/{document.code}").content.decode()
    assert "papers" not in sign_in("b_li").get(f"/v/{document.code}").content.decode()

    data = {
        "file": photo(),
        "slot": "signed",
        "paper": document.code.lower(),
        "next": page(case, "d3/"),
    }
    answer = li.post(f"/disputes/{case.code}/files/", data)

    assert answer["Location"] == page(case, "d3/")
    document.refresh_from_db()
    assert document.is_signed
    assert Upload.objects.get().paper == document.code
    assert "草稿" not in text_of(body(li.get(page(case, "d3/pdf/"))))


def test_file_is_taken_in_cleaned_and_handed_out_by_policy(case_in, sign_in):
    case, wang = case_in(S.MEDIATING), sign_in("wang")
    files = [photo(), photo("彭测安.jpg")]

    wang.post(
        f"/disputes/{case.code}/files/", {"file": files, "slot": "evidence", "note": "漏水处"}
    )

    assert list(Upload.objects.values_list("ordinal", "slot")) == [(1, "evidence"), (2, "evidence")]
    address = f"/disputes/{case.code}/files/1/"
    answer = sign_in("li").get(address)
    assert b"Spy" not in body(answer)
    assert answer["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert body(sign_in("li").get(address + "small/"))[:3] == b"\xff\xd8\xff"
    assert wang.get(address).status_code == 200  # brought by himself
    assert [sign_in(who).get(address).status_code for who in ("ling", "he", "b_li", "xi")] == [
        404
    ] * 4


def test_bad_file_is_refused_with_a_sentence_and_good_ones_beside_it_stay(case_in, sign_in):
    case = case_in(S.MEDIATING)
    bad = SimpleUploadedFile("合同.docx", office(extra=[("word/vbaProject.bin", b"x")]))

    answer = sign_in("li").post(
        f"/disputes/{case.code}/files/", {"file": [photo(), bad], "slot": "evidence"}
    )

    assert answer.status_code == 422
    assert "合同.docx" in answer.content.decode()
    assert "宏" in answer.content.decode()
    assert Upload.objects.count() == 1


def test_file_taken_out_is_gone_from_the_page_and_kept_on_record(case_in, sign_in):
    case, li = case_in(S.MEDIATING), sign_in("li")
    li.post(f"/disputes/{case.code}/files/", {"file": photo(), "slot": "evidence"})

    assert li.post(f"/disputes/{case.code}/files/1/withdraw/", {"reason": ""}).status_code == 422
    li.post(f"/disputes/{case.code}/files/1/withdraw/", {"reason": "传错案件"})

    assert li.get(f"/disputes/{case.code}/files/1/").status_code == 404
    assert Upload.objects.get().withdrawn_reason == "传错案件"


def test_whole_file_comes_as_one_pdf_and_as_zip(case_in, cast, sign_in):
    case, li = case_in(S.PERFORMING), sign_in("li")
    li.post(
        f"/disputes/{case.code}/files/", {"file": photo(), "slot": "performance", "note": "收条"}
    )
    give(cast.li, "issue_document", case, NEXT_DAY, kind="d7")
    for form in ("pdf", "zip"):
        li.post(page(case, "whole/"), {"form": form})

    assert errands.drain(NEXT_DAY) == 2

    first, second = (body(li.get(f"/errands/{e.pk}/file/")) for e in Errand.objects.order_by("pk"))
    text = text_of(first)
    assert all(
        w in text for w in ("卷内目录", "人民调解协议书", "履行凭证：收条", "卷宗封底", "彭测安")
    )
    assert pages_of(first) >= 8
    with zipfile.ZipFile(io.BytesIO(second)) as archive:
        names = archive.namelist()
    assert any("人民调解协议书.pdf" in name for name in names)
    assert any(name.endswith("现场.jpg") for name in names)
    assert "目录.json" in names
    assert Lending.objects.filter(act="download").count() == 2


def test_whole_file_is_not_for_strangers(case_in, sign_in):
    case = case_in(S.PERFORMING)

    assert sign_in("ling").post(page(case, "whole/")).status_code == 403
    assert sign_in("b_li").post(page(case, "whole/")).status_code == 404
    assert Errand.objects.count() == 0


def test_photos_come_with_the_registration_once_and_never_undo_it(filled, sign_in):
    wang = sign_in("wang")
    bad = SimpleUploadedFile("b.jpg", b"<html>")

    for _again in range(2):
        wang.post("/register/", filled | {"photos": [photo(), bad]})

    upload = Upload.objects.get()
    assert (upload.slot, upload.dispute.registered_by.username) == ("scene", "wang")
    assert wang.get(f"/disputes/{upload.dispute.code}/files/1/small/").status_code == 200


def test_office_puts_in_its_own_form(cast, sign_in):
    si, word = sign_in("si"), office()
    assert "文书模板" in si.get("/office-forms/").content.decode()
    start = body(si.get("/office-forms/d7/starter/"))

    refused = si.post("/office-forms/d7/put/", {"file": SimpleUploadedFile("a.docx", word)})
    taken = si.post("/office-forms/d7/put/", {"file": SimpleUploadedFile("a.docx", start)})

    assert (refused.status_code, taken.status_code) == (422, 302)
    assert "第1版" in si.get("/office-forms/d7/").content.decode()
    assert body(si.get("/office-forms/d7/1/")) == start
    assert si.post("/office-forms/d7/use/", {"version": ""}).status_code == 302
    assert sign_in("li").get("/office-forms/").status_code == 403


def test_steps_that_judge_the_file_show_what_it_lacks_and_count_its_pages(case_in, sign_in, cast):
    case, si = case_in(S.PERFORMING), sign_in("si")
    give(cast.li, "issue_document", case, DAY_ONE, kind="d7")
    give(cast.li, "file_confirmation", case, DAY_ONE, **FILING | {"filed_on": "2026-03-02"})
    case_in.go(case, S.CLOSED)

    closing = si.get(f"/disputes/{case.code}/do/archive/")
    elsewhere = si.get(f"/disputes/{case.code}/do/comment/")

    shown = closing.content.decode()
    assert "归档还缺2项" in shown
    assert "司法确认材料" in shown
    assert "缺少" in shown
    assert closing.context["step"]["form"]["page_count"].value() > Document.objects.get().pages + 3
    assert "归档还缺" not in elsewhere.content.decode()
