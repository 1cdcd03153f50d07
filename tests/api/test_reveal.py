"""Looking behind a mask: recorded before it is told."""

from datetime import timedelta

import pytest

from mediation.disputes import services
from mediation.disputes.models import Reveal
from tests.api.conftest import NOW
from tests.factories import register
from tests.factories.cases import CHILD, DOWNSTAIRS, UPSTAIRS

WHY = "核对身份后制作协议书"


def path(case, ordinal=1):
    return f"disputes/{case.code}/parties/{ordinal}/reveal"


def test_reveal_tells_one_value_and_leaves_a_record(caller, cast):
    case = register(cast.wang)

    response = caller("zhong").post(path(case), {"field": "id_number", "reason": WHY})

    assert (response.status_code, response.json()) == (
        200,
        {"field": "id_number", "value": "439999198506120014"},
    )
    record = Reveal.objects.get()
    assert (record.dispute, record.party.ordinal, record.field) == (case, 1, "id_number")
    assert (record.person, record.reason, record.at) == (cast.person("zhong"), WHY, NOW)


def test_child_is_revealed_to_the_cleared_alone(caller, cast):
    case = register(cast.wang, parties=[UPSTAIRS, DOWNSTAIRS, CHILD])
    body = {"field": "name", "reason": WHY}

    told = caller("bao").post(path(case, 3), body)
    refused = caller("wang").post(path(case, 3), body)

    assert told.json()["value"] == "周测童"
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    assert Reveal.objects.count() == 1


@pytest.mark.parametrize(
    ("who", "ordinal", "body", "status"),
    [
        pytest.param("ping", 1, {"field": "id_number", "reason": WHY}, 403, id="leader"),
        pytest.param("b_zhong", 1, {"field": "id_number", "reason": WHY}, 404, id="stranger"),
        pytest.param("zhong", 9, {"field": "id_number", "reason": WHY}, 404, id="no-such-party"),
        pytest.param("zhong", 2**63, {"field": "id_number", "reason": WHY}, 404, id="huge"),
        pytest.param("zhong", 1, {"field": "id_number", "reason": "看看"}, 422, id="no-reason"),
        pytest.param("zhong", 1, {"field": "id_number", "reason": " " * 9}, 422, id="blank"),
        pytest.param("zhong", 1, {"field": "id_number", "reason": "x" * 201}, 422, id="long"),
        pytest.param("zhong", 1, {"field": "id_number"}, 422, id="reason-missing"),
        pytest.param("zhong", 1, {"field": "id_sealed", "reason": WHY}, 422, id="other-field"),
        pytest.param("zhong", 1, {"field": "dispute", "reason": WHY}, 422, id="not-a-detail"),
        pytest.param("zhong", 1, {"field": ["name"], "reason": WHY}, 422, id="list"),
    ],
)
def test_refused_reveal_leaves_no_record(caller, cast, snapshot_counts, who, ordinal, body, status):
    case, person = register(cast.wang), caller(who)
    before = snapshot_counts()

    response = person.post(path(case, ordinal), body)

    assert response.status_code == status
    assert "439999198506120014" not in response.content.decode()
    assert snapshot_counts() == before


def test_reader_of_a_whole_register_is_stopped(caller, cast, time_machine):
    case, zhong = register(cast.wang), caller("zhong")
    body = {"field": "id_number", "reason": WHY}
    for _ in range(services.REVEALS_AT_MOST):
        assert zhong.post(path(case), body).status_code == 200

    stopped = zhong.post(path(case), body)
    other = caller("si").post(path(case), body)
    time_machine.move_to(NOW + timedelta(minutes=11), tick=False)
    later = zhong.post(path(case), body)

    assert (stopped.status_code, stopped.json()["code"]) == (429, "too_many")
    assert (other.status_code, later.status_code) == (200, 200)
    assert Reveal.objects.count() == services.REVEALS_AT_MOST + 2
