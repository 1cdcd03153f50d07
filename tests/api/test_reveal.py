"""Looking behind a mask: recorded before it is told."""

from datetime import timedelta

import pytest

from mediation.core import errors
from mediation.disputes import services
from mediation.disputes.models import Reveal
from tests.api.conftest import NOW
from tests.factories import give, register
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


def test_child_is_revealed_to_the_cleared_alone_and_after_another_agreed(caller, cast):
    """未成年人网络保护条例: the person in charge agrees beforehand; who asked may look for a day."""
    case = register(cast.wang, parties=[UPSTAIRS, DOWNSTAIRS, CHILD])
    body = {"field": "name", "reason": WHY}
    ask = {"step": "reveal_minor", "reason": "须联系学校核实监护人身份"}

    early = caller("bao").post(path(case, 3), body)
    give(cast.bao, "ask_second_person", case, NOW, **ask)
    asked = caller("bao").post(path(case, 3), body)
    give(cast.si, "grant_second_person", case, NOW, step="reveal_minor")
    told = caller("bao").post(path(case, 3), body)
    others = [caller(who).post(path(case, 3), body) for who in ("wang", "si")]

    assert told.json()["value"] == "周测童"
    for refused in (early, asked, *others):
        assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    assert Reveal.objects.count() == 1


def test_consent_to_look_at_a_child_ends_after_a_day_and_can_be_asked_again(cast):
    case = register(cast.wang, parties=[UPSTAIRS, DOWNSTAIRS, CHILD])
    ask = {"step": "reveal_minor", "reason": "须联系学校核实监护人身份"}
    give(cast.bao, "ask_second_person", case, NOW, **ask)
    give(cast.ling, "grant_second_person", case, NOW, step="reveal_minor")
    day = timedelta(hours=24)

    last = services.child_is_open(case, cast.bao, now=NOW + day - timedelta(seconds=1))
    over = services.child_is_open(case, cast.bao, now=NOW + day)
    with pytest.raises(errors.Malformed):
        give(cast.bao, "ask_second_person", case, NOW, **ask)
    give(cast.bao, "ask_second_person", case, NOW + day, **ask)

    assert (last, over) == (True, False)
    assert not services.child_is_open(case, cast.bao, now=NOW + day)


@pytest.mark.parametrize("who", ["zhong", "ping", "bao"])
def test_consent_to_look_at_a_child_is_for_the_person_in_charge(cast, who):
    case = register(cast.wang, parties=[UPSTAIRS, DOWNSTAIRS, CHILD])
    ask = {"step": "reveal_minor", "reason": "须联系学校核实监护人身份"}
    give(cast.bao, "ask_second_person", case, NOW, **ask)

    with pytest.raises(errors.Refusal):
        give(getattr(cast, who), "grant_second_person", case, NOW, step="reveal_minor")

    assert not services.child_is_open(case, cast.bao, now=NOW)


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
