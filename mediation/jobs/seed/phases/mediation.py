"""Consent, sessions, pauses, and the end of mediation."""

from datetime import timedelta

from mediation.jobs.seed.phases import papers
from mediation.jobs.seed.phases.intake import place
from mediation.jobs.seed.tale import Tale

CHANNEL = {"10": "L01", "13": "MEDICAL"}
FIRST_ROOM = "街道人民调解室"


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
    if tale.accepted_on.day % 3 == 0:
        tale.aside(tale.team.mediator, "declare_ties", truthful=True)
    tale.do(
        tale.team.mediator,
        "accept",
        accepted_on=tale.today.isoformat(),
        no_conflict=True,
        channel=CHANNEL.get(tale.topic.category, "MED"),
    )
    papers.sign_by_hand(tale, *(["d1"] if tale.by_request else []), "d2", "d3")


def begin(tale: Tale) -> None:
    tale.days(1, 3)
    kind = tale.rng.choice(("site", "contact", "session"))
    said = {
        "site": "到现场查看，拍照留存，双方对现状没有异议，约定下次到调解室面谈。",
        "contact": "分别听取各方陈述，核对证据材料，归纳争议焦点，告知权利义务。",
        "session": "双方到场，陈述事实和理由，调解员说明法律规定，双方同意继续协商。",
    }
    meet(tale, "begin_session", kind, said[kind])
    if kind == "session":
        papers.recorded(tale)
    else:
        papers.bring(tale, "scene")
        papers.sign_by_hand(tale, "d4")


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
    papers.recorded(tale)
    if "背对背" in said:
        tale.aside(
            tale.team.mediator,
            "note_caucus",
            party=tale.asked[-1],
            text="私下表示可以再让一步，但希望对方先当面道歉；此话请不要告诉对方。",
        )


def meet(tale: Tale, command: str, kind: str, record: str) -> None:
    tale.do(
        tale.team.mediator,
        command,
        kind=kind,
        held_at=(tale.now - timedelta(minutes=tale.rng.randint(30, 60))).isoformat(),
        place=place(tale) if kind == "site" else FIRST_ROOM,
        attended=tale.asked,
        record="" if tale.filed and kind == "session" else record,
        turns=papers.words(tale, record) if tale.filed and kind == "session" else [],
        method="caucus" if "背对背" in record else "face",
        subject=tale.topic.title,
        outcome="open",
        read_back=True,
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
