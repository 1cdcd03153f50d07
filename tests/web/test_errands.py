"""The page of what was asked for: only mine, with its bar, its file and the way to call it off."""

import pytest

from mediation.errands import kinds, services
from mediation.errands.kinds import Product
from tests.factories.clock import at

NOW = at("2026-03-02 10:00")


@pytest.fixture
def errand(cast, monkeypatch, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(kinds, "KINDS", {})
    monkeypatch.setattr(services, "KINDS", kinds.KINDS)

    @kinds.errand(
        "greeting", label="问候", may_take=lambda wanted, actor, now: True, rows=kinds.figures_only
    )
    def make(work):
        path = work.scratch / "a.html"
        path.write_text("<script>alert(1)</script>")
        return Product(path, "问候.html", "text/html")

    return services.ask("greeting", cast.li, now=NOW)


def test_page_shows_the_bar_then_the_file(errand, sign_in):
    li = sign_in("li")

    assert "<progress" in li.get("/errands/").content.decode()
    services.drain(NOW)
    shown = li.get("/errands/").content.decode()

    assert f"/errands/{errand.pk}/file/" in shown
    assert "可以领取" in li.get("/inbox/").content.decode()


def test_file_comes_as_a_download_that_runs_nothing(errand, sign_in):
    services.drain(NOW)

    answer = sign_in("li").get(f"/errands/{errand.pk}/file/")

    assert b"".join(answer.streaming_content) == b"<script>alert(1)</script>"
    assert answer["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_errand_of_another_does_not_exist(errand, sign_in):
    services.drain(NOW)
    sun = sign_in("sun")

    assert sun.get(f"/errands/{errand.pk}/file/").status_code == 404
    assert sun.post(f"/errands/{errand.pk}/cancel/").status_code == 404
    assert "问候" not in sun.get("/errands/").content.decode()


def test_calling_off(errand, sign_in):
    sign_in("li").post(f"/errands/{errand.pk}/cancel/")

    errand.refresh_from_db()
    assert errand.state == "cancelled"
