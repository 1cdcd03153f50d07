"""A served demonstration of its own, and windows onto it in Debian's chromium."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Browser, Locator, Page, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeout

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 600
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
DESK = {"viewport": {"width": 1366, "height": 768}}
UNFOLD = """e => {
    for (let d = e.closest("details"); d; d = d.parentElement.closest("details")) d.open = true;
}"""


def pytest_itemcollected(item: pytest.Item) -> None:
    item.add_marker(pytest.mark.browser)


@contextmanager
def _scratch_database() -> Iterator[str]:
    """An own database on the server that the suite runs on, or none: then SQLite in the data directory."""
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        yield ""
        return
    head, _slash, _name = url.rpartition("/")
    name = f"fengqiao_browser_{os.getpid()}"
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        admin.execute(f'CREATE DATABASE "{name}"')
        try:
            yield f"{head}/{name}"
        finally:
            admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture(scope="package")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a freshly seeded demonstration, made by the command that users run."""
    if served := os.environ.get("BROWSER_SITE"):  # a demonstration that runs already
        yield served
        return
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with _scratch_database() as database:
        environment = os.environ | {
            "FENGQIAO_ENV": "dev",
            "DEMO": "1",
            "DATA_DIR": str(tmp_path_factory.mktemp("demo")),
            "DATABASE_URL": database,
            "REDIS_PREFIX": f"browser-{port}",
        }
        process = subprocess.Popen(
            [sys.executable, "manage.py", "demo", "--port", str(port)],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _wait_for(f"http://127.0.0.1:{port}/livez", process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(30)


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("The demonstration did not start.")


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Not for the whole session: its event loop would stand in the way of asynchronous tests."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield browser
        browser.close()


def tick(box: Locator) -> None:
    """Tick what is drawn as a pill or a tile; the real control lies hidden beneath it."""
    box.evaluate("e => { if (!e.checked) { e.click(); } }")


EXPECTED = (
    "status of 4",  # a refused form is answered 422, which chromium reports as a failed load
    "htmx:sendAbort", "htmx:afterRequest",  # a page that was left takes its running preview with it
)  # fmt: skip
"""What the console says without a fault. A request that fails otherwise has a line of its own there."""


class Window:
    """A browser window of one role, with everything the console complained about."""

    def __init__(self, browser: Browser, site: str, username: str, **device: Any) -> None:
        self.context = browser.new_context(base_url=site, locale="zh-CN", **device)
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(60_000)  # a busy machine is no fault of the page
        self.complaints: list[str] = []
        self.page.on("console", self._listen)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        if username:
            self.page.goto("/accounts/login/")
            self.page.locator(f'form:has(input[value="{username}"]) button').click()
            self.page.wait_for_url(lambda url: "/accounts/login" not in url)

    def _listen(self, message: Any) -> None:
        if message.type == "error" and not any(one in message.text for one in EXPECTED):
            self.complaints.append(message.text)

    def fill(self, fields: dict[str, Any]) -> None:
        """Fill named controls the way a person does: choose, tick, type."""
        for name, value in fields.items():
            control = self.page.locator(f'main [name="{name}"]')
            kind = control.first.evaluate("e => e.tagName + ':' + e.type")
            if kind.startswith("SELECT"):
                control.select_option(str(value))
            elif kind.endswith((":checkbox", ":radio")):
                values = value if isinstance(value, list) else [value]
                for one in values:
                    exact = f'main [name="{name}"][value="{one}"]'
                    box = self.page.locator(exact) if one is not True else control.first
                    tick(box)
            else:
                control.first.evaluate(UNFOLD)
                control.first.fill(str(value))

    def wait_until(self, holds: str, arg: Any = None) -> None:
        """Wait until a function of the page answers true.

        Asked from outside each time: `wait_for_function` evaluates text within the page from its second
        look on, which our policy of contents forbids, so it fails whenever the first look is too early.
        """
        deadline = time.monotonic() + 60
        while not self.page.evaluate(holds, arg):
            assert time.monotonic() < deadline, f"Never so: {holds}"
            self.page.wait_for_timeout(50)

    def take_step(self, code: str, name: str, **fields: Any) -> None:
        """Open the page of one step, fill it in and send it."""
        self.page.goto(f"/disputes/{code}/do/{name}/")
        self.fill(fields)
        self.page.locator(f'form[id="do-{name}"] button[type=submit].btn-primary, '
                          f'form[id="do-{name}"] button[type=submit].btn-danger').first.click()  # fmt: skip
        try:
            self.page.wait_for_url(f"**/disputes/{code}/")
        except PlaywrightTimeout as missed:  # say what the page said instead
            said = " ".join(self.page.locator("[data-errors], .fq-toast").all_inner_texts())
            raise AssertionError(f"{name} was not carried out: {self.page.url} {said}") from missed


@pytest.fixture
def window(site: str, chromium: Browser) -> Iterator[Callable[..., Window]]:
    opened: list[Window] = []

    def open_window(username: str = "", **device: Any) -> Window:
        opened.append(Window(chromium, site, username, **(device or DESK)))
        return opened[-1]

    yield open_window
    for one in opened:
        one.context.close()
