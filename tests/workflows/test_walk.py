"""A random walk: people of all roles try everything, lawful or not, while the days go by.

After every step the two machines, the events, the work list and the inboxes must agree. ``LONG=1`` walks
farther, ``LONG=N`` so many times as far. A failure prints the steps and a blob that repeats them exactly.
"""

import os
from datetime import timedelta
from functools import partial
from types import SimpleNamespace

import pytest
from django.db import transaction
from hypothesis import HealthCheck, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from mediation.accounts.actor import SYSTEM
from mediation.core import chain
from mediation.core.errors import Forbidden, Malformed, NotFound, Stale, Unmet
from mediation.disputes.enums import DONE
from mediation.disputes.enums import Status as S
from mediation.disputes.models import Dispute
from mediation.notifications.models import InboxCursor, Notice
from mediation.reconsideration.models import Reconsideration
from tests.disputes.test_lifecycle import FACTS, MOVES, RETURNS_TO
from tests.factories import CaseMaker, build_cast
from tests.factories.cases import (
    ACT,
    CALM,
    DAY_ONE,
    DEADLY,
    PACKAGE,
    PARTS,
    SIGNATURES,
    agreement,
)
from tests.factories.track import INPUT, data_of
from workflows import flow_engine, journal
from workflows.engine import Command, execute
from workflows.mapping import open_nodes
from workflows.models import WorkItem

LONG = int(os.environ.get("LONG", "0"))
WHO = ["wang", "he", "li", "sun", "bao", "zhong", "si", "lu", "ling", "fu", "b_zhong", "mo", "xi"]
# Whoever is likely to be allowed is drawn more often, so that walks get somewhere.
RIGHT = {
    "bao": {
        "assess", "void", "start_mediation_intake", "refer_to_reconsideration", "refer", "split",
        "assign_mediator", "acknowledge_referral", "conclude_referral", "take_back",
        "conclude_reconsideration", "reassess", "add_party", "conclude_children", *INPUT,
    },
    "si": {"return_for_correction", "close", "archive", "reopen", "ask_second_person"},
    "ling": {
        "grant_second_person", "acknowledge_alert", "act_on_alert", "resolve_alert", "comment",
        "report_escalation", "record_receipt", "decline_second_person",
    },
    "he": {"settle_on_spot", "visit"},
}  # fmt: skip
# Command → what somebody careful does before it.
BOTH = [("record_consent", {"party": ordinal, "consent": "yes"}) for ordinal in (1, 2)]
PREPARED_BY = {
    "accept": BOTH,
    "begin_session": BOTH,
    "reach_agreement": BOTH,
    "make_effective": [("record_signatures", {})],
    "fulfil": [("record_performance", {})],
    "conclude_referral": [("acknowledge_referral", {})],
    "conclude_reconsideration": [
        ("rc_file", {}),
        ("rc_give_up", {}),
    ],
    "close": [("acknowledge_alert", {}), ("resolve_alert", {})],
    "archive": [("visit", {}), ("visit", {})],
    "reopen": [("ask_second_person", {}), ("grant_second_person", {})],
}
# Walks begin anywhere on the way, brought there by real commands.
STARTS = sorted({*S} - {S.ARCHIVED, S.VOIDED})


