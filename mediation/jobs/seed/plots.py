"""The plots: how far a dispute has come, and by which way. Read beside ``design.md`` 4.

The first ones show every status and every special case; the ``COMMON`` ones fill the town.
"""

from collections.abc import Callable
from dataclasses import dataclass

from mediation.jobs.seed import phases as p
from mediation.jobs.seed.tale import Tale
from mediation.jobs.seed.topics import CROWD, MIXED, THREAT, VIOLENT, Topic


@dataclass(frozen=True, slots=True)
class Plot:
    """``rests``: for how many days nothing has happened since; what waits long runs overdue."""

    name: str
    tell: Callable[[Tale], None]
    rests: tuple[int, int]
    colours: tuple[str, ...] = ()
    nature: str = "CIVIL"
    topic: Topic | None = None
    alert: str = "resolved"
    at_home: bool = False
    """Whether it happens in the grid of the cast, so that a visitor meets it."""
    minor: bool = False
    agreement: str = ""
    target: str = "court"
    twin: str = ""
    people_count: int | None = None


CALM = ("BLUE", "BLUE", "BLUE", "YELLOW", "YELLOW")


def registered(t: Tale) -> None:
    p.register(t)


def unknown_parties(t: Tale) -> None:
    p.register(t, unknown=True)


def assessed(t: Tale) -> None:
    p.register(t)
    p.assess(t)


def consent_pending(t: Tale) -> None:
    assessed(t)
    p.seek(t)
    p.consent(t, only=1)


def accepted(t: Tale) -> None:
    assessed(t)
    p.seek(t)
    p.consent(t)
    p.accept(t)


def mediating(t: Tale) -> None:
    accepted(t)
    p.begin(t)
    for _ in range(t.rng.randint(0, 2)):
        p.session(t)


def extended(t: Tale) -> None:
    mediating(t)
    p.extend(t)


def paused(t: Tale) -> None:
    mediating(t)
    p.pause(t)


def resumed(t: Tale) -> None:
    paused(t)
    p.resume(t)


def agreed(t: Tale) -> None:
    mediating(t)
    p.agree(t)
    if t.agreement == "written":
        p.some_signatures(t, t.asked[:1], sealed=False)


def performing(t: Tale) -> None:
    mediating(t)
    p.agree(t, due=(8, 24))
    p.sign(t)
    if t.obligations == 2:
        p.perform(t, all_of_it=False)


def confirming(t: Tale) -> None:
    mediating(t)
    p.agree(t, due=(10, 30))
    p.sign(t)
    t.days(1, 2)
    p.file_confirmation(t)


def overdue_performance(t: Tale) -> None:
    mediating(t)
    p.agree(t, due=(3, 9))
    p.sign(t)
    p.urge(t)


def breached(t: Tale) -> None:
    mediating(t)
    p.agree(t, due=(3, 9))
    p.sign(t)
    p.urge(t)
    p.breach(t)


def refused(t: Tale) -> None:
    assessed(t)
    p.seek(t)
    p.consent(t, refusing=True)
    p.end(t, reason="REFUSED")


def deadlocked(t: Tale) -> None:
    mediating(t)
    p.session(t)
    p.end(t)


def referred(t: Tale) -> None:
    deadlocked(t)
    p.refer(t)


def referred_accepted(t: Tale) -> None:
    referred(t)
    p.receiver_says(t, "accept")


def referred_declined(t: Tale) -> None:
    assessed(t)
    p.refer(t, reply_in=8)
    p.receiver_says(t, "decline")


def referred_overdue(t: Tale) -> None:
    assessed(t)
    p.refer(t, reply_in=6)


def taken_back(t: Tale) -> None:
    referred_declined(t)
    t.days(0, 1)
    t.do(t.team.centre, "take_back", reason="接收单位认为不属于其职责，收回另行处理。")


def advised(t: Tale) -> None:
    p.register(t)
    p.assess(t)
    p.to_reconsideration(t)


def rc_correction(t: Tale) -> None:
    advised(t)
    p.track(t, "file", "ask_correction")


def rc_served(t: Tale) -> None:
    advised(t)
    p.track(t, "file", "accept", "serve_copy")


def rc_suspended(t: Tale) -> None:
    rc_served(t)
    p.track(t, "reply", "suspend")


def rc_decided(t: Tale) -> None:
    rc_served(t)
    p.track(t, "reply", "hear", "decide")


def rc_ended(t: Tale) -> None:
    rc_decided(t)
    p.track(t, "serve_decision")


def rc_archived(t: Tale) -> None:
    rc_ended(t)
    p.track(t, "perform")
    t.days(0, 2)
    t.do(t.team.centre, "conclude_reconsideration")
    p.close(t, "REFERRED_RC")
    p.visits(t)
    p.archive(t)


