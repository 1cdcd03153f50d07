"""Who guesses passwords is stopped; who owns the account is not."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from mediation.web import brake
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


# Many addresses at one account ---------------------------------------------------------------------


def guess(username: str, times: int) -> None:
    for n in range(times):
        assert not enters(username, f"wrong-{n}", address=f"198.51.100.{n}")


def test_guessing_from_many_addresses_is_slowed_and_not_locked(leader: str) -> None:
    with time_machine.travel("2026-03-02 09:00 +0800", tick=False) as moment:
        guess(leader, brake.FREE + 1)  # the last one has taken the turn
        refused = brake.braked.samples()[0][1]

        at_once = enters(leader, PASSWORD, address=OFFICE)
        moment.shift(brake.LONGEST + 1)
        later = enters(leader, PASSWORD, address=OFFICE)

    assert (at_once, later) == (False, True)
    assert brake.braked.samples()[0][1] == refused + 1


def test_try_that_is_put_off_looks_at_no_password_and_says_for_how_long(leader: str) -> None:
    guess(leader, brake.FREE + 1)
    counted = failed_logins.samples()[0][1]

    page = Client(REMOTE_ADDR=OFFICE).post(
        "/accounts/login/", {"login": leader, "password": PASSWORD}
    )

    assert "2 秒" in page.content.decode()
    assert failed_logins.samples()[0][1] == counted


def test_pause_grows_to_a_minute_and_no_further(leader: str, rf: Any) -> None:
    request = rf.get("/", REMOTE_ADDR=OFFICE)
    pauses = []
    for failures in (19, 20, 24, 25, 30, 35, 40, 45, 1000):
        cache.clear()
        cache.set(brake._key("fails", leader), failures)
        brake.seconds_to_wait(request, leader)
        pauses.append(brake.seconds_to_wait(request, leader))

    assert pauses == [0, 2, 2, 4, 8, 16, 32, 60, 60]


def test_device_on_which_the_owner_signed_in_is_not_slowed(leader: str) -> None:
    phone = Client(REMOTE_ADDR=OFFICE)
    phone.post("/accounts/login/", {"login": leader, "password": PASSWORD})
    phone.post("/accounts/logout/")
    guess(leader, brake.FREE + 9)

    elsewhere = Client(REMOTE_ADDR="192.0.2.77")  # the same phone in another network
    elsewhere.cookies["device"] = phone.cookies["device"].value
    elsewhere.post("/accounts/login/", {"login": leader, "password": PASSWORD})

    assert "_auth_user_id" in elsewhere.session
    assert phone.cookies["device"]["httponly"]
    assert leader not in phone.cookies["device"].value


def test_device_of_another_account_or_a_forged_one_is_strange(leader: str, cast: Cast) -> None:
    other = cast.person("li")
    other.set_password(PASSWORD)
    other.save()
    phone = Client(REMOTE_ADDR=OFFICE)
    phone.post("/accounts/login/", {"login": other.username, "password": PASSWORD})
    guess(leader, brake.FREE + 1)

    entered = []
    for mark in (phone.cookies["device"].value, "forged", ""):
        stranger = Client(REMOTE_ADDR=OFFICE)
        stranger.cookies["device"] = mark
        stranger.post("/accounts/login/", {"login": leader, "password": PASSWORD})
        entered.append("_auth_user_id" in stranger.session)

    assert entered == [False, False, False]


def test_stolen_mark_of_a_device_is_soon_a_strange_one(leader: str) -> None:
    phone = Client(REMOTE_ADDR=OFFICE)
    phone.post("/accounts/login/", {"login": leader, "password": PASSWORD})
    guess(leader, brake.FREE + 1)

    def tries(password: str, n: int) -> bool:
        thief = Client(REMOTE_ADDR=f"192.0.2.{n}")
        thief.cookies["device"] = phone.cookies["device"].value
        thief.post("/accounts/login/", {"login": leader, "password": password})
        return "_auth_user_id" in thief.session

    assert not any(tries(f"wrong-{n}", n) for n in range(brake.OF_A_DEVICE))
    assert not tries(PASSWORD, 99)
