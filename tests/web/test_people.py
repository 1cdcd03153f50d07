"""Accounts, and how people are found."""

import pytest
from django.test import Client
from django.urls import reverse

from mediation.accounts.models import Person
from tests.factories import Cast
from tests.factories.people import COMMUNITY
from tests.web.conftest import SignIn
from tests.web.raw import post_raw

pytestmark = pytest.mark.django_db

ACCOUNT = {"username": "xinren", "name": "辛测人", "post": "网格员", "phone": "0737-4210001"}


def test_first_password_is_shown_once_and_must_be_changed(sign_in: SignIn) -> None:
    client = sign_in("xi")

    shown = client.post("/people/new/", ACCOUNT)

    raw = shown.context["password"]
    assert raw in shown.content.decode()
    assert raw not in client.get(f"/people/{shown.context['person'].pk}/").content.decode()
    his = Client()
    assert his.login(username="xinren", password=raw)
    change = reverse("account_change_password")
    assert his.get("/").headers["Location"] == change
    assert his.get("/profile/", headers={"HX-Request": "true"}).headers["HX-Redirect"] == change
    his.post(
        change,
        {"oldpassword": raw, "password1": "小桥下面流水-2026", "password2": "小桥下面流水-2026"},
    )
    assert his.get("/profile/").status_code == 200
    assert not Person.objects.get(username="xinren").password_is_first


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("username", "wang"),
        ("username", "Wang Wu"),
        ("username", "王五"),
        ("username", "w"),
        ("username", "a\x00b"),
        ("name", ""),
        ("name", "王\x00五"),
        ("name", "王\udc80"),
        ("phone", "12"),
    ],
)
def test_new_account_keeps_what_was_typed(field: str, value: str, sign_in: SignIn) -> None:
    client = sign_in("xi")
    people = Person.objects.count()

    response = post_raw(client, "/people/new/", ACCOUNT | {field: value})

    if value == "王\udc80":  # the door of the framework has already replaced it by U+FFFD
        assert response.status_code == 200
        return
    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    assert response.context["form"]["post"].value() == "网格员"
    assert Person.objects.count() == people


def test_closed_account_is_shut_out_at_once(cast: Cast, sign_in: SignIn) -> None:
    his = Client()
    his.force_login(cast.person("wang"))
    client = sign_in("xi")

    client.post(f"/people/{cast.id('wang')}/close/", {"reason": "离职"})

    assert his.get("/work/").headers["Location"].startswith(reverse("account_login"))
    page = client.get(f"/people/{cast.id('wang')}/")
    assert [entry.text for entry in page.context["history"]] == ["离职"]


def test_edit_account_is_recorded_as_old_and_new(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in("xi")

    client.post(f"/people/{cast.id('wang')}/edit/", {"name": "谌测网", "post": "网格长"})

    entry = client.get(f"/people/{cast.id('wang')}/").context["history"][0]
    assert [value for _label, value in entry.details] == ["– → 网格长"]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"q": "谌测"}, ["wang"]),
        ({"q": "b_w"}, ["b_wang"]),
        ({"q": "不存在"}, []),
        ({"role": "grid_worker", "area": COMMUNITY}, ["chen", "he", "wang"]),
        ({"role": "auditor"}, ["shen"]),
        ({"state": "closed"}, ["gao"]),
        ({"state": "idle"}, ["dai", "mo"]),
    ],
)
def test_people_are_found(query: dict[str, str], names: list[str], sign_in: SignIn) -> None:
    client = sign_in("an")

    rows = client.get("/people/", query).context["rows"]

    assert [row.username for row in rows] == names


@pytest.mark.parametrize("value", ["\x00", "'", "%", "\\", "9" * 40, "x" * 5000, "%ED%A0%80"])
@pytest.mark.parametrize("name", ["q", "role", "area", "state", "after"])
def test_people_bears_any_address(name: str, value: str, sign_in: SignIn) -> None:
    client = sign_in("an")

    assert client.get("/people/", {name: value}).status_code == 200


def test_people_pages_follow_without_gap_or_repeat(
    cast: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mediation.web.views.people.PAGE_SIZE", 5)
    client = sign_in("an")
    seen, address = [], "/people/"

    while address:
        page = client.get(address).context
        seen += [row.username for row in page["rows"]]
        address = f"/people/{page['next']}" if page["next"] else ""

    assert seen == sorted(cast.people)
