"""Keys of programs on the page of a person: by the security administrator, shown once, on record."""

import pytest
from django.test import Client

from mediation.accounts.models import AccessChange, ApiKey
from tests.factories import Cast
from tests.web.conftest import SignIn

pytestmark = pytest.mark.django_db


def test_key_is_shown_once_works_and_is_revoked_on_record(sign_in: SignIn, cast: Cast) -> None:
    browser, person = sign_in("an"), cast.id("zhong")
    made = browser.post(f"/people/{person}/key/", {"reason": "市级平台对接"})
    key = made.context["key"]
    headers = {"Authorization": f"Bearer {key}"}

    works = Client().get("/api/v1/work", headers=headers).status_code
    page = browser.get(f"/people/{person}/").text
    prefix = ApiKey.objects.get().prefix
    browser.post(f"/people/{person}/key/{prefix}/revoke/", {"reason": "对接结束"})

    assert works == 200
    assert prefix in page
    assert key not in page
    assert Client().get("/api/v1/work", headers=headers).status_code == 401
    records = AccessChange.objects.order_by("pk").values_list("what", "reason", "after")
    assert list(records) == [
        ("key_issued", "市级平台对接", {"key": prefix}),
        ("key_revoked", "对接结束", {"key": prefix}),
    ]


def test_key_needs_a_reason(sign_in: SignIn, cast: Cast) -> None:
    refused = sign_in("an").post(f"/people/{cast.id('zhong')}/key/", {"reason": ""})

    assert refused.status_code == 422
    assert not ApiKey.objects.exists()


@pytest.mark.parametrize(
    ("who", "of"),
    [("xi", "zhong"), ("shen", "zhong"), ("ling", "zhong"), ("an", "an"), ("an", "xi")],
)
def test_nobody_else_and_for_no_administrator(
    sign_in: SignIn, cast: Cast, who: str, of: str
) -> None:
    refused = sign_in(who).post(f"/people/{cast.id(of)}/key/", {"reason": "市级平台对接"})

    assert refused.status_code == 403
    assert of != "xi" or "管理员" in refused.text
    assert not ApiKey.objects.exists()


def test_key_that_is_not_there_cannot_be_revoked(sign_in: SignIn, cast: Cast) -> None:
    address = f"/people/{cast.id('zhong')}/key/000000000000/revoke/"

    assert sign_in("an").post(address, {"reason": "对接结束"}).status_code == 404
    assert not AccessChange.objects.exists()
