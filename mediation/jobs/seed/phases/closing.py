"""Review, closing, visits, archive, reopening; voiding, splitting and statutory reports."""

from datetime import timedelta

from mediation.jobs.seed.phases import papers
from mediation.jobs.seed.phases.intake import resolve
from mediation.jobs.seed.tale import NumberOf, Tale


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
    papers.sign_by_hand(tale, "d9", "l1")
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
