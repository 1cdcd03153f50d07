"""Red alerts are heard and seen from another window by who asked for it on this device; they name nobody."""

import pytest

from tests.browser.conftest import DESK, PHONE, Window

pytestmark = pytest.mark.once

RECORDER = """
window.said = [];
window.tones = 0;
window.Notification = class extends EventTarget {
  static permission = "granted";
  static requestPermission = async () => "granted";
  constructor(title, options = {}) { super(); window.said.push([title, options.body || ""]); }
};
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...when) { window.tones += 1; return start.apply(this, when); };
"""
HAPPENS = "notice => document.dispatchEvent(new CustomEvent('fq:notice', { detail: notice }))"


class Leader(Window):
    def hears(self, seq: int, kind: str, level: str) -> tuple[list[list[str]], int]:
        """What was said and played since the page was opened, after this notice has come."""
        self.page.evaluate(HAPPENS, {"seq": seq, "kind": kind, "level": level, "dispute": "测1号"})
        return tuple(self.page.evaluate("[window.said, window.tones]"))


@pytest.fixture(params=[DESK, PHONE], ids=["desk", "phone"])
def leader(request, site, chromium):
    one = Leader(chromium, site, "lingdao", **request.param)
    one.context.add_init_script(RECORDER)
    one.page.goto("/profile/")
    yield one
    one.context.close()


def test_red_alerts_ring_for_who_asked_and_name_nobody(leader):
    page = leader.page
    assert leader.hears(10**6, "register", "RED") == ([], 0)
    assert page.locator("[data-alarm-try]").is_disabled()

    for name in ("sound", "desktop"):
        page.locator(f"[data-alarm={name}]").check(force=True)
    page.locator("[data-alarm-says=kept]").wait_for()
    page.goto("/alerts/")
    page.locator("h1").click()  # browsers are silent until somebody has touched the page

    told = [
        leader.hears(10**6 + number, kind, level)
        for number, kind, level in (
            (1, "comment", "RED"),
            (2, "register", "ORANGE"),
            (3, "register", "RED"),
            (3, "register", "RED"),
            (4, "alert_climbed", "RED"),
        )
    ]

    word = page.locator("#fq-words").evaluate(
        "e => e.content.querySelector('[data-word=notice-red]').textContent"
    )
    once, twice = [[word, ""]], [[word, ""]] * 2
    assert told == [([], 0), ([], 0), (once, 3), (once, 3), (twice, 6)]
    assert "测" not in word
    assert leader.complaints == []


def test_choice_stays_on_the_device_and_can_be_taken_back(leader):
    page = leader.page
    page.locator("[data-alarm=sound]").check(force=True)
    page.reload()
    assert page.locator("[data-alarm=sound]").is_checked()

    page.locator("[data-alarm=sound]").uncheck(force=True)
    page.goto("/alerts/")

    assert leader.hears(2 * 10**6, "register", "RED") == ([], 0)
