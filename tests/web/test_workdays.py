"""The days off of a year: looked at, refused, taken in by the system administrator alone."""

import json
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from mediation.accounts.models import AccessChange
from mediation.deadlines.store import calendar_in_force, imported_years
from tests.deadlines.test_yearplan import RANGES
from tests.web.conftest import SignIn

pytestmark = pytest.mark.django_db

PAGE = "/deadlines/workdays/"


@pytest.fixture(autouse=True)
def _own_directory(settings: Any, tmp_path: Any) -> None:
    settings.DATA_DIR = tmp_path


def file(data: dict[str, Any] = RANGES, name: str = "2027.json") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, json.dumps(data, ensure_ascii=False).encode())


def test_year_is_looked_at_before_anything_changes(sign_in: SignIn) -> None:
    response = sign_in("xi").post(PAGE, {"file": file()})

    assert response.status_code == 200
    assert len(response.context["differences"]) == 17
    assert "2027年1月2日" in response.text
    assert not imported_years().exists()


def test_year_that_was_looked_at_is_taken_in_and_on_record(sign_in: SignIn) -> None:
    browser = sign_in("xi")
    looked = browser.post(PAGE, {"file": file()})
    plan = looked.context["plan_text"]

    response = browser.post(PAGE, {"plan": plan}, follow=True)

    assert "2027" in response.text
    assert not calendar_in_force().is_provisional(2027)
    record = AccessChange.objects.get()
    assert (record.what, record.after["year"]) == ("calendar_taken", 2027)
    assert re.search(r'href="/deadlines/workdays/"', browser.get("/deadlines/rules/").text)


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({}, "请填写此项"),
        ({"file": SimpleUploadedFile("x.json", b"\xff\xfe{")}, "无法读取|不是"),
        ({"file": file(RANGES | {"notices": []})}, "请注明国务院办公厅通知文号"),
        ({"file": file(RANGES | {"rest": RANGES["rest"][1:]})}, "法定节日"),
        ({"file": SimpleUploadedFile("x.csv", b"a" * 300_000)}, "过大"),
        ({"plan": "{}"}, "不是某一年度"),
    ],
)
def test_what_cannot_be_right_is_refused_with_its_reason(
    sign_in: SignIn, sent: dict[str, Any], sentence: str
) -> None:
    response = sign_in("xi").post(PAGE, sent)

    assert response.status_code == 422
    assert re.search(sentence, response.text)
    assert not imported_years().exists()


@pytest.mark.parametrize("who", ["wang", "ling", "an", "shen"])
def test_nobody_else_takes_a_year_in(sign_in: SignIn, who: str) -> None:
    assert sign_in(who).post(PAGE, {"plan": json.dumps(RANGES)}).status_code == 403
    assert not imported_years().exists()
