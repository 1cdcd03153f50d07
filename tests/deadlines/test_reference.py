from pathlib import Path

from mediation.deadlines import reference, table

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "deadlines.md"


def test_page_is_up_to_date():
    # make it so: manage.py reference
    assert PAGE.read_text(encoding="utf-8") == reference.markdown()


def test_page_names_every_period_once():
    page = reference.markdown()

    assert [page.count(f"| `{code}` |") for code in table.PERIODS] == [1] * len(table.PERIODS)
