"""Four whole cases (domain 10.5), given as commands on the days on which people give them."""

from datetime import date

import pytest
from django.db import connection

from mediation.agreements.models import Agreement
from mediation.core.errors import Forbidden, NotFound, Unmet
from mediation.deadlines import clocks
from mediation.deadlines.models import Deadline
from mediation.disputes import policy
from mediation.disputes.enums import SUCCESS, Colour
from mediation.disputes.enums import Status as S
from mediation.disputes.models import Dispute
from mediation.notifications.models import Notice
from mediation.reconsideration.models import Reconsideration
from mediation.warning.models import Alert, Escalation
from tests.factories import at, give, register
from tests.factories.cases import CALM, consent
from tests.factories.track import data_of
from workflows.models import WorkItem


class Story:
    """Gives commands on one case and notes what came of them."""

    def __init__(self, cast, case):
        self.cast, self.case = cast, case

    def __call__(self, who, command, when, /, **data):
        """The status after the step."""
        return give(getattr(self.cast, who), command, self.case, at(when), **data).status

    def refuses(self, who, command, when, /, **data):
        """The codes of the reasons; nothing may have been written."""
        before = self.now.version, self.case.events.count(), Notice.objects.count()
        with pytest.raises((Unmet, Forbidden, NotFound)) as refusal:
            self(who, command, when, **data)
        assert (self.now.version, self.case.events.count(), Notice.objects.count()) == before
        return [reason.code for reason in refusal.value.reasons]

    @property
    def now(self):
        return Dispute.objects.get(pk=self.case.pk)

    def last_day(self, rule, subject=""):
        return (
            Deadline.objects.filter(dispute=self.case, rule=rule, subject=subject)
            .latest("pk")
            .due_on
        )

    def statuses(self):
        """Status after each step, repetitions left out."""
        seen = list(self.case.events.order_by("version").values_list("to_status", flat=True))
        return [s for n, s in enumerate(seen) if n == 0 or s != seen[n - 1]]


def tell_and_hear(story, day, *, who="li", parties=(1, 2)):
    for ordinal in parties:
        story(who, "record_consent", f"{day} 09:00", **consent(ordinal, day=day))


def met(story, day, kind="session", *, command="record_session", present=(1, 2)):
    return story(
        "li", command, f"{day} 15:00", kind=kind, held_at=f"{day}T14:00", place="社区调解室",
        attended=list(present), record="双方陈述意见，调解员释法说理。",
    )  # fmt: skip


