"""How each paper is laid out: fields in, blocks out (forms of 司发通〔2010〕239号 and local custom)."""

from collections.abc import Callable
from typing import Any

from mediation.documents import blocks as b
from mediation.documents.words import BLANK_DATE

Fields = dict[str, Any]
Layout = Callable[[Fields], list[b.Block]]
HAND = "（签名、盖章或按指印）"
SEAL = "（盖章）"


def person(row: dict[str, str], *, label: str = "") -> b.Block:
    """One party as a form: person, or organisation with who speaks for it."""
    who = label or row["side"]
    if row["kind"] == "legal":
        return b.pairs(
            [(who, row["name"])],
            [("住所", row["address"])],
            [(row["id_label"], row["id_number"])],
            [("法定代表人", row["representative"]), ("联系方式", row["phone"])],
            widths=(6, 7, 4, 7),
        )
    lines: list[list[tuple[str, str]]] = [
        [(who, row["name"]), ("性别", row["sex"])],
        [("民族", row["ethnicity"]), ("年龄", row["age"])],
        [("职业或职务", row["occupation"]), ("联系方式", row["phone"])],
        [("单位或住址", row["address"])],
        [(row["id_label"], row["id_number"])],
    ]
    if row["guardian"]:
        lines.append([("监护人", row["guardian"])])
    return b.pairs(*lines)


def people(f: Fields, key: str = "parties") -> list[b.Block]:
    return [person(row) for row in f[key]]


def signers(rows: list[dict[str, str]]) -> list[list[b.Block]]:
    """A line per party, two side by side, with the day of signature where it is known."""
    return _by_two(
        [
            b.line(
                row["side"], row["name"] if row["on"] else "", row["on"] or HAND, row.get("pad", "")
            )
            for row in rows
        ]
        or [b.line("当事人", hint=HAND), b.line("当事人", hint=HAND)]
    )


def _by_two(lines: list[b.Block]) -> list[list[b.Block]]:
    return [lines[i : i + 2] for i in range(0, len(lines), 2)]


def staff(f: Fields) -> list[b.Block]:
    """Mediator and recorder of a record: their names stand there, the pen or the screen adds the rest."""
    return [
        b.line(row["who"], row["name"], row["on"] or "（签名）", row["pad"]) for row in f["staff"]
    ]


def spoken(f: Fields, label: str) -> list[b.Block]:
    """Turn by turn where it was taken down so; and what was written besides."""
    said = [b.talk(label, f["turns"])] if f["turns"] else []
    more = [b.box("记录摘要" if said else label, f["record"])] if f["record"] or not said else []
    return [*said, *more]


def photographs(f: Fields) -> list[b.Block]:
    return [b.pictures("现场照片", f["photos"])] if f["photos"] else []


def application(f: Fields) -> list[b.Block]:
    return [
        b.title("人民调解申请书"),
        *people(f, "applicants"),
        b.gap(2),
        *people(f, "respondents"),
        b.head("纠纷简要情况："),
        b.para(f["facts"]),
        b.head("当事人申请事项："),
        b.items(f["claims"] or [""]),
        b.para(
            "人民调解委员会已将申请人民调解的相关规定告知我，现自愿申请人民调解委员会进行调解。"
        ),
        b.sign([b.line("申请人", hint=HAND)]),
        b.right(f["registered_on"] or BLANK_DATE),
    ]


def intake(f: Fields) -> list[b.Block]:
    names = [(row["side"], row["name"]) for row in f["parties"]]
    return [
        b.title("人民调解受理登记表"),
        b.number(f["number"]),
        b.pairs(
            [("登记时间", f["registered_on"]), ("纠纷类型", f["category"])],
            *[[pair] for pair in names],
            [("案件来源", f"{f['origin']}（{f['source']}）")],
        ),
        b.box(
            "受理意见",
            f"{f['party_names'] or '双方当事人'}之间的纠纷，经征得双方当事人同意，"
            f"由{f['organisation']}进行调解。",
        ),
        b.box("纠纷简要情况", f["facts"]),
        b.sign(
            *signers(
                [
                    {"side": row["side"], "name": "", "on": ""}
                    for row in f["parties"]
                    if row["side"] != "利害关系人"
                ]
            ),
            [
                b.line("登记人", f["registrar"], "（签名）"),
                b.line("日期", f["accepted_on"] or BLANK_DATE),
            ],
        ),
        b.right(f"{f['organisation']}{SEAL}"),
        b.note("备注：此表由人民调解委员会填写。"),
    ]


