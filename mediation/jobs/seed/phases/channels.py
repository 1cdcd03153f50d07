"""Referral, and the track of reconsideration."""

from datetime import timedelta
from typing import Any

from mediation.jobs.seed.tale import Tale

ORGAN = {
    "court": "益阳市资阳区人民法院",
    "payment_order": "益阳市资阳区人民法院",
    "labour_arbitration": "资阳区劳动人事争议仲裁委员会",
    "police": "汽车路派出所",
    "petition": "资阳区信访局",
    "department": "资阳区城市管理和综合执法局",
}


def refer(tale: Tale, *, reply_in: int = 20) -> None:
    tale.days(0, 2)
    tale.do(
        tale.team.centre,
        "refer",
        target=tale.target,
        organ=ORGAN[tale.target],
        ground="consent",
        consent_on=tale.today.isoformat(),
        summary="当事人选择由该渠道处理；移送基本事实、诉求和证据目录，不含调解中的让步。",
        no_offers=True,
        reply_by=(tale.today + timedelta(days=reply_in)).isoformat(),
    )


def receiver_says(tale: Tale, answer: str) -> None:
    tale.days(1, 3)
    note = "已受理，收文登记在案。" if answer == "accept" else "不属于本单位管辖，退回。"
    tale.do(tale.team.centre, "acknowledge_referral", answer=answer, note=note)


def result_comes(tale: Tale) -> None:
    tale.days(5, 9)
    tale.do(
        tale.team.centre,
        "conclude_referral",
        answer="已依法立案处理，当事人对处理途径没有异议。",
        answered_on=tale.today.isoformat(),
    )


def order(tale: Tale, kind: str, organ: str, number: str, *, answer_in: int) -> None:
    """Another organ hands the matter over; the centre confirms the receipt."""
    tale.office()
    serial = number.format(year=tale.today.year, n=tale.rng.randint(100, 999))
    tale.do(
        tale.team.centre,
        "receive_order",
        kind=kind,
        organ=organ,
        number=serial,
        received_on=tale.today.isoformat(),
        reply_by=(tale.today + timedelta(days=answer_in)).isoformat(),
        both_consent=True,
        disposal="已核实基本情况，双方愿意由人民调解委员会调解。",
    )
    tale.do(
        tale.team.centre,
        "acknowledge_order",
        answer="accept",
        on=tale.today.isoformat(),
        note="已接收，回执随文送达。",
    )


def to_reconsideration(tale: Tale, *, known_before: int = 2) -> None:
    tale.office()
    spot = "当场处罚" in tale.topic.title
    tale.do(
        tale.team.centre,
        "refer_to_reconsideration",
        act_kind="spot_penalty" if spot else "other",
        act=tale.topic.title.removesuffix("争议"),
        act_number=f"资汽罚决字〔{tale.today.year}〕第{tale.rng.randint(10, 99)}号",
        organ="汽车路街道办事处" if spot else "资阳区城市管理和综合执法局",
        known_on=(tale.today - timedelta(days=known_before)).isoformat(),
        known_by="spot" if spot else "service",
        clock_told=True,
    )


# Step → what the clerk enters besides the day.
ENTERED: dict[str, dict[str, Any]] = {
    "rc_file": {"filed_by": "written"},
    "rc_ask_correction": {"items": "补充行政处罚决定书复印件和身份证明。", "number": "资复补〔{year}〕{n}号"},
    "rc_accept": {"procedure": "ordinary", "conditions_met": True, "number": "资复受〔{year}〕{n}号"},
    "rc_reply": {
        "content": "处罚事实清楚，证据确实，程序合法。",
        "evidence": [
            {"name": "现场照片", "proves": "现场事实", "source": "执法记录", "pages": 3},
            {"name": "处罚决定书", "proves": "处罚依据和送达", "source": "执法案卷", "pages": 1},
        ],
        "handled_by": "司法所",
    },
    "rc_hear": {"manner": "phone", "opinions": "申请人坚持撤销请求；被申请人坚持答复意见。"},
    "rc_suspend": {"ground": "S7", "told": True, "number": "资复中〔{year}〕{n}号"},
    "rc_decide": {
        "decision": "D2", "content": "处罚程序违法，予以撤销。", "number": "资复决〔{year}〕{n}号",
    },
    "rc_perform": {"note": "罚款已退还申请人。"},
    "rc_opinion": {"content": "规范当场处罚的告知程序。", "number": "资复意〔{year}〕{n}号"},
    "rc_report": {"content": "已组织执法培训并修订文书。"},
}  # fmt: skip
BY_OFFICE = frozenset({"rc_reply", "rc_opinion", "rc_report", "rc_perform"})


def track(tale: Tale, *steps: str) -> None:
    """Steps of the reconsideration, as the clerk or, for the office itself, its lawyer learns of them."""
    for name in steps:
        tale.days(1, 4)
        entered = ENTERED.get(name, {}) | {"on": tale.today.isoformat()}
        if "number" in entered:
            serial = tale.rng.randint(10, 99)
            entered["number"] = entered["number"].format(year=tale.today.year, n=serial)
        who = tale.team.justice if name in BY_OFFICE else tale.team.clerk
        tale.do(who, name, **entered)
