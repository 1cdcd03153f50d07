"""Accounts and duties from a list, each by the administrator whose part it is."""

import io
import json
import re
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook

from mediation.accounts.models import AccessChange, Duty, Person, Role
from mediation.core import clock
from tests.factories.people import COMMUNITY, GRID, SIBLING_GRID
from tests.web.conftest import SignIn

pytestmark = pytest.mark.django_db

ACCOUNTS, DUTIES = "/people/take/accounts/", "/people/take/duties/"
PEOPLE = (
    "用户名,姓名,职务,办公电话\nxin1,新测一,专职网格员,\nxin2,新测二,,0737-4222222\nwang,谌测网,,\n"
)
GIVEN = f"用户名,角色,区划代码,开始日期,结束日期\nli,网格员,{GRID},2026-01-01,2099-12-31\n"
GIVEN += f"sun,人民调解员,{COMMUNITY},,\n"


def table(text: str) -> dict[str, Any]:
    return {"file": SimpleUploadedFile("list.csv", text.encode("gb18030"))}


def test_accounts_are_looked_at_and_then_opened_with_a_password_each(sign_in: SignIn) -> None:
    browser = sign_in("xi")
    looked = browser.post(ACCOUNTS, table(PEOPLE)).context["looked"]
    before = Person.objects.filter(username__startswith="xin").count()

    done = browser.post(ACCOUNTS, {"plan": looked.carried})

    assert (looked.problems, looked.new, looked.same, before) == ([], 2, 1, 0)
    opened = {person.username: raw for person, raw in done.context["opened"]}
    assert set(opened) == {"xin1", "xin2"}
    assert all(raw in done.text for raw in opened.values())
    assert AccessChange.objects.filter(what="account_opened").count() == 2
    signed = Client().post("/accounts/login/", {"login": "xin1", "password": opened["xin1"]})
    assert signed.status_code == 302
    assert Person.objects.get(username="xin1").password_is_first


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "没有数据行"),
        ("账户,姓名\na1,甲\n", "用户名"),
        ("用户名,姓名\nWang!,王测甲\n", "第2行.*小写字母"),
        ("用户名,姓名\nxin1,\n", "第2行.*姓名"),
        ("用户名,姓名\nwang,别的人\n", "已被使用|已有"),
        ("用户名,姓名\nxin1,甲测\nxin1,乙测\n", "第3行.*重复"),
        ("用户名,姓名\n" + "".join(f"xin{n},某某\n" for n in range(201)), "200"),
    ],
)
def test_list_of_accounts_with_a_fault_opens_none(
    sign_in: SignIn, text: str, sentence: str
) -> None:
    before = Person.objects.count()

    refused = sign_in("xi").post(ACCOUNTS, table(text))

    assert refused.status_code == 422
    assert re.search(sentence, refused.text)
    assert 'name="plan"' not in refused.text
    assert Person.objects.count() == before


def test_duties_are_looked_at_and_then_given(sign_in: SignIn) -> None:
    browser = sign_in("an")
    looked = browser.post(DUTIES, table(GIVEN)).context["looked"]
    browser.post(DUTIES, {"plan": looked.carried})

    assert (looked.new, looked.same) == (1, 1)
    duty = Duty.objects.get(person__username="li", role=Role.GRID_WORKER)
    assert (duty.area.code, str(duty.since), str(duty.until)) == (GRID, "2026-01-01", "2099-12-31")
    assert AccessChange.objects.get().what == "duty_given"


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (f"niemand,网格员,{GRID}", "没有"),
        (f"li,管家,{GRID}", "角色"),
        ("li,网格员,999", "没有此代码"),
        (f"li,系统管理员,{GRID}", "管理员"),
        (f"an,网格员,{GRID}", "自己|本人"),
        (f"li,网格员,{GRID},昨天", "开始|起"),
        (f"li,网格员,{GRID}\nli,网格员,{GRID}", "重复"),
    ],
)
def test_list_of_duties_with_a_fault_gives_none(sign_in: SignIn, row: str, sentence: str) -> None:
    before = Duty.objects.count()

    refused = sign_in("an").post(DUTIES, table(f"用户名,角色,区划代码,开始日期\n{row}\n"))

    assert refused.status_code == 422
    assert re.search(sentence, " ".join(refused.context["looked"].problems))
    assert 'name="plan"' not in refused.text
    assert Duty.objects.count() == before


def test_duties_reach_no_further_than_ones_own_area(sign_in: SignIn) -> None:
    own = Duty.objects.get(person__username="an")
    own.area = own.area.children.get(code="430902006")
    own.save()
    plan = json.dumps([{"username": "li", "role": "grid_worker", "area": SIBLING_GRID}])

    refused = sign_in("an").post(DUTIES, {"plan": plan})

    assert refused.status_code == 422
    assert not Duty.objects.filter(area__code=SIBLING_GRID, person__username="li").exists()


@pytest.mark.parametrize(
    ("who", "page"), [("an", ACCOUNTS), ("shen", ACCOUNTS), ("xi", DUTIES), ("ling", DUTIES)]
)
def test_nobody_does_the_part_of_another(sign_in: SignIn, who: str, page: str) -> None:
    people, duties = Person.objects.count(), Duty.objects.count()
    plan = json.dumps([{"username": "xin1", "name": "新测一", "role": "mediator", "area": GRID}])

    assert sign_in(who).post(page, {"plan": plan}).status_code == 403
    assert (Person.objects.count(), Duty.objects.count()) == (people, duties)


def test_first_day_is_today_when_the_list_names_none(sign_in: SignIn) -> None:
    browser = sign_in("an")
    looked = browser.post(DUTIES, table(f"用户名,角色,区划\nli,网格员,{GRID}\n")).context["looked"]
    browser.post(DUTIES, {"plan": looked.carried})

    assert Duty.objects.get(person__username="li", role="grid_worker").since == clock.today()


def workbook(*lines: list[Any]) -> dict[str, Any]:
    book, out = Workbook(), io.BytesIO()
    for line in lines:
        book.active.append(line)
    book.save(out)
    return {"file": SimpleUploadedFile("list.xlsx", out.getvalue())}


def test_workbook_is_taken_as_it_is(sign_in: SignIn) -> None:
    rows = [["用户名", "角色", "区划代码"], ["li", "网格员", int(GRID)]]

    looked = sign_in("an").post(DUTIES, workbook(*rows)).context["looked"]

    assert (looked.problems, looked.new) == ([], 1)


def test_archive_that_is_no_honest_workbook_is_refused_at_the_field(sign_in: SignIn) -> None:
    sent = workbook(["用户名", "姓名"], ["xin1", "新测一"])
    content = io.BytesIO(sent["file"].read())
    with zipfile.ZipFile(content, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"macro")

    sent = {"file": SimpleUploadedFile("list.xlsx", content.getvalue())}
    answer = sign_in("xi").post(ACCOUNTS, sent)

    assert answer.status_code == 422
    assert "宏" in answer.context["form"].errors["file"][0]
    assert answer.context["looked"] is None
