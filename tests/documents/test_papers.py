"""Every kind of paper, printed from a case that went its way: its fields, its fonts, its bytes."""

import json

import pytest

from mediation.agreements.models import Obligation
from mediation.disputes.enums import Status as S
from mediation.disputes.models import Dispute, Party
from mediation.documents import dossier, make, press, services
from mediation.documents.casefile import CaseFile
from mediation.documents.fields import FIELDS
from mediation.documents.kinds import KINDS, Need, papers_of
from mediation.documents.models import Document
from mediation.uploads import services as uploads
from tests.documents.reading import fonts_of, lines_of, text_by_page, text_of, words_of
from tests.factories import at, give, register
from tests.factories.cases import DAY_ONE, DOWNSTAIRS, SESSION, UPSTAIRS, agreement, application
from tests.practice.test_guards import DOT, STROKES
from tests.uploads.corpus import picture

NOW = at("2026-03-02 12:00")
NAMES = ("彭测安", "蔡测宁")

# Kind → the status of a case that has it, and what must stand in it.
PRINTED = {
    "d1": (S.MEDIATING, [*NAMES, "439999197909300023", "修好防水并赔偿损失", "陆仟捌佰元整"]),
    "d2": (S.MEDIATING, [*NAMES, "邻里纠纷", "楼上厨房漏水", "包测密"]),
    "d3": (S.MEDIATING, ["不收取任何费用", *NAMES, "2026年3月2日"]),
    "d4": (S.MEDIATING, ["查看漏水点", "汽车路12号", "彭测安"]),
    "d5": (S.MEDIATING, ["人民调解证据材料"]),
    "d6": (S.AGREED, [*NAMES, "再谈赔偿", "调解结果"]),
    "d7": (
        S.PERFORMING,
        [*NAMES, "修好厨房防水", "肆仟贰佰元整", "2026年4月20日", "一式3份", "李测和", "人调字第"],
    ),
    "d9": (S.ARCHIVED, [*NAMES, "满意度", "5分"]),
    "d10": (S.ARCHIVED, ["卷宗", "资汽人调字第", *NAMES, "李测和", "30年"]),
    "d10b": (S.ARCHIVED, ["卷宗封底"]),
    "d11": (S.ARCHIVED, ["卷内目录"]),
    "d12": (S.ARCHIVED, ["情况说明"]),
    "d13": (S.PERFORMING, [*NAMES, "资阳区人民法院", "恶意串通"]),
    "l1": (S.ARCHIVED, ["结案报告表", *NAMES, "达成协议并履行"]),
    "l2a": (S.REFERRED, ["资阳区人民法院", "2026年4月2日", "人调移字"]),
    "l2b": (S.REFERRED, ["移送回执", "予以受理"]),
    "l2c": (S.MEDIATION_ENDED, [*NAMES, "第二十六条", "第二十六条"]),
    "l2d": (S.MEDIATING, ["延长至"]),
    "l2e": (S.MEDIATING, ["代理权限", "彭测安"]),
    "l2f": (S.MEDIATING, ["送达回证", "彭测安"]),
    "r1": (S.RECONSIDERING, ["当场罚款100元", "资阳区人民政府", "不中断"]),
    "r2": (S.RECONSIDERING, ["蔡测宁", "资阳区人民政府"]),
    "r3": (S.RECONSIDERING, ["行政复议答复书"]),
}


def paper_of(case, kind_id):
    file = CaseFile(case, now=NOW)
    kind = KINDS[kind_id]
    about = next(iter(kind.abouts(file)))
    number = "(2026)资汽人调字第001号" if kind.series == "file" else "资汽人调移字〔2026〕第001号"
    return make.paper(file, kind, about, number=number)


@pytest.fixture
def case_for(case_in, cast):
    def made(status):
        case = case_in(status)
        if status == S.AGREED:
            give(
                cast.li,
                "fall_through",
                case,
                DAY_ONE,
                party=1,
                withdrew_on="2026-03-02",
                reason="再谈",
            )
            case.refresh_from_db()
            more = SESSION | {"kind": "session", "record": "双方再谈赔偿。"}
            give(cast.li, "record_session", case, DAY_ONE, **more)
            give(cast.li, "reach_agreement", case, DAY_ONE, **agreement())
            case.refresh_from_db()
        return case

    return made


