"""Pages travel compressed, files as they are; and no length can be trusted twice."""

import gzip

import pytest
from django.test import Client

from tests.factories import register
from tests.web.conftest import SignIn

pytestmark = pytest.mark.django_db

PHONE = {"Accept-Encoding": "gzip, deflate, br"}


@pytest.mark.parametrize("address", ["/register/", "/work/", "/profile/"])
def test_page_is_the_same_in_a_third_of_the_bytes(sign_in: SignIn, address: str) -> None:
    browser = sign_in("wang")

    plain, sent = browser.get(address), browser.get(address, headers=PHONE)

    assert "Content-Encoding" not in plain.headers
    assert sent.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in sent.headers["Vary"]
    assert int(sent.headers["Content-Length"]) == len(sent.content) < len(plain.content) * 0.34
    unpacked = gzip.decompress(sent.content).decode()
    assert unpacked.splitlines()[-1] == plain.text.splitlines()[-1]
    assert len(unpacked) == len(plain.text)


def test_what_a_program_asks_is_compressed_too(sign_in: SignIn, cast) -> None:
    case = register(cast.wang)

    sent = sign_in("wang").get(f"/api/v1/disputes/{case.code}", headers=PHONE)

    assert sent.headers["Content-Encoding"] == "gzip"


def test_length_of_the_same_page_changes(sign_in: SignIn) -> None:
    browser = sign_in("wang")

    lengths = {len(browser.get("/offline/", headers=PHONE).content) for _ in range(12)}

    assert len(lengths) > 1


def test_file_is_sent_as_it_is(client: Client) -> None:
    answer = client.get("/source/", headers=PHONE)

    assert answer.status_code == 200
    assert "Content-Encoding" not in answer.headers
