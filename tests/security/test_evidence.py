"""Every line of the security documents can be followed: test, place or reason."""

import csv
import re
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
# OWASP ASVS 5.0.0, levels 1 and 2 of what applies; of V10 the part of a client.
COUNTS = {
    "V1": 27, "V2": 11, "V3": 19, "V4": 10, "V5": 9, "V6": 35, "V7": 18, "V8": 7, "V9": 7,
    "V10": 9, "V11": 14, "V12": 9, "V13": 13, "V14": 9, "V15": 13, "V16": 16,
}  # fmt: skip


def rows() -> list[dict[str, str]]:
    with (ROOT / "docs" / "security" / "asvs.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_requirement_of_level_two_has_its_line() -> None:
    found = Counter(
        row["requirement"].split(".")[0] for row in rows() if row["level"] in {"1", "2"}
    )

    assert found == COUNTS
    assert max(Counter(row["requirement"] for row in rows()).values()) == 1


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["requirement"])
def test_evidence_of_a_requirement_is_there(row: dict[str, str]) -> None:
    evidence, what = row["evidence"], row["what"]
    assert len(what) > 5

    match row["status"]:
        case "test":
            file, _, name = evidence.partition("::")
            source = (ROOT / file).read_text(encoding="utf-8")
            assert re.search(rf"^(?:async )?def {name}\(", source, re.MULTILINE)
        case "check":
            assert (ROOT / evidence.partition(": ")[0]).exists()
        case status:
            assert status in {"na", "open"}
            assert len(evidence) > 6


def test_table_of_the_protection_level_names_what_exists() -> None:
    text = (ROOT / "docs" / "security" / "dengbao.md").read_text(encoding="utf-8")

    named = re.findall(r"`([\w/.]+)`", text)

    assert len(named) > 8
    assert [path for path in named if not (ROOT / path).exists()] == []
