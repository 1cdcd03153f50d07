"""What should never be sent and is sent all the same: a clear no, nothing written, nothing broken."""

import json

import pytest

from mediation.disputes.models import Dispute, Party
from tests.factories import register
from tests.factories.cases import application


def raw(**pieces):
    """The body of a registration with some values spelt as raw JSON."""
    kept = {name: value for name, value in application().items() if name not in pieces}
    body = json.dumps(kept, ensure_ascii=False)
    inserted = "".join(f', "{name}": {value}' for name, value in pieces.items())
    return body[:-1] + inserted + "}"


DEEP = "[" * 100_000 + "]" * 100_000
NESTED = "[" * 20 + "]" * 20
BODIES = [
    pytest.param(" ", 400, "bad_json", id="blank"),
    pytest.param("{", 400, "bad_json", id="cut-off"),
    pytest.param("null", 400, "bad_json", id="null"),
    pytest.param("[]", 400, "bad_json", id="list"),
    pytest.param('"text"', 400, "bad_json", id="text"),
    pytest.param("7", 400, "bad_json", id="number"),
    pytest.param("{'category': '02'}", 400, "bad_json", id="single-quotes"),
    pytest.param(b"\xff\xfe{\x00}\x00", 400, "bad_json", id="utf-16"),
    pytest.param('{"facts": "楼上漏水"}'.encode("gb18030"), 400, "bad_json", id="gb18030"),
    pytest.param(DEEP, 400, "bad_json", id="depth-100000"),
    pytest.param(f'{{"parties": {NESTED}}}', 400, "bad_json", id="depth-20"),
    pytest.param(raw(amount="NaN"), 400, "bad_json", id="nan"),
    pytest.param(raw(amount="Infinity"), 400, "bad_json", id="infinity"),
    pytest.param(raw(amount="-Infinity"), 400, "bad_json", id="minus-infinity"),
    pytest.param(raw(amount="1e400"), 400, "bad_json", id="1e400"),
    pytest.param(raw(amount="9" * 5000), 400, "bad_json", id="5000-digits"),
    pytest.param(raw(amount="0." + "1" * 5000), 400, "bad_json", id="5000-decimals"),
    pytest.param(raw(title='"a", "title": "b"'), 400, "bad_json", id="duplicate-name"),
    pytest.param(raw(answers=json.dumps({f"q{n}": "yes" for n in range(5000)})),
                 400, "bad_json", id="5000-answers"),
    pytest.param(json.dumps(application(parties=[{}] * 100_000)), 400, "bad_json",
                 id="100000-parties"),
    pytest.param(json.dumps(application(parties=[{"name": "甲", "side": "applicant"}] * 21)),
                 422, "malformed", id="21-parties"),
    pytest.param(raw(title='"\\ud800"'), 422, "malformed", id="surrogate"),
    pytest.param(raw(category='"\\udfff"'), 422, "malformed", id="surrogate-in-choice"),
    pytest.param(raw(**{"\\ud800": "1"}), 422, "malformed", id="surrogate-as-name"),
    pytest.param(raw(place='"汽车路\\u0000"'), 422, "malformed", id="nul"),
    pytest.param(raw(grid='"\\u0000"'), 422, "malformed", id="nul-in-code"),
    pytest.param(raw(facts='"' + "漏" * 2001 + '"'), 422, "malformed", id="2001-characters"),
    pytest.param(raw(people_count="2147483648"), 422, "malformed", id="int32"),
    pytest.param(raw(people_count="1.5"), 422, "malformed", id="half-a-person"),
    pytest.param(raw(people_count='"٣"'), 422, "malformed", id="other-digits-as-number"),
    pytest.param(raw(amount="-0.01"), 422, "malformed", id="negative"),
    pytest.param(raw(amount="0.001"), 422, "malformed", id="tenth-of-a-fen"),
    pytest.param(raw(amount="1e30"), 422, "malformed", id="1e30"),
    pytest.param(raw(occurred_at='"2026-02-30T10:00"'), 422, "malformed", id="30-february"),
    pytest.param(raw(occurred_at='"0000-00-00T00:00"'), 422, "malformed", id="year-0"),
    pytest.param(raw(occurred_at='"9999-12-31T23:59"'), 422, "malformed", id="year-9999"),
    pytest.param(raw(occurred_at='"0001-01-01T00:00+14:00"'), 422, "malformed", id="before-time"),
    pytest.param(raw(occurred_at='"2026-03-01T24:00"'), 422, "malformed", id="24-oclock"),
    pytest.param(raw(occurred_at="{}"), 422, "malformed", id="object-as-moment"),
    pytest.param(raw(__proto__='{"status": "closed"}'), 422, "malformed", id="proto"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "status", "code"), BODIES)
