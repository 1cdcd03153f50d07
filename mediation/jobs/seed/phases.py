"""The stretches of which every story is made. Each adds the steps of one stretch to a tale."""

from datetime import timedelta
from typing import Any

from mediation.jobs.seed.places import community_name
from mediation.jobs.seed.tale import RESIDENT, NumberOf, Tale

SOURCES = ("grid", "grid", "grid", "application", "visit", "hotline", "police", "online")
CHANNEL = {"10": "L01", "13": "MEDICAL"}
FIRST_ROOM = "街道人民调解室"


# Intake and early warning --------------------------------------------------------------------------


def register(tale: Tale, *, unknown: bool = False) -> None:
    source = tale.rng.choice(SOURCES)
    if tale.is_alarming and not tale.fresh:
        tale.evening()
    who = {"online": RESIDENT, "hotline": tale.team.centre, "visit": tale.team.centre}.get(
        source, tale.team.worker
    )
    tale.do(
        who,
        "register",
        category=tale.topic.category,
        title=tale.topic.title,
        facts=tale.topic.told(tale.rng),
        claim=tale.topic.claim,
        amount=str(tale.amount or ""),
        people_count=tale.people_count or max(2, len(tale.parties)),
        parties=[] if unknown else tale.parties,
        parties_unknown=unknown,
        grid=tale.team.grid,
        place=place(tale),
        occurred_at=(tale.now - timedelta(minutes=tale.rng.randint(20, 300))).isoformat(),
        source=source,
        answers=tale.answers(),
    )


def place(tale: Tale) -> str:
    spot = ("楼道口", "院内", "门面前", "小区北门", "菜场旁", "停车棚", "家中")
    return (
        f"{community_name(tale.team.grid)}第{int(tale.team.grid[-3:])}网格{tale.rng.choice(spot)}"
    )


def acknowledge(tale: Tale) -> None:
    """The leader sees the alert in time: red within half an hour, orange within four hours."""
    if tale.is_alarming and tale.alert != "raised":
        tale.minutes(3, 12)
        tale.do(tale.team.leader, "acknowledge_alert")


def act(tale: Tale) -> None:
    if tale.is_alarming and tale.alert in {"acting", "resolved"}:
        tale.do(
            tale.team.leader,
            "act_on_alert",
            owner=tale.team.leader_id,
            action="由包案领导牵头，派出所、司法所和社区到场稳控，每日一报。",
            action_due=(tale.today + timedelta(days=7)).isoformat(),
        )
        if tale.rng.random() < 0.6:
            tale.do(
                tale.team.leader, "comment", remark="请网格员每天上门看一次，有变化马上电话报我。"
            )


def resolve(tale: Tale) -> None:
    if tale.is_alarming and tale.alert == "resolved":
        tale.office()
        tale.do(
            tale.team.leader,
            "resolve_alert",
            verdict=tale.rng.choice(("prevented", "prevented", "true", "false")),
            outcome="当事人情绪平稳，双方已脱离接触，未再发生冲突。",
        )


def assess(tale: Tale, **more: Any) -> None:
    acknowledge(tale)
    if tale.is_alarming:
        tale.minutes(5, 25)
    else:
        tale.office()
    tale.do(tale.team.centre, "assess", nature=tale.nature, answers=tale.further(), **more)
    act(tale)


# Mediation -----------------------------------------------------------------------------------------


def seek(tale: Tale) -> None:
    tale.office()
    tale.minutes(20, 120)
    tale.do(
        tale.team.centre,
        "start_mediation_intake",
        mediator=tale.team.mediator_id,
        chosen_by=tale.rng.choice(("committee", "committee", "parties")),
    )


def consent(tale: Tale, *, refusing: bool = False, only: int = 0) -> None:
    tale.days(0, 2)
    asked = tale.asked[:only] if only else tale.asked
    for ordinal in asked:
        refuses = refusing and ordinal == asked[-1]
        tale.do(
            tale.team.mediator,
            "record_consent",
            party=ordinal,
            consent="no" if refuses else "yes",
            answered_on=tale.today.isoformat(),
            channel=tale.rng.choice(("in_person", "in_person", "phone")),
            rights_told=not refuses,
        )


def accept(tale: Tale) -> None:
    tale.accepted_on = tale.today
    tale.do(
        tale.team.mediator,
        "accept",
        accepted_on=tale.today.isoformat(),
        no_conflict=True,
        channel=CHANNEL.get(tale.topic.category, "MED"),
    )


def begin(tale: Tale) -> None:
    tale.days(1, 3)
    kind = tale.rng.choice(("site", "contact", "session"))
    said = {
        "site": "到现场查看，拍照留存，双方对现状没有异议，约定下次到调解室面谈。",
        "contact": "分别听取各方陈述，核对证据材料，归纳争议焦点，告知权利义务。",
        "session": "双方到场，陈述事实和理由，调解员说明法律规定，双方同意继续协商。",
    }
    meet(tale, "begin_session", kind, said[kind])