def test_story_a_water_leak_with_a_confirmed_agreement(cast):
    story = Story(cast, register(
        cast.wang, at("2026-03-02 09:45"), occurred_at="2026-03-02T09:20", answers=CALM,
    ))  # fmt: skip

    assert story.refuses("wang", "assess", "2026-03-02 10:00", nature="CIVIL") == ["not_yours"]
    story("bao", "assess", "2026-03-02 10:10", nature="CIVIL")
    assert (story.now.colour, story.now.severity) == (Colour.BLUE, 1)
    story("bao", "start_mediation_intake", "2026-03-02 10:30", mediator=cast.id("li"))
    accepted = {"accepted_on": "2026-03-03", "no_conflict": True}
    assert story.refuses("li", "accept", "2026-03-03 08:50", **accepted) == [
        "every_party_consents",
        "rights_are_told",
    ]
    tell_and_hear(story, "2026-03-03")
    story("li", "accept", "2026-03-03 09:20", **accepted)
    assert story.now.mediation_due == date(2026, 4, 2)

    met(story, "2026-03-06", "site", command="begin_session")
    met(story, "2026-03-09")
    met(story, "2026-03-12")
    story(
        "li", "reach_agreement", "2026-03-12 16:00", form="written", amount="4200",
        content="楼上修好防水并赔偿四千二百元。", manner="银行转账", agreed_on="2026-03-12",
        obligations=[
            {"debtor": 1, "content": "修好防水", "due_on": "2026-03-31"},
            {"debtor": 1, "content": "赔偿损失", "amount": "4200", "due_on": "2026-04-20"},
        ],
    )  # fmt: skip
    story(
        "li", "record_signatures", "2026-03-12 16:20", mediator_signed_on="2026-03-12",
        parties=[{"party": n, "signed_on": "2026-03-12"} for n in (1, 2)],
    )  # fmt: skip
    assert story.refuses("li", "make_effective", "2026-03-12 16:30") == ["seal_is_put"]
    story("li", "record_signatures", "2026-03-13 08:50", sealed_on="2026-03-13")
    assert story("li", "make_effective", "2026-03-13 09:00") == S.PERFORMING
    assert Agreement.objects.get(dispute=story.case).effective_on == date(2026, 3, 13)
    assert story.last_day("CONF") == date(2026, 4, 13)

    story(
        "li", "file_confirmation", "2026-03-20 09:00",
        court="资阳区人民法院", filed_on="2026-03-20", both_parties=True,
    )  # fmt: skip
    story(
        "li", "record_performance", "2026-03-28 10:00",
        obligation=1, done_on="2026-03-28", proof="照片",
    )  # fmt: skip
    story(
        "li", "record_ruling", "2026-03-30 10:00",
        ruling="confirm", ruling_number="(2026)湘0902民特12号", ruled_on="2026-03-30",
    )  # fmt: skip
    assert story.refuses("li", "fulfil", "2026-04-17 10:00") == ["obligations_are_done"]
    story(
        "li", "record_performance", "2026-04-18 10:00",
        obligation=2, done_on="2026-04-18", proof="收条",
    )  # fmt: skip
    assert story("li", "fulfil", "2026-04-20 09:00") == S.CLOSE_REVIEW
    assert story.refuses("li", "close", "2026-04-21 09:00", result="AGREED_CONFIRMED") == [
        "not_yours"
    ]
    story("si", "close", "2026-04-21 09:00", result="AGREED_CONFIRMED")
    paper = {"retention": "30", "page_count": 24}
    assert story.refuses("si", "archive", "2026-04-22 09:00", **paper) == ["visits_are_done"]
    story(
        "wang", "visit", "2026-05-21 09:00",
        visited_at="2026-05-21T08:30", outcome="holds", satisfaction=5,
    )  # fmt: skip
    assert story("si", "archive", "2026-05-22 09:00", **paper) == S.ARCHIVED

    assert story.statuses() == [
        S.REGISTERED, S.ASSESSED, S.CONSENT_PENDING, S.ACCEPTED, S.MEDIATING, S.AGREED,
        S.PERFORMING, S.CLOSE_REVIEW, S.CLOSED, S.ARCHIVED,
    ]  # fmt: skip
    assert story.now.file_number == "(2026)资汽人调字第001号"
    assert story.now.result in SUCCESS


BEATING = CALM | {
    "injury": "yes", "death_threat": "yes", "vulnerable_victim": "yes", "conduct": "both",
}  # fmt: skip
WIFE = {"name": "何测兰", "side": "applicant", "id_number": "439999198609140026"}
HUSBAND = {"name": "周测强", "side": "respondent", "id_number": "439999197811150039"}
SON = {
    "name": "周测童", "side": "affected", "id_number": "439999201509010114", "guardian": "何测兰",
    "is_affected_only": True,
}  # fmt: skip