def split(t: Tale) -> None:
    p.register(t)
    p.assess(t)
    p.split(t)
    t.minutes(30, 90)
    t.do(t.team.centre, "assess", case=f"{t.key}/1", nature="CIVIL", answers=t.answers())
    t.do(t.team.centre, "assess", case=f"{t.key}/2", nature="ADMINISTRATIVE", answers=t.answers())
    t.minutes(30, 90)
    t.do(
        t.team.centre,
        "start_mediation_intake",
        case=f"{t.key}/1",
        mediator=t.team.mediator_id,
        chosen_by="committee",
    )


def fulfilled(t: Tale) -> None:
    mediating(t)
    p.agree(t)
    p.sign(t)
    p.perform(t)
    t.office()
    p.fulfil(t)


def returned(t: Tale) -> None:
    fulfilled(t)
    p.return_for_correction(t)


def settled(t: Tale) -> None:
    p.register(t)
    p.settle(t)


def given_up(t: Tale) -> None:
    deadlocked(t)
    t.days(1, 3)
    t.do(t.team.mediator, "send_to_review", no_other_channel=True, result="WITHDRAWN")


def closed(t: Tale) -> None:
    fulfilled(t)
    p.close(t, "AGREED_PERFORMED" if t.agreement == "written" else "ORAL_PERFORMED")


def settled_closed(t: Tale) -> None:
    settled(t)
    p.close(t, "ORAL_PERFORMED")


def visited(t: Tale) -> None:
    closed(t)
    p.visits(t)


def archived(t: Tale) -> None:
    visited(t)
    p.archive(t)


def settled_archived(t: Tale) -> None:
    settled_closed(t)
    p.visits(t)
    p.archive(t)


def confirmed_archived(t: Tale) -> None:
    mediating(t)
    p.agree(t, due=(12, 18))
    p.sign(t)
    p.confirm(t)
    p.perform(t)
    t.office()
    p.fulfil(t)
    p.close(t, "AGREED_CONFIRMED")
    p.visits(t)
    p.archive(t)


def court_closed(t: Tale) -> None:
    referred_accepted(t)
    p.result_comes(t)
    p.close(t, RESULT_OF.get(t.target, "REFERRED_DEPT"))


RESULT_OF = {"court": "REFERRED_COURT", "labour_arbitration": "REFERRED_ARB"}


def reopened(t: Tale) -> None:
    closed(t)
    p.reopen(t)


def duplicate(t: Tale) -> None:
    p.register(t)
    p.void(t, twin=t.twin)


def false_alarm(t: Tale) -> None:
    p.register(t)
    p.void(t)


def red_waiting(t: Tale) -> None:
    assessed(t)
    p.ask_to_lower(t)


def violent_home(t: Tale) -> None:
    p.register(t)
    p.report(t, "police", receipt=f"资警接{t.today:%m%d}号")
    p.report(t, "civil_affairs")
    p.assess(t, sensitivity="minor")
    p.seek(t)
    p.consent(t, only=1)


def violent_mediating(t: Tale) -> None:
    p.register(t)
    p.report(t, "police", receipt=f"资警接{t.today:%m%d}号")
    p.assess(t, sensitivity="violence")
    p.seek(t)
    p.consent(t)
    p.accept(t)
    p.begin(t)


RED, ORANGE = ("RED",), ("ORANGE",)
TODAY = (-1, -1)
"""Registered this morning, before the office opened."""
ADMIN = "ADMINISTRATIVE"

