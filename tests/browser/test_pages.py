"""Every page in every role: WCAG 2.2 AA holds, the console is quiet, nothing scrolls sideways."""

import re
from pathlib import Path

import pytest

from tests.browser.conftest import DESK, PHONE

pytestmark = pytest.mark.once

AXE = Path(__file__).with_name("axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
PAGES = {
    "": ["/accounts/login/", "/p/", "/p/apply/", "/wall/", "/nothing-here/"],
    "wangge": [
        "/work/", "/register/", "/inbox/", "/disputes/", "/profile/", "/deadlines/", "/search/", "CASE",
    ],
    "tiaojie": ["/work/", "/disputes/?status=mediating", "CASE"],
    "zhongxin": ["/board/", "/disputes/", "/alerts/", "CASE"],
    "sifa": [
        "/board/", "/disputes/?status=close_review", "/filings/", "/filings/cases/",
        "/filings/standard/", "/screening/", "/roster/", "CASE",
    ],
    "lingdao": [
        "/leader/", "/brief/", "/screens/", "/alerts/", "/disputes/?colour=RED", "/waits/",
        "/clusters/", "/warning/settings/", "/warning/calibration/", "/supervision/", "/errands/", "CASE",
    ],
    "fuyi": ["/disputes/", "/inbox/", "/reconsideration/", "/deadlines/rules/"],
    "guanli": [
        "/areas/", "/people/", "/system/", "/areas/take/list/", "/areas/take/outlines/",
        "/people/take/accounts/", "/deadlines/workdays/",
    ],
    "anquan": ["/people/", "/people/take/duties/"],
    "shenji": ["/people/", "/search/records/"],
}  # fmt: skip
CASE_LINK = re.compile(r"^/disputes/[0-9A-Z]{4}-[0-9A-Z]{4}/$")


def address(page, path: str) -> str:
    """``CASE`` stands for the first case in the person's own list."""
    if path != "CASE":
        return path
    page.goto("/disputes/")
    links = page.locator("main a[href^='/disputes/']").evaluate_all(
        "l => l.map(a => a.getAttribute('href'))"
    )
    return next(link for link in links if CASE_LINK.match(link))


def violations(page) -> list[str]:
    page.evaluate(AXE)
    found = page.evaluate("rules => axe.run({runOnly: rules})", RULES)
    return [
        f"{page.url} {violation['id']}: {violation['nodes'][0]['html'][:160]}"
        for violation in found["violations"]
    ]


@pytest.mark.parametrize("device", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("username", PAGES)
def test_pages_are_accessible_quiet_and_fit_the_screen(window, username, device):
    one, faults = window(username, **device), []
    for path in PAGES[username]:
        one.page.goto(address(one.page, path))
        faults += violations(one.page)
        if (excess := one.page.evaluate("document.documentElement.scrollWidth - innerWidth")) > 0:
            faults.append(f"{path} is {excess} px too wide")

    assert faults + one.complaints == []


@pytest.mark.parametrize("username", ["wangge", "zhongxin", "lingdao"])
def test_chinese_pages_hold_no_english_sentence(window, username):
    """Names of things (枫桥 Fengqiao, QR, GNU AGPL) may be Latin; a run of three English words may not."""
    one = window(username)
    for path in PAGES[username]:
        one.page.goto(address(one.page, path))
        text = one.page.locator("body").inner_text()

        english = re.findall(r"(?:\b[A-Za-z]{2,}\b[ ,.]+){2,}\b[A-Za-z]{2,}\b", text)

        assert [run for run in english if "AGPL" not in run] == [], path


@pytest.mark.parametrize("mode", ["standard", "large"])
def test_navigation_shows_where_one_is(window, mode):
    """Also its last entry, on the lowest screen of an office and in the largest type."""
    one = window("sifa", **DESK)
    cookie = {"name": "fq_mode", "value": mode, "url": one.page.url}
    one.page.context.add_cookies([cookie])

    one.page.goto("/profile/")

    here = one.page.locator(".fq-nav [aria-current]").bounding_box()
    assert 0 < here["y"] < here["y"] + here["height"] <= DESK["viewport"]["height"]