class Walk(RuleBasedStateMachine):
    """The model is the hand-typed table of the lifecycle tests; nothing is read from the code."""

    @initialize(start=st.sampled_from(STARTS), danger=st.booleans())
    def begin(self, start, danger):
        self.walk = transaction.atomic()  # taken back at the end of this walk
        self.walk.__enter__()
        self.cast = build_cast()
        self.now = DAY_ONE
        self.nature = {S.RECONSIDERING: "ADMINISTRATIVE", S.SPLIT: "MIXED"}.get(start, "CIVIL")
        self.case = CaseMaker(self.cast)(
            start, grid="430902006901004", answers=DEADLY if danger and start != S.CLOSED else CALM
        )
        self.status, self.version = start, self.case.version
        self.before_review = S.PERFORMING if start == S.CLOSE_REVIEW else None

    @rule(hours=st.sampled_from([1, 24, 24 * 8, 24 * 40]))
    def wait(self, hours):
        self.now += timedelta(hours=hours)

    @rule(
        command=st.sampled_from(sorted({*MOVES, *FACTS})), who=st.sampled_from(WHO), data=st.data()
    )
    def anybody_tries(self, command, who, data):
        self.attempt(command, getattr(self.cast, who), self.input_of(command, data))

    @rule(command=st.sampled_from(sorted({*MOVES, *FACTS})))
    def somebody_looks_at_an_old_page(self, command):
        self.attempt(command, self.usual(command), self.input_of(command), old=True)

    @rule(data=st.data())
    def work_goes_on(self, data):
        """A step that the table allows here, well prepared, by whoever usually takes it."""
        moves = [name for name, places in MOVES.items() if self.status in places and name != "void"]
        moves += ["return_for_correction"] if self.status == S.CLOSE_REVIEW else []
        if not moves:
            return
        command = data.draw(st.sampled_from(moves))
        for before, more in PREPARED_BY.get(command, ()):
            self.attempt(before, self.usual(before), self.input_of(before) | more)
        self.attempt(command, self.usual(command), self.input_of(command))

    @rule(data=st.data())
    def work_goes_on_and_on(self, data):
        for _ in range(3):
            self.work_goes_on(data)

    @rule(data=st.data())
    def something_is_noted(self, data):
        facts = [name for name, places in FACTS.items() if self.status in places]
        command = data.draw(st.sampled_from(facts))
        self.attempt(command, self.usual(command), self.input_of(command, data))

    def usual(self, command):
        if command in {"fire_deadline", "rc_deem_accepted"}:
            return SYSTEM
        who = next((who for who, commands in RIGHT.items() if command in commands), "li")
        return getattr(self.cast, who)

    def attempt(self, command, actor, filled, *, old=False):
        order = Command(command, self.case.number, version=self.version - old, data=filled)
        try:
            with transaction.atomic():
                outcome = execute(order, actor, now=self.now)
        except (Forbidden, Malformed, NotFound, Stale, Unmet):
            return
        assert not old, "an old page was taken for a new one"
        assert outcome.version == self.version + 1
        assert outcome.status == self.lawful_target(command), f"{command} from {self.status}"
        if outcome.status == S.CLOSE_REVIEW != self.status:
            self.before_review = self.status
        self.status, self.version = S(outcome.status), outcome.version
        event(f"{command} > {self.status}")

    def lawful_target(self, command):
        if command == "return_for_correction":
            assert self.before_review in RETURNS_TO
            return self.before_review
        if command in FACTS:
            assert self.status in FACTS[command]
            return self.status
        return MOVES[command][self.status]

    def input_of(self, command, data=None):
        """Sensible input; with ``data``, now and then a field that a guard will object to."""

        def pick(*choices):
            return choices[0] if data is None else data.draw(st.sampled_from(choices))

        today = self.now.date().isoformat()
        later = (self.now + timedelta(days=30)).date().isoformat()
        moment = (self.now - timedelta(minutes=30)).isoformat()
        yes = pick(True, True, True, False)
        draw = {
            "settle_on_spot": lambda: {
                "is_civil": True, "both_consent": yes, "content": "当场赔礼并付清。",
                "settled_on": today,
            },
            "assess": lambda: {"nature": self.nature},
            "reassess": lambda: {"colour": pick("RED", "ORANGE", "BLUE"),
                                 "colour_reason": "经走访双方已平静十四日。" if yes else ""},
            "start_mediation_intake": lambda: {"mediator": self.cast.id("li")},
            "assign_mediator": lambda: {"mediator": self.cast.id("li"), "chosen_by": "parties",
                                        "reason": "双方要求更换"},
            "record_consent": lambda: {
                "party": pick(1, 2), "answered_on": today,
                "consent": pick("yes", "yes", "yes", "no"),
                "channel": "phone", "rights_told": True,
            },
            "accept": lambda: {"accepted_on": today, "no_conflict": yes},
            "begin_session": lambda: self.session(moment),
            "record_session": lambda: self.session(moment),
            "pause": lambda: {"ground": "illness", "since": today},
            "resume": lambda: {"resumed_on": today},
            "extend": lambda: {"until": later, "all_agree": yes, "agreed_on": today},
            "reach_agreement": lambda: agreement(
                agreed_on=today, form=pick("written", "oral"),
                about_status=not yes,
                obligations=[{"debtor": 1, "content": "付款", "amount": "4200", "due_on": later}],
            ),
            "record_signatures": lambda: SIGNATURES | ({} if yes else {"sealed_on": ""}),
            "fall_through": lambda: {"party": 2, "withdrew_on": today},
            "reclassify": lambda: {"nature": pick("ADMINISTRATIVE", "MIXED"), "known_on": today,
                                   "reason": "实为不服城管处罚决定。"},
            "end_mediation": lambda: {"reason": "DEADLOCK", "remedies": ["COURT"] if yes else [],
                                      "told_on": today, "channel": "phone"},
            "record_performance": lambda: {"obligation": 1, "done_on": today, "proof": "收条"},
            "urge": lambda: {"obligation": 1, "urged_on": today, "channel": "phone"},
            "file_confirmation": lambda: {"court": "资阳区人民法院", "filed_on": today,
                                          "both_parties": yes},
            "record_ruling": lambda: {"ruling": pick("confirm", "refuse"),
                                      "ruling_number": "民特1号", "ruled_on": today},
            "declare_breach": lambda: {"refused": yes, "remedies": ["COURT"], "told_on": today},
            "send_to_review": lambda: {"no_other_channel": yes, "result": "FAILED"},
            "refer": lambda: PACKAGE | {"reply_by": later, "no_offers": yes},
            "acknowledge_referral": lambda: {
                "answer": pick("accept", "decline"), "note": "回执1号",
            },
            "conclude_referral": lambda: {"answer": "已办结并答复。", "answered_on": today},
            "take_back": lambda: {"reason": "对方不予受理。"},
            "split": lambda: PARTS,
            "refer_to_reconsideration": lambda: ACT | {"known_on": today},
            **{step: partial(data_of, step, today) for step in INPUT},
            "return_for_correction": lambda: {"missing": "缺少回执原件。"},
            "close": lambda: {"result": pick("FAILED", "AGREED_PERFORMED", "ORAL_PERFORMED", "REFERRED_RC")},
            "visit": lambda: {"visited_at": moment, "outcome": "holds"},
            "archive": lambda: {"retention": "30", "page_count": 12},
            "reopen": lambda: {"ground": "rebound", "reason": "纠纷再次发生。"},
            "void": lambda: {"result": "FALSE_ALARM", "reason": "查无此事，误报。"},
            "add_party": lambda: {"name": "丁测丙", "side": "affected", "is_affected_only": yes},
            "ask_second_person": lambda: {"step": pick("reopen", "lower_red"),
                                          "reason": "经走访双方已平静十四日。"},
            "grant_second_person": lambda: {"step": pick("reopen", "lower_red")},
            "decline_second_person": lambda: {"step": "lower_red"},
            "act_on_alert": lambda: {"owner": self.cast.id("li"), "action": "上门稳控，包案化解。",
                                     "action_due": later},
            "resolve_alert": lambda: {"verdict": "prevented", "outcome": "双方已经平静。"},
            "report_escalation": lambda: {"receiver": "police", "content": "涉嫌违法行为。",
                                          "reported_at": moment, "receipt": "110-1" if yes else ""},
            "comment": lambda: {"remark": "请抓紧办理"},
            "fire_deadline": lambda: {"rule": "MED", "due_on": today},
            "rc_deem_accepted": lambda: {"rule": "R06", "due_on": today},
        }  # fmt: skip
        return draw.get(command, dict)()

    def session(self, moment):
        return {"kind": "session", "held_at": moment, "place": "社区调解室", "attended": [1, 2],
                "record": "双方陈述意见。"}  # fmt: skip

    # What must hold after every step -----------------------------------------------------------------

    @invariant()
    def everything_agrees(self):
        if not hasattr(self, "case"):
            return
        family = [
            self.case.pk,
            *Dispute.objects.filter(parent=self.case).values_list("pk", flat=True),
        ]
        for case in Dispute.objects.filter(pk__in=family):
            check_history(case)
            check_work(case)
        mine = Dispute.objects.get(pk=self.case.pk)
        assert (mine.status, mine.version) == (self.status, self.version)
        check_inboxes()

    def teardown(self):
        if hasattr(self, "walk"):
            transaction.set_rollback(True)
            self.walk.__exit__(None, None, None)


