"""The same request from many hands at once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections
from django.test import Client

from mediation.accounts import keys
from mediation.disputes.models import Dispute, Event
from tests.api.conftest import NOW, Caller
from tests.factories import build_cast, register
from tests.factories.cases import application

HANDS = 6


def at_once(send):
    """The answers of as many threads as there are hands, let go together."""
    barrier = Barrier(HANDS)

    def run(hand):
        barrier.wait()
        try:
            return send(hand)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(HANDS) as pool:
        return list(pool.map(run, range(HANDS)))


@pytest.mark.django_db(transaction=True)
def test_one_key_in_many_hands_makes_one_case():
    key = keys.issue(build_cast().person("wang"), now=NOW)

    answers = at_once(
        lambda _hand: Caller(Client(), key).post(
            "disputes", application(), **{"Idempotency-Key": "k"}
        )
    )

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert Dispute.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_of_many_steps_on_one_version_is_taken():
    cast = build_cast()
    case = register(cast.wang)
    key = keys.issue(cast.person("bao"), now=NOW)

    answers = at_once(
        lambda _hand: Caller(Client(), key).act(case.code, "assess", version=1, nature="CIVIL")
    )

    assert sorted(answer.status_code for answer in answers) == [200] + [409] * (HANDS - 1)
    assert Event.objects.filter(dispute=case).count() == 2
