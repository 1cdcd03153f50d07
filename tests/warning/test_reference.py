from pathlib import Path

from mediation.warning import reference

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "risk.md"


def test_reference_page_is_up_to_date():
    assert PAGE.read_text(encoding="utf-8") == reference.markdown()
