"""Take the pictures of the README from a served demonstration: ``tools/screenshots.py http://127.0.0.1:8000``."""

import re
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

IMAGES = Path(__file__).resolve().parents[1] / "docs" / "images"
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1366, "height": 768}
CASE = re.compile(r"^/disputes/[0-9A-Z]{4}-[0-9A-Z]{4}/$")


def sign_in(browser: Browser, site: str, username: str, size: dict[str, int]) -> Page:
    page = browser.new_context(base_url=site, locale="zh-CN", viewport=size).new_page()
    page.goto("/accounts/login/")
    page.locator(f'form:has(input[value="{username}"]) button').click()
    page.wait_for_load_state()
    return page


def main() -> None:
    site = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        phone = sign_in(browser, site, "wangge", PHONE)
        phone.goto("/register/")
        phone.locator('main [name="category"][value="02"]').evaluate("e => e.click()")
        phone.screenshot(path=IMAGES / "register-phone.png")
        desk = sign_in(browser, site, "tiaojie", DESK)
        desk.goto("/disputes/?status=mediating")
        links = desk.locator("main a[href^='/disputes/']")
        found = links.evaluate_all("l => l.map(a => a.getAttribute('href'))")
        desk.goto(next(link for link in found if CASE.match(link)))
        desk.screenshot(path=IMAGES / "case-desk.png")
        leader = sign_in(browser, site, "lingdao", DESK)
        leader.goto("/leader/")
        leader.screenshot(path=IMAGES / "leader-desk.png")
        browser.close()


if __name__ == "__main__":
    main()
