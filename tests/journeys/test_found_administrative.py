"""A case in mediation turns out to be about an administrative act: back to triage, with its clock shown."""

import pytest

from mediation.core.errors import Forbidden, Malformed, Unmet
from mediation.deadlines.models import Deadline
from mediation.disputes.enums import Nature
from mediation.disputes.enums import Status as S
from mediation.disputes.models import Dispute, Party
from mediation.notifications.models import Notice
from mediation.reconsideration.models import Reconsideration
from tests.factories import at, give
from tests.factories.cases import ACT, PARTS
from workflows import ticker
from workflows.models import WorkItem

FOUND = {
    "nature": "ADMINISTRATIVE", "known_on": "2026-02-20",
    "reason": "争议实为不服汽车路街道办事处2月20日当场罚款。",
}  # fmt: skip
DAY = at("2026-03-10 09:00")


def fresh(case):
    return Dispute.objects.get(pk=case.pk)


def running(case):
    rows = Deadline.objects.filter(dispute=case).exclude(state="met")
    return {row.rule: row.due_on.isoformat() for row in rows}


def test_mediation_stops_and_the_sixty_days_are_watched(case_in, cast):
    """行政复议法第二十条: known on 20 February; sixty days end on 21 April, whatever was mediated."""
    case = case_in(S.MEDIATING)
    consents = list(Party.objects.filter(dispute=case).values_list("ordinal", "consent"))
    before = running(case)

    give(cast.li, "reclassify", case, DAY, **FOUND)

    found = fresh(case)
    assert before == {"MED": "2026-04-01"}
    assert (found.status, found.nature, found.mediation_due) == (
        S.ASSESSED, Nature.ADMINISTRATIVE, None,
    )  # fmt: skip
    assert running(case) == {"R01": "2026-04-21"}
    assert WorkItem.objects.get(dispute=case).node == "triage"
    assert list(Party.objects.filter(dispute=case).values_list("ordinal", "consent")) == consents
    assert Notice.objects.filter(dispute=case, kind="reclassify").exists()

    # It is told of at thirty days, without a word from anybody.
    ticker.remind(at("2026-03-22 09:00"))
    assert Notice.objects.filter(dispute=case, kind="remind_deadline").exists()

    # Advice takes the clock over; the office is the respondent, the district reviews (art. 24).
    give(cast.bao, "refer_to_reconsideration", case, at("2026-03-23 09:00"),
         **(ACT | {"known_on": "2026-02-20"}))  # fmt: skip
    assert running(case) == {"R01": "2026-04-21"}
    assert Reconsideration.objects.get(dispute=case).apply_by.isoformat() == "2026-04-21"


@pytest.mark.parametrize("status", [S.CONSENT_PENDING, S.ACCEPTED, S.PAUSED, S.MEDIATION_ENDED])
def test_it_may_be_found_at_any_time_before_an_agreement(case_in, cast, status):
    case = case_in(status)

    give(cast.bao, "reclassify", case, DAY, **FOUND)

    assert fresh(case).status == S.ASSESSED
    assert not case.pauses.filter(until__isnull=True).exists()
    with pytest.raises(Unmet):
        give(cast.bao, "start_mediation_intake", case, DAY, mediator=cast.id("li"))
    assert fresh(case).status == S.ASSESSED


def test_mixed_case_is_split_then(case_in, cast):
    case = case_in(S.MEDIATING)
    give(cast.bao, "reclassify", case, DAY, **(FOUND | {"nature": "MIXED"}))

    give(cast.bao, "split", case, DAY, **PARTS)

    civil, act = case.children.order_by("pk")
    assert fresh(case).status == S.SPLIT
    assert running(case) == {"R01": "2026-04-21"}  # until its part is referred and closed
    assert {part.parent_id for part in (civil, act)} == {case.pk}


def test_stranger_and_future_day_change_nothing(case_in, cast, snapshot_rows):
    case = case_in(S.MEDIATING)
    rows = snapshot_rows()

    with pytest.raises(Forbidden):
        give(cast.wang, "reclassify", case, DAY, **FOUND)
    with pytest.raises(Malformed) as refusal:
        give(cast.li, "reclassify", case, DAY, **(FOUND | {"known_on": "2026-03-11"}))

    assert list(refusal.value.fields) == ["known_on"]
    assert snapshot_rows() == rows
