"""The page of the system administrator: what is unwell stands first, with what to do."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from mediation.core import clock
from mediation.core.vitals import Health
from mediation.web.views import health, operation
from tests.web.conftest import SignIn

pytestmark = pytest.mark.django_db

PAGE = "/system/"


@pytest.fixture(autouse=True)
def _own_directory(settings: Any, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path


def part(browser: Any, name: str) -> operation.Part:
    return next(p for p in browser.get(PAGE).context["parts"] if str(p.name) == name)


def test_missing_backup_is_said_with_what_to_do(sign_in: SignIn) -> None:
    browser = sign_in("xi")

    assert part(browser, "备份").health == Health.DEGRADED
    assert "manage.py backup" in browser.get(PAGE).text


@pytest.mark.parametrize(("hours", "state"), [(20, Health.OK), (30, Health.DEGRADED)])
def test_backup_of_last_night_is_enough(
    sign_in: SignIn, tmp_path: Path, hours: int, state: Health
) -> None:
    file = tmp_path / "backups" / "x.fqbackup"
    file.parent.mkdir()
    file.write_bytes(b"x")
    made = (clock.now() - timedelta(hours=hours)).timestamp()
    os.utime(file, (made, made))

    assert part(sign_in("xi"), "备份").health == state


def test_what_does_not_work_stands_first(sign_in: SignIn, monkeypatch: Any) -> None:
    report = {"database": Health.OK, "ticker": Health.FAILED, "disk": Health.DEGRADED}
    monkeypatch.setattr(health, "report", lambda: report)

    page = sign_in("xi").get(PAGE)

    parts = page.context["parts"]
    assert (parts[0].health, page.context["verdict"]) == (Health.FAILED, Health.FAILED)
    assert str(parts[0].advice) in page.text


def test_every_part_that_the_probe_reports_has_its_words() -> None:
    assert set(health.report()) <= set(operation.PARTS)
