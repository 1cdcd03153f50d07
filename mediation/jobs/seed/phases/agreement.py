"""Agreement, signatures, confirmation, performance, breach; and settlement on the spot."""

from datetime import timedelta

from mediation.jobs.seed.phases import papers
from mediation.jobs.seed.tale import Tale


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
            "creditor": tale.asked[0] if tale.asked[0] != debtor else None,
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
        issues=tale.topic.claim,
        clauses=[
            {"text": "双方确认事实，互相谅解。"},
            {"text": "按下列义务履行。"},
            {"text": "此后互不追究，不再为此事争执。"},
        ],
        manner="现金当面交付" if total else "当面履行，社区见证",
        amount=str(total or ""),
        agreed_on=tale.today.isoformat(),
        obligations=rows,
    )


def sign(tale: Tale) -> None:
    if tale.agreement == "written":
        some_signatures(tale, tale.asked, sealed=True)
    tale.do(tale.team.mediator, "make_effective")
    papers.sign_by_hand(tale, "d7" if tale.agreement == "written" else "d8")


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
    papers.sign_by_hand(tale, "d13")


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
    if all_of_it:
        papers.bring(
            tale,
            "receipt",
            **{
                "from": tale.parties[tale.asked[-1] - 1]["name"],
                "to": tale.parties[tale.asked[0] - 1]["name"],
            },
            what="依调解协议应当给付的款项" if tale.amount else "依调解协议应当履行的事项",
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
