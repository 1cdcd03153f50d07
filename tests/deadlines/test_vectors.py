"""Every dated example reproduces. ``DEADLINE_VECTORS`` names another file of them."""

import json
import os
from datetime import date, datetime
from pathlib import Path

import pytest

from mediation.deadlines import calendar, compute, table

SHIPPED_VECTORS = Path(__file__).parents[1] / "vectors" / "deadlines.json"
VECTORS = json.loads(Path(os.environ.get("DEADLINE_VECTORS", SHIPPED_VECTORS)).read_text())


def when(text):
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: f"{vector['id']}-{vector['rule']}")
def test_due_reproduces_vector(vector):
    pauses = [tuple(map(date.fromisoformat, vector["pause"]))] if "pause" in vector else []

    found = compute.due(
        table.find(vector["rule"]),
        when(vector["from"]),
        calendar=calendar.load(),
        extend=vector.get("extend_days", 0),
        pauses=pauses,
    )

    answers = {"raw": found.raw, "due": found.due, "latest": found.due, "safe": found.safe}
    expected = {key: when(vector[key]) for key in answers if key in vector}
    assert {key: answers[key] for key in expected} == expected
