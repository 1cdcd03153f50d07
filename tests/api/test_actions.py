"""Steps: the same rights, guards and versions as everywhere."""

import pytest

from mediation.disputes.enums import Status as S
from tests.factories.cases import END, consent


def fresh(case):
    case.refresh_from_db(fields=["version", "status"])
    return case


def test_step_answers_with_the_fresh_case(caller, case_in):
    case = case_in(S.REGISTERED)

    response = caller("bao").act(case.number, "assess", version=1, nature="CIVIL")

    told = response.json()
    assert response.status_code == 200
    assert (told["status"], told["version"], told["nature"]) == ("assessed", 2, "CIVIL")
    assert [(node["lane"], node["node"]) for node in told["nodes"]] == [("main", "triage")]
    assert fresh(case).status == "assessed"


def test_case_is_found_by_its_code_as_people_type_it(caller, case_in):
    case = case_in(S.REGISTERED)

    response = caller("bao").get(f"disputes/{case.code.lower().replace('-', ' ')}")

    assert response.json()["number"] == case.number


def test_actions_name_fields_and_reasons(caller, case_in):
    case = case_in(S.CONSENT_PENDING)

    told = caller("li").get(f"disputes/{case.code}").json()

    actions = {action["name"]: action for action in told["actions"]}
    fields = {field["name"]: field for field in actions["record_consent"]["fields"]}
    assert actions["record_consent"]["enabled"] is True
    assert [choice["value"] for choice in fields["party"]["choices"]] == [1, 2]
    assert (fields["answered_on"]["type"], fields["rights_told"]["type"]) == ("date", "boolean")
    assert actions["accept"]["enabled"] is False
    assert (
        "party_consent" in " ".join(r["code"] for r in actions["accept"]["reasons"])
        or (actions["accept"]["reasons"])
    )
    assert actions["accept"]["fields"] is not None


def test_steps_of_others_are_listed_without_their_fields(caller, case_in):
    case = case_in(S.REGISTERED)

    told = caller("wang").get(f"disputes/{case.code}").json()

    assess = next(action for action in told["actions"] if action["name"] == "assess")
    assert (assess["enabled"], assess["fields"]) == (False, None)
    assert [reason["code"] for reason in assess["reasons"]] == ["not_yours"]


def test_questions_of_an_assessment_are_listed(caller, case_in):
    case = case_in(S.REGISTERED)

    told = caller("bao").get(f"disputes/{case.code}").json()

    assess = next(action for action in told["actions"] if action["name"] == "assess")
    answers = next(field for field in assess["fields"] if field["type"] == "answers")
    assert {"key": "injury", "label": "Is anybody hurt?"}.items() <= answers["questions"][0].items()


def test_same_key_gets_the_same_step_again(caller, case_in):
    case, bao = case_in(S.REGISTERED), caller("bao")
    first = bao.act(case.number, "assess", key="k", version=1, nature="CIVIL")
    bao.act(case.number, "comment", version=2, remark="已联系双方")

    again = bao.act(case.code, "assess", key="k", version=1, nature="CIVIL")

    assert (first.status_code, again.content) == (200, first.content)
    assert fresh(case).version == 3


def test_key_of_another_step_is_refused(caller, case_in, snapshot_counts):
    case, bao = case_in(S.REGISTERED), caller("bao")
    bao.act(case.number, "assess", key="k", version=1, nature="CIVIL")
    before = snapshot_counts()

    response = bao.act(case.number, "comment", key="k", version=2, remark="已联系双方")

    assert (response.status_code, response.json()["code"]) == (422, "key_reused")
    assert snapshot_counts() == before


def test_slower_one_learns_who_was_faster(caller, case_in, snapshot_rows):
    case, bao = case_in(S.ASSESSED), caller("bao")
    before = snapshot_rows()

    response = bao.act(case.number, "comment", version=1, remark="已联系双方")

    told = response.json()
    assert (response.status_code, told["code"]) == (409, "stale")
    assert (told["version"], told["who"], told["what"]) == (2, "包测密", "Assessed")
    assert told["when"] == "2026-03-02T10:00:00+08:00"
    assert snapshot_rows() == before


