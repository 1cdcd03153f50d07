"""Alerts cannot end unanswered: silence climbs, acknowledgement stops it, what is forgotten comes back."""

from datetime import timedelta

import pytest

from mediation.accounts.models import Duty, Role
from mediation.core.errors import Unmet
from mediation.disputes.enums import Status as S
from mediation.disputes.models import Dispute
from mediation.notifications.models import Notice
from mediation.warning import office
from mediation.warning.models import Alert, AlertStep, Charge, Escalation
from tests.factories import at, give, register
from tests.factories.cases import CALM, DAY_ONE, DEADLY, NEXT_DAY
from tests.factories.people import DutyFactory, PersonFactory
from workflows import alerting, ticker

pytestmark = pytest.mark.django_db

ORANGE = CALM | {"police_calls": "3q"}


def minutes(count):
    return DAY_ONE + timedelta(minutes=count)


def steps(alert):
    return list(alert.steps.values_list("kind", flat=True))


def told(kind):
    return sorted(Notice.objects.filter(kind=kind).values_list("person__username", flat=True))


@pytest.fixture
def ladder(cast):
    """A deputy for the leader of the subdistrict, and leaders of district and city."""
    deputy = PersonFactory(username="fu_ling", name="付测代")
    Duty.objects.filter(person=cast.id("ling"), role=Role.LEADER).update(
        deputy=deputy, deputy_since=DAY_ONE.date() + timedelta(days=900)
    )
    for name, code in (("qu", "430902"), ("shi", "4309")):
        DutyFactory(
            person=PersonFactory(username=name, name=f"{name}测领"),
            role=Role.LEADER,
            area__code=code,
            cleared=True,
        )
    return cast


def test_silence_climbs_rung_by_rung(ladder, case_in):
    case_in(answers=DEADLY)
    alert = Alert.objects.get()

    reached = []
    for when in (14, 15, 29, 30, 59, 60):
        alerting.climb(minutes(when))
        reached.append((alert.__class__.objects.get().rung, told(alerting.CLIMBED)))

    assert reached == [
        (0, []),
        (1, ["fu_ling"]),
        (1, ["fu_ling"]),
        (2, ["fu_ling", "qu"]),
        (2, ["fu_ling", "qu"]),
        (3, ["fu_ling", "qu", "shi"]),
    ]
    assert steps(alert) == ["raised", "deputy", "one_up", "two_up"]


def test_each_rung_is_climbed_once_however_many_tickers(ladder, case_in):
    case_in(answers=DEADLY)

    done = [alerting.climb(minutes(15)) for _ in range(3)]

    assert done == [1, 0, 0]
    assert told(alerting.CLIMBED) == ["fu_ling"]


def test_late_ticker_catches_up(ladder, case_in):
    case_in(answers=DEADLY)

    for _ in range(4):
        ticker.tick(minutes(90))

    assert Alert.objects.get().rung == 3


def test_acknowledgement_stops_the_ladder_everywhere(ladder, case_in):
    case = case_in(answers=DEADLY)
    alerting.climb(minutes(15))
    give(ladder.ling, "acknowledge_alert", case, minutes(20))

    for when in (30, 60, 120):
        alerting.climb(minutes(when))

    assert told(alerting.CLIMBED) == ["fu_ling"]
    assert Alert.objects.get().rung == 1


def test_ladder_goes_on_where_nobody_serves(cast, case_in):
    case_in(answers=DEADLY)

    for when in (15, 30, 60, 60 + 4 * 60):
        alerting.climb(minutes(when))

    assert steps(Alert.objects.get()) == ["raised", "deputy", "one_up", "two_up", "reminded"]
    assert told(alerting.CLIMBED) == ["bao", "ling", "ping", "zhong"]


def test_acknowledged_and_forgotten_is_reminded_of(cast, case_in):
    case = case_in(answers=DEADLY)
    give(cast.ling, "acknowledge_alert", case, DAY_ONE)

    done = [alerting.climb(DAY_ONE + timedelta(hours=hours)) for hours in (23, 24, 25, 48)]

    assert done == [0, 1, 0, 1]
    assert told(alerting.REMINDED) == ["ling", "ling"]


def test_measure_that_is_due_is_reminded_of(cast, case_in):
    case = case_in(answers=DEADLY)
    give(cast.ling, "acknowledge_alert", case, DAY_ONE)
    give(
        cast.ling, "act_on_alert", case, DAY_ONE, owner=cast.id("li"), action="上门稳控。",
        action_due="2026-03-05",
    )  # fmt: skip

    done = [alerting.climb(at(when)) for when in ("2026-03-05 23:00", "2026-03-06 00:00")]

    assert done == [0, 1]
    assert told(alerting.REMINDED) == ["li", "ling"]


def test_resolved_alert_rests(cast, case_in):
    case = case_in(answers=DEADLY)
    give(cast.ling, "acknowledge_alert", case, DAY_ONE)
    give(cast.ling, "resolve_alert", case, DAY_ONE, verdict="false", outcome="核实系误会。")

    assert alerting.climb(DAY_ONE + timedelta(days=30)) == 0
    assert alerting.tasks_fit(NEXT_DAY) == (0, [])