def test_all_kinds_are_printed_here():
    assert set(PRINTED) | {"d8"} == set(KINDS)


def test_every_field_of_a_kind_is_known_with_its_source():
    for kind in KINDS.values():
        assert set(kind.fields) <= set(FIELDS), kind.id
        assert all(FIELDS[key].source for key in kind.fields)


@pytest.mark.parametrize("status", sorted({status for status, _ in PRINTED.values()}))
def test_papers_of_a_case_show_their_fields(status, case_for):
    case = case_for(status)

    for kind_id in [k for k, (s, _) in PRINTED.items() if s == status]:
        paper = paper_of(case, kind_id)
        pdf = make.pdf(paper)
        text = text_of(pdf)
        lost = [word for word in PRINTED[kind_id][1] if word not in text]
        assert lost == [], kind_id
        assert fonts_of(pdf)
        assert all(fonts_of(pdf).values()), kind_id
        assert make.pdf(paper_of(case, kind_id)) == pdf, kind_id
        words = words_of(make.docx(paper))
        assert [word for word in PRINTED[kind_id][1] if word not in words] == [], kind_id


def test_consent_to_an_extension_names_the_day_that_was_extended(case_in, cast):
    """The period ended on 1 April; on the paper that day must not be the new one."""
    case = case_in(S.MEDIATING)
    more = {"all_agree": True, "agreed_on": "2026-03-02"}
    for until in ("2026-04-20", "2026-05-20"):
        give(cast.li, "extend", case, DAY_ONE, until=until, **more)
    case.refresh_from_db()

    text = text_of(make.pdf(paper_of(case, "l2d")))

    assert "原定于2026年4月20日前调解终结" in text
    assert "延长至2026年5月20日" in text


def test_rare_characters_survive_from_typing_to_print(cast):
    rare = [
        {"name": "王𬭎喆", "side": "applicant", "id_number": "439999198506120014"},
        {"name": "李㛃𠅤·艾山", "side": "respondent"},
    ]
    case = register(
        cast.bao, DAY_ONE, **application(parties=rare, facts="因𬭎字招牌被拆，双方多次争执。")
    )

    paper = paper_of(case, "d2")

    text = text_of(make.pdf(paper))
    assert all(word in text for word in ("王𬭎喆", "李㛃𠅤·艾山", "𬭎字招牌"))
    assert "王𬭎喆" in words_of(make.docx(paper))


def test_markup_in_a_text_is_text(cast):
    facts = '#import "x" *粗* $x$ <script> {{ 7*7 }} {% if %} \\ ` // 原样保留'
    case = register(cast.bao, DAY_ONE, **application(facts=facts))

    paper = paper_of(case, "d1")

    assert "".join(facts.split()) in text_of(make.pdf(paper))
    assert "{{7*7}}{%if%}" in words_of(make.docx(paper))


def test_draft_says_so_until_it_is_signed(case_in):
    draft, signed = paper_of(case_in(S.AGREED), "d7"), paper_of(case_in(S.PERFORMING), "d7")

    assert make.DRAFT in text_of(make.pdf(draft))
    assert make.DRAFT in words_of(make.docx(draft))
    assert make.DRAFT not in text_of(make.pdf(signed))


def test_without_fonts_or_engine_word_still_comes(case_in, settings):
    settings.PDF_ENGINE = "none"
    paper = paper_of(case_in(S.REGISTERED), "d1")

    with pytest.raises(press.NoPdf) as refused:
        make.pdf(paper)

    assert "Word" in refused.value.sentences[0]
    assert "彭测安" in words_of(make.docx(paper))


def test_volume_has_the_order_of_the_ministry(case_in):
    file = CaseFile(case_in(S.ARCHIVED), now=NOW)

    wanted = [kind.id for kind, _about, need in papers_of(file) if need != Need.FREE]

    assert wanted == ["d10", "d11", "d2", "d3", "d4", "d7", "d9", "l1", "d10b"]


# What was said, drawn and photographed -----------------------------------------------------------

TURNS = [
    {"who": "m", "text": "现在告知各方权利义务。"},
    {"who": "p2", "text": "天花板泡坏了，请求赔偿。"},
    {"who": "p1", "text": "愿意修好防水。"},
]
SPOKEN = {"kind": "session", "record": "", "turns": TURNS, "read_back": True, "recorder": "包测密"}


