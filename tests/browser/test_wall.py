"""A screen on the wall: red takes over, an outage is said and survived, a withdrawn key shows nothing."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESK
from tests.browser.test_pages import violations

pytestmark = pytest.mark.once

SIZES = [(1920, 1080), (3840, 1080), (1366, 768)]


@pytest.fixture
def leader(window):
    return window("lingdao", **DESK)


@pytest.fixture
def screen(window, leader):
    """A window without any sign-in, opened with a fresh key."""
    leader.page.goto("/screens/")
    leader.page.fill("[name=name]", "浏览器试验")
    leader.page.locator("main form:has([name=days]) button[type=submit]").click()
    address = leader.page.input_value("#screen-address")
    one = window("", viewport={"width": 1920, "height": 1080})
    one.page.goto(address)
    one.page.wait_for_selector(".wall-panel.is-on", state="attached")
    return one


def test_outage_is_said_and_the_last_panels_stay(screen):
    page = screen.page
    screen.wait_until("() => navigator.serviceWorker.controller !== null")
    before = page.locator(".wall-tiles").text_content()
    page.route("**/wall/data/**", lambda route: route.abort())

    expect(page.locator("#wall-stale")).to_be_visible(timeout=30_000)
    assert page.locator(".wall-panel").count() == 6
    page.reload()
    expect(page.locator("#wall-stale")).to_be_visible(timeout=30_000)
    assert page.locator(".wall-tiles").text_content() == before

    page.unroute("**/wall/data/**")
    expect(page.locator("#wall-stale")).to_be_hidden(timeout=30_000)
    assert "#" not in page.url
    assert screen.context.cookies() == []


def test_red_takes_over_and_stays_in_sight_until_somebody_acknowledges_it(screen, leader):
    page = screen.page
    alarm = page.locator("#wall-alarm")
    expect(alarm).to_be_visible()
    covered = page.evaluate(
        "() => document.elementFromPoint(innerWidth / 2, innerHeight / 2).closest('#wall-alarm') !== null"
    )
    assert covered

    page.evaluate(
        "() => { const was = performance.now.bind(performance); performance.now = () => was() + 70000; }"
    )
    expect(page.locator("body")).to_have_attribute("data-alarm", "band")
    expect(alarm).to_be_visible()
    expect(page.locator(".wall-panel.is-on").first).to_be_in_viewport()

    leader.page.goto("/alerts/?waiting=1")
    reds = leader.page.locator("[data-colour=red] form[action*='acknowledge']")
    assert reds.count() >= 1
    while reds.count():
        with leader.page.expect_response(lambda answer: "/acknowledge" in answer.url):
            reds.first.locator("button").click()
        leader.page.goto("/alerts/?waiting=1")

    expect(alarm).to_have_count(0, timeout=30_000)


def test_withdrawn_key_shows_nothing(screen, leader):
    leader.page.goto("/screens/")
    leader.page.get_by_role("button", name="收回：浏览器试验").first.click()

    expect(screen.page.locator("#wall-door")).to_be_visible(timeout=30_000)
    assert "密钥已被收回" in screen.page.locator("#wall-door").inner_text()
    assert screen.page.locator(".wall-panel").count() == 0
    assert screen.page.evaluate("() => localStorage.length") == 0


def test_every_panel_fits_every_wall_and_is_readable(screen):
    page, faults = screen.page, []
    page.route("**/wall/data/**", lambda route: route.abort())  # nothing changes while we look
    page.emulate_media(reduced_motion="reduce")  # nor fades
    page.evaluate("() => document.getElementById('wall-alarm')?.remove()")
    page.keyboard.press(" ")
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        for _ in range(6):
            faults += page.evaluate(CUT_OFF)
            page.keyboard.press("ArrowRight")
    faults += violations(page)

    assert faults == []
    assert screen.complaints == []


CUT_OFF = """() => {
  const foot = document.querySelector(".wall-foot").getBoundingClientRect().top;
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
  return [...document.querySelectorAll(".wall-panel.is-on *")].filter((e) => {
    const box = e.getBoundingClientRect();
    const small = e.childElementCount === 0 && e.textContent.trim() && !e.closest("svg")
      && parseFloat(getComputedStyle(e).fontSize) < 1.75 * rem - 0.1;
    return box.bottom > foot + 1 || box.right > innerWidth + 1 || small;
  }).map((e) => `${innerWidth}: ${e.tagName} ${e.className} ${e.textContent.slice(0, 30)}`);
}"""