def test_every_state_has_its_task(cast, case_in):
    case = case_in(answers=DEADLY)
    found = [alerting.tasks_fit(NEXT_DAY)]
    give(cast.ling, "acknowledge_alert", case, DAY_ONE)
    found.append(alerting.tasks_fit(NEXT_DAY))
    give(
        cast.ling, "act_on_alert", case, DAY_ONE, owner=cast.id("li"), action="上门稳控。",
        action_due="2026-03-05",
    )  # fmt: skip
    found.append(alerting.tasks_fit(NEXT_DAY))

    assert found == [(1, [])] * 3


def test_office_sets_how_long_an_alert_may_wait(cast, case_in):
    office.adopt(
        "430902006", {"red_minutes": 10}, reason="街道统一要求", author_id=None, now=DAY_ONE
    )

    case_in(answers=DEADLY)

    assert Alert.objects.get().acknowledge_by == minutes(10)


# Folding -------------------------------------------------------------------------------------------


def test_similar_orange_alerts_fold_and_ring_once(cast):
    for minute in range(3):
        register(cast.wang, minutes(minute), answers=ORANGE, place=f"汽车路{minute}号")

    head = Alert.objects.get(folded_into__isnull=True)
    assert (head.colour, head.count, head.folded.count()) == ("ORANGE", 3, 2)
    rung = Notice.objects.filter(person=cast.id("ling"), kind="register")
    assert rung.count() == 1


def test_seeing_the_first_sees_all(cast):
    cases = [register(cast.wang, minutes(n), answers=ORANGE, place=f"{n}号楼下") for n in range(3)]

    give(cast.ling, "acknowledge_alert", cases[0], minutes(5))
    give(cast.ling, "resolve_alert", cases[0], minutes(6), verdict="true", outcome="同一批欠薪。")

    assert set(Alert.objects.values_list("status", "verdict")) == {("resolved", "true")}


def test_red_alerts_never_fold(cast):
    register(cast.wang, minutes(0), answers=DEADLY)
    register(cast.wang, minutes(1), answers=DEADLY)

    assert Alert.objects.filter(folded_into__isnull=True).count() == 2


def test_seen_alert_takes_in_no_other(cast):
    first = register(cast.wang, minutes(0), answers=ORANGE)
    give(cast.ling, "acknowledge_alert", first, minutes(1))

    register(cast.wang, minutes(2), answers=ORANGE)

    assert Alert.objects.filter(folded_into__isnull=True).count() == 2


# A leader in charge -------------------------------------------------------------------------------

PLAN = "成立专班，每日走访，三日内组织调解。"


def test_leader_takes_charge_writes_daily_and_ends(cast, case_in):
    case = case_in(S.MEDIATING)
    give(cast.ling, "take_charge", case, DAY_ONE, plan=PLAN)
    reminded = [alerting.press_charges(DAY_ONE + timedelta(hours=h)) for h in (23, 24, 25)]
    give(cast.ling, "note_charge", case, NEXT_DAY + timedelta(hours=2), note="上门走访，双方平静。")
    give(cast.ling, "end_charge", case, NEXT_DAY + timedelta(hours=3), outcome="矛盾已经化解。")

    charge = Charge.objects.get()
    assert reminded == [0, 1, 0]
    assert (charge.notes.count(), charge.outcome) == (1, "矛盾已经化解。")
    assert told(alerting.CHARGE_NOTE) == ["ling"]


def test_one_leader_at_a_time(cast, case_in):
    case = case_in(S.MEDIATING)
    give(cast.ling, "take_charge", case, DAY_ONE, plan=PLAN)

    with pytest.raises(Unmet) as refused:
        give(cast.ling, "take_charge", case, NEXT_DAY, plan=PLAN)

    assert [reason.code for reason in refused.value.reasons] == ["nobody_is_in_charge"]


# Reports -------------------------------------------------------------------------------------------


def test_report_not_made_in_time_is_pressed_for(cast, case_in):
    case = case_in(answers=DEADLY)

    done = [alerting.press_reports(minutes(when)) for when in (29, 30, 31, 30 + 240)]

    assert done == [0, 1, 0, 1]
    assert {"wang", "bao", "ling"} <= set(told(alerting.REPORT_OWED))
    assert Escalation.objects.get(dispute=case).is_owed


def test_made_report_is_not_pressed_for(cast, case_in):
    case = case_in(answers=DEADLY)
    give(
        cast.wang, "report_escalation", case, minutes(5), receiver="police", content="已报110。",
        reported_at="2026-03-02T10:04",
    )  # fmt: skip

    assert alerting.press_reports(minutes(500)) == 0


def test_notices_of_the_ladder_name_no_person(ladder, case_in):
    case_in(answers=DEADLY)
    alerting.climb(minutes(15))

    row = Notice.objects.filter(kind=alerting.CLIMBED).values().get()

    assert not any("测" in str(value) for value in row.values())


def test_step_log_counts_who_was_told(ladder, case_in):
    case_in(answers=DEADLY)
    alerting.climb(minutes(15))

    assert AlertStep.objects.get(kind="deputy").told == 1
    assert Dispute.objects.get().alerts.get().rung == 1
