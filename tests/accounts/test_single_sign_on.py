"""Single sign-on against a provider on a real port: who is let in, and every way of being kept out."""

import http.client
from collections.abc import Iterator
from copy import deepcopy
from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.models import SocialAccount
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from mediation.accounts.models import Person
from mediation.config import env
from tests.accounts.provider import CLIENT, FOREIGN_KEY, SECRET, Provider, running
from tests.factories import Cast

BEGIN, BACK = "/accounts/sso/office/", "/accounts/sso/office/back/"


@pytest.fixture
def provider(settings: Any, cast: Cast) -> Iterator[Provider]:
    cache.clear()
    with running() as one:
        settings.OIDC_ISSUER = one.address
        apps = deepcopy(settings.SOCIALACCOUNT_PROVIDERS)
        apps["openid_connect"]["APPS"] = [
            {
                "provider_id": "office", "name": "统一身份认证", "client_id": CLIENT, "secret": SECRET,
                "settings": {"server_url": one.address, "fetch_userinfo": False},
            }
        ]  # fmt: skip
        settings.SOCIALACCOUNT_PROVIDERS = apps
        one.claims = {"preferred_username": "wang"}
        yield one


def address_of_return(client: Client, **form: str) -> str:
    """Begin here, go to the provider as a browser does, and say whither he sends one back."""
    begun = client.post(BEGIN, form)
    assert begun.status_code == 302, begun.content
    there = urlsplit(begun["Location"])
    link = http.client.HTTPConnection(there.netloc, timeout=10)
    link.request("GET", f"{there.path}?{there.query}")
    location = link.getresponse().getheader("Location") or ""
    link.close()
    back = urlsplit(location)
    return f"{back.path}?{back.query}"


def sign_in(client: Client, **form: str) -> Any:
    return client.get(address_of_return(client, **form))


def who(client: Client) -> str:
    key = client.session.get("_auth_user_id")
    return Person.objects.get(pk=key).username if key else ""


def test_person_with_an_account_is_let_in(provider: Provider, client: Client) -> None:
    answer = sign_in(client)

    assert (answer.status_code, answer["Location"], who(client)) == (302, "/", "wang")
    assert client.get("/work/").status_code == 200
    assert not SocialAccount.objects.exists()
    assert {"/.well-known/openid-configuration", "/authorize", "/keys"} <= set(provider.asked)


def test_page_asked_for_before_comes_after(provider: Provider, client: Client) -> None:
    assert sign_in(client, next="/inbox/")["Location"] == "/inbox/"
    assert sign_in(Client(), next="//evil.example/")["Location"] == "/"


@pytest.mark.parametrize(
    "claims",
    [
        {"preferred_username": "nobody"},
        {"preferred_username": "gao"},
        {"preferred_username": "WANG"},
        {"preferred_username": ""},
        {"preferred_username": ["wang"]},
        {"preferred_username": "wang\x00"},
        {"preferred_username": None, "email": "wang@example.org", "name": "wang"},
        {"preferred_username": "wang", "iss": "https://evil.example"},
        {"preferred_username": "wang", "aud": "another"},
        {"preferred_username": "wang", "exp": 1},
    ],
    ids=[
        "unknown", "closed account", "other case", "empty", "list", "NUL", "other claims", "issuer",
        "audience", "expired",
    ],
)  # fmt: skip
def test_nobody_else_is_let_in_and_no_account_is_made(
    provider: Provider, client: Client, claims: dict[str, Any]
) -> None:
    people = Person.objects.count()
    provider.claims = claims

    answer = sign_in(client)

    assert (answer.status_code, who(client)) == (403, "")
    assert (Person.objects.count(), SocialAccount.objects.count()) == (people, 0)


def test_token_of_a_foreign_key_is_refused(provider: Provider, client: Client) -> None:
    provider.key = FOREIGN_KEY

    assert (sign_in(client).status_code, who(client)) == (403, "")


def test_token_without_a_signature_is_refused(provider: Provider, client: Client) -> None:
    provider.algorithm = "none"

    assert (sign_in(client).status_code, who(client)) == (403, "")


def test_code_of_another_browser_and_a_used_one_are_refused(
    provider: Provider, client: Client
) -> None:
    back = address_of_return(client)
    thief = Client()

    assert (thief.get(back).status_code, who(thief)) == (403, "")
    assert who(client) == ""
    client.get(back)
    assert (thief.get(back).status_code, who(thief)) == (403, "")


@pytest.mark.parametrize("query", ["", "?error=access_denied", "?code=x", "?code=x&state=y"])
def test_return_that_nobody_began_is_refused(
    provider: Provider, client: Client, query: str
) -> None:
    assert (client.get(BACK + query).status_code, who(client)) == (403, "")


def test_provider_that_is_away_is_a_sentence(provider: Provider, client: Client) -> None:
    back = address_of_return(client)
    provider.codes.clear()

    answer = client.get(back)

    assert answer.status_code == 403
    assert "没有得到确认" in answer.content.decode()


def test_second_factor_is_asked_for_as_after_a_password(
    provider: Provider, client: Client, cast: Cast
) -> None:
    TOTP.activate(cast.person("wang"), generate_totp_secret())

    answer = sign_in(client)

    assert answer["Location"].startswith("/accounts/2fa/authenticate/")
    assert who(client) == ""


def test_leader_without_one_must_set_it_up(
    provider: Provider, client: Client, settings: Any
) -> None:
    settings.SECOND_FACTOR = True
    provider.claims = {"preferred_username": "ling"}
    sign_in(client)

    assert client.get("/leader/")["Location"] == "/accounts/2fa/totp/activate/"


def test_first_password_is_not_asked_of_who_needs_none(
    provider: Provider, client: Client, cast: Cast
) -> None:
    Person.objects.filter(username="wang").update(password_is_first=True)
    sign_in(client)
    with_password = Client()
    with_password.force_login(cast.person("wang"))

    assert client.get("/work/").status_code == 200
    assert with_password.get("/work/").status_code == 302


def test_sign_in_page_offers_it_only_where_it_is_set_up(
    provider: Provider, client: Client, settings: Any
) -> None:
    offered = client.get("/accounts/login/").content.decode()
    settings.OIDC_ISSUER = ""

    assert "统一身份认证" in offered
    assert BEGIN not in client.get("/accounts/login/").content.decode()
    assert client.post(BEGIN).status_code == 404
    assert client.get(BACK).status_code == 404


def test_only_our_own_form_begins_it(provider: Provider) -> None:
    strict = Client(enforce_csrf_checks=True)

    assert strict.get(BEGIN).status_code == 405
    assert strict.post(BEGIN).status_code == 403
    assert strict.post("/accounts/sso/other/").status_code == 403


@pytest.mark.parametrize("typed", ["http://idp.example", "ftp://idp.example", "idp.example"])
def test_provider_without_tls_stops_the_start(monkeypatch: pytest.MonkeyPatch, typed: str) -> None:
    monkeypatch.setenv("OIDC_ISSUER", typed)

    with pytest.raises(ImproperlyConfigured):
        env.secure_address("OIDC_ISSUER")
