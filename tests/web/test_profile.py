"""My account: language, deputies, devices; only of what is one's own."""

from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from mediation.accounts.models import Duty, Person
from mediation.disputes.models import Dispute
from mediation.web import agents
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


@pytest.mark.parametrize(("name", "offered"), [("wang", True), ("shen", False)])
def test_phone_leads_from_the_account_to_everything_else(
    sign_in: SignIn, name: str, offered: bool
) -> None:
    """Four tabs are no way about: lists, search and alerts would be out of reach on a phone."""
    page = sign_in(name).get("/profile/").content.decode()
    panel = page.split('aria-labelledby="ways-title"')[1].split("</nav>")[0]

    assert 'href="/inbox/"' in panel
    for link in ('href="/disputes/"', 'href="/search/"'):
        assert (link in panel) is offered
    assert ('href="/search/" aria-label="搜索"' in page) is offered


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


# Devices ------------------------------------------------------------------------------------------

WINDOWS_EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/130.0.0.0 Safari/537.36 Edg/130.0.0.0"
)
PASSWORD = "Kahle7-Wiese-Bach"


def enter(person: Person, agent: str = WINDOWS_EDGE) -> Client:
    """Sign in through the login page, as a browser does."""
    client = Client(HTTP_USER_AGENT=agent)
    typed = {"login": person.username, "password": PASSWORD}
    assert client.post("/accounts/login/", typed).status_code == 302
    return client


@pytest.fixture
def wang(cast: Cast) -> Person:
    person = cast.person("wang")
    person.set_password(PASSWORD)
    person.save()
    return person


def row_of(browser: Client) -> UserSession:
    return UserSession.objects.get(session_key=browser.session.session_key)


def is_in(browser: Client) -> bool:
    return browser.get("/profile/").status_code == 200


def test_devices_are_told_in_words_this_one_first(wang: Person) -> None:
    here = enter(wang)
    enter(wang, "Mozilla/5.0 (Linux; Android 14) Chrome/130 Mobile Safari/537.36 MicroMessenger/8")

    told = here.get("/profile/").context["devices"]

    assert [(one.words, one.address, one.is_here) for one in told] == [
        ("Edge 浏览器 · Windows 电脑", "127.0.0.1", True),
        ("微信 · 安卓设备", "127.0.0.1", False),
    ]


AGENTS = {
    WINDOWS_EDGE: "Edge browser · Windows computer",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Safari/604.1": (
        "Safari browser · iPhone"
    ),
    "Mozilla/5.0 (Phone; OpenHarmony 5.0) Chrome/114 Safari/537.36 HuaweiBrowser/5.0": (
        "Huawei Browser · HarmonyOS device"
    ),
    "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0": (
        "Firefox browser · Linux computer"
    ),
    "<script>": "Unknown browser · unknown system",
    "": "Unknown browser · unknown system",
}


@pytest.mark.parametrize(("agent", "words"), AGENTS.items(), ids=AGENTS.values())
def test_browser_and_system_have_words(agent: str, words: str) -> None:
    with override("en"):
        assert agents.words_of(agent) == words


def test_one_device_is_ended_and_the_others_stay(wang: Person) -> None:
    here, lost, other = enter(wang), enter(wang), enter(wang)

    response = here.post(f"/profile/devices/{row_of(lost).pk}/end/")

    assert response.headers["Location"] == "/profile/"
    assert [is_in(one) for one in (here, lost, other)] == [True, False, True]


def test_ending_this_device_signs_out(wang: Person) -> None:
    here = enter(wang)

    response = here.post(f"/profile/devices/{row_of(here).pk}/end/")

    assert response.headers["Location"] == "/accounts/login/"
    assert not is_in(here)


def test_all_others_are_ended(wang: Person, sign_in: SignIn) -> None:
    here, lost, other, li = enter(wang), enter(wang), enter(wang), sign_in("li")

    here.post("/profile/devices/others/end/")

    assert [is_in(one) for one in (here, lost, other, li)] == [True, False, False, True]