def session(tale: Tale) -> None:
    tale.days(2, 4)
    said = tale.rng.choice(
        (
            "双方就数额差距继续协商，调解员提出折中方案，当事人表示回去与家人商量。",
            "双方承认各有不当之处，就履行时间和方式基本达成一致，约定拟写协议。",
            "一方情绪激动，调解员采取背对背方式分别沟通，缩小了分歧。",
        )
    )
    meet(tale, "record_session", "session", said)


def meet(tale: Tale, command: str, kind: str, record: str) -> None:
    tale.do(
        tale.team.mediator,
        command,
        kind=kind,
        held_at=(tale.now - timedelta(minutes=tale.rng.randint(30, 60))).isoformat(),
        place=place(tale) if kind == "site" else FIRST_ROOM,
        attended=tale.asked,
        record=record,
    )


def pause(tale: Tale) -> None:
    tale.days(1, 2)
    ground = tale.rng.choice(("appraisal", "site_test", "illness"))
    tale.do(tale.team.mediator, "pause", ground=ground, since=tale.today.isoformat())


def resume(tale: Tale) -> None:
    tale.days(4, 7)
    tale.do(tale.team.mediator, "resume", resumed_on=tale.today.isoformat())


def extend(tale: Tale) -> None:
    tale.days(1, 2)
    tale.do(
        tale.team.mediator,
        "extend",
        until=(tale.today + timedelta(days=45)).isoformat(),
        all_agree=True,
        agreed_on=tale.today.isoformat(),
    )


def end(tale: Tale, *, reason: str = "DEADLOCK") -> None:
    tale.office()
    remedies = {"10": ["LABOUR_ARBITRATION", "LEGAL_AID"]}
    tale.do(
        tale.team.mediator,
        "end_mediation",
        reason=reason,
        remedies=remedies.get(tale.topic.category, ["COURT", "LEGAL_AID"]),
        told_on=tale.today.isoformat(),
        channel="in_person",
    )


# Agreement and performance -------------------------------------------------------------------------


