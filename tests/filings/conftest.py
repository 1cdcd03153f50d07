"""A town with something for every column, over two months and two communities."""

from collections.abc import Iterator
from datetime import date

import pytest

from mediation.agreements.models import JudicialConfirmation
from mediation.disputes.enums import Status
from mediation.disputes.models import CaseGrant, Dispute
from mediation.sessions.models import Committee, RosterEntry
from tests.factories import CaseMaker, Cast, at, give, register
from tests.factories.cases import DEADLY, END
from tests.factories.people import COMMUNITY, LAST_GRID, SECOND_GRID, SUBDISTRICT, AreaFactory
from tests.web.conftest import sign_in
from tests.web.desk import NOON, REPORT, still
from workflows import ticker

MAY = at("2026-05-06 09:00")
ON_SPOT = {
    "content": "双方当场和好，楼上清理积水。",
    "settled_on": "2026-03-02",
    "both_consent": True,
    "is_civil": True,
}
REMINDER = {"obligation": 1, "sides": ["debtor"], "reminded_on": "2026-03-02", "channel": "phone"}
FILING = {"court": "资阳区人民法院", "filed_on": "2026-03-02", "both_parties": True}


@pytest.fixture
def _may() -> Iterator[None]:
    """The pages read a morning in May as now: the first quarter is over."""
    with still(MAY):
        yield


@pytest.fixture
def town(cast: Cast, case_in: CaseMaker) -> None:
    """Cases in every state; two are sensitive, one of those is granted; some ended in April."""
    for status in Status:
        case_in(status)
    deadly = case_in(answers=DEADLY)
    give(cast.bao, "report_escalation", deadly, NOON, **REPORT)
    late = case_in(Status.MEDIATING)
    give(
        cast.li, "end_mediation", late, at("2026-04-20 09:00"), **(END | {"told_on": "2026-04-20"})
    )
    case_in.go(case_in(Status.MEDIATING), Status.PERFORMING, at("2026-04-21 09:00"))
    for _ in range(2):
        hidden = case_in(Status.MEDIATING)
        Dispute.objects.filter(pk=hidden.pk).update(sensitivity="violence")
    CaseGrant.objects.create(
        dispute=hidden,
        person=cast.person("ping"),
        reason="包案领导",
        granted_by=cast.person("an"),
        granted_at=NOON,
    )
    register(cast.zhong, at("2026-04-20 10:00"), grid=LAST_GRID, category="10", people_count=60)
    register(cast.zhong, at("2026-03-31 23:59"), grid=LAST_GRID, category="15")
    _on_the_spot(cast)
    _confirmed(cast, case_in)
    _committees(cast)
    ticker.tick(at("2026-05-05 09:00"))


def _on_the_spot(cast: Cast) -> None:
    """Settled twice: the review sent the first back."""
    case = register(cast.chen, grid=SECOND_GRID)
    for moment in (NOON, at("2026-03-04 09:00")):
        give(cast.he, "settle_on_spot", case, moment, **ON_SPOT)
        if moment == NOON:
            give(cast.si, "return_for_correction", case, NOON, missing="缺当事人签名。")


def _confirmed(cast: Cast, case_in: CaseMaker) -> None:
    case = case_in(Status.PERFORMING)
    give(cast.li, "file_confirmation", case, NOON, **FILING)
    give(cast.li, "remind", case, NOON, **REMINDER)
    row = JudicialConfirmation.objects.get(agreement__dispute=case)
    row.confirm()
    row.ruled_on = date(2026, 4, 2)
    row.save()


def _committees(cast: Cast) -> None:
    for code, kind, name in (
        (COMMUNITY, "community", "汽车路社区人民调解委员会"),
        (SUBDISTRICT, "township", "汽车路街道人民调解委员会"),
    ):
        committee = Committee.objects.create(area=AreaFactory(code=code), kind=kind, name=name)
        for person, post, woman in (("li", "director", False), ("sun", "member", True)):
            RosterEntry.objects.create(
                committee=committee,
                person=cast.person(person),
                post=post,
                is_woman=woman,
                term_from=date(2025 if kind == "community" else 2024, 1, 1),
                term_until=date(2027, 1, 1),
            )


__all__ = ["MAY", "sign_in"]