def test_hostile_body_is_refused(caller, snapshot_counts, body, status, code):
    wang = caller("wang")
    before = snapshot_counts()

    response = wang.post("disputes", body)

    assert (response.status_code, response.json()["code"]) == (status, code)
    assert response.headers["Content-Type"] == "application/problem+json"
    assert len(response.content) < 20_000
    assert snapshot_counts() == before


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("application/json; charset=utf-8", 201),
        ("text/plain", 415),
        ("application/x-www-form-urlencoded", 415),
        ("multipart/form-data; boundary=x", 415),
        ("application/xml", 415),
        ("nonsense", 415),
    ],
)
def test_content_type_must_be_json(caller, kind, status):
    response = caller("wang").post("disputes", application(), content_type=kind)

    assert response.status_code == status
    assert Dispute.objects.count() == (1 if status == 201 else 0)


def test_ten_megabytes_are_refused(caller, snapshot_counts):
    wang = caller("wang")
    before = snapshot_counts()

    response = wang.post("disputes", raw(claim='"' + "x" * 10_000_000 + '"'))

    assert (response.status_code, response.json()["code"]) == (413, "too_large")
    assert snapshot_counts() == before


def test_long_nonsense_is_not_echoed(caller):
    response = caller("wang").post("disputes", application(category="x" * 500_000))

    assert (response.status_code, len(response.content) < 5_000) == (422, True)


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options"])
def test_unknown_method_is_refused(caller, cast, method):
    wang = caller("wang")
    case = register(cast.wang)

    for path in ("disputes", f"disputes/{case.code}", "work"):
        response = getattr(wang.client, method)(f"/api/v1/{path}", headers=wang._headers({}))
        assert (response.status_code, response.json()["code"]) == (405, "method_not_allowed")
        assert "GET" in response.headers["Allow"]


@pytest.mark.parametrize("path", ["", "nothing", "disputes/", "admin/disputes", "disputes/1/2/3"])
def test_unknown_address_is_not_found(caller, path):
    response = caller("wang").get(path)

    assert (response.status_code, response.json()["code"]) == (404, "not_found")


def test_post_to_an_unknown_address_is_not_found(caller):
    assert caller("wang").post("nothing", {}).json()["code"] == "not_found"


# What looks strange and is right ----------------------------------------------------------------------

NAMES = [
    "㛃", "𠅤", "𫚭", "𱍊", "\U0002ebf0", "\ue863", "买买提·艾山", "ཚེ་རིང་རྡོ་རྗེ", "葛\U000e0100",
    "ئابدۇرەھىم", "é", "測" * 50,
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_rare_names_come_back_as_they_went_in(caller, name):
    party = {"name": name, "side": "applicant"}

    response = caller("wang").post("disputes", application(parties=[party]))

    assert response.status_code == 201
    assert response.json()["parties"][0]["name"] == Party.objects.get().name
    assert response.json()["parties"][0]["name"] == name


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("e\u0301", "é"),
        ("买买提•艾山", "买买提·艾山"),
        ("彭\u202e测\u200b安", "彭测安"),
        ("\ufeff彭测安\u00ad", "彭测安"),
        ("👨\u200d👩\u200d👧", "👨👩👧"),
    ],
)
def test_names_are_kept_in_one_spelling(caller, typed, kept):
    party = {"name": typed, "side": "applicant"}

    response = caller("wang").post("disputes", application(parties=[party]))

    assert response.json()["parties"][0]["name"] == kept


def test_full_width_digits_are_read(caller):
    party = {
        "name": "彭测安",
        "side": "applicant",
        "id_number": "４３９９９９１９８５０６１２００１４",
    }

    response = caller("wang").post("disputes", application(parties=[party], amount="６８００"))

    assert response.json()["parties"][0]["id_number"] == "439999********0014"
    assert response.json()["amount"] == "6800.00"