def held(case, cast, **more):
    give(cast.li, "record_session", case, DAY_ONE, **(SESSION | SPOKEN | more))
    return case.meetings.latest("pk")


def printed_of(case, kind_id="d6"):
    paper = paper_of(Dispute.objects.get(pk=case.pk), kind_id)
    return paper, make.pdf(paper)


def test_turns_are_printed_with_their_speakers_and_only_once(case_in, cast):
    case = case_in(S.MEDIATING)
    held(case, cast)

    paper, pdf = printed_of(case)

    text, words = text_of(pdf), words_of(make.docx(paper))
    for line in (
        "调解员：现在告知各方权利义务。",
        "申请人蔡测宁：天花板泡坏了",
        "被申请人彭测安：愿意修好防水。",
    ):
        assert line in text
        assert line in words
    assert text.count("愿意修好防水") == 1
    assert "以上记录已向当事人宣读" in text
    assert "记录摘要" not in text


def test_summary_beside_the_turns_is_printed_too(case_in, cast):
    case = case_in(S.MEDIATING)
    held(case, cast, record="双方情绪平稳，约定下周再谈。")

    text = text_of(printed_of(case)[1])

    assert "愿意修好防水" in text
    assert "记录摘要双方情绪平稳" in text


def test_signature_of_the_screen_lies_on_its_line(case_in, cast):
    case = case_in(S.MEDIATING)
    meeting = held(case, cast)
    unsigned = printed_of(case)[0]

    give(
        cast.li, "sign_on_screen", case, DAY_ONE, what="meeting", meeting=meeting.pk, who="party",
        ordinal=2, strokes=STROKES, picture=DOT,
    )  # fmt: skip

    paper, pdf = printed_of(case)
    signers = {row["name"]: row for row in paper.fields["attended"]}
    assert signers["蔡测宁"]["pad"].startswith("<svg")
    assert (signers["彭测安"]["pad"], signers["彭测安"]["on"]) == ("", "")
    assert paper.fingerprint != unsigned.fingerprint
    assert "蔡测宁2026年3月2日" in text_of(pdf)
    assert "已在屏幕上签名" in words_of(make.docx(paper))


