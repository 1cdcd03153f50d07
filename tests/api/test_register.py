"""Registering: exactly once, in one's own area, and never half."""

import json

import pytest

from mediation.disputes.models import Dispute, Submission
from tests.factories import at
from tests.factories.cases import application
from tests.factories.people import SIBLING_GRID


def test_register_answers_with_the_case(caller):
    response = caller("wang").post("disputes", application())

    told = response.json()
    case = Dispute.objects.get()
    assert response.status_code == 201
    assert (told["number"], told["code"]) == (case.number, case.code)
    assert (told["status"], told["stage"], told["version"]) == ("registered", "INTAKE", 1)
    assert [party["name"] for party in told["parties"]] == ["彭测安", "蔡测宁"]
    assert told["parties"][0]["id_number"] == "439999********0014"
    assert told["nodes"][0]["node"] == "assess"


def test_register_takes_numbers_and_nulls(caller):
    response = caller("wang").post(
        "disputes", application(amount=6800.5, claim=None, people_count=3, title=None)
    )

    assert (response.status_code, response.json()["amount"]) == (201, "6800.50")


def test_same_key_gets_the_same_words_again(caller, case_in):
    wang = caller("wang")
    first = wang.post("disputes", application(), **{"Idempotency-Key": "k1"})
    # Meanwhile the case moves on; the answer to the key does not.
    caller("bao").act(first.json()["code"], "assess", version=1, nature="CIVIL")

    again = wang.post("disputes", application(), **{"Idempotency-Key": "k1"})

    assert (again.status_code, again.content) == (201, first.content)
    assert Dispute.objects.count() == 1


def test_number_of_the_record_serves_as_key(caller):
    wang = caller("wang")
    body = application(client_id="6d0d5cde-3f3e-4a8e-9a52-1b9b60a5f0a1")

    first, again = wang.post("disputes", body), wang.post("disputes", body)

    assert first.content == again.content
    assert str(Dispute.objects.get().uid) == body["client_id"]


def test_header_wins_over_the_number_of_the_record(caller):
    body = application(client_id="6d0d5cde-3f3e-4a8e-9a52-1b9b60a5f0a1")

    caller("wang").post("disputes", body, **{"Idempotency-Key": "k1"})

    assert Submission.objects.get().key == "k1"


def test_number_of_the_record_is_not_taken_twice(caller, snapshot_counts):
    wang = caller("wang")
    body = application(client_id="6d0d5cde-3f3e-4a8e-9a52-1b9b60a5f0a1")
    wang.post("disputes", body, **{"Idempotency-Key": "k1"})
    before = snapshot_counts()

    response = wang.post("disputes", body, **{"Idempotency-Key": "k2"})

    assert (response.status_code, list(response.json()["errors"])) == (422, ["client_id"])
    assert snapshot_counts() == before


def test_key_with_another_body_is_refused(caller, snapshot_counts):
    wang = caller("wang")
    wang.post("disputes", application(), **{"Idempotency-Key": "k1"})
    before = snapshot_counts()

    response = wang.post("disputes", application(amount="1"), **{"Idempotency-Key": "k1"})

    assert (response.status_code, response.json()["code"]) == (422, "key_reused")
    assert snapshot_counts() == before


def test_keys_of_two_people_do_not_meet(caller):
    first = caller("wang").post("disputes", application(), **{"Idempotency-Key": "k1"})
    second = caller("bao").post("disputes", application(), **{"Idempotency-Key": "k1"})

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["number"] != second.json()["number"]


def test_replay_holds_for_years(caller, time_machine):
    wang = caller("wang")
    first = wang.post("disputes", application(), **{"Idempotency-Key": "k1"})

    time_machine.move_to(at("2027-12-01 08:00"), tick=False)
    again = wang.post("disputes", application(), **{"Idempotency-Key": "k1"})

    assert first.content == again.content


@pytest.mark.parametrize("key", ["x" * 256, "键", "a\tb"])
def test_unfit_key_is_refused(caller, snapshot_counts, key):
    before_key = caller("wang")
    before = snapshot_counts()

    response = before_key.post("disputes", application(), **{"Idempotency-Key": key})

    assert (response.status_code, list(response.json()["errors"])) == (422, ["Idempotency-Key"])
    assert snapshot_counts() == before


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"facts": "太短"}, ["facts"]),
        ({"category": "98"}, ["category"]),
        ({"parties": []}, ["parties"]),
        ({"parties": [{"name": "彭测安", "side": "judge"}]}, ["parties"]),
        ({"parties": [{"name": "彭测安", "side": "applicant", "phon": "1"}]}, ["parties"]),
        ({"parties": "彭测安"}, ["parties"]),
        ({"parties": [7]}, ["parties"]),
        ({"occurred_at": "2026-03-03T08:00"}, ["occurred_at"]),
        ({"occurred_at": 20260301}, ["occurred_at"]),
        ({"occurred_at": "2026-02-30T08:00"}, ["occurred_at"]),
        ({"amount": "-1"}, ["amount"]),
        ({"amount": True}, ["amount"]),
        ({"grid": "430902006901999"}, ["grid"]),
        ({"grid": SIBLING_GRID}, ["grid"]),
        ({"people_count": 0}, ["people_count"]),
        ({"people_count": "viele"}, ["people_count"]),
        ({"client_id": "7"}, ["client_id"]),
        ({"client_id": 7}, ["client_id"]),
        ({"answers": {"nonsense": "yes"}}, ["answers"]),
        ({"answers": {"injury": [1]}}, ["answers"]),
        ({"answers": []}, ["answers"]),
        ({"status": "closed"}, ["status"]),
        ({"area_code": "43", "registered_by": 1}, ["area_code", "registered_by"]),
    ],
)
def test_unfit_registration_is_refused(caller, snapshot_counts, change, fields):
    wang = caller("wang")
    before = snapshot_counts()

    response = wang.post("disputes", application(**change))

    assert (response.status_code, response.json()["code"]) == (422, "malformed")
    assert list(response.json()["errors"]) == fields
    assert snapshot_counts() == before


@pytest.mark.parametrize("name", ["xi", "an", "shen", "mo"])
def test_registration_by_those_who_serve_nowhere_is_forbidden(caller, snapshot_counts, name):
    stranger = caller(name)
    before = snapshot_counts()

    response = stranger.post("disputes", application())

    assert (response.status_code, response.json()["code"]) == (403, "forbidden")
    assert snapshot_counts() == before


def test_problem_tells_what_and_where(caller):
    response = caller("wang").post("disputes", application(facts="太短"))

    assert response.headers["Content-Type"] == "application/problem+json"
    told = json.loads(response.content)
    assert told["errors"] == {"facts": [told["detail"]]}
    assert told["reasons"] == [{"code": "field.facts", "sentence": told["detail"], "source": ""}]
