"""Lists and outlines of areas: looked at row by row, then taken in by the system administrator alone."""

import json
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from mediation.accounts.models import AccessChange, Duty
from mediation.areas.models import Area, Outline
from tests.factories.people import COMMUNITY, GRID, OTHER_COMMUNITY, SIBLING, SUBDISTRICT
from tests.jobs.test_import_outlines import MAP_NUMBER, TOWN, feature, square
from tests.web.conftest import SignIn

pytestmark = pytest.mark.django_db

LIST, OUTLINES = "/areas/take/list/", "/areas/take/outlines/"
NEW = f"{COMMUNITY}005"
TABLE = (
    f"代码,名称,简称,户数\n{NEW},第5网格,,380\n{GRID},第3网格,,420\n{SUBDISTRICT},汽车路街道,,\n"
)


def table(text: str = TABLE, name: str = "areas.csv", encoding: str = "gb18030") -> dict[str, Any]:
    return {"file": SimpleUploadedFile(name, text.encode(encoding))}


def town(features: Any = TOWN, **other: Any) -> dict[str, Any]:
    text = json.dumps({"type": "FeatureCollection", "features": features})
    sent = {"coordinates": "cgcs2000", "source": MAP_NUMBER}
    return {"file": SimpleUploadedFile("town.geojson", text.encode())} | sent | other


def test_list_is_looked_at_before_anything_changes(sign_in: SignIn) -> None:
    page = sign_in("xi").post(LIST, table())

    looked = page.context["looked"]
    assert page.status_code == 200
    assert [number for _label, number in looked.counts] == [1, 1, 1, 0]
    assert [(row.code, row.what) for row in looked.rows] == [
        (NEW, "新增 · 380户"),
        (GRID, "– → 420"),
    ]
    assert "– → 420" in page.text
    assert not Area.objects.filter(code=NEW).exists()


def test_list_that_was_looked_at_is_written_with_a_record_each(sign_in: SignIn) -> None:
    browser = sign_in("xi")
    carried = browser.post(LIST, table()).context["looked"].carried

    browser.post(LIST, {"plan": carried})

    made = Area.objects.get(code=NEW)
    assert (made.name, made.households, made.parent.code) == ("第5网格", 380, COMMUNITY)
    assert Area.objects.get(code=GRID).households == 420
    records = AccessChange.objects.order_by("pk").values_list("what", "area__code", "by_name")
    assert list(records) == [
        ("area_created", NEW, "席测管"),
        ("area_changed", GRID, "席测管"),
    ]
    assert "420" in browser.get(f"/areas/{GRID}/").text


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "没有数据行"),
        ("编号,地名\n1,x\n", "代码.*名称"),
        (f"代码,名称\n{NEW},\n", "第2行"),
        (f"代码,名称\n{NEW},甲\n{NEW},乙\n", "重复"),
        (f"代码,名称,户数\n{NEW},甲,很多\n", "户数"),
        ("代码,名称\n430902006999001,甲\n", "430902006999"),
        ("代码,名称\n440101,别处\n44,广东省\n4401,广州市\n", "不在您的辖区"),
    ],
)
def test_list_with_a_fault_is_refused_row_by_row(sign_in: SignIn, text: str, sentence: str) -> None:
    before = Area.objects.count()
    browser = sign_in("xi")

    looked = browser.post(LIST, table(text))

    assert looked.status_code == 422
    assert re.search(sentence, looked.text)
    assert 'name="plan"' not in looked.text
    assert Area.objects.count() == before


def test_list_touches_nothing_outside_ones_own_area(sign_in: SignIn) -> None:
    Duty.objects.filter(person__username="xi").update(area=Area.objects.get(code=SUBDISTRICT))
    browser = sign_in("xi")
    other = json.dumps([{"code": SIBLING, "name": "别的街道"}])

    refused = browser.post(LIST, {"plan": other})

    assert refused.status_code == 422
    assert Area.objects.get(code=SIBLING).name == "大码头街道"
    assert browser.post(LIST, table()).context["looked"].may_go_on


def test_grid_below_a_closed_community_is_refused(sign_in: SignIn) -> None:
    Area.objects.filter(code=COMMUNITY).update(is_active=False)

    refused = sign_in("xi").post(LIST, table())

    assert refused.status_code == 422
    assert "已停用" in refused.text


@pytest.mark.parametrize("sent", [{}, table("x" * 600_000), {"plan": "["}, {"plan": "{}"}])
def test_what_is_no_list_is_refused_beside_its_field(sign_in: SignIn, sent: dict[str, Any]) -> None:
    refused = sign_in("xi").post(LIST, sent)

    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["file"])


def test_outlines_are_drawn_before_they_are_taken_in(sign_in: SignIn) -> None:
    browser = sign_in("xi")

    looked = browser.post(OUTLINES, town())
    shown = looked.context["looked"]
    kept_before = Outline.objects.count()
    browser.post(OUTLINES, {"plan": shown.carried})

    assert looked.status_code == 200
    assert len(shown.more["map"]["shapes"]) == 3
    assert kept_before == 0
    assert Outline.objects.get(area__code=COMMUNITY).source == MAP_NUMBER
    assert AccessChange.objects.filter(what="area_changed").count() == 3
    assert MAP_NUMBER in browser.get(f"/areas/{COMMUNITY}/").text
    assert browser.post(OUTLINES, town()).context["looked"].plan.same == 3


@pytest.mark.parametrize(
    ("other", "sentence"),
    [
        ({"coordinates": "gcj02"}, "偏移"),
        ({"coordinates": ""}, "请选择|填写"),
        ({"source": ""}, "请填写"),
        (town([*TOWN, feature(GRID, square(113, 28))]), "之外|以外"),
        (town([feature("430902999", square(112, 28))]), "430902999"),
        (town([feature(OTHER_COMMUNITY, {"type": "Point"})]), "Polygon|多边形|面"),
        (town([]), "没有"),
    ],
)
def test_outlines_with_a_fault_are_refused_in_chinese(
    sign_in: SignIn, other: dict[str, Any], sentence: str
) -> None:
    refused = sign_in("xi").post(OUTLINES, town() | other)

    assert refused.status_code == 422
    assert re.search(sentence, refused.text)
    assert not Outline.objects.exists()


@pytest.mark.parametrize("who", ["wang", "ling", "si", "an", "shen"])
@pytest.mark.parametrize("page", [LIST, OUTLINES])
def test_nobody_else_takes_areas_in(sign_in: SignIn, who: str, page: str) -> None:
    plan = json.dumps([{"code": NEW, "name": "第5网格"}])

    assert sign_in(who).post(page, {"plan": plan}).status_code == 403
    assert not Area.objects.filter(code=NEW).exists()