@pytest.mark.parametrize(
    ("who", "step", "body", "status", "code"),
    [
        pytest.param("wang", "assess", {"nature": "CIVIL"}, 403, "forbidden", id="other-role"),
        pytest.param("b_zhong", "assess", {"nature": "CIVIL"}, 404, "not_found", id="stranger"),
        pytest.param("xi", "assess", {"nature": "CIVIL"}, 404, "not_found", id="administrator"),
        pytest.param("bao", "assess", {"nature": "WILD"}, 422, "malformed", id="unfit"),
        pytest.param("bao", "assess", {"nature": 5}, 422, "malformed", id="number"),
        pytest.param("bao", "assess", {}, 422, "malformed", id="missing"),
        pytest.param("bao", "assess", {"natur": "CIVIL"}, 422, "malformed", id="misspelt"),
        pytest.param("li", "accept", {"accepted_on": "2026-03-02"}, 403, "forbidden", id="early"),
        pytest.param("bao", "take_back", {"reason": "对方不受理"}, 422, "unmet", id="wrong-status"),
        pytest.param("bao", "nonsense", {}, 404, "not_found", id="unknown"),
        pytest.param("bao", "register", {}, 404, "not_found", id="not-of-a-case"),
        pytest.param("bao", "fire_deadline", {"rule": "MED"}, 404, "not_found", id="machine"),
    ],
)
def test_refused_step_writes_nothing(caller, case_in, snapshot_rows, who, step, body, status, code):
    case, person = case_in(S.REGISTERED), caller(who)
    before = snapshot_rows()

    response = person.act(case.number, step, key="k", version=1, **body)

    assert (response.status_code, response.json()["code"]) == (status, code)
    assert response.headers["Content-Type"] == "application/problem+json"
    assert snapshot_rows() == before


def test_unmet_guard_tells_every_reason(caller, case_in, snapshot_rows):
    case, li = case_in(S.CONSENT_PENDING), caller("li")
    before = snapshot_rows()

    response = li.act(
        case.number, "accept", version=case.version, accepted_on="2026-03-02", no_conflict=False
    )

    told = response.json()
    assert (response.status_code, told["code"]) == (422, "unmet")
    assert told["reasons"]
    assert all(reason["sentence"] for reason in told["reasons"])
    assert snapshot_rows() == before


@pytest.mark.parametrize("version", [None, "1", 1.5, True, 0, -1, 2**31, 10**30])
def test_unfit_version_is_refused(caller, case_in, snapshot_rows, version):
    case, bao = case_in(S.REGISTERED), caller("bao")
    before = snapshot_rows()

    response = bao.act(case.number, "assess", version=version, nature="CIVIL")

    assert (response.status_code, list(response.json()["errors"])) == (422, ["version"])
    assert snapshot_rows() == before


def test_version_may_not_be_left_out(caller, case_in, snapshot_rows):
    case, bao = case_in(S.REGISTERED), caller("bao")
    before = snapshot_rows()

    response = bao.act(case.number, "assess", nature="CIVIL")

    assert (response.status_code, list(response.json()["errors"])) == (422, ["version"])
    assert snapshot_rows() == before


def test_whole_attempt_runs_through_the_interface(caller, case_in):
    case, li = case_in(S.CONSENT_PENDING), caller("li")
    version = case.version

    for name, body in (
        ("record_consent", consent(1)),
        ("record_consent", consent(2)),
        ("accept", {"accepted_on": "2026-03-02", "no_conflict": True}),
        ("end_mediation", END),
    ):
        response = li.act(case.number, name, version=version, **body)
        assert response.status_code == 200, response.json()
        version = response.json()["version"]

    assert response.json()["status"] == "mediation_ended"