RIGHTS = (
    "人民调解是在人民调解委员会主持下，通过说服、疏导等方法，促使当事人在平等协商基础上自愿达成调解协议，"
    "解决民间纠纷的活动。人民调解不收取任何费用。",
    "调解遵循下列原则：在当事人自愿、平等的基础上进行；不违背法律、法规和国家政策；尊重当事人的权利，"
    "不得因调解而阻止当事人依法通过仲裁、行政、司法等途径维护自己的权利。",
    "当事人享有下列权利：选择或者接受人民调解员；接受调解、拒绝调解或者要求终止调解；要求调解公开进行或者"
    "不公开进行；自主表达意愿、自愿达成调解协议。",
    "当事人履行下列义务：如实陈述纠纷事实；遵守调解现场秩序，尊重人民调解员；尊重对方当事人行使权利。",
    "经人民调解委员会调解达成的调解协议具有法律约束力，当事人应当按照约定履行。协议书自各方当事人签名、盖章"
    "或者按指印，人民调解员签名并加盖人民调解委员会印章之日起生效；口头调解协议自达成之日起生效。",
    "双方当事人认为有必要的，可以自调解协议生效之日起三十日内共同向人民法院申请司法确认。",
    "人民调解委员会对当事人的个人隐私和商业秘密予以保密。调解中的让步和妥协不作为其他程序中对其不利的证据。",
)


def rights(f: Fields) -> list[b.Block]:
    told = f["rights_told"] or [{"name": "", "on": ""}]
    return [
        b.title("人民调解权利义务告知书"),
        b.flush(f"{f['party_names'] or '各方当事人'}："),
        b.para(
            "依照《中华人民共和国人民调解法》，现将人民调解的性质、原则、效力和当事人的权利义务告知如下："
        ),
        b.items(RIGHTS),
        b.para("以上内容本人已阅读（已向本人宣读），清楚明白。"),
        b.sign(
            *[
                [
                    b.line("被告知人", row["name"] if row["on"] else "", HAND, row.get("pad", "")),
                    b.line("日期", row["on"]),
                ]
                for row in told
            ]
        ),
        b.right(f["organisation"]),
    ]


def inquiry(f: Fields) -> list[b.Block]:
    asked = [
        [
            row["name"],
            row["sex"],
            row["age"],
            row["occupation"],
            row["address"],
            row["relation"] or row["side"],
        ]
        for row in f["asked_people"]
    ]
    return [
        b.title("人民调解调查记录"),
        b.pairs(
            [("时间", f["held_at"])],
            [("地点", f["held_in"])],
            [("事由", f"{f['title']}（{f['meeting_kind']}）")],
            [("参加人", f["invited"])],
        ),
        b.rows(
            ["被调查人", "性别", "年龄", "职业", "住址", "与当事人关系"],
            asked or [["", "", "", "", "", ""]],
            widths=(3, 2, 2, 3, 6, 4), left=(4,),
        ),
        *spoken(f, "调查记录"),
        *photographs(f),
        b.sign(
            *signers([{**row, "side": "被调查人"} for row in f["attended"]]),
            [{**row, "who": row["who"].replace("人民调解员", "调查人")} for row in staff(f)],
        ),
    ]  # fmt: skip


def evidence(f: Fields) -> list[b.Block]:
    lines = [
        [str(n), row["name"], row["copies"], row["source"], row["by"], row["on"]]
        for n, row in enumerate(f["evidence"], start=1)
    ]
    return [
        b.title("人民调解证据材料"),
        b.pairs([("案号", f["case_number"])], [("纠纷", f["title"])]),
        b.rows(
            ["序号", "材料名称", "份数", "来源", "提交人", "日期"],
            lines or [["", "", "", "", "", ""]],
            widths=(3, 7, 3, 4, 5, 7), left=(1,),
        ),
        b.sign([b.line("接收人", f["mediator"], "（签名）")]),
    ]  # fmt: skip


