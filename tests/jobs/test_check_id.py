import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import translation

from tests.core.test_identity import VECTORS


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def answer(*arguments):
    out = StringIO()
    call_command("check_id", *arguments, "--today", "2026-10-01", stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("vector", json.loads(VECTORS.read_text()), ids=lambda v: v["id"])
def test_command_answers_every_vector(vector):
    told = json.loads(answer(vector["number"], "--json"))

    assert [told[name] for name in ("valid", "sex", "birth")] == [
        vector[name] for name in ("valid", "sex", "birth")
    ]


def test_command_answers_a_valid_number_in_json():
    told = json.loads(answer("43999919720305019x", "--json"))

    assert told == {
        "number": "43999919720305019X",
        "valid": True,
        "sex": "M",
        "birth": "1972-03-05",
        "age": 54,
        "reason": "",
        "warnings": [],
    }


def test_strict_command_refuses_a_demonstration_number():
    told = json.loads(answer("439999198506120014", "--json", "--strict"))

    assert told == {
        "number": "439999198506120014",
        "valid": False,
        "sex": None,
        "birth": None,
        "age": None,
        "reason": "This ID number is a demonstration number and belongs to nobody.",
        "warnings": [],
    }


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (
            "439999196610010123",
            "439999196610010123 is valid: female, born on 1966-10-01, 60 years old.\n",
        ),
        (
            "440524188001010014",
            (
                "440524188001010014 is valid: male, born on 1880-01-01, 146 years old.\n"
                "By this ID number the person is older than 120 years.\n"
            ),
        ),
        (
            "110105194912310020",
            (
                "110105194912310020 is not valid. "
                "The last character does not fit: one of the digits is wrong.\n"
            ),
        ),
    ],
)
def test_command_speaks_to_people(number, text):
    assert answer(number) == text
