"""What a first visit costs on the way, pages and all: ux standard 7.4, in bytes as they were sent."""

from collections.abc import Callable

import pytest

from tests.browser.conftest import DESK, PHONE, Window

pytestmark = pytest.mark.once

BUDGET = {
    ("wangge", "/register/"): 110_000,
    ("wangge", "/work/"): 110_000,
    ("", "/p/"): 80_000,
    ("zhongxin", "/board/"): 180_000,
}


@pytest.mark.parametrize(("who", "address"), BUDGET)
def test_first_visit_stays_within_its_budget(
    window: Callable[..., Window], who: str, address: str
) -> None:
    page = window(who, **(DESK if who == "zhongxin" else PHONE), service_workers="block").page
    wire = page.context.new_cdp_session(page)
    sent: list[float] = []
    wire.on("Network.loadingFinished", lambda done: sent.append(done["encodedDataLength"]))
    wire.send("Network.enable")
    wire.send("Network.setCacheDisabled", {"cacheDisabled": True})

    page.goto(address)
    page.wait_for_load_state("networkidle")

    assert len(sent) > 3
    assert sum(sent) <= BUDGET[who, address]
