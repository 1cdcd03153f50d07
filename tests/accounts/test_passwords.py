"""Both password profiles, what they take and what they refuse, with the words of the place."""

import json
import os
import subprocess
import sys
import time
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.password_validation import get_password_validators, validate_password
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from mediation.accounts import services
from mediation.accounts.models import FormerPassword, Person
from mediation.accounts.passwords import HabitsValidator, is_habitual, kind_of, words_of
from mediation.config import env
from tests.factories import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_counters() -> None:
    """Every case may try anew: changes of a password are limited per person and minute."""
    cache.clear()


PROBE = (
    "import json; from mediation.config.settings import base;"
    "print(json.dumps([base.AUTH_PASSWORD_VALIDATORS, base.PASSWORD_DAYS]))"
)


def rules(profile: str) -> list[object]:
    """The validators of an installation that starts with this profile."""
    return get_password_validators(started(profile)[0])


def started(profile: str, **more: str) -> Any:
    told = subprocess.run(
        [sys.executable, "-c", PROBE],
        env={**os.environ, "PASSWORD_PROFILE": profile, "DATA_DIR": str(settings.DATA_DIR), **more},
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(told.stdout)


def codes(raw: str, profile: list[object], user: Person | None = None) -> set[str | None]:
    try:
        validate_password(raw, user, profile)
    except ValidationError as refusal:
        return {error.code for error in refusal.error_list}
    return set()


TOO_SHORT, KINDS, COMMON = "password_too_short", "password_kinds", "password_too_common"
HABIT = "password_habit"
TABLE = [
    # Password, what gov says, what asvs says.
    ("Kahle7-Wiese", set(), set()),
    ("小桥下面流水-2026", set(), {TOO_SHORT}),
    ("Kahle7-Wie", set(), {TOO_SHORT}),
    ("Kahle7-Wi", {TOO_SHORT}, {TOO_SHORT}),
    ("kahle wiese am bach", {KINDS}, set()),
    ("kahlewieseambach", {KINDS}, set()),
    ("830264917355", {KINDS}, set()),
    ("kahlewiese77", {KINDS}, set()),
    ("Kahlewiese77", set(), set()),
    ("qwertyuiop", {KINDS, COMMON, HABIT}, {TOO_SHORT, COMMON, HABIT}),
    ("1q2w3e4r5t", {KINDS, COMMON}, {TOO_SHORT, COMMON}),
]


def test_profiles_accept_and_refuse() -> None:
    gov, asvs = rules("gov"), rules("asvs")

    said = [(raw, codes(raw, gov), codes(raw, asvs)) for raw, *_expected in TABLE]

    assert said == TABLE


def test_default_is_gov_and_a_wrong_profile_stops_the_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("PASSWORD_PROFILE", raising=False)
    assert env.choice("PASSWORD_PROFILE", ("gov", "asvs")) == "gov"
    monkeypatch.setenv("PASSWORD_PROFILE", "ASVS")
    assert env.choice("PASSWORD_PROFILE", ("gov", "asvs")) == "asvs"
    monkeypatch.setenv("PASSWORD_PROFILE", "strong")
    with pytest.raises(ImproperlyConfigured, match="gov, asvs"):
        env.choice("PASSWORD_PROFILE", ("gov", "asvs"))


@pytest.mark.parametrize(
    ("character", "kind"),
    [("A", "capital"), ("z", "small"), ("桥", "small"), ("7", "digit"), ("７", "digit"),
     ("-", "sign"), (" ", "sign"), ("，", "sign")],
)  # fmt: skip
def test_every_character_is_of_one_kind(character: str, kind: str) -> None:
    assert kind_of(character) == kind


@pytest.mark.parametrize("profile", ["gov", "asvs"])
@pytest.mark.parametrize(
    "raw",
    ["Xy7-谌测网-kahle", "Xy7-汽车路-kahle", "Xy7-资阳区-kahle", "Xy7-益阳-kahlew",
     "Xy7-枫桥-kahlewi", "Xy7-FengQiao-ka", "Xy7-ｆｅｎｇqiao-ka"],
)  # fmt: skip
def test_words_of_person_and_place_are_refused(cast: Cast, raw: str, profile: str) -> None:
    assert codes(raw, rules(profile), cast.person("wang")) == {"password_of_the_place"}


def test_words_of_other_places_pass(cast: Cast) -> None:
    assert codes("Xy7-大码头-kahle", rules("gov"), cast.person("wang")) == set()
    assert codes("Xy7-李测和-kahle", rules("gov"), cast.person("wang")) == set()


def test_short_latin_user_names_are_no_words(cast: Cast) -> None:
    assert "li" not in words_of(cast.person("li"))
    assert {"wang", "谌测网"} <= words_of(cast.person("wang"))


@pytest.mark.parametrize(
    ("raw", "language", "sentence"),
    [
        ("Xy7-资阳区-kahle", "zh-hans", "密码中含有您的姓名或所在地方的名称，容易被人猜中"),
        ("Xy7-资阳区-kahle", "en", "Others guess that first."),
        ("kahlewieseambach", "zh-hans", "请至少使用其中三类：大写字母、小写字母或汉字、数字、符号"),
        ("kahlewieseambach", "en", "Use at least three of these"),
    ],
)
def test_page_says_why_and_keeps_the_old_password(
    cast: Cast, client: Client, raw: str, language: str, sentence: str
) -> None:
    person = cast.person("wang")
    person.set_password("Kahle7-Wiese")
    person.language = language
    person.save()
    client.force_login(person)
    client.cookies["django_language"] = language

    answer = client.post(
        reverse("account_change_password"),
        {"oldpassword": "Kahle7-Wiese", "password1": raw, "password2": raw},
    )

    with override(language):
        assert sentence in answer.content.decode()
    person.refresh_from_db()
    assert person.check_password("Kahle7-Wiese")


# The last five, and ninety days -------------------------------------------------------------------


def test_last_five_are_refused_and_the_sixth_is_free(cast: Cast) -> None:
    person, gov = cast.person("wang"), rules("gov")
    passwords = [f"Kahle{place}-Wiese" for place in range(6)]
    for raw in passwords:
        services.set_password(person=person, raw=raw, now=timezone.now())

    said = [codes(raw, gov, person) for raw in passwords]

    assert said == [set()] + [{"password_had_before"}] * 5
    assert FormerPassword.objects.filter(person=person).count() == 4


def test_former_passwords_of_another_bind_nobody(cast: Cast) -> None:
    services.set_password(person=cast.person("li"), raw="Kahle7-Wiese", now=timezone.now())

    assert codes("Kahle7-Wiese", rules("gov"), cast.person("wang")) == set()


def test_asvs_forgets_former_passwords(cast: Cast) -> None:
    person = cast.person("wang")
    services.set_password(person=person, raw="Kahle7-Wiese", now=timezone.now())

    assert codes("Kahle7-Wiese", rules("asvs"), person) == set()


def test_days_follow_the_profile() -> None:
    days = [started("gov")[1], started("asvs")[1], started("gov", DEMO="1")[1]]

    assert days == [90, 0, 0]


@pytest.mark.parametrize(
    ("limit", "age", "asked"), [(90, 89, False), (90, 90, True), (90, 400, True), (0, 400, False)]
)
@pytest.mark.parametrize("field", ["password_since", "date_joined"])
def test_old_password_is_changed_before_anything_else(
    cast: Cast, client: Client, settings: Any, field: str, limit: int, age: int, *, asked: bool
) -> None:
    settings.PASSWORD_DAYS = limit
    person = cast.person("wang")
    setattr(person, field, timezone.now() - timedelta(days=age))
    person.set_password("Kahle7-Wiese")
    person.save()
    client.force_login(person)
    change = reverse("account_change_password")

    assert client.get("/profile/").status_code == (302 if asked else 200)
    page = client.get(change, headers={"Accept-Language": "zh-hans"}).content.decode()
    assert ("密码已使用超过90天" in page) is asked
    client.post(
        change,
        {"oldpassword": "Kahle7-Wiese", "password1": "Bach8-Kahle9", "password2": "Bach8-Kahle9"},
    )
    assert client.get("/profile/").status_code == 200


@pytest.mark.parametrize(
    "raw",
    [
        "woaini1314", "Woaini1314!", "5201314", "qwe123", "a123456", "Qwe123!@#", "Aa123456..",
        "Woaini5201314", "19900101", "19851231Woaini", "13800138000", "Zxc13912345678!",
        "1314520Woaini.", "88888888", "Qq123456789!", "P@ssw0rd123456", "2001-02-28Qwer!",
    ],
)  # fmt: skip
def test_what_many_people_take_is_refused(raw: str) -> None:
    with pytest.raises(ValidationError) as refused:
        HabitsValidator().validate(raw)

    assert refused.value.code == "password_habit"


@pytest.mark.parametrize(
    "raw",
    [
        "Lotus-Pond-1987-bridge",
        "荷塘月色Bridge27",
        "tK9#vQ2m!xR4",
        "correct horse battery",
        "Mzq20190733!",
    ],
)
def test_what_few_people_take_is_no_habit(raw: str) -> None:
    HabitsValidator().validate(raw)


@pytest.mark.parametrize("profile", ["gov", "asvs"])
def test_both_profiles_ask_for_no_habit(profile: str) -> None:
    assert "password_habit" in codes("Woaini1314520!", rules(profile))


def test_long_runs_are_judged_at_once() -> None:
    """A pattern that tries every division would take for ever."""
    began = time.perf_counter()

    assert not is_habitual("1" * 2_000 + "ü")
    assert time.perf_counter() - began < 1


def test_who_is_signed_in_is_not_offered_a_new_password_by_mail(cast: Cast, client: Client) -> None:
    client.force_login(cast.person("wang"))

    page = client.get(reverse("account_change_password")).content.decode()

    assert "忘记密码" not in page
    assert "/accounts/password/reset/" not in page