def check_history(case):
    """Status and version are what the events add up to, and the chain holds to its end."""
    events = list(case.events.order_by("version"))
    status = ""
    for number, row in enumerate(events, 1):
        assert (row.version, row.from_status) == (number, status)
        status = row.to_status
    assert (case.status, case.version) == (status, len(events))
    links = [(journal.record(row, str(case.uid)), row.digest) for row in events]
    assert chain.verify(links, end=case.chain) is None


def check_work(case):
    """Exactly the nodes of the status are open, and the work list shows the human one."""
    track = Reconsideration.objects.filter(dispute=case).order_by("-pk").first()
    rc_status = track.position if track and case.status == S.RECONSIDERING else None
    task = flow_engine.check(case, rc_status, flow_engine.open_tasks(case))
    wanted = open_nodes(case, rc_status)
    item = WorkItem.objects.filter(dispute=case).first() or SimpleNamespace(node=None, task_id=None)
    assert item.node == (wanted.get("rc") or wanted.get("main"))
    assert item.task_id == (task.pk if task else None)
    if item.node:
        assert (item.severity, item.due_at, item.area_code) == (
            case.severity,
            case.due_at,
            case.area_code,
        )
    if case.status in {S.ARCHIVED, S.VOIDED}:
        assert case.status in DONE
        assert item.node is None


def check_inboxes():
    """The numbers of each person run from one to his latest without a gap."""
    for cursor in InboxCursor.objects.all():
        seqs = Notice.objects.filter(person_id=cursor.person_id).order_by("seq")
        assert list(seqs.values_list("seq", flat=True)) == list(range(1, cursor.latest + 1))


@pytest.mark.slow
def test_random_walk_stays_within_the_law(db):
    run_state_machine_as_test(
        Walk,
        settings=settings(
            max_examples=200 * LONG or 15,
            stateful_step_count=40 if LONG else 20,
            suppress_health_check=list(HealthCheck),
        ),
    )
