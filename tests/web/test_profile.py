"""My account: language, deputies; only of one's own duties."""

import pytest
from django.test import Client

from mediation.accounts.models import Duty
from tests.factories import Cast
from tests.web.conftest import SignIn

pytestmark = pytest.mark.django_db


def duty_of(cast: Cast, name: str) -> Duty:
    return Duty.objects.filter(person=cast.person(name)).earliest("pk")


def test_profile_sends_visitors_to_the_login_page(client: Client) -> None:
    assert client.get("/profile/").headers["Location"] == "/accounts/login/?next=/profile/"


@pytest.mark.parametrize("name", ["wang", "ling", "xi", "mo"])
def test_profile_is_open_to_everybody_who_signs_in(sign_in: SignIn, cast: Cast, name: str) -> None:
    page = sign_in(name).get("/profile/")

    assert page.status_code == 200
    assert cast.person(name).name in page.content.decode()


def test_language_is_kept_with_the_person_and_on_the_device(sign_in: SignIn, cast: Cast) -> None:
    browser = sign_in("wang")

    response = browser.post("/profile/", {"language": "en"})

    cast.person("wang").refresh_from_db()
    assert (response.status_code, cast.person("wang").language) == (302, "en")
    assert response.cookies["django_language"].value == "en"


def test_unknown_language_is_refused(sign_in: SignIn, cast: Cast) -> None:
    response = sign_in("wang").post("/profile/", {"language": "xx"})

    cast.person("wang").refresh_from_db()
    assert (response.status_code, cast.person("wang").language) == (422, "")


def test_deputy_is_named_and_dismissed(sign_in: SignIn, cast: Cast) -> None:
    duty, browser = duty_of(cast, "li"), sign_in("li")
    stamp = cast.person("sun").access_stamp
    name = f"duty{duty.pk}"

    browser.post(
        f"/profile/deputy/{duty.pk}/",
        {
            f"{name}-deputy": cast.id("sun"),
            f"{name}-since": "2026-12-01",
            f"{name}-until": "2026-12-05",
        },
    )
    duty.refresh_from_db()
    named = (duty.deputy_id, str(duty.deputy_since), str(duty.deputy_until))
    cast.person("sun").refresh_from_db()
    browser.post(f"/profile/deputy/{duty.pk}/", {"remove": "1"})
    duty.refresh_from_db()

    assert named == (cast.id("sun"), "2026-12-01", "2026-12-05")
    assert cast.person("sun").access_stamp > stamp
    assert (duty.deputy_id, duty.deputy_since, duty.deputy_until) == (None, None, None)


REFUSED = {
    "nobody": {"deputy": ""},
    "of another subdistrict": {"deputy": "b_li"},
    "an administrator": {"deputy": "xi"},
    "oneself": {"deputy": "li"},
    "days that cross": {"deputy": "sun", "since": "2026-12-05", "until": "2026-12-01"},
    "a day that is none": {"deputy": "sun", "since": "2026-02-30"},
}


@pytest.mark.parametrize("typed", REFUSED.values(), ids=REFUSED)
def test_unfit_deputy_is_refused(sign_in: SignIn, cast: Cast, typed: dict[str, str]) -> None:
    duty = duty_of(cast, "li")
    who = typed["deputy"]
    sent = typed | {"deputy": cast.id(who) if who else ""}

    response = sign_in("li").post(
        f"/profile/deputy/{duty.pk}/", {f"duty{duty.pk}-{key}": v for key, v in sent.items()}
    )

    duty.refresh_from_db()
    assert (response.status_code, duty.deputy_id) == (422, None)


@pytest.mark.parametrize("name", ["sun", "an", "ling"])
def test_nobody_names_a_deputy_for_another(sign_in: SignIn, cast: Cast, name: str) -> None:
    duty = duty_of(cast, "li")

    response = sign_in(name).post(
        f"/profile/deputy/{duty.pk}/", {f"duty{duty.pk}-deputy": cast.id("sun")}
    )

    duty.refresh_from_db()
    assert (response.status_code, duty.deputy_id) == (404, None)


def test_administration_has_no_deputy(sign_in: SignIn, cast: Cast) -> None:
    duty = duty_of(cast, "xi")

    response = sign_in("xi").post(f"/profile/deputy/{duty.pk}/", {"remove": "1"})

    assert response.status_code == 404
