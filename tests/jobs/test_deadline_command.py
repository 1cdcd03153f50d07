import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from mediation.deadlines import table


@pytest.fixture(autouse=True)
def _own_data_directory(settings, tmp_path):
    settings.DATA_DIR = tmp_path


def run(*args):
    out = StringIO()
    call_command("deadline", *args, stdout=out)
    return out.getvalue()


def test_deadline_prints_the_day_and_its_derivation():
    lines = run("CONF", "--from", "2026-01-16").splitlines()

    assert lines[0] == "CONF 申请司法确认：2026年2月24日（星期二）"
    assert lines[1].startswith("2026年1月16日（星期五）调解协议生效")
    assert lines[-2].startswith("依据：《中华人民共和国人民调解法》第33条第1款")
    assert lines[-1].startswith("日历版本 2026-")


def test_deadline_speaks_english():
    first = run("conf", "--from", "2026-01-16", "--lang", "en").splitlines()[0]

    assert first == "CONF Application for judicial confirmation: 2026-02-24 (Tuesday)"


def test_deadline_answers_machines():
    answer = json.loads(run("R16", "--from", "2026-09-30", "--extend", "30", "--json"))

    derivation, version = answer.pop("derivation"), answer.pop("calendar_version")
    days = answer.pop("days")
    assert answer == {
        "rule": "R16",
        "from": "2026-09-30",
        "raw": "2026-12-29",
        "due": "2026-12-29",
        "provisional": False,
        "basis": "《中华人民共和国行政复议法》第62条第1款",
    }
    assert len(derivation) == 6
    assert (len(days), days[-1]) == (
        91,
        {"day": "2026-12-29", "part": "last", "nature": "工作日", "number": 90},
    )
    assert version.startswith("2026-")


def test_deadline_takes_pauses():
    answer = json.loads(
        run(
            *("R16", "--from", "2026-06-05", "--json"),
            *("--pause", "2026-07-06:2026-08-17", "--pause", "2026-08-20:2026-08-21"),
        )
    )

    assert answer["due"] == "2026-09-16"


def test_deadline_counts_back_to_a_latest_and_a_safe_day():
    answer = json.loads(run("R15", "--from", "2026-10-15", "--json"))

    found = {key: answer[key] for key in ("due", "latest", "safe")}
    assert found == {"due": "2026-10-09", "latest": "2026-10-09", "safe": "2026-10-08"}


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2026-05-11T10:00", "2026-05-14T10:00"),
        ("2026-05-11 10:00", "2026-05-14T10:00"),
        ("2026-05-11T10:00+08:00", "2026-05-14T10:00+08:00"),
        ("2026-05-11T10:00:30", "2026-05-14T10:00:30"),
    ],
)
def test_deadline_keeps_the_clock_as_it_was_given(start, due):
    answer = json.loads(run("PO72", "--from", start, "--json"))

    assert answer["due"] == due


def test_provisional_date_says_so():
    assert run("MED", "--from", "2026-12-20").splitlines()[0].endswith("（暂定）")
    assert json.loads(run("MED", "--from", "2026-12-20", "--json"))["provisional"] is True


def test_list_names_every_rule():
    listed = json.loads(run("--list", "--json"))

    assert [rule["rule"] for rule in listed] == list(table.PERIODS)
    assert listed[0]["basis"].startswith("《人民调解工作若干规定》第33条")
    assert len(run("--list").splitlines()) == len(table.PERIODS)


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (["R99", "--from", "2026-01-01"], "没有编号为R99的期限规则"),
        (["R06"], "请写明规则编号和起始日"),
        ([], "请写明规则编号和起始日"),
        (["R06", "--from", "2026-02-30"], "“2026-02-30”不是有效日期"),
        (["R06", "--from", "yesterday"], "“yesterday”不是有效日期"),
        (["R06", "--from", "2026-01-01T25:00"], "不是有效日期"),
        (["R06", "--from", "2026-01-01T10:00"], "R06不按小时计算"),
        (["PO72", "--from", "2026-01-01"], "PO72按小时计算"),
        (["R16", "--from", "2026-01-01", "--extend", "x"], "“x”不是有效的延长期限"),
        (["R16", "--from", "2026-01-01", "--extend", "31"], "最多延长30日"),
        (["R16", "--from", "2026-01-01", "--pause", "2026-01-05"], "缺少开始日或者恢复日"),
        (["R16", "--from", "2026-01-01", "--pause", "2026-01-05:"], "缺少开始日或者恢复日"),
        (["R16", "--from", "2026-01-01", "--pause", ":2026-01-05"], "缺少开始日或者恢复日"),
        (["R16", "--from", "2026-01-01", "--pause", "2026-01-05:soon"], "“soon”不是有效日期"),
        (["R05", "--from", "9999-01-01"], "日期超出可计算范围"),
    ],
)
def test_unanswerable_question_ends_with_a_sentence_and_code_2(args, sentence):
    out = StringIO()

    with pytest.raises(CommandError) as caught:
        call_command("deadline", *args, stdout=out)

    assert caught.value.returncode == 2
    assert sentence in str(caught.value)
    assert out.getvalue() == ""


@pytest.mark.parametrize(
    ("typed", "meant"), [("R6", "R06（"), ("MEDI", "MED（"), ("courtpre", "COURT_PRE（")]
)
def test_unknown_rule_is_answered_with_those_like_it(typed, meant):
    with pytest.raises(CommandError) as refusal:
        run(typed, "--from", "2026-01-05")

    assert f"没有编号为{typed}的期限规则。是不是" in str(refusal.value)
    assert meant in str(refusal.value)
