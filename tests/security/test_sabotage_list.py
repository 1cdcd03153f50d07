"""The list of sabotages fits the code. ``LONG=1`` carries them out: the suite must notice all but two."""

import os
import sys

import pytest
from django.conf import settings

sys.path.insert(0, str(settings.BASE_DIR / "tools"))
import sabotage


def test_every_sabotage_finds_its_place() -> None:
    assert len(sabotage.LIST) >= 100
    for one in sabotage.LIST:
        assert one.before in (sabotage.ROOT / one.file).read_text(encoding="utf-8"), one.what


@pytest.mark.skipif(
    not os.environ.get("LONG"), reason="carries out a hundred runs of parts of the suite"
)
def test_suite_notices_all_but_two() -> None:
    assert sabotage.main([]) == 0
