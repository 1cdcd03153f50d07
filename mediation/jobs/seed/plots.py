"""How far a dispute has come, and by which way. Read beside the lifecycle table."""

from mediation.jobs.seed import phases as p
from mediation.jobs.seed.tale import Tale


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


def from_police(t: Tale) -> None:
    consent_pending(t)
    p.order(t, "police", "汽车路派出所", "汽公调〔{year}〕{n}号", answer_in=20)


def from_petition(t: Tale) -> None:
    assessed(t)
    p.order(t, "petition", "资阳区信访局", "资信转〔{year}〕{n}号", answer_in=50)


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
    p.track(t, "rc_file", "rc_ask_correction")


def rc_served(t: Tale) -> None:
    advised(t)
    p.track(t, "rc_file", "rc_accept", "rc_serve_copy")


def rc_suspended(t: Tale) -> None:
    rc_served(t)
    p.track(t, "rc_reply", "rc_suspend")


def rc_decided(t: Tale) -> None:
    rc_served(t)
    p.track(t, "rc_reply", "rc_hear", "rc_decide")


def rc_ended(t: Tale) -> None:
    rc_decided(t)
    p.track(t, "rc_serve_decision", "rc_opinion")


def rc_archived(t: Tale) -> None:
    rc_ended(t)
    p.track(t, "rc_perform", "rc_report")
    t.days(26, 30)  # the time for a suit is over, whatever holidays lie between
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
    t.filed = True
    visited(t)
    p.archive(t)


def settled_archived(t: Tale) -> None:
    settled_closed(t)
    p.visits(t)
    p.archive(t)


def confirmed_archived(t: Tale) -> None:
    t.filed = True
    mediating(t)
    p.session(t)
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
