from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from mediation.jobs import reference


@pytest.fixture(autouse=True)
def directory(settings, tmp_path):
    settings.BASE_DIR = tmp_path
    return tmp_path / "docs" / "reference"


def run(*args):
    out = StringIO()
    call_command("reference", *args, stdout=out)
    return out.getvalue().splitlines()


def test_reference_writes_every_page_once(directory):
    first, second = run("deadlines"), run("deadlines")

    assert first == ["docs/reference/deadlines.md"]
    assert second == []
    assert (directory / "deadlines.md").read_text("utf-8") == reference.PAGES["deadlines"]()


def test_check_passes_when_every_page_is_fresh():
    run()

    assert run("--check") == []


def test_check_fails_with_the_difference_and_writes_nothing(directory):
    run()
    page = directory / "deadlines.md"
    page.write_text(page.read_text("utf-8").replace("`MED`", "`DEM`"), "utf-8")
    stale = page.read_text("utf-8")
    out = StringIO()

    with pytest.raises(CommandError, match="1 reference pages are stale"):
        call_command("reference", "deadlines", "--check", stdout=out)

    assert "+| `MED` |" in out.getvalue()
    assert page.read_text("utf-8") == stale


def test_unknown_page_is_refused(directory):
    with pytest.raises(CommandError, match="There is no page nonsense") as caught:
        run("nonsense")

    assert caught.value.returncode == 2
    assert not directory.exists()
