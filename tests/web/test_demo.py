"""The cards of the demonstration, and that nobody else gets in by them."""

from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client

from mediation.accounts.demo import CAST
from tests.factories import PersonFactory
from tests.web.conftest import SignIn

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(settings: Any) -> None:
    settings.DEMO = True
    for member in CAST:
        PersonFactory(username=member.username, name=member.name)


@pytest.mark.usefixtures("demo")
def test_login_page_offers_the_cast_in_its_order(client: Client) -> None:
    offered = client.get("/accounts/login/").context["demo_logins"]

    assert [card["username"] for card in offered] == [member.username for member in CAST]


@pytest.mark.usefixtures("demo")
def test_card_signs_in(client: Client) -> None:
    response = client.post("/demo/login/", {"username": "wangge", "next": "/inbox/"})

    assert response.headers["Location"] == "/inbox/"
    assert client.get("/inbox/").status_code == 200


@pytest.mark.usefixtures("demo")
def test_card_records_the_device_once(client: Client) -> None:
    client.post("/demo/login/", {"username": "wangge"})

    device = UserSession.objects.get()
    assert (device.user.username, device.session_key) == ("wangge", client.session.session_key)


@pytest.mark.usefixtures("demo")
def test_card_leads_to_no_other_site(client: Client) -> None:
    response = client.post("/demo/login/", {"username": "wangge", "next": "//example.org/"})

    assert response.headers["Location"] == "/"


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("username", ["", "nobody", "root", "\x00"])
def test_card_of_nobody_does_not_exist(client: Client, username: str) -> None:
    PersonFactory(username="root")

    assert client.post("/demo/login/", {"username": username}).status_code == 404


@pytest.mark.usefixtures("demo")
def test_card_of_a_closed_account_does_not_exist(client: Client) -> None:
    PersonFactory._meta.model.objects.filter(username="wangge").update(is_active=False)

    assert client.post("/demo/login/", {"username": "wangge"}).status_code == 404


@pytest.mark.usefixtures("demo")
def test_card_is_a_post(client: Client) -> None:
    assert client.get("/demo/login/").status_code == 405


def test_outside_a_demonstration_there_is_no_card(client: Client) -> None:
    PersonFactory(username="wangge")

    page = client.get("/accounts/login/")
    response = client.post("/demo/login/", {"username": "wangge"})

    assert "demo_logins" not in page.context
    assert (response.status_code, "_auth_user_id" in client.session) == (404, False)


EVERY_ROLE = ("ling", "zhong", "si", "fu", "wang", "li", "xi", "an", "shen")


@pytest.mark.parametrize("who", EVERY_ROLE)
def test_desk_of_a_demonstration_says_what_to_try_and_each_way_leads_somewhere(
    sign_in: SignIn, settings: Any, who: str
) -> None:
    settings.DEMO = True
    browser = sign_in(who)

    desk = browser.get("/", follow=True)

    tries = desk.context["frame"].tries
    assert len(tries) >= 2
    assert [url for _words, url in tries if browser.get(url).status_code != 200] == []
    assert all(f'href="{url}">{words}' in desk.text for words, url in tries)
    assert 'id="tries"' not in browser.get("/profile/").text


def test_desk_of_a_real_office_says_nothing_of_the_kind(sign_in: SignIn) -> None:
    assert 'id="tries"' not in sign_in("zhong").get("/", follow=True).text