def everything_readable():
    """Table.column → everything in it that is text, JSON or bytes, of the whole database."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            names = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                for name, value in zip(names, row, strict=True):
                    found.setdefault(f"{table}.{name}", []).append(_as_text(value))
    return found


def _as_text(value):
    if isinstance(value, (bytes, memoryview)):
        return bytes(value).decode("utf-8", "replace")
    return str(value)


def test_story_b_violence_at_home_and_a_child(cast):
    story = Story(cast, register(
        cast.wang, at("2026-05-10 20:40"), category="01", source="grid", amount="",
        facts="邻居反映男方殴打女方，扬言同归于尽，孩子在场。", claim="", answers=BEATING,
        parties=[WIFE, HUSBAND, SON],
    ))  # fmt: skip
    assert (story.now.colour, story.now.sensitivity) == (Colour.RED, "minor")
    alert = Alert.objects.get(dispute=story.case)
    assert alert.acknowledge_by == at("2026-05-10 21:10")
    told = Notice.objects.filter(dispute=story.case).values_list("person__username", flat=True)
    assert set(told) == {"wang", "bao", "ling"}  # a child: through cleared people alone

    story("bao", "assess", "2026-05-10 20:42", nature="CIVIL")
    story("ling", "acknowledge_alert", "2026-05-10 20:44")
    for when, receiver, receipt in (
        ("2026-05-10 20:46", "police", "110-20260510-0042"),
        ("2026-05-10 20:50", "police", ""),
        ("2026-05-10 20:50", "civil_affairs", "民政〔2026〕7号"),
    ):
        story(
            "wang", "report_escalation", when, receiver=receiver, receipt=receipt,
            content="家庭暴力，未成年人在场。", reported_at=when.replace(" ", "T"),
        )  # fmt: skip
    waiting = Escalation.objects.get(dispute=story.case, received_at=None)
    story(
        "ling", "act_on_alert", "2026-05-10 21:10",
        owner=cast.id("bao"), action="民警到场，双方隔离，首次联系。", action_due="2026-05-11",
    )  # fmt: skip
    spot = {
        "is_civil": True,
        "both_consent": True,
        "content": "双方和好。",
        "settled_on": "2026-05-10",
    }
    assert story.refuses("he", "settle_on_spot", "2026-05-10 21:30", **spot) == []  # cannot see it

    story("bao", "start_mediation_intake", "2026-05-11 11:00", mediator=cast.id("li"))
    tell_and_hear(story, "2026-05-13")  # the child is affected, not asked
    story("li", "accept", "2026-05-13 09:30", accepted_on="2026-05-13", no_conflict=True)
    assert story.now.mediation_due == date(2026, 6, 12)
    met(story, "2026-05-13", "contact", command="begin_session", present=[1])
    met(story, "2026-05-13", "contact", present=[2])

    story("li", "record_consent", "2026-05-15 09:00", **consent(1, "withdrawn", "2026-05-15"))
    assert story.refuses(
        "li", "reach_agreement", "2026-05-15 09:10", form="oral", content="分居并支付抚养费。",
        manner="现金", agreed_on="2026-05-15",
        obligations=[{"debtor": 2, "content": "抚养费", "due_on": "2026-06-01"}],
    ) == ["nobody_refuses"]  # fmt: skip
    ended = {"reason": "WITHDRAWN", "told_on": "2026-05-15", "channel": "in_person"}
    assert story.refuses("li", "end_mediation", "2026-05-15 09:15", **ended, remedies=[]) == [
        "remedies_are_told"
    ]
    story(
        "li", "end_mediation", "2026-05-15 09:20", **ended, remedies=["COURT", "LEGAL_AID", "WOMEN"]
    )
    assert story.last_day("MED") == date(2026, 6, 12)
    package = {
        "target": "court", "organ": "资阳区人民法院", "ground": "consent",
        "consent_on": "2026-05-18", "summary": "当事人提起离婚诉讼，移送基本情况。",
        "reply_by": "2026-06-18",
    }  # fmt: skip
    assert story.refuses("bao", "refer", "2026-05-18 09:00", **package) == ["package_has_no_offers"]
    story("bao", "refer", "2026-05-18 09:10", **package, no_offers=True)

    calmer = {
        "colour": "YELLOW", "colour_reason": "十四日无接触，保护令已送达。", "answers": CALM,
    }  # fmt: skip
    assert story.refuses("ling", "reassess", "2026-06-01 09:00", **calmer) == [
        "red_is_lowered_by_two"
    ]
    asked = {"step": "lower_red", "reason": "十四日无接触，保护令已送达。"}
    story("ling", "ask_second_person", "2026-06-01 09:10", **asked)
    assert story.refuses("ling", "grant_second_person", "2026-06-01 09:20", step="lower_red")
    story("bao", "grant_second_person", "2026-06-01 09:30", step="lower_red")
    story("ling", "reassess", "2026-06-01 09:40", **calmer)
    assert story.now.colour == Colour.YELLOW

    story(
        "bao", "conclude_referral", "2026-06-12 09:00",
        answer="法院已受理离婚案件并作出保护令。", answered_on="2026-06-12",
    )  # fmt: skip
    closing = {"result": "REFERRED_COURT"}
    assert story.refuses("si", "close", "2026-06-15 09:00", **closing) == [
        "no_red_alert_is_open",
        "escalations_are_received",
    ]
    story(
        "ling", "resolve_alert", "2026-06-15 09:05",
        verdict="prevented", outcome="保护令生效，双方分居。",
    )  # fmt: skip
    story(
        "wang", "record_receipt", "2026-06-15 09:10", escalation=waiting.pk, receipt="回执2026-18"
    )
    story("si", "close", "2026-06-15 09:20", **closing)
    assert story.now.visits_left == 2  # it was red once
    paper = {"retention": "30", "page_count": 40}
    for day in ("2026-06-30", "2026-07-15"):
        assert story.refuses("si", "archive", f"{day} 09:00", **paper) == ["visits_are_done"]
        story("wang", "visit", f"{day} 10:00", visited_at=f"{day}T09:30", outcome="holds")
    story("si", "archive", "2026-07-16 09:00", **paper)

    assert story.statuses() == [
        S.REGISTERED, S.ASSESSED, S.CONSENT_PENDING, S.ACCEPTED, S.MEDIATING, S.MEDIATION_ENDED,
        S.REFERRED, S.CLOSE_REVIEW, S.CLOSED, S.ARCHIVED,
    ]  # fmt: skip
    assert story.now.result not in SUCCESS
    assert not policy.may_read_records(cast.wang, story.now)
    told = Notice.objects.filter(dispute=story.case).values_list("person__username", flat=True)
    assert set(told) == {"wang", "li", "bao", "si", "ling"}
    # The child: behind seals in one table, and nowhere else in any spelling.
    readable = everything_readable()
    for secret in ("周测童", "测童", "439999201509010114", "20150901"):
        assert [
            column for column, texts in readable.items() if any(secret in t for t in texts)
        ] == []
    assert story.case.parties.get(ordinal=3).name == "周测童"


def test_story_c_fine_on_the_spot_goes_to_reconsideration(cast):
    story = Story(cast, register(
        cast.wang, at("2026-07-13 09:00"), category="99", source="grid", amount="100",
        facts="摊主不服街道执法人员当场罚款一百元。", answers=CALM,
        parties=[
            {"name": "曾测摊", "side": "applicant", "no_id_reason": "本人拒绝出示"},
            {"name": "汽车路街道办事处", "side": "respondent", "kind": "legal"},
        ],
    ))  # fmt: skip
    story("bao", "assess", "2026-07-13 09:30", nature="ADMINISTRATIVE")
    assert story.now.colour == Colour.BLUE
    story(
        "bao", "refer_to_reconsideration", "2026-07-13 10:00", act_kind="spot_penalty",
        act="当场罚款100元", organ="汽车路街道办事处", competent_body="资阳区人民政府",
        known_on="2026-07-10", clock_told=True,
    )  # fmt: skip
    track = Reconsideration.objects.get(dispute=story.case)
    assert (track.apply_by, track.is_first) == (date(2026, 9, 8), True)
    assert story.last_day("R01") == date(2026, 9, 8)
    mediator = {"mediator": cast.id("li")}
    assert story.refuses("bao", "start_mediation_intake", "2026-07-14 09:00", **mediator) == [
        "wrong_status"
    ]

    office = "2026-07-20"
    story("si", "rc_file", f"{office} 10:00", **data_of("rc_file", office, via_acting_organ=True))
    assert story.last_day("R10") == date(2026, 7, 27)
    assert story.refuses(
        "fu", "rc_accept", "2026-07-21 09:00", **data_of("rc_accept", "2026-07-21")
    ) == ["organ_has_received"]
    story("fu", "rc_forward", "2026-07-27 10:00", on="2026-07-27")
    assert story.last_day("R06") == date(2026, 8, 3)
    simplified = {"procedure": "simplified", "simplified_ground": "spot"}
    day = "2026-07-29"
    story("fu", "rc_accept", f"{day} 10:00", **data_of("rc_accept", day, **simplified))
    assert (story.last_day("R18"), story.last_day("R13")) == (date(2026, 8, 28), date(2026, 8, 3))
    story("fu", "rc_serve_copy", "2026-08-03 10:00", on="2026-08-03")
    assert story.last_day("R14") == date(2026, 8, 10)
    assert WorkItem.objects.values_list("node", "role").get(dispute=story.case) == (
        "answer_copy", "justice_staff",
    )  # fmt: skip
    assert story.refuses(
        "fu", "rc_decide", "2026-08-05 09:00", **data_of("rc_decide", "2026-08-05")
    ) == ["reply_is_in_or_overdue"]
    story("si", "rc_reply", "2026-08-07 10:00", **data_of("rc_reply", "2026-08-07"))
    story("fu", "rc_decide", "2026-08-20 10:00", **data_of("rc_decide", "2026-08-20"))
    assert story.refuses("bao", "conclude_reconsideration", "2026-08-21 09:00") == [
        "reconsideration_has_ended"
    ]
    story("fu", "rc_serve_decision", "2026-08-21 10:00", on="2026-08-21")
    story("si", "rc_opinion", "2026-08-21 10:30", **data_of("rc_opinion", "2026-08-21"))
    assert (story.last_day("R26"), story.last_day("R25")) == (date(2026, 9, 7), date(2026, 10, 20))
    story("si", "rc_perform", "2026-08-25 10:00", **data_of("rc_perform", "2026-08-25"))
    assert story.refuses("bao", "conclude_reconsideration", "2026-09-07 09:00") == [
        "suit_window_is_over", "respondent_owes_nothing",
    ]  # fmt: skip
    story("si", "rc_report", "2026-09-07 10:00", **data_of("rc_report", "2026-09-07"))
    story("bao", "conclude_reconsideration", "2026-09-08 09:00")
    story("si", "close", "2026-09-10 09:00", result="REFERRED_RC")
    story("wang", "visit", "2026-09-20 09:00", visited_at="2026-09-20T08:30", outcome="holds")
    story("si", "archive", "2026-09-30 09:00", retention="10", page_count=9)

    assert story.statuses() == [
        S.REGISTERED, S.ASSESSED, S.RECONSIDERING, S.CLOSE_REVIEW, S.CLOSED, S.ARCHIVED,
    ]  # fmt: skip
    assert story.now.mediator_id is None
    assert story.now.result not in SUCCESS


@pytest.mark.parametrize(
    ("rule", "start", "last_day"),
    [
        ("R10", "2026-07-20", "2026-07-27"),  # the office forwards within five working days
        ("R06", "2026-07-27", "2026-08-03"),  # review of the application
        ("R18", "2026-07-29", "2026-08-28"),  # decision, simplified
        ("R13", "2026-07-29", "2026-08-03"),  # copy served, simplified
        ("R14", "2026-08-03", "2026-08-10"),  # the office replies, simplified
        ("R25", "2026-08-21", "2026-10-20"),  # report on the opinion letter
        ("R26", "2026-08-21", "2026-09-07"),  # suit; raw 09-05 is a Saturday
    ],
)
def test_story_c_days_of_the_reconsideration_law(rule, start, last_day):
    assert clocks.last_day(rule, date.fromisoformat(start)).due == date.fromisoformat(last_day)


def test_story_d_wage_arrears_with_partial_default(cast):
    story = Story(cast, register(
        cast.bao, at("2026-01-12 09:00"), category="10", source="hotline", amount="96000",
        facts="装饰公司拖欠十二名工人工资九万六千元。", people_count=12, answers=CALM,
        parties=[
            {"name": "益阳测城装饰", "side": "respondent", "kind": "legal",
             "id_number": "91439999MA0TEK0015"},
            *({"name": name, "side": "applicant"} for name in ("丁测甲", "丁测乙", "丁测丙")),
        ],
    ))  # fmt: skip
    # Ten people make it orange by rule; a person may say yellow, and must say why.
    assert story.now.colour == Colour.ORANGE
    yellow = {"nature": "CIVIL", "colour": "YELLOW"}
    assert story.refuses("bao", "assess", "2026-01-12 10:00", **yellow) == ["lowering_has_reason"]
    story(
        "bao", "assess", "2026-01-12 10:00",
        **yellow, colour_reason="工人情绪平稳，已推选三名代表协商。",
    )  # fmt: skip
    assert story.now.colour == Colour.YELLOW
    story("bao", "start_mediation_intake", "2026-01-12 11:00", mediator=cast.id("li"))
    tell_and_hear(story, "2026-01-13", parties=(1, 2, 3, 4))
    story(
        "li", "accept", "2026-01-13 09:30",
        accepted_on="2026-01-13", no_conflict=True, channel="L01",
    )  # fmt: skip
    assert (story.now.mediation_due, story.last_day("L01")) == (date(2026, 1, 28),) * 2
    met(story, "2026-01-16", command="begin_session", present=(1, 2, 3, 4))
    deal = {
        "form": "written", "content": "分两期支付工资九万六千元。", "manner": "银行转账",
        "agreed_on": "2026-01-20",
        "obligations": [
            {"debtor": 1, "content": "第一期", "amount": "48000", "due_on": "2026-01-30"},
            {"debtor": 1, "content": "第二期", "amount": "48000", "due_on": "2026-02-10"},
        ],
    }  # fmt: skip
    assert story.refuses("li", "reach_agreement", "2026-01-20 09:00", **deal, amount="69000") == [
        "amounts_add_up"
    ]
    story("li", "reach_agreement", "2026-01-20 09:10", **deal, amount="96000")
    story(
        "li", "record_signatures", "2026-01-20 10:00",
        parties=[{"party": n, "signed_on": "2026-01-20"} for n in (1, 2, 3, 4)],
        mediator_signed_on="2026-01-20", sealed_on="2026-01-20",
    )  # fmt: skip
    story("li", "make_effective", "2026-01-20 10:10")
    assert story.last_day("CONF") == date(2026, 2, 24)  # raw 02-19 lies in the Spring Festival

    story(
        "li", "record_performance", "2026-01-30 17:00",
        obligation=1, done_on="2026-01-30", proof="转账回单",
    )  # fmt: skip
    breach = {"remedies": ["PAYMENT_ORDER", "LABOUR_ARBITRATION"], "told_on": "2026-02-11"}
    assert story.refuses("li", "declare_breach", "2026-02-11 09:00", **breach) == [
        "is_overdue_or_refused"
    ]
    for day in ("2026-02-11", "2026-02-13"):
        story("li", "urge", f"{day} 10:00", obligation=2, urged_on=day, channel="phone")
    story(
        "li", "declare_breach", "2026-02-14 10:00",
        **(breach | {"told_on": "2026-02-14", "refused": True}),
    )  # fmt: skip
    story(
        "bao", "refer", "2026-02-24 09:00", target="payment_order", organ="资阳区人民法院",
        ground="consent", consent_on="2026-02-24", summary="申请支付令，第二期工资四万八千元。",
        no_offers=True, reply_by="2026-03-24",
    )  # fmt: skip
    paid = {"obligation": 2, "done_on": "2026-03-16", "proof": "执行到账回单"}
    story("li", "record_performance", "2026-03-16 16:00", **paid)
    story(
        "bao", "conclude_referral", "2026-03-17 09:00",
        answer="支付令发出后已全部付清。", answered_on="2026-03-16",
    )  # fmt: skip
    story("si", "close", "2026-03-18 09:00", result="AGREED_PERFORMED")
    story("wang", "visit", "2026-04-17 09:00", visited_at="2026-04-17T08:30", outcome="holds")
    story("si", "archive", "2026-04-20 09:00", retention="30", page_count=31)

    assert story.statuses() == [
        S.REGISTERED, S.ASSESSED, S.CONSENT_PENDING, S.ACCEPTED, S.MEDIATING, S.AGREED,
        S.PERFORMING, S.BREACHED, S.REFERRED, S.CLOSE_REVIEW, S.CLOSED, S.ARCHIVED,
    ]  # fmt: skip
    assert story.now.result in SUCCESS