SPECIAL: tuple[Plot, ...] = (
    Plot("registered", registered, (2, 2), CALM, at_home=True),
    Plot("red_unseen", registered, TODAY, RED, topic=THREAT, alert="raised", at_home=True),
    Plot("orange_unseen", registered, (0, 1), ORANGE, alert="raised"),
    Plot("duplicate", duplicate, (0, 0), CALM, at_home=True, twin="registered"),
    Plot("assessed", assessed, (1, 2), CALM, at_home=True),
    Plot("consent_pending", consent_pending, (1, 3), CALM, at_home=True),
    Plot("accepted", accepted, (1, 3), CALM, at_home=True),
    Plot("mediating", mediating, (1, 4), CALM, at_home=True),
    Plot("mediating_overdue", mediating, (33, 36), CALM, at_home=True),
    Plot("paused", paused, (2, 6), CALM, at_home=True),
    Plot("agreed", agreed, (1, 2), CALM, at_home=True, agreement="written"),
    Plot("performing", performing, (1, 3), CALM, at_home=True, agreement="written"),
    Plot("performing_overdue", overdue_performance, (8, 12), CALM, at_home=True),
    Plot("breached", breached, (2, 6), CALM),
    Plot("mediation_ended", deadlocked, (1, 3), CALM, at_home=True),
    Plot("rc_advised", advised, (2, 4), CALM, ADMIN),
    Plot("rc_served", rc_served, (1, 3), CALM, ADMIN, at_home=True),
    Plot("referred", referred, (2, 6), CALM, agreement="written"),
    Plot("referred_overdue", referred_overdue, (8, 10), CALM, target="department"),
    Plot("split", split, (1, 3), CALM, "MIXED", topic=MIXED),
    Plot("close_review", fulfilled, (1, 2), CALM, at_home=True),
    Plot("returned", returned, (1, 2), CALM, at_home=True),
    Plot("closed", closed, (3, 9), CALM, at_home=True),
    Plot("closed_unvisited", closed, (33, 38), CALM, at_home=True),
    Plot("archived", archived, (5, 20), CALM, at_home=True),
    Plot("reopened", reopened, (1, 2), CALM, at_home=True),
    Plot("violent_home", violent_home, (1, 2), RED, topic=VIOLENT, alert="acting", minor=True,
         at_home=True),
    Plot("red_mediating", mediating, (1, 3), RED, alert="acting"),
    Plot("false_alarm", false_alarm, (3, 8), CALM),
    Plot("settled", settled, (1, 1), ("BLUE",), at_home=True),
    # Thirty plots up to here meet every status and every colour; the rest deepen the picture.
    Plot("red_second_person", red_waiting, (1, 1), RED, topic=THREAT, alert="acting"),
    Plot("violent_mediating", violent_mediating, (2, 5), RED, topic=VIOLENT, alert="acting"),
    Plot("crowd", mediating, (1, 2), ORANGE, topic=CROWD, alert="acting", people_count=12),
    Plot("confirming", confirming, (2, 4), CALM, at_home=True, agreement="written"),
    Plot("confirmed", confirmed_archived, (9, 25), CALM, at_home=True, agreement="written"),
    Plot("rc_correction", rc_correction, (1, 3), CALM, ADMIN),
    Plot("rc_suspended", rc_suspended, (3, 9), CALM, ADMIN),
    Plot("rc_decided", rc_decided, (1, 3), CALM, ADMIN),
    Plot("rc_ended", rc_ended, (1, 2), CALM, ADMIN),
    Plot("rc_archived", rc_archived, (10, 30), CALM, ADMIN),
    Plot("referred_accepted", referred_accepted, (2, 5), CALM, target="labour_arbitration"),
    Plot("referred_declined", referred_declined, (1, 2), CALM, target="department"),
    Plot("taken_back", taken_back, (1, 2), CALM, target="department"),
    Plot("extended", extended, (5, 12), CALM),
    Plot("resumed", resumed, (1, 3), CALM),
    Plot("refused", refused, (1, 2), CALM),
    Plot("unknown_parties", unknown_parties, (1, 1), CALM),
    Plot("given_up", given_up, (1, 2), CALM),
    Plot("visited", visited, (1, 3), CALM, at_home=True),
    Plot("court_closed", court_closed, (2, 6), CALM),
    Plot("red_closed", closed, (3, 8), RED),
    Plot("red_archived", archived, (8, 24), RED),
    Plot("orange_seen", assessed, (0, 1), ORANGE, alert="acknowledged"),
    Plot("orange_unseen_today", registered, TODAY, ORANGE, alert="raised"),
    Plot("registered_today", registered, TODAY, CALM, at_home=True),
    Plot("registered_today_2", registered, TODAY, CALM),
)  # fmt: skip

MOSTLY = (*CALM, *CALM, "ORANGE")
COMMON: tuple[tuple[int, Plot], ...] = (
    (4, Plot("registered", registered, (0, 2), CALM)),
    (4, Plot("assessed", assessed, (0, 4), MOSTLY, alert="acting")),
    (4, Plot("consent_pending", consent_pending, (0, 5), CALM)),
    (2, Plot("accepted", accepted, (0, 4), CALM)),
    (9, Plot("mediating", mediating, (0, 16), MOSTLY, alert="acting")),
    (1, Plot("paused", paused, (1, 9), CALM)),
    (2, Plot("agreed", agreed, (0, 3), CALM)),
    (6, Plot("performing", performing, (0, 9), CALM)),
    (1, Plot("breached", breached, (1, 8), CALM)),
    (1, Plot("mediation_ended", deadlocked, (0, 4), CALM)),
    (2, Plot("referred", referred_accepted, (1, 8), CALM)),
    (3, Plot("close_review", fulfilled, (0, 3), CALM)),
    (2, Plot("settled", settled, (0, 2), ("BLUE",))),
    (6, Plot("closed", closed, (1, 24), MOSTLY)),
    (4, Plot("settled_closed", settled_closed, (1, 20), ("BLUE",))),
    (12, Plot("archived", archived, (2, 60), MOSTLY)),
    (6, Plot("settled_archived", settled_archived, (2, 60), ("BLUE",))),
    (2, Plot("confirmed", confirmed_archived, (2, 50), CALM, agreement="written")),
    (2, Plot("court_closed", court_closed, (2, 30), CALM)),
    (1, Plot("rc_archived", rc_archived, (2, 40), CALM, ADMIN)),
)
FEWEST = 30