def agree(tale: Tale, *, due: tuple[int, int] = (6, 9)) -> None:
    tale.days(2, 4)
    total = round((tale.amount or 0) * 0.7)
    oral = tale.agreement == "oral"
    tale.obligations = 1 if oral or total < 4000 else 2
    debtor = tale.asked[-1]
    parts = [total] if tale.obligations == 1 else [total // 2, total - total // 2]
    rows = [
        {
            "debtor": debtor,
            "content": f"支付{part}元" if part else "停止有关行为，恢复原状，并当面道歉",
            "amount": str(part or ""),
            "due_on": (tale.today + timedelta(days=due[min(n, 1)])).isoformat(),
        }
        for n, part in enumerate(parts)
    ]
    tale.do(
        tale.team.mediator,
        "reach_agreement",
        form=tale.agreement,
        content="一、双方确认事实，互相谅解。二、按下列义务履行。三、此后互不追究，不再为此事争执。",
        manner="现金当面交付" if total else "当面履行，社区见证",
        amount=str(total or ""),
        agreed_on=tale.today.isoformat(),
        obligations=rows,
    )


def sign(tale: Tale) -> None:
    if tale.agreement == "written":
        some_signatures(tale, tale.asked, sealed=True)
    tale.do(tale.team.mediator, "make_effective")


def some_signatures(tale: Tale, ordinals: list[int], *, sealed: bool) -> None:
    day = tale.today.isoformat()
    more = {"mediator_signed_on": day, "sealed_on": day} if sealed else {}
    tale.do(
        tale.team.mediator,
        "record_signatures",
        parties=[{"party": ordinal, "signed_on": day} for ordinal in ordinals],
        **more,
    )


def confirm(tale: Tale) -> None:
    tale.days(1, 2)
    file_confirmation(tale)
    tale.days(4, 6)
    tale.do(
        tale.team.mediator,
        "record_ruling",
        ruling="confirm",
        ruling_number=f"({tale.today.year})湘0902民特{tale.rng.randint(10, 99)}号",
        ruled_on=tale.today.isoformat(),
    )


def file_confirmation(tale: Tale) -> None:
    tale.do(
        tale.team.mediator,
        "file_confirmation",
        court="益阳市资阳区人民法院",
        filed_on=tale.today.isoformat(),
        both_parties=True,
    )


def perform(tale: Tale, *, all_of_it: bool = True) -> None:
    for ordinal in range(1, (tale.obligations if all_of_it else 1) + 1):
        tale.days(1, 3)
        tale.do(
            tale.team.mediator,
            "record_performance",
            obligation=ordinal,
            done_on=tale.today.isoformat(),
            proof=tale.rng.choice(("收条照片", "转账凭证", "现场照片", "双方签字的收据")),
            both_confirm=True,
        )


def fulfil(tale: Tale) -> None:
    tale.do(tale.team.mediator, "fulfil")


def urge(tale: Tale) -> None:
    tale.days(1, 3)
    tale.do(
        tale.team.mediator,
        "urge",
        obligation=1,
        urged_on=tale.today.isoformat(),
        channel="phone",
        answer="称资金周转困难，请求宽限几日。",
    )


def breach(tale: Tale) -> None:
    tale.days(1, 3)
    tale.do(
        tale.team.mediator,
        "declare_breach",
        refused=True,
        remedies=["COURT", "PAYMENT_ORDER"],
        told_on=tale.today.isoformat(),
        note="经催促后明确表示不再履行。",
    )


def settle(tale: Tale) -> None:
    """现场化解: the grid worker, who is also a mediator, settles it where it broke out."""
    tale.minutes(30, 90)
    tale.do(
        tale.team.worker,
        "settle_on_spot",
        is_civil=True,
        both_consent=True,
        content="网格员当场说和，双方互相道歉，当场履行完毕，不再追究。",
        settled_on=tale.today.isoformat(),
    )


# Other channels ------------------------------------------------------------------------------------

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


# Closing -------------------------------------------------------------------------------------------


def close(tale: Tale, result: str) -> None:
    resolve(tale)
    tale.days(0, 2)
    tale.do(tale.team.justice, "close", result=result, opinion="材料齐全，程序合法，同意结案。")


def visit(tale: Tale, outcome: str = "holds") -> None:
    tale.days(6, 12)
    tale.do(
        tale.team.worker,
        "visit",
        visited_at=(tale.now - timedelta(minutes=40)).isoformat(),
        outcome=outcome,
        satisfaction=tale.rng.choice((3, 4, 4, 5, 5, 5)) if outcome == "holds" else 2,
        note="双方相处平稳，协议没有反复。" if outcome == "holds" else "双方又起争执。",
    )


def visits(tale: Tale) -> None:
    """Every closed case is visited once, one that was ever red twice."""
    for _ in range(2 if tale.colour == "RED" else 1):
        visit(tale)


def archive(tale: Tale) -> None:
    tale.days(0, 3)
    tale.do(
        tale.team.justice,
        "archive",
        retention=tale.rng.choice(("10", "30", "30")),
        page_count=tale.rng.randint(9, 48),
    )


def return_for_correction(tale: Tale) -> None:
    tale.days(0, 1)
    tale.do(
        tale.team.justice,
        "return_for_correction",
        missing="履行凭证缺少收款人签名，请补正后重新报审。",
    )


def reopen(tale: Tale) -> None:
    visit(tale, "rebound")
    tale.days(0, 2)
    tale.do(
        tale.team.justice,
        "ask_second_person",
        step="reopen",
        reason="回访发现纠纷反弹，双方就同一事项再起争执，申请恢复办理。",
    )
    tale.minutes(30, 120)
    tale.do(
        tale.team.leader, "grant_second_person", step="reopen", answer="同意恢复，请综治中心跟进。"
    )
    tale.minutes(20, 60)
    tale.do(
        tale.team.justice, "reopen", ground="rebound", reason="回访发现纠纷反弹，经领导同意恢复。"
    )


def ask_to_lower(tale: Tale) -> None:
    tale.days(1, 2)
    tale.do(
        tale.team.centre,
        "ask_second_person",
        step="lower_red",
        reason="涉事人已接受训诫并搬离，连续多日没有接触，申请降低等级。",
    )


def void(tale: Tale, *, twin: str = "") -> None:
    tale.minutes(30, 120)
    if twin:
        tale.do(
            tale.team.centre,
            "void",
            result="DUPLICATE",
            reason="与另一件为同一当事人同一事实，重复登记。",
            duplicate_of=NumberOf(twin),
        )
    else:
        tale.do(
            tale.team.centre,
            "void",
            result="FALSE_ALARM",
            reason="经核实没有发生纠纷，属于误报。",
        )


def split(tale: Tale) -> None:
    tale.office()
    tale.do(
        tale.team.centre,
        "split",
        civil_facts="兄弟之间就征收补偿款如何分配发生争议，要求按照料老人的情况分配。",
        administrative_facts="住户对房屋征收补偿决定中的面积认定不服，要求重新测量。",
    )


def report(tale: Tale, receiver: str, *, receipt: str = "") -> None:
    """A report that the law demands; without a receipt it keeps the case from closing."""
    tale.minutes(3, 9)
    tale.do(
        tale.team.worker,
        "report_escalation",
        receiver=receiver,
        content="发现未成年人目睹家庭暴力，家中有人受伤，请依法到场处置。",
        reported_at=tale.now.isoformat(),
        receipt=receipt,
    )
