"""Letters and notices between the committee, the parties and other organs; papers of reconsideration."""

from mediation.documents import blocks as b
from mediation.documents.layouts import HAND, SEAL, Fields, people, person, signers
from mediation.documents.words import BLANK_DATE


def _letter(f: Fields, name: str, to: str, *paragraphs: str, on: str = "") -> list[b.Block]:
    return [
        b.title(name),
        b.number(f["number"]),
        b.flush(f"{to}："),
        *[b.para(text) for text in paragraphs if text],
        b.right(f"{f['organisation']}{SEAL}", on or f["today"]),
    ]


def transfer(f: Fields) -> list[b.Block]:
    return _letter(
        f,
        "纠纷移送（委托）函",
        f["organ"],
        f"现将{f['case_number']}{f['title']}一案移送你单位（{f['referral_target']}）依法办理。"
        f"移送依据：{f['referral_ground']}。",
        f"基本情况：{f['referral_summary']}",
        "移送材料不含调解过程中当事人作出的让步、承认和未公开的意见。",
        f"请于{f['reply_by']}前将是否受理及办理结果书面回复。",
        on=f["sent_on"],
    )


def receipt(f: Fields) -> list[b.Block]:
    return [
        b.title("移送回执"),
        b.number(f["number"]),
        b.flush(f"{f['organisation']}："),
        b.para(f"你单位{f['sent_on']}移送的{f['case_number']}{f['title']}一案材料收悉。经审查："),
        b.para("☐ 予以受理　　☐ 不予受理　　☐ 转送有权机关"),
        b.box("理由或办理结果", f["answer"], blank=4),
        b.sign([b.line("签收人", hint="（签名）"), b.line("日期")]),
        b.right(f"{f['organ']}{SEAL}"),
    ]


def ended(f: Fields) -> list[b.Block]:
    return _letter(
        f,
        "人民调解终止通知书",
        f["party_names"] or "各方当事人",
        f"关于{f['case_number']}{f['title']}一案，因{f['end_reason']}，依照《中华人民共和国人民调解法》第二十六条，"
        f"自{f['ended_on']}起终止调解。",
        f"依法告知：你可以通过下列途径维护自己的权利：{f['remedies']}。",
        "调解终止不影响你依法申请仲裁、提起诉讼或者请求有关部门处理；请注意诉讼时效和各项申请期限。",
        on=f["ended_on"],
    )


def extension(f: Fields) -> list[b.Block]:
    return [
        b.title("延长调解期限同意书"),
        b.para(
            f"{f['case_number']}{f['title']}一案，原定于{f['mediation_due'] or BLANK_DATE}前调解终结。"
            f"现各方当事人一致同意将调解期限延长至{f['extended_until']}。"
        ),
        b.sign(
            *signers([{**row, "on": "", "pad": ""} for row in f["signatures"]]),
            [b.line("人民调解员", f["mediator"], "（签名）")],
        ),
        b.right(BLANK_DATE),
    ]  # fmt: skip


def authority(f: Fields) -> list[b.Block]:
    return [
        b.title("授权委托书"),
        *[person(row, label="委托人") for row in f["party"]],
        b.gap(3),
        b.pairs(
            [("受委托人", ""), ("性别", "")],
            [("单位或住址", "")],
            [("身份证件号码", ""), ("联系方式", "")],
            [("与委托人关系", "")],
        ),
        b.para(
            f"现委托上列受委托人，在{f['case_number']}{f['title']}的人民调解中，作为我方代理人。"
        ),
        b.para(
            "代理权限：☐ 一般代理　　☐ 特别授权（代为承认、放弃、变更请求，代为达成和签署调解协议，代领款物）"
        ),
        b.sign([b.line("委托人", hint=HAND), b.line("受委托人", hint=HAND)]),
        b.right(BLANK_DATE),
    ]


def service(f: Fields) -> list[b.Block]:
    return [
        b.title("送达回证"),
        b.pairs(
            [("案号", f["case_number"])],
            [("送达文书名称及件数", "")],
            [("受送达人", f["party"][0]["name"] if f["party"] else "")],
            [("送达地点", f["party"][0]["address"] if f["party"] else "")],
            [("受送达人签收", "\n（签名、盖章或按指印）　　　　年　　月　　日　　时")],
            [("代收人及代收理由", "\n")],
            [("拒收事由、见证人", "\n")],
            [("送达人", "")],
            widths=(6, 6, 3, 5),
        ),
        b.right(f["organisation"]),
    ]


# Reconsideration ---------------------------------------------------------------------------------


def advice(f: Fields) -> list[b.Block]:
    return [
        b.title("行政复议权利告知书"),
        b.number(f["number"]),
        b.flush(f"{f['party_names'] or '申请人'}："),
        b.para(
            f"你反映的事项涉及{f['acting_organ']}作出的行政行为（{f['act']}"
            + (f"，文号{f['act_number']}" if f["act_number"] else "")
            + "），属于行政争议，不属于人民调解的范围。现告知如下："
        ),
        b.items([
            f"你可以向{f['competent_body']}申请行政复议。",
            f"你自{f['known_on']}知道该行政行为，最迟应当在{f['apply_by']}（含当日）提出申请；因不可抗力等正当理由耽误的，"
            "申请期限自障碍消除之日起继续计算。",
            f["first_note"],
            "申请可以书面提出，书面申请有困难的可以口头提出；行政复议不收取任何费用。",
            "人民调解、信访等其他活动不中断、不延长上述期限。",
        ]),
        b.sign([b.line("被告知人", hint=HAND), b.line("日期")]),
        b.right(f["office"], f["today"]),
    ]  # fmt: skip


def reconsideration_application(f: Fields) -> list[b.Block]:
    return [
        b.title("行政复议申请书"),
        *people(f, "applicants"),
        b.pairs([("被申请人", f["acting_organ"])]),
        b.head("行政复议请求："),
        b.items(f["claims"] or [""]),
        b.head("事实和理由："),
        b.para(
            f"申请人于{f['known_on']}知道被申请人作出的行政行为：{f['act']}（{f['act_kind']}）"
            + (f"，文号{f['act_number']}" if f["act_number"] else "") + "。"
        ),
        b.para(f["facts"]),
        b.flush(f"此致\n{f['competent_body']}"),
        b.sign([b.line("申请人", hint=HAND)]),
        b.right(BLANK_DATE),
        b.note("附：申请书副本、身份证明、被申请复议的行政行为材料、证据材料。"),
    ]  # fmt: skip


def reply(f: Fields) -> list[b.Block]:
    return [
        b.title("行政复议答复书"),
        b.number(f["number"]),
        b.pairs([("答复人", f["acting_organ"])], [("申请人", "、".join(r["name"] for r in f["applicants"]))]),
        b.para(
            f"申请人不服我单位作出的{f['act']}"
            + (f"（{f['act_number']}）" if f["act_number"] else "") + "申请行政复议一案，现答复如下："
        ),
        b.box("一、行政行为的事实、证据和依据", "", blank=5),
        b.box("二、程序", "", blank=4),
        b.box("三、对申请人请求和理由的意见", "", blank=4),
        b.para("综上，请行政复议机关依法审理。"),
        b.flush(f"此致\n{f['competent_body']}"),
        b.right(f"{f['acting_organ']}{SEAL}", BLANK_DATE),
        b.note("附：作出行政行为的证据、依据和其他有关材料（证据清单）。"),
    ]  # fmt: skip
