"""What the tests of the offices' desks share: a still clock, and cases with one or three of everything."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mediation.disputes.enums import Status
from mediation.disputes.models import Dispute
from tests.factories import CaseMaker, Cast, at, give
from tests.factories.cases import CHILD, DEADLY, SESSION, VISIT, agreement

NOON = at("2026-03-02 12:00")
REPORT = {"receiver": "police", "content": "已向派出所报告。", "reported_at": "2026-03-02T10:00"}


@contextmanager
def still(moment: datetime = NOON) -> Iterator[None]:
    """The pages read this moment as now."""
    with time_machine.travel(moment, tick=False):
        yield


def page(case: Dispute, command: str) -> str:
    """The address of a step of a case."""
    return reverse("act", args=[case.code, command])


def queries(client: Client, address: str, **headers: str) -> int:
    """How many statements a page needs."""
    with CaptureQueriesContext(connection) as asked:
        response = client.get(address, headers=headers)
    assert response.status_code == 200, response.status_code
    return len(asked)


def full_case(cast: Cast, case_in: CaseMaker, times: int) -> Dispute:
    """A red case in performance, with ``times`` of everything that a case can have several of."""
    case = case_in(Status.MEDIATING, answers=DEADLY)
    one = agreement()["obligations"][0]
    steps: list[tuple[str, str, dict[str, Any]]] = [
        ("li", "add_party", CHILD | {"is_affected_only": True}),
        ("bao", "report_escalation", REPORT),
        ("bao", "comment", {"remark": "请尽快办理。"}),
        ("li", "record_session", SESSION),
    ]
    for who, command, data in steps * times:
        give(getattr(cast, who), command, case, NOON, **data)
    give(
        cast.bao,
        "ask_second_person",
        case,
        NOON,
        step="lower_red",
        reason="双方已经和解，风险下降。",
    )
    give(
        cast.li, "reach_agreement", case, NOON,
        **agreement(obligations=[one] * times, amount=""),
    )  # fmt: skip
    case_in.go(Dispute.objects.get(pk=case.pk), Status.PERFORMING, NOON)
    for number in range(1, times + 1):
        give(
            cast.li, "urge", case, NOON,
            obligation=number, urged_on="2026-03-02", channel="phone",
        )  # fmt: skip
    filing = {"court": "资阳区人民法院", "filed_on": "2026-03-02", "both_parties": True}
    give(cast.li, "file_confirmation", case, NOON, **filing)
    return Dispute.objects.get(pk=case.pk)


__all__ = ["CHILD", "DEADLY", "NOON", "VISIT", "full_case", "queries", "still"]