def record(f: Fields) -> list[b.Block]:
    return [
        b.title("人民调解记录"),
        b.pairs(
            [("时间", f["held_at"] + (f"至{f['held_until']}" if f["held_until"] else ""))],
            [("地点", f["held_in"])],
            [("事由", f"{f['title']}（{f['method']}）")],
            [("当事人", f["present"])],
            [("参加人", f["invited"])],
        ),
        b.box(
            "人民调解委员会已将人民调解的相关规定告知各方当事人",
            "告知内容：人民调解的性质、原则和效力，当事人在调解中的权利义务，不收取任何费用。",
        ),
        *spoken(f, "调解记录"),
        b.box("调解结果", f["outcome"]),
        *([b.para(f["read_back"])] if f["read_back"] else []),
        *photographs(f),
        b.sign(*signers(f["attended"]), staff(f)),
        b.right(f["held_at"].split("日")[0] + "日" if "日" in f["held_at"] else BLANK_DATE),
    ]


def agreement(f: Fields) -> list[b.Block]:
    duties = [
        [
            row["ordinal"],
            row["debtor"],
            "\n".join(part for part in (row["content"], row.get("how", "")) if part),
            row["amount"].replace("（", "\n（"),
            row["due_on"],
        ]
        for row in f["obligations"]
    ]
    table = b.rows(
        ["序号", "义务人", "履行内容", "金额", "履行期限"],
        duties,
        widths=(6, 9, 15, 18, 15),
        left=(2, 3),
    )
    return [
        b.title("人民调解协议书"),
        b.number(f"编号：{f['number']}"),
        *people(f),
        b.head("纠纷主要事实、争议事项："),
        b.para(f["agreement_facts"]),
        b.head("经调解，自愿达成如下协议："),
        b.items(f["clauses"] or [""]),
        *([table] if duties else []),
        b.head("履行方式、地点、时限："),
        b.para(f"履行方式：{f['manner']}。"
               + (f"履行地点：{f['performed_in']}。" if f["performed_in"] else "")
               + f"履行时限：{f['time_limit']}。"
               + (f"合计{f['total']}。" if f["total"] else "")),
        b.para(f"本协议一式{f['copies']}份，当事人各执一份，{f['organisation']}留存一份。"),
        b.sign(*signers(f["signatures"]), _mediator_signs(f)),
        b.right(f"{f['organisation']}{SEAL}", f["agreed_on"] or BLANK_DATE),
    ]  # fmt: skip


def _mediator_signs(f: Fields) -> list[b.Block]:
    name = f["mediator"] if f["mediator_signed"] else ""
    pad = f["staff"][0]["pad"] if f["staff"] else ""
    return [
        b.line("人民调解员", name, f["mediator_signed"] or "（签名）", pad),
        b.line("记录人", hint="（签名）"),
    ]


def oral(f: Fields) -> list[b.Block]:
    return [
        b.title("人民调解口头协议登记表"),
        b.number(f"编号：{f['number']}"),
        *people(f),
        b.box("纠纷简要情况", f["facts"]),
        b.box("协议内容", "\n".join(f["clauses"])),
        b.pairs([("履行方式", f["manner"]), ("履行时限", f["time_limit"])]),
        b.sign([b.line("人民调解员", f["mediator"], "（签名）")]),
        b.right(f"{f['organisation']}{SEAL}", f["agreed_on"] or BLANK_DATE),
    ]


def visit(f: Fields) -> list[b.Block]:
    return [
        b.title("人民调解回访记录"),
        b.pairs(
            [("当事人", f["party_names"])],
            [("调解协议编号", f["file_number"])],
            [("回访事由", f"{f['title']}调解后回访")],
            [("回访时间", f["visited_at"])],
            widths=(4, 6, 3, 6),
        ),
        b.box(
            "回访情况",
            "\n".join(
                part for part in (f["visit_outcome"], f["visit_more"], f["visit_note"]) if part
            )
            + (f"\n当事人满意度：{f['satisfaction']}" if f["satisfaction"] else ""),
            blank=1,
        ),
        b.sign([b.line("被回访人", hint=HAND), b.line("回访人", f["visitor"], "（签名）")]),
    ]


