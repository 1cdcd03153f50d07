"""Real area lists: with zeros at the end, in GB 18030, in any order; all or nothing."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from mediation.areas.lists import full_code
from mediation.areas.models import Area

CODES = {
    "province, six digits": ("430000", "43"),
    "city, six digits": ("430900", "4309"),
    "city that ends with zero": ("431000", "4310"),
    "district": ("430902", "430902"),
    "subdistrict, twelve digits": ("430902006000", "430902006"),
    "subdistrict that ends with zero": ("430902010000", "430902010"),
    "community": ("430902006001", "430902006001"),
    "community that ends with zero": ("430902006010", "430902006010"),
    "grid": ("430902006001003", "430902006001003"),
    "full-width digits": ("４３０９０２", "430902"),
}

LIST = """代码,名称,简称,户数
430902006001003,第3网格,,420
430902006001,和顺社区,,
430000000000,湖南省,,
430900000000,益阳市,,
430902000000,资阳区,,
430902006000,汽车路街道,资汽,
"""


@pytest.mark.parametrize(("written", "kept"), CODES.values(), ids=CODES)
def test_full_code_drops_the_zeros_that_only_fill_up(written: str, kept: str) -> None:
    assert full_code(written) == kept


@pytest.mark.parametrize("written", ["", "0430", "43a", "4309020060010031", "七"])
def test_full_code_of_nonsense_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="代码"):
        full_code(written)


def run(file: Path, *args: str) -> str:
    out = StringIO()
    call_command("import_areas", str(file), *args, stdout=out, stderr=StringIO())
    return out.getvalue()


def written(tmp_path: Path, text: str, name: str = "areas.csv", encoding: str = "utf-8") -> Path:
    file = tmp_path / name
    file.write_text(text, encoding=encoding)
    return file


def tree() -> list[tuple[Any, ...]]:
    return list(
        Area.objects.values_list("code", "name", "short_name", "households", "parent__code")
    )


@pytest.mark.django_db
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_import_of_a_list_in_any_order_builds_the_tree(tmp_path: Path, encoding: str) -> None:
    said = run(written(tmp_path, LIST, encoding=encoding))

    assert said == "6 new, 0 changed, 0 unchanged. Imported.\n"
    assert tree() == [
        ("43", "湖南省", "", None, None),
        ("4309", "益阳市", "", None, "43"),
        ("430902", "资阳区", "", None, "4309"),
        ("430902006", "汽车路街道", "资汽", None, "430902"),
        ("430902006001", "和顺社区", "", None, "430902006"),
        ("430902006001003", "第3网格", "", 420, "430902006001"),
    ]


@pytest.mark.django_db
def test_import_of_the_same_list_again_changes_nothing(tmp_path: Path) -> None:
    file = written(tmp_path, LIST)
    run(file)
    before = tree()

    said = run(file)

    assert said == "0 new, 0 changed, 6 unchanged. Imported.\n"
    assert tree() == before


@pytest.mark.django_db
def test_import_of_a_new_name_keeps_what_the_list_does_not_tell(tmp_path: Path) -> None:
    run(written(tmp_path, LIST))
    rows = [{"code": "430902006", "name": "新汽车路街道"}]

    said = run(written(tmp_path, json.dumps(rows), "areas.json"))

    assert said == "0 new, 1 changed, 0 unchanged. Imported.\n"
    assert ("430902006", "新汽车路街道", "资汽", None, "430902") in tree()


@pytest.mark.django_db
def test_import_as_a_rehearsal_writes_nothing(tmp_path: Path) -> None:
    said = run(written(tmp_path, LIST), "--dry-run")

    assert said == "6 new, 0 changed, 0 unchanged. Nothing was written.\n"
    assert tree() == []


FAULTS = {
    "upper area missing": "code,name\n430902,资阳区\n",
    "same code twice": "code,name\n43,湖南省\n430000,湖南省\n",
    "no name": "code,name\n43,\n",
    "households in words": "code,name,households\n43,湖南省,很多\n",
    "no code": "code,name\n,湖南省\n",
}


@pytest.mark.django_db
@pytest.mark.parametrize("text", FAULTS.values(), ids=FAULTS)
def test_import_of_a_faulty_list_writes_nothing(tmp_path: Path, text: str) -> None:
    with pytest.raises(CommandError, match="nothing was imported"):
        run(written(tmp_path, text))

    assert tree() == []


def test_import_of_no_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        run(tmp_path / "missing.csv")


def test_import_of_broken_json_says_so(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="JSON"):
        run(written(tmp_path, "[", "areas.json"))


def test_import_of_json_that_is_no_list_says_so(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="JSON"):
        run(written(tmp_path, "{}", "areas.json"))
