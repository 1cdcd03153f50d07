"""Who guesses passwords is stopped; who owns the account is not."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import Client

from mediation.web.adapter import failed_logins
from tests.factories import Cast

pytestmark = pytest.mark.django_db
PASSWORD = "春风十里-2026-Fq"
STRANGER, OFFICE = "198.51.100.7", "203.0.113.9"


@pytest.fixture(autouse=True)
def _no_tries_before() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def leader(cast: Cast) -> str:
    person = cast.person("ling")
    person.set_password(PASSWORD)
    person.save()
    return str(person.username)


def enters(username: str, password: str, *, address: str, host: str = "testserver") -> bool:
    client = Client(REMOTE_ADDR=address, HTTP_HOST=host)
    client.post("/accounts/login/", {"login": username, "password": password})
    return "_auth_user_id" in client.session


def test_stranger_who_guesses_locks_nobody_out_but_himself(leader: str) -> None:
    counted = failed_logins.samples()[0][1]
    for n in range(5):
        assert not enters(leader, f"wrong-{n}", address=STRANGER)

    assert not enters(leader, PASSWORD, address=STRANGER)
    assert enters(leader, PASSWORD, address=OFFICE)
    assert failed_logins.samples()[0][1] == counted + 5


def test_another_port_in_the_name_of_the_host_gives_no_more_tries(leader: str) -> None:
    for n in range(5):
        enters(leader, f"wrong-{n}", address=STRANGER, host=f"testserver:{9000 + n}")

    assert not enters(leader, PASSWORD, address=STRANGER, host="testserver:9100")


def test_address_that_tries_many_accounts_is_stopped_for_a_minute(leader: str) -> None:
    for n in range(10):
        enters(f"person-{n}", "wrong", address=STRANGER)

    assert not enters(leader, PASSWORD, address=STRANGER)
    assert enters(leader, PASSWORD, address=OFFICE)