def test_photo_of_a_session_is_in_its_record_and_in_the_file(case_in, cast, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    case = case_in(S.MEDIATING)
    first, second = held(case, cast), held(case, cast, record="第二次会议。")
    for about, note in ((str(first.pk), "查看天花板"), ("", "双方握手")):
        parked = uploads.park(picture("JPEG", (900, 600)), "现场.jpg", cast.li, now=DAY_ONE)
        data = {"upload": parked.pk, "slot": "session", "note": note, "about": about}
        give(cast.li, "attach_file", case, DAY_ONE, **data)

    file = CaseFile(Dispute.objects.get(pk=case.pk), now=NOW)
    pages = {
        about.row.pk: text_of(make.pdf(make.paper(file, KINDS["d6"], about)))
        for about in KINDS["d6"].abouts(file)
    }
    lying = [part.name for part in dossier.parts(file)]

    assert "查看天花板（卷内第1号）" in pages[first.pk]
    assert "双方握手" not in pages[first.pk]
    assert "双方握手（卷内第2号）" in pages[second.pk]
    assert lying.index("调解现场材料：双方握手") > max(
        n for n, name in enumerate(lying) if name.startswith("人民调解记录")
    )
    assert dossier.whole_pdf(file, step=lambda *_: None)


def test_paper_issued_before_its_form_learned_a_field_still_opens(
    case_in, cast, settings, tmp_path
):
    settings.DATA_DIR = tmp_path
    case = case_in(S.PERFORMING)
    give(cast.li, "issue_document", case, DAY_ONE, kind="d7")
    document = Document.objects.get(dispute=case)
    told = json.loads(document.data)
    for key in ("staff", "performed_in"):
        told.pop(key)
    for row in told["obligations"]:
        row.pop("how")
    document.data, document.stored_as = json.dumps(told, ensure_ascii=False), ""

    text = text_of(services.read_pdf(document))

    assert "修好厨房防水" in text
    assert document.short_fingerprint.replace(" ", "") in text


def test_frame_tells_what_the_file_holds_and_lacks(case_in):
    """Each alone, not only within the volume."""
    case = case_in(S.ARCHIVED)
    Party.objects.filter(dispute=case, ordinal=1).update(id_sealed=b"", no_id_reason="")

    catalogue = printed_of(case, "d11")[0].fields["catalogue"]
    remarks = text_of(printed_of(case, "d12")[1])
    back = text_of(printed_of(case, "d10b")[1])

    assert [row["name"] for row in catalogue][:2] == [
        "人民调解受理登记表",
        "人民调解权利义务告知书",
    ]
    assert "卷宗情况说明" in [row["name"] for row in catalogue]
    assert "本卷缺下列材料：身份证明。" in remarks
    assert f"{Dispute.objects.get(pk=case.pk).page_count}页" in back


def test_complete_file_has_nothing_to_remark(case_in):
    case = case_in(S.ARCHIVED)

    remarks = text_of(printed_of(case, "d12")[1])

    assert "本卷材料齐全" in remarks
    names = [row["name"] for row in printed_of(case, "d11")[0].fields["catalogue"]]
    assert "卷宗情况说明" not in names


@pytest.mark.parametrize("length", [60, 120, 180, 240, 300, 360, 420, 600])
@pytest.mark.parametrize(
    ("kind_id", "field", "words", "end"),
    [
        ("r1", "act", "不延长上述期限", "被告知人"),
        ("l2a", "referral_summary", "结果书面回复", "（盖章）"),
        ("d9", "visit_note", "当事人满意度", "回访人"),
    ],
)
def test_no_page_bears_signature_or_seal_alone(kind_id, field, words, end, length):
    """However far down the text reaches (GB/T 9704-2012, 7.3.5.4)."""
    kind = KINDS[kind_id]
    fields = dict.fromkeys(kind.fields, "某某") | {field: "双方争执，" * (length // 5)}

    pages = text_by_page(make.pdf(make.Paper(kind, fields, NOW.date(), is_signed=True)))

    [last] = [page for page in pages if end in page]
    assert words in last


NOBODY = {
    "turns": [], "photos": [], "attended": [], "asked_people": [],
    "staff": [{"who": "调查人", "name": "李测", "on": "", "pad": ""}],
}  # fmt: skip


@pytest.mark.parametrize("times", [40, 70, 76, 82, 92, 98, 104, 110, 116, 122, 128, 140])
@pytest.mark.parametrize(("kind_id", "field"), [("d4", "record"), ("d9", "visit_note")])
def test_two_lines_of_a_long_last_paragraph_go_with_the_signatures(kind_id, field, times):
    """One paragraph fills the frame above the signatures: however long, its end stays with them."""
    kind = KINDS[kind_id]
    more = NOBODY if kind_id == "d4" else {"satisfaction": ""}
    fields = dict.fromkeys(kind.fields, "某某") | more | {field: "双方争执，" * times}

    pages = text_by_page(make.pdf(make.Paper(kind, fields, NOW.date(), is_signed=True)))

    said = [page.count("执") for page in pages]
    assert sum(said) == times
    assert len(pages) <= 2
    assert "签名" in pages[-1]
    assert said[-1] >= 6  # a full line holds five and a half of them


def test_large_amount_stays_within_its_cell(case_in):
    case = case_in(S.PERFORMING)
    Obligation.objects.filter(agreement__dispute=case, ordinal=2).update(amount="123456789.99")

    lines = lines_of(printed_of(case, "d7")[1])

    assert "（¥123456789.99）" in lines  # by itself: neither cut nor run into the day beside it


def test_dot_within_a_name_begins_no_line(case_in):
    long = "阿依古丽·" * 9 + "𬭎喆测安"
    case = case_in(S.PERFORMING, parties=[{**UPSTAIRS, "name": long}, DOWNSTAIRS])

    for kind_id in ("d2", "d3", "d7"):
        begun = [line for line in lines_of(printed_of(case, kind_id)[1]) if line.startswith("·")]
        assert begun == [], kind_id


def test_long_names_are_not_cut_and_do_not_cover_each_other(case_in, cast):
    long = "阿依古丽·" * 9 + "𬭎喆测安"
    parties = [{**UPSTAIRS, "name": long}, DOWNSTAIRS]
    case = case_in(S.PERFORMING, parties=parties)

    for kind_id in ("d2", "d3", "d7", "d13"):
        assert long in text_of(printed_of(case, kind_id)[1]), kind_id