def cover(f: Fields) -> list[b.Block]:
    return [
        b.cover(
            f["organisation"],
            "卷宗",
            [
                ("卷　　名", f["title"]),
                ("卷　　号", f["file_number"]),
                ("当 事 人", _few(f["party_names"])),
                ("人民调解员", f["mediator"]),
                ("调解日期", f["period"]),
                ("立 卷 人", f["binder"]),
                ("立卷日期", f["bound_on"]),
                ("保管期限", f["retention"]),
                ("备　　注", ""),
            ],
        )
    ]


MANY_LETTERS = 60


def _few(names: str) -> str:
    """On the cover there is room for some names; the first then stands for all."""
    told = names.split("、")
    return names if len(names) <= MANY_LETTERS else f"{told[0]}等{len(told)}方"


def back_cover(f: Fields) -> list[b.Block]:
    return [
        b.gap(60),
        b.title("卷宗封底"),
        b.pairs(
            [("卷号", f["file_number"])],
            [("本卷页数", f"{f['page_total']}页" if f["page_total"] else "")],
            [("立卷人", f["binder"]), ("检查人", f["reviewer"])],
            [("立卷日期", f["bound_on"]), ("保管期限", f["retention"])],
        ),
    ]


def catalogue(f: Fields) -> list[b.Block]:
    lines = [
        [str(n), r["name"], r["page"], r["note"]] for n, r in enumerate(f["catalogue"], start=1)
    ]
    return [
        b.title("卷内目录"),
        b.rows(
            ["序号", "文书名称", "页号", "备注"],
            lines or [["", "", "", ""]],
            widths=(2, 9, 2, 4),
            left=(1,),
        ),
    ]


def situation(f: Fields) -> list[b.Block]:
    missing = "、".join(f["missing"])
    return [
        b.title("卷宗情况说明"),
        b.pairs([("卷号", f["file_number"])], [("案号", f["case_number"])]),
        b.box(
            "情况说明",
            f"本卷缺下列材料：{missing}。" if missing else "本卷材料齐全，无需说明的缺漏。",
            blank=6,
        ),
        b.sign(
            [b.line("立卷人", f["binder"], "（签名）"), b.line("检查人", f["reviewer"], "（签名）")]
        ),
        b.right(f["bound_on"]),
    ]


def confirmation(f: Fields) -> list[b.Block]:
    return [
        b.title("司法确认申请书"),
        *[person({**row, "side": "申请人"}) for row in f["parties"] if row["side"] != "利害关系人"],
        b.head("申请事项："),
        b.para(f"请求确认{f['organisation']}主持达成的{f['number']}人民调解协议有效。"),
        b.head("事实与理由："),
        b.para(f["agreement_facts"]),
        b.para(
            f"双方经{f['organisation']}调解，于{f['agreed_on'] or BLANK_DATE}自愿达成调解协议，"
            f"协议自{f['effective_on'] or BLANK_DATE}起生效，内容如下："
        ),
        b.items(f["clauses"] or [""]),
        b.para(
            "申请人承诺：出于解决纠纷的目的自愿达成协议，没有恶意串通、规避法律的行为；如果因为该协议内容而给"
            "他人造成损害的，愿意承担相应的民事责任和其他法律责任。"
        ),
        b.flush(f"此致\n{f['court']}"),
        b.sign(
            *signers([{**row, "side": "申请人", "on": "", "pad": ""} for row in f["signatures"]])
        ),
        b.right(f["filed_on"]),
    ]


def closing(f: Fields) -> list[b.Block]:
    people = [[r["side"], r["name"], r["address"], r["phone"]] for r in f["parties"]]
    return [
        b.title("结案报告表"),
        b.number(f"卷号：{f['file_number']}"),
        b.pairs(
            [("承办单位", f["organisation"]), ("承办人", f["mediator"])],
            [("受案时间", f["accepted_on"] or f["registered_on"]), ("结案时间", f["closed_on"])],
            [("案件来源", f["source"]), ("纠纷类型", f["category"])],
        ),
        b.rows(
            ["", "姓名（名称）", "住址", "电话"],
            people or [["", "", "", ""]],
            widths=(7, 8, 15, 9),
            left=(2,),
        ),
        b.box("纠纷简要事实", f["facts"]),
        b.box("处理结果", f["result"], blank=1),
        b.sign(
            [
                b.line("承办人", f["mediator"], "（签名）"),
                b.line("审核人", f["reviewer"], "（签名）"),
            ]
        ),
        b.right(f"填表时间：{f['today']}"),
    ]
