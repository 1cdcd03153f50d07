"""Who gets in: keys, sessions, and nobody else."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from mediation.accounts import keys
from mediation.accounts.models import ApiKey
from tests.api.conftest import NOW

LIST = "/api/v1/disputes"
UNAUTHENTICATED = {
    "type": "urn:fengqiao:problem:unauthenticated",
    "title": "Please sign in or send an API key.",
    "status": 401,
    "detail": "Please sign in or send an API key.",
    "code": "unauthenticated",
    "reasons": [],
    "errors": {},
}


def bearer(key):
    return {"Authorization": f"Bearer {key}", "Accept-Language": "en"}


def test_key_opens_the_door_as_its_person(caller):
    response = caller("wang").get("disputes")

    assert (response.status_code, response.json()) == (200, {"items": [], "next": None})
    assert response.headers["Cache-Control"] == "no-store, private"


def test_only_the_hash_of_a_key_is_kept(cast):
    key = keys.issue(cast.person("wang"), now=NOW)

    row = ApiKey.objects.get()

    assert key.split("_")[1] == row.prefix
    assert key.split("_", 2)[2] not in json.dumps([row.prefix, row.digest])


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda key: "", id="none"),
        pytest.param(lambda key: key[:-1], id="short"),
        pytest.param(lambda key: key[:-1] + ("A" if key[-1] != "A" else "B"), id="other-secret"),
        pytest.param(lambda key: "fq_" + "0" * 12 + key[15:], id="unknown-prefix"),
        pytest.param(lambda key: "钥匙", id="not-ascii"),
        pytest.param(lambda key: key + "\x00", id="nul"),
    ],
)
def test_wrong_key_is_refused(cast, spoil):
    key = keys.issue(cast.person("wang"), now=NOW)

    response = Client().get(LIST, headers=bearer(spoil(key)))

    assert (response.status_code, response.json()) == (401, UNAUTHENTICATED)
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.headers["WWW-Authenticate"] == 'Bearer realm="fengqiao"'


def test_revoked_key_is_refused(cast):
    key = keys.issue(cast.person("wang"), now=NOW)
    keys.revoke(key.split("_")[1], now=NOW)

    response = Client().get(LIST, headers=bearer(key))

    assert response.status_code == 401


def test_key_of_a_closed_account_is_refused(cast):
    key = keys.issue(cast.person("gao"), now=NOW)

    response = Client().get(LIST, headers=bearer(key))

    assert response.status_code == 401


def test_session_reads(cast):
    client = Client()
    client.force_login(cast.person("wang"))

    assert client.get(LIST).status_code == 200


def test_session_without_proof_of_origin_writes_nothing(cast, snapshot_counts):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.person("wang"))
    before = snapshot_counts()

    response = client.post(LIST, "{}", content_type="application/json")

    assert (response.status_code, response.json()["code"]) == (403, "csrf")
    assert snapshot_counts() == before


def test_session_with_proof_of_origin_writes(cast):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.person("wang"))
    client.get("/api/v1/docs")
    token = client.cookies["csrftoken"].value

    response = client.post(
        LIST, "{}", content_type="application/json", headers={"X-CSRFToken": token}
    )

    assert response.json()["code"] == "malformed"


def test_wrong_key_is_not_saved_by_a_session(cast):
    client = Client()
    client.force_login(cast.person("wang"))

    response = client.get(LIST, headers=bearer("fq_wrong"))

    assert response.status_code == 401


def test_create_api_key_prints_the_key_once(cast):
    out = StringIO()

    call_command("create_api_key", "wang", "--json", stdout=out)

    told = json.loads(out.getvalue())
    assert told["username"] == "wang"
    assert keys.owner(told["key"]) == cast.person("wang")


@pytest.mark.parametrize("name", ["nobody", "gao"])
def test_create_api_key_for_nobody_is_refused(cast, name):
    with pytest.raises(CommandError) as caught:
        call_command("create_api_key", name)

    assert (caught.value.returncode, ApiKey.objects.count()) == (2, 0)


def test_revoke_api_key_ends_it(cast):
    key = keys.issue(cast.person("wang"), now=NOW)

    call_command("revoke_api_key", key.split("_")[1], stdout=StringIO())

    assert keys.owner(key) is None
    with pytest.raises(CommandError):
        call_command("revoke_api_key", key.split("_")[1])


def test_language_of_the_person_is_spoken_unless_another_is_asked_for(cast):
    person = cast.person("wang")
    person.language = "en"
    person.save()
    key = keys.issue(person, now=NOW)

    own = Client().get(f"{LIST}/nothing", headers={"Authorization": f"Bearer {key}"})
    asked = Client().get(
        f"{LIST}/nothing",
        headers={"Authorization": f"Bearer {key}", "Accept-Language": "zh-CN"},
    )

    assert (own["Content-Language"], asked["Content-Language"]) == ("en", "zh-hans")
