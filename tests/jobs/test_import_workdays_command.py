import json
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from mediation.deadlines import compute, store, table
from mediation.deadlines.calendar import SHIPPED, statutory_days
from mediation.deadlines.words import DeadlineError
from tests.deadlines.test_yearplan import RANGES

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def data_directory(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data"
    return settings.DATA_DIR


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "new.json"
    path.write_text(json.dumps(RANGES), encoding="utf-8")
    return path


def run(*args):
    out = StringIO()
    call_command("import_workdays", *args, stdout=out)
    return out.getvalue().splitlines()


def test_import_makes_the_year_certain_at_once(file):
    before = compute.due(table.find("MED"), date(2027, 1, 4), calendar=store.calendar_in_force())

    lines = run(file)

    after = compute.due(table.find("MED"), date(2027, 1, 4), calendar=store.calendar_in_force())
    assert lines[-1] == "2027年：放假27天，调休上班3天，与原日历相差17天。已导入。"
    assert (before.provisional, after.provisional) == (True, False)
    assert before.calendar_version != after.calendar_version
    assert before.raw == after.raw == date(2027, 2, 3)


def test_import_can_be_repeated(file):
    run(file)

    assert run(file) == ["2027年：放假27天，调休上班3天，与原日历相差0天。已导入。"]


def test_dry_run_shows_the_difference_and_writes_nothing(file, data_directory):
    lines = run(file, "--dry-run", "--lang", "en")

    assert lines[0] == "2027-01-02 (Saturday): weekend → New Year's Day"
    assert "2027-02-14 (Sunday): weekend → make-up working day" in lines
    assert lines[-1].endswith("17 days differ. Nothing was written.")
    assert not data_directory.exists()


def test_import_overrides_a_shipped_year(tmp_path):
    shipped = json.loads((SHIPPED / "2026.json").read_text())
    extra = {"name": "纪念日", "from": "2026-11-30", "to": "2026-11-30"}
    changed = tmp_path / "2026.json"
    changed.write_text(json.dumps(shipped | {"rest": [*shipped["rest"], extra]}))

    lines = run(changed)

    assert lines[0] == "2026年11月30日（星期一）：工作日 → 纪念日"
    assert not store.calendar_in_force().is_work(date(2026, 11, 30))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_import_reads_csv_of_office_programs(tmp_path, encoding):
    path = tmp_path / "new.CSV"
    rest = [f"{day},放假,{name}" for day, name in statutory_days(2027).items()]
    path.write_text("date,kind,name\n" + "\n".join(rest), encoding=encoding)

    lines = run(path, "--notice", "国办发明电〔2026〕1号")

    assert lines[-1].endswith("已导入。")
    assert not store.calendar_in_force().is_provisional(2027)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"no json", "文件不是某一年度的放假安排"),
        (json.dumps(RANGES | {"notices": []}).encode(), "请注明国务院办公厅通知文号"),
        (json.dumps(RANGES | {"rest": []}).encode(), "为法定节日，但文件未列为放假日"),
        (b"\xff\xff\xff", "无法读取"),
    ],
)
def test_wrong_file_is_refused_and_nothing_written(tmp_path, data_directory, content, sentence):
    path = tmp_path / "wrong.json"
    path.write_bytes(content)

    with pytest.raises(CommandError) as caught:
        run(path)

    assert caught.value.returncode == 2
    assert sentence in str(caught.value)
    assert not data_directory.exists()


def test_missing_file_is_refused(tmp_path):
    with pytest.raises(CommandError, match="无法读取"):
        run(tmp_path / "absent.json")


def test_damaged_imported_year_is_an_error_not_a_guess(data_directory):
    (data_directory / "workdays").mkdir(parents=True)
    (data_directory / "workdays" / "2027.json").write_text("{")

    with pytest.raises(DeadlineError, match="not a calendar"):
        store.calendar_in_force()