def test_sign_in_beyond_three_ends_the_oldest(wang: Person) -> None:
    browsers = [enter(wang) for _number in range(4)]

    assert [is_in(one) for one in browsers] == [False, True, True, True]


def test_a_demonstration_ends_nobody(wang: Person, settings: Any) -> None:
    settings.SESSIONS_KEPT = 0

    assert all(is_in(one) for one in [enter(wang) for _number in range(5)])


def test_device_that_signed_out_takes_no_place(wang: Person) -> None:
    first, second, third = enter(wang), enter(wang), enter(wang)
    third.post("/accounts/logout/")

    fourth = enter(wang)

    assert [is_in(one) for one in (first, second, third, fourth)] == [True, True, False, True]


def test_device_of_another_does_not_exist(wang: Person, sign_in: SignIn) -> None:
    browser = enter(wang)
    before = Session.objects.count()

    answer = sign_in("li").post(f"/profile/devices/{row_of(browser).pk}/end/")

    assert answer.status_code == 404
    assert Session.objects.count() == before + 1
    assert is_in(browser)


@pytest.mark.parametrize("number", ["0", "9" * 30])
def test_device_that_is_none_does_not_exist(wang: Person, number: str) -> None:
    browser = enter(wang)

    assert browser.post(f"/profile/devices/{number}/end/").status_code == 404
    assert is_in(browser)


@pytest.mark.parametrize("path", ["/profile/devices/1/end/", "/profile/devices/others/end/"])
def test_devices_are_ended_by_post_alone(sign_in: SignIn, client: Client, path: str) -> None:
    assert sign_in("wang").get(path).status_code == 405
    assert client.post(path).headers["Location"].startswith("/accounts/login/")


def test_new_password_leaves_this_device_alone_in_the_list(wang: Person) -> None:
    here, other = enter(wang), enter(wang)
    new = "Blaue3-Halde-Tal"

    here.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
    )

    told = here.get("/profile/").context["devices"]
    assert [one.is_here for one in told] == [True]
    assert not is_in(other)


@pytest.mark.parametrize("others", [0, 2])
def test_profile_asks_as_much_for_three_devices_as_for_one(wang: Person, others: int) -> None:
    here = enter(wang)
    for _number in range(others):
        enter(wang)

    with CaptureQueriesContext(connection) as asked:
        here.get("/profile/")

    assert len(asked) == 9


def test_note_of_the_password_page_is_shown_once(wang: Person) -> None:
    wang.password_is_first = True
    wang.save()

    page = enter(wang).get("/accounts/password/change/").content.decode()

    assert page.count("当前密码由管理员生成") == 1


# Left alone ---------------------------------------------------------------------------------------

HALF_AN_HOUR = 1800


def leave_alone(browser: Client, seconds: int) -> None:
    session = browser.session
    session["touched"] -= seconds
    session.save()


@pytest.fixture
def idle(settings: Any, wang: Person) -> Client:
    settings.SESSION_IDLE_SECONDS = HALF_AN_HOUR
    browser = enter(wang)
    assert is_in(browser)
    return browser


@pytest.mark.parametrize(
    ("seconds", "stays"), [(HALF_AN_HOUR - 5, True), (HALF_AN_HOUR + 1, False)]
)
def test_desk_left_alone_is_signed_out_and_its_session_gone(
    idle: Client, seconds: int, stays: bool
) -> None:
    key = idle.session.session_key
    leave_alone(idle, seconds)

    assert is_in(idle) is stays
    assert Session.objects.filter(session_key=key).exists() is stays


def test_opening_a_page_begins_the_half_hour_anew_and_what_a_page_fetches_does_not(
    idle: Client,
) -> None:
    leave_alone(idle, 1000)
    idle.get("/work/", headers={"HX-Request": "true"})
    fetched = idle.session["touched"]
    idle.get("/work/")

    assert idle.session["touched"] - fetched >= 1000


def test_form_of_a_desk_left_alone_writes_nothing(idle: Client) -> None:
    leave_alone(idle, HALF_AN_HOUR + 1)

    answer = idle.post("/register/", {"facts": "x"})

    assert answer.status_code in {302, 401, 403}
    assert Dispute.objects.count() == 0
