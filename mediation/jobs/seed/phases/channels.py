"""Referral, and the track of reconsideration."""

from datetime import timedelta

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
        competent_body="益阳市资阳区人民政府",
        known_on=(tale.today - timedelta(days=known_before)).isoformat(),
        clock_told=True,
    )


def track(tale: Tale, *steps: str) -> None:
    """Steps of the reconsideration, as the clerk learns of them."""
    for name in steps:
        tale.days(1, 4)
        tale.do(
            tale.team.clerk,
            "record_reconsideration",
            step=name,
            on=tale.today.isoformat(),
            decision="D2" if name == "decide" else "",
            note="处罚程序违法，予以撤销。" if name == "decide" else "",
        )
