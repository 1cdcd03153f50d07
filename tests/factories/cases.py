"""Cases in any status, brought there by the commands that people would give."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mediation.accounts.actor import Actor
from mediation.disputes.enums import Status as S
from mediation.disputes.models import Dispute
from mediation.warning.questions import QUESTIONS
from tests.factories.clock import at
from tests.factories.people import GRID, Cast
from workflows.engine import Command, Outcome, execute

DAY_ONE = at("2026-03-02 10:00")
NEXT_DAY = at("2026-03-03 09:00")

# Every question about danger answered with its mildest choice: a blue case.
CALM = {q.key: "no" for q in QUESTIONS if q.choice("no")} | {
    "conduct": "calm",
    "earlier_disputes": "0",
    "police_calls": "0",
}
DEADLY = CALM | {"death_threat": "yes", "weapon_used": "yes"}

UPSTAIRS = {"name": "彭测安", "side": "respondent", "id_number": "439999198506120014"}
DOWNSTAIRS = {"name": "蔡测宁", "side": "applicant", "id_number": "439999197909300023"}
CHILD = {"name": "周测童", "side": "affected", "id_number": "439999201509010114"}

OBLIGATIONS = (
    {"debtor": 1, "content": "修好厨房防水", "due_on": "2026-03-31"},
    {"debtor": 1, "content": "赔偿天花板损失", "amount": "4200", "due_on": "2026-04-20"},
)


def give(who: Actor, command: str, case: Dispute | str, when: datetime, /, **data: Any) -> Outcome:
    """One command on the newest version of ``case``."""
    ref = case.number if isinstance(case, Dispute) else case
    return execute(Command(command, dispute=ref, data=data), who, now=when)


def application(**changes: Any) -> dict[str, Any]:
    """What a grid worker types about a leaking ceiling."""
    return {
        "category": "02",
        "facts": "楼上厨房漏水，泡坏楼下天花板，双方多次争吵未果。",
        "claim": "修好防水并赔偿损失",
        "amount": "6800",
        "parties": [UPSTAIRS, DOWNSTAIRS],
        "grid": GRID,
        "place": "汽车路12号",
        "source": "grid",
        "answers": CALM,
    } | changes


def register(who: Actor, when: datetime = DAY_ONE, /, *, key: str = "", **changes: Any) -> Dispute:
    command = Command("register", data=application(**changes), key=key)
    return Dispute.objects.get(number=execute(command, who, now=when).number)


def consent(ordinal: int, answer: str = "yes", day: str = "2026-03-02") -> dict[str, Any]:
    return {
        "party": ordinal,
        "consent": answer,
        "answered_on": day,
        "channel": "in_person",
        "rights_told": True,
    }


def agreement(**changes: Any) -> dict[str, Any]:
    return {
        "form": "written",
        "content": "楼上修好防水并赔偿损失。",
        "manner": "现金",
        "amount": "4200",
        "agreed_on": "2026-03-02",
        "obligations": list(OBLIGATIONS),
    } | changes


SESSION = {
    "kind": "site",
    "held_at": "2026-03-02T09:50",
    "place": "汽车路12号",
    "attended": [1, 2],
    "record": "查看漏水点，双方在场。",
}
SIGNATURES = {
    "parties": [
        {"party": 1, "signed_on": "2026-03-02"},
        {"party": 2, "signed_on": "2026-03-02"},
    ],
    "mediator_signed_on": "2026-03-02",
    "sealed_on": "2026-03-02",
}
ACT = {
    "act_kind": "spot_penalty",
    "act": "当场罚款100元",
    "organ": "汽车路街道办事处",
    "competent_body": "资阳区人民政府",
    "known_on": "2026-03-02",
    "clock_told": True,
}
PACKAGE = {
    "target": "court",
    "organ": "资阳区人民法院",
    "ground": "consent",
    "consent_on": "2026-03-02",
    "summary": "邻里漏水纠纷，双方同意诉讼解决。",
    "no_offers": True,
    "reply_by": "2026-04-02",
}
PARTS = {
    "civil_facts": "双方之间的赔偿问题，金额六千元。",
    "administrative_facts": "对街道办事处罚款决定不服的问题。",
}
END = {"reason": "DEADLOCK", "remedies": ["COURT"], "told_on": "2026-03-02", "channel": "phone"}
BREACH = {"refused": True, "remedies": ["COURT", "PAYMENT_ORDER"], "told_on": "2026-03-02"}
VISIT = {"visited_at": "2026-03-02T09:50", "outcome": "holds", "satisfaction": 5}

Step = tuple[str, str, Mapping[str, Any]]

# Status → the status before it, and who does what to get there. ``{mediator}`` is filled in.
WAYS: dict[S, tuple[S, tuple[Step, ...]]] = {
    S.ASSESSED: (S.REGISTERED, (("bao", "assess", {"nature": "CIVIL"}),)),
    S.CONSENT_PENDING: (S.ASSESSED, (("bao", "start_mediation_intake", {"mediator": "li"}),)),
    S.ACCEPTED: (
        S.CONSENT_PENDING,
        (
            ("li", "record_consent", consent(1)),
            ("li", "record_consent", consent(2)),
            ("li", "accept", {"accepted_on": "2026-03-02", "no_conflict": True}),
        ),
    ),
    S.MEDIATING: (S.ACCEPTED, (("li", "begin_session", SESSION),)),
    S.PAUSED: (S.MEDIATING, (("li", "pause", {"ground": "appraisal", "since": "2026-03-02"}),)),
    S.AGREED: (S.MEDIATING, (("li", "reach_agreement", agreement()),)),
    S.PERFORMING: (
        S.AGREED,
        (("li", "record_signatures", SIGNATURES), ("li", "make_effective", {})),
    ),
    S.BREACHED: (S.PERFORMING, (("li", "declare_breach", BREACH),)),
    S.MEDIATION_ENDED: (S.MEDIATING, (("li", "end_mediation", END),)),
    S.RECONSIDERING: (
        S.REGISTERED,
        (
            ("bao", "assess", {"nature": "ADMINISTRATIVE"}),
            ("bao", "refer_to_reconsideration", ACT),
        ),
    ),
    S.REFERRED: (S.ASSESSED, (("bao", "refer", PACKAGE),)),
    S.SPLIT: (
        S.REGISTERED,
        (("bao", "assess", {"nature": "MIXED"}), ("bao", "split", PARTS)),
    ),
    S.CLOSE_REVIEW: (
        S.PERFORMING,
        (
            (
                "li",
                "record_performance",
                {"obligation": 1, "done_on": "2026-03-02", "proof": "照片"},
            ),
            (
                "li",
                "record_performance",
                {"obligation": 2, "done_on": "2026-03-02", "proof": "收条"},
            ),
            ("li", "fulfil", {}),
        ),
    ),
    S.CLOSED: (S.CLOSE_REVIEW, (("si", "close", {"result": "AGREED_PERFORMED"}),)),
    S.ARCHIVED: (
        S.CLOSED,
        (("li", "visit", VISIT), ("si", "archive", {"retention": "30", "page_count": 24})),
    ),
    S.VOIDED: (
        S.REGISTERED,
        (("bao", "void", {"result": "FALSE_ALARM", "reason": "查无此事，系误报。"}),),
    ),
}


@dataclass
class CaseMaker:
    """``make(Status.AGREED)``: a fresh case in that status, everything done on 2026-03-02 10:00."""

    cast: Cast

    def __call__(self, status: str = S.REGISTERED, *, by: str = "bao", **changes: Any) -> Dispute:
        case = register(getattr(self.cast, by), DAY_ONE, **changes)
        for who, command, data in _way_to(S(status)):
            give(getattr(self.cast, who), command, case, DAY_ONE, **self._filled(data))
        return Dispute.objects.get(pk=case.pk)

    def go(self, case: Dispute, status: str, when: datetime = DAY_ONE) -> Dispute:
        """Take a case from where it stands along the same way to ``status``."""
        way = list(_statuses_to(S(status)))
        for step in way[way.index(S(case.status)) + 1 :]:
            for who, command, data in WAYS[step][1]:
                give(getattr(self.cast, who), command, case, when, **self._filled(data))
        return Dispute.objects.get(pk=case.pk)

    def _filled(self, data: Mapping[str, Any]) -> dict[str, Any]:
        return {k: self.cast.id(v) if k == "mediator" else v for k, v in data.items()}


def _statuses_to(status: S) -> list[S]:
    way = [status]
    while way[0] != S.REGISTERED:
        way.insert(0, WAYS[way[0]][0])
    return way


def _way_to(status: S) -> list[Step]:
    return [step for passed in _statuses_to(status)[1:] for step in WAYS[passed][1]]
