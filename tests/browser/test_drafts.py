"""What was begun on a device: sealed there, given back to whoever typed it, to nobody else."""

import json
import re
from typing import Any

import pytest

from tests.browser.conftest import PHONE, Window

pytestmark = pytest.mark.once
FACTS = "石狮被人从井边移走，双方争执不下。"
KEPT = "() => JSON.stringify(Object.entries(localStorage).concat(Object.entries(sessionStorage)))"


def typed(window: Window) -> str:
    return str(window.page.locator('[name="facts"]').input_value())


def kept(window: Window) -> str:
    return str(window.page.evaluate(KEPT))


def begin(chromium: Any, site: str) -> Window:
    window = Window(chromium, site, "wangge", **PHONE)
    window.page.goto("/register/")
    window.page.locator('[name="facts"]').fill(FACTS)
    window.page.locator("[data-draft-state]").filter(has_text=re.compile(r"\d")).wait_for()
    return window


def test_draft_lies_sealed_on_the_device_and_comes_back(chromium: Any, site: str) -> None:
    window = begin(chromium, site)
    lies_there = kept(window)

    window.page.reload()

    window.page.locator(".fq-draft-note").wait_for()
    assert typed(window) == FACTS
    assert "fq:draft:" in lies_there
    assert not any(word in lies_there for word in (FACTS[:4], json.dumps(FACTS[:4])[1:-1]))
    assert window.page.evaluate("() => document.body.dataset.draftKey") is None
    assert window.complaints == []
    window.context.close()


def test_session_that_ended_leaves_nothing_to_read_and_the_next_sign_in_gives_it_back(
    chromium: Any, site: str
) -> None:
    window = begin(chromium, site)
    window.context.clear_cookies()

    window.page.goto("/accounts/login/")
    assert "fq:draft:" in kept(window)
    assert FACTS[:4] not in kept(window)
    window.page.locator('form:has(input[value="wangge"]) button').click()
    window.page.wait_for_url(lambda url: "/accounts/login" not in url)
    window.page.goto("/register/")

    window.page.locator(".fq-draft-note").wait_for()
    assert typed(window) == FACTS
    window.context.close()


def test_draft_put_under_another_form_or_sealed_by_another_key_is_dropped(
    chromium: Any, site: str
) -> None:
    window = begin(chromium, site)
    name = window.page.evaluate(
        "() => Object.keys(localStorage).find((n) => n.startsWith('fq:draft:'))"
    )
    window.page.goto("about:blank")
    window.page.goto("/")
    window.page.evaluate(
        "(name) => { const d = JSON.parse(localStorage.getItem(name));"
        " d.data = d.data.slice(4, 8) + d.data.slice(4); localStorage.setItem(name, JSON.stringify(d)); }",
        name,
    )

    window.page.goto("/register/")
    window.wait_until("(name) => !localStorage.getItem(name)", name)

    assert typed(window) == ""
    assert window.complaints == []
    window.context.close()


def test_signing_out_takes_the_draft_along(chromium: Any, site: str) -> None:
    window = begin(chromium, site)

    window.page.goto("/profile/")
    window.page.locator("main form[data-forget-drafts] button").click()
    window.page.wait_for_url("**/accounts/login/**")

    assert "fq:draft:" not in kept(window)
    window.context.close()
