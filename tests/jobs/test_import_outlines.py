"""Outlines of areas from GeoJSON: all or nothing, checked against the tree and each other."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from mediation.areas.models import Outline
from tests.factories import Cast
from tests.factories.people import COMMUNITY, GRID, OTHER_COMMUNITY, SUBDISTRICT
from tests.web.conftest import SignIn, sign_in  # noqa: F401 -- a fixture

pytestmark = pytest.mark.django_db

MAP_NUMBER = "资阳区民政局，审图号：湘试S(2026)001号"


def square(west: float, south: float, size: float = 0.1) -> dict[str, Any]:
    ring = [
        [west, south], [west + size, south], [west + size, south + size], [west, south + size],
        [west, south],
    ]  # fmt: skip
    return {"type": "Polygon", "coordinates": [ring]}


def feature(code: str, geometry: Any, name: str = "code") -> dict[str, Any]:
    return {"type": "Feature", "properties": {name: code}, "geometry": geometry}


TOWN = [
    feature(SUBDISTRICT, square(112, 28, 0.3)),
    feature(COMMUNITY, square(112.0, 28)),
    feature(OTHER_COMMUNITY, square(112.15, 28), "代码"),
]


def run(tmp_path: Path, features: Any, *args: str, **more: Any) -> str:
    file = tmp_path / "areas.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features} | more))
    out = StringIO()
    if "--coordinates" not in args:
        args = (*args, "--coordinates", "cgcs2000")
    call_command(
        "import_outlines", str(file), "--source", MAP_NUMBER, *args, stdout=out, stderr=StringIO()
    )
    return out.getvalue()


@pytest.mark.usefixtures("cast")
def test_outlines_are_imported_once_and_say_what_changed(tmp_path: Path) -> None:
    assert "3 new, 0 changed, 0 unchanged" in run(tmp_path, TOWN)
    assert "0 new, 0 changed, 3 unchanged" in run(tmp_path, TOWN)
    moved = [*TOWN[:2], feature(OTHER_COMMUNITY, square(112.16, 28))]
    assert "0 new, 1 changed, 2 unchanged" in run(tmp_path, moved)

    row = Outline.objects.get(area__code=OTHER_COMMUNITY)
    assert row.polygons[0][0][0] == [112.16, 28]
    assert row.source == MAP_NUMBER


@pytest.mark.usefixtures("cast")
def test_dry_run_writes_nothing(tmp_path: Path) -> None:
    assert "3 new, 0 changed, 0 unchanged. Nothing was written." in run(tmp_path, TOWN, "--dry-run")
    assert not Outline.objects.exists()


@pytest.mark.usefixtures("cast")
@pytest.mark.parametrize(
    "bad",
    [
        feature("430902999", square(112.2, 28.2, 0.05)),  # no such area
        feature("x", square(112.2, 28.2, 0.05)),
        feature(COMMUNITY, square(112.0, 28)),  # twice
        feature(GRID, square(113, 28)),  # outside its community
        feature(
            GRID, {"type": "Polygon", "coordinates": [[[112, 28], [112.1, 28], [112.1, 28.1]]]}
        ),
        feature(GRID, None),
        {"type": "Feature", "properties": None, "geometry": square(112, 28)},
        "x",
    ],
)
def test_one_bad_feature_lets_nothing_in(tmp_path: Path, bad: Any) -> None:
    with pytest.raises(CommandError, match="problems; nothing was imported"):
        run(tmp_path, [*TOWN, bad])
    assert not Outline.objects.exists()


@pytest.mark.usefixtures("cast")
def test_neighbours_must_not_lie_in_each_other(tmp_path: Path) -> None:
    over = [TOWN[0], TOWN[1], feature(OTHER_COMMUNITY, square(112.01, 28.01))]

    with pytest.raises(CommandError, match="problems; nothing"):
        run(tmp_path, over)


@pytest.mark.usefixtures("cast")
@pytest.mark.parametrize("system", ["gcj02", "bd09"])
def test_shifted_coordinates_are_refused(tmp_path: Path, system: str) -> None:
    with pytest.raises(CommandError, match="偏移"):
        run(tmp_path, TOWN, "--coordinates", system)
    assert not Outline.objects.exists()


@pytest.mark.usefixtures("cast")
def test_crs_of_the_file_is_looked_at(tmp_path: Path) -> None:
    lawful = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
    other = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3857"}}
    assert "3 new" in run(tmp_path, TOWN, "--dry-run", crs=lawful)

    with pytest.raises(CommandError, match="CGCS2000"):
        run(tmp_path, TOWN, crs=other)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"type": "FeatureCollection"}', "\x00"])
def test_file_that_is_no_collection_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "x.json"
    file.write_text(text)

    with pytest.raises(CommandError):
        call_command("import_outlines", str(file), "--source", "x", "--coordinates", "wgs84")


# The map of the cockpit -----------------------------------------------------------------------------


def test_cockpit_draws_the_map_when_it_knows_every_area(
    tmp_path: Path,
    cast: Cast,
    sign_in: SignIn,  # noqa: F811 -- the fixture
) -> None:
    browser = sign_in("ling")
    run(tmp_path, TOWN[:2])
    half = browser.get("/leader/")
    run(tmp_path, TOWN)
    whole = browser.get("/leader/")

    assert half.context["map"] is None
    page = whole.content.decode()
    shapes = {shape["code"]: shape for shape in whole.context["map"]["shapes"]}
    assert set(shapes) == {COMMUNITY, OTHER_COMMUNITY}
    assert shapes[COMMUNITY]["x"] < shapes[OTHER_COMMUNITY]["x"]
    for code, shape in shapes.items():
        assert f'<a href="/leader/?area={code}&amp;period=month"' in page
        assert shape["path"] in page
    assert MAP_NUMBER in page
    assert 'class="fq-tilemap fq-tilemap-narrow"' in page
    assert 'id="areas"' in page
