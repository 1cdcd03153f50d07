import json
from io import BytesIO, StringIO, TextIOWrapper

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from tests.warning.vectors import load

CASES = load()["A_score"]


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def answer(tmp_path):
    def ask(content, *arguments):
        path = tmp_path / "facts.json"
        path.write_bytes(content)
        out = StringIO()
        call_command("risk", "--facts", str(path), *arguments, stdout=out)
        return out.getvalue()

    return ask


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_command_answers_every_vector(case, answer):
    told = json.loads(answer(json.dumps(case["input"]).encode(), "--json"))

    expect = case["expect"]
    assert told["explain"] == case["explain"]
    assert told["colour"] == expect["grade"]
    assert [told[name] for name in ("points", "triggers", "floors", "contributions")] == [
        expect[name] for name in ("points", "triggers", "floors", "contributions")
    ]


def test_command_answers_in_json(answer):
    told = json.loads(answer(b'{"flags": {"weapon_used": true, "alcohol": true}}', "--json"))

    assert told == {
        "version": "2026.1",
        "colour": "red",
        "base_colour": "blue",
        "points": 4,
        "triggers": ["H1"],
        "floors": ["Y1"],
        "contributions": [["B5", 4]],
        "unknown": ["H2", "H3", "H4", "H5", "H6", "H7", "H8", "H9"],
        "needs_verification": True,
        "explain": (
            "红色(4分)。红线情形:持械或使用凶器。保底规则:红线问题尚未核实。主要因素:涉酒(+4)。"
        ),
        "explain_en": (
            "Red (4 points). Grave signs: weapon shown or used."
            " Floors: a grave sign is not yet verified. Main factors: alcohol involved (+4)."
        ),
    }


def test_command_reads_standard_input(monkeypatch):
    monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(b'\xef\xbb\xbf{"people_involved": 30}')))
    out = StringIO()

    call_command("risk", "--facts", "-", stdout=out)

    assert out.getvalue() == (
        "Red (15 points). Grave signs: a crowd gathering now, or 30 people or more."
        " Floors: 10 people or more; a grave sign is not yet verified; five people or more."
        " Main factors: number of people involved (+15).\n"
    )


def test_command_speaks_chinese_to_chinese_readers(answer):
    with translation.override("zh-hans"):
        told = answer(b"{}")

    assert told == "黄色(0分)。保底规则:红线问题尚未核实。\n"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"[]", "Give the facts as names with values."),
        (b'{"people_involved": -1}', "people_involved: Give a whole number from 0"),
        (b'{"amount_yuan": NaN}', "amount_yuan: Give an amount in yuan"),
        (b'{"amount_yuan": 1e400}', "amount_yuan: Give an amount in yuan"),
        (b'{"religion": "none"}', "religion: This is not a fact that the rules know."),
        (b'{"\\u001b[2Jx": 1}', r"\[2Jx: This is not a fact"),
        (b"", "is not JSON text in UTF-8."),
        (b"{", "is not JSON text in UTF-8."),
        (b"\xff\xfe", "is not JSON text in UTF-8."),
        (b"[" * 200_000, "is not JSON text in UTF-8."),
        (b'{"people_involved": ' + b"9" * 5000 + b"}", "is not JSON text in UTF-8."),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_command_refuses_bad_facts_in_a_sentence(content, sentence, answer):
    with pytest.raises(CommandError, match=sentence) as refused:
        answer(content)

    assert refused.value.returncode == 2


def test_command_refuses_a_missing_file(tmp_path):
    with pytest.raises(CommandError, match="cannot be read: No such file") as refused:
        call_command("risk", "--facts", str(tmp_path / "none.json"))

    assert refused.value.returncode == 2
