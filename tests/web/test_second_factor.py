"""The second factor: asked for after the password, once per code, and bound to the grave roles."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache
from django.test import Client

from tests.factories import Cast

PASSWORD = "correct-horse-battery"


@pytest.fixture(autouse=True)
def _fresh() -> None:
    cache.clear()


def code_of(secret: str) -> str:
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    return totp.format_hotp_value(totp.hotp_value(secret, counter))


def activated(cast: Cast, name: str) -> tuple[str, str]:
    """A person with password and app; the secret of the app."""
    person = cast.person(name)
    person.set_password(PASSWORD)
    person.save()
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(person, secret)
    return person.username, secret


def enter(client: Client, username: str) -> Any:
    return client.post("/accounts/login/", {"login": username, "password": PASSWORD})


def test_password_alone_does_not_let_in_whoever_has_a_second_factor(
    cast: Cast, client: Client
) -> None:
    username, secret = activated(cast, "li")

    first = enter(client, username)
    inside = client.get("/work/").status_code
    wrong = client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    second = client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})

    assert first["Location"].startswith("/accounts/2fa/authenticate/")
    assert (inside, wrong.status_code, second.status_code) == (302, 200, 302)
    assert client.get("/work/").status_code == 200


def test_code_works_once(cast: Cast) -> None:
    username, secret = activated(cast, "li")
    one, two, code = Client(), Client(), code_of(secret)
    for client in (one, two):
        enter(client, username)

    answers = [
        c.post("/accounts/2fa/authenticate/", {"code": code}).status_code for c in (one, two)
    ]

    assert answers == [302, 200]


def test_secret_is_stored_sealed(cast: Cast) -> None:
    _, secret = activated(cast, "li")

    [stored] = Authenticator.objects.filter(type=Authenticator.Type.TOTP)

    assert secret not in str(stored.data)


@pytest.mark.parametrize(
    ("who", "bound"), [("ling", True), ("xi", True), ("an", True), ("li", False)]
)
def test_grave_roles_cannot_go_on_without_it(
    cast: Cast, settings: Any, who: str, bound: bool
) -> None:
    settings.SECOND_FACTOR = True
    client = Client()
    client.force_login(cast.person(who))

    page, interface = client.get("/profile/"), client.get("/api/v1/inbox")

    if bound:
        assert page["Location"] == "/accounts/2fa/totp/activate/"
        assert interface.status_code == 403
    else:
        assert (page.status_code, interface.status_code) == (200, 200)


def test_bound_role_with_a_second_factor_goes_on_and_cannot_remove_it(
    cast: Cast, settings: Any
) -> None:
    settings.SECOND_FACTOR = True
    username, secret = activated(cast, "ling")
    client = Client()
    enter(client, username)
    client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})

    page = client.get("/leader/")
    client.post("/accounts/2fa/totp/deactivate/")

    assert page.status_code == 200
    assert Authenticator.objects.filter(user=cast.person("ling")).exists()


def test_where_it_is_not_asked_for_nobody_is_stopped(cast: Cast, settings: Any) -> None:
    settings.SECOND_FACTOR = False
    client = Client()
    client.force_login(cast.person("ling"))

    assert client.get("/profile/").status_code == 200


def test_setting_up_shows_a_picture_and_takes_the_code(cast: Cast) -> None:
    person = cast.person("li")
    person.set_password(PASSWORD)
    person.save()
    client = Client()
    enter(client, person.username)

    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = client.get("/accounts/2fa/totp/activate/")
    assert page.status_code == 200, page.headers
    secret = page.context["form"].secret
    done = client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)})

    assert "<svg" in page.content.decode()
    assert done["Location"] == "/accounts/2fa/recovery-codes/"
    codes = client.get(done["Location"]).context["unused_codes"]
    assert len(codes) == 10
